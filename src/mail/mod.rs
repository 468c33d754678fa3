//! Mails: what we write to people, and the ways a mail leaves the house.
//!
//! A message of [`messages`] is rendered into a [`Letter`] when it is put into the outbox. With an
//! id, a sender and a recipient it becomes an [`Outgoing`], which a [`Mailer`] hands over: to a mail
//! server ([`smtp`]) or into a folder ([`folder`]). Both write the same bytes, made in `mime`.

mod error;
mod header;
mod mime;

pub mod folder;
pub mod messages;
pub mod metered;
pub mod smtp;

pub use crate::domain::mail::{Letter, MailKind};
pub use error::{Fault, MailError, Reply};
pub use header::{MessageId, Sender};

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::address::EmailAddress;
use crate::domain::language::Language;

/// Hands mails over.
#[async_trait]
pub trait Mailer: fmt::Debug + Send + Sync {
    /// Hands one mail over. `Ok` means that the other side has taken it for good.
    ///
    /// An error does not always mean that it has not: a connection may break between the last byte
    /// and the answer. The same mail is then sent again under the same [`MessageId`].
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError>;

    /// Looks whether mails could be handed over now. Sends none.
    async fn check(&self) -> Result<(), MailError>;
}

/// A mail on its way.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Minted when the mail is put into the outbox, so that a repeated mail can be recognised.
    pub message_id: MessageId,
    /// Who gets it.
    pub to: EmailAddress,
    /// Who it is from.
    pub from: Sender,
    /// Its `Date`.
    pub date: Timestamp,
    /// What it is about.
    pub kind: MailKind,
    /// The language it is written in.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

impl Outgoing {
    /// Puts a letter into its envelope.
    pub fn new(
        letter: Letter,
        message_id: MessageId,
        from: Sender,
        to: EmailAddress,
        date: Timestamp,
    ) -> Self {
        let Letter { kind, language, subject, text, html } = letter;
        Self { message_id, to, from, date, kind, language, subject, text, html }
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({}, {})", self.kind, self.language)
    }
}

/// What stands between two line ends: white space and control characters become one blank, and
/// characters that turn the direction of writing go.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        let blank = c.is_whitespace() || c.is_control();
        // A blank that must not break stays what it is: it is no line end.
        if blank && c != '\u{a0}' && c != '\u{202f}' {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}') {
            line.push(c);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_one_line() {
        assert_eq!(
            one_line(" Ada\r\nBcc: b@example.org\u{0}\u{2028}x \n"),
            "Ada Bcc: b@example.org x"
        );
        assert_eq!(one_line("\u{202e}gnp.exe"), "gnp.exe");
        assert_eq!(one_line("\r\n"), "");
        assert_eq!(one_line("עדה לאבלייס"), "עדה לאבלייס");
    }
}
