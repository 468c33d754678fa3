//! The queue, and looking for one request.

use axum::http::StatusCode;
use axum::response::Response;
use form_urlencoded::Serializer;
use jiff::Timestamp;
use uuid::Uuid;

use super::visit::{Trouble, Visit, answer, go, html};
use crate::domain::address::EmailAddress;
use crate::domain::policy::Action;
use crate::domain::promise::PromiseState;
use crate::domain::queue::{Owner, QueueFilter, QueueStage, View};
use crate::domain::request::{AnswerWay, Channel, Request};
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::{Reference, RequestId, StaffId};
use crate::service::read::queue::{COUNT_MOST, LOOK_MOST, QueueKey, QueueRow, Search};
use crate::service::staff::Colleague;
use crate::text::Speaker;
use crate::web::edge::form::FormFields;
use crate::web::view::console::{
    Choice, Due, Line, Picked, QueuePage, Said, ViewLink, blocker, channel, owner_none, right,
    status, view,
};

/// `GET /console/`
pub(super) async fn show(visit: Visit) -> Response {
    let shown = page(&visit).await;
    answer(&visit, shown)
}

async fn page(visit: &Visit) -> Result<Response, Trouble> {
    let desk = visit.console.desk();
    let signed = visit.signed()?;
    let query = visit.uri.query().unwrap_or_default();
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let filter =
        QueueFilter::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let after = pairs.iter().find(|(name, _)| name == "after").and_then(|(_, key)| read_key(key));
    let read = desk.queue(&signed.member, &filter, after).await??;
    let colleagues = desk.colleagues().await?;
    let speaker = visit.speaker();
    let now = desk.now();
    let views = View::ALL.iter().map(|known| ViewLink {
        path: path_of(&QueueFilter::of(*known), None),
        label: view(&speaker, *known),
        count: match read.counts.get(known.as_str()) {
            Some(count) if *count >= COUNT_MOST => format!("{}+", speaker.count(COUNT_MOST)),
            Some(count) => speaker.count(*count),
            None => String::new(),
        },
        is_here: *known == filter.view,
    });
    let here = path_of(&filter, after);
    let page = QueuePage {
        page: visit.page(here),
        title: view(&speaker, filter.view),
        error: None,
        view: filter.view.as_str(),
        views: views.collect(),
        choices: choices(&speaker, &filter, &colleagues),
        can_close: signed.member.is_entitled(Action::Refuse).is_ok(),
        rows: read.rows.iter().map(|row| line(&speaker, row, &colleagues, now)).collect(),
        empty: speaker.t(match filter.view {
            View::Open | View::Mine | View::ForStaff => "console-empty-due",
            _ => "console-empty",
        }),
        next: read.next.map(|key| path_of(&filter, Some(key))),
        cut: read.is_cut.then(|| speaker.t1("console-cut", "count", LOOK_MOST)),
    };
    Ok(html(StatusCode::OK, &page))
}

/// `POST /console/find`: what is looked for stands in no address and in no log.
pub(super) async fn find(visit: Visit, fields: FormFields) -> Response {
    let found = look(&visit, &fields).await;
    answer(&visit, found)
}

async fn look(visit: &Visit, fields: &FormFields) -> Result<Response, Trouble> {
    let desk = visit.console.desk();
    let signed = visit.signed()?;
    let typed = fields.one("find").map_err(|_| Said::Unreadable)?.unwrap_or_default();
    let search = match (Reference::parse(typed), EmailAddress::parse(typed)) {
        (Some(reference), _) => Some(Search::Reference(reference)),
        (None, Ok(address)) => Some(Search::Address(address)),
        (None, Err(_)) => None,
    };
    let speaker = visit.speaker();
    let (rows, error) = match search {
        None => (Vec::new(), Some(speaker.t("console-find-wrong"))),
        Some(search) => (desk.find(&signed.member, &search).await??, None),
    };
    if let [only] = &rows[..] {
        return Ok(go(&format!("/console/requests/{}", only.request.reference)));
    }
    let colleagues = desk.colleagues().await?;
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = QueuePage {
        page: visit.page("/console/"),
        title: speaker.t("console-found"),
        error,
        view: "",
        views: Vec::new(),
        choices: Vec::new(),
        can_close: signed.member.is_entitled(Action::Refuse).is_ok(),
        rows: rows.iter().map(|row| line(&speaker, row, &colleagues, desk.now())).collect(),
        empty: speaker.t("console-found-nothing"),
        next: None,
        cut: None,
    };
    Ok(html(status, &page))
}

fn line(speaker: &Speaker, row: &QueueRow, colleagues: &[Colleague], now: Timestamp) -> Line {
    let request = &row.request;
    let urgent = row.child_data.then(|| speaker.t("console-urgent-child"));
    let blockers = request.blockers.iter().map(|known| blocker(speaker, *known));
    Line {
        reference: request.reference.as_str().to_owned(),
        due: Due::of(speaker, request, &row.promise, now),
        right: right(speaker, request.right),
        who: row.who.clone().unwrap_or_else(|| nobody(speaker, request)),
        status: status(speaker, request.status),
        blockers: urgent.into_iter().chain(blockers).collect(),
        owner: owner(speaker, request.assignee, colleagues),
    }
}

/// What stands in the place of an address.
pub(super) fn nobody(speaker: &Speaker, request: &Request) -> String {
    speaker.t(match request.answers_by {
        AnswerWay::Mail => "console-forgotten",
        AnswerWay::Letter => "console-no-mailbox",
        AnswerWay::App => "console-through-app",
    })
}

/// Whose a request is, by name.
pub(super) fn owner(
    speaker: &Speaker,
    assignee: Option<StaffId>,
    colleagues: &[Colleague],
) -> String {
    let known = assignee.and_then(|id| colleagues.iter().find(|known| known.id == id));
    known.map_or_else(|| owner_none(speaker), |known| known.name.clone())
}

fn choices(speaker: &Speaker, filter: &QueueFilter, colleagues: &[Colleague]) -> Vec<Choice> {
    let picked = |value: &str, label: String, is_chosen| Picked {
        value: value.to_owned(),
        label,
        is_chosen,
    };
    let rights = Right::ALL
        .iter()
        .map(|known| picked(known.as_str(), right(speaker, *known), filter.right == Some(*known)));
    let channels = Channel::ALL.iter().map(|known| {
        picked(known.as_str(), channel(speaker, *known), filter.channel == Some(*known))
    });
    let statuses = Status::ALL.iter().map(|known| {
        picked(known.as_str(), status(speaker, *known), filter.status == Some(*known))
    });
    let promises = [
        (PromiseState::OnTime, "console-promise-on-time"),
        (PromiseState::AtRisk, "console-promise-at-risk"),
        (PromiseState::Overdue, "console-promise-overdue"),
    ];
    let promises = promises
        .into_iter()
        .map(|(state, id)| picked(state.as_str(), speaker.t(id), filter.promise == Some(state)));
    let nobody = picked("nobody", owner_none(speaker), filter.owner == Some(Owner::Nobody));
    let owners = colleagues.iter().filter(|known| known.takes_requests).map(|known| {
        let chosen = filter.owner == Some(Owner::Staff(known.id));
        picked(&known.id.to_string(), known.name.clone(), chosen)
    });
    let choice = |name, id: &str, options| Choice { name, label: speaker.t(id), options };
    let mut all = vec![
        choice("right", "console-right", rights.collect()),
        choice("channel", "console-channel", channels.collect()),
        choice("status", "console-status", statuses.collect()),
        choice("owner", "console-owner", std::iter::once(nobody).chain(owners).collect()),
    ];
    if filter.view.stage() == QueueStage::Open {
        all.push(choice("promise", "console-promise", promises.collect()));
    }
    all
}

fn path_of(filter: &QueueFilter, after: Option<QueueKey>) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in filter.to_pairs() {
        query.append_pair(name, &value);
    }
    if let Some(key) = after {
        query.append_pair("after", &format!("{}.{}", key.received_at.as_millisecond(), key.id));
    }
    format!("/console/?{}", query.finish())
}

fn read_key(text: &str) -> Option<QueueKey> {
    let (at, id) = text.split_once('.')?;
    Some(QueueKey {
        received_at: Timestamp::from_millisecond(at.parse().ok()?).ok()?,
        id: RequestId(id.parse::<Uuid>().ok()?),
    })
}
