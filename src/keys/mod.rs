//! Keys: where they live, what is derived from them, and sealing of small values.
//!
//! One *root key* stands in a file (see [`root`]). Everything else is derived from it with
//! HKDF-SHA-256 and a label, so that no key serves two purposes. Keys of archives are the
//! exception: they are random, wrapped by weekly epoch keys that live outside the database and are
//! destroyed with their last archive. `docs/keys.md` is the inventory.

pub mod epoch;
pub mod jws;
pub mod note;
pub mod password;
pub mod pepper;
pub mod root;
pub mod rotation;
pub mod seal;
pub mod sealer;
pub mod signing;
pub mod stream;
pub mod totp;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::ids::{Code, Token};
use root::{RootKey, RootKeyId};
use seal::{SealError, Sealed};

/// 32 secret bytes, wiped when dropped.
pub type SecretBytes = Zeroizing<[u8; 32]>;

/// The root keys at hand and what is derived from them.
#[derive(Clone)]
pub struct Keys {
    current: RootKeyId,
    derived: Arc<BTreeMap<RootKeyId, Derived>>,
}

struct Derived {
    seal: SecretBytes,
    blind: SecretBytes,
    limit: SecretBytes,
    code: SecretBytes,
    enrolment: SecretBytes,
    pepper: SecretBytes,
}

impl Keys {
    /// `current` seals from now on; `older` ones only open what they once sealed.
    pub fn new(current: &RootKey, older: &[RootKey]) -> Self {
        let derive = |key: &RootKey| {
            let derived = Derived {
                seal: key.derive("seal"),
                blind: key.derive("blind index"),
                limit: key.derive("limit"),
                code: key.derive("code"),
                enrolment: key.derive("enrolment"),
                pepper: key.derive("pepper"),
            };
            (key.id(), derived)
        };
        let derived = older.iter().chain([current]).map(derive).collect();
        Self { current: current.id(), derived: Arc::new(derived) }
    }

    /// The id of the key that seals now.
    pub fn current(&self) -> RootKeyId {
        self.current
    }

    /// The ids of all keys at hand.
    pub fn at_hand(&self) -> Vec<RootKeyId> {
        self.derived.keys().copied().collect()
    }

    /// Seals a small value (a contact, a mail, a cursor) for one place.
    ///
    /// `context` names the place, table, column and row (`intake.contact/0199…`): a value moved
    /// elsewhere does not open.
    pub fn seal(&self, entropy: &dyn crate::ids::Entropy, context: &str, plain: &[u8]) -> Sealed {
        seal::seal(&self.now().seal, self.current, entropy, context, plain)
    }

    /// Opens what [`Keys::seal`] made for the same `context`.
    ///
    /// # Errors
    /// When the key is not at hand, the context differs, or a bit has changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let id = seal::key_id(sealed)?;
        let keys = self.derived.get(&id).ok_or(SealError::UnknownKey)?;
        seal::open(&keys.seal, context, sealed)
    }

    /// The blind index of `value`: equal values of one `kind` meet, and nobody without the key can
    /// tell or test what the value is.
    pub fn blind(&self, kind: &str, value: &[u8]) -> [u8; 32] {
        mac(&self.now().blind, kind, &[value])
    }

    /// As [`Keys::blind`], under every key at hand, the present one first: for finding what was
    /// stored before the root key was changed.
    pub fn blinds(&self, kind: &str, value: &[u8]) -> Vec<[u8; 32]> {
        self.newest_first().map(|keys| mac(&keys.blind, kind, &[value])).collect()
    }

    /// As [`Keys::limit_tag`], under every key at hand, the present one first.
    pub fn limit_tags(&self, kind: &str, value: &[u8]) -> Vec<[u8; 32]> {
        self.newest_first().map(|keys| mac(&keys.limit, kind, &[value])).collect()
    }

    /// As [`Keys::blind`] with a key of its own, for counting who gets how many mails.
    pub fn limit_tag(&self, kind: &str, value: &[u8]) -> [u8; 32] {
        mac(&self.now().limit, kind, &[value])
    }

    /// What is stored of a code. Bound to `challenge`, so a code is good for its own box alone.
    /// Codes have fewer than 112 bits, hence a keyed hash: without the key file a stolen database
    /// does not give them away.
    pub fn code_mac(&self, challenge: &[u8], code: &Code) -> [u8; 32] {
        mac(&self.now().code, "code", &[challenge, code.as_bytes()])
    }

    /// The secret of a second factor that whoever holds an invitation is shown. Made of the link,
    /// so that looking at the page twice shows the same and writes nothing.
    pub fn enrolment_secret(&self, link: &Token) -> Zeroizing<[u8; totp::SECRET]> {
        let long = mac(&self.now().enrolment, "totp", &[link.as_str().as_bytes()]);
        let mut secret = Zeroizing::new([0; totp::SECRET]);
        secret.copy_from_slice(&long[..totp::SECRET]);
        secret
    }

    /// What makes keyed hashes that stand where a person's values stood.
    pub fn peppers(&self) -> pepper::Peppers {
        pepper::Peppers::new(self.newest_first().map(|keys| keys.pepper.clone()).collect())
    }

    fn newest_first(&self) -> impl Iterator<Item = &Derived> {
        let older = self.derived.iter().filter(|(id, _)| **id != self.current);
        [self.now()].into_iter().chain(older.map(|(_, keys)| keys))
    }

    fn now(&self) -> &Derived {
        &self.derived[&self.current]
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("current", &self.current).finish_non_exhaustive()
    }
}

/// HMAC-SHA-256 over a label and parts, each with its length before it.
fn mac(key: &SecretBytes, label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key[..]).expect("HMAC takes keys of any length");
    for part in [label.as_bytes()].iter().chain(parts) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{Entropy, SeededEntropy};

    fn entropy() -> Box<dyn Entropy> {
        Box::new(SeededEntropy::new(1))
    }

    fn keys() -> Keys {
        Keys::new(&RootKey::draw(&*entropy()), &[])
    }

    #[test]
    fn what_is_sealed_opens_in_its_own_place_only() {
        let keys = keys();
        let sealed = keys.seal(&*entropy(), "intake.contact/1", b"ada@example.org");
        assert_eq!(
            &keys.open("intake.contact/1", sealed.as_ref()).unwrap()[..],
            b"ada@example.org"
        );
        assert!(matches!(keys.open("intake.contact/2", sealed.as_ref()), Err(SealError::Broken)));
    }

    #[test]
    fn any_changed_bit_is_noticed() {
        let keys = keys();
        let sealed: Vec<u8> = keys.seal(&*entropy(), "x", b"value").as_ref().to_vec();
        for index in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[index] ^= 1;
            assert!(keys.open("x", &bad).is_err(), "byte {index}");
        }
        assert!(keys.open("x", &sealed[..sealed.len() - 1]).is_err());
        assert!(keys.open("x", b"").is_err());
    }

    #[test]
    fn an_older_key_still_opens() {
        let source = entropy();
        let (old, new) = (RootKey::draw(&*source), RootKey::draw(&*source));
        let sealed = Keys::new(&old, &[]).seal(&*source, "x", b"value");
        assert!(Keys::new(&new, &[old]).open("x", sealed.as_ref()).is_ok());
        assert!(matches!(
            Keys::new(&new, &[]).open("x", sealed.as_ref()),
            Err(SealError::UnknownKey)
        ));
    }

    #[test]
    fn tags_of_one_purpose_say_nothing_to_another() {
        let keys = keys();
        assert_eq!(keys.blind("mail", b"a"), keys.blind("mail", b"a"));
        assert_ne!(keys.blind("mail", b"a"), keys.limit_tag("mail", b"a"));
        assert_ne!(keys.blind("mail", b"a"), keys.blind("user", b"a"));
    }

    #[test]
    fn a_code_is_bound_to_its_challenge() {
        let code = Code::draw(&*entropy());
        let keys = keys();
        assert_ne!(keys.code_mac(b"one", &code), keys.code_mac(b"two", &code));
    }
}
