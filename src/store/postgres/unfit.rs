//! What a column will not have.

use crate::domain::change::Unfit;
use crate::store::StoreError;

/// What a refusal means (PostgreSQL's appendix A).
pub(super) fn unfit_of(error: &StoreError) -> Option<Unfit> {
    let state = error.detail.as_deref()?;
    match (state, state.get(..2)?) {
        ("23505" | "23P01", _) => Some(Unfit::Taken),
        (_, "22") => Some(Unfit::Type),
        // A column that may not be written to stays so; that is the map's fault.
        (_, "23") | ("P0001", _) => Some(Unfit::Rule),
        _ => None,
    }
}

/// Whether a time is told by a word that means another one later, or none (PostgreSQL's section
/// 8.5.1.4). Nobody was born `yesterday`, and the server would take even `yesterday?`.
pub(super) fn is_passing(time: &str) -> bool {
    const WORDS: [&str; 7] =
        ["allballs", "epoch", "infinity", "now", "today", "tomorrow", "yesterday"];
    let mut words = time.split(|letter: char| !letter.is_ascii_alphabetic());
    words.any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_by_a_word_is_no_time_to_keep() {
        for word in ["now", "Yesterday?", "tomorrow 10:00", "-infinity", "EPOCH"] {
            assert!(is_passing(word), "{word}");
        }
        for time in ["1990-05-04", "May 4 1990", "2020-01-01T10:00:00Z", "10:00 PST", ""] {
            assert!(!is_passing(time), "{time}");
        }
    }
}
