//! Sealing of one small value: AES-256-GCM under a key derived afresh for every value.
//!
//! Layout: version `1`, root key id (4 bytes), salt (32 bytes), ciphertext, tag (16 bytes). The
//! message key is HKDF-SHA-256 over the seal key with the salt and the context, so nonces never
//! meet however many values there are, and a value is good in its own place only.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::SecretBytes;
use super::root::RootKeyId;
use crate::ids::Entropy;

const VERSION: u8 = 1;
const SALT: usize = 32;
const HEAD: usize = 1 + 4 + SALT;

/// A sealed value, safe to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// The bytes to store.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl AsRef<[u8]> for Sealed {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Why a sealed value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key that sealed it is not at hand.
    #[error("sealed with a key that is not at hand; put its file back into the keys folder")]
    UnknownKey,
    /// It was changed, cut, or belongs elsewhere.
    #[error("a sealed value does not open: it was changed or belongs elsewhere")]
    Broken,
}

/// Seals under any 32-byte key. `id` is written in front so that the key can be found again.
pub(super) fn seal(
    key: &SecretBytes,
    id: RootKeyId,
    entropy: &dyn Entropy,
    context: &str,
    plain: &[u8],
) -> Sealed {
    let mut out = Vec::with_capacity(HEAD + plain.len() + 16);
    out.push(VERSION);
    out.extend_from_slice(&id.0);
    out.extend_from_slice(&entropy.bytes::<SALT>());
    let cipher = cipher(key, &out[5..HEAD], context);
    let text = cipher
        .encrypt(&Nonce::default(), Payload { msg: plain, aad: &out })
        .expect("a small value is within what AES-GCM takes");
    out.extend_from_slice(&text);
    Sealed(out)
}

/// What stands in front of everything that `id` has sealed.
pub fn prefix(id: RootKeyId) -> [u8; 5] {
    let [a, b, c, d] = id.0;
    [VERSION, a, b, c, d]
}

/// The root key that sealed it.
pub(super) fn key_id(sealed: &[u8]) -> Result<RootKeyId, SealError> {
    match sealed {
        [VERSION, a, b, c, d, ..] if sealed.len() >= HEAD + 16 => Ok(RootKeyId([*a, *b, *c, *d])),
        _ => Err(SealError::Broken),
    }
}

pub(super) fn open(
    key: &SecretBytes,
    context: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (head, text) = sealed.split_at_checked(HEAD).ok_or(SealError::Broken)?;
    cipher(key, &head[5..], context)
        .decrypt(&Nonce::default(), Payload { msg: text, aad: head })
        .map(Zeroizing::new)
        .map_err(|_| SealError::Broken)
}

/// The nonce is zero because the key is used once.
fn cipher(key: &SecretBytes, salt: &[u8], context: &str) -> Aes256Gcm {
    let mut message_key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), &key[..])
        .expand_multi_info(&[b"rightsdesk seal v1|", context.as_bytes()], &mut message_key[..])
        .expect("32 bytes are within what HKDF gives");
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*message_key))
}
