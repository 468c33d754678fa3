//! A fresh look at what became of a step.

use jiff::Timestamp;

use super::{is_erasing, scope_of};
use crate::db::Tx;
use crate::domain::erase::{EraseScope, RowId, Verdict};
use crate::domain::erasure::{Step, StepRows, StepState};
use crate::domain::event::Event;
use crate::domain::gather::{Blocker, FollowUp};
use crate::domain::job::Job;
use crate::domain::subject::SubjectKey;
use crate::ids::{RequestId, StepId};
use crate::service::{Desk, ServiceError};

/// What remains is erased so often before a human has to look.
const TRIES: u32 = 3;

/// What is to be looked at.
#[derive(Debug)]
pub struct VerifyWork {
    /// The step.
    pub step: Step,
    /// Its rows.
    pub rows: StepRows,
    /// The rows that have to be gone, or masked.
    pub answered_for: Vec<RowId>,
    /// Every key of the person, where they are still kept.
    pub keys: Vec<SubjectKey>,
    /// How much of the data.
    pub scope: EraseScope,
    /// When it is looked at.
    pub now: Timestamp,
    /// Rows of one step at most.
    pub most: u64,
}

impl Desk {
    /// What is to be looked at; `None` when nothing is.
    pub async fn verify_work(&self, id: StepId) -> Result<Option<VerifyWork>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(step) = tx.step(id).await? else { return Ok(None) };
        if !matches!(step.state, StepState::Done | StepState::Pending) {
            return Ok(None);
        }
        let Some(stored) = tx.request(step.request).await? else { return Ok(None) };
        let Some(rows) = tx.step_rows(id).await? else { return Ok(None) };
        Ok(Some(VerifyWork {
            answered_for: rows.answered_for(),
            keys: tx.person_keys(step.request).await?,
            scope: scope_of(&stored.value),
            now: self.now(),
            most: self.settings.deletion.rows,
            step,
            rows,
        }))
    }

    /// Keeps what the look has found, and what follows from it.
    pub(crate) async fn step_verified(
        &self,
        tx: &Tx,
        work: &VerifyWork,
        verdict: Verdict,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let request = work.step.request;
        let Some((_, mut stored)) = self.lock_request(tx, request).await? else { return Ok(()) };
        let Some(mut step) = tx.step(work.step.id).await? else { return Ok(()) };
        if !matches!(step.state, StepState::Done | StepState::Pending) {
            return Ok(());
        }
        if step.done_at.is_none() {
            // Its job broke off: what is not there any more is what it has done.
            let there = if let Verdict::Remains(rows) = verdict { rows } else { 0 };
            step.changed = (work.answered_for.len() as u64).saturating_sub(there);
            step.done_at = Some(now);
        }
        step.verdict = Some(verdict);
        step.looked_at = Some(now);
        step.look_at = None;
        let again = matches!(verdict, Verdict::Remains(_))
            && step.tries < TRIES
            && is_erasing(&stored.value);
        step.state = match verdict {
            _ if again => StepState::Waiting,
            Verdict::NotBefore(at) => {
                step.look_at = Some(at);
                StepState::Pending
            }
            _ => StepState::Settled,
        };
        step.tries += u32::from(again);
        tx.put_step(&step, &work.rows).await?;
        let event = Event::by_system("deletion.step_verified")
            .with("store", &step.store)
            .with("collection", &step.collection)
            .with("verdict", verdict);
        tx.insert_event(request, now, &event).await?;
        let owed: Vec<FollowUp> = tx
            .steps(request)
            .await?
            .into_iter()
            .filter_map(|step| Some(FollowUp { store: step.store, due_at: step.look_at? }))
            .collect();
        if stored.value.follow_ups != owed {
            stored.value.follow_ups = owed;
            tx.update_request(&stored).await?;
        }
        let erasing = is_erasing(&stored.value);
        if matches!(verdict, Verdict::Remains(_))
            && !again
            && erasing
            && let Some(stored) = tx.request(request).await?
        {
            self.block(tx, stored, Blocker::Remains, now).await?;
        }
        self.next_step(tx, request).await
    }

    /// Takes up again what was given up: looks that were not taken, and steps that left something.
    pub(in crate::service) async fn retry_erasing(
        &self,
        tx: &Tx,
        request: RequestId,
    ) -> Result<(), ServiceError> {
        for mut step in tx.steps(request).await? {
            let Some(rows) = tx.step_rows(step.id).await? else { continue };
            let remains = matches!(step.verdict, Some(Verdict::Remains(_)));
            match step.state {
                StepState::Done => {
                    let job = Job::VerifyStep { step: step.id, store: step.store.clone() };
                    self.enqueue_anew(tx, &job, Some(request)).await?;
                }
                StepState::Settled if remains => {
                    step.state = StepState::Waiting;
                    step.verdict = None;
                    // The ledger knows of the time before.
                    step.tries += 1;
                    tx.put_step(&step, &rows).await?;
                }
                _ => {}
            }
        }
        self.next_step(tx, request).await
    }

    /// The job of a step, or of a look at one, was given up: a human has to look.
    pub(crate) async fn step_died(
        &self,
        tx: &Tx,
        id: StepId,
        code: &str,
    ) -> Result<(), ServiceError> {
        let Some(step) = tx.step(id).await? else { return Ok(()) };
        self.raise_hand(tx, step.request, Blocker::JobDead, code).await
    }

    /// Looks again at what could not be told before now.
    pub(in crate::service) async fn look_again(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        let due = tx.steps_to_look_at(now, crate::service::tick::BATCH).await?;
        for step in &due {
            let job = Job::VerifyStep { step: step.id, store: step.store.clone() };
            self.enqueue(&tx, &job, Some(step.request)).await?;
        }
        tx.commit().await?;
        Ok(due.len() as u64)
    }
}
