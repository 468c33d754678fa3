//! What the service measures of itself: counters, times, and the spans of traces.
//!
//! A [`Meter`] is handed to whoever does something worth measuring; there is no global one. Nothing
//! about a person can get into it: a label is a [`label::Word`], and a word is made only of the
//! program's own text, of a store's name in a data map, or of a route's template. So there are
//! never more series than the program, its routes and its stores make.

pub mod gauges;
pub mod label;
pub mod process;
pub mod span;
pub mod storage;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use tokio::time::Instant;
use tracing::Span;

use crate::domain::facts::StoreFacts;
use crate::domain::mail::MailKind;
use crate::domain::promise::PromiseState;

use gauges::{Gauges, Trail};
use label::{
    Answered, Attempted, Done, JobEnd, MailEnd, Mailed, Method, Names, Promised, Routed, StoreOp,
    Stored, StoredBadly, Word, Worked, Wrong,
};
use process::Process;

/// Content type of what [`Meter::render`] gives.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Seconds in which a page is made.
const QUICK: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Seconds that a store takes.
const CALL: [f64; 11] = [0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 600.0];
/// Seconds that a job takes.
const WORK: [f64; 10] = [0.01, 0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 1_800.0, 7_200.0];

type Times<L> = Family<L, Histogram, fn() -> Histogram>;

/// Counts and times. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Meter(Arc<Instruments>);

struct Instruments {
    registry: Registry,
    names: Mutex<Names>,
    http: Family<Answered, Counter>,
    http_times: Times<Routed>,
    jobs: Family<Worked, Counter>,
    job_times: Times<Done>,
    stores: Times<Stored>,
    store_errors: Family<StoredBadly, Counter>,
    mails: Family<Mailed, Counter>,
    mail_errors: Family<Wrong, Counter>,
    answers: Family<Promised, Counter>,
    storage_errors: Family<Attempted, Counter>,
    trail: Mutex<Trail>,
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meter(…)")
    }
}

impl Default for Meter {
    /// A meter that nobody reads yet.
    fn default() -> Self {
        let mut registry = Registry::with_prefix("rightsdesk");
        let (http, jobs) = (Family::default(), Family::default());
        let (store_errors, mails) = (Family::default(), Family::default());
        let (mail_errors, answers) = (Family::default(), Family::default());
        let storage_errors = Family::default();
        let http_times = Times::new_with_constructor(|| Histogram::new(QUICK));
        let job_times = Times::new_with_constructor(|| Histogram::new(WORK));
        let stores = Times::new_with_constructor(|| Histogram::new(CALL));
        let r = &mut registry;
        r.register("http_requests", "Answers given, by route template", http.clone());
        let help = "Time until an answer began, by route template";
        r.register_with_unit("http_request_duration", help, Unit::Seconds, http_times.clone());
        r.register("jobs_ended", "Attempts at jobs, by how they ended", jobs.clone());
        let help = "Time that an attempt at a job took";
        r.register_with_unit("job_duration", help, Unit::Seconds, job_times.clone());
        let help = "Time that a call to a store took, tries one by one; file: reading it whole";
        r.register_with_unit("store_call_duration", help, Unit::Seconds, stores.clone());
        r.register("store_errors", "Calls to a store that failed", store_errors.clone());
        r.register("mails", "Mails handed over or not: sent, deferred, refused", mails.clone());
        r.register("mail_errors", "Why mails were not handed over", mail_errors.clone());
        let help = "Answers by how they kept the promise, since the start of this process";
        r.register("answers", help, answers.clone());
        let help = "Trouble with object storage, of archives and of the ledger";
        r.register("storage_errors", help, storage_errors.clone());
        Self(Arc::new(Instruments {
            registry,
            names: Mutex::default(),
            http,
            http_times,
            jobs,
            job_times,
            stores,
            store_errors,
            mails,
            mail_errors,
            answers,
            storage_errors,
            trail: Mutex::default(),
        }))
    }
}

impl Meter {
    /// An HTTP request comes in. `template` is what the router matched, never the path;
    /// `tests/floor_plan` holds that only the edge's log calls this.
    pub fn http_request(&self, template: Option<&str>, method: Method) -> HttpCall {
        let route = template.map_or(Word::NONE, |template| self.names().route(template));
        let span = span::request(&route, method);
        HttpCall { meter: self.clone(), route, method, began: Instant::now(), span }
    }

    /// A job of `kind` is attempted.
    pub fn job(&self, kind: &'static str, lane: &str, attempt: u16) -> JobCall {
        let span = span::job(kind, &self.names().lane(lane), attempt);
        JobCall { meter: self.clone(), kind, began: Instant::now(), span }
    }

    /// Measures the calls to a store of a data map.
    pub fn store(&self, facts: &StoreFacts) -> StoreMeter {
        StoreMeter { meter: self.clone(), store: self.names().store(facts) }
    }

    /// There is a webhook endpoint of this name, written in the configuration; `tests/floor_plan` holds
    /// that only the composition root calls this.
    pub fn webhook_endpoint(&self, name: &str) {
        self.names().webhook(name);
    }

    /// What became of handing over a mail; `code` says why it was not taken.
    pub fn mail(&self, kind: MailKind, end: MailEnd, code: Option<&'static str>) {
        self.0.mails.get_or_create(&Mailed { kind: kind.into(), outcome: end.into() }).inc();
        if let Some(code) = code {
            self.0.mail_errors.get_or_create(&Wrong { code: Word::ours(code) }).inc();
        }
    }

    /// An answer went out, and its promise stands so.
    pub fn answer(&self, promise: PromiseState) {
        self.0.answers.get_or_create(&Promised { promise: promise.into() }).inc();
    }

    /// Object storage (`place`) did not do `op`.
    pub fn storage_error(&self, place: &'static str, op: &'static str, code: &'static str) {
        let [place, op, code] = [place, op, code].map(Word::ours);
        self.0.storage_errors.get_or_create(&Attempted { place, op, code }).inc();
    }

    /// The newest checkpoint signs so many lines of the audit trail.
    pub fn signed(&self, lines: u64) {
        let mut trail = self.trail();
        (trail.lines, trail.is_broken) = (Some(lines), false);
    }

    /// A checkpoint was signed just now.
    pub fn signed_at(&self, at: Timestamp) {
        self.trail().at = Some(at);
    }

    /// The audit trail does not hold.
    pub fn trail_broken(&self) {
        self.trail().is_broken = true;
    }

    /// All of it as OpenMetrics text, with what the database and the process tell at this moment;
    /// `None` when the database does not answer.
    ///
    /// # Panics
    /// Never: it is written to a string.
    pub fn render(&self, gauges: Option<&Gauges>, process: &Process) -> String {
        let mut text = String::new();
        let moment = {
            let mut moment = Registry::with_prefix("rightsdesk");
            gauges::register(&mut moment, gauges, &self.names());
            self.trail().register(&mut moment);
            moment
        };
        let mut machine = Registry::with_prefix("process");
        process.register(&mut machine);
        for registry in [&self.0.registry, &moment, &machine] {
            encode_registry(&mut text, registry).expect("writing to a string");
        }
        encode_eof(&mut text).expect("writing to a string");
        text
    }

    fn trail(&self) -> std::sync::MutexGuard<'_, Trail> {
        self.0.trail.lock().expect("no holder of this lock panics")
    }

    fn names(&self) -> std::sync::MutexGuard<'_, Names> {
        self.0.names.lock().expect("no holder of this lock panics")
    }
}

/// An HTTP request on its way.
#[derive(Debug)]
pub struct HttpCall {
    meter: Meter,
    route: Word,
    method: Method,
    began: Instant,
    span: Span,
}

impl HttpCall {
    /// Its span, for what is done meanwhile.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// The answer begins. Gives the time since the start.
    pub fn ended(self, status: u16) -> Duration {
        let took = self.began.elapsed();
        span::answered(&self.span, status);
        let instruments = &self.meter.0;
        let (route, method) = (self.route, Word::from(self.method));
        let routed = Routed { route: route.clone(), method: method.clone() };
        instruments.http_times.get_or_create(&routed).observe(took.as_secs_f64());
        let answered = Answered { route, method, status: label::class(status) };
        instruments.http.get_or_create(&answered).inc();
        took
    }
}

/// A job that is attempted.
#[derive(Debug)]
pub struct JobCall {
    meter: Meter,
    kind: &'static str,
    began: Instant,
    span: Span,
}

impl JobCall {
    /// Its span, for what is done meanwhile.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// The attempt is over.
    pub fn ended(self, end: JobEnd) {
        span::ended(&self.span, end);
        let kind = Word::ours(self.kind);
        let seconds = self.began.elapsed().as_secs_f64();
        let instruments = &self.meter.0;
        instruments.job_times.get_or_create(&Done { kind: kind.clone() }).observe(seconds);
        instruments.jobs.get_or_create(&Worked { kind, outcome: end.into() }).inc();
    }
}

/// Measures the calls to one store.
#[derive(Debug, Clone)]
pub struct StoreMeter {
    meter: Meter,
    store: Word,
}

impl StoreMeter {
    /// A call begins.
    pub fn call(&self, op: StoreOp) -> StoreCall {
        let span = span::store(&self.store, op);
        StoreCall { of: self.clone(), op, began: Instant::now(), span }
    }
}

/// A call to a store.
#[derive(Debug)]
pub struct StoreCall {
    of: StoreMeter,
    op: StoreOp,
    began: Instant,
    span: Span,
}

impl StoreCall {
    /// Its span, for what is done meanwhile.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// The call is over; `error` is the kind of trouble.
    pub fn ended(self, error: Option<&'static str>) {
        let (store, operation) = (self.of.store, Word::from(self.op));
        let instruments = &self.of.meter.0;
        let stored = Stored { store: store.clone(), operation: operation.clone() };
        let seconds = self.began.elapsed().as_secs_f64();
        instruments.stores.get_or_create(&stored).observe(seconds);
        if let Some(code) = error {
            span::failed(&self.span, code);
            let badly = StoredBadly { store, operation, code: Word::ours(code) };
            instruments.store_errors.get_or_create(&badly).inc();
        }
    }
}
