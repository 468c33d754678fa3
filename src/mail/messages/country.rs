//! The country that was chosen on the form.

use crate::text::Speaker;

/// Two capital letters (ISO 3166-1), so that a mail shows a choice and never somebody's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Reads `DE`; `None` for anything but two capital letters.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 2] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// Its name, or the code where we have none.
    pub(super) fn name(self, speaker: &Speaker) -> String {
        let code: String = self.0.iter().copied().map(char::from).collect();
        speaker.t1("mail-country", "code", code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use jiff::tz::TimeZone;

    #[test]
    fn a_country_is_a_choice_and_no_text() {
        let german = Speaker::new(Language::De, TimeZone::UTC);
        let name = |code| CountryCode::parse(code).map(|country| country.name(&german));
        assert_eq!(name("DE").as_deref(), Some("Deutschland"));
        assert_eq!(name("ZW").as_deref(), Some("ZW"));
        for words in ["", "D", "de", "DEU", "\u{dc}", "http://evil.example", "D\n"] {
            assert_eq!(name(words), None, "{words:?}");
        }
    }
}
