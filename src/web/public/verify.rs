//! From the form to a proved address: the page after the form, the page of the mailed link, codes,
//! "this was not me", and the way back to a lapsed request.

use axum::http::StatusCode;
use axum::response::Response;

use super::frame::{Linked, Referred, Visit};
use super::trouble::{Trouble, html};
use crate::domain::address::{AddressError, EmailAddress};
use crate::domain::intake::Intake;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::ids::{Reference, Token};
use crate::service::verify::{AfterForm, Door, Typed, VerifyPage as Behind};
use crate::web::edge::form::FormFields;
use crate::web::view::{
    AssertedPage, ChangingPage, CodeNotice, FieldError, FlagDonePage, Frame, Message, Moment,
    ResumePage, SentPage, VerifyPage, country_name,
};

type Answer = Result<Response, Trouble>;

/// A word of the query after a fresh code was asked for.
pub(super) const FRESH: &str = "fresh";

/// `GET /requests/{reference}/sent`
pub(super) async fn sent(visit: Visit, Referred(reference): Referred) -> Answer {
    match visit.site.desk().after_form(&reference).await? {
        None => Err(Message::NotFound.into()),
        Some(AfterForm::Set) => Ok(done_page(&visit, reference)),
        Some(after) => {
            let is_taken = after == AfterForm::Taken;
            Ok(sent_page(&visit, StatusCode::OK, reference, fresh(&visit), is_taken))
        }
    }
}

/// `POST /requests/{reference}/verify`
pub(super) async fn by_reference(
    visit: Visit,
    Referred(reference): Referred,
    fields: FormFields,
) -> Answer {
    let desk = visit.site.desk();
    let notice = match code_of(&fields) {
        None => Some(CodeNotice::NotACode),
        Some(code) => match desk.verify(&Door::Reference(reference.clone()), code).await? {
            Typed::Opened(opened) => return Ok(visit.go_to_status(&opened, "")),
            other => notice(&other),
        },
    };
    if notice.is_none() || !desk.is_open(&reference).await? {
        return Err(spent(&visit, &reference).await?);
    }
    Ok(sent_page(&visit, StatusCode::UNPROCESSABLE_ENTITY, reference, notice, false))
}

/// `POST /requests/{reference}/code`
pub(super) async fn code_by_reference(visit: Visit, Referred(reference): Referred) -> Answer {
    if !visit.site.desk().send_fresh_code(&Door::Reference(reference.clone())).await? {
        return Err(spent(&visit, &reference).await?);
    }
    Ok(visit.go(&format!("/requests/{reference}/sent?note={FRESH}")))
}

/// What to say where a reference has nothing to verify.
async fn spent(visit: &Visit, reference: &Reference) -> Result<Trouble, Trouble> {
    let known = visit.site.desk().is_open(reference).await?;
    Ok(if known { Message::LinkSpent } else { Message::LinkUnknown }.into())
}

/// What holds without a code, and for which browser.
fn done_page(visit: &Visit, reference: Reference) -> Response {
    let frame = visit.frame(format!("/requests/{reference}/sent"));
    let host = visit.opted_out().and_then(|_| visit.site.host());
    html(StatusCode::OK, &FlagDonePage::new(frame, reference, host, visit.signals()))
}

fn sent_page(
    visit: &Visit,
    status: StatusCode,
    reference: Reference,
    notice: Option<CodeNotice>,
    is_taken: bool,
) -> Response {
    let frame = visit.frame(format!("/requests/{reference}/sent"));
    let page = SentPage::new(frame, reference, notice, visit.site.promise_hours());
    html(status, &page.signalled(visit.signals()).taken(is_taken))
}

/// `GET /verify/{token}`
pub(super) async fn show(visit: Visit, Linked(token): Linked) -> Answer {
    match visit.site.desk().verify_page(&token).await? {
        // After an address was typed the page is the same, whether or not it was the right one.
        Behind::Waiting { intake, requests } | Behind::Lapsed { intake, requests }
            if visit.notes(FRESH) =>
        {
            Ok(waiting(&visit, StatusCode::OK, &token, &intake, &requests, fresh(&visit)))
        }
        Behind::Waiting { intake, requests } => {
            Ok(waiting(&visit, StatusCode::OK, &token, &intake, &requests, None))
        }
        Behind::Lapsed { intake, .. } => {
            Ok(lapsed(&visit, StatusCode::OK, &token, &intake, "", None))
        }
        Behind::Changing { intake } => {
            let frame = visit.frame_for(&intake, format!("/verify/{}", token.as_str()));
            let received = Moment::at(&frame.speaker, intake.received_at);
            Ok(html(StatusCode::OK, &ChangingPage::new(frame, token.as_str(), received)))
        }
        Behind::Asserted { intake, requests } => Ok(asserted(&visit, &token, &intake, &requests)),
        Behind::Done => Err(Message::LinkSpent.into()),
        Behind::Gone => Err(Message::LinkUnknown.into()),
    }
}

/// What an app asked for, and the way to say that it was somebody else.
fn asserted(visit: &Visit, token: &Token, intake: &Intake, requests: &[Request]) -> Response {
    let frame = visit.frame(format!("/verify/{}", token.as_str()));
    let received = Moment::at(&frame.speaker, intake.received_at);
    let rights: Vec<Right> = requests.iter().map(|request| request.right).collect();
    html(StatusCode::OK, &AssertedPage::new(frame, token.as_str(), &rights, received))
}

/// `POST /verify/{token}`
pub(super) async fn by_token(visit: Visit, Linked(token): Linked, fields: FormFields) -> Answer {
    let desk = visit.site.desk();
    let notice = match code_of(&fields) {
        None => Some(CodeNotice::NotACode),
        Some(code) => match desk.verify(&Door::Link(token.clone()), code).await? {
            Typed::Opened(opened) => return Ok(visit.go_to_status(&opened, "")),
            other => notice(&other),
        },
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    match desk.verify_page(&token).await? {
        Behind::Waiting { intake, requests } => {
            Ok(waiting(&visit, status, &token, &intake, &requests, notice))
        }
        Behind::Lapsed { intake, .. } => Ok(lapsed(&visit, status, &token, &intake, "", None)),
        Behind::Asserted { .. } | Behind::Changing { .. } | Behind::Done => {
            Err(Message::LinkSpent.into())
        }
        Behind::Gone => Err(Message::LinkUnknown.into()),
    }
}

/// `POST /verify/{token}/code`
pub(super) async fn code_by_token(visit: Visit, Linked(token): Linked) -> Answer {
    if !visit.site.desk().send_fresh_code(&Door::Link(token.clone())).await? {
        return Err(dead(&visit, &token).await?);
    }
    Ok(go_fresh(&visit, &token))
}

/// `POST /verify/{token}/not-me`
pub(super) async fn not_me(visit: Visit, Linked(token): Linked) -> Answer {
    if visit.site.desk().disown(&token).await? {
        // No trouble, but said by the same kind of page.
        return Err(Message::NotMe.into());
    }
    Err(dead(&visit, &token).await?)
}

/// `POST /verify/{token}/resume`
pub(super) async fn resume(visit: Visit, Linked(token): Linked, fields: FormFields) -> Answer {
    let desk = visit.site.desk();
    let typed = fields.one("email").unwrap_or_default().unwrap_or_default();
    let wrong: fn(&Frame) -> FieldError = match EmailAddress::parse(typed) {
        Ok(email) if desk.resume(&token, &email).await? => return Ok(go_fresh(&visit, &token)),
        Ok(_) | Err(AddressError::TooLong | AddressError::Form) => FieldError::email_form,
        Err(AddressError::Empty) => FieldError::email_missing,
    };
    match desk.verify_page(&token).await? {
        Behind::Lapsed { intake, .. } => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(lapsed(&visit, status, &token, &intake, typed, Some(wrong)))
        }
        // Sent twice: the first has done it.
        Behind::Waiting { .. } => Ok(go_fresh(&visit, &token)),
        Behind::Asserted { .. } | Behind::Changing { .. } | Behind::Done => {
            Err(Message::LinkSpent.into())
        }
        Behind::Gone => Err(Message::LinkUnknown.into()),
    }
}

fn go_fresh(visit: &Visit, token: &Token) -> Response {
    visit.go(&format!("/verify/{}?note={FRESH}", token.as_str()))
}

/// What to say where a link has nothing to do any more.
async fn dead(visit: &Visit, token: &Token) -> Result<Trouble, Trouble> {
    let behind = visit.site.desk().verify_page(token).await?;
    let done = matches!(behind, Behind::Asserted { .. } | Behind::Changing { .. } | Behind::Done);
    Ok(if done { Message::LinkSpent } else { Message::LinkUnknown }.into())
}

fn waiting(
    visit: &Visit,
    status: StatusCode,
    token: &Token,
    intake: &Intake,
    requests: &[Request],
    notice: Option<CodeNotice>,
) -> Response {
    let frame = visit.frame_for(intake, format!("/verify/{}", token.as_str()));
    let rights: Vec<Right> = requests.iter().map(|request| request.right).collect();
    let received = Moment::at(&frame.speaker, intake.received_at);
    let country = intake.country.as_deref().and_then(|code| country_name(&frame.speaker, code));
    let country = country.map(ToOwned::to_owned);
    html(status, &VerifyPage::new(frame, token.as_str(), &rights, received, country, notice))
}

fn lapsed(
    visit: &Visit,
    status: StatusCode,
    token: &Token,
    intake: &Intake,
    typed: &str,
    wrong: Option<fn(&Frame) -> FieldError>,
) -> Response {
    let frame = visit.frame_for(intake, format!("/verify/{}", token.as_str()));
    let page = ResumePage {
        token: token.as_str().to_owned(),
        received: Moment::at(&frame.speaker, intake.received_at),
        email: typed.to_owned(),
        error: wrong.map(|wrong| wrong(&frame)),
        frame,
    };
    html(status, &page)
}

fn fresh(visit: &Visit) -> Option<CodeNotice> {
    visit.notes(FRESH).then_some(CodeNotice::FreshSent)
}

/// The code of a form; `None` where nothing was typed, or more than one.
pub(super) fn code_of(fields: &FormFields) -> Option<&str> {
    let typed = fields.one("code").ok().flatten()?;
    (!typed.trim().is_empty()).then_some(typed)
}

/// What is said about a code that was not taken; `None` where there is nothing to open.
pub(super) fn notice(typed: &Typed) -> Option<CodeNotice> {
    Some(match typed {
        Typed::Opened(_) | Typed::Gone => return None,
        Typed::IsReference => CodeNotice::WasReference,
        Typed::Wrong { left } => CodeNotice::Wrong { left: u64::from(*left) },
        Typed::TooMany => CodeNotice::TooManyTries,
        Typed::Expired | Typed::NoneOpen => CodeNotice::Expired,
    })
}
