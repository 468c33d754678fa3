//! Reads one store page by page into segments.

use std::sync::Arc;

use super::collect::Collector;
use super::{Worker, troubled};
use crate::archive::file::{FileError, FileFacts};
use crate::archive::segment::takes;
use crate::crash;
use crate::db::job::{self, Claimed, Finished};
use crate::domain::controller::Principal;
use crate::domain::record::{FileItem, Gap, GapReason, Item};
use crate::domain::subject::SubjectKey;
use crate::ids::TaskId;
use crate::job::runner::JobError;
use crate::service::gather::{GatherWork, Kept, Read};
use crate::store::{Cursor, Store, StoreError};

pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    task: TaskId,
) -> Result<Finished, JobError> {
    let Some(work) = worker.desk.gather_work(task).await? else {
        return worker.done(claimed).await;
    };
    match read_store(worker, claimed, &work).await {
        Err(Trouble::Store(error)) => {
            worker.desk.store_troubled(task, error.code.as_str()).await?;
            Err(troubled(&error))
        }
        Err(Trouble::Job(error)) => Err(error),
        Ok(finished) => Ok(finished),
    }
}

enum Trouble {
    Store(StoreError),
    Job(JobError),
}

impl<E: Into<JobError>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Job(error.into())
    }
}

async fn read_store(
    worker: &Worker,
    claimed: &Claimed,
    work: &GatherWork,
) -> Result<Finished, Trouble> {
    let unknown = JobError::Fail { code: "unknown_store" };
    let Some(store) = worker.desk.stores().get(&work.task.store) else {
        return Err(unknown.into());
    };
    let Some(export) = store.export() else { return Err(unknown.into()) };
    let kinds = export.asks_for();
    let keys: Vec<SubjectKey> =
        work.keys.iter().filter(|key| kinds.contains(&key.kind)).cloned().collect();
    // A store that only hands out files that others name is asked for nothing itself.
    let last = if kinds.is_empty() {
        Some(Read::default())
    } else if keys.is_empty() {
        None
    } else {
        let mut collector = Collector::new(work.right, store.facts(), work.sieve);
        let mut cursor = work.task.cursor.clone().map(Cursor);
        loop {
            let mut page = export.page(&keys, cursor.as_ref()).await.map_err(Trouble::Store)?;
            collector.note(&mut page);
            for item in page.items {
                if let Item::File(file) = &item
                    && let Some(of) = holder(worker, store, file)
                {
                    collector.hold(&file.collection, of, 1);
                    continue;
                }
                match item {
                    Item::Rows(rows) => collector = collector.add(rows).await?,
                    Item::File(file) if !work.right.gives_data() => {
                        collector.saw_file(&file.at.store);
                    }
                    Item::File(file) => {
                        if let Some(reason) = work.sieve.holds_back(file.category) {
                            let place = format!("{}: {}", file.at.store, file.category);
                            collector.gap(Gap { place, reason, count: 1 });
                            continue;
                        }
                        collector.kind(file.category, file.origin);
                        match fetch(worker, claimed, work, &file).await? {
                            Fetched::Done => {}
                            Fetched::Gap(reason) => {
                                collector.gap(Gap { place: file.at.store, reason, count: 1 });
                            }
                            Fetched::Unwanted => return Ok(worker.done(claimed).await?),
                        }
                    }
                }
            }
            crash::point("segment half");
            cursor = page.next;
            let Some(at) = &cursor else { break };
            if collector.is_full() {
                let read = collector.write(worker, work.archive, &work.key).await?;
                crash::point("segment uploaded");
                if !worker.desk.rows_gathered(work, claimed, read, at).await? {
                    return Ok(worker.done(claimed).await?);
                }
            }
        }
        Some(collector.write(worker, work.archive, &work.key).await?)
    };
    crash::point("store read");
    let tx = worker.db.begin().await?;
    worker.desk.store_gathered(&tx, work, last).await?;
    Ok(job::finish(tx, claimed).await?)
}

/// Whose a file is, where it is not our own: it belongs to the row that names it, or to the folder that
/// it lies in.
fn holder<'w>(
    worker: &'w Worker,
    store: &'w Arc<dyn Store>,
    file: &FileItem,
) -> Option<&'w Principal> {
    let there = worker.desk.stores().get(&file.at.store);
    let by_place = || there.and_then(|there| there.facts().holder_of_file(&file.at.key));
    store.facts().holder(&file.collection).or_else(by_place)
}

enum Fetched {
    Done,
    Gap(GapReason),
    /// The request was withdrawn meanwhile.
    Unwanted,
}

/// Fetches one file from the store that has it, once an archive.
async fn fetch(
    worker: &Worker,
    claimed: &Claimed,
    work: &GatherWork,
    file: &FileItem,
) -> Result<Fetched, Trouble> {
    if !takes(work.right, file.origin) || file.category.is_secret() {
        return Ok(Fetched::Done);
    }
    let item = format!("{}|{}", file.at.store, file.at.key);
    if worker.desk.has_file(work.archive, item.as_bytes()).await? {
        return Ok(Fetched::Done);
    }
    let store = worker.desk.stores().get(&file.at.store);
    let Some(export) = store.and_then(|store| store.export()) else {
        return Ok(Fetched::Gap(GapReason::NotSearchable));
    };
    let opened = export.open(&file.at.key).await.map_err(Trouble::Store)?;
    let Some(opened) = opened else { return Ok(Fetched::Gap(GapReason::Missing)) };
    let facts = FileFacts {
        store: &file.at.store,
        original: &file.name,
        category: file.category.as_str(),
        size: opened.size,
    };
    let part = worker.desk.take_part(work.archive).await?;
    let written =
        worker.vault.write_file(&work.key, part, &*worker.entropy, facts, opened.bytes).await;
    crash::point("file uploaded");
    let segment = match written {
        Ok(segment) => segment,
        Err(FileError::Source(error)) => return Err(Trouble::Store(error)),
        Err(FileError::Size) => {
            return Err(JobError::Retry { code: "file_changed", after: None }.into());
        }
        Err(FileError::Vault(error)) => return Err(error.into()),
    };
    let object = segment.object.clone();
    Ok(match worker.desk.file_gathered(work, claimed, item.as_bytes(), segment).await? {
        Kept::Recorded => Fetched::Done,
        Kept::Known => {
            worker.vault.delete(work.archive.0, &object).await?;
            Fetched::Done
        }
        Kept::Unwanted => Fetched::Unwanted,
    })
}
