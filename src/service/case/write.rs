//! Writes to the person, or a note among colleagues.

use super::{Case, Deed, case};
use crate::domain::policy::Action;
use crate::domain::text::TypedText;
use crate::domain::token::By;
use crate::ids::Reference;
use crate::mail::messages::NewMessage;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Writes to the person. A mail says that there is a message; its words stay on the status page,
    /// behind a code.
    pub async fn write_to_person(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
        text: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, intake, stored, now } = case!(self.open_case(by, Action::Write, at).await?);
        let mailbox = intake.contact.as_ref().and_then(|contact| contact.email.as_ref());
        if mailbox.is_none() || stored.value.verified_at.is_none() {
            return Ok(Deed::NotNow);
        }
        tx.insert_staff_message(&stored.value, Author::Staff, by.staff(), text, now).await?;
        let message = NewMessage {
            reference: stored.value.reference.clone(),
            status_link: self.mint_status_link(&tx, &intake, now).await?,
        };
        self.post(&tx, &intake, None, None, &message).await?;
        let event = by.event("message.sent");
        tx.insert_event(stored.value.id, now, &event).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Leaves a note that no page of the person shows.
    pub async fn note(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
        text: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, stored, now, .. } = case!(self.open_case(by, Action::Note, at).await?);
        tx.insert_staff_message(&stored.value, Author::Note, by.staff(), text, now).await?;
        let event = by.event("note.written");
        tx.insert_event(stored.value.id, now, &event).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
