//! How the promise was kept, and what California wants counted.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::domain::ccpa::{Counter, Line};
use crate::domain::policy::{Action, Denied};
use crate::domain::queue::QueueStage;
use crate::domain::report::{Month, Report, ReportFacts, Reporter};
use crate::domain::request::Channel;
use crate::domain::staff::Member;
use crate::service::{Desk, ServiceError};

/// Requests read in one go.
const BATCH: u64 = 5_000;

impl Desk {
    /// The promise report of the months from `from` to `to`, both included. The command line's
    /// exports are no requests of anybody and are left out.
    pub async fn promise_report(
        &self,
        by: &Member,
        from: Month,
        to: Month,
    ) -> Result<Result<Report, Denied>, ServiceError> {
        if let Err(denied) = by.may(Action::SeeReport, self.now()) {
            return Ok(Err(denied));
        }
        Ok(Ok(self.promise_figures(from, to).await?))
    }

    /// As [`Desk::promise_report`], for a program whose token allows it.
    pub async fn promise_figures(&self, from: Month, to: Month) -> Result<Report, ServiceError> {
        let zone = self.settings.organisation.zone.clone();
        let (first, end) = (from.start(&zone), to.plus(1).start(&zone));
        let mut reporter = Reporter::new(self.settings.promise_hours, self.now(), zone);
        self.each_received(first, end, |facts| reporter.add(facts)).await?;
        Ok(reporter.finish())
    }

    /// What California wants counted of a year.
    pub async fn ccpa_report(
        &self,
        by: &Member,
        year: i16,
    ) -> Result<Result<Vec<Line>, Denied>, ServiceError> {
        if let Err(denied) = by.may(Action::SeeReport, self.now()) {
            return Ok(Err(denied));
        }
        Ok(Ok(self.ccpa_figures(year).await?))
    }

    /// As [`Desk::ccpa_report`], for a program whose token allows it.
    pub async fn ccpa_figures(&self, year: i16) -> Result<Vec<Line>, ServiceError> {
        let zone = &self.settings.organisation.zone;
        let first = Month::january(year);
        let mut counter = Counter::default();
        self.each_received(first.start(zone), first.plus(12).start(zone), |facts| {
            counter.add(facts);
        })
        .await?;
        Ok(counter.finish())
    }

    /// The year that reports are about now: the one before the present.
    pub fn year_to_report(&self) -> i16 {
        Month::of(self.now(), &self.settings.organisation.zone).plus(-12).year()
    }

    /// Hands each request received in `[first, end)` to `see`, once.
    async fn each_received(
        &self,
        first: Timestamp,
        end: Timestamp,
        mut see: impl FnMut(&ReportFacts),
    ) -> Result<(), ServiceError> {
        // A request may be verified or closed while this reads: in this order it is met, and counted
        // where it was met first.
        let mut met = HashSet::new();
        let tx = self.db.begin_read().await?;
        for stage in [QueueStage::Unverified, QueueStage::Open, QueueStage::Closed] {
            let mut after = None;
            loop {
                let some = tx.report_facts(stage, first, end, after, BATCH).await?;
                for (key, facts) in &some {
                    // What is closed is many, and is met last: nothing has to be kept of it.
                    let is_new = match stage {
                        QueueStage::Closed => !met.contains(&key.id),
                        _ => met.insert(key.id),
                    };
                    // Nobody asked at the command line, nor for what the company opens itself.
                    let asked = !matches!(facts.channel, Channel::CommandLine | Channel::Staff);
                    if is_new && asked {
                        see(facts);
                    }
                }
                match some.last() {
                    Some((last, _)) if some.len() as u64 == BATCH => after = Some(*last),
                    _ => break,
                }
            }
        }
        Ok(())
    }
}
