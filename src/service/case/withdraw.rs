//! Takes back what a program asked for.

use super::{Case, Deed, case};
use crate::domain::event::Event;
use crate::domain::policy::{Action, Denied};
use crate::domain::state::Move;
use crate::domain::token::Grant;
use crate::ids::Reference;
use crate::service::withdraw::can_be_withdrawn;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Withdraws a request in the name of the person, for the program through which they asked. What
    /// was gathered is destroyed.
    pub async fn withdraw_asked(&self, by: &Grant, at: &Reference) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, stored, now } =
            case!(self.open_case(by, Action::SeeRequest, at).await?);
        if !by.reads(stored.value.created_by) {
            return Ok(Deed::Denied(Denied::Role));
        }
        if !can_be_withdrawn(&stored.value) {
            return Ok(Deed::NotNow);
        }
        let event = Event::by_token(by.id, "request.withdrawn");
        let mut one = [stored];
        self.advance(&tx, &mut intake, &mut one, Move::Withdrawn, &event, now).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
