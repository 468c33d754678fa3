//! Use cases, one verb a file. Each public function is one transaction and one event; what it brings
//! about outside the database is written beside it as jobs and mails.

pub mod alert;
pub mod archive;
pub mod ask;
pub mod assertion;
pub mod audit;
pub mod case;
pub mod child;
pub mod correction;
pub mod deletion;
pub mod download;
pub mod enter;
pub mod evidence;
pub mod export;
pub mod fetch;
pub mod flag;
pub mod forward;
pub mod gather;
pub mod intake;
pub mod locate;
pub mod lodge;
pub mod lost;
pub mod mail;
pub mod message;
pub mod outlet;
pub mod read;
pub mod renew;
pub mod replay;
pub mod resume;
pub mod session;
pub mod staff;
pub mod tick;
pub mod token;
pub mod verify;
pub mod webhook;
pub mod withdraw;

mod advance;
mod answer;
mod asserted;
mod assurance;
mod countdown;
mod deadline;
mod duplicate;
mod post;
mod recipient;
mod remedy;
mod retention;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_forms;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::Clock;
use crate::db::job::{self, NewJob};
use crate::db::request::Stored;
use crate::db::{Db, DbError, Tx};
use crate::domain::base_url::BaseUrl;
use crate::domain::duration::Period;
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::language::Language;
use crate::domain::promise::Promise;
use crate::domain::request::{Channel, Request};
use crate::domain::right::Right;
use crate::domain::settings::{Deletion, Organisation, Retention, Review, ReviewPolicy};
use crate::domain::state::{Approval, WrongStatus};
use crate::domain::webhook::Subscription;
use crate::ids::{Entropy, RequestId};
use crate::keys::epoch::{EpochError, EpochKeys};
use crate::ledger::LedgerError;
use crate::mail::Sender;
use crate::mail::messages::SenderFacts;
use crate::meter::Meter;
use crate::store::Stores;
use crate::text::Speaker;

/// What the operator has decided, as far as use cases need it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Who answers.
    pub organisation: Organisation,
    /// Where our pages are.
    pub base_url: BaseUrl,
    /// Where staff work.
    pub console_url: BaseUrl,
    /// Who mails are from.
    pub sender: Sender,
    /// Who looks at what before it goes out.
    pub review: ReviewPolicy,
    /// How deletions are carried out.
    pub deletion: Deletion,
    /// The fingerprint of the data maps.
    pub map_version: String,
    /// The promise, in elapsed hours.
    pub promise_hours: u32,
    /// After this long without a code the address is forgotten.
    pub lapse: Period,
    /// How long a finished archive can be fetched.
    pub keep: Period,
    /// How long our own records stay.
    pub retention: Retention,
    /// So long before a restriction is lifted the person is told.
    pub lift_notice: Period,
    /// Which programs are told of what.
    pub webhooks: Vec<Subscription>,
}

/// The desk at which all use cases are carried out.
#[derive(Debug, Clone)]
pub struct Desk {
    db: Db,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    epochs: Arc<EpochKeys>,
    stores: Arc<Stores>,
    settings: Arc<Settings>,
    gate: staff::PasswordGate,
    meter: Meter,
    outlet: outlet::Outlet,
}

/// Why a use case was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The request is not where it would have to be.
    #[error(transparent)]
    WrongStatus(#[from] WrongStatus),
    /// An epoch key.
    #[error(transparent)]
    Epoch(#[from] EpochError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Nothing is let out.
    #[error(
        "nothing is let out: the audit trail does not agree with its checkpoints, or could not be \
         compared with them yet; run `rightsdesk audit verify`"
    )]
    AuditFirst,
}

impl ServiceError {
    /// A stable word for `job.last_error` and logs.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Db(error) => error.word(),
            Self::WrongStatus(_) => "wrong_status",
            Self::Epoch(error) => error.word(),
            Self::Ledger(_) => "ledger",
            Self::AuditFirst => "audit_first",
        }
    }

    /// Whether the same may well succeed later.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Db(error) => error.is_passing(),
            Self::WrongStatus(_) => false,
            Self::Epoch(error) => error.is_passing(),
            Self::Ledger(error) => matches!(error, LedgerError::Unavailable),
            Self::AuditFirst => true,
        }
    }
}

impl Desk {
    /// Sets it up.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        epochs: Arc<EpochKeys>,
        stores: Arc<Stores>,
        settings: Arc<Settings>,
    ) -> Self {
        let gate = staff::PasswordGate::default();
        let meter = Meter::default();
        let outlet = outlet::Outlet::default();
        Self { db, clock, entropy, epochs, stores, settings, gate, meter, outlet }
    }

    /// Measures with `meter`.
    #[must_use]
    pub fn metered(self, meter: Meter) -> Self {
        Self { meter, ..self }
    }

    /// What it measures with.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Counts an answer by how it keeps the promise.
    fn count_answer(&self, request: &Request) {
        let promise =
            Promise::at(&request.promise_facts(), self.settings.promise_hours, self.now());
        if let Some(state) = promise.state {
            self.meter.answer(state);
        }
    }

    /// What the operator has decided.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The stores that are asked.
    pub fn stores(&self) -> &Stores {
        &self.stores
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What tells the time.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Speaks `language` in the organisation's time zone.
    pub fn speaker(&self, language: Language) -> Speaker {
        Speaker::new(language, self.settings.organisation.zone.clone())
    }

    /// Whether the database answers and its schema is ours.
    pub async fn is_ready(&self) -> Result<(), DbError> {
        self.db.ping().await?;
        self.db.require_current().await
    }

    fn sender_facts(&self) -> SenderFacts {
        let organisation = &self.settings.organisation;
        SenderFacts {
            organisation: organisation.name.clone(),
            contact: organisation.contact.as_ref().map(|contact| contact.as_str().to_owned()),
            privacy_url: organisation.privacy_url.clone(),
            base_url: self.settings.base_url.as_str().to_owned(),
        }
    }

    /// A request with its form, whose row is held until the transaction ends. What was read before
    /// may have been changed by another worker; what this gives cannot.
    async fn lock_request(
        &self,
        tx: &Tx,
        id: RequestId,
    ) -> Result<Option<(Intake, Stored<Request>)>, DbError> {
        let Some(seen) = tx.request(id).await? else { return Ok(None) };
        let Some(intake) = tx.lock_intake(seen.value.intake).await? else { return Ok(None) };
        Ok(tx.request(id).await?.map(|stored| (intake, stored)))
    }

    /// Whether staff have to look before anything of a request goes out. While it is held or work on
    /// it rests, nothing goes by itself.
    fn approval(&self, request: &Request) -> Approval {
        if request.is_at_rest() {
            return Approval::Needed;
        }
        if request.channel == Channel::CommandLine {
            return Approval::NotNeeded;
        }
        let review = match request.right {
            Right::Access | Right::Recipients => self.settings.review.access,
            Right::Export => self.settings.review.export,
            Right::Confirmation => self.settings.review.confirmation,
            Right::Correction => self.settings.review.correction,
            Right::Restriction => self.settings.review.restriction,
            Right::Objection => self.settings.review.objection,
            Right::OptOut | Right::OptIn | Right::Limit | Right::ConsentWithdrawal => {
                self.settings.review.opt_out
            }
            // Its plan is approved by digest; the others are answered in words.
            Right::Deletion | Right::HumanReview | Right::Complaint | Right::Appeal => {
                Review::Staff
            }
        };
        match review {
            Review::Auto => Approval::NotNeeded,
            Review::Staff => Approval::Needed,
        }
    }

    /// What people call a store; its own name where no map has it any more.
    pub fn store_label(&self, name: &str, language: Language) -> String {
        let known = self.stores.get(name);
        known.map_or_else(|| name.to_owned(), |store| store.facts().label(language).to_owned())
    }

    /// Writes a job in the transaction of the change that calls for it.
    async fn enqueue(&self, tx: &Tx, job: &Job, request: Option<RequestId>) -> Result<(), DbError> {
        self.enqueue_after(tx, job, request, Duration::ZERO).await
    }

    /// As [`Desk::enqueue`], also where the same job has died, which would keep others out.
    async fn enqueue_anew(
        &self,
        tx: &Tx,
        job: &Job,
        request: Option<RequestId>,
    ) -> Result<(), DbError> {
        job::clear_dead(tx, &job.dedup_key()).await?;
        self.enqueue(tx, job, request).await
    }

    /// As [`Desk::enqueue`], not before `delay` has passed.
    async fn enqueue_after(
        &self,
        tx: &Tx,
        job: &Job,
        request: Option<RequestId>,
        delay: Duration,
    ) -> Result<(), DbError> {
        let payload = serde_json::to_string(job).unwrap_or_default();
        let new = NewJob {
            id: self.entropy.uuid(self.now()),
            lane: &job.lane(),
            kind: job.kind(),
            payload: &payload,
            delay,
            max_attempts: job.max_attempts(),
            dedup_key: Some(&job.dedup_key()),
            request: request.map(|request| request.0),
        };
        job::enqueue(tx, new).await?;
        Ok(())
    }
}
