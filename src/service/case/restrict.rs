//! Freezing and thawing by staff. A restriction is lifted only after the person was told
//! (GDPR Art. 18(3)).

use std::time::Duration;

use jiff::Timestamp;

use super::{Case, Deed, case};
use crate::db::{DbError, Tx};
use crate::domain::event::Event;
use crate::domain::flag::FlagKind;
use crate::domain::job::Job;
use crate::domain::policy::Action;
use crate::domain::request::{Assurance, NewRequest, Request};
use crate::domain::right::Right;
use crate::domain::staff::Member;
use crate::domain::state::{Move, Status};
use crate::domain::text::TypedText;
use crate::ids::{Reference, RequestId};
use crate::mail::messages::RestrictionEnds;
use crate::service::post::asked_one;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// When a restriction ends that is announced to end now.
    pub fn lift_from_now(&self) -> Timestamp {
        self.ends(self.settings.lift_notice, self.now())
    }

    /// Announces that a restriction will be lifted, and why. It holds for [`Settings::lift_notice`]
    /// longer, and until the mail that says so was accepted by a server.
    ///
    /// [`Settings::lift_notice`]: crate::service::Settings::lift_notice
    pub async fn announce_lift(
        &self,
        by: &Member,
        at: &Reference,
        reason: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, intake, stored, now } =
            case!(self.open_case(by, Action::Restrict, at).await?);
        let request = &stored.value;
        if !can_be_lifted(&tx, request).await? || request.hold.is_some() {
            return Ok(Deed::NotNow);
        }
        let lifts_at = self.lift_from_now();
        tx.announce_lift(request.id, Some(lifts_at)).await?;
        tx.insert_staff_message(request, Author::Staff, Some(by.id), reason, now).await?;
        let event = Event::by_staff(by.id, "restriction.lift_announced").with("at", lifts_at);
        tx.insert_event(request.id, now, &event).await?;
        let message = RestrictionEnds {
            asked: asked_one(request),
            lifts_at,
            reason: reason.as_str().to_owned(),
            authority: self.settings.organisation.authority.clone(),
            status_link: self.mint_status_link(&tx, &intake, now).await?,
        };
        self.post(&tx, &intake, Some(request.id), None, &message).await?;
        let wait = Duration::try_from(lifts_at.duration_since(now)).unwrap_or_default();
        let job = Job::LiftRestriction { request: request.id };
        self.enqueue_after(&tx, &job, Some(request.id), wait).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Restricts processing of the data of whoever made a request: while its accuracy is looked
    /// into, while an objection is weighed, or because they ask for it by another way. A request of
    /// its own beside the other, so that it has its own answer.
    pub async fn restrict(
        &self,
        by: &Member,
        at: &Reference,
        reason: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, stored, now } =
            case!(self.open_case(by, Action::Restrict, at).await?);
        let of = &stored.value;
        let Some(contact) = intake.contact.clone().filter(|_| can_be_restricted(of)) else {
            return Ok(Deed::NotNow);
        };
        if self.is_restricted(&tx, &contact, now).await? {
            return Ok(Deed::NotNow);
        }
        let mut request = Request::open(NewRequest {
            id: RequestId(self.entropy.uuid(now)),
            intake: intake.id,
            reference: tx.new_reference(&*self.entropy).await?,
            right: Right::Restriction,
            on_behalf: of.on_behalf,
            channel: of.channel,
            received_at: now,
        });
        request.answers_by = of.answers_by;
        request.created_by = of.created_by;
        request.assurance = of.assurance;
        if self.stands_in_the_way(&tx, &contact, &request, now).await? {
            return Ok(Deed::NotNow);
        }
        let event = Event::by_staff(by.id, "request.received");
        let event = event.with("beside", of.reference.as_str());
        self.write_down(&tx, &request, None, event, now).await?;
        tx.insert_staff_message(&request, Author::Note, Some(by.id), reason, now).await?;
        let event = Event::by_staff(by.id, "request.vouched");
        for step in [Move::Vouched, Move::Agreed] {
            let Some(stored) = tx.request(request.id).await? else { break };
            // Where nobody has to look it is under way already.
            if stored.value.status == Status::Executing {
                break;
            }
            self.advance(&tx, &mut intake, &mut [stored], step, &event, now).await?;
        }
        tx.commit().await?;
        Ok(Deed::Done)
    }
}

/// Whether a restriction stands that came with the request and was not announced to end.
pub(in crate::service) async fn can_be_lifted(tx: &Tx, request: &Request) -> Result<bool, DbError> {
    if request.right != Right::Restriction || request.status != Status::Fulfilled {
        return Ok(false);
    }
    let flags = tx.flags_of(request.id).await?;
    Ok(flags.iter().any(|flag| {
        flag.kind == FlagKind::Restriction && flag.until.is_none() && flag.lifts_at.is_none()
    }))
}

/// Whether it is known well enough who made a request.
pub(in crate::service) fn can_be_restricted(request: &Request) -> bool {
    request.assurance > Assurance::None
        && request.right != Right::Restriction
        && request.hold.is_none()
        && !matches!(request.status, Status::Withdrawn | Status::Lapsed)
}
