//! The person for whom an app vouched is told, and may say that it was not them.

use jiff::Timestamp;

use super::post::asked_one;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::event::Event;
use crate::domain::notice::Notice;
use crate::domain::request::{AnswerWay, Assurance, Request};
use crate::domain::subject::addresses;
use crate::ids::TokenPurpose;
use crate::mail::messages::Asserted;

/// Addresses that are told at most.
const NOTICES: usize = 5;

impl Desk {
    /// Tells every address under which the stores know the person that an app asked in their name:
    /// once, when it is known who they are and before anything is read. Where no store knows
    /// anybody, nobody is told: an address that only the app has named is nobody's.
    pub(super) async fn tell_asserted(
        &self,
        tx: &Tx,
        request: &Request,
    ) -> Result<(), ServiceError> {
        let first = request.answers_by == AnswerWay::App && request.answered_at.is_none();
        let found = !tx.people_of(request.id).await?.is_empty();
        if request.assurance != Assurance::Asserted || !first || !found {
            return Ok(());
        }
        let Some(intake) = tx.intake(request.intake).await? else { return Ok(()) };
        let mut told = addresses(&tx.person_keys(request.id).await?);
        told.truncate(NOTICES);
        for address in &told {
            let token = tx.new_link(intake.id, TokenPurpose::Verify, self.now()).await?;
            let notice = Asserted {
                asked: asked_one(request),
                received_at: request.received_at(),
                not_me_link: self.verify_link(&token),
            };
            self.post_to(tx, &intake, address.clone(), Some(request.id), None, &notice).await?;
        }
        let event = Event::by_system("person.notified").with("addresses", told.len());
        tx.insert_event(request.id, self.now(), &event).await?;
        Ok(())
    }

    /// Somebody whom an app vouched for says that it was not them. Whatever lies ready is destroyed,
    /// and all officers are told: the app's word was false.
    pub(super) async fn disown_asserted(
        &self,
        tx: &Tx,
        requests: &mut [Stored<Request>],
        moved: usize,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        for stored in requests {
            if moved == 0 {
                let event = Event::by_person("request.disowned");
                tx.insert_event(stored.value.id, now, &event).await?;
            }
            self.tell_staff(tx, &stored.value, Notice::Disowned, now).await?;
        }
        Ok(())
    }
}
