//! The part of a request's page that is about a correction, and what is decided there.

use axum::http::StatusCode;
use axum::response::Response;

use super::page::{self, With};
use super::{Form, Unclear, member};
use crate::domain::correction::{AskedField, Change, DeclineGround, Fate, NOTICE, Verdict};
use crate::domain::policy::Action;
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::{ChangeId, Reference};
use crate::service::case::Deed;
use crate::service::correction::{ChangeFault, Decision, Target, Weighed};
use crate::service::read::case::CaseRead;
use crate::service::read::correction::{CorrectionRead, StoreFields};
use crate::text::Speaker;
use crate::web::console::visit::{Referred, Trouble, Visit, answer, go};
use crate::web::edge::form::FormFields;
use crate::web::view::console::{
    Candidate, ChangeLine, CorrectionView, Picked, Said, StepLine, asked_field, decline_ground,
    edit_state,
};

/// Values that one form offers at most: a form has a hundred fields.
const CANDIDATES: usize = 40;

/// What there is of a correction; none for other rights.
pub(super) async fn view(
    visit: &Visit,
    at: &Reference,
    read: &CaseRead,
) -> Result<Option<CorrectionView>, Trouble> {
    if read.request.right != Right::Correction {
        return Ok(None);
    }
    let by = &visit.signed()?.member;
    let found = visit.console.desk().correction(by, at).await??;
    Ok(found.map(|found| shown(visit, read, &found)))
}

/// Whether nothing but the last word is missing.
pub(super) async fn is_ready(
    visit: &Visit,
    at: &Reference,
    read: &CaseRead,
) -> Result<bool, Trouble> {
    if read.request.right != Right::Correction {
        return Ok(true);
    }
    let by = &visit.signed()?.member;
    let found = visit.console.desk().correction(by, at).await??;
    let nobody = |found: &CorrectionRead| found.stores.iter().all(|one| one.fields.is_empty());
    Ok(found.is_some_and(|found| found.is_settled() || nobody(&found)))
}

fn shown(visit: &Visit, read: &CaseRead, found: &CorrectionRead) -> CorrectionView {
    let speaker = &visit.speaker();
    let lines = (1..).zip(&found.changes);
    let executing = read.request.status == Status::Executing;
    CorrectionView {
        changes: lines.map(|(number, change)| line(visit, found, number, change)).collect(),
        grounds: DeclineGround::ALL
            .iter()
            .map(|ground| Picked {
                value: ground.to_string(),
                label: decline_ground(speaker, *ground),
                is_chosen: false,
            })
            .collect(),
        shows_values: found.shows_values,
        wants_proof: found.wants_proof && found.can_decide,
        can_check: visit.signed().is_ok_and(|one| one.member.is_entitled(Action::Clear).is_ok()),
        notice: found.told.notified_at.filter(|_| executing).map(|at| {
            speaker.t2(
                "console-correction-notice",
                "at",
                speaker.date_time(at),
                "until",
                speaker.date_time(at + NOTICE),
            )
        }),
        letter: found.letter.clone(),
    }
}

fn line(visit: &Visit, found: &CorrectionRead, number: u64, change: &Change) -> ChangeLine {
    let speaker = &visit.speaker();
    let can_decide = found.can_decide && found.shows_values;
    let step = |step: &crate::domain::correction::Step| StepLine {
        place: place(visit, &step.store, &step.edit.spot.collection, &step.edit.spot.column),
        from: step.edit.expected.clone(),
        to: step.edit.new.clone(),
        state: edit_state(speaker, step.state),
        is_stuck: step.state.is_stuck(),
    };
    ChangeLine {
        id: change.id.to_string(),
        number,
        field: match AskedField::parse(&change.asked.field) {
            Some(known) => asked_field(speaker, known),
            None => change.asked.field.clone(),
        },
        value: Some(change.asked.value.clone()).filter(|value| !value.is_empty()),
        fate: fate(speaker, change),
        ground: change.ground.map(|ground| decline_ground(speaker, ground)),
        words: change.facts.clone(),
        steps: change.steps.iter().map(step).collect(),
        candidates: if can_decide { candidates(visit, found, change) } else { Vec::new() },
        can_decide,
    }
}

fn fate(speaker: &Speaker, change: &Change) -> String {
    speaker.t(match (change.fate(), change.verdict) {
        (Fate::Made, Some(Verdict::ByHand)) => "console-change-by-hand",
        (Fate::Open, _) => "console-change-open",
        (Fate::Coming, _) => "console-change-coming",
        (Fate::Made, _) => "console-change-made",
        (Fate::Part, _) => "console-change-part",
        (Fate::Declined, _) => "console-change-declined",
    })
}

/// What a change could put right: what it means first.
fn candidates(visit: &Visit, found: &CorrectionRead, change: &Change) -> Vec<Candidate> {
    let meant = change.asked.known();
    let of = |store: &StoreFields| -> Vec<Candidate> {
        let fields = store.fields.iter().enumerate();
        fields
            .map(|(at, (field, needs_proof))| Candidate {
                value: format!("{}/{at}", store.store),
                label: place(visit, &store.store, &field.spot.collection, &field.spot.column),
                now: field.value.clone(),
                is_meant: meant != AskedField::Other && AskedField::of(&field.category) == meant,
                needs_proof: *needs_proof,
            })
            .collect()
    };
    let mut all: Vec<Candidate> = found.stores.iter().flat_map(of).collect();
    all.sort_by_key(|one| !one.is_meant);
    all.truncate(CANDIDATES);
    all
}

fn place(visit: &Visit, store: &str, collection: &str, column: &str) -> String {
    let label = visit.console.desk().store_label(store, visit.language());
    format!("{label} · {collection}.{column}")
}

/// `POST …/change`
pub(in crate::web::console) async fn decide(
    visit: Visit,
    Referred(at): Referred,
    fields: FormFields,
) -> Response {
    let done = decided(&visit, &at, &fields).await;
    answer(&visit, done)
}

async fn decided(visit: &Visit, at: &Reference, fields: &FormFields) -> Result<Response, Trouble> {
    let by = member(visit).ok_or(Said::Denied)?;
    let desk = visit.console.desk();
    let (status, words) = match read(visit, at, fields).await? {
        Err(Unclear) => (StatusCode::UNPROCESSABLE_ENTITY, "console-unclear"),
        Ok((id, decision)) => match desk.decide_change(by, at, id, decision).await? {
            Weighed::Deed(Deed::Done) => {
                return Ok(go(&format!("/console/requests/{at}?done=change")));
            }
            Weighed::Deed(deed) => super::objection(deed)?,
            Weighed::Fault(fault) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                match fault {
                    ChangeFault::NoTarget => "console-change-no-target",
                    ChangeFault::TooMany => "console-change-too-many",
                    ChangeFault::Unknown => "console-not-now",
                    ChangeFault::Twice => "console-change-twice",
                    ChangeFault::NeedsProof => "console-correction-proof-text",
                },
            ),
        },
    };
    let with = With { error: Some(visit.speaker().t(words)), ..With::default() };
    page::page(visit, at, status, with).await
}

/// The form as a decision about one change. A value that is left empty is the one asked for.
async fn read(
    visit: &Visit,
    at: &Reference,
    fields: &FormFields,
) -> Result<Result<(ChangeId, Decision), Unclear>, Trouble> {
    let form = Form(fields);
    let id = form.field("change").ok().and_then(|id| id.parse().ok()).map(ChangeId);
    let verdict = form.field("verdict").ok().and_then(Verdict::parse);
    let (Some(id), Some(verdict)) = (id, verdict) else { return Ok(Err(Unclear)) };
    Ok(match verdict {
        Verdict::Apply => {
            let by = &visit.signed()?.member;
            let found = visit.console.desk().correction(by, at).await??;
            let changes = found.map(|found| found.changes).unwrap_or_default();
            let Some(change) = changes.into_iter().find(|change| change.id == id) else {
                return Ok(Err(Unclear));
            };
            let target = |value: &str| {
                let (store, place) = value.rsplit_once('/')?;
                let typed = fields.many(&format!("new:{value}")).next().unwrap_or_default();
                let new = if typed.trim().is_empty() { &change.asked.value } else { typed.trim() };
                let (store, place) = (store.to_owned(), place.parse().ok()?);
                // What is not shown to somebody is not theirs to write.
                (!new.is_empty()).then(|| Target { store, place, new: Some(new.to_owned()) })
            };
            let targets: Option<Vec<Target>> = fields.many("target").map(target).collect();
            targets.map(|targets| (id, Decision::Apply(targets))).ok_or(Unclear)
        }
        Verdict::ByHand => form.text().map(|words| (id, Decision::ByHand(words))),
        Verdict::Decline => {
            let ground = form.field("ground").ok().and_then(DeclineGround::parse).ok_or(Unclear);
            ground.and_then(|ground| Ok((id, Decision::Decline(ground, form.text()?))))
        }
    })
}

/// `POST …/checked`
pub(in crate::web::console) async fn checked(
    visit: Visit,
    Referred(at): Referred,
    fields: FormFields,
) -> Response {
    let Some(by) = member(&visit) else { return visit.say(Said::Denied) };
    let Ok(how) = Form(&fields).text() else {
        return super::decide(&visit, &at, "", async { Ok(Err(Unclear)) }).await;
    };
    let deed = visit.console.desk().check_person(by, &at, &how).await;
    super::decide(&visit, &at, "checked", async { deed.map(Ok) }).await
}
