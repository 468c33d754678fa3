//! What can go wrong with a mail, in our own words: a server's text may quote the mail and is never
//! kept, logged or shown.

use std::fmt;

/// Why a mail was not handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Nobody answers, or the connection broke off.
    #[error("the mail server cannot be reached or broke off; check [mail] url")]
    Unreachable,
    /// No answer in time.
    #[error("the mail server did not answer in time")]
    Timeout,
    /// The server asks us to come back later.
    #[error("the mail server asks to try again later ({0})")]
    Busy(Reply),
    /// There is no room for another mail in the folder.
    #[error("the disk of the mail folder is full")]
    DiskFull,
    /// The folder cannot be made or written.
    #[error("the mail folder cannot be written; check [mail] url and the folder's owner")]
    Folder,
    /// No encrypted connection: STARTTLS is not offered, or the certificate is not good for the
    /// server's name. There is no falling back to plain text.
    #[error("no encrypted connection to the mail server; check [mail] url and its certificate")]
    Tls,
    /// The server refuses us or our mail, whoever it is for.
    #[error("the mail server refuses our mail ({0}); check [mail] user, password and from")]
    Refused(Reply),
    /// The server says that it is not one for us: no common way to sign in, or no SMTP at all.
    #[error("the mail server does not offer what is needed; check [mail] url, user and password")]
    Unusable,
    /// The mail has no form that can be sent.
    #[error("the mail cannot be put into the form of a mail")]
    Malformed,
    /// The server refuses the recipient.
    #[error("the mail server refuses the recipient ({0})")]
    Recipient(Reply),
}

/// On whom it lies, and so what helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// On nobody: the same mail may well go later.
    Passing,
    /// On us: the mail stays and staff must be told; it goes when the cause is mended.
    Ours,
    /// On the recipient's side: this address takes no mail, and trying again does not help.
    Recipient,
}

impl MailError {
    /// On whom it lies.
    pub const fn fault(self) -> Fault {
        match self {
            Self::Unreachable | Self::Timeout | Self::Busy(_) | Self::DiskFull => Fault::Passing,
            Self::Folder | Self::Tls | Self::Refused(_) | Self::Unusable | Self::Malformed => {
                Fault::Ours
            }
            Self::Recipient(_) => Fault::Recipient,
        }
    }

    /// A stable word for the database, metrics and scripts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Busy(_) => "busy",
            Self::DiskFull => "disk_full",
            Self::Folder => "folder",
            Self::Tls => "tls",
            Self::Refused(_) => "refused",
            Self::Unusable => "unusable",
            Self::Malformed => "malformed",
            Self::Recipient(_) => "recipient",
        }
    }
}

/// The numbers of a server's answer: its code (RFC 5321, 4.2) and, where it gives one, the enhanced
/// code (RFC 3463). Shown as `550 5.1.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// Three digits, 400 to 599.
    pub code: u16,
    /// Class, subject and detail.
    pub enhanced: Option<(u8, u16, u16)>,
}

impl Reply {
    /// Reads the enhanced code at the start of `text`; nothing else of it is kept.
    pub(super) fn new(code: u16, text: &str) -> Self {
        let mut parts = text.split_whitespace().next().unwrap_or_default().split('.');
        let mut number = |most: usize| -> Option<u16> {
            let digits = parts.next()?;
            let plain = (1..=most).contains(&digits.len())
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| plain)
        };
        let read = (number(1), number(3), number(3));
        let enhanced = match read {
            (Some(class @ (4 | 5)), Some(subject), Some(detail)) if parts.next().is_none() => {
                Some((if class == 4 { 4 } else { 5 }, subject, detail))
            }
            _ => None,
        };
        Self { code, enhanced }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        match self.enhanced {
            Some((class, subject, detail)) => write!(f, " {class}.{subject}.{detail}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_answer_only_numbers_are_kept() {
        for (text, shown) in [
            ("5.1.1 <ada@example.org>: no such user", "550 5.1.1"),
            ("4.7.1 Greylisted", "550 4.7.1"),
            ("2.0.0 Ok", "550"),
            ("<ada@example.org> unknown", "550"),
            ("5.1 half", "550"),
            ("5.1.1.1 more", "550"),
            ("5.1234.1 long", "550"),
            ("192.0.2.1 is listed", "550"),
            ("", "550"),
        ] {
            assert_eq!(Reply::new(550, text).to_string(), shown, "{text}");
        }
    }
}
