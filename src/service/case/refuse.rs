//! Refuses, with ground and facts.

use super::{Case, Deed, case};
use crate::domain::decision::RefusalGround;
use crate::domain::policy::Action;
use crate::domain::right::Right;
use crate::domain::state::Move;
use crate::domain::text::TypedText;
use crate::domain::token::By;
use crate::ids::Reference;
use crate::service::correction::corrects;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Refuses a request. The person is mailed the decision with its ground, the facts in the words
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
        let begun = stored.value.right == Right::Deletion
            && tx.steps(stored.value.id).await?.iter().any(|step| step.begun_at.is_some());
        if begun || stored.value.hold.is_some() || stored.value.status.on(Move::Refused).is_err() {
            return Ok(Deed::NotNow);
        }
        // What was corrected is no refusal: the rest is declined field by field.
        if corrects(&stored.value) || self.has_written(&tx, stored.value.id).await? {
            return Ok(Deed::NotNow);
        }
        stored.value.refusal = Some(ground);
        // The decision stands in the thread; the mail is made of it.
        tx.insert_staff_message(&stored.value, Author::Staff, by.staff(), facts, now).await?;
        let event = by.event("request.refused").with("ground", ground);
        let mut one = [stored];
        self.advance(&tx, &mut intake, &mut one, Move::Refused, &event, now).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
