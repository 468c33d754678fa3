//! Removes sealed objects that nothing needs any more. Their keys are destroyed before.

use std::time::Duration;

use super::Worker;
use crate::crash;
use crate::db::job::{self, Claimed, Finished};
use crate::ids::{ArchiveId, RequestId};
use crate::job::runner::JobError;
use crate::service::archive::Droppable;

/// Until it is looked once more for what a job that was still at it has left.
const AGAIN: Duration = Duration::from_secs(30);

pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    id: ArchiveId,
) -> Result<Finished, JobError> {
    match worker.desk.droppable(id).await? {
        Droppable::Nothing => return worker.done(claimed).await,
        Droppable::AllBut(object) => {
            worker.vault.delete_others(id.0, &object).await?;
        }
        Droppable::All => {
            worker.vault.delete_archive(id.0).await?;
            // Whoever is at it yet finds that nothing is wanted and ends, but may have written.
            if let Some(request) = claimed.request
                && worker.desk.is_being_gathered(RequestId(request)).await?
            {
                return Err(JobError::Retry { code: "still_gathering", after: Some(AGAIN) });
            }
        }
    }
    crash::point("objects deleted");
    let tx = worker.db.begin().await?;
    worker.desk.dropped(&tx, id).await?;
    Ok(job::finish(tx, claimed).await?)
}
