//! Pages and files about the service itself, and what machines ask of it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::Site;
use super::frame::Visit;
use super::trouble::{Trouble, html};
use crate::web::asset;
use crate::web::view::{AccessibilityPage, Message, PrivacyPage};

const TEXT: (header::HeaderName, &str) = (header::CONTENT_TYPE, "text/plain; charset=utf-8");
const JSON: (header::HeaderName, &str) = (header::CONTENT_TYPE, "application/json");

/// How long `security.txt` holds (RFC 9116, 2.5.5: less than a year).
const SECURITY_VALID: SignedDuration = SignedDuration::from_hours(180 * 24);

/// What stands in a `mailto:` as it is (RFC 6068, 2).
const MAILTO: &AsciiSet = &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_');

/// `GET /privacy`
pub(super) async fn privacy(visit: Visit) -> Response {
    html(StatusCode::OK, &PrivacyPage::new(visit.frame("/privacy"), visit.site.0.retention))
}

/// `GET /accessibility`
pub(super) async fn accessibility(visit: Visit) -> Response {
    html(StatusCode::OK, &AccessibilityPage::new(visit.frame("/accessibility")))
}

/// `GET /.well-known/gpc.json`: we honour Global Privacy Control.
pub(super) async fn gpc() -> Response {
    ([JSON], r#"{"gpc":true,"lastUpdate":"2026-11-20"}"#).into_response()
}

/// `GET /.well-known/security.txt` (RFC 9116); 404 where nobody can be reached.
pub(super) async fn security(State(site): State<Site>) -> Result<Response, Trouble> {
    let (desk, settings) = (site.desk(), site.desk().settings());
    let organisation = &settings.organisation;
    let mail = |address: &str| format!("mailto:{}", utf8_percent_encode(address, MAILTO));
    let contact = organisation.contact.as_ref().map(|contact| mail(contact.as_str()));
    let contact = contact.or_else(|| organisation.privacy_url.clone()).ok_or(Message::NotFound)?;
    let expires = (desk.now() + SECURITY_VALID).strftime("%Y-%m-%dT00:00:00Z");
    let languages: Vec<&str> = organisation.languages.iter().map(|known| known.as_str()).collect();
    let canonical = settings.base_url.link("/.well-known/security.txt");
    let text = format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: {}\nCanonical: {canonical}\n",
        languages.join(", ")
    );
    Ok(([TEXT], text).into_response())
}

/// `GET /.well-known/rightsdesk-signing-key.pub`: what archives are checked with.
pub(super) async fn signing_key(State(site): State<Site>) -> Response {
    ([TEXT], site.0.signing_key.clone()).into_response()
}

/// `GET /healthz`: the process answers. Asks nobody else, so that trouble with the database does not
/// get the process restarted.
pub(super) async fn healthz() -> Response {
    ([TEXT], "ok").into_response()
}

/// `GET /readyz`: whether requests can be served now.
pub(super) async fn readyz(State(site): State<Site>) -> Response {
    let ready = site.desk().is_ready().await;
    let (status, message) = match &ready {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.word()),
    };
    let ok = ready.is_ok();
    let check = json!({"name": "database", "ok": ok, "message": message});
    (status, [JSON], json!({"ok": ok, "checks": [check]}).to_string()).into_response()
}

/// `GET /assets/{name}`
pub(super) async fn asset(path: Result<Path<String>, PathRejection>) -> Result<Response, Trouble> {
    let Path(name) = path.map_err(|_| Message::NotFound)?;
    let asset = asset::find(&format!("/assets/{name}")).ok_or(Message::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(asset::CACHE_CONTROL)),
    ];
    Ok((headers, asset.body).into_response())
}
