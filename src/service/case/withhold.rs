//! Refuses a part: keeps a store's data out of the archive, with ground and facts.

use super::{Case, Deed, case};
use crate::domain::decision::RefusalGround;
use crate::domain::event::Event;
use crate::domain::gather::TaskStatus;
use crate::domain::policy::Action;
use crate::domain::request::Request;
use crate::domain::staff::Member;
use crate::domain::state::Status;
use crate::domain::text::TypedText;
use crate::ids::Reference;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Keeps a store's data out of the archive that is about to be released. The letter says so, with
    /// ground and facts. Where nothing would be left, refuse the request instead.
    pub async fn withhold(
        &self,
        by: &Member,
        at: &Reference,
        store: &str,
        ground: RefusalGround,
        facts: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, intake, stored, now } = case!(self.open_case(by, Action::Refuse, at).await?);
        let request = &stored.value;
        let tasks = tx.tasks_of(request.id).await?;
        let mut kept: Vec<String> =
            tx.withheld_stores(request.id).await?.into_iter().map(|one| one.store).collect();
        kept.push(store.to_owned());
        let read = |task: &&crate::db::task::Task| {
            task.status == TaskStatus::Done && !task.tally.is_empty()
        };
        let known = tasks.iter().filter(read).any(|task| task.store == store);
        let rest = tasks.iter().filter(read).any(|task| !kept.contains(&task.store));
        if !is_withholdable(request) || !known || !rest {
            return Ok(Deed::NotNow);
        }
        if let Err(lacking) = self.refusal(&intake, request, ground, facts.as_str()) {
            return Ok(Deed::Lacking(lacking));
        }
        tx.withhold_store(request.id, store, (ground, facts), Some(by.id), now).await?;
        let event =
            Event::by_staff(by.id, "store.withheld").with("store", store).with("ground", ground);
        tx.insert_event(request.id, now, &event).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Gives a store's data after all.
    pub async fn give(
        &self,
        by: &Member,
        at: &Reference,
        store: &str,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, stored, now, .. } = case!(self.open_case(by, Action::Refuse, at).await?);
        let request = &stored.value;
        if !is_withholdable(request) || !tx.give_store(request.id, store).await? {
            return Ok(Deed::NotNow);
        }
        let event = Event::by_staff(by.id, "store.given").with("store", store);
        tx.insert_event(request.id, now, &event).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}

/// Whether an archive with data waits for a decision.
pub(in crate::service) fn is_withholdable(request: &Request) -> bool {
    request.right.gives_data() && request.status == Status::InReview && request.hold.is_none()
}
