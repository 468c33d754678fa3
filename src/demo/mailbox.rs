//! The demo's mailbox: the folder of mails as pages, so that nothing else is needed to try it.

use std::fs;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use mail_parser::{Address, MessageParser};

use crate::web::public::Site;
use crate::web::view::{MailLine, MailPage, MailboxPage, pieces};

/// More mails than anybody looks through.
const MOST: usize = 200;

#[derive(Clone)]
struct Mailbox {
    site: Site,
    folder: Arc<FilePath>,
}

/// `/demo/mail` and the mails in it.
pub fn routes(site: &Site, folder: PathBuf) -> Router {
    let mailbox = Mailbox { site: site.clone(), folder: folder.into() };
    Router::new()
        .route("/demo/mail", get(list))
        .route("/demo/mail/{name}", get(one))
        .with_state(mailbox)
}

async fn list(State(mailbox): State<Mailbox>, uri: Uri, headers: HeaderMap) -> Response {
    let mut names: Vec<String> = fs::read_dir(&*mailbox.folder)
        .map(|entries| {
            entries
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .filter(|name| is_mail(name))
                .collect()
        })
        .unwrap_or_default();
    // Names begin with the time; newest first.
    names.sort_unstable_by(|a, b| b.cmp(a));
    let mails = names.iter().take(MOST).filter_map(|name| {
        let mail = read(&mailbox.folder, name)?;
        Some(line(name, &mail))
    });
    let frame = mailbox.site.frame(&uri, &headers, "/demo/mail");
    page(&MailboxPage { frame, mails: mails.collect() })
}

async fn one(
    State(mailbox): State<Mailbox>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Some(mail) = read(&mailbox.folder, &name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let here = format!("/demo/mail/{name}");
    page(&MailPage {
        frame: mailbox.site.frame(&uri, &headers, &here),
        from: mail.from.clone(),
        line: line(&name, &mail),
        body: pieces(&mail.text, mailbox.site.base_url()),
    })
}

/// A name that our own mailer gives: a finished mail, in this very folder.
fn is_mail(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.@".contains(&b));
    let ending = FilePath::new(name).extension();
    plain && !name.starts_with('.') && ending.is_some_and(|ending| ending == "eml")
}

/// What the pages show of a mail.
struct Eml {
    from: String,
    to: String,
    subject: String,
    date: String,
    kind: String,
    text: String,
}

fn read(folder: &FilePath, name: &str) -> Option<Eml> {
    if !is_mail(name) {
        return None;
    }
    let bytes = fs::read(folder.join(name)).ok()?;
    let mail = MessageParser::default().parse(&bytes)?;
    let who = |address: Option<&Address<'_>>| {
        let first = address.and_then(Address::first);
        first.and_then(|one| one.address.as_deref()).unwrap_or_default().to_owned()
    };
    let kind = mail.header("X-Rightsdesk-Message").and_then(|value| value.as_text());
    Some(Eml {
        from: who(mail.from()),
        to: who(mail.to()),
        subject: mail.subject().unwrap_or_default().to_owned(),
        date: mail.date().map(mail_parser::DateTime::to_rfc822).unwrap_or_default(),
        kind: kind.unwrap_or_default().trim().to_owned(),
        text: mail.body_text(0).unwrap_or_default().into_owned(),
    })
}

fn line(name: &str, mail: &Eml) -> MailLine {
    MailLine {
        href: format!("/demo/mail/{name}"),
        to: mail.to.clone(),
        subject: mail.subject.clone(),
        date: mail.date.clone(),
        kind: mail.kind.clone(),
    }
}

fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
