//! What people have said about the use of their data, in words.

use super::Speaker;
use crate::domain::flag::{Flag, FlagKind, Purpose};

impl Speaker {
    /// A purpose in plain words; the word itself for one that only the company's maps know.
    pub fn purpose(&self, word: &str) -> String {
        if Purpose::OPTIONAL.contains(&word) {
            self.t(&format!("flag-purpose-{word}"))
        } else {
            word.to_owned()
        }
    }

    /// One word of a person, since when it holds and when it ends.
    pub fn flag(&self, flag: &Flag) -> String {
        let purpose =
            || flag.purpose.as_ref().map_or(String::new(), |one| self.purpose(one.as_str()));
        let what = match flag.kind {
            FlagKind::Restriction => self.t("flag-console-restriction"),
            FlagKind::OptIn | FlagKind::Consent => {
                self.t1("flag-console-allowed", "purpose", purpose())
            }
            _ => self.t1("flag-console-stopped", "purpose", purpose()),
        };
        match (flag.until, flag.lifts_at) {
            (Some(until), _) => {
                let (date, end) = (self.date(flag.from), self.date(until));
                self.with(
                    "flag-console-until",
                    [("what", what.into()), ("date", date.into()), ("end", end.into())],
                )
            }
            (None, Some(ends)) => {
                self.t2("flag-console-ends", "what", what, "date", self.date_time(ends))
            }
            (None, None) => {
                self.t2("flag-console-since", "what", what, "date", self.date(flag.from))
            }
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
