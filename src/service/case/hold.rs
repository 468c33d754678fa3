//! Lets work rest, and keeps data from being touched.

use jiff::Timestamp;

use super::{Case, Deed, case};
use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::decision::{Hold, PauseGround};
use crate::domain::event::Event;
use crate::domain::intake::Intake;
use crate::domain::policy::Action;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::domain::text::TypedText;
use crate::domain::token::By;
use crate::ids::Reference;
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Lets work on a request rest. The promise runs on; a pause that waits for the person is
    /// measured beside it.
    pub async fn pause(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
        ground: PauseGround,
        note: Option<&TypedText>,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, mut stored, now, .. } = case!(self.open_case(by, Action::Pause, at).await?);
        let request = &mut stored.value;
        let open = matches!(request.status, Status::Gathering | Status::InReview);
        if !open || request.pause.is_some() {
            return Ok(Deed::NotNow);
        }
        request.pause_at(now, ground);
        self.question_asked(&tx, request, ground, now).await?;
        if let Some(note) = note {
            tx.insert_staff_message(request, Author::Note, by.staff(), note, now).await?;
        }
        let event = by.event("request.paused").with("ground", ground);
        tx.insert_event(request.id, now, &event).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Takes work up again.
    pub async fn go_on(&self, by: impl Into<By<'_>>, at: &Reference) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, mut stored, now, .. } = case!(self.open_case(by, Action::Pause, at).await?);
        if !stored.value.go_on_at(now) {
            return Ok(Deed::NotNow);
        }
        self.question_answered(&tx, &stored.value, now).await?;
        let event = by.event("request.resumed_work");
        tx.insert_event(stored.value.id, now, &event).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Keeps a request's data from being let out or touched until somebody lifts it. `review_at` is
    /// when somebody looks at it again; a hold without an end is none that a court would like. An
    /// archive that is being made is called back, to be let out anew.
    pub async fn hold(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
        review_at: Timestamp,
        reason: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, mut intake, mut stored, now } =
            case!(self.open_case(by, Action::Hold, at).await?);
        let request = &mut stored.value;
        if request.hold.is_some() || request.status.is_closed() || review_at <= now {
            return Ok(Deed::NotNow);
        }
        request.hold = Some(Hold { at: now, review_at });
        tx.insert_staff_message(request, Author::Note, by.staff(), reason, now).await?;
        let event = by.event("request.held").with("review_at", review_at);
        self.hold_back(&tx, &mut intake, stored, &event, now).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Keeps a request that is held by now as it is: what was let out, or approved, is called back.
    pub(in crate::service) async fn hold_back(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        stored: Stored<Request>,
        event: &Event,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        if matches!(stored.value.status, Status::CoolingOff | Status::Executing) {
            self.advance(tx, intake, &mut [stored], Move::Held, event, now).await?;
        } else {
            tx.insert_event(stored.value.id, now, event).await?;
            tx.update_request(&stored).await?;
        }
        Ok(())
    }

    /// Ends a hold.
    pub async fn lift_hold(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
        reason: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, mut intake, mut stored, now } =
            case!(self.open_case(by, Action::Hold, at).await?);
        if stored.value.hold.take().is_none() {
            return Ok(Deed::NotNow);
        }
        tx.insert_staff_message(&stored.value, Author::Note, by.staff(), reason, now).await?;
        let event = by.event("request.hold_lifted");
        if stored.value.right == Right::Deletion && stored.value.status == Status::InReview {
            // Whatever was approved before, the stores are asked anew what there is.
            let mut one = [stored];
            self.advance(&tx, &mut intake, &mut one, Move::PlanChanged, &event, now).await?;
        } else {
            tx.insert_event(stored.value.id, now, &event).await?;
            tx.update_request(&stored).await?;
        }
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
