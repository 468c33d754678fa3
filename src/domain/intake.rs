//! The form that requests came with: who asks, and how to reach them.

use jiff::Timestamp;

use super::address::EmailAddress;
use super::language::Language;
use super::subject::SubjectKey;
use super::text::TypedText;
use crate::ids::{IntakeId, RequestId, TokenHash};

/// What a person told us about themselves. Stored sealed, in one piece, and forgotten in one piece.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The address typed or, once a store knows it in another spelling, the one stored there. None
    /// where staff entered the request of somebody without one.
    pub email: Option<EmailAddress>,
    /// Other spellings that were proved before.
    pub proved: Vec<EmailAddress>,
    /// Further keys to search by, from whoever vouches for the person.
    pub identifiers: Vec<SubjectKey>,
    /// The name typed, if any.
    pub name: Option<TypedText>,
    /// What the person wants us to know, if anything.
    pub details: Option<TypedText>,
    /// Addresses that stores know and nobody has confirmed, which were told of a deletion.
    pub warned: Vec<Warned>,
}

/// An address that nobody has confirmed. All that its owner may say is "stop, and call me".
#[derive(Clone, PartialEq, Eq)]
pub struct Warned {
    /// Of which deletion.
    pub request: RequestId,
    /// The address.
    pub address: EmailAddress,
    /// The link that it was sent.
    pub link: TokenHash,
    /// Whether its owner has said so.
    pub called: bool,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact(…)")
    }
}

/// One posted form. Several rights in one form share its mail, its code and its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intake {
    /// Its id.
    pub id: IntakeId,
    /// When it was accepted. Never moves.
    pub received_at: Timestamp,
    /// The language of pages and mails.
    pub language: Language,
    /// The country chosen on the form, two capitals.
    pub country: Option<String>,
    /// Who asked; `None` once forgotten, or where no address was given.
    pub contact: Option<Contact>,
    /// When the reminder was sent.
    pub reminded_at: Option<Timestamp>,
}
