//! Shows who asks, which the person can see.

use jiff::SignedDuration;

use super::{Case, Deed};
use crate::domain::event::Event;
use crate::domain::intake::Contact;
use crate::domain::policy::Action;
use crate::domain::staff::Member;
use crate::domain::text::TypedText;
use crate::ids::Reference;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

/// Identities that one member of staff may look at in a day.
pub(super) const REVEALS_A_DAY: u64 = 50;

/// Who asks.
#[derive(Debug)]
pub struct Identity(pub Contact);

impl Desk {
    /// Shows who asks. The reason stays as a note, the look as an event that the person sees. At most
    /// 50 a day.
    pub async fn reveal(
        &self,
        by: &Member,
        at: &Reference,
        reason: &TypedText,
    ) -> Result<Result<Identity, Deed>, ServiceError> {
        let Case { tx, intake, stored, now } = match self.open_case(by, Action::Reveal, at).await? {
            Ok(case) => case,
            Err(deed) => return Ok(Err(deed)),
        };
        let Some(contact) = intake.contact else { return Ok(Err(Deed::NotNow)) };
        let since = now - SignedDuration::from_hours(24);
        if tx.events_by(by.id, "identity.revealed", since).await? >= REVEALS_A_DAY {
            return Ok(Err(Deed::NotNow));
        }
        tx.insert_staff_message(&stored.value, Author::Note, Some(by.id), reason, now).await?;
        let event = Event::by_staff(by.id, "identity.revealed");
        tx.insert_event(stored.value.id, now, &event).await?;
        tx.commit().await?;
        Ok(Ok(Identity(contact)))
    }
}
