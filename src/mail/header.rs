//! What goes into a mail's header, made so that it always fits there.

use std::fmt;

use uuid::Uuid;

use super::one_line;
use crate::domain::address::EmailAddress;

/// Longest display name, in characters. Longer ones are cut.
const MAX_NAME: usize = 64;
const MAX_MESSAGE_ID: usize = 250;

/// Who our mails are from. The display name is one clean line by construction: lettre panics on a
/// line end in it (0.11.23).
#[derive(Clone, PartialEq, Eq)]
pub struct Sender {
    name: String,
    address: EmailAddress,
}

impl Sender {
    /// `organisation` as people know it, made one line, and the address that mails come from.
    pub fn new(organisation: &str, address: EmailAddress) -> Self {
        let name: String = one_line(organisation).chars().take(MAX_NAME).collect();
        Self { name: name.trim_end().to_owned(), address }
    }

    /// The display name; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address.
    pub fn address(&self) -> &EmailAddress {
        &self.address
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender(…)")
    }
}

/// The `Message-ID` of a mail, angle brackets included.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// The id of the outbox row `id` in the domain of the sender.
    pub fn mint(id: Uuid, sender: &Sender) -> Self {
        Self(format!("<{id}@{}>", sender.address.domain()))
    }

    /// Reads back what [`MessageId::mint`] made; `None` for anything that could not stand in a
    /// header.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix('<')?.strip_suffix('>')?;
        let (left, right) = inner.split_once('@')?;
        let word = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        };
        let fits = text.len() <= MAX_MESSAGE_ID && word(left) && word(right);
        fits.then(|| Self(text.to_owned()))
    }

    /// The text, `<0199…@example.org>`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`: letters, digits, hyphens and dots.
    pub(super) fn left(&self) -> &str {
        self.0.trim_start_matches('<').split('@').next().unwrap_or_default()
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> EmailAddress {
        EmailAddress::parse("privacy@example.org").unwrap()
    }

    #[test]
    fn a_senders_name_is_one_short_line() {
        assert_eq!(
            Sender::new("Shop\r\nBcc: b@x.example", address()).name(),
            "Shop Bcc: b@x.example"
        );
        assert_eq!(Sender::new(&"ü".repeat(500), address()).name().chars().count(), MAX_NAME);
        assert_eq!(Sender::new("\0\n", address()).name(), "");
    }

    #[test]
    fn a_message_id_is_read_back_and_nothing_else_is() {
        let minted = MessageId::mint(Uuid::nil(), &Sender::new("Shop", address()));
        assert_eq!(minted.as_str(), "<00000000-0000-0000-0000-000000000000@example.org>");
        assert_eq!(MessageId::parse(minted.as_str()), Some(minted));
        for bad in ["", "<>", "<a@>", "a@b", "<a@b>\r\nBcc: c@d", "<../a@b>", "<a b@c>", "<a@b@c>"]
        {
            assert_eq!(MessageId::parse(bad), None, "{bad:?}");
        }
    }
}
