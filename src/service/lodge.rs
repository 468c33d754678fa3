//! What belongs to requests beside their rights, and those that need no code: they are taken at once.

use jiff::Timestamp;

use super::post::asked;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::domain::course::asks_no_store;
use crate::domain::deadline::Regime;
use crate::domain::event::Event;
use crate::domain::intake::Intake;
use crate::domain::mail::MailKind;
use crate::domain::particulars::{Of, Particulars};
use crate::domain::representative::{Acting, mandate};
use crate::domain::request::Request;
use crate::domain::state::{Approval, Move, Status};
use crate::domain::text::TypedText;
use crate::domain::webhook::WebhookKind;
use crate::ids::{Reference, RequestId};
use crate::mail::messages::Lodged;

/// What a form says beside its rights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// What is to be confirmed.
    pub of: Of,
    /// The request that a complaint, an appeal or a review is about.
    pub about: Option<Reference>,
    /// In which quality somebody asks for somebody else.
    pub acting: Option<Acting>,
}

impl Desk {
    /// Writes a new request down: its clock runs, and whoever listens is told. `received` says who
    /// brought it, `claimed` the law that they named.
    pub(super) async fn write_down(
        &self,
        tx: &Tx,
        request: &Request,
        claimed: Option<Regime>,
        received: Event,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        tx.insert_request(request).await?;
        self.start_clock(tx, request, claimed, now).await?;
        let event = received.with("right", request.right).with("channel", request.channel);
        tx.insert_event(request.id, now, &event).await?;
        self.announce(tx, request, &[WebhookKind::RequestReceived], now).await
    }

    /// Keeps what belongs to a new request beside its right. A request that is named in words counts
    /// as named where the form names none.
    pub(super) async fn keep_wishes(
        &self,
        tx: &Tx,
        intake: &Intake,
        request: &Request,
        wishes: &Wishes,
    ) -> Result<(), ServiceError> {
        let mut about = None;
        if request.right.is_answered_in_words() {
            let details = intake.contact.as_ref().and_then(|contact| contact.details.as_ref());
            let named = wishes.about.clone().or_else(|| details.and_then(reference_in));
            if let Some(reference) = named {
                let found = tx.request_by_reference(&reference).await?;
                about = found.map(|stored| stored.value.id).filter(|id| *id != request.id);
            }
        }
        let particulars =
            Particulars { of: wishes.of, about, acting: wishes.acting, ..Particulars::default() };
        if particulars != Particulars::default() {
            tx.set_particulars(request.id, &particulars).await?;
        }
        Ok(())
    }

    /// Sets the new requests of a form going, each as its right wants: what is answered in words is
    /// taken, a word about the use of data holds from now on, and for the rest a code is mailed.
    pub(super) async fn set_off(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let all = tx.requests_of(intake.id).await?;
        let (mut lodged, rest): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|stored| stored.value.right.is_lodged());
        let (mut started, waiting): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|stored| stored.value.starts_at_once());
        let event = Event::by_system("request.lodged");
        self.advance(tx, intake, &mut lodged, Move::Lodged, &event, now).await?;
        let waiting: Vec<&Request> = waiting.iter().map(|stored| &stored.value).collect();
        if !waiting.is_empty() {
            self.post_verification(tx, intake, &waiting, now).await?;
        }
        let event = Event::by_system("request.started");
        self.advance(tx, intake, &mut started, Move::Started, &event, now).await?;
        Ok(())
    }

    /// Says that they were taken, as far as the cap on mails that anybody can cause allows.
    pub(super) async fn say_lodged(
        &self,
        tx: &Tx,
        intake: &Intake,
        requests: &[&Request],
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(contact) = &intake.contact else { return Ok(()) };
        if !self.mail_is_allowed(tx, MailKind::Lodged, contact, now).await? {
            return Ok(());
        }
        let message = Lodged {
            asked: asked(requests),
            received_at: intake.received_at,
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, None, None, &message).await
    }

    /// As [`Desk::approval`], for whoever asks for somebody else too: papers are looked at, and a
    /// request for a child never goes by itself.
    pub(super) async fn approval_of(
        &self,
        tx: &Tx,
        request: &Request,
    ) -> Result<Approval, ServiceError> {
        let acting = tx.particulars_of(request.id).await?.acting;
        let looks = acting.is_some_and(|acting| mandate(request.right, acting).needs_staff());
        Ok(if looks { Approval::Needed } else { self.approval(request) })
    }

    /// Moves a request on that asks no store: everything is there at once.
    pub(super) async fn settle_without_stores(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        id: RequestId,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(stored) = tx.request(id).await? else { return Ok(()) };
        let particulars = tx.particulars_of(id).await?;
        let gathers = matches!(stored.value.status, Status::Gathering | Status::Fulfilled);
        if gathers && asks_no_store(stored.value.right, &particulars) {
            // Boxed, since it comes back to where it was called from.
            Box::pin(self.all_gathered(tx, intake, stored, now)).await?;
        }
        Ok(())
    }
}

/// The first reference that stands in what somebody wrote.
fn reference_in(text: &TypedText) -> Option<Reference> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    let is_whole = |word: &String| word.to_ascii_uppercase().starts_with("R-");
    text.as_str()
        .split_whitespace()
        .map(bare)
        .filter(is_whole)
        .find_map(|word| Reference::parse(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_found_among_words() {
        let read = |text: &str| reference_in(&TypedText::block(text, 200).unwrap().unwrap());
        let found = Reference::parse("R-7F3K9Q2M");
        assert_eq!(read("You refused my request (R-7F3K9Q2M)."), found);
        assert_eq!(read("about r-7f3k9q2m, and R-9QXB2HTR"), found);
        assert_eq!(read("Request refused yesterday R-"), None);
    }
}
