//! One step of a deletion that is done again.

use std::time::Duration;

use super::{REPLAY_LIFE, ReplayState};
use crate::db::Tx;
use crate::db::job::{self, Claimed};
use crate::domain::deletion_note::{DeletionNote, NoteKind};
use crate::domain::erase::{EraseScope, Seen};
use crate::domain::event::Event;
use crate::domain::plan::PlanDigest;
use crate::domain::replay::{ReplayStep, StepFate, scope_of};
use crate::domain::subject::SubjectKey;
use crate::ids::ReplayId;
use crate::service::deletion::note::marks_of;
use crate::service::{Desk, ServiceError};

/// What a hold keeps back is looked at again after so long.
const LATER: Duration = Duration::from_mins(1);

/// What one step needs.
#[derive(Debug)]
pub struct ReplayWork {
    /// The step, which is written down as begun.
    pub step: ReplayStep,
    /// The person's keys.
    pub keys: Vec<SubjectKey>,
    /// The rows that may be touched.
    pub scope: EraseScope,
    /// The fingerprint of the plan.
    pub plan: PlanDigest,
    /// Rows of one step at most.
    pub most: u64,
    /// When it was approved.
    approved_at: jiff::Timestamp,
}

impl ReplayWork {
    /// Whether what is there of its rows holds what it held when it was planned.
    pub fn is_as_planned(&self, seen: &[Seen]) -> bool {
        let rows = &self.step.part.rows;
        let same = |seen: &Seen| {
            let planned = rows.binary_search(&seen.row).ok().and_then(|at| self.step.marks.get(at));
            planned == Some(&seen.mark)
        };
        seen.iter().all(|seen| seen.done || same(seen))
    }
}

/// Whether a step may begin.
#[derive(Debug)]
pub enum BeginReplay {
    /// It is written down as begun.
    Go(Box<ReplayWork>),
    /// There is nothing to do any more.
    Nothing,
    /// Not now.
    Wait {
        /// Why, in a stable word.
        code: &'static str,
        /// For how long.
        after: Duration,
    },
}

impl Desk {
    /// Writes down that a step begins, unless something keeps it back: a hold, an approval that is
    /// over, an audit trail that does not agree.
    pub async fn begin_replay_step(
        &self,
        claimed: &Claimed,
        id: ReplayId,
        at: usize,
    ) -> Result<BeginReplay, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(mut replay) = tx.lock_replay(id).await? else { return Ok(BeginReplay::Nothing) };
        let steps = tx.replay_steps(id).await?.unwrap_or_default();
        let (Some(step), Some(line)) = (steps.get(at), replay.lines.get_mut(at)) else {
            return Ok(BeginReplay::Nothing);
        };
        let Some(approved_at) = replay.approved_at else { return Ok(BeginReplay::Nothing) };
        if replay.state != ReplayState::Running || !line.fate.is_open() {
            return Ok(BeginReplay::Nothing);
        }
        self.require_outlet(&tx).await?;
        if self.is_deletion_held(&tx, &step.reference).await? {
            return Ok(BeginReplay::Wait { code: "held", after: LATER });
        }
        let keys = step.subject_keys();
        let over = approved_at + REPLAY_LIFE <= now && line.fate == StepFate::Waiting;
        if over || self.is_protected(&keys) {
            self.replay_step_over(&tx, id, at, StepFate::Stopped).await?;
            tx.commit().await?;
            return Ok(BeginReplay::Nothing);
        }
        line.fate = StepFate::Begun;
        let scope = scope_of(step, &steps);
        let event = Event::by_system("replay.step_begun")
            .with("replay", id)
            .with("deletion", &step.reference)
            .with("store", &step.store)
            .with("collection", &step.part.collection)
            .with("method", step.part.method)
            .with("plan", replay.digest.as_str());
        tx.update_replay(&replay).await?;
        tx.insert_house_event(now, &event).await?;
        job::hold(&tx, claimed).await?;
        tx.commit().await?;
        Ok(BeginReplay::Go(Box::new(ReplayWork {
            step: step.clone(),
            keys,
            scope,
            plan: replay.digest,
            most: self.settings.deletion.rows,
            approved_at,
        })))
    }

    /// What the ledger keeps before a step and after it, under the name of the deletion that it
    /// repeats.
    pub fn replay_note(&self, work: &ReplayWork, kind: NoteKind) -> DeletionNote {
        let ReplayStep { part, store, .. } = &work.step;
        let place = marks_of(store, &part.collection);
        let marks = match kind {
            NoteKind::Intended => {
                work.step.marks.iter().map(|mark| self.db.ledger_tag(&place, mark)).collect()
            }
            NoteKind::Done => Vec::new(),
        };
        DeletionNote {
            kind,
            reference: work.step.reference.clone(),
            step: work.step.id,
            tries: 0,
            at: work.approved_at,
            plan: work.plan.as_str().to_owned(),
            store: store.clone(),
            collection: part.collection.clone(),
            method: part.method,
            fields: part.fields.clone(),
            categories: work.step.categories.clone(),
            root: self.db.root_key().to_string(),
            keys: self.key_tags(&work.keys),
            rows: self.row_tags(store, &part.collection, &part.rows),
            marks,
        }
    }

    /// Writes down what became of a step, and goes on. After a step that was not taken nothing more
    /// of its deletion is.
    pub(crate) async fn replay_step_over(
        &self,
        tx: &Tx,
        id: ReplayId,
        at: usize,
        fate: StepFate,
    ) -> Result<(), ServiceError> {
        let Some(mut replay) = tx.lock_replay(id).await? else { return Ok(()) };
        let Some(line) = replay.lines.get_mut(at).filter(|line| line.fate.is_open()) else {
            return Ok(());
        };
        line.fate = fate;
        let (reference, rows) = (line.reference.clone(), line.rows);
        let event = Event::by_system("replay.step_over")
            .with("replay", id)
            .with("deletion", &reference)
            .with("store", &line.store)
            .with("collection", &line.collection)
            .with("rows", rows)
            .with("fate", fate);
        if !fate.is_well() && fate != StepFate::Unsure {
            replay.give_up(&reference);
        }
        tx.update_replay(&replay).await?;
        tx.insert_house_event(self.now(), &event).await?;
        self.next_replay_step(tx, &mut replay).await
    }
}
