//! What handlers read of a request before its form: the language, the link's secret, the cookie.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::Site;
use super::trouble::Trouble;
use crate::domain::intake::Intake;
use crate::domain::language::Language;
use crate::ids::{Reference, Token, TokenPurpose};
use crate::service::session::{Opened, STATUS_SESSION};
use crate::web::edge::cookie::{CookieKind, CookieTag};
use crate::web::view::{Frame, Message};

/// The language of a page, and whether it was chosen by hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tongue {
    pub(super) language: Language,
    pub(super) chosen: bool,
}

impl Tongue {
    /// `?lang=` where the organisation offers it, else the browser's first choice among those, else
    /// the organisation's own.
    pub(super) fn of(site: &Site, uri: &Uri, accept: Option<&HeaderValue>) -> Self {
        let organisation = &site.desk().settings().organisation;
        let wanted = parameter(uri, "lang").and_then(|word| Language::parse(&word));
        if let Some(language) = wanted.filter(|wanted| organisation.languages.contains(wanted)) {
            return Self { language, chosen: true };
        }
        let accepted = accept
            .and_then(|accept| accept.to_str().ok())
            .and_then(|accept| Language::preferred(accept, &organisation.languages));
        let language = accepted.unwrap_or_else(|| organisation.default_language());
        Self { language, chosen: false }
    }

    /// The frame of a page whose GET address is `here`, without `lang`.
    pub(super) fn frame(self, site: &Site, here: String) -> Frame {
        Frame {
            speaker: site.desk().speaker(self.language),
            org: Arc::clone(&site.0.org),
            languages: site.desk().settings().organisation.languages.clone(),
            here,
            chosen: self.chosen,
        }
    }
}

/// The first value of a parameter of the query.
fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// One request for a page, before anybody looks at its form.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) site: Site,
    pub(super) tongue: Tongue,
    uri: Uri,
    headers: HeaderMap,
}

impl Visit {
    /// The frame of a page whose GET address is `here`, without `lang`.
    pub(super) fn frame(&self, here: impl Into<String>) -> Frame {
        self.tongue.frame(&self.site, here.into())
    }

    /// The same for a page that a mail leads to: in the language that the form was sent in, unless
    /// another is chosen here.
    pub(super) fn frame_for(&self, intake: &Intake, here: impl Into<String>) -> Frame {
        let offered = &self.site.desk().settings().organisation.languages;
        let asked = intake.language;
        let other = asked != self.tongue.language && offered.contains(&asked);
        let tongue = match self.tongue {
            Tongue { chosen: false, .. } if other => Tongue { language: asked, chosen: true },
            tongue => tongue,
        };
        tongue.frame(&self.site, here.into())
    }

    /// A parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.uri, name)
    }

    /// All values of a name in the query, a hundred at most.
    pub(super) fn parameters(&self, name: &str) -> Vec<String> {
        let query = self.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        pairs
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .take(100)
            .collect()
    }

    /// Whether the query has `note=` with this word: what a redirect wants to be said.
    pub(super) fn notes(&self, word: &str) -> bool {
        self.parameter("note").is_some_and(|note| note == word)
    }

    /// Sends the browser on to `path` (303), which keeps a chosen language.
    pub(super) fn go(&self, path: &str) -> Response {
        Redirect::to(&self.frame("").link(path)).into_response()
    }

    /// The cookie that opens the private part of the status page of `token`.
    pub(super) fn status_cookie(&self, token: &Token) -> Option<Token> {
        self.site.0.cookies.read(CookieKind::Status, &status_tag(token), &self.headers)
    }

    /// Sends the browser on to a status page that has just been opened, with its cookie.
    pub(super) fn go_to_status(&self, opened: &Opened, note: &str) -> Response {
        let path = format!("/status/{}{note}", opened.token.as_str());
        let tag = status_tag(&opened.token);
        let age = Duration::from_secs(STATUS_SESSION.as_secs().unsigned_abs());
        let cookie = self.site.0.cookies.set(CookieKind::Status, &tag, &opened.cookie, age);
        let mut response = self.go(&path);
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response
    }
}

fn status_tag(token: &Token) -> CookieTag {
    CookieTag::of(&token.hash(TokenPurpose::Status).0)
}

impl FromRequestParts<Site> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let accept = parts.headers.get(header::ACCEPT_LANGUAGE);
        Ok(Self {
            tongue: Tongue::of(site, &parts.uri, accept),
            site: site.clone(),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
        })
    }
}

/// The secret in the path. What cannot be one is a link that leads nowhere.
#[derive(Debug)]
pub(super) struct Linked(pub(super) Token);

impl FromRequestParts<Site> for Linked {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Trouble> {
        let text = Path::<String>::from_request_parts(parts, site).await.ok();
        let token = text.and_then(|Path(text)| Token::parse(&text));
        token.map(Self).ok_or(Trouble::Say(Message::LinkUnknown))
    }
}

/// The reference in the path. What cannot be one is a page that is not there, or for a form a page
/// that leads nowhere.
#[derive(Debug)]
pub(super) struct Referred(pub(super) Reference);

impl FromRequestParts<Site> for Referred {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Trouble> {
        let text = Path::<String>::from_request_parts(parts, site).await.ok();
        let reference = text.and_then(|Path(text)| Reference::parse(&text));
        let read = matches!(parts.method, Method::GET | Method::HEAD);
        let message = if read { Message::NotFound } else { Message::LinkUnknown };
        reference.map(Self).ok_or(Trouble::Say(message))
    }
}
