//! Says which law holds for a request.

use super::{Case, Deed, case};
use crate::domain::deadline::{Regime, binding};
use crate::domain::policy::Action;
use crate::domain::staff::Member;
use crate::domain::text::TypedText;
use crate::ids::Reference;
use crate::service::deadline::due_at;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// An officer has found out which law holds; `None` when that is open again. Only so can a date
    /// become later than the earliest of all laws. What the person or a program says is a claim.
    pub async fn choose_regime(
        &self,
        by: &Member,
        at: &Reference,
        regime: Option<Regime>,
        reason: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut stored, now, .. } =
            case!(self.open_case(by, Action::SetRegime, at).await?);
        let request = &mut stored.value;
        let known =
            regime.is_none_or(|law| Regime::CONFIGURABLE.contains(&law) && law != Regime::Policy);
        if request.status.is_closed() || request.answered_at.is_some() || !known {
            return Ok(Deed::NotNow);
        }
        let dates = self.recount(&tx, request, now, |course| course.chosen = regime).await?;
        let due = due_at(request, &dates);
        // Another law may know no longer time, or another one.
        request.extended_to = request.extended_to.map(|_| due);
        tx.insert_staff_message(request, Author::Note, Some(by.id), reason, now).await?;
        let bound = binding(&dates).map(|bound| bound.regime);
        let event = crate::domain::event::Event::by_staff(by.id, "request.regime_chosen")
            .with("regime", regime)
            .with("bound_by", bound)
            .with("due_at", due);
        tx.insert_event(request.id, now, &event).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
