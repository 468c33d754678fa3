//! What stands in the database at one moment, as gauges.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::label::{Lane, Names, Pool, Promised, Queued, Stage, Word};
use crate::domain::promise::PromiseState;
use crate::domain::state::Status;

/// Counted, never further than the reader's limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Each lane with its jobs.
    pub lanes: Vec<LaneGauge>,
    /// Mails that wait for the mail server.
    pub mails_waiting: u64,
    /// The age of the oldest of them.
    pub oldest_mail: Duration,
    /// Requests that are not closed.
    pub requests: Vec<(Status, u64)>,
    /// Unanswered requests by how their promise stands.
    pub promise: Vec<(PromiseState, u64)>,
    /// Events without a place in the audit trail.
    pub unsealed: u64,
    /// Lines of the audit trail.
    pub trail: u64,
    /// Connections to the database that are in use, and those that wait for somebody.
    pub connections: (u32, u32),
}

/// The jobs of one lane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaneGauge {
    /// Its name.
    pub lane: String,
    /// To be done, also at a time to come.
    pub waiting: u64,
    /// Handed out.
    pub running: u64,
    /// Given up.
    pub dead: u64,
    /// For how long the first in the row could have run already.
    pub oldest: Duration,
}

/// Puts `gauges` into `registry`, or that there are none.
pub(super) fn register(registry: &mut Registry, gauges: Option<&Gauges>, names: &Names) {
    let up = Gauge::<i64>::default();
    up.set(i64::from(gauges.is_some()));
    registry.register("database_up", "1 when the database answers", up);
    let Some(gauges) = gauges else { return };
    let depth = Family::<Queued, Gauge>::default();
    let oldest = Family::<Lane, Seconds>::default();
    for (lane, of) in by_name(&gauges.lanes, names) {
        let states = [("waiting", of.waiting), ("running", of.running), ("dead", of.dead)];
        for (state, jobs) in states {
            let at = Queued { lane: lane.clone(), state: Word::ours(state) };
            depth.get_or_create(&at).set(whole(jobs));
        }
        oldest.get_or_create(&Lane { lane }).set(of.oldest.as_secs_f64());
    }
    registry.register("jobs", "Jobs by lane, counted to 10000 at most", depth);
    let help = "For how long the first job of a lane could have run already";
    registry.register_with_unit("job_oldest", help, Unit::Seconds, oldest);

    let help = "Mails that wait for the mail server, counted to 10000 at most";
    registry.register("mails_waiting", help, gauge(gauges.mails_waiting));
    let age = Seconds::default();
    age.set(gauges.oldest_mail.as_secs_f64());
    let help = "Age of the oldest mail that waits";
    registry.register_with_unit("mail_oldest", help, Unit::Seconds, age);

    let requests = Family::<Stage, Gauge>::default();
    for (status, count) in &gauges.requests {
        requests.get_or_create(&Stage { status: (*status).into() }).set(whole(*count));
    }
    let help = "Requests that are not closed, counted to 10000 at most";
    registry.register("requests", help, requests);
    let promise = Family::<Promised, Gauge>::default();
    for (state, count) in &gauges.promise {
        promise.get_or_create(&Promised { promise: (*state).into() }).set(whole(*count));
    }
    let help = "Verified requests without an answer by their promise, counted to 10000 at most";
    registry.register("requests_unanswered", help, promise);

    let help = "Events without a place in the audit trail, counted to 10000 at most";
    registry.register("audit_unsealed_events", help, gauge(gauges.unsealed));
    registry.register("audit_lines", "Lines of the audit trail", gauge(gauges.trail));

    let pool = Family::<Pool, Gauge>::default();
    for (state, count) in [("used", gauges.connections.0), ("idle", gauges.connections.1)] {
        pool.get_or_create(&Pool { state: Word::ours(state) }).set(count.into());
    }
    registry.register("database_connections", "Connections of this process", pool);
}

/// What this process knows of the audit trail's checkpoints. What it does not know, it does not tell.
#[derive(Debug, Default)]
pub(super) struct Trail {
    pub(super) lines: Option<u64>,
    pub(super) at: Option<Timestamp>,
    pub(super) is_broken: bool,
}

impl Trail {
    pub(super) fn register(&self, registry: &mut Registry) {
        if self.lines.is_some() || self.is_broken {
            let help = "1 when the audit trail does not agree with what was signed";
            registry.register("audit_broken", help, gauge(self.is_broken.into()));
        }
        if let Some(lines) = self.lines {
            let help = "Lines of the audit trail that the newest checkpoint signs";
            registry.register("audit_signed_lines", help, gauge(lines));
        }
        if let Some(at) = self.at {
            let help = "When this process last signed a checkpoint of the audit trail";
            let at = gauge(u64::try_from(at.as_second()).unwrap_or(0));
            registry.register_with_unit("audit_signed_timestamp", help, Unit::Seconds, at);
        }
    }
}

type Seconds = Gauge<f64, std::sync::atomic::AtomicU64>;

/// Lanes by the names that they may be told by: those of stores that are gone are one.
fn by_name(lanes: &[LaneGauge], names: &Names) -> BTreeMap<Word, LaneGauge> {
    let mut sums: BTreeMap<Word, LaneGauge> = BTreeMap::new();
    for lane in lanes {
        let sum = sums.entry(names.lane(&lane.lane)).or_default();
        sum.waiting += lane.waiting;
        sum.running += lane.running;
        sum.dead += lane.dead;
        sum.oldest = sum.oldest.max(lane.oldest);
    }
    sums
}

fn gauge(count: u64) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(whole(count));
    gauge
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
