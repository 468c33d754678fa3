//! Removes sealed objects that nothing needs any more. Their keys are destroyed before.

use super::Worker;
use crate::db::job::{self, Claimed, Finished};
use crate::ids::ArchiveId;
use crate::job::runner::JobError;
use crate::service::archive::Droppable;

pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    id: ArchiveId,
) -> Result<Finished, JobError> {
    match worker.desk.droppable(id).await? {
        Droppable::Nothing => return worker.done(claimed).await,
        Droppable::Segments(objects) => {
            for object in &objects {
                worker.vault.delete(id.0, object).await?;
            }
        }
        Droppable::All => {
            worker.vault.delete_archive(id.0).await?;
        }
    }
    let tx = worker.db.begin().await?;
    worker.desk.dropped(&tx, id).await?;
    Ok(job::finish(tx, claimed).await?)
}
