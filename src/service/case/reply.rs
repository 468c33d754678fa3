//! Answers in words: a complaint, an appeal, the review of a machine's decision.

use super::{Case, Deed, case};
use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::event::Event;
use crate::domain::intake::Intake;
use crate::domain::particulars::Verdict;
use crate::domain::policy::Action;
use crate::domain::request::{Outcome, Request};
use crate::domain::right::Right;
use crate::domain::staff::Member;
use crate::domain::state::{Move, Status};
use crate::domain::text::TypedText;
use crate::ids::{Reference, RequestId};
use crate::mail::messages::Replied;
use crate::service::post::asked_one;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Answers in words; the mail to the person is the answer. An appeal is decided by somebody else
    /// than whoever refused.
    pub async fn reply(
        &self,
        by: &Member,
        at: &Reference,
        verdict: Verdict,
        text: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, mut stored, now } =
            case!(self.open_case(by, Action::Reply, at).await?);
        if !is_to_be_replied_to(&stored.value) {
            return Ok(Deed::NotNow);
        }
        let id = stored.value.id;
        let mut particulars = tx.particulars_of(id).await?;
        if stored.value.right == Right::Appeal
            && let Some(about) = particulars.about
            && has_refused(&tx, about, by).await?
        {
            return Ok(Deed::OtherOfficer);
        }
        particulars.verdict = Some(verdict);
        particulars.decided_by = Some(by.id);
        tx.set_particulars(id, &particulars).await?;
        stored.value.outcome = Some(match verdict {
            Verdict::Upheld => Outcome::Full,
            Verdict::Partly => Outcome::Partial,
            Verdict::NotUpheld => Outcome::Refused,
        });
        tx.insert_staff_message(&stored.value, Author::Staff, Some(by.id), text, now).await?;
        let event = Event::by_staff(by.id, "request.replied").with("verdict", verdict);
        let mut one = [stored];
        self.advance(&tx, &mut intake, &mut one, Move::Replied, &event, now).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// The answer in words, as a mail.
    pub(in crate::service) async fn say_replied(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: jiff::Timestamp,
    ) -> Result<(), ServiceError> {
        crate::service::answer::answer_through_app(&mut stored.value, now);
        let request = &stored.value;
        let verdict = tx.particulars_of(request.id).await?.verdict;
        let Some(verdict) = verdict.filter(|_| request.is_answered_by_mail()) else {
            return Ok(());
        };
        let message = Replied {
            asked: asked_one(request),
            received_at: request.received_at(),
            verdict,
            words: self.written_with_decision(tx, intake, request).await?,
            remedies: self.remedies_of(tx, intake, request).await?,
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, Some(request.id), None, &message).await
    }
}

/// Whether words of staff are what it waits for.
pub(in crate::service) fn is_to_be_replied_to(request: &Request) -> bool {
    request.right.is_answered_in_words()
        && request.status == Status::InReview
        && request.hold.is_none()
}

/// Whether it was this member who refused a request.
async fn has_refused(tx: &Tx, about: RequestId, by: &Member) -> Result<bool, ServiceError> {
    let history = tx.history_of(about).await?;
    let refused = |kind: &str| matches!(kind, "request.refused" | "store.withheld");
    Ok(history.iter().any(|one| refused(&one.kind) && one.by == Some(by.id.0)))
}
