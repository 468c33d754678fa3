//! The plan of a deletion on the page of its request, and its receipt.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::domain::erase::{EraseBlocker, KeptRows, Verdict};
use crate::domain::erasure::{Step, StepState};
use crate::domain::gather::Blocker;
use crate::domain::plan::CollectionOutline;
use crate::domain::policy::Action;
use crate::service::read::case::CaseRead;
use crate::service::read::erasure::ErasureRead;
use crate::text::Speaker;
use crate::web::console::visit::{Referred, Trouble, Visit, answer};
use crate::web::view::console::{ErasureLine, ErasureView, Said};

/// What the page shows of a deletion.
pub(super) fn view(
    visit: &Visit,
    speaker: &Speaker,
    read: &CaseRead,
    of: &ErasureRead,
) -> ErasureView {
    let place = |store: &str, collection: &str| {
        format!("{} · {collection}", super::page::label(visit, speaker, store))
    };
    let stores = &of.plan.outline.stores;
    let planned = stores
        .iter()
        .flat_map(|store| store.collections.iter().map(|one| (store.store.as_str(), one)));
    let earlier =
        of.steps.iter().filter(|step| step.round < of.plan.round && step.state != StepState::Void);
    let mut goes: Vec<ErasureLine> = planned
        .map(|(store, one)| ErasureLine {
            place: place(store, &one.name),
            words: goes_words(speaker, one),
            state: of
                .steps
                .iter()
                .find(|step| {
                    step.round == of.plan.round
                        && step.store == store
                        && step.collection == one.name
                        && step.method == one.method
                })
                .map(|step| state(speaker, step)),
        })
        .collect();
    goes.extend(earlier.map(|step| ErasureLine {
        place: place(&step.store, &step.collection),
        words: goes_words(
            speaker,
            &CollectionOutline {
                name: step.collection.clone(),
                method: step.method,
                rows: step.changed,
            },
        ),
        state: Some(state(speaker, step)),
    }));
    let kept = stores.iter().flat_map(|store| store.kept.iter().map(move |kept| (store, kept)));
    let stays = kept.map(|(store, kept)| ErasureLine {
        place: place(&store.store, &kept.collection),
        words: stays_words(speaker, kept),
        state: kept.until.map(|until| speaker.date(until)),
    });
    let differences = of.plan.differences.iter().map(|one| {
        let args = [
            ("place", place(&one.store, &one.collection).into()),
            ("more", one.more.into()),
            ("fewer", one.fewer.into()),
        ];
        speaker.with("console-erasure-difference", args)
    });
    let stops =
        |blocker: &Blocker| !matches!(blocker, Blocker::MailFailed | Blocker::TooFewApprovers);
    ErasureView {
        digest: of.plan.digest.to_string(),
        short: of.plan.digest.short().to_owned(),
        approvals: speaker.t2(
            "console-erasure-approvals",
            "given",
            of.approved_by.len() as u64,
            "needed",
            of.needed as u64,
        ),
        cooled: speaker.t1("console-erasure-cooled", "time", speaker.date_time(of.plan.cooled_at)),
        goes,
        stays: stays.collect(),
        blocks: of
            .blockers
            .iter()
            .map(|(store, blocker)| blocks(speaker, &place(store, &blocker.collection), blocker))
            .collect(),
        differences: differences.collect(),
        can_approve: read.can.contains(&Action::Approve)
            && !read.request.blockers.iter().any(stops),
        can_renew: read.can.contains(&Action::Retry) && !read.request.status.is_closed(),
        has_receipt: of.receipt_at.is_some(),
    }
}

fn rows(speaker: &Speaker, rows: u64) -> String {
    speaker.t1("console-erasure-rows", "rows", rows)
}

fn goes_words(speaker: &Speaker, one: &CollectionOutline) -> String {
    let method = speaker.t(&format!("console-method-{}", one.method));
    format!("{}, {method}", rows(speaker, one.rows))
}

fn stays_words(speaker: &Speaker, kept: &KeptRows) -> String {
    let ground = match (&kept.controller, kept.ground.as_str()) {
        (Some(of), _) => speaker.t1("console-erasure-held", "name", &of.name),
        (None, "") => speaker.t("console-erasure-kept-rule"),
        (None, ground) => ground.to_owned(),
    };
    speaker.t2("console-erasure-kept", "rows", rows(speaker, kept.rows), "ground", ground)
}

fn state(speaker: &Speaker, step: &Step) -> String {
    let settled = step.state == StepState::Settled;
    let mut words = vec![match step.verdict {
        Some(Verdict::Remains(left)) if settled => {
            speaker.t1("console-step-remains", "rows", rows(speaker, left))
        }
        Some(Verdict::CannotTell) if settled => speaker.t("console-step-unsure"),
        _ => speaker.t(&format!("console-step-{}", step.state)),
    }];
    if step.grown > 0 {
        words.push(speaker.t1("console-step-grown", "rows", rows(speaker, step.grown)));
    }
    if step.strayed > 0 {
        words.push(speaker.t1("console-step-strayed", "rows", rows(speaker, step.strayed)));
    }
    words.join(" · ")
}

fn blocks(speaker: &Speaker, place: &str, blocker: &EraseBlocker) -> String {
    let args = [
        ("place", place.into()),
        ("by", blocker.by.clone().unwrap_or_default().into()),
        ("rows", rows(speaker, blocker.rows).into()),
    ];
    speaker.with(&format!("console-plan-{}", blocker.code), args)
}

/// `GET …/receipt`: the signed receipt, to be saved.
pub(in crate::web::console) async fn receipt(visit: Visit, Referred(at): Referred) -> Response {
    let found: Result<Response, Trouble> = async {
        let receipt = visit.console.desk().receipt_for_staff(&at).await?;
        let receipt = receipt.ok_or(Said::Missing)?;
        let name = format!("attachment; filename=\"{at}-receipt.json\"");
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|_| Said::Failed)?),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        Ok((headers, receipt.body).into_response())
    }
    .await;
    answer(&visit, found)
}
