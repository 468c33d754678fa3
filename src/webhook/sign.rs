//! Signatures of Standard Webhooks, version 1: HMAC-SHA-256.

use std::fmt;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// How a secret is told apart from others.
const PREFIX: &str = "whsec_";
/// Bytes of a secret, as the standard has it.
const LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

/// What signs messages to one endpoint.
#[derive(Clone)]
pub struct SigningSecret(Zeroizing<Vec<u8>>);

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// A text is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "write `whsec_` and the base64 of 24 to 64 random bytes; \
     `echo whsec_$(openssl rand -base64 32)` makes one"
)]
pub struct SecretFault;

impl SigningSecret {
    /// Reads `whsec_` and base64.
    pub fn parse(text: &str) -> Result<Self, SecretFault> {
        let encoded = text.strip_prefix(PREFIX).ok_or(SecretFault)?;
        let bytes = BASE64.decode(encoded.as_bytes()).map(Zeroizing::new);
        let bytes = bytes.map_err(|_| SecretFault)?;
        if LENGTH.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(SecretFault) }
    }

    /// The signature of one message, sent at `seconds` since 1970.
    fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
    }
}

/// The signatures by all secrets, for the header.
pub(super) fn signatures(secrets: &[SigningSecret], id: &str, seconds: i64, body: &str) -> String {
    let each: Vec<String> = secrets.iter().map(|secret| secret.sign(id, seconds, body)).collect();
    each.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test suites of the standard's own libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const SECONDS: i64 = 1_614_265_330;
    const BODY: &str = "{\"test\": 2432232314}";
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_vector_of_the_standard_is_signed_as_it_says() {
        let secret = SigningSecret::parse(SECRET).unwrap();
        assert_eq!(secret.sign(ID, SECONDS, BODY), SIGNATURE);
    }

    #[test]
    fn while_a_secret_is_replaced_both_sign() {
        let other = format!("whsec_{}", BASE64.encode(&[7; 64]));
        let secrets = [other.as_str(), SECRET].map(|text| SigningSecret::parse(text).unwrap());
        let both = signatures(&secrets, ID, SECONDS, BODY);
        let (first, second) = both.split_once(' ').unwrap();
        assert_eq!(second, SIGNATURE);
        assert_eq!(first, secrets[0].sign(ID, SECONDS, BODY));
    }

    #[test]
    fn a_secret_of_another_length_or_form_is_refused() {
        let of = |bytes: usize| format!("whsec_{}", BASE64.encode(&vec![1; bytes]));
        for good in [of(24), of(32), of(64)] {
            assert!(SigningSecret::parse(&good).is_ok(), "{good}");
        }
        let bare = of(32).replace("whsec_", "");
        for bad in [of(0), of(23), of(65), bare, "whsec_?".repeat(9), String::new()] {
            assert!(SigningSecret::parse(&bad).is_err(), "{bad}");
        }
        let shown = format!("{:?}", SigningSecret::parse(SECRET).unwrap());
        assert!(!shown.contains("MfKQ"), "{shown}");
    }
}
