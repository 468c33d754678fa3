//! Signed notes (C2SP signed-note): a text, and under it who signed it. Checkpoints of the audit
//! trail are such, so that tools of other people read and witness them.

use data_encoding::BASE64;
use ring::signature::{ED25519, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use super::signing::{SignatureError, SigningKey, VerifyingKey};

/// Ed25519 in the identifier of a key.
const ALGORITHM: u8 = 1;

impl SigningKey {
    /// The note of `text` under `name`, which has no blanks and no plus. The text ends with a line
    /// break.
    pub fn sign_note(&self, name: &str, text: &str) -> String {
        let (signature, public) = self.sign_raw(text.as_bytes());
        let signed = [&key_id(name, &public)[..], &signature[..]].concat();
        format!("{text}\n\u{2014} {name} {}\n", BASE64.encode(&signed))
    }
}

impl VerifyingKey {
    /// The text of a note, when this key has signed it under `name`. Signatures of others are
    /// passed over.
    ///
    /// # Errors
    /// [`SignatureError::Form`] for what is no note or bears no signature of this key,
    /// [`SignatureError::Mismatch`] for one that does not hold.
    pub fn verify_note<'n>(&self, name: &str, note: &'n str) -> Result<&'n str, SignatureError> {
        verify(name, &self.raw(), note)
    }
}

fn verify<'n>(name: &str, public: &[u8; 32], note: &'n str) -> Result<&'n str, SignatureError> {
    let at = note.rfind("\n\n").ok_or(SignatureError::Form)?;
    let (text, signatures) = (&note[..=at], &note[at + 2..]);
    let signatures = signatures.strip_suffix('\n').ok_or(SignatureError::Form)?;
    let id = key_id(name, public);
    for line in signatures.split('\n') {
        let (by, encoded) = line
            .strip_prefix("\u{2014} ")
            .and_then(|line| line.split_once(' '))
            .ok_or(SignatureError::Form)?;
        let bytes = BASE64.decode(encoded.as_bytes()).map_err(|_| SignatureError::Form)?;
        let Some(signature) = bytes.strip_prefix(&id[..]).filter(|_| by == name) else {
            continue;
        };
        let key = UnparsedPublicKey::new(&ED25519, public);
        let holds = key.verify(text.as_bytes(), signature);
        return holds.map(|()| text).map_err(|_| SignatureError::Mismatch);
    }
    Err(SignatureError::Form)
}

/// Four bytes that tell keys apart; no proof of anything.
fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ALGORITHM])
        .chain_update(public)
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededEntropy;

    /// The example of Go's `golang.org/x/mod/sumdb/note`.
    const NAME: &str = "PeterNeumann";
    const KEY: &str = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn a_note_of_another_tool_is_verified() {
        let key = BASE64.decode(KEY.as_bytes()).unwrap();
        let public: [u8; 32] = key[1..].try_into().unwrap();
        let text = verify(NAME, &public, NOTE).unwrap();
        assert!(text.ends_with("your problem is.\n"), "{text}");
        let changed = NOTE.replacen("cryptography", "Cryptography", 1);
        assert_eq!(verify(NAME, &public, &changed), Err(SignatureError::Mismatch));
        assert_eq!(verify("Somebody", &public, NOTE), Err(SignatureError::Form));
    }

    #[test]
    fn a_note_of_ours_holds_for_its_text_name_and_key_only() {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::make(folder.path(), &SeededEntropy::new(1)).unwrap();
        let note = key.sign_note("rights.example.org/audit", "one\n\ntwo\n");
        let public = key.public();
        assert_eq!(public.verify_note("rights.example.org/audit", &note), Ok("one\n\ntwo\n"));
        assert_eq!(public.verify_note("rights.example.org", &note), Err(SignatureError::Form));
        let other = tempfile::tempdir().unwrap();
        let other = SigningKey::make(other.path(), &SeededEntropy::new(2)).unwrap();
        assert_eq!(
            other.public().verify_note("rights.example.org/audit", &note),
            Err(SignatureError::Form)
        );
        let both = format!("{note}\u{2014} witness AAAAAAAA\n");
        assert_eq!(public.verify_note("rights.example.org/audit", &both), Ok("one\n\ntwo\n"));
        for broken in ["", "text\n", "text\n\n", "text\n\n\u{2014} a\n", note.trim_end()] {
            let verified = public.verify_note("rights.example.org/audit", broken);
            assert_eq!(verified, Err(SignatureError::Form), "{broken}");
        }
    }
}
