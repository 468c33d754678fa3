//! The second factor: codes of six digits that change every 30 seconds (RFC 6238).

use jiff::Timestamp;
use totp_rs::{Builder, Secret, Totp};

/// Bytes of a secret (RFC 4226, 4, R6).
pub const SECRET: usize = 20;

/// A secret, its codes and its picture.
pub struct SecondFactor(Totp);

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor(…)")
    }
}

impl SecondFactor {
    /// With SHA-1, six digits and 30 seconds, which every app knows. `None` for a secret of another
    /// length. `issuer` and `account` are what the app shows; colons, which would end them, go.
    pub fn new(secret: &[u8], issuer: &str, account: &str) -> Option<Self> {
        let fits = secret.len() == SECRET;
        let plain = |text: &str| text.replace(':', " ");
        let totp = Builder::new()
            .with_secret(Secret::new(secret.into()))
            .with_account_name(plain(account))
            .with_issuer(Some(plain(issuer)))
            .build();
        totp.ok().filter(|_| fits).map(Self)
    }

    /// The time step whose code this is, a step early or late allowed; `None` when it is none.
    /// Blanks do not count. Whoever asks keeps the step, since a code is good once.
    pub fn step_of(&self, typed: &str, now: Timestamp) -> Option<i64> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let time = u64::try_from(now.as_second()).ok()?;
        self.0.check(&digits, time).and_then(|step| i64::try_from(step).ok())
    }

    /// The code at `now`.
    pub fn code_at(&self, now: Timestamp) -> String {
        self.0.generate(u64::try_from(now.as_second()).unwrap_or(0)).to_string()
    }

    /// The secret as people type it into an app: base32.
    pub fn secret(&self) -> String {
        self.0.secret().to_base32()
    }

    /// What the picture says: `otpauth://totp/…`.
    ///
    /// # Panics
    /// Never: account and issuer were looked at before.
    pub fn uri(&self) -> String {
        self.0.to_url().expect("the names hold no colon")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor() -> SecondFactor {
        SecondFactor::new(b"12345678901234567890", "Shop", "ada@example.org").unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six digits.
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")]
        {
            assert_eq!(factor().code_at(at(second)), code);
            assert_eq!(factor().step_of(code, at(second)), Some(second / 30));
        }
    }

    #[test]
    fn a_step_early_or_late_is_fine_and_two_are_not() {
        let steps = |second| factor().step_of("081 804", at(second));
        let exact = 1_111_111_109;
        assert_eq!(steps(exact + 30), Some(exact / 30));
        assert_eq!(steps(exact - 30), Some(exact / 30));
        assert_eq!(steps(exact + 61), None);
        assert_eq!(factor().step_of("", at(exact)), None);
        assert_eq!(factor().step_of("x81804", at(exact)), None);
    }

    #[test]
    fn the_uri_carries_what_apps_need() {
        let uri = SecondFactor::new(&[1; SECRET], "A: B", "a@b.org").unwrap().uri();
        assert!(uri.starts_with("otpauth://totp/A%20%20B:a%40b.org?secret="), "{uri}");
        assert!(SecondFactor::new(&[1; 10], "A", "a").is_none());
    }
}
