//! How mails leave.

use std::path::PathBuf;

use url::Url;

use super::document::{Document, Section};
use super::error::{ConfigCode, Refusal};
use super::place::decoded;
use super::secret::{Given, Secret, literal_secret};
use crate::domain::address::EmailAddress;
use crate::domain::base_url::{BaseUrl, is_loopback};

/// How mails leave, and from whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Where they go. Default `folder:data/mail`.
    pub route: MailRoute,
    /// Who they are from. Default: the organisation's contact, else `privacy@` the host of
    /// `base_url`.
    pub from: EmailAddress,
}

/// Where mails go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// A mail server.
    Smtp(Smtp),
    /// `folder:DIR`: one `.eml` a mail, in the clear, for trying things out. Absolute.
    Folder(PathBuf),
}

/// A mail server that takes our mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Its name or address.
    pub host: String,
    /// Its port: as written, else 465 for `smtps`, 587 for `smtp`.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: SmtpTls,
    /// User and password, where it wants them.
    pub login: Option<(String, Secret)>,
}

/// How the connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte: `smtps://`.
    Implicit,
    /// By STARTTLS, without which nothing is sent: `smtp://`.
    StartTls,
    /// Not at all: `smtp://` to this machine, or with `?tls=none`.
    None,
}

const FORM: &str = "write \"smtps://HOST\", \"smtp://HOST:PORT\" or \"folder:DIR\"";

impl Mail {
    pub(super) fn read(
        section: &Section<'_>,
        contact: Option<&EmailAddress>,
        base: Option<&BaseUrl>,
    ) -> Option<Self> {
        let login = login(section);
        let route = route(section, login);
        let from = section.read("from", |text| {
            EmailAddress::parse(text).map_err(|error| Refusal::value(format!("{error}; write one")))
        });
        if section.entry("from").is_some() {
            return Some(Self { route: route?, from: from? });
        }
        let route = route?;
        let host = base.map_or("", BaseUrl::host);
        let from =
            contact.cloned().or_else(|| EmailAddress::parse(&format!("privacy@{host}")).ok());
        // Mails in a folder reach nobody, so an address that nobody has will do (RFC 2606).
        let from = from.or_else(|| {
            let folder = matches!(route, MailRoute::Folder(_));
            folder.then(|| EmailAddress::parse("privacy@rightsdesk.invalid").ok()).flatten()
        });
        if from.is_none() && base.is_some() {
            section.missing("from", "write the address that mails come from");
        }
        Some(Self { route, from: from? })
    }
}

/// `user` and `password`, both or none.
fn login(section: &Section<'_>) -> Option<(String, Secret)> {
    let user = section.read("user", |text| super::document::one_line(text, 254));
    let password = section.entry("password");
    match (section.entry("user"), &password) {
        (Some(_), None) => section.missing("password", "write { env = \"NAME\" } beside the user"),
        (None, Some(_)) => section.missing("user", "write the user beside the password"),
        _ => {}
    }
    let password = password?.secret();
    Some((user?, password?))
}

fn route(section: &Section<'_>, login: Option<(String, Secret)>) -> Option<MailRoute> {
    let Some(entry) = section.entry("url") else {
        return Some(MailRoute::Folder(section.doc.path("data/mail")));
    };
    let given = entry.given()?;
    entry.keep(parse(section.doc, &given, login))
}

fn parse(
    doc: &Document<'_>,
    given: &Given,
    login: Option<(String, Secret)>,
) -> Result<MailRoute, Refusal> {
    let text = given.text.expose();
    if let Some(folder) = text.strip_prefix("folder:") {
        let named = !folder.is_empty();
        return named
            .then(|| MailRoute::Folder(doc.path(folder)))
            .ok_or_else(|| Refusal::value(FORM));
    }
    let url = Url::parse(text).map_err(|_| Refusal::value(FORM))?;
    if given.literal && url.password().is_some() {
        return Err(literal_secret("the password, as `password` beside `user`"));
    }
    let host = url.host_str().filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| Refusal::value(FORM))?.to_owned();
    // `url` knows nothing of these schemes, so an address stands there as a name.
    let local = url::Host::parse(&host).is_ok_and(|host| is_loopback(&as_borrowed(&host)));
    let (tls, port) = match (url.scheme(), url.query()) {
        ("smtps", None) => (SmtpTls::Implicit, 465),
        ("smtp", Some("tls=none")) => (SmtpTls::None, 587),
        ("smtp", None) if local => (SmtpTls::None, 587),
        ("smtp", None) => (SmtpTls::StartTls, 587),
        ("smtp" | "smtps", Some(_)) => {
            return Err(Refusal::value("the only option is ?tls=none, with smtp://"));
        }
        _ => return Err(Refusal::value(FORM)),
    };
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return Err(Refusal::value(FORM));
    }
    let in_url =
        url.password().map(|password| (decoded(url.username()), Secret::new(decoded(password))));
    if in_url.is_none() && !url.username().is_empty() {
        return Err(Refusal::value("write the user as `user`, beside `password`"));
    }
    let login = login.or(in_url);
    if tls == SmtpTls::None && !local && login.is_some() {
        let message = "a password would go over the network in the clear; leave ?tls=none away";
        return Err(Refusal::new(ConfigCode::BadValue, message));
    }
    let port = url.port().unwrap_or(port);
    Ok(MailRoute::Smtp(Smtp { host, port, tls, login }))
}

fn as_borrowed(host: &url::Host) -> url::Host<&str> {
    match host {
        url::Host::Domain(name) => url::Host::Domain(name),
        url::Host::Ipv4(address) => url::Host::Ipv4(*address),
        url::Host::Ipv6(address) => url::Host::Ipv6(*address),
    }
}
