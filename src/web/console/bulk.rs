//! Closing many requests at once: one page to look at them, one button.

use axum::http::StatusCode;
use axum::response::Response;

use super::visit::{Trouble, Visit, answer, html};
use crate::ids::Reference;
use crate::service::case::{BULK_MOST, BulkGround, Deed};
use crate::web::edge::form::FormFields;
use crate::web::view::console::{BulkPage, Picked, Said};

/// `POST /console/bulk`: shows what was ticked, and asks why.
pub(super) async fn show(visit: Visit, fields: FormFields) -> Response {
    page(&visit, &fields, StatusCode::OK, None)
}

/// `POST /console/bulk/close`
pub(super) async fn close(visit: Visit, fields: FormFields) -> Response {
    let closed = decide(&visit, &fields).await;
    answer(&visit, closed)
}

fn ticked(fields: &FormFields) -> Vec<Reference> {
    let mut all: Vec<Reference> = fields.many("reference").filter_map(Reference::parse).collect();
    all.dedup();
    all
}

async fn decide(visit: &Visit, fields: &FormFields) -> Result<Response, Trouble> {
    let by = &visit.signed()?.member;
    let word = fields.one("ground").map_err(|_| Said::Unreadable)?.unwrap_or_default();
    let Some(why) = BulkGround::parse(word) else {
        let error = visit.speaker().t("console-bulk-why");
        return Ok(page(visit, fields, StatusCode::UNPROCESSABLE_ENTITY, Some(error)));
    };
    let results = visit.console.desk().close_many(by, &ticked(fields), why).await?;
    if let Some((_, Deed::Denied(denied))) =
        results.iter().find(|(_, deed)| matches!(deed, Deed::Denied(_)))
    {
        return Err((*denied).into());
    }
    let (done, left): (Vec<_>, Vec<_>) =
        results.into_iter().partition(|(_, deed)| *deed == Deed::Done);
    let page = BulkPage {
        page: visit.page("/console/"),
        error: None,
        done: Some(visit.speaker().t1("console-bulk-done", "count", done.len() as u64)),
        references: left.into_iter().map(|(at, _)| at.to_string()).collect(),
        grounds: Vec::new(),
    };
    Ok(html(StatusCode::OK, &page))
}

fn page(visit: &Visit, fields: &FormFields, status: StatusCode, error: Option<String>) -> Response {
    let speaker = visit.speaker();
    let references = ticked(fields);
    let error = match references.len() {
        0 => Some(speaker.t("console-bulk-none")),
        many if many > BULK_MOST => Some(speaker.t1("console-bulk-many", "most", BULK_MOST as u64)),
        _ => error,
    };
    let grounds = BulkGround::ALL
        .iter()
        .map(|ground| Picked {
            value: ground.to_string(),
            label: speaker.t(&format!("console-bulk-{ground}")),
            is_chosen: false,
        })
        .collect();
    let page = BulkPage {
        page: visit.page("/console/"),
        error,
        done: None,
        references: references.iter().take(BULK_MOST).map(ToString::to_string).collect(),
        grounds,
    };
    html(status, &page)
}
