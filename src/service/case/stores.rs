//! Asks a store again, or leaves it out.

use super::{Case, Deed, case};
use crate::db::Tx;
use crate::db::task::{Phase, Task};
use crate::domain::event::Event;
use crate::domain::gather::{Blocker, SkipReason, TaskStatus};
use crate::domain::job::Job;
use crate::domain::policy::Action;
use crate::domain::staff::Member;
use crate::domain::state::Status;
use crate::domain::text::TypedText;
use crate::ids::Reference;
use crate::service::locate::gathers;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Asks a failed store again; without a store, does again what else was given up: making the
    /// archive.
    pub async fn retry(
        &self,
        by: &Member,
        at: &Reference,
        store: Option<&str>,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut stored, now, .. } = case!(self.open_case(by, Action::Retry, at).await?);
        let id = stored.value.id;
        let mut tasks = tx.tasks_of(id).await?;
        let event = Event::by_staff(by.id, "request.retried");
        if let Some(store) = store {
            let failed =
                |task: &&mut Task| task.store == store && task.status == TaskStatus::Failed;
            let Some(task) = tasks.iter_mut().find(failed) else { return Ok(Deed::NotNow) };
            if !gathers(&stored.value) {
                return Ok(Deed::NotNow);
            }
            let keys = tx.keys_of(id).await?.len();
            self.ask_again(&tx, task, keys).await?;
            tx.insert_event(id, now, &event.with("store", store)).await?;
        } else {
            let Some(archive) = tx.archive_of(id).await? else { return Ok(Deed::NotNow) };
            let dead = stored.value.blockers.remove(&Blocker::JobDead);
            let finishes = matches!(stored.value.status, Status::Executing | Status::Fulfilled);
            if !dead || !finishes {
                return Ok(Deed::NotNow);
            }
            let job = Job::FinishArchive { archive: archive.id, request: id };
            self.enqueue(&tx, &job, Some(id)).await?;
            tx.insert_event(id, now, &event).await?;
        }
        if tasks.iter().all(|task| task.status != TaskStatus::Failed) {
            stored.value.blockers.remove(&Blocker::StoreFailed);
        }
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    async fn ask_again(&self, tx: &Tx, task: &mut Task, keys: usize) -> Result<(), ServiceError> {
        task.status = TaskStatus::Running;
        task.attempts = 0;
        task.last_error = None;
        task.retry_at = None;
        tx.update_task(task).await?;
        let job = match task.phase {
            Phase::Locate => Job::Locate { task: task.id, store: task.store.clone(), keys },
            Phase::Gather => Job::Gather { task: task.id, store: task.store.clone() },
        };
        Ok(self.enqueue(tx, &job, Some(task.request)).await?)
    }

    /// Leaves a store out. The archive says that it was, and why; the request goes on without it.
    pub async fn skip(
        &self,
        by: &Member,
        at: &Reference,
        store: &str,
        reason: SkipReason,
        note: Option<&TypedText>,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, mut stored, now } =
            case!(self.open_case(by, Action::Skip, at).await?);
        let id = stored.value.id;
        let mut tasks = tx.tasks_of(id).await?;
        let failed = |task: &&mut Task| task.store == store && task.status == TaskStatus::Failed;
        let Some(task) = tasks.iter_mut().find(failed) else { return Ok(Deed::NotNow) };
        if !gathers(&stored.value) {
            return Ok(Deed::NotNow);
        }
        task.status = TaskStatus::Skipped;
        task.skip_reason = Some(reason);
        tx.update_task(task).await?;
        if let Some(note) = note {
            tx.insert_staff_message(&stored.value, Author::Note, by.id, note, now).await?;
        }
        let event =
            Event::by_staff(by.id, "store.skipped").with("store", store).with("reason", reason);
        tx.insert_event(id, now, &event).await?;
        if tasks.iter().all(|task| task.status != TaskStatus::Failed) {
            stored.value.blockers.remove(&Blocker::StoreFailed);
        }
        tx.update_request(&stored).await?;
        // Read anew: writing raised its version.
        let Some(mut stored) = tx.request(id).await? else { return Ok(Deed::NoSuchRequest) };
        if tasks.iter().any(|task| task.phase == Phase::Locate) {
            let known = tx.keys_of(id).await?.len();
            self.next_round(&tx, &mut stored, known).await?;
        }
        self.all_gathered(&tx, &mut intake, stored, now).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
