//! The plan: what every store would do, put together in the order in which it has to be done.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{OF_PLANS, scope_of};
use crate::db::Tx;
use crate::db::plan::{PlanFacts, StoredStorePlan};
use crate::db::request::Stored;
use crate::db::task::{Phase, Task};
use crate::domain::erase::{ErasePlan, EraseScope};
use crate::domain::erasure::StepState;
use crate::domain::event::Event;
use crate::domain::gather::{Blocker, Tally, TaskStatus};
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::plan::{Plan, StorePlan, order};
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::{Approval, Found, Move, Status};
use crate::domain::subject::SubjectKey;
use crate::ids::TaskId;
use crate::service::locate::gathers;
use crate::service::{Desk, ServiceError};

/// What a store is to be asked.
#[derive(Debug)]
pub struct PlanWork {
    /// The store's share.
    pub task: Task,
    /// Every key of the person.
    pub keys: Vec<SubjectKey>,
    /// How much of the data.
    pub scope: EraseScope,
    /// Files of this store that rows of others name.
    pub files: Vec<String>,
    /// The instant at which times of keeping are compared.
    pub now: Timestamp,
    /// Rows of one step at most.
    pub most: u64,
    hash: String,
}

/// A short name of a list of files; `-` of none.
fn hash_of(files: &[String]) -> String {
    if files.is_empty() {
        return "-".to_owned();
    }
    let mut hash = Sha256::new();
    for file in files {
        hash.update((file.len() as u64).to_be_bytes());
        hash.update(file);
    }
    HEXLOWER.encode(&hash.finalize()[..16])
}

/// The files of `store` that what others have told names.
fn files_in(store: &str, plans: &[StoredStorePlan]) -> Vec<String> {
    let named = plans.iter().flat_map(|told| &told.plan.files);
    let here = named.filter(|file| file.store == store).map(|file| file.key.clone());
    let sorted: BTreeSet<String> = here.collect();
    sorted.into_iter().collect()
}

impl Desk {
    /// Asks every store what a deletion would touch.
    pub(in crate::service) async fn start_planning(
        &self,
        tx: &Tx,
        request: &Request,
        tasks: &mut [Task],
    ) -> Result<(), ServiceError> {
        tx.drop_store_plans(request.id).await?;
        tx.drop_approvals(request.id).await?;
        for task in tasks.iter_mut().filter(|task| task.status != TaskStatus::Skipped) {
            task.phase = Phase::Plan;
            task.tally = Tally { gaps: task.tally.gaps.clone(), ..Tally::default() };
            self.ask_for_plan(tx, task, "-".to_owned()).await?;
        }
        Ok(())
    }

    /// The stores are asked anew: what was approved does not fit any more.
    pub(in crate::service) async fn plan_anew(
        &self,
        tx: &Tx,
        request: &Request,
    ) -> Result<(), ServiceError> {
        self.stop_erasing(tx, request.id).await?;
        let mut tasks = tx.tasks_of(request.id).await?;
        self.start_planning(tx, request, &mut tasks).await
    }

    pub(in crate::service) async fn ask_for_plan(
        &self,
        tx: &Tx,
        task: &mut Task,
        files: String,
    ) -> Result<(), ServiceError> {
        task.status = TaskStatus::Running;
        task.goes_well();
        tx.update_task(task).await?;
        let job = Job::PlanStore { task: task.id, store: task.store.clone(), files };
        Ok(self.enqueue_anew(tx, &job, Some(task.request)).await?)
    }

    /// The job that asks a store for its plan, with the files that others name there by now.
    pub(in crate::service) async fn ask_again_for_plan(
        &self,
        tx: &Tx,
        task: &mut Task,
    ) -> Result<(), ServiceError> {
        let files = files_in(&task.store, &tx.store_plans(task.request).await?);
        self.ask_for_plan(tx, task, hash_of(&files)).await
    }

    /// What the store of a task is to be asked; `None` when there is nothing to ask any more. It is
    /// asked about every file that others name by now, whichever were named when the job was written:
    /// where it had not been answered by then, no other job was written for it.
    pub async fn plan_work(&self, id: TaskId) -> Result<Option<PlanWork>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(task) = tx.task(id).await? else { return Ok(None) };
        let Some(stored) = tx.request(task.request).await? else { return Ok(None) };
        let request = &stored.value;
        let planned = request.right == Right::Deletion && task.phase == Phase::Plan;
        let waits = request.status == Status::Gathering && gathers(request);
        if !planned || !waits || task.status.is_over() {
            return Ok(None);
        }
        let named = files_in(&task.store, &tx.store_plans(task.request).await?);
        let hash = hash_of(&named);
        Ok(Some(PlanWork {
            keys: tx.person_keys(task.request).await?,
            scope: scope_of(request),
            files: named,
            now: self.now(),
            most: self.settings.deletion.rows,
            task,
            hash,
        }))
    }

    /// Keeps what a store has told; asks others again where it names files of theirs, and goes on
    /// when all have told everything.
    pub(crate) async fn store_planned(
        &self,
        tx: &Tx,
        work: &PlanWork,
        plan: ErasePlan,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let request = work.task.request;
        let Some((mut intake, stored)) = self.lock_request(tx, request).await? else {
            return Ok(());
        };
        let mut tasks = tx.tasks_of(request).await?;
        let Some(task) = tasks.iter_mut().find(|task| task.id == work.task.id) else {
            return Ok(());
        };
        if !gathers(&stored.value) || task.phase != Phase::Plan || task.status.is_over() {
            return Ok(());
        }
        let goes: u64 = plan.steps.iter().map(|step| step.rows.len() as u64).sum();
        let stays: u64 = plan.kept.iter().map(|kept| kept.rows).sum();
        task.tally.rows = goes + stays;
        task.tally.add_gaps(plan.gaps.clone());
        task.status = TaskStatus::Done;
        tx.update_task(task).await?;
        let event = Event::by_system("store.planned")
            .with("store", &task.store)
            .with("rows", task.tally.rows);
        tx.insert_event(request, now, &event).await?;
        let told = StoredStorePlan { task: task.id, files: work.hash.clone(), plan };
        tx.put_store_plan(request, &told).await?;
        let plans = tx.store_plans(request).await?;
        for task in &mut tasks {
            let asked = plans.iter().find(|told| told.task == task.id).map(|told| &told.files);
            let hash = hash_of(&files_in(&task.store, &plans));
            if task.status == TaskStatus::Done && asked.is_some_and(|asked| *asked != hash) {
                self.ask_for_plan(tx, task, hash).await?;
            }
        }
        self.all_planned(tx, &mut intake, stored, now).await
    }

    /// When every store has told what it would do, the plan is whole.
    pub(in crate::service) async fn all_planned(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        mut stored: Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        let tasks = tx.tasks_of(id).await?;
        if !tasks.iter().all(|task| task.status.is_over()) {
            return Ok(());
        }
        let keys = tx.person_keys(id).await?;
        let plan = self.whole_plan(tx, &stored.value, &tasks, now).await?;
        self.list_controllers(tx, &stored.value, plan.controllers(), now).await?;
        let before = (tx.plan_facts(id).await?, tx.plan(id).await?);
        let differences = before.1.map_or_else(Vec::new, |before| plan.difference(&before));
        // Nobody asked for the deletion of a child's data who could take it back.
        let first = if tx.particulars_of(id).await?.child_data {
            now
        } else {
            self.ends(self.settings.deletion.cooling_off, now)
        };
        let facts = PlanFacts {
            digest: plan.digest(&keys),
            made_at: now,
            // The notice went out with the first plan; a changed one does not make anybody wait anew.
            cooled_at: before.0.as_ref().map_or(first, |facts| facts.cooled_at),
            approved_at: None,
            round: before.0.map_or(1, |facts| facts.round + 1),
            outline: plan.outline(),
            differences,
        };
        let erased_before = tx.steps(id).await?.iter().any(|step| step.state != StepState::Void);
        tx.put_plan(id, &facts, &plan).await?;
        tx.drop_store_plans(id).await?;
        stored.value.blockers.remove(&Blocker::StoreFailed);
        for blocker in OF_PLANS {
            stored.value.blockers.remove(&blocker);
        }
        let skipped = tasks.iter().any(|task| task.status == TaskStatus::Skipped);
        let nothing = plan.is_empty() && !skipped && !erased_before;
        let mut one = [stored];
        if nothing {
            let event = Event::by_system("deletion.nothing_found");
            let found = Move::Gathered(Approval::NotNeeded, Found::Nothing);
            self.advance(tx, intake, &mut one, found, &event, now).await?;
            return Ok(());
        }
        let rows: u64 = plan.steps().map(|(_, step)| step.rows.len() as u64).sum();
        let event = Event::by_system("deletion.planned")
            .with("plan", facts.digest.as_str())
            .with("round", facts.round)
            .with("rows", rows);
        self.advance(tx, intake, &mut one, Move::Planned, &event, now).await?;
        let stops = [
            (Blocker::PlanBlocked, plan.blockers().next().is_some()),
            (Blocker::Protected, self.is_protected(&keys)),
            (Blocker::TooFewApprovers, !self.has_approvers(tx).await?),
        ];
        for (blocker, stop) in stops {
            if stop && let Some(stored) = tx.request(id).await? {
                self.block(tx, stored, blocker, now).await?;
            }
        }
        let Some(stored) = tx.request(id).await? else { return Ok(()) };
        let kinds = self.kinds_touched(&stored.value, &facts.outline);
        self.lacks_proof(tx, intake, &stored.value, kinds, now).await?;
        Ok(())
    }

    async fn whole_plan(
        &self,
        tx: &Tx,
        request: &Request,
        tasks: &[Task],
        now: Timestamp,
    ) -> Result<Plan, ServiceError> {
        let mut plans: BTreeMap<String, ErasePlan> = BTreeMap::new();
        for told in tx.store_plans(request.id).await? {
            let task = tasks.iter().find(|task| task.id == told.task);
            if let Some(task) = task.filter(|task| task.status == TaskStatus::Done) {
                plans.insert(task.store.clone(), told.plan);
            }
        }
        let mut leads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (finder, kind) in tx.key_sources(request.id).await? {
            let asked = self.stores.iter().filter(|(_, store)| {
                store.export().is_some_and(|export| export.asks_for().contains(&kind))
            });
            leads.entry(finder).or_default().extend(asked.map(|(name, _)| name.clone()));
        }
        for (name, plan) in &plans {
            let files = plan.files.iter().map(|file| file.store.clone());
            leads.entry(name.clone()).or_default().extend(files);
        }
        let ordered = order(plans.keys().cloned().collect(), &leads);
        let of = |store: String| {
            let plan = plans.remove(&store).unwrap_or_default();
            StorePlan { store, plan }
        };
        Ok(Plan {
            scope: scope_of(request),
            map: self.settings.map_version.clone(),
            made_at: now,
            stores: ordered.into_iter().map(of).collect(),
        })
    }

    /// Whether one of the keys is of somebody who must never be touched.
    pub(in crate::service) fn is_protected(&self, keys: &[SubjectKey]) -> bool {
        let protected = &self.settings.deletion.protected;
        keys.iter().any(|key| protected.iter().any(|value| value == key.value()))
    }
}
