//! A human has looked at what stopped a request.

use super::{Case, Deed, case};
use crate::db::task::Phase;
use crate::domain::event::Event;
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::job::Job;
use crate::domain::policy::Action;
use crate::domain::request::Assurance;
use crate::domain::staff::Member;
use crate::domain::text::TypedText;
use crate::ids::Reference;
use crate::service::flag::apply::tells_stores;
use crate::service::locate::gathers;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Says that all that was found under the known keys is this one person's: a blocker about who
    /// they are is cleared for good, and gathering goes on with the keys that are known, unless the
    /// same find raises another question.
    pub async fn clear(
        &self,
        by: &Member,
        at: &Reference,
        blocker: Blocker,
        reason: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, mut stored, now } =
            case!(self.open_case(by, Action::Clear, at).await?);
        if !blocker.is_about_identity() || !stored.value.blockers.remove(&blocker) {
            return Ok(Deed::NotNow);
        }
        // Whoever has been looked at needs no fresh code; there is nothing to clear for good.
        if blocker != Blocker::ProofStale {
            stored.value.cleared.insert(blocker);
        }
        stored.value.assurance = stored.value.assurance.max(Assurance::StaffChecked);
        tx.insert_staff_message(&stored.value, Author::Note, Some(by.id), reason, now).await?;
        let event = Event::by_staff(by.id, "blocker.cleared").with("blocker", blocker);
        tx.insert_event(stored.value.id, now, &event).await?;
        if blocker == Blocker::ProofStale {
            self.proof_given(&tx, &mut intake, stored, now).await?;
            tx.commit().await?;
            return Ok(Deed::Done);
        }
        let known = tx.keys_of(stored.value.id).await?.len();
        if tells_stores(&stored.value) {
            for task in tx.tasks_of(stored.value.id).await? {
                self.tell_again(&tx, &task, known).await?;
            }
            tx.update_request(&stored).await?;
            tx.commit().await?;
            return Ok(Deed::Done);
        }
        // While it was stopped, questions to stores came to nothing.
        for mut task in tx.tasks_of(stored.value.id).await? {
            let unasked = task.phase == Phase::Locate && task.keys_asked < known;
            if unasked && matches!(task.status, TaskStatus::Waiting | TaskStatus::Running) {
                task.status = TaskStatus::Running;
                tx.update_task(&task).await?;
                let job = Job::Locate { task: task.id, store: task.store.clone(), keys: known };
                self.enqueue(&tx, &job, Some(stored.value.id)).await?;
            }
        }
        for mut task in tx.tasks_of(stored.value.id).await? {
            if task.phase == Phase::Plan && task.status == TaskStatus::Running {
                self.ask_again_for_plan(&tx, &mut task).await?;
            }
        }
        tx.update_request(&stored).await?;
        // Read anew: writing raised its version.
        let Some(stored) = tx.request(stored.value.id).await? else {
            return Ok(Deed::NoSuchRequest);
        };
        // The same find may hold more than one question.
        if gathers(&stored.value) {
            self.judge(&tx, stored, now).await?;
        }
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
