//! Keyed hashes that stand where a person's values stood.
//!
//! A hash without a key can be found again by whoever tries all addresses. These rest on the root
//! key and on a name, so that hashes under two names do not meet. A hash says itself that it is
//! one, and nobody without the key can write a value that says so.

use std::fmt;
use std::sync::Arc;

use data_encoding::BASE32_NOPAD;

use super::{SecretBytes, mac};

/// Bytes of a hash, and how many of them are made of the value.
const LONG: (usize, usize) = (20, 12);
/// The same for what fits into a UUID.
const SHORT: (usize, usize) = (16, 8);

/// Keys of hashes, the present one first.
#[derive(Clone)]
pub struct Peppers(Arc<Vec<SecretBytes>>);

impl fmt::Debug for Peppers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Peppers(…)")
    }
}

impl Peppers {
    pub(super) fn new(keys: Vec<SecretBytes>) -> Self {
        Self(Arc::new(keys))
    }

    /// The hash of a value under a name: 32 letters and digits.
    pub fn text(&self, name: &str, parts: &[&[u8]]) -> String {
        let bytes = hash(&self.0[0], name, parts, LONG);
        BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()
    }

    /// Whether a text is a hash under that name, made under any of the keys at hand.
    pub fn is_text(&self, name: &str, text: &str) -> bool {
        let upper = text.to_ascii_uppercase();
        let own = BASE32_NOPAD.decode(upper.as_bytes()).ok().filter(|bytes| bytes.len() == LONG.0);
        let lower = text.bytes().all(|letter| !letter.is_ascii_uppercase());
        own.is_some_and(|bytes| lower && self.is_sealed(name, &bytes, LONG))
    }

    /// The hash as a UUID of version 8 (RFC 9562, 5.8).
    pub fn uuid(&self, name: &str, parts: &[&[u8]]) -> String {
        let mut bytes = [0; SHORT.0];
        bytes.copy_from_slice(&hash(&self.0[0], name, parts, SHORT));
        uuid::Uuid::from_bytes(bytes).hyphenated().to_string()
    }

    /// Whether a text is a hash as a UUID.
    pub fn is_uuid(&self, name: &str, text: &str) -> bool {
        uuid::Uuid::parse_str(text).is_ok_and(|uuid| self.is_sealed(name, uuid.as_bytes(), SHORT))
    }

    fn is_sealed(&self, name: &str, bytes: &[u8], size: (usize, usize)) -> bool {
        self.0.iter().any(|key| seal(key, name, bytes[..size.1].to_vec(), size) == bytes)
    }
}

fn hash(key: &SecretBytes, name: &str, parts: &[&[u8]], size: (usize, usize)) -> Vec<u8> {
    let all: Vec<&[u8]> = [name.as_bytes()].into_iter().chain(parts.iter().copied()).collect();
    let mut begin = mac(key, "value", &all)[..size.1].to_vec();
    if size == SHORT {
        begin[6] = begin[6] & 0x0f | 0x80;
    }
    seal(key, name, begin, size)
}

/// The first part of a hash with the rest, which says that it is one.
fn seal(key: &SecretBytes, name: &str, mut begin: Vec<u8>, size: (usize, usize)) -> Vec<u8> {
    let rest = mac(key, "seal", &[name.as_bytes(), &begin]);
    begin.extend(&rest[..size.0 - size.1]);
    if size == SHORT {
        begin[8] = begin[8] & 0x3f | 0x80;
    }
    begin
}

#[cfg(test)]
mod tests {
    use crate::ids::SeededEntropy;
    use crate::keys::Keys;
    use crate::keys::root::RootKey;

    #[test]
    fn a_hash_is_stable_says_that_it_is_one_and_cannot_be_made_up() {
        let (old, new) = (SeededEntropy::new(1), SeededEntropy::new(2));
        let (old, new) = (RootKey::draw(&old), RootKey::draw(&new));
        let before = Keys::new(&old, &[]).peppers();
        let text = before.text("ledger", &[b"ada@example.org"]);
        assert_eq!(text, before.text("ledger", &[b"ada@example.org"]));
        assert_ne!(text, before.text("ledger", &[b"Ada@example.org"]));
        assert_ne!(text, before.text("stats", &[b"ada@example.org"]));
        assert!(text.len() == 32 && before.is_text("ledger", &text));
        assert!(!before.is_text("stats", &text), "under its own name");
        assert!(!before.is_text("ledger", &text.to_ascii_uppercase()));
        for made_up in ["", "ada", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            assert!(!before.is_text("ledger", made_up), "{made_up}");
        }
        let uuid = before.uuid("ledger", &[b"ada"]);
        assert!(before.is_uuid("ledger", &uuid));
        assert_eq!(uuid::Uuid::parse_str(&uuid).unwrap().get_version_num(), 8);
        assert!(!before.is_uuid("ledger", "00000000-0000-8000-8000-000000000000"));
        let after = Keys::new(&new, &[old]).peppers();
        assert!(after.is_text("ledger", &text), "also after the root key was changed");
        assert_ne!(after.text("ledger", &[b"ada@example.org"]), text);
    }
}
