//! Says whose a request is.

use super::{Case, Deed, case};
use crate::domain::policy::{Action, allows};
use crate::domain::staff::AccountState;
use crate::domain::token::By;
use crate::ids::{Reference, StaffId};
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Gives a request to a colleague who can work on it, or to nobody.
    pub async fn assign(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
        to: Option<StaffId>,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, mut stored, now, .. } = case!(self.open_case(by, Action::Assign, at).await?);
        if let Some(to) = to {
            let account = tx.account(to).await?;
            let works = account.is_some_and(|account| {
                account.state == AccountState::Active
                    && account.roles.iter().any(|role| allows(*role, Action::SeeRequest))
            });
            if !works {
                return Ok(Deed::NotNow);
            }
        }
        if stored.value.assignee == to {
            return Ok(Deed::Done);
        }
        stored.value.assignee = to;
        let event = by.event("request.assigned").with("to", to);
        tx.insert_event(stored.value.id, now, &event).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
