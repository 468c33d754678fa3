//! Lengths of time as the configuration and the data maps write them: `"24h"`, `"7d"`, `"36M"`.

use std::fmt;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

/// What a length is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `s`
    Seconds,
    /// `m`
    Minutes,
    /// `h`
    Hours,
    /// `d`, always 24 hours.
    Days,
    /// `w`, always 168 hours.
    Weeks,
    /// `M`, calendar months.
    Months,
    /// `y`, calendar years.
    Years,
}

impl Unit {
    const ALL: [Self; 7] = [
        Self::Seconds,
        Self::Minutes,
        Self::Hours,
        Self::Days,
        Self::Weeks,
        Self::Months,
        Self::Years,
    ];

    const fn letter(self) -> char {
        match self {
            Self::Seconds => 's',
            Self::Minutes => 'm',
            Self::Hours => 'h',
            Self::Days => 'd',
            Self::Weeks => 'w',
            Self::Months => 'M',
            Self::Years => 'y',
        }
    }

    /// Its length in seconds; months and years at their longest.
    const fn seconds(self) -> u64 {
        const DAY: u64 = 86_400;
        match self {
            Self::Seconds => 1,
            Self::Minutes => 60,
            Self::Hours => 3_600,
            Self::Days => DAY,
            Self::Weeks => 7 * DAY,
            Self::Months => 31 * DAY,
            Self::Years => 366 * DAY,
        }
    }
}

/// A length of time, a whole number of one unit. At most about a hundred years.
///
/// Seconds to weeks are elapsed time. Months and years are counted on the calendar: a month after
/// 31 January is the last day of February.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    count: u32,
    unit: Unit,
}

/// Why a text is no length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// It does not begin with a whole number.
    #[error("write a whole number and a unit, such as \"24h\", \"7d\" or \"36M\"")]
    Number,
    /// The unit is missing or unknown.
    #[error(
        "write the number with one of the units s, m, h, d, w, M, y (second, minute, hour, day, \
         week, month, year), such as \"30m\" for minutes and \"6M\" for months"
    )]
    Unit,
    /// Longer than makes sense.
    #[error("write at most \"100y\"")]
    TooLong,
}

impl Period {
    const LONGEST: u64 = 100 * Unit::Years.seconds();

    /// Reads `"30s"`, `"15m"`, `"24h"`, `"7d"`, `"2w"`, `"36M"` or `"10y"`. Zero is a length.
    ///
    /// ```
    /// # use rightsdesk::domain::duration::Period;
    /// assert_eq!(Period::parse("36M").unwrap().to_string(), "36M");
    /// assert!(Period::parse("36 months").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, letter) = text.split_at(end);
        if digits.is_empty() {
            return Err(PeriodError::Number);
        }
        let mut letters = letter.chars();
        let unit = letters
            .next()
            .and_then(|c| Unit::ALL.into_iter().find(|unit| unit.letter() == c))
            .filter(|_| letters.next().is_none())
            .ok_or(PeriodError::Unit)?;
        let count: u32 = digits.parse().map_err(|_| PeriodError::TooLong)?;
        if u64::from(count) * unit.seconds() > Self::LONGEST {
            return Err(PeriodError::TooLong);
        }
        Ok(Self { count, unit })
    }

    /// How many of its unit.
    pub const fn count(self) -> u32 {
        self.count
    }

    /// What it is counted in.
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// Whether it is no time at all.
    pub const fn is_zero(self) -> bool {
        self.count == 0
    }

    /// The instant this long after `at`; months and years on the calendar of `zone`. Stops at the
    /// end of time.
    pub fn after(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        self.shifted(at, zone, 1).unwrap_or(Timestamp::MAX)
    }

    /// The instant this long before `at`, as [`Period::after`]. Not always its reverse: a month
    /// before 31 March is the last day of February.
    pub fn before(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        self.shifted(at, zone, -1).unwrap_or(Timestamp::MIN)
    }

    fn shifted(self, at: Timestamp, zone: &TimeZone, sign: i64) -> Option<Timestamp> {
        let count = i64::from(self.count) * sign;
        let calendar = match self.unit {
            Unit::Months => Span::new().try_months(count),
            Unit::Years => Span::new().try_years(count),
            elapsed => {
                let seconds = i64::try_from(elapsed.seconds()).ok()?.checked_mul(count)?;
                return at.checked_add(SignedDuration::from_secs(seconds)).ok();
            }
        };
        let moved = at.to_zoned(zone.clone()).checked_add(calendar.ok()?).ok()?;
        Some(moved.timestamp())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.letter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(period: &str, at: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        Period::parse(period).unwrap().after(at.parse().unwrap(), &zone).to_string()
    }

    #[test]
    fn every_unit_is_read_and_written_back() {
        for text in ["0s", "30s", "15m", "24h", "7d", "2w", "36M", "10y", "100y"] {
            assert_eq!(Period::parse(text).unwrap().to_string(), text);
        }
        let weeks = Period::parse("2w").unwrap();
        assert_eq!((weeks.count(), weeks.unit()), (2, Unit::Weeks));
        assert!(Period::parse("0h").unwrap().is_zero());
    }

    #[test]
    fn what_is_no_length_says_how_to_write_one() {
        for (text, error) in [
            ("", PeriodError::Number),
            ("h", PeriodError::Number),
            ("-1h", PeriodError::Number),
            (" 1h", PeriodError::Number),
            ("7", PeriodError::Unit),
            ("7 d", PeriodError::Unit),
            ("7days", PeriodError::Unit),
            ("7D", PeriodError::Unit),
            ("1.5h", PeriodError::Unit),
            ("1h30m", PeriodError::Unit),
            ("101y", PeriodError::TooLong),
            ("99999999999s", PeriodError::TooLong),
        ] {
            assert_eq!(Period::parse(text), Err(error), "{text:?}");
        }
        let message = PeriodError::Unit.to_string();
        assert!(message.contains("s, m, h, d, w, M, y"));
    }

    #[test]
    fn months_and_years_follow_the_calendar_of_the_zone() {
        assert_eq!(after("1M", "2026-01-31T09:00:00Z", "UTC"), "2026-02-28T09:00:00Z");
        assert_eq!(after("1y", "2024-02-29T09:00:00Z", "UTC"), "2025-02-28T09:00:00Z");
        // Noon in Berlin stays noon, although summer time begins in between.
        assert_eq!(after("1M", "2026-03-01T11:00:00Z", "Europe/Berlin"), "2026-04-01T10:00:00Z");
    }

    #[test]
    fn days_are_elapsed_time() {
        assert_eq!(after("1d", "2026-03-28T11:00:00Z", "Europe/Berlin"), "2026-03-29T11:00:00Z");
        let zone = TimeZone::UTC;
        let week = Period::parse("1w").unwrap();
        let at: Timestamp = "2026-03-08T00:00:00Z".parse().unwrap();
        assert_eq!(week.before(at, &zone).to_string(), "2026-03-01T00:00:00Z");
    }

    #[test]
    fn the_end_of_time_holds() {
        let long = Period::parse("100y").unwrap();
        assert_eq!(long.after(Timestamp::MAX, &TimeZone::UTC), Timestamp::MAX);
        assert_eq!(long.before(Timestamp::MIN, &TimeZone::UTC), Timestamp::MIN);
    }
}
