//! The key pair that signs what people are given, in minisign's format, so that anyone can verify
//! with the ordinary `minisign -V`.
//!
//! Signatures here are those of RFC 8032 without minisign's optional noise: the same archive made
//! twice is the same to the byte.

use std::fmt;
use std::io::Cursor;
use std::path::Path;

use blake2::{Blake2b256, Blake2b512, Digest};
use data_encoding::BASE64;
use minisign::{PublicKeyBox, SecretKeyBox, SignatureBox};
use ring::signature::{Ed25519KeyPair, KeyPair};
use zeroize::{Zeroize, Zeroizing};

use super::root::{KeyFileError, read_secret, write_new};
use crate::ids::Entropy;

/// The file of the secret half in the folder of keys.
pub const SECRET_FILE: &str = "signing.key";
/// The file of the public half, which is published.
pub const PUBLIC_FILE: &str = "signing.pub";

/// The line that minisign itself does not protect; ours is always this one.
const UNTRUSTED: &str = "untrusted comment: signature of Rightsdesk";

/// Signs.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    id: [u8; 8],
    public: VerifyingKey,
}

impl SigningKey {
    /// Draws a key pair and writes both halves to new files in `folder`.
    ///
    /// # Panics
    /// Never: any 32 bytes are an Ed25519 seed.
    pub fn make(folder: &Path, entropy: &dyn Entropy) -> Result<Self, KeyFileError> {
        let path = folder.join(SECRET_FILE);
        let seed = Zeroizing::new(entropy.bytes::<32>());
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed[..])
            .expect("any 32 bytes are an Ed25519 seed");
        let key = Self::new(pair, entropy.bytes()).ok_or(KeyFileError::Malformed(path.clone()))?;
        let mut text = key.secret_text(&seed);
        let written = write_new(&path, text.as_bytes());
        text.zeroize();
        written?;
        write_new(&folder.join(PUBLIC_FILE), key.public().to_text().as_bytes())?;
        Ok(key)
    }

    /// Reads the secret half from `folder`, refusing a file that others may read.
    pub fn load(folder: &Path) -> Result<Self, KeyFileError> {
        let path = folder.join(SECRET_FILE);
        let text = read_secret(&path)?;
        let malformed = || KeyFileError::Malformed(path.clone());
        let boxed = SecretKeyBox::from_string(&text).map_err(|_| malformed())?;
        let secret = boxed.into_unencrypted_secret_key().map_err(|_| malformed())?;
        let bytes = Zeroizing::new(secret.to_bytes());
        // After three algorithms, a salt and two limits, all of no use without a password.
        let (id, keys) = (&bytes[54..62], &bytes[62..126]);
        let pair = Ed25519KeyPair::from_seed_and_public_key(&keys[..32], &keys[32..])
            .map_err(|_| malformed())?;
        let id = id.try_into().map_err(|_| malformed())?;
        Self::new(pair, id).ok_or_else(malformed)
    }

    fn new(pair: Ed25519KeyPair, id: [u8; 8]) -> Option<Self> {
        let bytes = [b"Ed", &id[..], pair.public_key().as_ref()].concat();
        let public = VerifyingKey(minisign::PublicKey::from_bytes(&bytes).ok()?);
        Some(Self { pair, id, public })
    }

    /// The public half.
    pub fn public(&self) -> &VerifyingKey {
        &self.public
    }

    /// The text of a `.minisig` file for `data`. The trusted comment is signed too; it must be one
    /// line.
    pub fn sign(&self, data: &[u8], trusted_comment: &str) -> String {
        let signature = self.pair.sign(&Blake2b512::digest(data));
        let mut first = b"ED".to_vec();
        first.extend_from_slice(&self.id);
        first.extend_from_slice(signature.as_ref());
        let comment = trusted_comment.replace(['\r', '\n'], " ");
        let comment = comment.trim();
        let second = self.pair.sign(&[signature.as_ref(), comment.as_bytes()].concat());
        format!(
            "{UNTRUSTED}\n{}\ntrusted comment: {comment}\n{}\n",
            BASE64.encode(&first),
            BASE64.encode(second.as_ref())
        )
    }

    /// The plain Ed25519 signature of `data`, and the public half.
    pub(super) fn sign_raw(&self, data: &[u8]) -> ([u8; 64], [u8; 32]) {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(data).as_ref());
        (signature, self.public.raw())
    }

    /// minisign's box of a secret key without a password: algorithms, zeros where a password would
    /// need a salt and limits, key id, seed and public key, checksum.
    fn secret_text(&self, seed: &[u8; 32]) -> String {
        let mut bytes = Zeroizing::new(Vec::with_capacity(158));
        bytes.extend_from_slice(b"Ed\0\0B2");
        bytes.extend_from_slice(&[0; 48]);
        bytes.extend_from_slice(&self.id);
        bytes.extend_from_slice(seed);
        bytes.extend_from_slice(self.pair.public_key().as_ref());
        let sum = Blake2b256::new().chain_update(b"Ed").chain_update(&bytes[54..]).finalize();
        bytes.extend_from_slice(&sum);
        format!("untrusted comment: secret key of Rightsdesk\n{}\n", BASE64.encode(&bytes))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// Verifies.
#[derive(Clone)]
pub struct VerifyingKey(minisign::PublicKey);

/// Why a signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The key is none.
    #[error("not a public key of minisign")]
    Key,
    /// The signature is of another form than ours.
    #[error("not a signature as this service writes it")]
    Form,
    /// It does not hold for this key and these bytes.
    #[error("the signature does not match the key and the data")]
    Mismatch,
}

impl VerifyingKey {
    /// Reads the text of a `.pub` file, or the one line of base64 that people copy.
    pub fn parse(text: &str) -> Result<Self, SignatureError> {
        let text = text.trim();
        let key = if text.lines().count() > 1 {
            PublicKeyBox::from_string(text).and_then(PublicKeyBox::into_public_key)
        } else {
            minisign::PublicKey::from_base64(text)
        };
        key.map(Self).map_err(|_| SignatureError::Key)
    }

    /// The text of a `.pub` file.
    pub fn to_text(&self) -> String {
        format!("untrusted comment: public key of Rightsdesk\n{}\n", self.0.to_base64())
    }

    /// The 32 bytes of the key, behind minisign's algorithm and id.
    pub(super) fn raw(&self) -> [u8; 32] {
        let mut raw = [0; 32];
        raw.copy_from_slice(&self.0.to_bytes()[10..42]);
        raw
    }

    /// Verifies the text of a `.minisig` file and gives its trusted comment. Strict: the text must
    /// be, to the byte, one that [`SigningKey::sign`] can have written.
    pub fn verify(&self, data: &[u8], signature: &str) -> Result<String, SignatureError> {
        let boxed = SignatureBox::from_string(signature).map_err(|_| SignatureError::Form)?;
        let comment = boxed.trusted_comment().map_err(|_| SignatureError::Form)?;
        let ours = boxed.is_prehashed()
            && boxed.to_string() == signature
            && signature.lines().next() == Some(UNTRUSTED);
        if !ours {
            return Err(SignatureError::Form);
        }
        minisign::verify(&self.0, &boxed, Cursor::new(data), true, false, false)
            .map_err(|_| SignatureError::Mismatch)?;
        Ok(comment)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.0.to_base64())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;
    use crate::ids::SeededEntropy;

    fn made() -> (tempfile::TempDir, SigningKey) {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::make(folder.path(), &SeededEntropy::new(1)).unwrap();
        (folder, key)
    }

    #[test]
    fn a_signature_holds_for_its_data_and_comment_only() {
        let (_folder, key) = made();
        let signature = key.sign(b"data", "reference R-1");
        let public = VerifyingKey::parse(&key.public().to_text()).unwrap();
        assert_eq!(public.verify(b"data", &signature).unwrap(), "reference R-1");
        assert_eq!(public.verify(b"date", &signature), Err(SignatureError::Mismatch));
        let forged = signature.replace("R-1", "R-2");
        assert_eq!(public.verify(b"data", &forged), Err(SignatureError::Mismatch));
        let other = tempfile::tempdir().unwrap();
        let other = SigningKey::make(other.path(), &SeededEntropy::new(2)).unwrap();
        assert_eq!(other.public().verify(b"data", &signature), Err(SignatureError::Mismatch));
    }

    #[test]
    fn any_changed_byte_of_a_signature_is_noticed() {
        let (_folder, key) = made();
        let signature = key.sign(b"data", "reference R-1");
        for at in 0..signature.len() {
            let mut bad = signature.clone().into_bytes();
            bad[at] ^= 1;
            let bad = String::from_utf8_lossy(&bad).into_owned();
            assert!(key.public().verify(b"data", &bad).is_err(), "byte {at}");
        }
        assert!(key.public().verify(b"data", &format!("{signature}\n")).is_err());
    }

    #[test]
    fn keys_survive_their_files_and_sign_the_same_again() {
        let (folder, key) = made();
        let again = SigningKey::load(folder.path()).unwrap();
        assert_eq!(again.sign(b"data", "x"), key.sign(b"data", "x"));
        let text = fs::read_to_string(folder.path().join(PUBLIC_FILE)).unwrap();
        let line = text.lines().nth(1).unwrap();
        for form in [text.as_str(), line] {
            let public = VerifyingKey::parse(form).unwrap();
            assert!(public.verify(b"data", &key.sign(b"data", "x")).is_ok());
        }
        assert!(matches!(
            SigningKey::make(folder.path(), &SeededEntropy::new(1)),
            Err(KeyFileError::Exists(_))
        ));
        assert!(VerifyingKey::parse("hello").is_err());
    }

    #[test]
    fn the_ordinary_minisign_verifies_and_signs_with_our_keys() {
        if Command::new("minisign").arg("-v").output().is_err() {
            #[expect(clippy::disallowed_methods, reason = "a switch of the tests alone")]
            let wanted = std::env::var("RIGHTSDESK_TEST_TOOLS").as_deref() == Ok("1");
            assert!(!wanted, "minisign is not installed");
            println!("not run: minisign is not installed");
            return;
        }
        let (folder, key) = made();
        let file = folder.path().join("data");
        fs::write(&file, b"data").unwrap();
        fs::write(folder.path().join("data.minisig"), key.sign(b"data", "R-1 grüße")).unwrap();
        let run = |args: &[&str]| {
            Command::new("minisign").current_dir(folder.path()).args(args).output().unwrap()
        };
        let good = run(&["-Vm", "data", "-p", PUBLIC_FILE]);
        assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
        assert!(String::from_utf8_lossy(&good.stdout).contains("R-1 grüße"));
        fs::write(&file, b"date").unwrap();
        assert!(!run(&["-Vm", "data", "-p", PUBLIC_FILE]).status.success());
        let signed = run(&["-S", "-s", SECRET_FILE, "-m", "data"]);
        assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
        assert!(run(&["-Vm", "data", "-p", PUBLIC_FILE]).status.success());
    }
}
