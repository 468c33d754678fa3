//! What stands in the stores, read once and kept sealed until it is decided.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::decide::is_in_review;
use crate::db::Tx;
use crate::db::request::Stored;
use crate::db::task::{Phase, Task};
use crate::domain::category::Category;
use crate::domain::change::Current;
use crate::domain::correction::{Verdict, plain_targets};
use crate::domain::event::Event;
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::intake::Intake;
use crate::domain::record::{Gap, GapReason};
use crate::domain::request::Request;
use crate::domain::state::{Approval, Found, Move, Status};
use crate::domain::subject::SubjectKey;
use crate::ids::{RequestId, TaskId};
use crate::service::locate::gathers;
use crate::service::{Desk, ServiceError};

/// What a store is to be read for.
#[derive(Debug)]
pub struct FieldsWork {
    /// The store's share, as it stands.
    pub task: Task,
    /// Every key of the person.
    pub keys: Vec<SubjectKey>,
}

impl Desk {
    /// What is to be read for a task of a correction; `None` when there is nothing to read any more.
    pub async fn fields_work(&self, id: TaskId) -> Result<Option<FieldsWork>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(task) = tx.task(id).await? else { return Ok(None) };
        let Some(stored) = tx.request(task.request).await? else { return Ok(None) };
        if !reads(&stored.value, &task) {
            return Ok(None);
        }
        let keys = tx.person_keys(task.request).await?;
        Ok(Some(FieldsWork { task, keys }))
    }

    /// Keeps what a store has told. `None` where nothing led there, or the store corrects nothing.
    pub(crate) async fn fields_read(
        &self,
        tx: &Tx,
        work: &FieldsWork,
        read: Option<Current>,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let id = work.task.request;
        let Some((mut intake, stored)) = self.lock_request(tx, id).await? else { return Ok(()) };
        let Some(mut task) = tx.task(work.task.id).await? else { return Ok(()) };
        if !reads(&stored.value, &task) {
            return Ok(());
        }
        let nothing = Gap { place: task.store.clone(), reason: GapReason::NoKey, count: 1 };
        let current = read.unwrap_or_else(|| Current { fields: Vec::new(), gaps: vec![nothing] });
        let rows: BTreeSet<_> =
            current.fields.iter().map(|field| (&field.spot.collection, &field.spot.row)).collect();
        task.tally.rows = rows.len() as u64;
        task.tally.add_gaps(current.gaps);
        task.status = TaskStatus::Done;
        task.goes_well();
        tx.update_task(&task).await?;
        tx.set_fields(id, &task.store, &current.fields, now).await?;
        let event = Event::by_system("store.gathered")
            .with("store", &task.store)
            .with("values", current.fields.len());
        tx.insert_event(id, now, &event).await?;
        self.all_gathered(tx, &mut intake, stored, now).await
    }

    /// Every store has told what stands there: staff decide, unless all of it is plain and nobody
    /// has to.
    pub(in crate::service) async fn all_read(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        mut stored: Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        stored.value.blockers.remove(&Blocker::StoreFailed);
        let event = Event::by_system("request.gathered");
        let step = Move::Gathered(Approval::Needed, Found::Something);
        self.advance(tx, intake, &mut [stored], step, &event, now).await?;
        self.correct_alone(tx, intake, id, now).await
    }

    /// Approves and writes what is plain, where nobody has to look and nobody has decided otherwise.
    pub(in crate::service) async fn correct_alone(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        id: RequestId,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(stored) = tx.request(id).await? else { return Ok(()) };
        let alone = self.approval_of(tx, &stored.value).await? == Approval::NotNeeded
            && !stored.value.on_behalf;
        if !alone || !is_in_review(&stored.value) {
            return Ok(());
        }
        let mut changes = tx.changes_of(id).await?;
        let fields = tx.fields_of(id).await?;
        if changes.iter().any(|change| change.verdict.is_some()) {
            return Ok(());
        }
        let Some(targets) = plain_targets(&changes, &fields, intake.contact.as_ref()) else {
            return Ok(());
        };
        let values = targets.iter().flatten();
        let kinds = values.filter_map(|(_, field)| Category::parse(&field.category)).collect();
        if self.lacks_proof(tx, intake, &stored.value, kinds, now).await? {
            return Ok(());
        }
        for (change, targets) in changes.iter_mut().zip(targets) {
            change.verdict = Some(Verdict::Apply);
            let value = change.asked.value.clone();
            for (store, field) in targets {
                change.steps.push(self.step(store, field, Some(value.clone()), false, now));
            }
            let event = Event::by_system("change.approved").with("values", change.steps.len());
            tx.insert_event(id, now, &event).await?;
        }
        self.save(tx, &changes).await?;
        let Some(stored) = tx.request(id).await? else { return Ok(()) };
        let event = Event::by_system("request.released");
        self.carry_out_changes(tx, intake, stored, &event, now).await?;
        Ok(())
    }
}

fn reads(request: &Request, task: &Task) -> bool {
    gathers(request)
        && request.status == Status::Gathering
        && task.phase == Phase::Gather
        && !task.status.is_over()
}
