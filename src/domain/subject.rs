//! The person in the stores: by which keys they are known there.

use std::fmt;

use super::address::EmailAddress;

/// What kind of key: `email`, `user`, or any word that data maps agree on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyKind(String);

impl KeyKind {
    /// The kind that a mailed code proves.
    pub const EMAIL: &'static str = "email";

    /// `word` as data maps write it.
    pub fn new(word: impl Into<String>) -> Self {
        Self(word.into())
    }

    /// The kind of an e-mail address.
    pub fn email() -> Self {
        Self::new(Self::EMAIL)
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One key of one person. Compared byte for byte; kept out of logs.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubjectKey {
    /// What kind.
    pub kind: KeyKind,
    value: String,
}

impl SubjectKey {
    /// A key. An empty value is no key: it would match whoever has none.
    pub fn new(kind: KeyKind, value: impl Into<String>) -> Option<Self> {
        let value = value.into();
        (!value.is_empty()).then_some(Self { kind, value })
    }

    /// The secret value.
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// The addresses among keys, each once.
pub fn addresses(keys: &[SubjectKey]) -> Vec<EmailAddress> {
    let mut known = Vec::new();
    for key in keys.iter().filter(|key| key.kind.as_str() == KeyKind::EMAIL) {
        if let Ok(address) = EmailAddress::parse(key.value())
            && !known.contains(&address)
        {
            known.push(address);
        }
    }
    known
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubjectKey({}=…)", self.kind)
    }
}
