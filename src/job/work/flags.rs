//! Tells one store what holds for a person, reads it back, and ends restrictions.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Worker, troubled};
use crate::db::job::{self, Claimed, Finished};
use crate::domain::subject::SubjectKey;
use crate::ids::{RequestId, TaskId};
use crate::job::runner::JobError;
use crate::service::flag::apply::FlagWork;
use crate::service::flag::lift::Lifting;
use crate::store::restrict::{Marked, Restrict};
use crate::store::{Located, Store, StoreError};

/// Until it is looked again whether the person was told.
const LOOK_AGAIN: Duration = Duration::from_mins(10);

pub(super) async fn set(
    worker: &Worker,
    claimed: &Claimed,
    task: TaskId,
) -> Result<Finished, JobError> {
    let Some(work) = worker.desk.flag_work(task).await? else {
        return worker.done(claimed).await;
    };
    let Some(store) = worker.desk.stores().get(&work.store) else {
        return Err(JobError::Fail { code: "unknown_store" });
    };
    let store = store.as_ref();
    let located = match locate(store, &work.keys).await {
        Ok(located) => located,
        Err(error) => return Err(given_up(worker, task, &error).await?),
    };
    if work.is_strict && holds_two(&located) {
        let tx = worker.db.begin().await?;
        worker.desk.flags_doubtful(&tx, task).await?;
        return Ok(job::finish(tx, claimed).await?);
    }
    let read = match store.restrict() {
        None => Marked::default(),
        Some(part) => match mark(part, &work).await {
            Ok(Some(read)) => read,
            Ok(None) => {
                worker.desk.store_troubled(task, "not_read_back").await?;
                return Err(JobError::Retry { code: "not_read_back", after: None });
            }
            Err(error) => return Err(given_up(worker, task, &error).await?),
        },
    };
    let tx = worker.db.begin().await?;
    worker.desk.flags_told(&tx, task, &work, located, read).await?;
    Ok(job::finish(tx, claimed).await?)
}

pub(super) async fn settle(
    worker: &Worker,
    claimed: &Claimed,
    request: RequestId,
) -> Result<Finished, JobError> {
    let tx = worker.db.begin().await?;
    worker.desk.settle_flags(&tx, request).await?;
    Ok(job::finish(tx, claimed).await?)
}

pub(super) async fn lift(
    worker: &Worker,
    claimed: &Claimed,
    request: RequestId,
) -> Result<Finished, JobError> {
    let tx = worker.db.begin().await?;
    match worker.desk.lift_due(&tx, request).await? {
        Lifting::Over => Ok(job::finish(tx, claimed).await?),
        Lifting::NotYet => Err(JobError::Wait { code: "not_told_yet", after: LOOK_AGAIN }),
    }
}

async fn locate(store: &dyn Store, keys: &[SubjectKey]) -> Result<Located, StoreError> {
    let Some(export) = store.export() else { return Ok(Located::default()) };
    let kinds = export.asks_for();
    let keys: Vec<SubjectKey> =
        keys.iter().filter(|key| kinds.contains(&key.kind)).cloned().collect();
    if keys.is_empty() { Ok(Located::default()) } else { export.locate(&keys).await }
}

/// Sets every mark and looks afresh; `None` when one does not stand as it was set.
async fn mark(part: &dyn Restrict, work: &FlagWork) -> Result<Option<Marked>, StoreError> {
    let mut all = Marked::default();
    for (mark, on) in &work.marks {
        part.set(&work.keys, mark, *on, work.at).await?;
        let read = part.is_set(&work.keys, mark).await?;
        if read.set != if *on { read.people } else { 0 } {
            return Ok(None);
        }
        all = Marked { people: all.people.max(read.people), set: all.set.max(read.set) };
    }
    Ok(Some(all))
}

/// Whether two rows of one table are the person: they may be two people.
fn holds_two(located: &Located) -> bool {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for person in &located.people {
        *rows.entry(&person.collection).or_default() += 1;
    }
    rows.values().any(|rows| *rows > 1)
}

async fn given_up(worker: &Worker, task: TaskId, error: &StoreError) -> Result<JobError, JobError> {
    worker.desk.store_troubled(task, error.code.as_str()).await?;
    Ok(troubled(error))
}
