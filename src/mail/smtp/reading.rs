//! What an answer of the mail server means for us. Its words are looked at here and go no further.

use std::error::Error as _;
use std::io;

use lettre::transport::smtp::Error;

use crate::mail::{MailError, Reply};

/// What was asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The connection, its greeting and EHLO.
    Connect,
    /// STARTTLS and EHLO again.
    Encrypt,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA.
    Data,
    /// The mail itself.
    Body,
}

/// Whose fault the failure of `step` is.
pub(super) fn read(step: Step, error: &Error) -> MailError {
    if let Some(code) = error.status() {
        let words = error.source().map(ToString::to_string).unwrap_or_default();
        let reply = Reply::new(code.into(), &words);
        return match step {
            _ if error.is_transient() => MailError::Busy(reply),
            Step::Encrypt => MailError::Tls,
            Step::Recipient if !names_us(reply) => MailError::Recipient(reply),
            Step::Body if names_recipient(reply) => MailError::Recipient(reply),
            _ => MailError::Refused(reply),
        };
    }
    if error.is_tls() || is_tls(error) {
        return MailError::Tls;
    }
    match step {
        // lettre's own refusals: no STARTTLS on offer, no way to sign in that both know.
        Step::Encrypt if error.is_client() => MailError::Tls,
        Step::Login if error.is_client() => MailError::Unusable,
        _ if error.is_timeout() => MailError::Timeout,
        _ => MailError::Unreachable,
    }
}

/// A recipient can be refused for reasons that lie with us: relaying denied, signing in needed, our
/// address or host not liked (RFC 3463: X.1.7 and X.1.8, subjects 3, 5, 6 and 7).
fn names_us(reply: Reply) -> bool {
    match reply.enhanced {
        Some((_, 1, 7 | 8) | (_, 3 | 5 | 6 | 7, _)) => true,
        Some(_) => false,
        None => matches!(reply.code, 500..=504 | 530..=538),
    }
}

/// After the whole mail only an enhanced code can tell that it is about the recipient: no such
/// mailbox (subject 1) or a full or disabled one (subject 2).
fn names_recipient(reply: Reply) -> bool {
    matches!(reply.enhanced, Some((_, 1 | 2, _))) && !names_us(reply)
}

/// rustls hides inside an `io::Error`, which lettre wraps once or twice.
fn is_tls(error: &Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let inner = wrapped.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if inner.is_some() || cause.is::<rustls::Error>() {
            return true;
        }
        source = cause.source();
    }
    false
}
