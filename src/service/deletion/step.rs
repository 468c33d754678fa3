//! One step: written down before the store is told, and again when it has done it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::around::{Around, AroundWork};
use super::{APPROVAL_LIFE, is_erasing, scope_of};
use crate::db::Tx;
use crate::db::job::{self, Claimed};
use crate::domain::erase::{Done, EraseScope, Verdict};
use crate::domain::erasure::{Step, StepRows, StepState};
use crate::domain::event::Event;
use crate::domain::job::Job;
use crate::domain::plan::{PlanDigest, growth};
use crate::domain::settings::Growth;
use crate::domain::subject::SubjectKey;
use crate::ids::{Reference, RequestId, StepId};
use crate::service::{Desk, ServiceError};

/// A deletion that the breaker or a hold keeps back is looked at again after so long.
const LATER: Duration = Duration::from_mins(1);
/// The breaker counts deletions begun within so long.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What one step needs.
#[derive(Debug)]
pub struct StepWork {
    /// The step, which is written down as begun.
    pub step: Step,
    /// Its rows.
    pub rows: StepRows,
    /// Every key of the person.
    pub keys: Vec<SubjectKey>,
    /// How much of the data.
    pub scope: EraseScope,
    /// Files of the store that rows of others name.
    pub files: Vec<String>,
    /// The public name of the request.
    pub reference: Reference,
    /// The fingerprint of the plan.
    pub plan: PlanDigest,
    /// When the plan was made: times of keeping are compared with that instant.
    pub planned_at: Timestamp,
    /// When the step was begun.
    pub now: Timestamp,
    /// So many rows beyond those planned may go along.
    pub new: u64,
    /// Rows of one step at most.
    pub most: u64,
}

/// Whether a step may begin.
#[derive(Debug)]
pub enum Begin {
    /// It is written down as begun.
    Go(Box<StepWork>),
    /// First it has to be seen what else there is of the person by now.
    Look(Box<AroundWork>),
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
    /// Writes the steps of an approved plan and begins with the first.
    pub(in crate::service) async fn start_erasing(
        &self,
        tx: &Tx,
        request: RequestId,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(facts) = tx.plan_facts(request).await? else { return Ok(()) };
        let Some(plan) = tx.plan(request).await? else { return Ok(()) };
        for (position, (store, part)) in (0..).zip(plan.steps()) {
            let step = Step {
                id: StepId(self.entropy.uuid(now)),
                request,
                round: facts.round,
                position,
                store: store.store.clone(),
                collection: part.collection.clone(),
                method: part.method,
                state: StepState::Waiting,
                planned: part.rows.len() as u64,
                changed: 0,
                grown: 0,
                strayed: 0,
                tries: 0,
                verdict: None,
                begun_at: None,
                done_at: None,
                looked_at: None,
                look_at: None,
            };
            let rows = StepRows {
                part: part.clone(),
                people: store.plan.people.clone(),
                grown: Vec::new(),
                strayed: Vec::new(),
            };
            tx.put_step(&step, &rows).await?;
        }
        self.next_step(tx, request).await
    }

    /// Enqueues the next step, or what comes after the last one.
    pub(super) async fn next_step(&self, tx: &Tx, request: RequestId) -> Result<(), ServiceError> {
        let steps = tx.steps(request).await?;
        let open = |step: &&Step| matches!(step.state, StepState::Waiting | StepState::Begun);
        if let Some(step) = steps.iter().find(open) {
            let job = Job::EraseStep { step: step.id, store: step.store.clone() };
            return Ok(self.enqueue_anew(tx, &job, Some(request)).await?);
        }
        let remains = |step: &Step| {
            step.state == StepState::Settled && matches!(step.verdict, Some(Verdict::Remains(_)))
        };
        if steps.iter().all(|step| step.state != StepState::Done && !remains(step)) {
            let job = Job::SignReceipt { request };
            self.enqueue_anew(tx, &job, Some(request)).await?;
        }
        Ok(())
    }

    /// Writes down that a step begins, unless something keeps it back: a hold, an approval that is
    /// over or of another plan, too many deletions within the hour, an audit trail that does not
    /// agree.
    pub async fn begin_step(
        &self,
        claimed: &Claimed,
        id: StepId,
        around: Around,
    ) -> Result<Begin, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(seen) = tx.step(id).await? else { return Ok(Begin::Nothing) };
        let Some((mut intake, stored)) = self.lock_request(&tx, seen.request).await? else {
            return Ok(Begin::Nothing);
        };
        let Some(mut step) = tx.step(id).await? else { return Ok(Begin::Nothing) };
        let open = matches!(step.state, StepState::Waiting | StepState::Begun);
        if !open {
            return Ok(Begin::Nothing);
        }
        if !is_erasing(&stored.value) {
            self.stop_step(&tx, step).await?;
            tx.commit().await?;
            return Ok(Begin::Nothing);
        }
        self.require_outlet(&tx).await?;
        if tx.is_person_held(intake.id).await? {
            return Ok(Begin::Wait { code: "held", after: LATER });
        }
        if tx.is_copy_open(intake.id).await? {
            return Ok(Begin::Wait { code: "after_access", after: LATER });
        }
        let (facts, plan) = (tx.plan_facts(step.request).await?, tx.plan(step.request).await?);
        let (Some(facts), Some(plan)) = (facts, plan) else { return Ok(Begin::Nothing) };
        let keys = tx.person_keys(step.request).await?;
        let approved = facts
            .approved_at
            .filter(|_| facts.round == step.round && facts.digest == plan.digest(&keys));
        let over = |at: Timestamp| at.max(facts.cooled_at) + APPROVAL_LIFE <= now;
        if approved.is_none_or(over) && step.state == StepState::Waiting {
            self.change_plan(&tx, &mut intake, stored, "approval_over", now).await?;
            tx.commit().await?;
            return Ok(Begin::Nothing);
        }
        if self.is_protected(&keys) {
            self.change_plan(&tx, &mut intake, stored, "protected", now).await?;
            tx.commit().await?;
            return Ok(Begin::Nothing);
        }
        let steps = tx.steps(step.request).await?;
        let first = steps.iter().all(|other| other.begun_at.is_none());
        if first && tx.erasing_since(now - HOUR).await? >= self.settings.deletion.an_hour {
            return Ok(Begin::Wait { code: "breaker", after: LATER });
        }
        match around {
            Around::Unseen => {
                let scope = scope_of(&stored.value);
                if let Some(look) = self.around_work(&step, &steps, &keys, scope, &plan) {
                    return Ok(Begin::Look(Box::new(look)));
                }
            }
            Around::AsPlanned => {}
            Around::Stopped(reason) => {
                self.stopped(&tx, &mut intake, stored, reason, now).await?;
                tx.commit().await?;
                return Ok(Begin::Nothing);
            }
        }
        let Some(rows) = tx.step_rows(id).await? else { return Ok(Begin::Nothing) };
        step.state = StepState::Begun;
        step.begun_at.get_or_insert(now);
        tx.put_step(&step, &rows).await?;
        let event = Event::by_system("deletion.step_begun")
            .with("store", &step.store)
            .with("collection", &step.collection)
            .with("method", step.method)
            .with("plan", facts.digest.as_str());
        tx.insert_event(step.request, now, &event).await?;
        job::hold(&tx, claimed).await?;
        tx.commit().await?;
        let files = plan.files_in(&step.store);
        let allowed = self.settings.deletion.growth == Growth::SameScope;
        Ok(Begin::Go(Box::new(StepWork {
            keys,
            scope: scope_of(&stored.value),
            files,
            reference: stored.value.reference,
            plan: facts.digest,
            planned_at: plan.made_at,
            now,
            new: growth(step.planned, allowed),
            most: self.settings.deletion.rows,
            step,
            rows,
        })))
    }

    /// A step whose turn comes while nothing may be touched. Whether one that was begun has done
    /// anything, before its job broke off, a look will tell.
    async fn stop_step(&self, tx: &Tx, mut step: Step) -> Result<(), ServiceError> {
        let Some(rows) = tx.step_rows(step.id).await? else { return Ok(()) };
        if step.state != StepState::Begun {
            return Ok(());
        }
        step.state = StepState::Done;
        tx.put_step(&step, &rows).await?;
        let look = Job::VerifyStep { step: step.id, store: step.store.clone() };
        Ok(self.enqueue_anew(tx, &look, Some(step.request)).await?)
    }

    /// Nothing more is begun: steps whose turn had not come are void.
    pub(in crate::service) async fn stop_erasing(
        &self,
        tx: &Tx,
        request: RequestId,
    ) -> Result<(), ServiceError> {
        let steps = tx.steps(request).await?;
        for step in &steps {
            if step.state == StepState::Waiting
                && let Some(rows) = tx.step_rows(step.id).await?
            {
                let void = Step { state: StepState::Void, ..step.clone() };
                tx.put_step(&void, &rows).await?;
            }
        }
        if steps.iter().any(|step| step.begun_at.is_some()) {
            self.next_step(tx, request).await?;
        }
        Ok(())
    }

    /// Writes down what the store has done. That is kept whatever has become of the request
    /// meanwhile: what is gone is gone.
    pub(crate) async fn step_done(
        &self,
        tx: &Tx,
        work: &StepWork,
        done: Done,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let Some((mut intake, stored)) = self.lock_request(tx, work.step.request).await? else {
            return Ok(());
        };
        let Some(mut step) = tx.step(work.step.id).await? else { return Ok(()) };
        if step.state != StepState::Begun {
            return Ok(());
        }
        let mut rows = work.rows.clone();
        match done {
            Done::Changed(changed) => {
                let planned = &rows.part.rows;
                let grown = changed.rows.iter().filter(|row| planned.binary_search(row).is_err());
                let mut grown: Vec<_> = grown.chain(&rows.grown).cloned().collect();
                grown.sort();
                grown.dedup();
                rows.grown = grown;
                rows.strayed = changed.strayed;
                step.state = StepState::Done;
                // An attempt that broke off may have done it: whatever it has taken was planned, or
                // the look afterwards finds it.
                step.changed = rows.answered_for().len() as u64;
                step.grown = rows.grown.len() as u64;
                step.strayed = rows.strayed.len() as u64;
                step.done_at = Some(now);
                tx.put_step(&step, &rows).await?;
                let event = Event::by_system("deletion.step_done")
                    .with("store", &step.store)
                    .with("collection", &step.collection)
                    .with("rows", step.changed)
                    .with("grown", step.grown)
                    .with("strayed", step.strayed);
                tx.insert_event(step.request, now, &event).await?;
                let look = Job::VerifyStep { step: step.id, store: step.store.clone() };
                self.enqueue_anew(tx, &look, Some(step.request)).await?;
                if is_erasing(&stored.value) {
                    self.next_step(tx, step.request).await?;
                }
            }
            Done::Stopped(reason) => {
                step.state = StepState::Waiting;
                step.begun_at = None;
                tx.put_step(&step, &rows).await?;
                self.stopped(tx, &mut intake, stored, reason, now).await?;
            }
        }
        Ok(())
    }
}
