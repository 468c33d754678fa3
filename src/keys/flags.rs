//! The key by which flags are found, and by which a reader of the filter finds them offline.
//!
//! It is random and not derived from the root key: a flag is kept without the address that it is
//! about, so its tag could never be made anew.

use std::fmt;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::SecretBytes;
use crate::ids::Entropy;

/// Bytes of an entry of the filter.
pub const ENTRY: usize = 16;

/// Makes tags of a person's keys.
#[derive(Clone)]
pub struct FlagKey(SecretBytes);

impl FlagKey {
    /// Draws one.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes::<32>()))
    }

    /// Reads its bytes; `None` when they are not 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// Its bytes, to be sealed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0[..]
    }

    /// As readers of the filter hold it.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64.encode(&self.0[..]))
    }

    /// The tag of a key of a person: HMAC-SHA-256 over its kind, a line feed and its value.
    pub fn tag(&self, kind: &str, value: &str) -> [u8; 32] {
        mac(&self.0[..], kind, value)
    }
}

/// What stands in the filter for a tag: HMAC-SHA-256 under the tag over the purpose, a line feed and
/// when the filter was made, cut to [`ENTRY`] bytes. So nobody can see without the key whether two
/// lists, or two filters, speak of the same person.
pub fn entry(tag: &[u8; 32], purpose: &str, made_at: &str) -> [u8; ENTRY] {
    let mut entry = [0; ENTRY];
    entry.copy_from_slice(&mac(tag, purpose, made_at)[..ENTRY]);
    entry
}

fn mac(key: &[u8], first: &str, second: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(first.as_bytes());
    mac.update(b"\n");
    mac.update(second.as_bytes());
    mac.finalize().into_bytes().into()
}

impl fmt::Debug for FlagKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FlagKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededEntropy;

    #[test]
    fn a_tag_belongs_to_one_kind_and_one_value() {
        let key = FlagKey::draw(&SeededEntropy::new(1));
        let again = FlagKey::from_bytes(key.as_bytes()).unwrap();
        assert_eq!(key.tag("email", "a@b.example"), again.tag("email", "a@b.example"));
        assert_ne!(key.tag("email", "7"), key.tag("user", "7"));
        assert!(FlagKey::from_bytes(b"short").is_none());
    }

    #[test]
    fn entries_of_one_person_cannot_be_told_from_those_of_others() {
        let tag = FlagKey::draw(&SeededEntropy::new(1)).tag("email", "a@b.example");
        assert_ne!(entry(&tag, "marketing", "1"), entry(&tag, "analytics", "1"));
        assert_ne!(entry(&tag, "marketing", "1"), entry(&tag, "marketing", "2"));
    }
}
