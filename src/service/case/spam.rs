//! Takes a request for spam.

use super::{Case, Deed, case};
use crate::domain::event::Event;
use crate::domain::policy::Action;
use crate::domain::staff::Member;
use crate::domain::state::Move;
use crate::ids::Reference;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Closes a request as spam: nobody is answered, what was gathered is destroyed. Not after an
    /// answer has begun to go out.
    pub async fn mark_spam(&self, by: &Member, at: &Reference) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, stored, now } =
            case!(self.open_case(by, Action::MarkSpam, at).await?);
        if stored.value.hold.is_some() || stored.value.status.on(Move::TakenForSpam).is_err() {
            return Ok(Deed::NotNow);
        }
        let event = Event::by_staff(by.id, "request.spam");
        let mut one = [stored];
        self.advance(&tx, &mut intake, &mut one, Move::TakenForSpam, &event, now).await?;
        // Another request of the same form may be meant, and its mails with it.
        if tx.requests_of(intake.id).await?.iter().all(|stored| stored.value.spam) {
            tx.drop_queued_mails(intake.id).await?;
        }
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
