//! Corrections in one store: what stands there, and later what shall.

use super::{Worker, troubled};
use crate::crash;
use crate::db::job::{self, Claimed, Finished};
use crate::domain::change::{Applied, Current, Standing};
use crate::domain::subject::SubjectKey;
use crate::ids::TaskId;
use crate::job::runner::JobError;
use crate::service::correction::ToCorrect;
use crate::store::{Export, Store, StoreError};

/// Reads what may be corrected.
pub(super) async fn read(
    worker: &Worker,
    claimed: &Claimed,
    task: TaskId,
) -> Result<Finished, JobError> {
    let Some(work) = worker.desk.fields_work(task).await? else {
        return worker.done(claimed).await;
    };
    let store = store(worker, &work.task.store)?;
    let read = match store.correct() {
        // Nothing in it is open to corrections; staff see that.
        None => Some(Current::default()),
        Some(part) => {
            let keys = asked(store, &work.keys);
            if keys.is_empty() {
                None
            } else {
                match part.current(&keys).await {
                    Ok(current) => Some(current),
                    Err(error) => return Err(told(worker, task, &error).await?),
                }
            }
        }
    };
    let tx = worker.db.begin().await?;
    worker.desk.fields_read(&tx, &work, read).await?;
    Ok(job::finish(tx, claimed).await?)
}

/// Writes what was approved, and looks over a fresh connection what came of it.
pub(super) async fn write(
    worker: &Worker,
    claimed: &Claimed,
    task: TaskId,
) -> Result<Finished, JobError> {
    let work = match worker.desk.correct_work(task).await? {
        ToCorrect::Nothing => return worker.done(claimed).await,
        ToCorrect::Wait(after) => return Err(JobError::Wait { code: "notice", after }),
        ToCorrect::Go(work) => work,
    };
    let store = store(worker, &work.store)?;
    let Some(part) = store.correct() else {
        return Err(JobError::Fail { code: "cannot_correct" });
    };
    let (keys, edits) = (asked(store, &work.keys), work.edits());
    crash::point("correction before");
    let applied = match part.apply(&keys, &edits).await {
        Ok(applied) => applied,
        Err(error) => return Err(told(worker, task, &error).await?),
    };
    crash::point("correction written");
    if applied == Applied::Done {
        let standing = match part.read_back(&keys, &edits).await {
            Ok(standing) => standing,
            Err(error) => return Err(told(worker, task, &error).await?),
        };
        if standing.iter().any(|one| *one != Standing::Done) {
            // Tried again, it turns out as a conflict, which a human sees.
            worker.desk.store_troubled(task, "not_read_back").await?;
            return Err(JobError::Retry { code: "not_read_back", after: None });
        }
    }
    let tx = worker.db.begin().await?;
    worker.desk.corrected(&tx, &work, &applied).await?;
    Ok(job::finish(tx, claimed).await?)
}

fn store<'w>(worker: &'w Worker, name: &str) -> Result<&'w dyn Store, JobError> {
    let store = worker.desk.stores().get(name);
    store.map(|store| &**store).ok_or(JobError::Fail { code: "unknown_store" })
}

/// The keys that a store is searched by.
fn asked(store: &dyn Store, keys: &[SubjectKey]) -> Vec<SubjectKey> {
    let kinds = store.export().map(Export::asks_for).unwrap_or_default();
    keys.iter().filter(|key| kinds.contains(&key.kind)).cloned().collect()
}

async fn told(worker: &Worker, task: TaskId, error: &StoreError) -> Result<JobError, JobError> {
    worker.desk.store_troubled(task, error.code.as_str()).await?;
    Ok(troubled(error))
}
