//! Asks the person, once, for the least further proof of who they are.

use super::{Case, Deed, case};
use crate::domain::decision::PauseGround;
use crate::domain::event::Event;
use crate::domain::policy::Action;
use crate::domain::staff::Member;
use crate::domain::state::Status;
use crate::domain::text::TypedText;
use crate::ids::Reference;
use crate::mail::messages::NewMessage;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Asks for a further proof: the words stand on the status page, a mail says so, and work rests
    /// until the person writes. Once a request; who asks again and again keeps people from their
    /// rights.
    pub async fn ask_proof(
        &self,
        by: &Member,
        at: &Reference,
        words: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, intake, mut stored, now } =
            case!(self.open_case(by, Action::Clear, at).await?);
        let id = stored.value.id;
        let open = matches!(stored.value.status, Status::Gathering | Status::InReview);
        let asked = tx.last_event_at(id, &["proof.asked"]).await?.is_some();
        let mailbox = intake.contact.as_ref().is_some_and(|contact| contact.email.is_some());
        if !open || asked || !mailbox || stored.value.pause.is_some() {
            return Ok(Deed::NotNow);
        }
        stored.value.pause_at(now, PauseGround::IdentityDoubt);
        self.question_asked(&tx, &stored.value, PauseGround::IdentityDoubt, now).await?;
        tx.insert_staff_message(&stored.value, Author::Staff, Some(by.id), words, now).await?;
        let message = NewMessage {
            reference: stored.value.reference.clone(),
            status_link: self.mint_status_link(&tx, &intake, now).await?,
        };
        self.post(&tx, &intake, None, None, &message).await?;
        tx.insert_event(id, now, &Event::by_staff(by.id, "proof.asked")).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
