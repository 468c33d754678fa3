//! Dates, times, durations and sizes as people write them.

use jiff::{Timestamp, Zoned};

use super::Speaker;
use crate::domain::language::Language;

impl Speaker {
    /// `21 November 2026`, `21. November 2026`.
    pub fn date(&self, at: Timestamp) -> String {
        let zoned = self.zoned(at);
        let month = self.t(month_id(zoned.month()));
        match self.language {
            Language::En => format!("{} {month} {}", zoned.day(), zoned.year()),
            Language::De => format!("{}. {month} {}", zoned.day(), zoned.year()),
        }
    }

    /// `21 November 2026, 14:05 CET`, always with its zone.
    pub fn date_time(&self, at: Timestamp) -> String {
        let zoned = self.zoned(at);
        let time = zoned.strftime("%H:%M %Z");
        match self.language {
            Language::En => format!("{}, {time}", self.date(at)),
            Language::De => {
                let (clock, zone) = (zoned.strftime("%H:%M"), zoned.strftime("%Z"));
                format!("{}, {clock} Uhr {zone}", self.date(at))
            }
        }
    }

    /// For machines and `<time datetime>`: RFC 3339 in UTC, whole seconds.
    pub fn machine_time(&self, at: Timestamp) -> String {
        at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// `1.2 MB`, `1,2 MB`: decimal units, one decimal below ten.
    pub fn size(&self, bytes: u64) -> String {
        const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
        let mut unit = 0;
        let mut tenths = u128::from(bytes) * 10;
        while tenths >= 9_995 && unit + 1 < UNITS.len() {
            tenths = (tenths + 500) / 1000;
            unit += 1;
        }
        if unit == 0 || tenths >= 100 {
            return format!("{} {}", (tenths + 5) / 10, UNITS[unit]);
        }
        let point = match self.language {
            Language::En => '.',
            Language::De => ',',
        };
        format!("{}{point}{} {}", tenths / 10, tenths % 10, UNITS[unit])
    }

    /// `1,234`, `1.234`.
    pub fn count(&self, number: u64) -> String {
        let comma = match self.language {
            Language::En => ',',
            Language::De => '.',
        };
        let digits = number.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push(comma);
            }
            out.push(digit);
        }
        out
    }

    /// `30d` of a data map in words; what is no duration is words already.
    pub fn duration(&self, text: &str) -> String {
        let (number, unit) =
            text.split_at(text.len() - usize::from(text.is_ascii() && !text.is_empty()));
        let id = match unit {
            "h" => "duration-hours",
            "d" => "duration-days",
            "w" => "duration-weeks",
            "M" => "duration-months",
            "y" => "duration-years",
            _ => return text.to_owned(),
        };
        match number.parse::<u64>() {
            Ok(number) => self.t1(id, "count", number),
            Err(_) => text.to_owned(),
        }
    }

    fn zoned(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }
}

pub(super) fn month_id(month: i8) -> &'static str {
    const IDS: [&str; 12] = [
        "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
        "month-9", "month-10", "month-11", "month-12",
    ];
    IDS[usize::try_from(month - 1).unwrap_or(0).min(11)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn speaker(language: Language) -> Speaker {
        Speaker::new(language, TimeZone::get("Europe/Berlin").unwrap())
    }

    #[test]
    fn dates_are_long_and_carry_their_zone() {
        let at: Timestamp = "2026-03-01T13:05:00Z".parse().unwrap();
        assert_eq!(speaker(Language::En).date_time(at), "1 March 2026, 14:05 CET");
        assert_eq!(speaker(Language::De).date_time(at), "1. März 2026, 14:05 Uhr CET");
        assert_eq!(speaker(Language::De).machine_time(at), "2026-03-01T13:05:00Z");
    }

    #[test]
    fn countries_have_names_and_what_is_none_keeps_its_letters() {
        assert_eq!(speaker(Language::De).country("DE"), "Deutschland");
        assert_eq!(speaker(Language::En).country("DE"), "Germany");
        assert_eq!(speaker(Language::En).country("QX"), "QX");
    }

    #[test]
    fn durations_are_told_in_words() {
        let en = speaker(Language::En);
        for (text, words) in [
            ("30d", "30 days"),
            ("1y", "1 year"),
            ("36M", "36 months"),
            ("until closed", "until closed"),
            ("bald", "bald"),
            ("ewig währt’s", "ewig währt’s"),
            ("", ""),
        ] {
            assert_eq!(en.duration(text), words);
        }
    }

    #[test]
    fn sizes_and_counts_read_well() {
        let en = speaker(Language::En);
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (1_250_000, "1.3 MB"),
            (12_500_000, "13 MB"),
            (999_400, "999 kB"),
            (999_999, "1.0 MB"),
            (2_147_483_648, "2.1 GB"),
        ] {
            assert_eq!(en.size(bytes), text, "{bytes}");
        }
        assert_eq!(speaker(Language::De).size(1_250_000), "1,3 MB");
        assert_eq!(en.count(1_234_567), "1,234,567");
        assert_eq!(speaker(Language::De).count(1234), "1.234");
        assert_eq!(en.count(12), "12");
    }
}
