//! What handlers know of whoever asks, and how they answer.

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::Console;
use crate::domain::language::Language;
use crate::domain::policy::Denied;
use crate::ids::{Reference, Token};
use crate::service::ServiceError;
use crate::service::staff::SignedIn;
use crate::text::Speaker;
use crate::web::asset;
use crate::web::edge::cookie::{CookieKind, CookieTag};
use crate::web::view::Frame;
use crate::web::view::console::{MessagePage, Page, Said};

/// The tag of the one cookie of the console.
pub(super) fn tag() -> CookieTag {
    CookieTag::of(b"console")
}

/// One call: who asks, and in which language to answer.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) console: Console,
    pub(super) signed: Option<SignedIn>,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
}

impl Visit {
    pub(super) fn language(&self) -> Language {
        chosen(&self.uri)
            .or_else(|| self.console.0.cookies.language(&self.headers))
            .or_else(|| self.signed.as_ref().map(|signed| signed.language))
            .unwrap_or_else(|| preferred(&self.console, self.headers.get(header::ACCEPT_LANGUAGE)))
    }

    pub(super) fn speaker(&self) -> Speaker {
        self.console.desk().speaker(self.language())
    }

    /// What stands around a page whose GET address is `here`, without `lang`.
    pub(super) fn page(&self, here: impl Into<String>) -> Page {
        let mut page = frame(&self.console, self.language(), here.into());
        if let Some(signed) = &self.signed {
            page.who = Some(signed.name.clone());
            page.roles = signed.member.roles.iter().copied().collect();
            page.is_shut = signed.is_shut;
        }
        page
    }

    /// The secret of the session's cookie.
    pub(super) fn cookie(&self) -> Option<Token> {
        self.console.0.cookies.read(CookieKind::Staff, &tag(), &self.headers)
    }

    /// Whoever is signed in. The guard lets nobody else through where this is asked.
    pub(super) fn signed(&self) -> Result<&SignedIn, Trouble> {
        self.signed.as_ref().ok_or(Trouble::Say(Said::Denied))
    }

    pub(super) fn say(&self, said: Said) -> Response {
        let page = self.page("/console/");
        html(StatusCode::from_u16(said.status()).unwrap_or_default(), &MessagePage { page, said })
    }
}

impl FromRequestParts<Console> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Infallible> {
        Ok(Self {
            console: console.clone(),
            signed: parts.extensions.get::<SignedIn>().cloned(),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
        })
    }
}

/// Why a handler shows no page of its own.
#[derive(Debug)]
pub(super) enum Trouble {
    Say(Said),
    Service(ServiceError),
}

impl From<Said> for Trouble {
    fn from(said: Said) -> Self {
        Self::Say(said)
    }
}

impl From<ServiceError> for Trouble {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl From<Denied> for Trouble {
    fn from(_: Denied) -> Self {
        Self::Say(Said::Denied)
    }
}

/// A handler's answer; its trouble becomes a page in the language of whoever asked.
pub(super) fn answer(visit: &Visit, result: Result<Response, Trouble>) -> Response {
    match result {
        Ok(response) => response,
        Err(Trouble::Say(said)) => visit.say(said),
        Err(Trouble::Service(error)) => {
            tracing::error!(error = error.word(), "a page of the console could not be made");
            visit.say(if error.is_passing() { Said::Busy } else { Said::Failed })
        }
    }
}

/// Sends the browser on (303).
pub(super) fn go(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// A page with its status.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    let Ok(text) = page.render() else {
        tracing::error!(error = "template", "a page of the console could not be made");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    (status, Html(text)).into_response()
}

/// A page that says one thing to whoever asked, known or not.
pub(super) fn message(
    console: &Console,
    uri: &Uri,
    accept: Option<&HeaderValue>,
    said: Said,
) -> Response {
    let language = chosen(uri).unwrap_or_else(|| preferred(console, accept));
    let page = frame(console, language, "/console/".to_owned());
    html(StatusCode::from_u16(said.status()).unwrap_or_default(), &MessagePage { page, said })
}

/// The reference in the path.
pub(super) struct Referred(pub(super) Reference);

impl FromRequestParts<Console> for Referred {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Response> {
        let text = Path::<String>::from_request_parts(parts, console).await.ok();
        let reference = text.and_then(|Path(text)| Reference::parse(&text));
        let Ok(visit) = Visit::from_request_parts(parts, console).await;
        reference.map(Self).ok_or_else(|| visit.say(Said::Missing))
    }
}

fn frame(console: &Console, language: Language, here: String) -> Page {
    let frame = Frame {
        speaker: console.desk().speaker(language),
        org: Arc::clone(&console.0.org),
        languages: Language::ALL.to_vec(),
        here,
        chosen: false,
    };
    Page { frame, who: None, roles: Vec::new(), is_shut: false }
}

fn preferred(console: &Console, accept: Option<&HeaderValue>) -> Language {
    let accepted = accept
        .and_then(|accept| accept.to_str().ok())
        .and_then(|accept| Language::preferred(accept, Language::ALL));
    accepted.unwrap_or_else(|| console.desk().settings().organisation.default_language())
}

/// The language that the address asks for.
pub(super) fn chosen(uri: &Uri) -> Option<Language> {
    parameter(uri, "lang").and_then(|word| Language::parse(&word))
}

/// The first value of a parameter of the query.
pub(super) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// `GET /healthz`
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// `GET /`: whoever types the bare address wants the queue.
pub(super) async fn root() -> Response {
    go("/console/")
}

/// `GET /assets/{name}`
pub(super) async fn asset(visit: Visit, path: Option<Path<String>>) -> Response {
    let found = path.and_then(|Path(name)| asset::find(&format!("/assets/{name}")));
    let Some(asset) = found else { return visit.say(Said::Missing) };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static(asset::CACHE_CONTROL)),
    ];
    (headers, asset.body).into_response()
}

/// What no route answers.
pub(super) async fn missing(visit: Visit) -> Response {
    visit.say(Said::Missing)
}

/// What a route does not answer in this way.
pub(super) async fn not_allowed(visit: Visit) -> Response {
    visit.say(Said::Method)
}
