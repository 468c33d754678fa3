//! Puts segments, letter and manifest together.

use super::Worker;
use crate::archive::answer::{Answer, Attachment, More, Organisation, StoreAnswer, StoreStatus};
use crate::archive::finish::{FinishError, finish};
use crate::crash;
use crate::db::job::{self, Claimed, Finished};
use crate::domain::gather::{SkipReason, Tally, TaskStatus};
use crate::domain::particulars::Of;
use crate::domain::record::GapReason;
use crate::domain::right::Right;
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
    let mut segments = worker.desk.segments(id).await?;
    segments.retain(|segment| work.withheld.iter().all(|kept| kept.store != segment.store));
    let answer = answer(worker, &work, attachments(worker, &work).await?);
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

/// The papers that go with a letter about practices.
async fn attachments(worker: &Worker, work: &FinishWork) -> Result<Vec<Attachment>, JobError> {
    let wanted = work.request.right == Right::Confirmation && work.particulars.of == Of::Practices;
    let agreement = worker.desk.settings().organisation.processing_agreement.as_ref();
    let Some(path) = agreement.filter(|_| wanted) else { return Ok(Vec::new()) };
    let missing = |_| JobError::Retry { code: "processing_agreement", after: None };
    let bytes = tokio::fs::read(path).await.map_err(missing)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(vec![Attachment { name: name.unwrap_or_default(), bytes }])
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
fn answer(worker: &Worker, work: &FinishWork, attachments: Vec<Attachment>) -> Answer {
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
        if let Some(kept) = work.withheld.iter().find(|kept| kept.store == task.store) {
            let laws = worker.desk.laws(work.intake.country.as_deref());
            let basis = kept.ground.basis(work.request.right, &laws);
            let ground = basis.map_or_else(
                || speaker.ground(kept.ground),
                |basis| speaker.ground_with_source(kept.ground, basis),
            );
            let reason = format!("{ground}. {}", kept.facts);
            let status = StoreStatus::Withheld { reason };
            // What others decide over is theirs to keep back or not.
            let tally = Tally { held: task.tally.held.clone(), ..Tally::default() };
            return Some(StoreAnswer { facts, tally, status });
        }
        let mut tally = task.tally.clone();
        if !work.request.right.gives_data() && worker.desk.is_told_by_others(&task.store) {
            // It is searched by what another store tells, and nobody told anything: it was searched.
            tally.gaps.retain(|gap| gap.reason != GapReason::NoKey);
        }
        Some(StoreAnswer { facts, tally, status })
    });
    let practices =
        work.request.right == Right::Confirmation && work.particulars.of == Of::Practices;
    // Whoever asks what the company does is told of every store, also of those it cannot search.
    let all = worker.desk.stores().values().map(|store| StoreAnswer {
        facts: store.facts().clone(),
        tally: Tally::default(),
        status: StoreStatus::Done,
    });
    let stores: Vec<StoreAnswer> = if practices { all.collect() } else { stores.collect() };
    let remedies = if work.withheld.is_empty() {
        Vec::new()
    } else {
        worker.desk.remedies_beside(&work.intake, &work.request)
    };
    let forwarded =
        work.forwarded.iter().filter_map(|one| Some((one.controller.id.clone(), one.at?)));
    let more = More {
        practices,
        keys: work.kinds.clone(),
        remedies: remedies.iter().map(|remedy| speaker.remedy_with_link(remedy)).collect(),
        forwarded: forwarded.collect(),
        attachments,
    };
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
        stores,
        more,
    }
}
