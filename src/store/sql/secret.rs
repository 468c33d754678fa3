//! Columns that look as if they held what people sign in with.

/// Whether a column of that name is likely to hold a secret. Only whole words count: `tokens_used`
/// is a bill, `reset_token` is a secret.
pub fn looks_secret(column: &str) -> bool {
    const ALWAYS: [&str; 13] = [
        "password",
        "passwd",
        "passphrase",
        "passcode",
        "pwd",
        "secret",
        "otp",
        "totp",
        "hotp",
        "mfa",
        "salt",
        "apikey",
        "privatekey",
    ];
    const PAIRS: [[&str; 2]; 9] = [
        ["api", "key"],
        ["private", "key"],
        ["access", "key"],
        ["secret", "key"],
        ["signing", "key"],
        ["encryption", "key"],
        ["data", "key"],
        ["recovery", "code"],
        ["backup", "codes"],
    ];
    let words = words(column);
    let has = |word: &str| words.iter().any(|known| known == word);
    // A token, its hash or its like, but not how many tokens, nor when one was made or how it counts.
    let token = words.iter().position(|word| word == "token" || word.ends_with("token"));
    let token = token.is_some_and(|at| {
        let rest = ["hash", "hashed", "digest", "value", "encrypted", "secret"];
        words[at + 1..].iter().all(|word| rest.contains(&word.as_str()))
    });
    let about = ["at", "on", "date", "time", "count", "changed", "updated", "expires", "enabled"];
    let dated = words.last().is_some_and(|last| about.contains(&last.as_str()));
    let pair =
        words.windows(2).any(|two| PAIRS.iter().any(|pair| two[0] == pair[0] && two[1] == pair[1]));
    (ALWAYS.iter().any(|word| has(word)) || pair) && !dated || token
}

/// `passwordHash`, `password_hash` and `PASSWORD-HASH` are two words each.
pub(in crate::store) fn words(column: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for letter in column.chars() {
        let new = !letter.is_alphanumeric() || (letter.is_uppercase() && lower_before);
        if new {
            words.push(String::new());
        }
        lower_before = letter.is_lowercase() || letter.is_ascii_digit();
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_and_names_of_counts_are_not() {
        for name in [
            "password",
            "PasswordHash",
            "passwd",
            "user_secret",
            "api_key",
            "apiKey",
            "salt",
            "reset_token",
            "token",
            "refresh_token_hash",
            "accessToken",
            "private_key",
            "otp_seed",
            "totp",
            "pwd",
        ] {
            assert!(looks_secret(name), "{name}");
        }
        for name in [
            "tokens_used",
            "token_count",
            "password_changed_at",
            "secretary",
            "email",
            "basalt",
            "keyboard",
            "public_key",
            "mfa_enabled",
            "prompt_tokens",
            "compass",
        ] {
            assert!(!looks_secret(name), "{name}");
        }
    }
}
