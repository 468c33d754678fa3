//! Holidays by country and region, from `calendars.txt`, and calendars that somebody gives.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The holidays, as data.
const TEXT: &str = include_str!("calendars.txt");
/// The years that are worked out. Beyond them only weekends are known, which makes dates earlier.
const YEARS: std::ops::RangeInclusive<i16> = 2020..=2045;
/// The version of the holidays; goes up when a line of `calendars.txt` changes.
pub const VERSION: u16 = 1;

/// Days on which offices rest, beside weekends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    days: BTreeSet<Date>,
}

impl Calendar {
    /// The calendar of a country or region, `DE-BY`.
    pub fn named(name: &str) -> Option<Self> {
        let lines: BTreeMap<&str, &str> = lines().collect();
        let mut words = Vec::new();
        words_of(&lines, name, &mut words)?;
        Some(Self { days: YEARS.flat_map(|year| days_of(&words, year)).collect() })
    }

    /// The names of all calendars.
    pub fn names() -> impl Iterator<Item = &'static str> {
        lines().map(|(name, _)| name)
    }

    /// A calendar of nothing but these days.
    pub fn listed(days: impl IntoIterator<Item = Date>) -> Self {
        Self { days: days.into_iter().collect() }
    }

    /// The same with more days.
    #[must_use]
    pub fn and(mut self, days: impl IntoIterator<Item = Date>) -> Self {
        self.days.extend(days);
        self
    }

    /// Whether `day` is a holiday.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.days.contains(&day)
    }
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEXT.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(char::is_whitespace))
}

/// The words of a calendar with those of the calendars that it names.
fn words_of<'a>(
    lines: &BTreeMap<&'a str, &'a str>,
    name: &str,
    words: &mut Vec<&'a str>,
) -> Option<()> {
    for word in lines.get(name)?.split_whitespace() {
        if lines.contains_key(word) {
            words_of(lines, word, words)?;
        } else {
            words.push(word);
        }
    }
    Some(())
}

/// The days of a year; of the year before too where one is observed there.
fn days_of(words: &[&str], year: i16) -> BTreeSet<Date> {
    let mut days: BTreeSet<Date> = BTreeSet::new();
    let mut moved: Vec<Date> = Vec::new();
    for word in words {
        let (day, shift) = match word.split_once('~') {
            Some((day, shift)) => (fixed(day, year), shift),
            None => (read(word, year), ""),
        };
        let Some(day) = day else { continue };
        match (shift, day.weekday()) {
            ("uk", Weekday::Saturday | Weekday::Sunday) => moved.push(day),
            ("us", Weekday::Saturday) => days.extend(day.checked_sub(1.day()).ok()),
            ("us" | "mon", Weekday::Sunday) => days.extend(day.checked_add(1.day()).ok()),
            ("ie", on) if on != Weekday::Friday => {
                days.insert(towards(day, Weekday::Monday, 1));
            }
            _ => {
                days.insert(day);
            }
        }
    }
    // In their order, after those that stand, so that the second of two finds the day of the first.
    for mut day in moved {
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || days.contains(&day) {
            day = day.saturating_add(1.day());
        }
        days.insert(day);
    }
    days
}

/// The day of a word in a year; `None` for a word that means nothing, which a test looks for.
fn read(word: &str, year: i16) -> Option<Date> {
    if let Some(days) = word.strip_prefix('E') {
        return easter(year)?.checked_add(days.parse::<i64>().ok()?.days()).ok();
    }
    if let Some(days) = word.strip_prefix('O') {
        return orthodox_easter(year)?.checked_add(days.parse::<i64>().ok()?.days()).ok();
    }
    if let Some((day, on)) = word.split_once(">=") {
        return Some(towards(fixed(day, year)?, weekday(on)?, 1));
    }
    if let Some((day, on)) = word.split_once("<=") {
        return Some(towards(fixed(day, year)?, weekday(on)?, -1));
    }
    if let Some((month, nth)) = word.split_once('.') {
        let (nth, on) = nth.split_at(nth.len().checked_sub(3)?);
        let first = Date::new(year, month.parse().ok()?, 1).ok()?;
        return first.nth_weekday_of_month(nth.parse().ok()?, weekday(on)?).ok();
    }
    fixed(word, year)
}

fn fixed(word: &str, year: i16) -> Option<Date> {
    let (month, day) = word.split_once('-')?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn towards(mut day: Date, on: Weekday, step: i64) -> Date {
    while day.weekday() != on {
        day = day.saturating_add(step.days());
    }
    day
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" => Weekday::Monday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        _ => return None,
    })
}

/// Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (golden, century, rest) = (y % 19, y / 100, y % 100);
    let moon_shift = (century - (century + 8) / 25 + 1) / 3;
    let full_moon = (19 * golden + century - century / 4 - moon_shift + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - full_moon - rest % 4) % 7;
    let late = (golden + 11 * full_moon + 22 * to_sunday) / 451;
    ordinal(year, full_moon + to_sunday - 7 * late + 114)
}

/// Both computi end with a month times 31 and a day less one.
fn ordinal(year: i16, n: i32) -> Option<Date> {
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

/// Easter Sunday by the Julian computus, told in the Gregorian calendar; 13 days apart until 2099.
fn orthodox_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let d = (19 * (y % 19) + 15) % 30;
    let e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7;
    let n = d + e + 114;
    let julian =
        Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()?;
    julian.checked_add(13.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn every_word_of_the_holidays_is_a_day_in_every_year() {
        let lines: BTreeMap<&str, &str> = lines().collect();
        assert!(lines.len() > 50);
        for name in Calendar::names() {
            let mut words = Vec::new();
            words_of(&lines, name, &mut words).unwrap();
            for word in words {
                let plain = word.split('~').next().unwrap();
                assert!(YEARS.into_iter().all(|year| read(plain, year).is_some()), "{name} {word}");
                let shift = word.split('~').nth(1).unwrap_or_default();
                assert!(["", "uk", "us", "ie", "mon"].contains(&shift), "{name} {word}");
            }
        }
    }

    #[test]
    fn easter_is_where_the_almanacs_have_it() {
        for (year, west, east) in [
            (2024, "2024-03-31", "2024-05-05"),
            (2025, "2025-04-20", "2025-04-20"),
            (2026, "2026-04-05", "2026-04-12"),
            (2027, "2027-03-28", "2027-05-02"),
            (2028, "2028-04-16", "2028-04-16"),
            (2035, "2035-03-25", "2035-04-29"),
            (2038, "2038-04-25", "2038-04-25"),
        ] {
            assert_eq!(easter(year), Some(date(west)));
            assert_eq!(orthodox_easter(year), Some(date(east)));
        }
    }

    /// The years of each calendar of the vectors, which were listed by others.
    #[test]
    fn the_calendars_agree_with_those_of_the_vectors() {
        let text = include_str!("../../../tests/vectors/deadlines.json");
        let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
        for (name, listed) in vectors["calendars"].as_object().unwrap() {
            let ours = Calendar::named(name).unwrap();
            let listed: BTreeSet<Date> =
                listed.as_array().unwrap().iter().map(|day| date(day.as_str().unwrap())).collect();
            let weekday =
                |day: &&Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            for day in listed.iter().filter(weekday) {
                assert!(ours.is_holiday(*day), "{name} {day}");
            }
        }
    }

    #[test]
    fn a_holiday_on_a_weekend_moves_where_the_law_moves_it() {
        let uk = Calendar::named("GB-EAW").unwrap();
        for day in ["2027-12-27", "2027-12-28", "2028-01-03", "2033-12-26", "2033-12-27"] {
            assert!(uk.is_holiday(date(day)), "{day}");
        }
        assert!(!uk.is_holiday(date("2033-12-28")));
        let scotland = Calendar::named("GB-SCT").unwrap();
        for day in ["2028-01-03", "2028-01-04", "2027-11-30", "2027-01-04"] {
            assert!(scotland.is_holiday(date(day)), "{day}");
        }
        let us = Calendar::named("US").unwrap();
        for day in ["2026-07-03", "2027-07-05", "2027-12-31", "2026-11-26", "2026-01-19"] {
            assert!(us.is_holiday(date(day)), "{day}");
        }
        assert!(!us.is_holiday(date("2026-07-04")));
    }

    #[test]
    fn saint_brigid_is_on_a_friday_or_on_a_monday() {
        let ireland = Calendar::named("IE").unwrap();
        for (day, rests) in [("2027-02-01", true), ("2030-02-01", true), ("2030-02-04", false)] {
            assert_eq!(ireland.is_holiday(date(day)), rests, "{day}");
        }
    }

    #[test]
    fn regions_have_the_days_of_their_country_and_their_own() {
        let bavaria = Calendar::named("DE-BY").unwrap();
        assert!(bavaria.is_holiday(date("2026-06-04")) && bavaria.is_holiday(date("2026-05-25")));
        assert!(!Calendar::named("DE").unwrap().is_holiday(date("2026-06-04")));
        // The Wednesday before 23 November.
        assert!(Calendar::named("DE-SN").unwrap().is_holiday(date("2026-11-18")));
        assert!(Calendar::named("CA").unwrap().is_holiday(date("2026-05-18")));
        assert_eq!(Calendar::named("XX"), None);
    }

    #[test]
    fn days_of_ones_own_can_be_added_or_stand_alone() {
        let own = Calendar::named("DE").unwrap().and([date("2026-08-08")]);
        assert!(own.is_holiday(date("2026-08-08")) && own.is_holiday(date("2026-12-25")));
        assert!(!Calendar::listed([date("2026-08-08")]).is_holiday(date("2026-12-25")));
    }
}
