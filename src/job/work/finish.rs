//! Puts segments, letter and manifest together.

use super::Worker;
use crate::archive::answer::{Answer, Organisation, StoreAnswer, StoreStatus};
use crate::archive::finish::{FinishError, finish};
use crate::crash;
use crate::db::job::{self, Claimed, Finished};
use crate::domain::gather::{SkipReason, TaskStatus};
use crate::ids::ArchiveId;
use crate::job::runner::JobError;
use crate::service::archive::FinishWork;

pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    id: ArchiveId,
) -> Result<Finished, JobError> {
    let Some(work) = worker.desk.finish_work(id).await? else {
        return worker.done(claimed).await;
    };
    let segments = worker.desk.segments(id).await?;
    let answer = answer(worker, &work);
    let part = worker.desk.take_part(id).await?;
    let made = finish(
        &worker.vault,
        &work.key,
        part,
        &*worker.entropy,
        &worker.signing,
        &answer,
        &segments,
    )
    .await
    .map_err(|error| match error {
        FinishError::Vault(error) => error.into(),
        FinishError::Page(_) => JobError::Retry { code: "archive_page", after: None },
        FinishError::Segments => JobError::Fail { code: "archive_segments" },
    })?;
    crash::point("archive uploaded");
    let tx = worker.db.begin().await?;
    let wanted = worker.desk.archive_finished(&tx, id, &made).await?;
    let finished = job::finish(tx, claimed).await?;
    if !wanted {
        worker.vault.delete(id.0, &made.object).await?;
    }
    Ok(finished)
}

/// Why staff left a store out, as the person reads it.
const fn skip_id(reason: Option<SkipReason>) -> &'static str {
    match reason {
        Some(SkipReason::Unreachable) | None => "archive-skipped-unreachable",
        Some(SkipReason::ShutDown) => "archive-skipped-shut-down",
        Some(SkipReason::AnsweredOtherwise) => "archive-skipped-otherwise",
    }
}

/// What is known of the answer, without its data.
fn answer(worker: &Worker, work: &FinishWork) -> Answer {
    let settings = worker.desk.settings();
    let org = &settings.organisation;
    let speaker = worker.desk.speaker(work.intake.language);
    let stores = work.tasks.iter().filter_map(|task| {
        let facts = worker.desk.stores().get(&task.store)?.facts().clone();
        let status = match task.status {
            TaskStatus::Failed => StoreStatus::Failed,
            TaskStatus::Skipped => {
                StoreStatus::Skipped { reason: speaker.t(skip_id(task.skip_reason)) }
            }
            TaskStatus::Waiting | TaskStatus::Running | TaskStatus::Done => StoreStatus::Done,
        };
        Some(StoreAnswer { facts, tally: task.tally.clone(), status })
    });
    Answer {
        reference: work.request.reference.clone(),
        right: work.request.right,
        language: work.intake.language,
        zone: org.zone.clone(),
        organisation: Organisation {
            name: org.name.clone(),
            contact: org
                .contact
                .as_ref()
                .map(|contact| contact.as_str().to_owned())
                .or_else(|| org.privacy_url.clone())
                .unwrap_or_else(|| settings.base_url.as_str().to_owned()),
            postal: org.postal.clone(),
            privacy_url: org.privacy_url.clone(),
            authority: org.authority.clone(),
            country: org.country.clone().unwrap_or_default(),
        },
        received_at: work.request.received_at(),
        made_at: work.made_at,
        read_from: work.archive.read_from,
        read_to: work.made_at,
        stores: stores.collect(),
    }
}
