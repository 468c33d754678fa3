//! Reading the stores: what one store's job needs, what it brings back, and what follows when the
//! last one is done.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::assurance::kinds_found;
use super::locate::gathers;
use super::{Desk, ServiceError};
use crate::archive::segment::Segment;
use crate::db::Tx;
use crate::db::archive::{ArchiveState, StoredSegment};
use crate::db::job::{self, Claimed};
use crate::db::task::{Phase, Task};
use crate::domain::assurance::Sieve;
use crate::domain::event::Event;
use crate::domain::gather::{Blocker, Tally, TaskStatus};
use crate::domain::record::{Gap, GapReason};
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::{Approval, Found, Move, Status};
use crate::domain::subject::SubjectKey;
use crate::ids::{ArchiveId, TaskId};
use crate::keys::stream::ArchiveKey;
use crate::store::Cursor;

/// What a store is to be read for.
#[derive(Debug)]
pub struct GatherWork {
    /// The store's share, as it stands.
    pub task: Task,
    /// What was asked for.
    pub right: Right,
    /// Every key of the person.
    pub keys: Vec<SubjectKey>,
    /// Where segments go.
    pub archive: ArchiveId,
    /// What they are sealed with.
    pub key: ArchiveKey,
    /// What of the data is not given.
    pub sieve: Sieve,
}

/// What was read of a store since it was last recorded.
#[derive(Debug, Default)]
pub struct Read {
    /// Segments that lie in archive storage.
    pub segments: Vec<Segment>,
    /// Rows, gaps and withheld things.
    pub tally: Tally,
    /// Files that were seen and not fetched, by the store that has them.
    pub seen: BTreeMap<String, u64>,
}

/// What became of a file's segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is part of the archive.
    Recorded,
    /// The file was there already: the segment is the caller's to remove.
    Known,
    /// The request was withdrawn. A job removes everything.
    Unwanted,
}

impl Desk {
    /// What is to be read for a task; `None` when there is nothing to read any more.
    pub async fn gather_work(&self, id: TaskId) -> Result<Option<GatherWork>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(task) = tx.task(id).await? else { return Ok(None) };
        let Some(stored) = tx.request(task.request).await? else { return Ok(None) };
        // A failed one has been given another chance, or this job would be dead.
        if !gathers(&stored.value) || task.phase != Phase::Gather || task.status.is_over() {
            return Ok(None);
        }
        let Some(archive) = tx.archive_of(task.request).await? else { return Ok(None) };
        let keys = tx.person_keys(task.request).await?;
        let country = tx.intake(stored.value.intake).await?.and_then(|intake| intake.country);
        let proof = self.proof_of(&tx, &stored.value, self.now()).await?;
        drop(tx);
        let Some(key) = self.building_key(archive.id).await? else { return Ok(None) };
        Ok(Some(GatherWork {
            sieve: Sieve::new(&self.laws(country.as_deref()), proof),
            right: stored.value.right,
            keys,
            archive: archive.id,
            key,
            task,
        }))
    }

    /// The number of the next segment of an archive. Numbers are taken one by one, under the lock
    /// of the archive's row, so two stores never write to the same place.
    pub async fn take_part(&self, archive: ArchiveId) -> Result<u32, ServiceError> {
        let tx = self.db.begin().await?;
        let part = tx.take_part(archive).await?;
        tx.commit().await?;
        Ok(part)
    }

    /// Whether a file is in the archive already.
    pub async fn has_file(&self, archive: ArchiveId, item: &[u8]) -> Result<bool, ServiceError> {
        let tx = self.db.begin_read().await?;
        Ok(tx.has_item(archive, item).await?)
    }

    /// Records a file's segment and counts it for the store that has it.
    ///
    /// # Errors
    /// [`DbError::LeaseLost`](crate::db::DbError::LeaseLost) when another worker has taken over the
    /// job `claimed`; also of [`Desk::rows_gathered`].
    pub async fn file_gathered(
        &self,
        work: &GatherWork,
        claimed: &Claimed,
        item: &[u8],
        segment: Segment,
    ) -> Result<Kept, ServiceError> {
        let tx = self.db.begin().await?;
        if !self.still_wanted(&tx, work).await? {
            return Ok(Kept::Unwanted);
        }
        job::hold(&tx, claimed).await?;
        let store = segment.store.clone();
        let stored = stored(work, segment);
        if !tx.insert_segment(work.archive, &stored, Some(item), self.now()).await? {
            return Ok(Kept::Known);
        }
        tx.count_files(work.task.request, &store, 1).await?;
        tx.commit().await?;
        Ok(Kept::Recorded)
    }

    /// Records segments together with the cursor after them: a crash repeats what was read since
    /// the last such moment and nothing else. `false` when the work is not wanted any more.
    pub async fn rows_gathered(
        &self,
        work: &GatherWork,
        claimed: &Claimed,
        read: Read,
        cursor: &Cursor,
    ) -> Result<bool, ServiceError> {
        let tx = self.db.begin().await?;
        if !self.record(&tx, work, read, Some(cursor)).await? {
            return Ok(false);
        }
        job::hold(&tx, claimed).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn record(
        &self,
        tx: &Tx,
        work: &GatherWork,
        read: Read,
        cursor: Option<&Cursor>,
    ) -> Result<bool, ServiceError> {
        if !self.still_wanted(tx, work).await? {
            return Ok(false);
        }
        for segment in read.segments {
            let stored = stored(work, segment);
            tx.insert_segment(work.archive, &stored, None, self.now()).await?;
        }
        for (store, many) in &read.seen {
            tx.count_files(work.task.request, store, *many).await?;
        }
        // Read anew: files of this store that other stores named were counted meanwhile.
        let Some(mut task) = tx.task(work.task.id).await? else { return Ok(false) };
        task.tally.rows += read.tally.rows;
        task.tally.add_gaps(read.tally.gaps);
        task.tally.add_withheld(read.tally.withheld);
        task.tally.add_held(read.tally.held);
        task.tally.kinds.extend(read.tally.kinds);
        task.cursor = cursor.map(|cursor| cursor.0.clone());
        task.goes_well();
        tx.update_task(&task).await?;
        Ok(true)
    }

    async fn still_wanted(&self, tx: &Tx, work: &GatherWork) -> Result<bool, ServiceError> {
        let Some((_, stored)) = self.lock_request(tx, work.task.request).await? else {
            return Ok(false);
        };
        let current = tx.archive_of(work.task.request).await?;
        let same = current.is_some_and(|archive| {
            archive.id == work.archive && archive.state == ArchiveState::Building
        });
        // Staff may have left the store out meanwhile, or another worker finished it.
        let task = tx.task(work.task.id).await?;
        Ok(gathers(&stored.value) && same && task.is_some_and(|task| !task.status.is_over()))
    }

    /// A store is done: what was read last is recorded, and when it was the last store, the request
    /// moves on. A store without a key to search by is done too; that is a gap.
    pub(crate) async fn store_gathered(
        &self,
        tx: &Tx,
        work: &GatherWork,
        read: Option<Read>,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let without_key = read.is_none();
        if !self.record(tx, work, read.unwrap_or_default(), None).await? {
            return Ok(());
        }
        let Some(mut task) = tx.task(work.task.id).await? else { return Ok(()) };
        let Some(stored) = tx.request(task.request).await? else { return Ok(()) };
        let Some(mut intake) = tx.intake(stored.value.intake).await? else { return Ok(()) };
        if without_key {
            let gap = Gap { place: task.store.clone(), reason: GapReason::NoKey, count: 1 };
            task.tally.add_gaps([gap]);
        }
        task.status = TaskStatus::Done;
        tx.update_task(&task).await?;
        let event = Event::by_system("store.gathered")
            .with("store", &task.store)
            .with("rows", task.tally.rows)
            .with("files", task.tally.files);
        tx.insert_event(task.request, now, &event).await?;
        self.all_gathered(tx, &mut intake, stored, now).await
    }

    /// When every store is done or skipped, the request moves on.
    pub(super) async fn all_gathered(
        &self,
        tx: &Tx,
        intake: &mut crate::domain::intake::Intake,
        mut stored: crate::db::request::Stored<crate::domain::request::Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let tasks = tx.tasks_of(stored.value.id).await?;
        if !tasks.iter().all(|task| task.status.is_over()) {
            return Ok(());
        }
        let held = tasks.iter().flat_map(|task| &task.tally.held);
        let found = held.map(|held| held.controller.id.clone()).collect();
        self.list_controllers(tx, &stored.value, found, now).await?;
        if stored.value.right == Right::Correction {
            return self.all_read(tx, intake, stored, now).await;
        }
        stored.value.blockers.remove(&Blocker::StoreFailed);
        let found = found_for(&stored.value, &tasks);
        let id = stored.value.id;
        let lacking = self.lacking(tx, &stored.value, kinds_found(&tasks), now).await?;
        let approval = match self.approval_of(tx, &stored.value).await? {
            Approval::NotNeeded if lacking.is_empty() => Approval::NotNeeded,
            _ => Approval::Needed,
        };
        if stored.value.status == Status::Fulfilled {
            self.remade(tx, intake, stored, approval, found, now).await?;
            return self.want_proof(tx, intake, id, &lacking, now).await;
        }
        let event = Event::by_system("request.gathered")
            .with("rows", tasks.iter().map(|task| task.tally.rows).sum::<u64>())
            .with("files", tasks.iter().map(|task| task.tally.files).sum::<u64>());
        let mut one = [stored];
        self.advance(tx, intake, &mut one, Move::Gathered(approval, found), &event, now).await?;
        self.want_proof(tx, intake, id, &lacking, now).await
    }

    /// A store has given trouble.
    pub async fn store_troubled(&self, id: TaskId, code: &str) -> Result<(), ServiceError> {
        let tx = self.db.begin().await?;
        let Some(seen) = tx.task(id).await? else { return Ok(()) };
        // Other stores' jobs count files in this task.
        self.lock_request(&tx, seen.request).await?;
        let Some(mut task) = tx.task(id).await? else { return Ok(()) };
        task.attempts += 1;
        task.last_error = Some(code.to_owned());
        tx.update_task(&task).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The job of a store was put off: it is asked again at `retry_at`.
    pub(crate) async fn store_waits(
        &self,
        tx: &Tx,
        id: TaskId,
        retry_at: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(seen) = tx.task(id).await? else { return Ok(()) };
        self.lock_request(tx, seen.request).await?;
        let Some(mut task) = tx.task(id).await? else { return Ok(()) };
        if !task.status.is_over() {
            task.retry_at = Some(retry_at);
            tx.update_task(&task).await?;
        }
        Ok(())
    }

    /// A store has failed for good: the request waits for a human; others go on.
    pub(crate) async fn store_failed(
        &self,
        tx: &Tx,
        id: TaskId,
        code: &str,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let Some(seen) = tx.task(id).await? else { return Ok(()) };
        let Some((_, stored)) = self.lock_request(tx, seen.request).await? else { return Ok(()) };
        let Some(mut task) = tx.task(id).await? else { return Ok(()) };
        if task.status.is_over() {
            return Ok(());
        }
        task.status = TaskStatus::Failed;
        task.last_error = Some(code.to_owned());
        task.retry_at = None;
        tx.update_task(&task).await?;
        if stored.value.status.is_closed() && stored.value.status != Status::Fulfilled {
            return Ok(());
        }
        let event = Event::by_system("store.failed").with("store", &task.store).with("code", code);
        tx.insert_event(task.request, now, &event).await?;
        self.block(tx, stored, Blocker::StoreFailed, now).await
    }
}

fn stored(work: &GatherWork, segment: Segment) -> StoredSegment<Segment> {
    StoredSegment { part: segment.object.part, task: work.task.id, detail: segment }
}

/// Whether any store holds anything. A store that could not be searched because nothing led there
/// counts as a gap only beside something that was found.
fn found(tasks: &[Task]) -> Found {
    let holds = |task: &Task| {
        !task.tally.is_empty()
            || !task.tally.withheld.is_empty()
            || !task.tally.held.is_empty()
            || task.status == TaskStatus::Skipped
            || task.tally.gaps.iter().any(|gap| gap.reason != GapReason::NoKey)
    };
    if tasks.iter().any(holds) { Found::Something } else { Found::Nothing }
}

/// What the answer to a request depends on: some are given with an archive whatever was found.
pub(super) fn found_for(request: &Request, tasks: &[Task]) -> Found {
    if request.right.is_answered_anyway() { Found::Something } else { found(tasks) }
}

/// What a request's approval means for an archive that is made again.
pub(super) const fn goes_out(approval: Approval) -> bool {
    matches!(approval, Approval::NotNeeded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::RequestId;
    use uuid::Uuid;

    fn task(tally: Tally) -> Task {
        Task {
            id: TaskId(Uuid::nil()),
            request: RequestId(Uuid::nil()),
            store: "shop".into(),
            status: TaskStatus::Done,
            phase: Phase::Gather,
            keys_asked: 1,
            cursor: None,
            tally,
            attempts: 0,
            last_error: None,
            retry_at: None,
            skip_reason: None,
        }
    }

    fn gap(reason: GapReason) -> Tally {
        let gaps = vec![Gap { place: "x".into(), reason, count: 1 }];
        Tally { gaps, ..Tally::default() }
    }

    #[test]
    fn a_gap_is_not_emptiness() {
        assert_eq!(found(&[task(Tally::default())]), Found::Nothing);
        assert_eq!(found(&[task(gap(GapReason::NoKey))]), Found::Nothing);
        assert_eq!(found(&[task(gap(GapReason::Missing))]), Found::Something);
        let rows = Tally { rows: 1, ..Tally::default() };
        assert_eq!(found(&[task(Tally::default()), task(rows)]), Found::Something);
    }
}
