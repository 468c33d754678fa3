//! Passwords of staff: what is taken, how it is kept.

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use zeroize::Zeroizing;

/// Characters at least (OWASP ASVS 5.0, 6.2.1).
pub const SHORTEST: usize = 15;
/// Characters at most: longer is no safer, and hashing it costs.
pub const LONGEST: usize = 256;

/// What an unknown account's password is compared with, so that it costs as much as a known one's: a
/// hash of nothing, with the parameters of [`Password::hash`].
pub const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Long passwords that many people have, and beginnings of such. Lower case, without blanks.
const COMMON: [&str; 24] = [
    "abcdefghijklmno",
    "administrator",
    "changemechangeme",
    "correcthorsebatterystaple",
    "iloveyouiloveyou",
    "letmeinletmein",
    "monkeymonkeymonkey",
    "passwordpassword",
    "passwort",
    "password",
    "qazwsxedcrfvtgb",
    "qwertyuiopasdfgh",
    "qwertzuiopasdfgh",
    "rightsdesk",
    "sunshinesunshine",
    "superman",
    "thequickbrownfox",
    "trustno1trustno1",
    "unitedkingdom",
    "welcomewelcome",
    "zaq12wsxcde34rfv",
    "1q2w3e4r5t6y7u8i",
    "123456789012345",
    "football",
];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("write at least {SHORTEST} characters")]
    Short,
    /// Too long.
    #[error("write at most {LONGEST} characters")]
    Long,
    /// Others would guess it.
    #[error(
        "this password is easy to guess; take several words that have nothing to do with each other"
    )]
    Common,
}

/// A password as it was typed: its very bytes, wiped when dropped, shown nowhere.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// What somebody typed to sign in; anything goes, and is compared.
    pub fn typed(text: &str) -> Self {
        Self(Zeroizing::new(text.chars().take(LONGEST + 1).collect()))
    }

    /// A new password. No rule of composition (ASVS 6.2.5); what many people take is refused, and so
    /// is what is made of `words`: names that stand next to it.
    pub fn new(text: &str, words: &[&str]) -> Result<Self, PasswordError> {
        let count = text.chars().count();
        if count < SHORTEST {
            return Err(PasswordError::Short);
        }
        if count > LONGEST {
            return Err(PasswordError::Long);
        }
        if is_common(text, words) {
            return Err(PasswordError::Common);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The hash to keep: argon2id with 19 MiB and two passes (OWASP's first choice). Slow on purpose,
    /// so not for an async thread.
    ///
    /// # Panics
    /// Never: the parameters and the salt's length are constant and fit.
    pub fn hash(&self, salt: &[u8; 16]) -> String {
        let hash = hasher().hash_password_with_salt(self.0.as_bytes(), salt);
        hash.expect("constant parameters fit").to_string()
    }

    /// Whether `hash` was made of this password. As slow as [`Password::hash`], whatever comes out;
    /// a hash that is none says no.
    pub fn matches(&self, hash: &str) -> bool {
        hasher().verify_password(self.0.as_bytes(), hash).is_ok()
    }
}

fn hasher() -> Argon2<'static> {
    Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(19 * 1024, 2, 1, None).expect("constant parameters fit"),
    )
}

/// Lower case, without blanks.
fn squashed(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect()
}

fn is_common(text: &str, words: &[&str]) -> bool {
    let folded: Vec<char> = squashed(text).chars().collect();
    let mut distinct = folded.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let repeats = (1..=8).any(|unit| {
        folded.chunks(unit).all(|part| folded[..unit.min(folded.len())].starts_with(part))
    });
    let runs = folded.windows(2).filter(|pair| {
        let step = i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
        step.abs() <= 1
    });
    // What is left once everything known is taken out has to be a password by itself. The longest
    // goes first: otherwise "ada" would break "adalovelace" and leave "lovelace".
    let whole = words.iter().map(|word| squashed(word));
    let parts = words.iter().flat_map(|word| word.split(|c: char| !c.is_alphanumeric()));
    let mut known: Vec<String> = whole
        .chain(parts.map(squashed))
        .chain(COMMON.iter().map(|word| (*word).to_owned()))
        .filter(|word| word.chars().count() >= 4)
        .collect();
    known.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = known.iter().fold(squashed(text), |rest, word| rest.replace(word.as_str(), ""));
    distinct.len() < 5 || repeats || runs.count() * 3 > folded.len() * 2 || rest.chars().count() < 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_only() {
        let password = Password::new("vier Boote im Nebelwald", &[]).unwrap();
        let hash = password.hash(&[7; 16]);
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(password.matches(&hash));
        assert!(!Password::typed("vier Boote im Nebelwalde").matches(&hash));
        assert!(!password.matches("no hash at all"));
    }

    #[test]
    fn comparing_with_nobody_is_the_whole_work_and_says_no() {
        let password = Password::typed("anything");
        let real = password.hash(&[7; 16]);
        let costs = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(costs(NOBODY), costs(&real));
        assert_eq!(NOBODY.len(), real.len());
        let compared = hasher().verify_password(b"anything", NOBODY);
        assert_eq!(
            compared,
            Err(argon2::password_hash::Error::PasswordInvalid),
            "hashed to its end"
        );
    }

    #[test]
    fn short_long_and_common_ones_are_refused() {
        let words = ["Lovelace", "Ada Lovelace", "ada@example.org"];
        let refused = |text: &str| Password::new(text, &words).err();
        assert_eq!(refused("fourteen chars"), Some(PasswordError::Short));
        assert_eq!(refused(&"ab cd ef gh 12 ".repeat(20)), Some(PasswordError::Long));
        for common in [
            "passwordpassword",
            "Password 1234567",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "123456789012345678",
            "AdaLovelace2026!",
            "Lovelace, Ada 12",
            "example lovelace",
            "ada@example.org1",
            "abcdefghijklmnopq",
            "qwertyuiopasdfgh1",
            "Rightsdesk-2026!",
        ] {
            assert_eq!(refused(common), Some(PasswordError::Common), "{common}");
        }
        for good in [
            "correct staple under moon",
            "vier Boote im Nebelwald",
            "pß9-Zt!kq0_Lw7#x",
            "пять медленных китов",
        ] {
            assert_eq!(refused(good), None, "{good}");
        }
    }
}
