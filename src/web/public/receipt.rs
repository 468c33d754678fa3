//! The signed receipt of a deletion, for its person: the JSON and its signature, each a file.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::frame::Visit;
use super::trouble::Trouble;
use crate::ids::{Reference, Token};
use crate::web::view::Message;

/// `GET /status/{token}/receipt/{file}`: `R-….json`, or `R-….json.minisig`.
pub(super) async fn fetch(
    visit: Visit,
    Path((token, file)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let missing = || Trouble::from(Message::NotFound);
    let token = Token::parse(&token).ok_or_else(missing)?;
    let (stem, signed) = match file.strip_suffix(".json.minisig") {
        Some(stem) => (stem, true),
        None => (file.strip_suffix(".json").ok_or_else(missing)?, false),
    };
    let reference = Reference::parse(stem).ok_or_else(missing)?;
    let cookie = visit.status_cookie(&token);
    let desk = visit.site.desk();
    let receipt = desk.receipt(&token, cookie.as_ref(), &reference).await?.ok_or_else(missing)?;
    let (body, kind) = if signed {
        (receipt.signature, "text/plain; charset=utf-8")
    } else {
        (receipt.body, "application/json")
    };
    let ending = if signed { "json.minisig" } else { "json" };
    let name = format!("attachment; filename=\"{reference}-receipt.{ending}\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|_| missing())?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, body).into_response())
}
