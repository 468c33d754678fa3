//! The jobs of a deletion: what each store would do, the steps, the looks afterwards, the receipt.

use super::{Worker, troubled};
use crate::crash;
use crate::db::job::{self, Claimed, Finished};
use crate::domain::erase::{Changed, Done, ErasePlan};
use crate::domain::record::{Gap, GapReason};
use crate::ids::{RequestId, StepId, TaskId};
use crate::job::runner::JobError;
use crate::job::seal::sign_now;
use crate::keys::signing::SigningKey;
use crate::service::deletion::{Around, AroundWork, Begin};
use crate::store::StoreErrorCode;
use crate::store::erase::{Erase, Look, Reach, Step};

/// Asks one store what a deletion would touch. One that cannot erase is a gap.
pub(super) async fn plan(
    worker: &Worker,
    claimed: &Claimed,
    task: TaskId,
) -> Result<Finished, JobError> {
    let Some(work) = worker.desk.plan_work(task).await? else {
        return worker.done(claimed).await;
    };
    let plan = match erase_of(worker, &work.task.store) {
        None => {
            let place = work.task.store.clone();
            let gap = Gap { place, reason: GapReason::NotSearchable, count: 1 };
            ErasePlan { gaps: vec![gap], ..ErasePlan::default() }
        }
        Some(erase) => {
            let reach = Reach {
                keys: &work.keys,
                scope: &work.scope,
                files: &work.files,
                now: work.now,
                most: work.most,
            };
            match erase.plan(&reach).await {
                Ok(plan) => plan,
                Err(error) => {
                    worker.desk.store_troubled(task, error.code.as_str()).await?;
                    return Err(troubled(&error));
                }
            }
        }
    };
    let tx = worker.db.begin().await?;
    worker.desk.store_planned(&tx, &work, plan).await?;
    Ok(job::finish(tx, claimed).await?)
}

/// Takes one step: what is about to be done is in the ledger before the store is told, and what it
/// has done before we say so.
pub(super) async fn step(
    worker: &Worker,
    claimed: &Claimed,
    id: StepId,
) -> Result<Finished, JobError> {
    let mut begin = worker.desk.begin_step(claimed, id, Around::Unseen).await?;
    if let Begin::Look(look) = &begin {
        let seen = around(worker, look).await?;
        begin = worker.desk.begin_step(claimed, id, seen).await?;
    }
    let work = match begin {
        Begin::Nothing | Begin::Look(_) => return worker.done(claimed).await,
        Begin::Wait { code, after } => return Err(JobError::Wait { code, after }),
        Begin::Go(work) => work,
    };
    let Some(erase) = erase_of(worker, &work.step.store) else {
        return Err(JobError::Fail { code: "unknown_store" });
    };
    crash::point("erase begun");
    // A database that was put back does not know what the ledger does: the store is not told twice.
    let told = worker.desk.deletion_told(&work);
    if worker.ledger.has_deletion(&told).await.map_err(|_| LEDGER)? {
        let tx = worker.db.begin().await?;
        worker.desk.step_done(&tx, &work, Done::Changed(Changed::default())).await?;
        return Ok(job::finish(tx, claimed).await?);
    }
    let part = &work.rows.part;
    let look = Look::of(part);
    let seen = match erase.sight(&work.scope, &look).await {
        // Then it cannot be told from something newer in a store that was restored.
        Err(error) if error.code == StoreErrorCode::Unsupported => Vec::new(),
        seen => seen.map_err(|error| troubled(&error))?,
    };
    sign_now(&worker.desk, &worker.ledger).await?;
    let intended = worker.desk.deletion_note(&work, &seen);
    worker.ledger.keep_deletion(&intended).await.map_err(|_| LEDGER)?;
    crash::point("erase intended");
    let reach = Reach {
        keys: &work.keys,
        scope: &work.scope,
        files: &work.files,
        now: work.planned_at,
        most: work.most,
    };
    let step = Step { part: &work.rows.part, people: &work.rows.people, new: work.new };
    let done = erase.execute(&reach, &step).await.map_err(|error| troubled(&error))?;
    crash::point("erase done");
    if let Some(note) = worker.desk.deletion_done_note(&work, &done) {
        worker.ledger.keep_deletion(&note).await.map_err(|_| LEDGER)?;
    }
    crash::point("erase noted");
    let tx = worker.db.begin().await?;
    worker.desk.step_done(&tx, &work, done).await?;
    let finished = job::finish(tx, claimed).await?;
    crash::point("erase recorded");
    Ok(finished)
}

/// Asks stores whether there is anything of the person that nobody has approved.
async fn around(worker: &Worker, look: &AroundWork) -> Result<Around, JobError> {
    for (store, files) in &look.stores {
        let Some(erase) = erase_of(worker, store) else { continue };
        let (keys, scope) = (&look.keys, &look.scope);
        let reach = Reach { keys, scope, files, now: look.planned_at, most: look.most };
        let now = erase.plan(&reach).await.map_err(|error| troubled(&error))?;
        if let Some(stop) = look.goes_beyond(store, &now) {
            return Ok(Around::Stopped(stop));
        }
    }
    Ok(Around::AsPlanned)
}

pub(super) const LEDGER: JobError = JobError::Retry { code: "ledger", after: None };

/// Looks afresh what became of one step.
pub(super) async fn verify(
    worker: &Worker,
    claimed: &Claimed,
    id: StepId,
) -> Result<Finished, JobError> {
    let Some(work) = worker.desk.verify_work(id).await? else {
        return worker.done(claimed).await;
    };
    let Some(erase) = erase_of(worker, &work.step.store) else {
        return Err(JobError::Fail { code: "unknown_store" });
    };
    let reach =
        Reach { keys: &work.keys, scope: &work.scope, files: &[], now: work.now, most: work.most };
    let look = Look {
        collection: &work.step.collection,
        method: work.step.method,
        fields: &work.rows.part.fields,
        rows: &work.answered_for,
    };
    let verdict = erase.verify(&reach, &look).await.map_err(|error| troubled(&error))?;
    crash::point("erase looked at");
    let tx = worker.db.begin().await?;
    worker.desk.step_verified(&tx, &work, verdict).await?;
    Ok(job::finish(tx, claimed).await?)
}

/// Signs what became of a deletion, and tells the person.
pub(super) async fn receipt(
    worker: &Worker,
    claimed: &Claimed,
    request: RequestId,
) -> Result<Finished, JobError> {
    let Some(work) = worker.desk.receipt_work(request).await? else {
        return worker.done(claimed).await;
    };
    let signing: &SigningKey = &worker.signing;
    let signature = signing.sign(work.body.as_bytes(), &work.comment);
    crash::point("receipt signed");
    let tx = worker.db.begin().await?;
    worker.desk.receipt_signed(&tx, &work, signature).await?;
    Ok(job::finish(tx, claimed).await?)
}

pub(super) fn erase_of<'w>(worker: &'w Worker, store: &str) -> Option<&'w dyn Erase> {
    worker.desk.stores().get(store)?.erase()
}
