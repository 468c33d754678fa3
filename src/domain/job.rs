//! Jobs: what is to be done outside a transaction, as data. Every one may run twice.

use serde::{Deserialize, Serialize};

use crate::ids::{
    ArchiveId, DeliveryId, IntakeId, MailId, ReplayId, RequestId, StaffId, StepId, TaskId,
};

/// One piece of work. The payload in the database is this, as JSON; renaming one needs a migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Hand one mail to the mail server.
    SendMail {
        /// Which.
        mail: MailId,
    },
    /// Ask one store who the person is there, with the keys it has not been asked yet.
    Locate {
        /// The store's share.
        task: TaskId,
        /// The store.
        store: String,
        /// How many keys the request has: another number is another round and another job.
        keys: usize,
    },
    /// Fetch what one store holds, page by page.
    Gather {
        /// The store's share.
        task: TaskId,
        /// The store.
        store: String,
    },
    /// Set in one store what holds for a person, and read it back.
    SetFlags {
        /// The store's share.
        task: TaskId,
        /// The store.
        store: String,
        /// How many keys the request has: another number is another job.
        keys: usize,
    },
    /// Look whether all stores are done with a person's word, or whether there is none to ask.
    SettleFlags {
        /// Of which request.
        request: RequestId,
    },
    /// Lift a restriction whose end was announced.
    LiftRestriction {
        /// Of which request.
        request: RequestId,
    },
    /// Ask one store what a deletion would touch there.
    PlanStore {
        /// The store's share.
        task: TaskId,
        /// The store.
        store: String,
        /// A hash of the files that rows of other stores name here: others are another job.
        files: String,
    },
    /// Have an account rest in one store while its deletion is approved, or end that.
    Freeze {
        /// Of which request.
        request: RequestId,
        /// The store.
        store: String,
    },
    /// Take one step of a deletion.
    EraseStep {
        /// Which.
        step: StepId,
        /// The store.
        store: String,
    },
    /// Look afresh what became of one step of a deletion.
    VerifyStep {
        /// Which.
        step: StepId,
        /// The store.
        store: String,
    },
    /// Erase again what a restore has brought back: one step.
    ReplayStep {
        /// Of which replay.
        replay: ReplayId,
        /// Its place in that.
        step: usize,
        /// The store.
        store: String,
    },
    /// Sign what became of a deletion, and tell the person.
    SignReceipt {
        /// Of which request.
        request: RequestId,
    },
    /// Read what may be corrected in one store.
    ReadFields {
        /// The store's share.
        task: TaskId,
        /// The store.
        store: String,
    },
    /// Write in one store what was approved, and look again.
    Correct {
        /// The store's share.
        task: TaskId,
        /// The store.
        store: String,
        /// Not before then, in milliseconds since 1970; looked at again when it runs.
        due: i64,
    },
    /// Write into the ledger that requests came in.
    KeepReceived {
        /// By which form.
        intake: IntakeId,
    },
    /// Put segments, letter and manifest together.
    FinishArchive {
        /// Which.
        archive: ArchiveId,
        /// Of which request.
        request: RequestId,
    },
    /// Remove sealed objects that nothing needs any more.
    DropArchive {
        /// Which.
        archive: ArchiveId,
        /// Whether the archive itself is gone, and not its segments alone.
        gone: bool,
    },
    /// Mail to one member of staff all that waits to be told them.
    SendNotice {
        /// To whom.
        staff: StaffId,
    },
    /// Tell one endpoint of something that happened.
    DeliverWebhook {
        /// Which message.
        delivery: DeliveryId,
        /// The endpoint's name.
        endpoint: String,
    },
    /// Look for what time alone brings about: reminders, lapses, expiries, old rows.
    Tick {
        /// The minute it is for, counted from 1970; one look a minute, however many processes.
        minute: i64,
    },
}

/// The lane of mails.
pub const MAIL_LANE: &str = "mail";
/// The lane of archives.
pub const ARCHIVE_LANE: &str = "archive";
/// The lane of the service's own housekeeping.
pub const HOUSE_LANE: &str = "house";
/// The lane of what is written into the ledger as it comes in: many who ask hold nothing else up.
pub const LEDGER_LANE: &str = "ledger";

/// The lane of one store.
pub fn store_lane(store: &str) -> String {
    format!("store:{store}")
}

/// The lane of one webhook endpoint, so that one that hangs holds no other up.
pub fn webhook_lane(endpoint: &str) -> String {
    format!("webhook:{endpoint}")
}

impl Job {
    /// The lane it runs in.
    pub fn lane(&self) -> String {
        match self {
            Self::SendMail { .. } | Self::SendNotice { .. } => MAIL_LANE.to_owned(),
            Self::Locate { store, .. }
            | Self::Gather { store, .. }
            | Self::SetFlags { store, .. }
            | Self::PlanStore { store, .. }
            | Self::Freeze { store, .. }
            | Self::EraseStep { store, .. }
            | Self::VerifyStep { store, .. }
            | Self::ReplayStep { store, .. }
            | Self::ReadFields { store, .. }
            | Self::Correct { store, .. } => store_lane(store),
            Self::DeliverWebhook { endpoint, .. } => webhook_lane(endpoint),
            Self::FinishArchive { .. } => ARCHIVE_LANE.to_owned(),
            Self::KeepReceived { .. } => LEDGER_LANE.to_owned(),
            Self::SignReceipt { .. }
            | Self::DropArchive { .. }
            | Self::Tick { .. }
            | Self::SettleFlags { .. }
            | Self::LiftRestriction { .. } => HOUSE_LANE.to_owned(),
        }
    }

    /// The kinds that put sealed objects into archive storage.
    pub const THAT_WRITE_ARCHIVES: [&'static str; 2] = ["gather", "finish_archive"];

    /// The word in logs and metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SendMail { .. } => "send_mail",
            Self::Locate { .. } => "locate",
            Self::Gather { .. } => "gather",
            Self::PlanStore { .. } => "plan_store",
            Self::Freeze { .. } => "freeze",
            Self::EraseStep { .. } => "erase_step",
            Self::VerifyStep { .. } => "verify_step",
            Self::ReplayStep { .. } => "replay_step",
            Self::SignReceipt { .. } => "sign_receipt",
            Self::ReadFields { .. } => "read_fields",
            Self::Correct { .. } => "correct",
            Self::SetFlags { .. } => "set_flags",
            Self::SettleFlags { .. } => "settle_flags",
            Self::LiftRestriction { .. } => "lift_restriction",
            Self::KeepReceived { .. } => "keep_received",
            Self::FinishArchive { .. } => "finish_archive",
            Self::DropArchive { .. } => "drop_archive",
            Self::SendNotice { .. } => "send_notice",
            Self::DeliverWebhook { .. } => "deliver_webhook",
            Self::Tick { .. } => "tick",
        }
    }

    /// Two unfinished jobs with the same key are one job.
    pub fn dedup_key(&self) -> String {
        match self {
            Self::SendMail { mail } => format!("send_mail:{mail}"),
            Self::Locate { task, keys, .. } => format!("locate:{task}:{keys}"),
            Self::Gather { task, .. } => format!("gather:{task}"),
            Self::PlanStore { task, files, .. } => format!("plan_store:{task}:{files}"),
            Self::Freeze { request, store } => format!("freeze:{request}:{store}"),
            Self::EraseStep { step, .. } => format!("erase_step:{step}"),
            Self::VerifyStep { step, .. } => format!("verify_step:{step}"),
            Self::ReplayStep { replay, step, .. } => format!("replay_step:{replay}:{step}"),
            Self::SignReceipt { request } => format!("sign_receipt:{request}"),
            Self::ReadFields { task, .. } => format!("read_fields:{task}"),
            Self::Correct { task, due, .. } => format!("correct:{task}:{due}"),
            Self::SetFlags { task, keys, .. } => format!("set_flags:{task}:{keys}"),
            Self::SettleFlags { request } => format!("settle_flags:{request}"),
            Self::LiftRestriction { request } => format!("lift_restriction:{request}"),
            Self::KeepReceived { intake } => format!("keep_received:{intake}"),
            Self::FinishArchive { archive, .. } => format!("finish_archive:{archive}"),
            Self::DropArchive { archive, gone } => format!("drop_archive:{archive}:{gone}"),
            Self::SendNotice { staff } => format!("send_notice:{staff}"),
            Self::DeliverWebhook { delivery, .. } => format!("deliver_webhook:{delivery}"),
            Self::Tick { minute } => format!("tick:{minute}"),
        }
    }

    /// How often it is tried before it raises a hand.
    pub const fn max_attempts(&self) -> u16 {
        match self {
            // A mail server may be away for a long weekend: with the queue's backoff, which waits
            // for seven and a half minutes on average, this is over 3 days.
            Self::SendMail { .. } => 700,
            // Some seven hours of an outage.
            Self::Locate { .. }
            | Self::Gather { .. }
            | Self::SetFlags { .. }
            | Self::PlanStore { .. }
            | Self::Freeze { .. }
            | Self::EraseStep { .. }
            | Self::VerifyStep { .. }
            | Self::ReplayStep { .. }
            | Self::ReadFields { .. }
            | Self::Correct { .. } => 60,
            // Over a day, for making room.
            Self::FinishArchive { .. }
            | Self::LiftRestriction { .. }
            | Self::KeepReceived { .. }
            | Self::SignReceipt { .. } => 200,
            Self::DropArchive { .. } | Self::SendNotice { .. } | Self::SettleFlags { .. } => 50,
            // Its own schedule ends before; the rest is for processes that end without a word.
            Self::DeliverWebhook { .. } => 30,
            Self::Tick { .. } => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_job_survives_the_database() {
        let job = Job::Gather { task: TaskId(Uuid::nil()), store: "shop".into() };
        let text = serde_json::to_string(&job).unwrap();
        assert_eq!(
            text,
            r#"{"job":"gather","task":"00000000-0000-0000-0000-000000000000","store":"shop"}"#
        );
        assert_eq!(serde_json::from_str::<Job>(&text).unwrap(), job);
        assert_eq!(job.lane(), "store:shop");
    }
}
