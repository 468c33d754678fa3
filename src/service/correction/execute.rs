//! Writes what was approved, store by store, and looks again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::decide::kinds_pending;
use crate::db::Tx;
use crate::db::request::Stored;
use crate::db::task::Phase;
use crate::domain::change::{Applied, Edit, Standing};
use crate::domain::correction::{Change, EditState, NOTICE, Step};
use crate::domain::event::Event;
use crate::domain::gather::TaskStatus;
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::request::{Assurance, Request};
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::domain::subject::SubjectKey;
use crate::domain::telling::Topic;
use crate::ids::{ChangeId, RequestId, TaskId};
use crate::service::{Desk, ServiceError};

/// How long to wait for a notice that has not gone out.
const UNSENT: Duration = Duration::from_mins(5);

/// What is to be done in one store now.
#[derive(Debug)]
pub enum ToCorrect {
    /// Nothing (any more).
    Nothing,
    /// Not before that long.
    Wait(Duration),
    /// These values.
    Go(CorrectWork),
}

/// What is to be written in one store.
#[derive(Debug)]
pub struct CorrectWork {
    /// The store's share.
    pub task: TaskId,
    /// Of which request.
    pub request: RequestId,
    /// The store.
    pub store: String,
    /// Every key of the person.
    pub keys: Vec<SubjectKey>,
    steps: Vec<(ChangeId, Step)>,
}

impl CorrectWork {
    /// The values, in an order that stays.
    pub fn edits(&self) -> Vec<Edit> {
        self.steps.iter().map(|(_, step)| step.edit.clone()).collect()
    }
}

impl Desk {
    /// A job for each store in which something is to be written. What people are found by waits
    /// until they were told and had time to object.
    pub(in crate::service) async fn start_correcting(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        let mut changes = tx.changes_of(id).await?;
        self.tell_of_change(tx, intake, &stored.value, &mut changes, now).await?;
        let mut goals: Vec<(&str, bool)> = Vec::new();
        for step in changes.iter().flat_map(Change::pending) {
            match goals.iter_mut().find(|(store, _)| *store == step.store) {
                Some((_, identity)) => *identity |= step.identity,
                None => goals.push((&step.store, step.identity)),
            }
        }
        let tasks = tx.tasks_of(id).await?;
        for (store, identity) in goals {
            let task = match tasks.iter().find(|task| task.store == store) {
                Some(task) => task.id,
                None => tx.insert_task(id, store, now).await?,
            };
            let Some(mut task) = tx.task(task).await? else { continue };
            (task.phase, task.status) = (Phase::Correct, TaskStatus::Running);
            task.goes_well();
            let delay = if identity { NOTICE } else { SignedDuration::ZERO };
            if identity {
                task.retry_at = Some(now + delay);
            }
            tx.update_task(&task).await?;
            let due = (now + delay).as_millisecond();
            let job = Job::Correct { task: task.id, store: store.to_owned(), due };
            self.enqueue_after(tx, &job, Some(id), delay.unsigned_abs()).await?;
        }
        Ok(())
    }

    /// What is to be written in the store of a task now.
    pub async fn correct_work(&self, id: TaskId) -> Result<ToCorrect, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(seen) = tx.task(id).await? else { return Ok(ToCorrect::Nothing) };
        let Some((mut intake, stored)) = self.lock_request(&tx, seen.request).await? else {
            return Ok(ToCorrect::Nothing);
        };
        let Some(task) = tx.task(id).await? else { return Ok(ToCorrect::Nothing) };
        let request = &stored.value;
        if !corrects(request) || request.is_at_rest() || task.phase != Phase::Correct {
            return Ok(ToCorrect::Nothing);
        }
        self.require_outlet(&tx).await?;
        let mut changes = tx.changes_of(request.id).await?;
        let steps: Vec<(ChangeId, Step)> = (changes.iter())
            .flat_map(|change| change.pending().map(|step| (change.id, step.clone())))
            .filter(|(_, step)| step.store == task.store)
            .collect();
        if steps.is_empty() {
            return Ok(ToCorrect::Nothing);
        }
        // Time has passed since it was approved.
        let lacking = self.lacking(&tx, request, kinds_pending(&changes), now).await?;
        if !lacking.is_empty() {
            let id = request.id;
            let event = Event::by_system("correction.stuck").with("store", &task.store);
            let step = Move::ChangesStuck;
            self.advance(&tx, &mut intake, &mut [stored], step, &event, now).await?;
            self.want_proof(&tx, &intake, id, &lacking, now).await?;
            tx.commit().await?;
            return Ok(ToCorrect::Nothing);
        }
        if steps.iter().any(|(_, step)| step.identity) {
            if tx.has_queued_mail(intake.id, request.id).await? {
                return Ok(ToCorrect::Wait(UNSENT));
            }
            let notified = tx.told_of(request.id).await?.notified_at;
            let Some(notified) = notified.filter(|_| request.assurance >= Assurance::Asserted)
            else {
                // Nobody could be told: a human finds another way.
                for step in changes.iter_mut().flat_map(|change| &mut change.steps) {
                    step.told &= step.state != EditState::Pending;
                }
                self.save(&tx, &changes).await?;
                let event = Event::by_system("notice.failed").with("store", &task.store);
                let step = Move::ChangesStuck;
                self.advance(&tx, &mut intake, &mut [stored], step, &event, now).await?;
                tx.commit().await?;
                return Ok(ToCorrect::Nothing);
            };
            let left = (notified + NOTICE).duration_since(now);
            if left.is_positive() {
                return Ok(ToCorrect::Wait(left.unsigned_abs()));
            }
        }
        let keys = tx.person_keys(request.id).await?;
        let (request, store) = (request.id, task.store);
        Ok(ToCorrect::Go(CorrectWork { task: id, request, store, keys, steps }))
    }

    /// Keeps what came of it. What was written stays known as written, wherever the request is by
    /// now.
    pub(crate) async fn corrected(
        &self,
        tx: &Tx,
        work: &CorrectWork,
        applied: &Applied,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let Some((mut intake, stored)) = self.lock_request(tx, work.request).await? else {
            return Ok(());
        };
        let mut changes = tx.changes_of(work.request).await?;
        let mut fields = tx.fields_of(work.request).await?;
        let mut written = 0;
        for (at, (change, step)) in work.steps.iter().enumerate() {
            let state = match applied {
                Applied::Done => EditState::Done,
                Applied::Conflict(standing) => match &standing[at] {
                    Standing::Pending => EditState::Pending,
                    Standing::Done => EditState::Done,
                    Standing::Gone => EditState::Gone,
                    Standing::Other(now) => {
                        // Staff see what it says now.
                        for field in fields
                            .iter_mut()
                            .filter(|(store, _)| *store == work.store)
                            .flat_map(|(_, fields)| fields)
                            .filter(|field| field.spot == step.edit.spot)
                        {
                            field.value.clone_from(now);
                        }
                        EditState::Changed
                    }
                },
                Applied::Unfit(unfit, places) if places.contains(&at) => (*unfit).into(),
                Applied::Unfit(..) => EditState::Pending,
            };
            written += usize::from(state == EditState::Done);
            keep(&mut changes, *change, step, state);
        }
        self.save(tx, &changes).await?;
        let stuck = *applied != Applied::Done;
        if let Some((_, fields)) = fields.iter().find(|(store, _)| *store == work.store && stuck) {
            tx.set_fields(work.request, &work.store, fields, now).await?;
        }
        if let Some(mut task) = tx.task(work.task).await? {
            task.status = TaskStatus::Done;
            task.goes_well();
            tx.update_task(&task).await?;
        }
        if written > 0 {
            let here = [work.store.as_str()];
            self.list_recipients(tx, work.request, here, Topic::Correction, now).await?;
        }
        let event = if stuck { "correction.stuck" } else { "store.corrected" };
        let event = Event::by_system(event).with("store", &work.store).with("values", written);
        if !corrects(&stored.value) {
            tx.insert_event(work.request, now, &event).await?;
        } else if stuck {
            let step = Move::ChangesStuck;
            self.advance(tx, &mut intake, &mut [stored], step, &event, now).await?;
        } else {
            tx.insert_event(work.request, now, &event).await?;
            self.settle_changes(tx, &mut intake, work.request, now).await?;
        }
        Ok(())
    }

    /// Answers when nothing is left to be written.
    pub(super) async fn settle_changes(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        id: RequestId,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let changes = tx.changes_of(id).await?;
        let Some(stored) = tx.request(id).await? else { return Ok(()) };
        if !corrects(&stored.value) || changes.iter().any(|change| change.pending().count() > 0) {
            return Ok(());
        }
        let event = Event::by_system("request.corrected");
        self.advance(tx, intake, &mut [stored], Move::Corrected, &event, now).await?;
        Ok(())
    }
}

/// Notes how far a step is. One that was written although somebody decided otherwise meanwhile is
/// taken up again: it is so.
fn keep(changes: &mut [Change], change: ChangeId, step: &Step, state: EditState) {
    let mut known = changes.iter_mut().flat_map(|change| &mut change.steps);
    if let Some(known) = known.find(|known| known.id == step.id) {
        if known.state != EditState::Done {
            known.state = state;
        }
        return;
    }
    if state == EditState::Done
        && let Some(change) = changes.iter_mut().find(|known| known.id == change)
    {
        change.steps.push(Step { state, ..step.clone() });
    }
}

/// Whether a correction is being carried out.
pub(in crate::service) fn corrects(request: &Request) -> bool {
    request.right == Right::Correction && request.status == Status::Executing
}
