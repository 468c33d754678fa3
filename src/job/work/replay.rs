//! One step of a deletion that is done again: looked at, written down, carried out, and looked at
//! afresh.

use super::erase::{LEDGER, erase_of};
use super::{Worker, troubled};
use crate::crash;
use crate::db::job::{self, Claimed, Finished};
use crate::domain::deletion_note::NoteKind;
use crate::domain::erase::{Done, Verdict};
use crate::domain::replay::StepFate;
use crate::ids::ReplayId;
use crate::job::runner::JobError;
use crate::job::seal::sign_now;
use crate::service::replay::BeginReplay;
use crate::store::erase::{Look, Reach, Step};

/// Takes one step. What has changed since it was planned is not touched.
pub(super) async fn step(
    worker: &Worker,
    claimed: &Claimed,
    id: ReplayId,
    at: usize,
) -> Result<Finished, JobError> {
    let work = match worker.desk.begin_replay_step(claimed, id, at).await? {
        BeginReplay::Nothing => return worker.done(claimed).await,
        BeginReplay::Wait { code, after } => return Err(JobError::Wait { code, after }),
        BeginReplay::Go(work) => work,
    };
    let Some(erase) = erase_of(worker, &work.step.store) else {
        return Err(JobError::Fail { code: "unknown_store" });
    };
    let part = &work.step.part;
    let look = Look::of(part);
    let seen = erase.sight(&work.scope, &look).await.map_err(|error| troubled(&error))?;
    let fate = if work.is_as_planned(&seen) {
        let reach = Reach {
            keys: &work.keys,
            scope: &work.scope,
            files: &work.step.files,
            now: work.step.at,
            most: work.most,
        };
        sign_now(&worker.desk, &worker.ledger).await?;
        let intended = worker.desk.replay_note(&work, NoteKind::Intended);
        worker.ledger.keep_deletion(&intended).await.map_err(|_| LEDGER)?;
        crash::point("replay intended");
        let step = Step { part, people: &work.step.people, new: 0 };
        match erase.execute(&reach, &step).await.map_err(|error| troubled(&error))? {
            Done::Stopped(_) => StepFate::Stopped,
            Done::Changed(_) => {
                crash::point("replay done");
                let done = worker.desk.replay_note(&work, NoteKind::Done);
                worker.ledger.keep_deletion(&done).await.map_err(|_| LEDGER)?;
                let verdict = erase.verify(&reach, &look).await;
                match verdict.map_err(|error| troubled(&error))? {
                    Verdict::Gone => StepFate::Gone,
                    Verdict::Masked => StepFate::Masked,
                    Verdict::Remains(_) => StepFate::Remains,
                    Verdict::NotBefore(_) | Verdict::CannotTell => StepFate::Unsure,
                }
            }
        }
    } else {
        StepFate::Changed
    };
    let tx = worker.db.begin().await?;
    worker.desk.replay_step_over(&tx, id, at, fate).await?;
    Ok(job::finish(tx, claimed).await?)
}
