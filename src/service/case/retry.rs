//! Does again what was given up: a store, an archive, the mail with the answer.

use super::{Case, Deed, case};
use crate::db::Tx;
use crate::db::archive::ArchiveState;
use crate::db::request::Stored;
use crate::db::task::{Phase, Task};
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::policy::Action;
use crate::domain::request::{Outcome, Request};
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::domain::token::By;
use crate::ids::Reference;
use crate::service::correction::{corrects, gather_job};
use crate::service::flag::apply::tells_stores;
use crate::service::locate::gathers;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Asks a failed store again. Without a store, does again what else was given up: making the
    /// archive, or mailing the answer.
    pub async fn retry(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
        store: Option<&str>,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, intake, mut stored, now } =
            case!(self.open_case(by, Action::Retry, at).await?);
        let id = stored.value.id;
        let event = by.event("request.retried");
        let event = match store {
            Some(store) if self.retry_store(&tx, &mut stored, store).await? => {
                event.with("store", store)
            }
            None if self.retry_steps(&tx, &mut stored).await? => event,
            None if self.retry_archive(&tx, &mut stored).await? => event,
            None if self.retry_answer(&tx, &intake, &mut stored).await? => {
                event.with("kind", "mail")
            }
            _ => return Ok(Deed::NotNow),
        };
        tx.insert_event(id, now, &event).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    async fn retry_store(
        &self,
        tx: &Tx,
        stored: &mut Stored<Request>,
        store: &str,
    ) -> Result<bool, ServiceError> {
        let mut tasks = tx.tasks_of(stored.value.id).await?;
        let failed = |task: &&mut Task| task.store == store && task.status == TaskStatus::Failed;
        let Some(task) = tasks.iter_mut().find(failed) else { return Ok(false) };
        let tells = tells_stores(&stored.value);
        if !tells && !gathers(&stored.value) && !corrects(&stored.value) {
            return Ok(false);
        }
        task.status = TaskStatus::Running;
        task.goes_well();
        tx.update_task(task).await?;
        let keys = tx.keys_of(task.request).await?.len();
        let job = match task.phase {
            Phase::Locate if tells => {
                Job::SetFlags { task: task.id, store: task.store.clone(), keys }
            }
            Phase::Locate => Job::Locate { task: task.id, store: task.store.clone(), keys },
            Phase::Gather => gather_job(stored.value.right, task.id, task.store.clone()),
            Phase::Plan => {
                self.ask_again_for_plan(tx, task).await?;
                return Ok(no_store_has_failed(stored, &tasks));
            }
            Phase::Correct => {
                let due = self.now().as_millisecond();
                Job::Correct { task: task.id, store: task.store.clone(), due }
            }
        };
        self.enqueue_anew(tx, &job, Some(task.request)).await?;
        Ok(no_store_has_failed(stored, &tasks))
    }

    /// Takes steps of a deletion again that were given up, or that left something behind.
    async fn retry_steps(
        &self,
        tx: &Tx,
        stored: &mut Stored<Request>,
    ) -> Result<bool, ServiceError> {
        let given_up = [Blocker::JobDead, Blocker::Remains];
        let stuck = given_up.iter().any(|blocker| stored.value.blockers.contains(blocker));
        if stored.value.right != Right::Deletion || !stuck {
            return Ok(false);
        }
        for blocker in given_up {
            stored.value.blockers.remove(&blocker);
        }
        self.retry_erasing(tx, stored.value.id).await?;
        Ok(true)
    }

    async fn retry_archive(
        &self,
        tx: &Tx,
        stored: &mut Stored<Request>,
    ) -> Result<bool, ServiceError> {
        let id = stored.value.id;
        let finishes = matches!(stored.value.status, Status::Executing | Status::Fulfilled);
        let Some(archive) = tx.archive_of(id).await? else { return Ok(false) };
        if !finishes || !stored.value.blockers.remove(&Blocker::JobDead) {
            return Ok(false);
        }
        let job = Job::FinishArchive { archive: archive.id, request: id };
        self.enqueue_anew(tx, &job, Some(id)).await?;
        Ok(true)
    }

    /// Writes the answer that no mail server took once more. The blocker stays until one takes it.
    async fn retry_answer(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
    ) -> Result<bool, ServiceError> {
        let now = self.now();
        let waits = tx.has_queued_mail(intake.id, stored.value.id).await?;
        if waits || !is_to_be_mailed_again(&stored.value) {
            return Ok(false);
        }
        let archive = tx.archive_of(stored.value.id).await?;
        let ready = archive.is_some_and(|archive| archive.state == ArchiveState::Ready);
        match (stored.value.status, stored.value.outcome) {
            (_, Some(Outcome::Full | Outcome::Partial)) | (Status::Refused, _)
                if stored.value.right == Right::Correction && stored.value.refusal.is_none() =>
            {
                self.say_corrected(tx, intake, stored, now).await?;
            }
            (Status::Refused, _) => self.say_refused(tx, intake, stored, now).await?,
            _ if stored.value.right.is_answered_in_words() => {
                self.say_replied(tx, intake, stored, now).await?;
            }
            (_, Some(Outcome::NothingFound)) => {
                self.say_nothing_found(tx, intake, stored, now).await?;
            }
            _ if stored.value.right.sets_flags() => {
                self.say_applied(tx, intake, stored, now).await?;
            }
            _ if ready => self.say_archive_ready(tx, intake, stored, now).await?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Takes the blocker away where it is true no more. Always true: something was done.
fn no_store_has_failed(stored: &mut Stored<Request>, tasks: &[Task]) -> bool {
    if tasks.iter().all(|task| task.status != TaskStatus::Failed) {
        stored.value.blockers.remove(&Blocker::StoreFailed);
    }
    true
}

/// Whether the answer of a request was written, and no mail server took it.
pub(in crate::service) fn is_to_be_mailed_again(request: &Request) -> bool {
    matches!(request.status, Status::Fulfilled | Status::Refused)
        && request.blockers.contains(&Blocker::MailFailed)
        && request.answered_at.is_none()
        && request.is_answered_by_mail()
}
