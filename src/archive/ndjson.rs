//! Rows as NDJSON: one object a line, values as exact as the store has them.

use std::fmt;
use std::io::Write;

use data_encoding::BASE64;
use serde::de::IgnoredAny;

use crate::domain::record::Value;

/// A column's name as it stands before its value, made once for all rows.
pub(super) fn name(column: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(column.len() + 3);
    write_text(&mut out, column);
    out.push(b':');
    out
}

/// Writes one row of values, each behind its [`name`].
pub(super) fn write_row<'a>(
    out: &mut Vec<u8>,
    columns: impl Iterator<Item = (&'a [u8], &'a Value)>,
) {
    out.push(b'{');
    for (at, (name, value)) in columns.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(name);
        write_value(out, value);
    }
    out.extend_from_slice(b"}\n");
}

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(truth) => print(out, truth),
        Value::Int(number) => print(out, number),
        Value::Number(digits) if is_json_number(digits) => {
            out.extend_from_slice(digits.as_bytes());
        }
        Value::Real(real) => match word(*real) {
            Some(word) => write_text(out, word),
            None => print(out, real),
        },
        Value::Bytes(bytes) => write_text(out, &BASE64.encode(bytes)),
        Value::Json(json) if is_json(json) => {
            // Line ends in valid JSON stand between tokens only, where a blank means the same.
            out.extend(json.bytes().map(|b| if matches!(b, b'\n' | b'\r') { b' ' } else { b }));
        }
        Value::Text(text) | Value::Number(text) | Value::Json(text) => write_text(out, text),
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(&mut *out, text).expect("text is written to memory");
}

/// Appends the usual digits; of a binary number the shortest that read back as the same.
pub(super) fn print(out: &mut Vec<u8>, number: &impl fmt::Debug) {
    write!(out, "{number:?}").expect("text is written to memory");
}

/// What JSON has no number for.
pub(super) fn word(real: f64) -> Option<&'static str> {
    if real.is_nan() {
        Some("NaN")
    } else if real.is_infinite() {
        Some(if real > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        None
    }
}

/// Adapters promise valid JSON; a wrong one must not break the line, so it becomes a text.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The grammar of a number in RFC 8259, section 6.
pub(super) fn is_json_number(text: &str) -> bool {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let many = digits(fraction);
        if many == 0 {
            return false;
        }
        rest = &fraction[many..];
    }
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        None => rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: &Value) -> String {
        let mut out = Vec::new();
        write_row(&mut out, [(&name("a")[..], value)].into_iter());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_are_exact() {
        for (value, json) in [
            (Value::Null, "null"),
            (Value::Bool(true), "true"),
            (Value::Int(i64::MIN), "-9223372036854775808"),
            (
                Value::Number("123456789012345678901234567890.10".into()),
                "123456789012345678901234567890.10",
            ),
            (Value::Number("0.99".into()), "0.99"),
            (Value::Number("not a number".into()), "\"not a number\""),
            (Value::Real(0.1), "0.1"),
            (Value::Real(1e300), "1e300"),
            (Value::Real(-0.0), "-0.0"),
            (Value::Real(f64::NAN), "\"NaN\""),
            (Value::Real(f64::NEG_INFINITY), "\"-Infinity\""),
            (Value::Text(String::new()), "\"\""),
            (Value::Text("a\"\n\u{2028}ü".into()), "\"a\\\"\\n\u{2028}ü\""),
            (Value::Bytes(vec![0, 255]), "\"AP8=\""),
            (Value::Json("{\"b\":\n 1.00,\"c\":1e2}".into()), "{\"b\":  1.00,\"c\":1e2}"),
            (Value::Json("{} {\"forged\":1}".into()), "\"{} {\\\"forged\\\":1}\""),
        ] {
            assert_eq!(line(&value), format!("{{\"a\":{json}}}\n"));
        }
    }

    #[test]
    fn numbers_are_those_of_json() {
        for good in ["0", "-0", "10", "0.10", "1e5", "1E+5", "-1.5e-10"] {
            assert!(is_json_number(good), "{good}");
        }
        for bad in ["", "-", "01", "1.", ".5", "1e", "+1", "1 ", "NaN", "0x1", "1e+", "٣"] {
            assert!(!is_json_number(bad), "{bad}");
        }
    }
}
