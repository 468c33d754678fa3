//! Signed assertions of programs: JWS in compact form (RFC 7515), verified and never made.
//!
//! Two algorithms, `EdDSA` with Ed25519 (RFC 8037) and `ES256`, chosen by the registered key and never
//! by the message. The well-known JWT libraries bring RSA with them, whose crate has an open advisory;
//! what is left is a signature over two parts, which ring verifies.

use std::fmt;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey, VerificationAlgorithm};
use serde::Deserialize;

/// What stands before the key in a PEM file, in DER (RFC 8410, 4; RFC 5480, 2).
const ED25519_PREFIX: &[u8] = &[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
const P256_PREFIX: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 3, 1, 7, 3, 0x42, 0,
];

/// Bytes of a whole assertion at most.
const MOST: usize = 8 * 1024;

/// A public key that a program's assertions are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct AssertionKey {
    kind: KeyKind,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Ed25519,
    P256,
}

impl KeyKind {
    const fn algorithm(self) -> &'static str {
        match self {
            Self::Ed25519 => "EdDSA",
            Self::P256 => "ES256",
        }
    }
}

/// Why a file is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no public key in PEM of Ed25519 or P-256; `openssl pkey -pubout` writes one")]
pub struct NoAssertionKey;

/// Why an assertion is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAssertion {
    /// Not three parts, or a header that asks for something else.
    #[error("is no JWS in compact form with the algorithm of the registered key")]
    Form,
    /// Signed with another key, or changed.
    #[error("is not signed with the registered key")]
    Signature,
}

impl AssertionKey {
    /// Reads a public key as `openssl pkey -pubout` writes it.
    pub fn from_pem(pem: &str) -> Result<Self, NoAssertionKey> {
        let body = pem
            .trim()
            .strip_prefix("-----BEGIN PUBLIC KEY-----")
            .and_then(|rest| rest.strip_suffix("-----END PUBLIC KEY-----"))
            .ok_or(NoAssertionKey)?;
        let packed: String = body.split_whitespace().collect();
        let der = BASE64.decode(packed.as_bytes()).map_err(|_| NoAssertionKey)?;
        let kinds = [(KeyKind::Ed25519, ED25519_PREFIX, 32), (KeyKind::P256, P256_PREFIX, 65)];
        for (kind, prefix, length) in kinds {
            if let Some(bytes) = der.strip_prefix(prefix)
                && bytes.len() == length
            {
                return Ok(Self { kind, bytes: bytes.to_owned() });
            }
        }
        Err(NoAssertionKey)
    }

    /// As it is stored: the algorithm and the key.
    pub fn to_text(&self) -> String {
        format!("{} {}", self.kind.algorithm(), BASE64.encode(&self.bytes))
    }

    /// Reads what [`AssertionKey::to_text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (algorithm, bytes) = text.split_once(' ')?;
        let kinds = [KeyKind::Ed25519, KeyKind::P256];
        let kind = kinds.into_iter().find(|kind| kind.algorithm() == algorithm)?;
        Some(Self { kind, bytes: BASE64.decode(bytes.as_bytes()).ok()? })
    }

    /// The payload of an assertion that is signed with this key.
    pub fn verify(&self, compact: &str) -> Result<Vec<u8>, BadAssertion> {
        if compact.len() > MOST {
            return Err(BadAssertion::Form);
        }
        let (signed, signature) = compact.rsplit_once('.').ok_or(BadAssertion::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(BadAssertion::Form)?;
        let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes());
        let header: Header = decode(header)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or(BadAssertion::Form)?;
        // Extensions that have to be understood are not (RFC 7515, 4.1.11).
        if header.alg != self.kind.algorithm() || header.crit.is_some() {
            return Err(BadAssertion::Form);
        }
        let payload = decode(payload).map_err(|_| BadAssertion::Form)?;
        let signature = decode(signature).map_err(|_| BadAssertion::Form)?;
        let algorithm: &'static dyn VerificationAlgorithm = match self.kind {
            KeyKind::Ed25519 => &ED25519,
            KeyKind::P256 => &ECDSA_P256_SHA256_FIXED,
        };
        UnparsedPublicKey::new(algorithm, &self.bytes)
            .verify(signed.as_bytes(), &signature)
            .map_err(|_| BadAssertion::Signature)?;
        Ok(payload)
    }
}

impl fmt::Debug for AssertionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AssertionKey({})", self.kind.algorithm())
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    crit: Option<serde_json::Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, A.2 and A.4.
    const ED25519_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const ED25519_JWS: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
        hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    /// RFC 7515, A.3.
    const P256_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const P256_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    const P256_JWS: &str = "eyJhbGciOiJFUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn ed25519() -> AssertionKey {
        let bytes = BASE64URL_NOPAD.decode(ED25519_X.as_bytes()).unwrap();
        AssertionKey { kind: KeyKind::Ed25519, bytes }
    }

    fn p256() -> AssertionKey {
        let part = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        AssertionKey { kind: KeyKind::P256, bytes: [vec![4], part(P256_X), part(P256_Y)].concat() }
    }

    #[test]
    fn the_examples_of_the_standards_hold() {
        assert_eq!(ed25519().verify(ED25519_JWS).unwrap(), b"Example of Ed25519 signing");
        assert!(p256().verify(P256_JWS).unwrap().starts_with(b"{\"iss\":\"joe\""));
    }

    #[test]
    fn the_key_chooses_the_algorithm() {
        assert_eq!(p256().verify(ED25519_JWS), Err(BadAssertion::Form));
        assert_eq!(ed25519().verify(P256_JWS), Err(BadAssertion::Form));
        let (_, rest) = ED25519_JWS.split_once('.').unwrap();
        for header in
            [r#"{"alg":"none"}"#, r#"{"alg":"HS256"}"#, r#"{"alg":"EdDSA","crit":[]}"#, "{}"]
        {
            let forged = format!("{}.{rest}", BASE64URL_NOPAD.encode(header.as_bytes()));
            assert_eq!(ed25519().verify(&forged), Err(BadAssertion::Form), "{header}");
        }
    }

    #[test]
    fn whatever_is_changed_is_not_believed() {
        for at in 0..ED25519_JWS.len() {
            let mut changed = ED25519_JWS.as_bytes().to_owned();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(ed25519().verify(&changed).is_err(), "{at}");
        }
        for wrong in ["", ".", "..", "a.b", &ED25519_JWS[1..], &"x".repeat(9_000)] {
            assert_eq!(ed25519().verify(wrong), Err(BadAssertion::Form));
        }
    }

    #[test]
    fn keys_are_read_as_openssl_writes_them() {
        let pem = |prefix: &[u8], key: &AssertionKey| {
            let der = [prefix, &key.bytes].concat();
            format!(
                "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
                BASE64.encode(&der)
            )
        };
        assert_eq!(AssertionKey::from_pem(&pem(ED25519_PREFIX, &ed25519())), Ok(ed25519()));
        assert_eq!(AssertionKey::from_pem(&pem(P256_PREFIX, &p256())), Ok(p256()));
        for key in [ed25519(), p256()] {
            assert_eq!(AssertionKey::parse(&key.to_text()), Some(key));
        }
        for wrong in
            ["", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----", &ed25519().to_text()]
        {
            assert_eq!(AssertionKey::from_pem(wrong), Err(NoAssertionKey));
        }
    }
}
