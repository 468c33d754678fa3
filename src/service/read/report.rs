//! How the promise was kept.

use crate::domain::policy::{Action, Denied};
use crate::domain::report::{Month, Report, Reporter};
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
        let now = self.now();
        if let Err(denied) = by.may(Action::SeeReport, now) {
            return Ok(Err(denied));
        }
        let zone = self.settings.organisation.zone.clone();
        let (first, end) = (from.start(&zone), to.plus(1).start(&zone));
        let mut reporter = Reporter::new(self.settings.promise_hours, now, zone);
        let mut after = None;
        let tx = self.db.begin_read().await?;
        loop {
            let some = tx.report_facts(first, end, after, BATCH).await?;
            for (_, facts) in &some {
                if facts.channel != crate::domain::request::Channel::CommandLine {
                    reporter.add(facts);
                }
            }
            match some.last() {
                Some((last, _)) if some.len() as u64 == BATCH => after = Some(*last),
                _ => return Ok(Ok(reporter.finish())),
            }
        }
    }
}
