//! After a restore: deletions that are done again once an officer has approved them, and requests that
//! our own database has lost.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::case::objection;
use super::visit::{Referred, Trouble, Visit, answer, go, html, parameter};
use crate::domain::plan::PlanDigest;
use crate::domain::policy::Action;
use crate::domain::received::{Lost, LostState};
use crate::domain::replay::{REPLAY_LIFE, Replay, ReplayLeft, ReplayLine, ReplayState};
use crate::ids::{Reference, ReplayId};
use crate::service::case::Deed;
use crate::text::Speaker;
use crate::web::edge::form::FormFields;
use crate::web::view::console::{self as view, LostRow, ReplayRow, ReplayView, ReplaysPage, Said};

const HERE: &str = "/console/replays";

/// `GET /console/replays`
pub(super) async fn show(visit: Visit) -> Response {
    let shown = page(&visit, StatusCode::OK, None).await;
    answer(&visit, shown)
}

async fn page(visit: &Visit, status: StatusCode, error: Option<&str>) -> Result<Response, Trouble> {
    let signed = visit.signed()?;
    let can_approve = signed.member.is_entitled(Action::Approve).is_ok();
    let can_settle = signed.member.is_entitled(Action::Clear).is_ok();
    let replays = visit.console.desk().replays().await?;
    let lost = visit.console.desk().lost_requests().await?;
    let page = ReplaysPage {
        replays: replays.iter().map(|replay| plan_view(visit, replay, can_approve)).collect(),
        waits: lost.iter().any(|one| one.state == LostState::Waiting),
        lost: lost.iter().map(|one| lost_row(visit, one, can_settle)).collect(),
        approved: parameter(&visit.uri, "done").as_deref() == Some("approved"),
        error: error.map(|id| visit.speaker().t(id)),
        page: visit.page(HERE),
    };
    Ok(html(status, &page))
}

fn plan_view(visit: &Visit, replay: &Replay, can_approve: bool) -> ReplayView {
    let speaker = visit.speaker();
    let over = replay.made_at + REPLAY_LIFE <= visit.console.desk().now();
    let waits = replay.state == ReplayState::Waiting && !over;
    let state = match replay.state {
        ReplayState::Waiting if over => speaker.t("console-replay-over"),
        state => speaker.t(&format!("console-replay-state-{state}")),
    };
    ReplayView {
        id: replay.id.to_string(),
        digest: replay.digest.to_string(),
        short: replay.digest.short().to_owned(),
        title: speaker.t1("console-replay-since", "time", speaker.date_time(replay.since)),
        state,
        made: speaker.t1("console-replay-made", "time", speaker.date_time(replay.made_at)),
        goes: replay.lines.iter().map(|line| goes(visit, &speaker, line)).collect(),
        stays: replay.left.iter().map(|left| stays(visit, &speaker, left)).collect(),
        can_approve: can_approve && waits,
    }
}

fn rows(speaker: &Speaker, rows: u64) -> String {
    speaker.t1("console-erasure-rows", "rows", rows)
}

fn place(visit: &Visit, speaker: &Speaker, store: &str, collection: &str) -> String {
    format!("{} · {collection}", super::case::label(visit, speaker, store))
}

fn goes(visit: &Visit, speaker: &Speaker, line: &ReplayLine) -> ReplayRow {
    let method = speaker.t(&format!("console-method-{}", line.method));
    ReplayRow {
        reference: line.reference.clone(),
        place: place(visit, speaker, &line.store, &line.collection),
        words: format!("{}, {method}", rows(speaker, line.rows)),
        state: speaker.t(&format!("console-replay-fate-{}", line.fate)),
    }
}

fn stays(visit: &Visit, speaker: &Speaker, left: &ReplayLeft) -> ReplayRow {
    ReplayRow {
        reference: left.reference.clone(),
        place: place(visit, speaker, &left.store, &left.collection),
        words: rows(speaker, left.rows),
        state: speaker.t(&format!("console-replay-left-{}", left.why)),
    }
}

fn lost_row(visit: &Visit, one: &Lost, can_settle: bool) -> LostRow {
    let speaker = visit.speaker();
    let state = match (&one.entered, one.deleted, one.state) {
        (Some(entered), ..) => speaker.t1("console-lost-entered", "reference", entered.as_str()),
        (None, true, LostState::Waiting) => speaker.t("console-lost-deleted"),
        (None, _, state) => speaker.t(&format!("console-lost-state-{state}")),
    };
    LostRow {
        reference: one.reference.to_string(),
        right: view::right(&speaker, one.right),
        received: speaker.date_time(one.received_at),
        state,
        can_settle: can_settle && one.state == LostState::Waiting,
    }
}

/// `POST /console/lost/{reference}/settle`
pub(super) async fn settle(visit: Visit, Referred(at): Referred, fields: FormFields) -> Response {
    let done = async {
        let signed = visit.signed()?;
        let typed = fields.one("entered").map_err(|_| Said::Unreadable)?.unwrap_or_default().trim();
        let entered = if typed.is_empty() { None } else { Reference::parse(typed) };
        if !typed.is_empty() && entered.is_none() {
            return page(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some("console-unclear")).await;
        }
        let desk = visit.console.desk();
        match desk.settle_lost(&signed.member, &at, entered.as_ref()).await? {
            Deed::Done => Ok(go(HERE)),
            Deed::NoSuchRequest => {
                page(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some("console-unclear")).await
            }
            deed => {
                let (status, words) = objection(deed)?;
                page(&visit, status, Some(words)).await
            }
        }
    };
    answer(&visit, done.await)
}

/// `POST /console/replays/{id}/approve`
pub(super) async fn approve(
    visit: Visit,
    path: Option<Path<ReplayId>>,
    fields: FormFields,
) -> Response {
    let done = async {
        let Some(Path(id)) = path else { return Err(Said::Missing.into()) };
        let signed = visit.signed()?;
        let typed = fields.one("digest").map_err(|_| Said::Unreadable)?.unwrap_or_default();
        let digest = PlanDigest::parse(typed).ok_or(Said::Unreadable)?;
        match visit.console.desk().approve_replay(&signed.member, id, &digest).await? {
            Deed::Done => Ok(go("/console/replays?done=approved")),
            deed => {
                let (status, words) = objection(deed)?;
                page(&visit, status, Some(words)).await
            }
        }
    };
    answer(&visit, done.await)
}
