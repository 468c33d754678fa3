//! One's own account: sessions, and the way out.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::visit::{Trouble, Visit, answer, go, html, tag};
use crate::ids::SessionId;
use crate::web::edge::cookie::CookieKind;
use crate::web::view::console::{AccountPage, Said, SessionLine, role};

/// `GET /console/account`
pub(super) async fn show(visit: Visit) -> Response {
    let shown = page(&visit).await;
    answer(&visit, shown)
}

async fn page(visit: &Visit) -> Result<Response, Trouble> {
    let signed = visit.signed()?;
    let speaker = visit.speaker();
    let sessions = visit.console.desk().sessions(signed.member.id).await?;
    let lines = sessions.into_iter().map(|session| SessionLine {
        words: speaker.t2(
            "console-session-line",
            "from",
            speaker.date_time(session.created_at),
            "seen",
            speaker.date_time(session.seen_at),
        ),
        is_this: session.id == signed.session,
        id: session.id.to_string(),
        agent: session.agent,
    });
    let roles: Vec<String> =
        signed.member.roles.iter().map(|known| role(&speaker, *known)).collect();
    let page = AccountPage {
        page: visit.page("/console/account"),
        roles: roles.join(", "),
        sessions: lines.collect(),
    };
    Ok(html(StatusCode::OK, &page))
}

/// `POST /console/account/sessions/{id}/end`
pub(super) async fn end(visit: Visit, path: Option<Path<SessionId>>) -> Response {
    let ended = async {
        let Some(Path(id)) = path else { return Err(Said::Missing.into()) };
        let signed = visit.signed()?;
        visit.console.desk().end_session(signed.member.id, id).await?;
        Ok(go("/console/account"))
    };
    answer(&visit, ended.await)
}

/// `POST /console/account/sessions/end-others`
pub(super) async fn end_others(visit: Visit) -> Response {
    let ended = async {
        let signed = visit.signed()?;
        visit.console.desk().end_other_sessions(signed.member.id, signed.session).await?;
        Ok(go("/console/account"))
    };
    answer(&visit, ended.await)
}

/// `POST /console/sign-out`
pub(super) async fn sign_out(visit: Visit) -> Response {
    let out = async {
        let signed = visit.signed()?;
        visit.console.desk().end_session(signed.member.id, signed.session).await?;
        let mut response = go("/console/sign-in?said=out");
        let headers = response.headers_mut();
        headers
            .append(header::SET_COOKIE, visit.console.0.cookies.clear(CookieKind::Staff, &tag()));
        let all = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
        headers.insert("clear-site-data", all);
        Ok::<_, Trouble>(response)
    };
    answer(&visit, out.await)
}
