//! Resumes a lapsed request through the link of its last mail.

use super::{Desk, ServiceError};
use crate::domain::address::EmailAddress;
use crate::domain::event::Event;
use crate::domain::intake::Contact;
use crate::domain::state::Move;
use crate::ids::{Token, TokenPurpose};

impl Desk {
    /// The address was forgotten, so it is typed once more; only the same one resumes, with its old
    /// `received_at` and a fresh code. The answer is the same for any address; `false` only when the
    /// link leads nowhere.
    pub async fn resume(&self, token: &Token, email: &EmailAddress) -> Result<bool, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(id) = tx.link(token, TokenPurpose::Verify, now).await? else {
            return Ok(false);
        };
        let Some(mut intake) = tx.lock_intake(id).await? else { return Ok(false) };
        if tx.resumable_until(id).await?.is_none_or(|until| until <= now) {
            return Ok(false);
        }
        if tx.can_resume(id, email, now).await? {
            let contact = Contact { email: Some(email.clone()), ..Contact::default() };
            tx.set_contact(id, &contact).await?;
            intake.contact = Some(contact);
            let mut requests = tx.requests_of(id).await?;
            let event = Event::by_person("request.resumed");
            self.advance(&tx, &mut intake, &mut requests, Move::Resumed, &event, now).await?;
            tx.commit().await?;
        }
        Ok(true)
    }
}
