//! Writes into the ledger that requests came in, so that a restored database can be told what it has
//! lost.

use super::Worker;
use super::erase::LEDGER;
use crate::db::job::{self, Claimed, Finished};
use crate::ids::IntakeId;
use crate::job::runner::JobError;

/// A line a request.
pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    intake: IntakeId,
) -> Result<Finished, JobError> {
    for note in worker.desk.received_notes(intake).await? {
        worker.ledger.keep_received(&note).await.map_err(|_| LEDGER)?;
    }
    let tx = worker.db.begin().await?;
    Ok(job::finish(tx, claimed).await?)
}
