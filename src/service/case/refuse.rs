//! Refuses, with ground and facts.

use super::{Case, Deed, case};
use crate::domain::decision::RefusalGround;
use crate::domain::ground::GROUNDS_VERSION;
use crate::domain::policy::Action;
use crate::domain::right::Right;
use crate::domain::state::Move;
use crate::domain::text::TypedText;
use crate::domain::token::By;
use crate::ids::Reference;
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
        let right = stored.value.right;
        let refusable =
            right.allows(Move::Refused) && stored.value.status.on(Move::Refused).is_ok();
        // What is being deleted cannot be refused any more.
        let begun = right == Right::Deletion
            && tx.steps(stored.value.id).await?.iter().any(|step| step.begun_at.is_some());
        if begun || stored.value.hold.is_some() || !refusable {
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
