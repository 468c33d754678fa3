//! What data are used for, in words.

use super::Speaker;
use crate::domain::flag::Purpose;

impl Speaker {
    /// A purpose in plain words; the word itself for one that only the company's maps know.
    pub fn purpose(&self, word: &str) -> String {
        if Purpose::OPTIONAL.contains(&word) {
            self.t(&format!("flag-purpose-{word}"))
        } else {
            word.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    #[test]
    fn every_purpose_of_ours_is_said_in_both_languages() {
        for language in Language::ALL {
            let speaker = Speaker::new(*language, jiff::tz::TimeZone::UTC);
            for word in Purpose::OPTIONAL {
                let said = speaker.purpose(word);
                assert!(said.contains(' ') && !said.starts_with('['), "{said}");
            }
            assert_eq!(speaker.purpose("newsletter"), "newsletter");
        }
    }
}
