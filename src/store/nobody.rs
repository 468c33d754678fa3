//! Keys that are nobody's name. A program that writes the word `null` where it has no address makes
//! one person of all who have none; by such a key nothing is ever taken away.

use crate::domain::subject::SubjectKey;

/// What programs write where there is nothing, in any case.
const WORDS: [&str; 8] = ["null", "(null)", "nil", "none", "undefined", "nan", "n/a", "nobody"];

/// Whether a key may be somebody's: it has a letter or a digit and is none of those words. A
/// pattern is a key like others, since keys are compared byte for byte.
pub fn is_somebody(key: &SubjectKey) -> bool {
    let value = key.value().trim();
    value.chars().any(char::is_alphanumeric)
        && !WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subject::KeyKind;

    #[test]
    fn words_for_nothing_are_nobody() {
        let key = |value: &str| SubjectKey::new(KeyKind::email(), value).unwrap();
        for value in [" ", "%", "*", "null", "NULL", " None ", "undefined", "-"] {
            assert!(!is_somebody(&key(value)), "{value:?}");
        }
        for value in ["0", "ada@example.org", "nuller", "ß"] {
            assert!(is_somebody(&key(value)), "{value:?}");
        }
    }
}
