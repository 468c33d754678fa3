//! Leaves a store out.

use super::{Case, Deed, case};
use crate::db::task::{Phase, Task};
use crate::domain::event::Event;
use crate::domain::gather::{Blocker, SkipReason, TaskStatus};
use crate::domain::policy::Action;
use crate::domain::right::Right;
use crate::domain::staff::Member;
use crate::domain::text::TypedText;
use crate::ids::Reference;
use crate::service::locate::gathers;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Leaves a store out that has failed or is not done yet. The archive says that it was, and why,
    /// beside what was read of it before; the request goes on without it.
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
        let left = |task: &&mut Task| task.store == store && !task.status.is_over();
        let Some(task) = tasks.iter_mut().find(left) else { return Ok(Deed::NotNow) };
        if !gathers(&stored.value) {
            return Ok(Deed::NotNow);
        }
        task.status = TaskStatus::Skipped;
        task.skip_reason = Some(reason);
        task.retry_at = None;
        tx.update_task(task).await?;
        if let Some(note) = note {
            tx.insert_staff_message(&stored.value, Author::Note, Some(by.id), note, now).await?;
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
        if stored.value.right == Right::Deletion {
            if tx.tasks_of(id).await?.iter().all(|task| task.phase == Phase::Plan) {
                self.all_planned(&tx, &mut intake, stored, now).await?;
            }
        } else {
            self.all_gathered(&tx, &mut intake, stored, now).await?;
        }
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
