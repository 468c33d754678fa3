//! Lengths of time as people write them: `30s 24h 7d 36M 10y`.

use std::fmt;

/// The letter behind the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `w`
    Week,
    /// `M`, a calendar month.
    Month,
    /// `y`, a calendar year.
    Year,
}

const LETTERS: [(char, Unit); 7] = [
    ('s', Unit::Second),
    ('m', Unit::Minute),
    ('h', Unit::Hour),
    ('d', Unit::Day),
    ('w', Unit::Week),
    ('M', Unit::Month),
    ('y', Unit::Year),
];

/// A number of units, as written: 36 months are not three times 365 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Period {
    /// Reads `7d`. `None` for anything else, zero included.
    pub fn parse(text: &str) -> Option<Self> {
        let letter = text.chars().next_back()?;
        let (_, unit) = LETTERS.into_iter().find(|(known, _)| *known == letter)?;
        let digits = text.strip_suffix(letter)?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        let count = digits.parse().ok().filter(|_| plain)?;
        Some(Self { count, unit })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = LETTERS.iter().find(|(_, unit)| *unit == self.unit).map_or('?', |(l, _)| *l);
        write!(f, "{}{letter}", self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_as_written_and_nothing_else_reads() {
        for text in ["30s", "15m", "24h", "7d", "2w", "36M", "10y"] {
            assert_eq!(Period::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "d", "7", "0d", "07d", "-7d", "+7d", "7 d", "7D", "1.5h", "99999999999y"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }
}
