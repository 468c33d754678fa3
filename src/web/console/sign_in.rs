//! Signing in.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::guard::set_cookie;
use super::visit::{Trouble, Visit, answer, go, html, parameter};
use crate::keys::password::Password;
use crate::service::staff::{Credentials, SignIn};
use crate::web::edge::form::FormFields;
use crate::web::view::console::{Said, SignInPage};

/// `GET /console/sign-in`
pub(super) async fn show(visit: Visit) -> Response {
    let to = parameter(&visit.uri, "to").unwrap_or_default();
    let speaker = visit.speaker();
    let said = parameter(&visit.uri, "said");
    let notice = match said.as_deref() {
        Some("out") => Some(speaker.t("console-signed-out")),
        Some("enrolled") => Some(speaker.t("console-enrolled")),
        _ => None,
    };
    page(&visit, StatusCode::OK, notice, true, String::new(), to)
}

/// `POST /console/sign-in`
pub(super) async fn submit(visit: Visit, fields: FormFields) -> Response {
    let done = sign_in(&visit, &fields).await;
    answer(&visit, done)
}

async fn sign_in(visit: &Visit, fields: &FormFields) -> Result<Response, Trouble> {
    let field = |name| fields.one(name).map_err(|_| Said::Unreadable);
    let email = field("email")?.unwrap_or_default().to_owned();
    let to = field("to")?.unwrap_or_default().to_owned();
    let typed = Credentials {
        password: Password::typed(field("password")?.unwrap_or_default()),
        code: field("code")?.unwrap_or_default().to_owned(),
        agent: agent(&visit.headers),
        email,
    };
    let speaker = visit.speaker();
    match visit.console.desk().sign_in(&typed).await? {
        SignIn::In { cookie } => {
            // The session that this browser had ends: nobody goes on under its cookie.
            if let Some(old) = visit.cookie()
                && let Some(before) = visit.console.desk().member(&old).await?
            {
                visit.console.desk().end_session(before.member.id, before.session).await?;
            }
            let mut response = go(way_on(&to));
            let cookie = set_cookie(&visit.console, &cookie);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        SignIn::Wrong => {
            let notice = Some(speaker.t("console-sign-in-wrong"));
            Ok(page(visit, StatusCode::UNPROCESSABLE_ENTITY, notice, false, typed.email, to))
        }
        SignIn::Busy => Err(Said::Busy.into()),
    }
}

fn page(
    visit: &Visit,
    status: StatusCode,
    notice: Option<String>,
    is_good: bool,
    email: String,
    to: String,
) -> Response {
    let page = visit.page("/console/sign-in");
    html(status, &SignInPage { page, notice, is_good, email, to })
}

/// Only a page of the console, never another site's.
fn way_on(to: &str) -> &str {
    let ours = to.starts_with("/console/") && !to.contains('\\') && !to.contains("//");
    if ours && to.bytes().all(|byte| byte.is_ascii_graphic()) { to } else { "/console/" }
}

/// The browser in two words, for one's list of sessions. What a browser says is anybody's text, so
/// only known words leave here.
fn agent(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let said = said.unwrap_or_default();
    let first = |known: &[(&str, &'static str)], other| {
        known.iter().find(|(mark, _)| said.contains(mark)).map_or(other, |(_, name)| *name)
    };
    let browser = first(
        &[("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")],
        "Browser",
    );
    let system = first(
        &[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ],
        "?",
    );
    format!("{browser}, {system}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_stays_in_the_house() {
        assert_eq!(way_on("/console/requests/R-7F3K9Q2M"), "/console/requests/R-7F3K9Q2M");
        for out in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "/console/\r\nx",
            "/console//evil.example",
        ] {
            assert_eq!(way_on(out), "/console/", "{out}");
        }
    }

    #[test]
    fn only_known_words_of_a_browser_are_kept() {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, "<b>x</b> Firefox/1 (Linux)".parse().unwrap());
        assert_eq!(agent(&headers), "Firefox, Linux");
        assert_eq!(agent(&HeaderMap::new()), "Browser, ?");
    }
}
