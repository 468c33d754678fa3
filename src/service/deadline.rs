//! The statutory dates of a request: computed when it is received, and anew when something happened
//! that a law looks at. What is kept tells the rule, its version and every step.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{Desk, ServiceError};
use crate::db::deadline::Clock;
use crate::db::{DbError, Tx};
use crate::domain::deadline::{
    Asked, Course, Kept, Regime, Remaining, Subject, binding, dates, is_late,
};
use crate::domain::decision::PauseGround;
use crate::domain::event::Event;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::settings::DeletionReview;
use crate::domain::state::{Approval, Status};
use crate::ids::RequestId;

/// Where no law of ours has a date, which the configuration keeps from being: the shortest month.
const FALLBACK: SignedDuration = SignedDuration::from_hours(28 * 24);

impl Desk {
    /// Starts the clock of a new request. `claimed` is the law that whoever asked named.
    pub(super) async fn start_clock(
        &self,
        tx: &Tx,
        request: &Request,
        claimed: Option<Regime>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let course = Course { claimed, ..Course::default() };
        self.count(tx, request, Clock { course, ..Clock::default() }, now).await?;
        Ok(())
    }

    /// Computes the dates anew after `change` to what happened. They are returned, and kept.
    pub(super) async fn recount(
        &self,
        tx: &Tx,
        request: &Request,
        now: Timestamp,
        change: impl FnOnce(&mut Course) + Send,
    ) -> Result<Vec<Kept>, ServiceError> {
        let mut clock = tx.clock(request.id).await?.unwrap_or_default();
        change(&mut clock.course);
        self.count(tx, request, clock, now).await
    }

    async fn count(
        &self,
        tx: &Tx,
        request: &Request,
        mut clock: Clock,
        now: Timestamp,
    ) -> Result<Vec<Kept>, ServiceError> {
        let dates = self.computed(request, &clock.course);
        let due = binding(&dates).and_then(|bound| bound.end);
        if clock.due_at != due {
            // Another date is another countdown.
            (clock.due_at, clock.alerted, clock.forecast_told) = (due, None, false);
        }
        tx.save_clock(request.id, &clock, now).await?;
        tx.save_deadlines(request.id, &dates).await?;
        Ok(dates)
    }

    fn computed(&self, request: &Request, course: &Course) -> Vec<Kept> {
        let subject = Subject {
            received_at: request.received_at(),
            // What needs no code was taken, and nobody was verified.
            verified_at: request.verified_at.filter(|_| !request.right.is_lodged()),
            right: request.right.as_str(),
        };
        let organisation = &self.settings.organisation;
        dates(&subject, &organisation.law, &organisation.zone, course)
    }

    /// The dates of requests as they are kept; of one from before there were any, as they would be.
    pub(super) async fn dates_of<'r>(
        &self,
        tx: &Tx,
        requests: impl Iterator<Item = &'r Request> + Clone,
    ) -> Result<HashMap<RequestId, Vec<Kept>>, DbError> {
        let mut all = tx.deadlines_of(requests.clone().map(|request| request.id)).await?;
        for request in requests {
            all.entry(request.id).or_insert_with(|| self.computed(request, &Course::default()));
        }
        Ok(all)
    }

    /// The dates of one request.
    pub(super) async fn dates_of_one(
        &self,
        tx: &Tx,
        request: &Request,
    ) -> Result<Vec<Kept>, DbError> {
        let mut all = self.dates_of(tx, std::iter::once(request)).await?;
        Ok(all.remove(&request.id).unwrap_or_default())
    }

    /// The earliest moment at which one of `requests` is too late by law.
    pub(super) async fn first_due_at(
        &self,
        tx: &Tx,
        requests: &[&Request],
        now: Timestamp,
    ) -> Result<Timestamp, DbError> {
        let dates = self.dates_of(tx, requests.iter().copied()).await?;
        let due = |request: &&Request| due_at(request, &dates[&request.id]);
        Ok(requests.iter().map(due).min().unwrap_or(now))
    }

    /// The person was asked something: a clock may stand still for it.
    pub(super) async fn question_asked(
        &self,
        tx: &Tx,
        request: &Request,
        ground: PauseGround,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let what = match ground {
            PauseGround::AskedPerson => Asked::Meaning,
            PauseGround::IdentityDoubt => Asked::Identity,
            PauseGround::Internal => return Ok(()),
        };
        self.recount(tx, request, now, |course| course.ask(what, now)).await?;
        Ok(())
    }

    /// The person answered, or is waited for no longer.
    pub(super) async fn question_answered(
        &self,
        tx: &Tx,
        request: &Request,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        self.recount(tx, request, now, |course| {
            course.answer(now);
        })
        .await?;
        Ok(())
    }

    /// The mail server has the notice that it takes longer: only now the person was told. One that
    /// is too late extends nothing, and that is kept.
    pub(super) async fn extension_told(
        &self,
        tx: &Tx,
        request: &mut Request,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let dates = self.recount(tx, request, now, |course| course.notice_at = Some(now)).await?;
        if is_late(&dates) {
            request.extended_to = None;
            let event = Event::by_system("request.extension_late");
            let event = event.with("overdue_from", due_at(request, &dates));
            tx.insert_event(request.id, now, &event).await?;
        }
        Ok(())
    }

    /// The notice never reached the person: nothing is extended, and it can be tried again.
    pub(super) async fn extension_lost(
        &self,
        tx: &Tx,
        request: &mut Request,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        request.extended_to = None;
        self.recount(tx, request, now, |course| course.notice_at = None).await?;
        let event = Event::by_system("request.extension_lost");
        tx.insert_event(request.id, now, &event).await?;
        Ok(())
    }

    /// What still has to happen to a request before its answer.
    pub(super) async fn remaining(
        &self,
        tx: &Tx,
        request: &Request,
        now: Timestamp,
    ) -> Result<Remaining, ServiceError> {
        let deletes = request.right == Right::Deletion;
        let reviews = match (deletes, self.approval(request)) {
            _ if !matches!(request.status, Status::Gathering | Status::InReview) => 0,
            (true, _) if self.settings.review.deletion == DeletionReview::TwoPerson => 2,
            (true, _) | (_, Approval::Needed) => 1,
            (false, Approval::NotNeeded) => 0,
        };
        let plan = if deletes { tx.plan_facts(request.id).await? } else { None };
        let cooling_off = match plan {
            Some(plan) => plan.cooled_at.duration_since(now).max(SignedDuration::ZERO),
            None if deletes => self.cooling_off(now),
            None => SignedDuration::ZERO,
        };
        Ok(Remaining {
            gathering: request.status == Status::Gathering,
            reviews,
            cooling_off,
            executing: !request.status.is_closed(),
        })
    }

    /// How long a person has to take a deletion back that is told to them now.
    pub(super) fn cooling_off(&self, now: Timestamp) -> SignedDuration {
        self.ends(self.settings.deletion.cooling_off, now).duration_since(now)
    }
}

/// The first moment at which the answer is too late by law.
pub(super) fn due_at(request: &Request, dates: &[Kept]) -> Timestamp {
    let bound = binding(dates).and_then(|bound| bound.end);
    bound.unwrap_or_else(|| request.received_at() + FALLBACK)
}
