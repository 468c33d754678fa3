//! The status page and everything that is done on it.

use axum::http::{StatusCode, header};
use axum::response::Response;

use super::frame::{Linked, Visit};
use super::shown::request_view;
use super::trouble::{Trouble, html};
use super::verify::{FRESH, code_of, notice};
use crate::domain::text::TypedText;
use crate::ids::{Reference, Token};
use crate::service::download::{ABSOLUTE, DownloadTyped};
use crate::service::message::MESSAGE_LENGTH;
use crate::service::read::{Author, StatusRead};
use crate::service::verify::Typed;
use crate::service::withdraw::Wish;
use crate::web::edge::cookie::{CookieKind, CookieTag};
use crate::web::edge::form::FormFields;
use crate::web::view::{self, CodeBox, CodeNotice, Message, Moment, StatusNotice, StatusPage};

type Answer = Result<Response, Trouble>;

/// A word of the query after a code for a download was asked for.
const FRESH_DOWNLOAD: &str = "fresh-download";

/// What is said beside the page itself.
#[derive(Debug, Default)]
struct Words {
    notice: Option<StatusNotice>,
    /// About a code, and in which box.
    code: Option<(Place, CodeNotice)>,
    /// A message that could not be taken.
    draft: String,
}

/// Which box a code was typed into or asked for.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// The one that unlocks the page.
    Page,
    /// The one of a download; of the only one where none is named.
    Download(Option<Reference>),
}

/// `GET /status/{token}`
pub(super) async fn show(visit: Visit, Linked(token): Linked) -> Answer {
    let note = visit.parameter("note").unwrap_or_default();
    let place = match note.as_str() {
        FRESH => Some(Place::Page),
        FRESH_DOWNLOAD => {
            let request = visit.parameter("request");
            Some(Place::Download(request.as_deref().and_then(Reference::parse)))
        }
        _ => None,
    };
    let code = place.map(|place| (place, CodeNotice::FreshSent));
    let words = Words { notice: noted(&note), code, ..Words::default() };
    page(&visit, &token, StatusCode::OK, words).await
}

/// What a redirect wants to be said.
fn noted(note: &str) -> Option<StatusNotice> {
    Some(match note {
        "unlocked" => StatusNotice::Unlocked,
        "locked" => StatusNotice::LockedAgain,
        "message" => StatusNotice::MessageSent,
        "withdrawn" => StatusNotice::Withdrawn,
        "restored" => StatusNotice::Restored,
        "again" => StatusNotice::MakingAgain,
        "not-now" => StatusNotice::NotNow,
        _ => return None,
    })
}

/// `POST /status/{token}/code`
pub(super) async fn code(visit: Visit, Linked(token): Linked) -> Answer {
    if !visit.site.desk().send_status_code(&token).await? {
        return Err(Message::LinkUnknown.into());
    }
    Ok(back(&visit, &token, FRESH))
}

/// `POST /status/{token}/unlock`
pub(super) async fn unlock(visit: Visit, Linked(token): Linked, fields: FormFields) -> Answer {
    let notice = match code_of(&fields) {
        None => CodeNotice::NotACode,
        Some(code) => match visit.site.desk().unlock(&token, code).await? {
            Typed::Opened(opened) => return Ok(visit.go_to_status(&opened, "?note=unlocked")),
            other => notice(&other).ok_or(Message::LinkUnknown)?,
        },
    };
    let words = Words { code: Some((Place::Page, notice)), ..Words::default() };
    page(&visit, &token, StatusCode::UNPROCESSABLE_ENTITY, words).await
}

/// `POST /status/{token}/withdraw`
pub(super) async fn withdraw(visit: Visit, Linked(token): Linked, fields: FormFields) -> Answer {
    let cookie = visit.status_cookie(&token);
    let Some(reference) = meant(&visit, &token, &fields).await? else {
        return Ok(back(&visit, &token, "not-now"));
    };
    let wish = visit.site.desk().withdraw(&token, cookie.as_ref(), &reference).await?;
    granted(&visit, &token, wish, "withdrawn")
}

/// `POST /status/{token}/undo`
pub(super) async fn undo(visit: Visit, Linked(token): Linked, fields: FormFields) -> Answer {
    let cookie = visit.status_cookie(&token);
    let Some(reference) = meant(&visit, &token, &fields).await? else {
        return Ok(back(&visit, &token, "not-now"));
    };
    let wish = visit.site.desk().undo_withdrawal(&token, cookie.as_ref(), &reference).await?;
    granted(&visit, &token, wish, "restored")
}

/// `POST /status/{token}/renew`
pub(super) async fn renew(visit: Visit, Linked(token): Linked, fields: FormFields) -> Answer {
    let cookie = visit.status_cookie(&token);
    let Some(reference) = meant(&visit, &token, &fields).await? else {
        return Ok(back(&visit, &token, "not-now"));
    };
    let wish = visit.site.desk().renew(&token, cookie.as_ref(), &reference).await?;
    granted(&visit, &token, wish, "again")
}

/// `POST /status/{token}/messages`
pub(super) async fn write(visit: Visit, Linked(token): Linked, fields: FormFields) -> Answer {
    let typed = fields.one("text").unwrap_or_default().unwrap_or_default();
    let notice = match TypedText::block(typed, MESSAGE_LENGTH) {
        Ok(Some(text)) => {
            let cookie = visit.status_cookie(&token);
            let wish = visit.site.desk().write_message(&token, cookie.as_ref(), &text).await?;
            return granted(&visit, &token, wish, "message");
        }
        Ok(None) => StatusNotice::MessageEmpty,
        Err(_) => StatusNotice::MessageUnreadable,
    };
    let words = Words { notice: Some(notice), draft: typed.to_owned(), ..Words::default() };
    page(&visit, &token, StatusCode::UNPROCESSABLE_ENTITY, words).await
}

/// `POST /status/{token}/download-code`
pub(super) async fn download_code(
    visit: Visit,
    Linked(token): Linked,
    fields: FormFields,
) -> Answer {
    let reference = named(&fields);
    if !visit.site.desk().send_download_code(&token, reference.as_ref()).await? {
        return Err(Message::LinkUnknown.into());
    }
    let request = reference.map(|reference| format!("&request={reference}"));
    Ok(back(&visit, &token, &format!("{FRESH_DOWNLOAD}{}", request.unwrap_or_default())))
}

/// `POST /status/{token}/download`
pub(super) async fn download(visit: Visit, Linked(token): Linked, fields: FormFields) -> Answer {
    let reference = named(&fields);
    let desk = visit.site.desk();
    let notice = match code_of(&fields) {
        None => CodeNotice::NotACode,
        Some(code) => match desk.open_download(&token, reference.as_ref(), code).await? {
            DownloadTyped::Opened { session, reference, cookie } => {
                let tag = CookieTag::of(session.0.as_bytes());
                let age = std::time::Duration::from_secs(ABSOLUTE.as_secs().unsigned_abs());
                let cookie = visit.site.0.cookies.set(CookieKind::Download, &tag, &cookie, age);
                let mut response = visit.go(&format!("/downloads/{session}/{reference}.zip"));
                response.headers_mut().append(header::SET_COOKIE, cookie);
                return Ok(response);
            }
            DownloadTyped::Refused(typed) => notice(&typed).ok_or(Message::LinkUnknown)?,
            DownloadTyped::NoArchive | DownloadTyped::TooMany => {
                return Ok(back(&visit, &token, "not-now"));
            }
        },
    };
    let words = Words { code: Some((Place::Download(reference), notice)), ..Words::default() };
    page(&visit, &token, StatusCode::UNPROCESSABLE_ENTITY, words).await
}

/// The request that a form names.
fn named(fields: &FormFields) -> Option<Reference> {
    fields.one("request").ok().flatten().and_then(Reference::parse)
}

/// The request that a form is about: the one it names, else the only one there is.
async fn meant(
    visit: &Visit,
    token: &Token,
    fields: &FormFields,
) -> Result<Option<Reference>, Trouble> {
    if fields.many("request").next().is_some() {
        return Ok(named(fields));
    }
    let read = visit.site.desk().status_page(token, None).await?.ok_or(Message::LinkUnknown)?;
    match read.requests.as_slice() {
        [only] => Ok(Some(only.request.reference.clone())),
        _ => Ok(None),
    }
}

fn granted(visit: &Visit, token: &Token, wish: Wish, done: &str) -> Answer {
    Ok(match wish {
        Wish::Done => back(visit, token, done),
        Wish::Locked => back(visit, token, "locked"),
        Wish::TooLate => back(visit, token, "not-now"),
        Wish::Gone => return Err(Message::LinkUnknown.into()),
    })
}

/// Back to the page, which says `note`.
fn back(visit: &Visit, token: &Token, note: &str) -> Response {
    visit.go(&format!("/status/{}?note={note}", token.as_str()))
}

async fn page(visit: &Visit, token: &Token, status: StatusCode, words: Words) -> Answer {
    let cookie = visit.status_cookie(token);
    let read = visit.site.desk().status_page(token, cookie.as_ref()).await?;
    let read = read.ok_or(Message::LinkUnknown)?;
    Ok(html(status, &status_page(visit, token, &read, words)))
}

fn status_page(visit: &Visit, token: &Token, read: &StatusRead, words: Words) -> StatusPage {
    let frame = visit.frame_for(&read.intake, format!("/status/{}", token.as_str()));
    let (place, code) = words.code.unzip();
    let unlock = || CodeBox::for_unlock(token.as_str()).with(code);
    // A bookmarked address goes on saying what was true once.
    let notice = words.notice.filter(|notice| match notice {
        StatusNotice::Unlocked => read.unlocked,
        StatusNotice::LockedAgain => !read.unlocked,
        _ => true,
    });
    let open_already =
        read.unlocked && place == Some(Place::Page) && code.is_some_and(CodeNotice::is_error);
    let requests = read.requests.iter().map(|request| {
        let reference = &request.request.reference;
        let here = match &place {
            Some(Place::Download(Some(named))) => named == reference,
            Some(Place::Download(None)) => read.requests.len() == 1,
            Some(Place::Page) | None => false,
        };
        let code = CodeBox::for_download(token.as_str(), reference).with(code.filter(|_| here));
        request_view(visit.site.desk(), &frame, request, read.unlocked, code)
    });
    let messages = read.messages.iter().filter_map(|message| {
        let author = match message.author {
            Author::Person => view::Author::Person,
            Author::Staff => view::Author::Staff,
            Author::Note => return None,
        };
        let at = Moment::at(&frame.speaker, message.at);
        Some(view::ThreadMessage { author, at, text: message.body.clone() })
    });
    StatusPage {
        token: token.as_str().to_owned(),
        requests: requests.collect(),
        code: (!read.unlocked).then(unlock),
        notice: notice.or_else(|| open_already.then_some(StatusNotice::NotNow)),
        messages: messages.collect(),
        draft: words.draft,
        frame,
    }
}
