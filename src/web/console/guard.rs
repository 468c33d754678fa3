//! Who may pass. Reads the account at every call, so that what an admin ends is over at once.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Console;
use super::visit::{Trouble, Visit, answer, chosen, go, html, tag};
use crate::domain::policy::{Action, Denied};
use crate::domain::staff::ABSOLUTE;
use crate::ids::Token;
use crate::web::edge::PUBLIC_BODY;
use crate::web::edge::cookie::CookieKind;
use crate::web::edge::form::FormFields;
use crate::web::view::console::{ConfirmPage, Said};

/// What a route asks of whoever comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// Nothing: the pages before anybody is signed in.
    Open,
    /// That one of their roles may do this, with a fresh second factor where it hurts.
    For(Action),
}

/// Layer of each route: lets through whom the policy lets. A language that was chosen stays.
pub(super) async fn check(
    State((console, gate)): State<(Console, Gate)>,
    request: Request,
    next: Next,
) -> Response {
    let cookie = chosen(request.uri()).map(|language| console.0.cookies.set_language(language));
    let mut response = admit(console, gate, request, next).await;
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

async fn admit(console: Console, gate: Gate, request: Request, next: Next) -> Response {
    let Gate::For(action) = gate else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    let Ok(mut visit) = Visit::from_request_parts(&mut parts, &console).await;
    let Some(cookie) = visit.cookie() else { return to_sign_in(&visit, &parts.method) };
    let signed = match console.desk().member(&cookie).await {
        Ok(Some(signed)) => signed,
        Ok(None) => return to_sign_in(&visit, &parts.method),
        Err(error) => return answer(&visit, Err(error.into())),
    };
    visit.signed = Some(signed.clone());
    let now = console.desk().now();
    match signed.member.may(action, now) {
        Ok(()) => {
            parts.extensions.insert(signed);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(Denied::StaleFactor) => {
            let Ok(body) = to_bytes(body, PUBLIC_BODY).await else {
                return visit.say(Said::Unreadable);
            };
            match step_up(&visit, &cookie, &body).await {
                Err(trouble) => answer(&visit, Err(trouble)),
                Ok(Err(page)) => page,
                Ok(Ok(cookie)) => {
                    let mut signed = signed;
                    signed.member.stepped_up_at = now;
                    if let Ok(Some(fresh)) = console.desk().member(&cookie).await {
                        signed = fresh;
                    }
                    parts.extensions.insert(signed);
                    let mut response = next.run(Request::from_parts(parts, Body::from(body))).await;
                    response
                        .headers_mut()
                        .append(header::SET_COOKIE, set_cookie(&console, &cookie));
                    response
                }
            }
        }
        Err(Denied::Account | Denied::Role) => visit.say(Said::Denied),
    }
}

/// Takes the code that came with the form, or asks for it with the form kept.
async fn step_up(
    visit: &Visit,
    cookie: &Token,
    body: &Bytes,
) -> Result<Result<Token, Response>, Trouble> {
    let fields = FormFields::parse(body).map_err(|_| Said::Unreadable)?;
    let typed = fields.one("code").map_err(|_| Said::Unreadable)?;
    if let Some(code) = typed
        && let Some(fresh) = visit.console.desk().step_up(cookie, code).await?
    {
        return Ok(Ok(fresh));
    }
    let action = visit.uri.path().to_owned();
    let kept = fields.iter().filter(|(name, _)| *name != "code");
    let page = ConfirmPage {
        page: visit.page("/console/"),
        back: action.rsplit_once('/').map_or("/console/", |(parent, _)| parent).to_owned(),
        fields: kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        wrong: typed.is_some(),
        action,
    };
    Ok(Err(html(StatusCode::FORBIDDEN, &page)))
}

/// The cookie of a session.
pub(super) fn set_cookie(console: &Console, cookie: &Token) -> HeaderValue {
    let age = Duration::from_secs(ABSOLUTE.as_secs().unsigned_abs());
    console.0.cookies.set(CookieKind::Staff, &tag(), cookie, age)
}

/// Whoever is not signed in goes to sign in, and then to the page they wanted.
fn to_sign_in(visit: &Visit, method: &Method) -> Response {
    let wanted = visit.uri.path_and_query().map_or("", |path| path.as_str());
    if *method == Method::GET && wanted != "/console/" {
        let to = utf8_percent_encode(wanted, NON_ALPHANUMERIC);
        return go(&format!("/console/sign-in?to={to}"));
    }
    go("/console/sign-in")
}
