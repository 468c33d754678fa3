//! Tells staff that a statutory date comes near, and that what is left will hardly fit before it.

use jiff::{SignedDuration, Timestamp};

use super::tick::{BATCH, pass_over};
use super::{Desk, ServiceError};
use crate::domain::event::Event;
use crate::domain::notice::{DEADLINE_STEPS, Notice};
use crate::domain::queue::QueueStage;
use crate::ids::RequestId;

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Nothing that is left takes longer, so that later dates need no look.
const LONGEST: SignedDuration = SignedDuration::from_hours(14 * 24);

impl Desk {
    /// Looks which dates have come near. Returns how many requests staff are told of.
    pub(super) async fn count_down(&self, now: Timestamp) -> Result<u64, ServiceError> {
        self.start_missing_clocks(now).await?;
        let mut told = 0;
        // The nearest first, so that after an outage one mail tells of the last step alone.
        let mut steps = DEADLINE_STEPS;
        steps.sort_unstable();
        for days in steps {
            let tx = self.db.begin_read().await?;
            let until = now + DAY * i32::try_from(days).unwrap_or(0);
            let due = tx.deadlines_to_alert(days, now, until, BATCH).await?;
            drop(tx);
            for id in due {
                told += self.tell_deadline(id, days, now).await.or_else(pass_over)?;
            }
        }
        let tx = self.db.begin_read().await?;
        let mut missing = Vec::new();
        for id in
            tx.deadlines_to_forecast(now, now + LONGEST + self.cooling_off(now), BATCH).await?
        {
            let (request, clock) = (tx.request(id).await?, tx.clock(id).await?);
            let due = clock.and_then(|clock| clock.due_at);
            if let (Some(stored), Some(due)) = (request, due)
                && self.remaining(&tx, &stored.value, now).await?.misses(now, due)
            {
                missing.push(id);
            }
        }
        drop(tx);
        for id in missing {
            told += self.tell_forecast(id, now).await.or_else(pass_over)?;
        }
        Ok(told)
    }

    /// Requests from before there were clocks get one.
    async fn start_missing_clocks(&self, now: Timestamp) -> Result<(), ServiceError> {
        let tx = self.db.begin_read().await?;
        let bare = tx.requests_without_clock(BATCH).await?;
        drop(tx);
        for id in bare {
            let tx = self.db.begin().await?;
            let Some((_, stored)) = self.lock_request(&tx, id).await? else { continue };
            if tx.clock(id).await?.is_none() {
                self.start_clock(&tx, &stored.value, None, now).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    async fn tell_deadline(
        &self,
        id: RequestId,
        days: u32,
        now: Timestamp,
    ) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        let Some((_, stored)) = self.lock_request(&tx, id).await? else { return Ok(0) };
        let Some(mut clock) = tx.clock(id).await? else { return Ok(0) };
        let request = &stored.value;
        let open = request.queue_stage() == QueueStage::Open && request.answered_at.is_none();
        if !open || clock.alerted.is_some_and(|told| told <= days) {
            return Ok(0);
        }
        clock.alerted = Some(days);
        tx.save_clock(id, &clock, now).await?;
        self.tell_staff(&tx, request, Notice::Deadline(days), now).await?;
        let event = Event::by_system("request.deadline_near").with("days", days);
        tx.insert_event(id, now, &event).await?;
        tx.commit().await?;
        Ok(1)
    }

    async fn tell_forecast(&self, id: RequestId, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        let Some((_, stored)) = self.lock_request(&tx, id).await? else { return Ok(0) };
        let Some(mut clock) = tx.clock(id).await? else { return Ok(0) };
        let request = &stored.value;
        if clock.forecast_told || request.answered_at.is_some() || request.status.is_closed() {
            return Ok(0);
        }
        clock.forecast_told = true;
        tx.save_clock(id, &clock, now).await?;
        self.tell_staff(&tx, request, Notice::Forecast, now).await?;
        let hours = self.remaining(&tx, request, now).await?.needed().as_hours();
        let event = Event::by_system("request.forecast_miss").with("hours", hours);
        tx.insert_event(id, now, &event).await?;
        tx.commit().await?;
        Ok(1)
    }
}
