//! The languages we write in.

use super::code::stored_words;

/// A language with every text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Language {
    /// English, also for everyone whose language we do not have.
    #[default]
    En,
    /// German.
    De,
}

stored_words!(Language { En = "en", De = "de" });

impl Language {
    /// Its own name, for the switch.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    /// The best of ours for an `Accept-Language` header (RFC 9110, 12.5.4), by quality, then order;
    /// only the primary subtag counts. `None` when none of ours is wanted.
    pub fn preferred(accept: &str, offered: &[Self]) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for range in accept.split(',').take(32) {
            let mut parts = range.split(';').map(str::trim);
            let tag = parts.next().unwrap_or_default();
            let quality = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(Some(1000), thousandths)
                .unwrap_or(0);
            let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
            let found = offered.iter().copied().find(|language| language.as_str() == primary);
            if let Some(language) = found
                && quality > 0
                && best.is_none_or(|(most, _)| quality > most)
            {
                best = Some((quality, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// `0.75` → 750. At most three decimals, as the grammar has it.
fn thousandths(quality: &str) -> Option<u16> {
    let (whole, rest) = quality.split_once('.').unwrap_or((quality, ""));
    if rest.len() > 3 || !rest.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: u16 = whole.parse().ok().filter(|whole| *whole <= 1)?;
    let rest: u16 = format!("{rest:0<3}").parse().ok()?;
    Some((whole * 1000 + rest).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses() {
        let choose = |header| Language::preferred(header, Language::ALL);
        assert_eq!(choose("de-AT,de;q=0.9,en;q=0.8"), Some(Language::De));
        assert_eq!(choose("fr, en;q=0.2, de;q=0.7"), Some(Language::De));
        assert_eq!(choose("de;q=0, en;q=0.1"), Some(Language::En));
        assert_eq!(choose("ja"), None);
        assert_eq!(choose("de;q=nonsense"), None);
        assert_eq!(choose(""), None);
        assert_eq!(Language::preferred("de", &[Language::En]), None);
    }
}
