//! Looks once a minute for what time alone brings about.

use super::Worker;
use crate::db::job::{self, Claimed, Finished};
use crate::job::runner::JobError;

pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    minute: i64,
) -> Result<Finished, JobError> {
    let ticked = worker.desk.tick().await;
    let tx = worker.db.begin().await?;
    // Written whatever came of this look, so that a fault does not end all looking.
    worker.desk.next_tick(&tx, minute).await?;
    let finished = job::finish(tx, claimed).await?;
    match ticked {
        Ok(ticked) if ticked != crate::service::tick::Ticked::default() => {
            tracing::info!(?ticked, "time has brought about");
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(code = error.word(), "a look at what is due broke off"),
    }
    Ok(finished)
}
