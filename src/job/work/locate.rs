//! Asks one store who the person is there.

use super::{Worker, troubled};
use crate::db::job::{self, Claimed, Finished};
use crate::domain::subject::SubjectKey;
use crate::ids::TaskId;
use crate::job::runner::JobError;
use crate::store::Located;

pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    task: TaskId,
) -> Result<Finished, JobError> {
    let Some(work) = worker.desk.locate_work(task).await? else {
        return worker.done(claimed).await;
    };
    let store = worker.desk.stores().get(&work.store);
    let Some(export) = store.and_then(|store| store.export()) else {
        return Err(JobError::Fail { code: "unknown_store" });
    };
    let kinds = export.asks_for();
    let keys: Vec<SubjectKey> =
        work.keys.iter().filter(|key| kinds.contains(&key.kind)).cloned().collect();
    let told = if keys.is_empty() {
        Located::default()
    } else {
        match export.locate(&keys).await {
            Ok(told) => told,
            Err(error) => {
                worker.desk.store_troubled(task, error.code.as_str()).await?;
                return Err(troubled(&error));
            }
        }
    };
    let tx = worker.db.begin().await?;
    worker.desk.located(&tx, task, &work, told).await?;
    Ok(job::finish(tx, claimed).await?)
}
