//! The page behind an invitation.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use qrcode::{Color, QrCode};

use super::visit::{Trouble, Visit, answer, go, html};
use crate::domain::text::TypedText;
use crate::ids::Token;
use crate::keys::password::PasswordError;
use crate::service::staff::{Enrolled, Enrolment};
use crate::web::edge::form::FormFields;
use crate::web::view::console::{EnrolPage, Said};

/// Characters of a name.
const NAME: usize = 100;

/// `GET /console/invite/{token}`
pub(super) async fn show(visit: Visit, path: Option<Path<String>>) -> Response {
    let shown = async {
        let (token, offered) = offered(&visit, path).await?;
        Ok(page(&visit, StatusCode::OK, &token, &offered, String::new(), None))
    };
    answer(&visit, shown.await)
}

/// `POST /console/invite/{token}`
pub(super) async fn submit(
    visit: Visit,
    path: Option<Path<String>>,
    fields: FormFields,
) -> Response {
    let done = enrol(&visit, path, &fields).await;
    answer(&visit, done)
}

async fn enrol(
    visit: &Visit,
    path: Option<Path<String>>,
    fields: &FormFields,
) -> Result<Response, Trouble> {
    let field = |name| fields.one(name).map_err(|_| Said::Unreadable);
    let (token, offered) = offered(visit, path).await?;
    let typed = field("name")?.unwrap_or_default();
    let speaker = visit.speaker();
    let again = |words: String| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(page(visit, status, &token, &offered, typed.to_owned(), Some(words)))
    };
    let Ok(Some(name)) = TypedText::line(typed, NAME) else {
        return again(speaker.t("console-name-wrong"));
    };
    let password = field("password")?.unwrap_or_default();
    let code = field("code")?.unwrap_or_default();
    let desk = visit.console.desk();
    match desk.enrol(&token, &name, password, code, visit.language()).await? {
        Enrolled::Done => Ok(go("/console/sign-in?said=enrolled")),
        Enrolled::Gone => Err(Said::InviteGone.into()),
        Enrolled::Busy => Err(Said::Busy.into()),
        Enrolled::WrongCode => again(speaker.t("console-code-wrong")),
        Enrolled::Password(error) => again(speaker.t(match error {
            PasswordError::Short => "console-password-short",
            PasswordError::Long => "console-password-long",
            PasswordError::Common => "console-password-common",
        })),
    }
}

async fn offered(visit: &Visit, path: Option<Path<String>>) -> Result<(Token, Enrolment), Trouble> {
    let token = path.and_then(|Path(text)| Token::parse(&text)).ok_or(Said::InviteGone)?;
    let offered = visit.console.desk().enrolment(&token).await?.ok_or(Said::InviteGone)?;
    Ok((token, offered))
}

fn page(
    visit: &Visit,
    status: StatusCode,
    token: &Token,
    offered: &Enrolment,
    typed: String,
    error: Option<String>,
) -> Response {
    let (picture, side) = squares(&offered.factor.uri());
    let page = EnrolPage {
        page: visit.page(format!("/console/invite/{}", token.as_str())),
        token: token.as_str().to_owned(),
        email: offered.email.as_str().to_owned(),
        name: if typed.is_empty() { offered.name.clone() } else { typed },
        secret: offered.factor.secret(),
        picture,
        side,
        error,
    };
    html(status, &page)
}

/// A QR code as the path of its dark squares, each one unit wide, and its width.
fn squares(text: &str) -> (String, usize) {
    let Ok(code) = QrCode::new(text) else { return (String::new(), 1) };
    let side = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % side, at / side)).collect();
    (path, side)
}
