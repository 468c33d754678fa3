//! Webhooks: who is told of what, and how that goes.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::visit::{Trouble, Visit, answer, go, html, parameter};
use crate::domain::policy::Action;
use crate::ids::DeliveryId;
use crate::service::webhook::{DeliveryRead, Replayed, WebhooksRead};
use crate::text::Speaker;
use crate::web::view::console::{
    self as view, DeliveryLine, DeliveryTable, EndpointLine, Said, WebhooksPage,
};

/// `GET /console/webhooks`
pub(super) async fn show(visit: Visit) -> Response {
    let shown = page(&visit).await;
    answer(&visit, shown)
}

async fn page(visit: &Visit) -> Result<Response, Trouble> {
    let signed = visit.signed()?;
    let speaker = visit.speaker();
    let read = visit.console.desk().webhooks(Some(&signed.member)).await??;
    let can_replay = signed.member.is_entitled(Action::ReplayWebhook).is_ok();
    let endpoints = read.endpoints.iter().map(|one| EndpointLine {
        name: one.subscription.name.clone(),
        events: one
            .subscription
            .kinds
            .iter()
            .map(|kind| kind.as_str())
            .collect::<Vec<_>>()
            .join(", "),
        is_dead: one.is_dead,
        waiting: speaker.count(one.facts.waiting),
        given_up: speaker.count(one.facts.dead),
    });
    let table = |id, title, rows: &[DeliveryRead]| DeliveryTable {
        id,
        title: speaker.t(title),
        rows: rows.iter().map(|one| line(&speaker, &read, one, can_replay)).collect(),
    };
    let tables = [
        table("given-up", "console-webhooks-given-up", &read.given_up),
        table("newest", "console-webhooks-newest", &read.newest),
    ];
    let page = WebhooksPage {
        endpoints: endpoints.collect(),
        tables: tables.into_iter().filter(|table| !table.rows.is_empty()).collect(),
        replayed: parameter(&visit.uri, "done").as_deref() == Some("replayed"),
        page: visit.page("/console/webhooks"),
    };
    Ok(html(StatusCode::OK, &page))
}

fn line(
    speaker: &Speaker,
    read: &WebhooksRead,
    one: &DeliveryRead,
    can_replay: bool,
) -> DeliveryLine {
    let is_there = read.endpoints.iter().any(|known| known.subscription.name == one.endpoint);
    let none = || "–".to_owned();
    DeliveryLine {
        id: one.id.to_string(),
        kind: one.kind.as_str(),
        endpoint: one.endpoint.clone(),
        reference: one.reference.to_string(),
        at: speaker.date_time(one.created_at),
        state: view::delivery_state(speaker, one.state),
        answer: one.last_answer.as_deref().map_or_else(none, |said| view::answer(speaker, said)),
        next: one.next_attempt_at.map_or_else(none, |at| speaker.date_time(at)),
        can_replay: can_replay && is_there,
    }
}

/// `POST /console/webhooks/{id}/replay`
pub(super) async fn replay(visit: Visit, path: Option<Path<DeliveryId>>) -> Response {
    let done = async {
        let Some(Path(id)) = path else { return Err(Said::Missing.into()) };
        let signed = visit.signed()?;
        match visit.console.desk().replay_webhook(Some(&signed.member), id).await? {
            Replayed::Done => Ok(go("/console/webhooks?done=replayed")),
            Replayed::Unknown | Replayed::Withdrawn => Err(Trouble::from(Said::Missing)),
            Replayed::Denied(_) => Err(Said::Denied.into()),
        }
    };
    answer(&visit, done.await)
}
