//! Has an account rest in one store while its deletion is approved, or ends that.

use std::time::Duration;

use super::{Worker, troubled};
use crate::db::job::{self, Claimed, Finished};
use crate::ids::RequestId;
use crate::job::runner::JobError;
use crate::store::restrict::Mark;

pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    request: RequestId,
    store: &str,
) -> Result<Finished, JobError> {
    let Some(work) = worker.desk.freeze_work(request, store).await? else {
        return worker.done(claimed).await;
    };
    let Some(part) = worker.desk.stores().get(store).and_then(|store| store.restrict()) else {
        return Err(JobError::Fail { code: "unknown_store" });
    };
    let set = part.set(&work.keys, &Mark::Restriction, work.on, work.at).await;
    set.map_err(|error| troubled(&error))?;
    let tx = worker.db.begin().await?;
    if worker.desk.freeze_told(&tx, request, store, &work).await? {
        Ok(job::finish(tx, claimed).await?)
    } else {
        Err(JobError::Wait { code: "changed_meanwhile", after: Duration::ZERO })
    }
}
