//! Refuses, with ground and facts.

use super::{Case, Deed, case};
use crate::domain::decision::RefusalGround;
use crate::domain::ground::GROUNDS_VERSION;
use crate::domain::policy::Action;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::domain::text::TypedText;
use crate::domain::token::By;
use crate::ids::Reference;
use crate::service::correction::corrects;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Refuses a request, unless a part that the law wants is missing. The person is mailed the decision with its ground, the facts in the words
    /// of whoever decided, and their ways to have it checked (GDPR Art. 12(4)).
    pub async fn refuse(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
        ground: RefusalGround,
        facts: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, mut intake, mut stored, now } =
            case!(self.open_case(by, Action::Refuse, at).await?);
        // What is being deleted cannot be refused any more.
        let request = &stored.value;
        let begun = request.right == Right::Deletion
            && tx.steps(request.id).await?.iter().any(|step| step.begun_at.is_some());
        if begun || request.hold.is_some() || !is_refusable(request) {
            return Ok(Deed::NotNow);
        }
        // What was corrected is no refusal: the rest is declined field by field.
        if corrects(&stored.value) || self.has_written(&tx, stored.value.id).await? {
            return Ok(Deed::NotNow);
        }
        if let Err(lacking) = self.refusal(&intake, &stored.value, ground, facts.as_str()) {
            return Ok(Deed::Lacking(lacking));
        }
        stored.value.refusal = Some(ground);
        // The decision stands in the thread; the mail is made of it.
        tx.insert_staff_message(&stored.value, Author::Staff, by.staff(), facts, now).await?;
        let event =
            by.event("request.refused").with("ground", ground).with("grounds", GROUNDS_VERSION);
        let mut one = [stored];
        self.advance(&tx, &mut intake, &mut one, Move::Refused, &event, now).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}

/// Whether it can be refused. What starts without a code, and what is being set in stores, is
/// undone by an opt-in of the person and by nobody else.
pub(in crate::service) fn is_refusable(request: &Request) -> bool {
    let is_set = request.right.sets_flags() && request.status == Status::Executing;
    !is_set && request.right.allows(Move::Refused) && request.status.on(Move::Refused).is_ok()
}
