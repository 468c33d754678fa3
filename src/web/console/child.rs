//! An officer finds that the company holds data of a child.

use axum::http::StatusCode;
use axum::response::Response;

use super::case::{again, objection};
use super::visit::{Referred, Trouble, Visit, answer, go, html};
use crate::domain::address::EmailAddress;
use crate::domain::intake::Contact;
use crate::domain::language::Language;
use crate::domain::policy::Action;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::domain::text::TypedText;
use crate::service::case::TEXT_LENGTH;
use crate::service::child::{ChildFound, FoundAt};
use crate::web::edge::form::FormFields;
use crate::web::view::console::{ChildPage, Picked, Said};

/// `GET /console/child`
pub(super) async fn show(visit: Visit) -> Response {
    let shown = page(&visit, &FormFields::default(), StatusCode::OK, None);
    answer(&visit, shown)
}

/// `POST /console/child`: at no request, but for an address or other keys.
pub(super) async fn submit(visit: Visit, fields: FormFields) -> Response {
    let done = async {
        let (contact, language, reason) = match read(&visit, &fields)? {
            Ok(read) => read,
            Err(id) => return page(&visit, &fields, StatusCode::UNPROCESSABLE_ENTITY, Some(id)),
        };
        let at = FoundAt::Elsewhere { contact, language };
        let desk = visit.console.desk();
        match desk.child_data_found(&visit.signed()?.member, at, &reason).await? {
            ChildFound::Opened(at) => Ok(go(&format!("/console/requests/{at}?done=child"))),
            ChildFound::NothingToSearchBy => {
                let nothing = Some("console-child-nothing");
                page(&visit, &fields, StatusCode::UNPROCESSABLE_ENTITY, nothing)
            }
            ChildFound::Not(deed) => {
                let (status, words) = objection(deed)?;
                page(&visit, &fields, status, Some(words))
            }
        }
    };
    answer(&visit, done.await)
}

/// `POST /console/requests/{reference}/child`
pub(super) async fn at_request(
    visit: Visit,
    Referred(at): Referred,
    fields: FormFields,
) -> Response {
    let done = async {
        let Some(reason) = reason(&fields)? else {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return again(&visit, &at, status, "console-child-why").await;
        };
        let desk = visit.console.desk();
        let found = FoundAt::Request(at.clone());
        match desk.child_data_found(&visit.signed()?.member, found, &reason).await? {
            ChildFound::Opened(at) => Ok(go(&format!("/console/requests/{at}?done=child"))),
            ChildFound::NothingToSearchBy => {
                again(&visit, &at, StatusCode::CONFLICT, "console-not-now").await
            }
            ChildFound::Not(deed) => {
                let (status, words) = objection(deed)?;
                again(&visit, &at, status, words).await
            }
        }
    };
    answer(&visit, done.await)
}

/// Why, in words; `None` where nothing is said, or too much.
fn reason(fields: &FormFields) -> Result<Option<TypedText>, Trouble> {
    let typed = fields.one("text").map_err(|_| Said::Unreadable)?.unwrap_or_default();
    Ok(TypedText::block(typed, TEXT_LENGTH).ok().flatten())
}

/// Who, the language to write in, and why; or the words about what is wrong.
type Read = Result<(Contact, Language, TypedText), &'static str>;

fn read(visit: &Visit, fields: &FormFields) -> Result<Read, Trouble> {
    let field =
        |name| fields.one(name).map(Option::unwrap_or_default).map_err(|_| Said::Unreadable);
    let email = match field("email")?.trim() {
        "" => None,
        typed => match EmailAddress::parse(typed) {
            Ok(email) => Some(email),
            Err(_) => return Ok(Err("console-enter-email")),
        },
    };
    let Some(identifiers) = keys(field("keys")?) else {
        return Ok(Err("console-enter-keys-wrong"));
    };
    let Some(reason) = reason(fields)? else { return Ok(Err("console-child-why")) };
    let language = Language::parse(field("language")?).unwrap_or_else(|| visit.language());
    Ok(Ok((Contact { email, identifiers, ..Contact::default() }, language, reason)))
}

/// Keys as they are typed, one a line, `kind=value`. An address has a field of its own.
pub(super) fn keys(typed: &str) -> Option<Vec<SubjectKey>> {
    let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (kind, value) = line.split_once('=')?;
            let kind =
                Some(kind.trim()).filter(|kind| !kind.is_empty() && *kind != KeyKind::EMAIL)?;
            SubjectKey::new(KeyKind::new(kind), value.trim())
        })
        .collect()
}

/// The form, with what was typed.
fn page(
    visit: &Visit,
    fields: &FormFields,
    status: StatusCode,
    error: Option<&str>,
) -> Result<Response, Trouble> {
    let typed = |name| fields.one(name).ok().flatten().unwrap_or_default().to_owned();
    let language = Language::parse(&typed("language")).unwrap_or_else(|| visit.language());
    let picked = |one: &Language| Picked {
        value: one.as_str().to_owned(),
        label: one.own_name().to_owned(),
        is_chosen: *one == language,
    };
    let page = ChildPage {
        page: visit.page("/console/child"),
        error: error.map(|id| visit.speaker().t(id)),
        can: visit.signed()?.member.is_entitled(Action::ChildData).is_ok(),
        email: typed("email"),
        keys: typed("keys"),
        languages: Language::ALL.iter().map(picked).collect(),
        reason: typed("text"),
    };
    Ok(html(status, &page))
}
