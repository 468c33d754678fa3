//! Takes a request back, and takes that back within a day.

use super::advance::UNDO;
use super::{Desk, ServiceError};
use crate::domain::event::Event;
use crate::domain::request::{Channel, Request};
use crate::domain::state::{Move, Status};
use crate::ids::{Reference, Token};

/// What came of a wish that needs an open status page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Done.
    Done,
    /// The private part is not open: a code first.
    Locked,
    /// It cannot be done (any more).
    TooLate,
    /// The link leads nowhere.
    Gone,
}

/// Whether a request can be taken back. What has been set in stores is undone by an opt-in, and a
/// restriction by its lifting; what nobody asked for nobody takes back.
pub fn can_be_withdrawn(request: &Request) -> bool {
    if request.channel == Channel::Staff {
        return false;
    }
    let is_set = request.right.sets_flags() && request.status == Status::Executing;
    !is_set && request.status.on(Move::Withdrawn).is_ok()
}

impl Desk {
    /// Withdraws one request. What was gathered is destroyed.
    pub async fn withdraw(
        &self,
        token: &Token,
        cookie: Option<&Token>,
        reference: &Reference,
    ) -> Result<Wish, ServiceError> {
        let event = Event::by_person("request.withdrawn");
        self.wish(token, cookie, reference, Move::Withdrawn, &event).await
    }

    /// Undoes a withdrawal within 24 hours; the address is proved afresh, `received_at` stays.
    pub async fn undo_withdrawal(
        &self,
        token: &Token,
        cookie: Option<&Token>,
        reference: &Reference,
    ) -> Result<Wish, ServiceError> {
        let event = Event::by_person("request.withdrawal_undone");
        self.wish(token, cookie, reference, Move::WithdrawalUndone, &event).await
    }

    async fn wish(
        &self,
        token: &Token,
        cookie: Option<&Token>,
        reference: &Reference,
        step: Move,
        event: &Event,
    ) -> Result<Wish, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some((id, open)) = self.status_of(&tx, token, cookie).await? else {
            return Ok(Wish::Gone);
        };
        if !open {
            return Ok(Wish::Locked);
        }
        let Some(mut intake) = tx.lock_intake(id).await? else { return Ok(Wish::Gone) };
        let mut requests = tx.requests_of(id).await?;
        let Some(index) = requests.iter().position(|stored| stored.value.reference == *reference)
        else {
            return Ok(Wish::Gone);
        };
        let request = &requests[index].value;
        let undoable = request.completed_at.is_some_and(|at| at + UNDO > now)
            && request.status == Status::Withdrawn
            && intake.contact.is_some();
        if step == Move::WithdrawalUndone && !undoable {
            return Ok(Wish::TooLate);
        }
        if step == Move::Withdrawn && !can_be_withdrawn(request) {
            return Ok(Wish::TooLate);
        }
        // The others of the form stay as they are.
        let moved =
            self.advance(&tx, &mut intake, &mut requests[index..=index], step, event, now).await?;
        if moved == 0 {
            return Ok(Wish::TooLate);
        }
        tx.commit().await?;
        Ok(Wish::Done)
    }
}
