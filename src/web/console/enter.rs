//! Entering a request that did not come by the form.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::DateTime;

use super::visit::{Trouble, Visit, answer, go, html};
use crate::domain::address::EmailAddress;
use crate::domain::language::Language;
use crate::domain::policy::Action;
use crate::domain::request::Contact;
use crate::domain::right::Right;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::domain::text::TypedText;
use crate::service::case::TEXT_LENGTH;
use crate::service::enter::{Entered, Entry, EntryFault};
use crate::web::edge::form::FormFields;
use crate::web::view::console::{EnterPage, Picked, Said, channel, right};

/// Characters of a name.
const NAME: usize = 200;

/// `GET /console/enter`
pub(super) async fn show(visit: Visit) -> Response {
    let shown = page(&visit, StatusCode::OK, &FormFields::default(), None);
    answer(&visit, shown)
}

/// `POST /console/enter`
pub(super) async fn submit(visit: Visit, fields: FormFields) -> Response {
    let done = enter(&visit, &fields).await;
    answer(&visit, done)
}

async fn enter(visit: &Visit, fields: &FormFields) -> Result<Response, Trouble> {
    let again = |id: &str| {
        let words = visit.speaker().t(id);
        page(visit, StatusCode::UNPROCESSABLE_ENTITY, fields, Some(words))
    };
    let entry = match read(visit, fields)? {
        Ok(entry) => entry,
        Err(id) => return again(id),
    };
    match visit.console.desk().enter(&visit.signed()?.member, entry).await? {
        Entered::Done(reference) => Ok(go(&format!("/console/requests/{reference}"))),
        Entered::Denied(denied) => Err(denied.into()),
        Entered::Fault(fault) => again(match fault {
            EntryFault::Channel | EntryFault::Papers => "console-enter-wrong",
            EntryFault::Rights => "console-enter-no-right",
            EntryFault::ReceivedAt => "console-enter-when",
            EntryFault::Reason => "console-enter-why",
            EntryFault::NotVouched => "console-enter-not-vouched",
            EntryFault::NothingToSearchBy => "console-enter-nothing",
            EntryFault::Identifiers => "console-enter-identifiers",
        }),
    }
}

/// The form as an entry, or what is wrong with it.
fn read(visit: &Visit, fields: &FormFields) -> Result<Result<Entry, &'static str>, Trouble> {
    let field =
        |name| fields.one(name).map(Option::unwrap_or_default).map_err(|_| Said::Unreadable);
    let desk = visit.console.desk();
    let zone = desk.settings().organisation.zone.clone();
    let received = field("received")?.parse::<DateTime>().ok();
    let Some(received) = received.and_then(|at| at.to_zoned(zone).ok()) else {
        return Ok(Err("console-enter-when"));
    };
    let email = match field("email")? {
        "" => None,
        typed => match EmailAddress::parse(typed) {
            Ok(email) => Some(email),
            Err(_) => return Ok(Err("console-enter-email")),
        },
    };
    let (Ok(name), Ok(details), Ok(reason)) = (
        TypedText::line(field("name")?, NAME),
        TypedText::block(field("details")?, TEXT_LENGTH),
        TypedText::block(field("reason")?, TEXT_LENGTH),
    ) else {
        return Ok(Err("console-unclear"));
    };
    let keys = field("keys")?.lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: Option<Vec<SubjectKey>> = keys
        .map(|line| {
            let (kind, value) = line.split_once('=')?;
            let kind =
                Some(kind.trim()).filter(|kind| !kind.is_empty() && *kind != KeyKind::EMAIL)?;
            SubjectKey::new(KeyKind::new(kind), value.trim())
        })
        .collect();
    let Some(identifiers) = keys else { return Ok(Err("console-enter-keys-wrong")) };
    let country = field("country")?.trim().to_uppercase();
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_code && !country.is_empty() {
        return Ok(Err("console-enter-country"));
    }
    let Some(channel) = Entry::CHANNELS
        .into_iter()
        .find(|one| field("channel").is_ok_and(|word| word == one.as_str()))
    else {
        return Ok(Err("console-enter-wrong"));
    };
    let rights: Option<Vec<Right>> = fields.many("right").map(Right::parse).collect();
    let Some(rights) = rights else { return Ok(Err("console-enter-no-right")) };
    Ok(Ok(Entry {
        channel,
        received_at: received.timestamp(),
        reason,
        rights,
        contact: Contact { email, identifiers, name, details, ..Contact::default() },
        language: Language::parse(field("language")?).unwrap_or_else(|| visit.language()),
        country: Some(country).filter(|country| !country.is_empty()),
        on_behalf: field("on_behalf")? == "yes",
        papers: Vec::new(),
        vouched: field("vouched")? == "yes",
    }))
}

/// The form, with what was typed.
fn page(
    visit: &Visit,
    status: StatusCode,
    fields: &FormFields,
    error: Option<String>,
) -> Result<Response, Trouble> {
    let speaker = visit.speaker();
    let typed = |name| fields.one(name).ok().flatten().unwrap_or_default().to_owned();
    let desk = visit.console.desk();
    let zone = &desk.settings().organisation.zone;
    let picked = |value: &str, label: String, is_chosen| Picked {
        value: value.to_owned(),
        label,
        is_chosen,
    };
    let now = desk.now().to_zoned(zone.clone()).datetime();
    let received = typed("received");
    let language = Language::parse(&typed("language")).unwrap_or_else(|| visit.language());
    let page = EnterPage {
        error,
        channels: Entry::CHANNELS
            .iter()
            .map(|one| {
                picked(one.as_str(), channel(&speaker, *one), typed("channel") == one.as_str())
            })
            .collect(),
        rights: Right::ALL
            .iter()
            .map(|one| {
                let chosen = fields.many("right").any(|word| word == one.as_str());
                picked(one.as_str(), right(&speaker, *one), chosen)
            })
            .collect(),
        languages: Language::ALL
            .iter()
            .map(|one| picked(one.as_str(), one.own_name().to_owned(), *one == language))
            .collect(),
        received: if received.is_empty() {
            now.strftime("%Y-%m-%dT%H:%M").to_string()
        } else {
            received
        },
        zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        reason: typed("reason"),
        email: typed("email"),
        name: typed("name"),
        details: typed("details"),
        keys: typed("keys"),
        country: typed("country"),
        on_behalf: typed("on_behalf") == "yes",
        vouched: typed("vouched") == "yes",
        can_vouch: visit.signed()?.member.is_entitled(Action::Clear).is_ok(),
        page: visit.page("/console/enter"),
    };
    Ok(html(status, &page))
}
