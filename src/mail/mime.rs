//! The form of a mail on the wire (RFC 5322, RFC 2046), made with lettre.
//!
//! Both parts are quoted-printable whatever they hold: no bare carriage return or line feed and no
//! line of more than 76 characters can come out of that, which is what SMTP smuggling needs.

use std::time::{Duration, SystemTime};

use data_encoding::HEXLOWER;
use lettre::Address;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MessageId, Subject,
};
use lettre::message::{Mailbox, Message, MultiPart, MultiPartKind, SinglePart};
use sha2::{Digest, Sha256};

use super::{MailError, Outgoing, one_line};
use crate::domain::address::EmailAddress;

/// The whole mail, lines ending in CRLF, all of it ASCII. The same mail gives the same bytes.
pub(super) fn write(mail: &Outgoing) -> Result<Vec<u8>, MailError> {
    let name = Some(mail.from.name()).filter(|name| !name.is_empty()).map(str::to_owned);
    let body = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary(mail))
        .singlepart(part(ContentType::TEXT_PLAIN, &mail.text))
        .singlepart(part(ContentType::TEXT_HTML, &mail.html));
    let message = Message::builder()
        .date(date(mail))
        .from(Mailbox::new(name, address(mail.from.address())?))
        .to(Mailbox::new(None, address(&mail.to)?))
        .header(Subject::from(one_line(&mail.subject)))
        .header(MessageId::from(mail.message_id.as_str().to_owned()))
        .raw_header(plain("Auto-Submitted", "auto-generated"))
        .raw_header(plain("X-Rightsdesk-Message", mail.kind.as_str()))
        .raw_header(plain("Content-Language", mail.language.as_str()))
        .multipart(body)
        .map_err(|_| MailError::Malformed)?;
    Ok(message.formatted())
}

/// Our address as lettre's. The two readings differ at the edges, hence the error.
pub(super) fn address(ours: &EmailAddress) -> Result<Address, MailError> {
    Address::new(ours.local(), ours.domain()).map_err(|_| MailError::Malformed)
}

fn part(content: ContentType, text: &str) -> SinglePart {
    SinglePart::builder()
        .header(content)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(unix_lines(text))
}

/// Line ends of any kind become `\n`; other control characters go.
fn unix_lines(text: &str) -> String {
    let mut lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.retain(|c| c == '\n' || c == '\t' || !c.is_control());
    lines
}

/// No line of a body can be the boundary: nobody who writes one knows the hash of its id.
fn boundary(mail: &Outgoing) -> String {
    let hash = Sha256::digest(mail.message_id.as_str());
    HEXLOWER.encode(&hash[..20])
}

fn date(mail: &Outgoing) -> SystemTime {
    // The header's type knows the years 1970 to 9999 and panics outside them.
    const YEAR_9999: u64 = 253_370_764_800;
    let seconds = u64::try_from(mail.date.as_second()).unwrap_or(0).min(YEAR_9999);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn plain(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

#[cfg(test)]
#[path = "mime_tests.rs"]
mod tests;
