//! The countries a person can name, by their ISO 3166-1 codes.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::domain::language::Language;
use crate::text::Speaker;

/// The assigned two-letter codes (ISO 3166-1), sorted.
pub const COUNTRIES: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
    "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
    "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
    "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
    "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
    "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
    "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
    "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
    "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
    "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
    "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
    "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
    "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
    "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

/// A country for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Country {
    /// ISO code.
    pub(super) code: &'static str,
    /// Its name in the list's language.
    pub(super) name: String,
}

static ENGLISH: LazyLock<Vec<Country>> = LazyLock::new(|| sorted(Language::En));
static GERMAN: LazyLock<Vec<Country>> = LazyLock::new(|| sorted(Language::De));

/// All of them, as a reader of `language` looks them up.
pub(super) fn countries(language: Language) -> &'static [Country] {
    match language {
        Language::En => &ENGLISH,
        Language::De => &GERMAN,
    }
}

/// The name of `code`, in capitals as in [`COUNTRIES`]; `None` for a code that is not assigned.
pub fn country_name(speaker: &Speaker, code: &str) -> Option<&'static str> {
    let find = |country: &&Country| country.code == code;
    countries(speaker.language()).iter().find(find).map(|country| country.name.as_str())
}

fn sorted(language: Language) -> Vec<Country> {
    // Names have no times in them; any zone will do.
    let speaker = Speaker::new(language, jiff::tz::TimeZone::UTC);
    let mut list: Vec<Country> = COUNTRIES
        .iter()
        .map(|code| Country { code, name: speaker.t(&format!("country-{code}")) })
        .collect();
    list.sort_by_cached_key(|country| sort_key(&country.name));
    list
}

/// Letters without their marks, in lower case: Ä among the A, Å too.
fn sort_key(name: &str) -> String {
    name.nfd().filter(|c| c.is_alphanumeric() || *c == ' ').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_name_in_every_language() {
        assert_eq!(COUNTRIES.len(), 249);
        assert!(COUNTRIES.is_sorted());
        for language in Language::ALL {
            let list = countries(*language);
            assert_eq!(list.len(), COUNTRIES.len());
            assert!(list.iter().all(|country| !country.name.starts_with('[')), "{language}");
        }
    }

    #[test]
    fn marks_do_not_send_a_country_to_the_end() {
        let place = |name| countries(Language::De).iter().position(|c| c.name == name).unwrap();
        assert!(place("Ägypten") < place("Belgien"));
        assert!(place("Österreich") < place("Polen"));
        let speaker = Speaker::new(Language::De, jiff::tz::TimeZone::UTC);
        assert_eq!(country_name(&speaker, "AT"), Some("Österreich"));
        assert_eq!(country_name(&speaker, "XX"), None);
    }
}
