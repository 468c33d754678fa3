//! What the text of a value means.
//!
//! Every value but plain `bytea` leaves the server as the text that its own output function makes
//! under settings that we pin; so nothing is rounded or reordered on the way.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde::de::IgnoredAny;

use super::nested;
use crate::domain::record::Value;

/// How a type prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Print {
    Bool,
    Int,
    Decimal,
    Real,
    Bytes,
    Json,
    /// A date with a time and no zone.
    Stamp,
    /// An instant.
    Zoned,
    /// Everything that is told best in its own words: text, enums, dates, intervals, ranges.
    Text,
    Array(Box<Print>),
    /// A composite type: its fields in order.
    Record(Vec<(String, Print)>),
}

impl Print {
    /// The built-in type of that OID, as `pg_type.dat` has numbered them for good.
    pub(super) fn built_in(oid: i64) -> Self {
        match oid {
            16 => Self::Bool,
            17 => Self::Bytes,
            20 | 21 | 23 | 26 => Self::Int,
            114 | 3802 => Self::Json,
            700 | 701 => Self::Real,
            1114 => Self::Stamp,
            1184 => Self::Zoned,
            1700 => Self::Decimal,
            _ => Self::Text,
        }
    }

    /// Whether a value can be so long that its size is to be looked at first.
    pub(super) const fn is_long(&self) -> bool {
        matches!(self, Self::Bytes | Self::Json | Self::Text | Self::Array(_) | Self::Record(_))
    }

    /// Whether a value can be a key that a person is found by.
    pub(super) const fn is_key(&self) -> bool {
        matches!(self, Self::Int | Self::Decimal | Self::Text)
    }

    /// The value of a text. What does not look as it should stays a text: nothing is lost.
    pub(super) fn read(&self, text: &str) -> Value {
        let as_it_is = || Value::Text(text.to_owned());
        match self {
            Self::Bool => match text {
                "t" | "true" => Value::Bool(true),
                "f" | "false" => Value::Bool(false),
                _ => as_it_is(),
            },
            Self::Int => text.parse().map_or_else(|_| as_it_is(), Value::Int),
            // NaN and the infinities are no numbers of JSON.
            Self::Decimal
                if text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()) =>
            {
                Value::Number(text.to_owned())
            }
            Self::Real => text.parse().map_or_else(|_| as_it_is(), Value::Real),
            Self::Bytes => {
                let digits = text.strip_prefix("\\x").map(str::as_bytes);
                let bytes = digits.and_then(|hex| HEXLOWER_PERMISSIVE.decode(hex).ok());
                bytes.map_or_else(as_it_is, Value::Bytes)
            }
            Self::Json => Value::Json(text.to_owned()),
            Self::Stamp => Value::Text(text.replacen(' ', "T", usize::from(is_date(text)))),
            Self::Zoned if is_date(text) => {
                Value::Text(text.replacen(' ', "T", 1).replacen("+00", "Z", 1))
            }
            Self::Array(item) => nested::array(text, item).map_or_else(as_it_is, Value::Json),
            Self::Record(fields) => nested::record(text, fields).map_or_else(as_it_is, Value::Json),
            Self::Decimal | Self::Zoned | Self::Text => as_it_is(),
        }
    }
}

/// Not `infinity`, nor the BC of a date without a time.
fn is_date(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':')
}

/// A value within an array or a composite, as JSON.
pub(super) fn write_json(out: &mut String, value: &Value) {
    let text = |text: &str| serde_json::json!(text).to_string();
    let json = match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Number(digits) => digits.clone(),
        Value::Real(real) if real.is_nan() => text("NaN"),
        Value::Real(real) if real.is_infinite() => {
            text(if *real > 0.0 { "Infinity" } else { "-Infinity" })
        }
        Value::Real(real) => format!("{real:?}"),
        Value::Text(words) => text(words),
        Value::Bytes(bytes) => text(&BASE64.encode(bytes)),
        Value::Json(json) if serde_json::from_str::<IgnoredAny>(json).is_ok() => json.clone(),
        Value::Json(json) => text(json),
    };
    out.push_str(&json);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_server_become_exact_values() {
        let text = |text: &str| Value::Text(text.into());
        for (print, given, expected) in [
            (Print::Bool, "f", Value::Bool(false)),
            (Print::Int, "-9223372036854775808", Value::Int(i64::MIN)),
            (Print::Decimal, "-0.10", Value::Number("-0.10".into())),
            (Print::Decimal, "NaN", text("NaN")),
            (Print::Decimal, "-Infinity", text("-Infinity")),
            (Print::Real, "1e+300", Value::Real(1e300)),
            (Print::Bytes, "\\x00ff", Value::Bytes(vec![0, 255])),
            (Print::Zoned, "2026-02-01 10:00:00.5+00", text("2026-02-01T10:00:00.5Z")),
            (Print::Zoned, "0044-03-15 10:00:00+00 BC", text("0044-03-15T10:00:00Z BC")),
            (Print::Zoned, "-infinity", text("-infinity")),
            (Print::Stamp, "2026-02-01 10:00:00", text("2026-02-01T10:00:00")),
            (Print::Stamp, "infinity", text("infinity")),
            (Print::Int, "no number", text("no number")),
        ] {
            assert_eq!(print.read(given), expected, "{given}");
        }
        assert!(matches!(Print::Real.read("NaN"), Value::Real(real) if real.is_nan()));
    }
}
