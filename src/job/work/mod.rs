//! What each job does, one file a kind. Everything that leaves the house leaves from here.

mod collect;
mod correct;
mod drop;
mod erase;
mod finish;
mod flags;
mod freeze;
mod gather;
mod locate;
mod received;
mod replay;
mod send_mail;
mod send_notice;
#[cfg(test)]
mod tests;
mod tick;
mod webhook;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::runner::{Handler, JobError};
use crate::archive::vault::{Vault, VaultError};
use crate::db::job::{self, Claimed, Finished};
use crate::db::{Db, DbError, Tx};
use crate::domain::gather::Blocker;
use crate::domain::job::Job;
use crate::domain::replay::StepFate;
use crate::ids::Entropy;
use crate::keys::signing::SigningKey;
use crate::ledger::Ledger;
use crate::mail::Mailer;
use crate::service::{Desk, ServiceError};
use crate::store::StoreError;
use crate::webhook::Webhooks;

/// While nothing is let out, what would leave is looked at this often.
const SHUT: Duration = Duration::from_secs(30);

/// Does all jobs of the house.
#[derive(Clone)]
pub struct Worker {
    /// The use cases.
    pub desk: Desk,
    /// The database, for ending jobs.
    pub db: Db,
    /// How mails leave.
    pub mailer: Arc<dyn Mailer>,
    /// Where archives lie.
    pub vault: Vault,
    /// What signs their manifests.
    pub signing: Arc<SigningKey>,
    /// Who is told of what happens.
    pub webhooks: Webhooks,
    /// What outlives the database: what was deleted, among others.
    pub ledger: Ledger,
    /// For salts.
    pub entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("mailer", &self.mailer).finish_non_exhaustive()
    }
}

#[async_trait]
impl Handler for Worker {
    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        match read(claimed)? {
            Job::SendMail { mail } => send_mail::run(self, claimed, mail).await,
            Job::Locate { task, .. } => locate::run(self, claimed, task).await,
            Job::Gather { task, .. } => gather::run(self, claimed, task).await,
            Job::PlanStore { task, .. } => erase::plan(self, claimed, task).await,
            Job::Freeze { request, store } => freeze::run(self, claimed, request, &store).await,
            Job::EraseStep { step, .. } => erase::step(self, claimed, step).await,
            Job::VerifyStep { step, .. } => erase::verify(self, claimed, step).await,
            Job::ReplayStep { replay, step, .. } => replay::step(self, claimed, replay, step).await,
            Job::SignReceipt { request } => erase::receipt(self, claimed, request).await,
            Job::ReadFields { task, .. } => correct::read(self, claimed, task).await,
            Job::Correct { task, .. } => correct::write(self, claimed, task).await,
            Job::SetFlags { task, .. } => flags::set(self, claimed, task).await,
            Job::SettleFlags { request } => flags::settle(self, claimed, request).await,
            Job::LiftRestriction { request } => flags::lift(self, claimed, request).await,
            Job::KeepReceived { intake } => received::run(self, claimed, intake).await,
            Job::FinishArchive { archive, .. } => finish::run(self, claimed, archive).await,
            Job::DropArchive { archive, .. } => drop::run(self, claimed, archive).await,
            Job::SendNotice { staff } => send_notice::run(self, claimed, staff).await,
            Job::DeliverWebhook { delivery, .. } => webhook::run(self, claimed, delivery).await,
            Job::Tick { minute } => tick::run(self, claimed, minute).await,
        }
    }

    fn kind(&self, claimed: &Claimed) -> &'static str {
        read(claimed).map_or("other", |job| job.kind())
    }

    async fn delayed(&self, tx: &Tx, claimed: &Claimed, wait: Duration) -> Result<(), DbError> {
        let Ok(
            Job::Locate { task, .. }
            | Job::Gather { task, .. }
            | Job::SetFlags { task, .. }
            | Job::PlanStore { task, .. }
            | Job::ReadFields { task, .. }
            | Job::Correct { task, .. },
        ) = read(claimed)
        else {
            return Ok(());
        };
        let at = self.desk.now() + wait;
        self.desk.store_waits(tx, task, at).await.map_err(told)
    }

    async fn died(&self, tx: &Tx, claimed: &Claimed, code: &'static str) -> Result<(), DbError> {
        let Ok(job) = read(claimed) else { return Ok(()) };
        let outcome = match job {
            Job::SendMail { mail } => self.desk.mail_given_up(tx, mail, code).await,
            Job::Locate { task, .. }
            | Job::Gather { task, .. }
            | Job::SetFlags { task, .. }
            | Job::PlanStore { task, .. }
            | Job::ReadFields { task, .. }
            | Job::Correct { task, .. } => self.desk.store_failed(tx, task, code).await,
            Job::EraseStep { step, .. } | Job::VerifyStep { step, .. } => {
                self.desk.step_died(tx, step, code).await
            }
            Job::FinishArchive { request, .. }
            | Job::SettleFlags { request }
            | Job::LiftRestriction { request }
            | Job::SignReceipt { request } => {
                self.desk.raise_hand(tx, request, Blocker::JobDead, code).await
            }
            Job::ReplayStep { replay, step, .. } => {
                self.desk.replay_step_over(tx, replay, step, StepFate::Failed).await
            }
            Job::DeliverWebhook { delivery, .. } => {
                self.desk.webhook_died(tx, delivery, code).await
            }
            // Or time would bring about nothing until the next start.
            Job::Tick { minute } => self.desk.next_tick(tx, minute).await,
            // What was not mailed still stands in the queue, and the next look tries again. A
            // deletion goes on although a store does not let the account rest until then.
            Job::DropArchive { .. }
            | Job::SendNotice { .. }
            | Job::KeepReceived { .. }
            | Job::Freeze { .. } => Ok(()),
        };
        tracing::error!(kind = claimed.kind, code, "a job has died");
        outcome.map_err(told)
    }
}

/// The trouble with telling what became of a job.
fn told(error: ServiceError) -> DbError {
    match error {
        ServiceError::Db(error) => error,
        _ => DbError::Query { code: None },
    }
}

impl Worker {
    /// Ends a job that has nothing (more) to do.
    async fn done(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        let tx = self.db.begin().await?;
        Ok(job::finish(tx, claimed).await?)
    }
}

fn read(claimed: &Claimed) -> Result<Job, JobError> {
    serde_json::from_str(&claimed.payload).map_err(|_| JobError::Fail { code: "bad_payload" })
}

impl From<ServiceError> for JobError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Db(error) => error.into(),
            ServiceError::AuditFirst => Self::Wait { code: error.word(), after: SHUT },
            other => Self::Retry { code: other.word(), after: None },
        }
    }
}

impl From<VaultError> for JobError {
    fn from(error: VaultError) -> Self {
        let code = match error {
            VaultError::Full => "archive_storage_full",
            VaultError::Denied => "archive_storage_denied",
            VaultError::Missing => "archive_object_missing",
            VaultError::Unavailable => "archive_storage_unavailable",
            VaultError::Broken(_) => "archive_object_broken",
        };
        Self::Retry { code, after: None }
    }
}

/// A store's trouble as the queue sees it.
fn troubled(error: &StoreError) -> JobError {
    let code = error.code.as_str();
    if error.code.is_passing() {
        JobError::Retry { code, after: error.retry_after }
    } else {
        JobError::Fail { code }
    }
}
