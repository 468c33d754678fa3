//! Entering a request that did not come by the form.

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::DateTime;

use super::child::keys;
use super::guard::set_cookie;
use super::visit::{Trouble, Visit, answer, go, html};
use crate::domain::address::EmailAddress;
use crate::domain::correction::Asked;
use crate::domain::intake::Contact;
use crate::domain::language::Language;
use crate::domain::particulars::Of;
use crate::domain::policy::{Action, Denied};
use crate::domain::representative::Acting;
use crate::domain::request::Scope;
use crate::domain::right::Right;
use crate::domain::scope::{self, ScopeFault};
use crate::domain::text::TypedText;
use crate::ids::{Reference, Token};
use crate::service::case::TEXT_LENGTH;
use crate::service::enter::{Entered, Entry, EntryFault, FILE_BYTES, FILE_NAME, FILES, Paper};
use crate::service::lodge::Wishes;
use crate::web::edge::PUBLIC_BODY;
use crate::web::edge::form::FormFields;
use crate::web::edge::upload::{Upload, UploadFault, UploadLimits, UploadedFile};
use crate::web::view::console::{EnterPage, Picked, Said, channel, right};

/// Characters of a name.
const NAME: usize = 200;
/// Bytes of the form that are read at most: twice what is taken, so that who sends too much gets
/// their form back with words instead of a broken connection.
pub(super) const BODY: usize = 2 * FILES * FILE_BYTES;
/// Bytes of one file as people are told: whole megabytes, and never more than are taken.
const SAID_BYTES: u64 = FILE_BYTES as u64 / 1_000_000 * 1_000_000;
const LIMITS: UploadLimits = UploadLimits { field: "papers", files: FILES, file_bytes: FILE_BYTES };

/// `GET /console/enter`
pub(super) async fn show(visit: Visit) -> Response {
    let shown = page(&visit, &FormFields::default(), None);
    answer(&visit, shown)
}

/// `POST /console/enter`
pub(super) async fn submit(mut visit: Visit, request: Request) -> Response {
    let console = visit.console.clone();
    // A form without files goes ahead at once.
    let is_large = request.body().size_hint().upper().is_none_or(|size| size > PUBLIC_BODY as u64);
    let _held = if is_large { console.0.uploads.acquire().await.ok() } else { None };
    let mut upload = match Upload::read(request, LIMITS).await {
        Ok(upload) => upload,
        Err(refusal) => return refusal.into_response(),
    };
    if is_large && let Some(cookie) = visit.cookie() {
        // Files take minutes; whoever was disabled meanwhile enters nothing any more.
        match console.desk().member(&cookie).await {
            Ok(signed) => visit.signed = signed,
            Err(error) => return answer(&visit, Err(error.into())),
        }
    }
    let files = std::mem::take(&mut upload.files);
    let mut fresh = None;
    let done = match enter(&mut visit, &upload, files, &mut fresh).await {
        Ok(Ok(reference)) => Ok(go(&format!("/console/requests/{reference}"))),
        Ok(Err(id)) => page(&visit, &upload.fields, Some(words(&visit, id, upload.had_files))),
        Err(trouble) => Err(trouble),
    };
    let mut response = answer(&visit, done);
    if let Some(cookie) = fresh {
        response.headers_mut().append(header::SET_COOKIE, set_cookie(&console, &cookie));
    }
    response
}

/// What is wrong, and that files have to be picked again: a page cannot do that for anybody.
fn words(visit: &Visit, id: &str, had_files: bool) -> String {
    let speaker = visit.speaker();
    let words = speaker.t2(id, "files", FILES as u64, "size", speaker.size(SAID_BYTES));
    if had_files { format!("{words} {}", speaker.t("console-enter-pick-again")) } else { words }
}

/// Enters the form. The id of words where something is wrong with it. A cookie that a code was given
/// for stands in `fresh` whatever comes of the form.
async fn enter(
    visit: &mut Visit,
    upload: &Upload,
    files: Vec<UploadedFile>,
    fresh: &mut Option<Token>,
) -> Result<Result<Reference, &'static str>, Trouble> {
    if let Some(fault) = upload.fault {
        return Ok(Err(match fault {
            UploadFault::TooMany => "console-enter-papers-many",
            UploadFault::TooLarge => "console-enter-papers-large",
            UploadFault::TooMuchText => "console-enter-long",
            UploadFault::Broken => "console-enter-cut-off",
        }));
    }
    let fields = &upload.fields;
    let mut entry = match read(visit, fields)? {
        Ok(entry) => entry,
        Err(id) => return Ok(Err(id)),
    };
    for file in files {
        let Some(name) = TypedText::file_name(&file.name, FILE_NAME) else {
            return Ok(Err("console-enter-papers-name"));
        };
        entry.papers.push(Paper { name, body: file.body });
    }
    let desk = visit.console.clone();
    let desk = desk.desk();
    if entry.vouched && is_stale(visit) {
        // The code comes with the form: on a page of its own the files would be lost.
        let code = fields.one("code").ok().flatten().filter(|code| !code.trim().is_empty());
        let (Some(code), Some(cookie)) = (code, visit.cookie()) else {
            return Ok(Err("console-enter-code"));
        };
        let Some(cookie) = desk.step_up(&cookie, code).await? else {
            return Ok(Err("console-code-wrong"));
        };
        visit.signed = desk.member(&cookie).await?;
        *fresh = Some(cookie);
    }
    match desk.enter(&visit.signed()?.member, entry).await? {
        Entered::Done(reference) => Ok(Ok(reference)),
        Entered::Denied(denied) => Err(denied.into()),
        Entered::Fault(fault) => Ok(Err(match fault {
            EntryFault::Channel => "console-enter-wrong",
            EntryFault::Papers => "console-enter-papers-many",
            EntryFault::Rights => "console-enter-no-right",
            EntryFault::ReceivedAt => "console-enter-when",
            EntryFault::Reason => "console-enter-why",
            EntryFault::NotVouched => "console-enter-not-vouched",
            EntryFault::NothingToSearchBy => "console-enter-nothing",
            EntryFault::Identifiers => "console-enter-identifiers",
            EntryFault::Changes => "console-enter-changes-wrong",
        })),
    }
}

/// Whether they may vouch, but for the age of their second factor.
fn is_stale(visit: &Visit) -> bool {
    let now = visit.console.desk().now();
    visit
        .signed
        .as_ref()
        .is_some_and(|signed| signed.member.may(Action::Clear, now) == Err(Denied::StaleFactor))
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
    let Some(identifiers) = keys(field("keys")?) else {
        return Ok(Err("console-enter-keys-wrong"));
    };
    let lines = field("changes")?.lines().filter(|line| !line.trim().is_empty());
    let read = lines.map(|line| {
        let (field, value) = line.split_once('=')?;
        Asked::read(field.trim(), value).ok()?
    });
    let changes: Option<Vec<Asked>> = read.collect();
    let Some(changes) = changes else { return Ok(Err("console-enter-changes-wrong")) };
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
    let known = desk.purposes();
    let purposes = field("purposes")?.split([' ', ',', '\n', '\r']).filter(|word| !word.is_empty());
    let purposes: Option<Vec<String>> =
        purposes.map(|word| known.known(word).map(|one| one.as_str().to_owned())).collect();
    let Some(purposes) = purposes else { return Ok(Err("console-enter-no-right")) };
    let rights: Option<Vec<Right>> = fields.many("right").map(Right::parse).collect();
    let Some(rights) = rights else { return Ok(Err("console-enter-no-right")) };
    let Ok(acting) = Acting::read(field("on_behalf")?) else {
        return Ok(Err("console-enter-wrong"));
    };
    let of = Of::parse(field("of")?).unwrap_or_default();
    let about = field("about")?.trim();
    let named = Reference::parse(about);
    if named.is_none() && !about.is_empty() {
        return Ok(Err("console-enter-about"));
    }
    let about = named;
    let parts: Vec<&str> =
        field("parts")?.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let word = field("scope")?;
    let (categories, items) =
        if word == "items" { (&[][..], &parts[..]) } else { (&parts[..], &[][..]) };
    let scope = match scope::read(Some(word), categories, items) {
        Ok(scope) if rights.contains(&Right::Deletion) => scope,
        Err(ScopeFault::Missing) if !rights.contains(&Right::Deletion) => Scope::Everything,
        Ok(_) => return Ok(Err("console-enter-scope-without")),
        Err(ScopeFault::Missing) => return Ok(Err("console-enter-scope-missing")),
        Err(_) => return Ok(Err("console-enter-scope-wrong")),
    };
    Ok(Ok(Entry {
        channel,
        received_at: received.timestamp(),
        reason,
        rights,
        scope,
        contact: Contact { email, identifiers, name, details, ..Contact::default() },
        language: Language::parse(field("language")?).unwrap_or_else(|| visit.language()),
        country: Some(country).filter(|country| !country.is_empty()),
        on_behalf: acting.is_some(),
        wishes: Wishes { of, about, acting },
        papers: Vec::new(),
        vouched: field("vouched")? == "yes",
        changes,
        purposes,
    }))
}

/// The form, with what was typed.
fn page(visit: &Visit, fields: &FormFields, error: Option<String>) -> Result<Response, Trouble> {
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
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
        scopes: ["", "everything", "categories", "items"]
            .into_iter()
            .map(|word| {
                let id = if word.is_empty() { "none" } else { word };
                let label = speaker.t(&format!("console-scope-{id}"));
                picked(word, label, typed("scope") == word)
            })
            .collect(),
        parts: typed("parts"),
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
        changes: typed("changes"),
        country: typed("country"),
        purposes: typed("purposes"),
        purposes_hint: speaker.t1(
            "flag-console-enter-purposes-hint",
            "known",
            desk.offered(Right::Objection).join(", "),
        ),
        actings: Acting::ALL
            .iter()
            .map(|one| {
                let words = speaker.t(&format!("console-acting-{one}"));
                picked(one.as_str(), words, typed("on_behalf") == one.as_str())
            })
            .collect(),
        kinds: Of::ALL
            .iter()
            .map(|one| {
                let words = speaker.t(&format!("console-of-{one}"));
                picked(one.as_str(), words, typed("of") == one.as_str())
            })
            .collect(),
        about: typed("about"),
        vouched: typed("vouched") == "yes",
        can_vouch: visit.signed()?.member.is_entitled(Action::Clear).is_ok(),
        code_hint: is_stale(visit).then(|| speaker.t("console-enter-code-hint")),
        papers_hint: speaker.t2(
            "console-enter-papers-hint",
            "files",
            FILES as u64,
            "size",
            speaker.size(SAID_BYTES),
        ),
        page: visit.page("/console/enter"),
    };
    Ok(html(status, &page))
}
