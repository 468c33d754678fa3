//! Until when a row has to stay.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::domain::record::Value;
use crate::store::map::{Period, Unit};

/// From here on a number is one of milliseconds: the seconds of the year 5138.
const MILLISECONDS: u64 = 100_000_000_000;

/// The instant that a value tells, with or without zone; times without one are of UTC, and a date is
/// its first moment. `None` where it is no time.
pub fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Int(number) => of_number(*number),
        Value::Text(text) | Value::Number(text) => of_text(text.trim()),
        _ => None,
    }
}

/// When the period since `from` is over.
pub fn until(from: Timestamp, period: Period) -> Option<Timestamp> {
    let (span, count) = (Span::new(), i64::from(period.count));
    let span = match period.unit {
        Unit::Second => span.try_seconds(count),
        Unit::Minute => span.try_minutes(count),
        Unit::Hour => span.try_hours(count),
        Unit::Day => span.try_days(count),
        Unit::Week => span.try_weeks(count),
        Unit::Month => span.try_months(count),
        Unit::Year => span.try_years(count),
    };
    let end = from.to_zoned(TimeZone::UTC).checked_add(span.ok()?).ok()?;
    Some(end.timestamp())
}

fn of_number(number: i64) -> Option<Timestamp> {
    if number.unsigned_abs() < MILLISECONDS {
        Timestamp::from_second(number).ok()
    } else {
        Timestamp::from_millisecond(number).ok()
    }
}

fn of_text(text: &str) -> Option<Timestamp> {
    if !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit()) {
        let number = text.parse().ok()?;
        // A year that a date was made coarser to.
        return match text.len() {
            4 => utc(Date::new(i16::try_from(number).ok()?, 1, 1).ok()?.at(0, 0, 0, 0)),
            _ => of_number(number),
        };
    }
    let zoned = || text.parse::<Timestamp>().ok();
    let civil = || text.parse::<DateTime>().ok().and_then(utc);
    zoned().or_else(civil)
}

fn utc(time: DateTime) -> Option<Timestamp> {
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_however_databases_write_them() {
        let expected: Timestamp = "2026-02-01T10:00:00Z".parse().unwrap();
        for text in [
            "2026-02-01T10:00:00Z",
            "2026-02-01 10:00:00+00",
            "2026-02-01 11:00:00+01:00",
            "2026-02-01 10:00:00",
            "2026-02-01T10:00:00.000",
            "1769940000",
            "1769940000000",
        ] {
            assert_eq!(instant(&Value::Text(text.into())), Some(expected), "{text}");
        }
        let day = |text: &str| instant(&Value::Text(text.into()));
        assert_eq!(day("2026-02-01"), day("2026-02-01 00:00:00"));
        assert_eq!(day("2026"), day("2026-01-01"));
        for text in ["", "soon", "infinity", "2026-02-30", "10:00"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn years_are_years_of_the_calendar() {
        let end = |from: &str, period: &str| {
            let period = Period::parse(period).unwrap();
            until(from.parse().unwrap(), period).unwrap().to_string()
        };
        assert_eq!(end("2024-02-29T00:00:00Z", "10y"), "2034-02-28T00:00:00Z");
        assert_eq!(end("2026-01-31T00:00:00Z", "1M"), "2026-02-28T00:00:00Z");
        assert_eq!(end("2026-01-31T00:00:00Z", "24h"), "2026-02-01T00:00:00Z");
        assert_eq!(
            until("2026-01-31T00:00:00Z".parse().unwrap(), Period::parse("99999y").unwrap()),
            None
        );
    }
}
