//! Rows as CSV (RFC 4180): CRLF, a header line. No value is an empty field, empty text is `""`.
//!
//! Text that a spreadsheet could take for a formula gets a leading `'`; the NDJSON file beside has
//! it as it is.

use data_encoding::BASE64;

use super::ndjson::{is_json_number, print, word};
use crate::domain::record::Value;

/// Writes the names of the columns. True when one of them was escaped.
pub(super) fn write_header<'a>(out: &mut Vec<u8>, names: impl Iterator<Item = &'a str>) -> bool {
    let mut escaped = false;
    for (at, name) in names.enumerate() {
        separate(out, at);
        escaped |= write_text(out, name);
    }
    out.extend_from_slice(b"\r\n");
    escaped
}

/// Writes one row. True when a value was escaped.
pub(super) fn write_row<'a>(out: &mut Vec<u8>, values: impl Iterator<Item = &'a Value>) -> bool {
    let mut escaped = false;
    for (at, value) in values.enumerate() {
        separate(out, at);
        escaped |= write_value(out, value);
    }
    out.extend_from_slice(b"\r\n");
    escaped
}

fn separate(out: &mut Vec<u8>, at: usize) {
    if at > 0 {
        out.push(b',');
    }
}

fn write_value(out: &mut Vec<u8>, value: &Value) -> bool {
    match value {
        Value::Null => {}
        Value::Bool(truth) => print(out, truth),
        Value::Int(number) => print(out, number),
        Value::Number(digits) if is_json_number(digits) => {
            out.extend_from_slice(digits.as_bytes());
        }
        Value::Real(real) => match word(*real) {
            Some(word) => return write_text(out, word),
            None => print(out, real),
        },
        Value::Json(json) if is_json_number(json) => out.extend_from_slice(json.as_bytes()),
        Value::Text(text) | Value::Number(text) | Value::Json(text) => {
            return write_text(out, text);
        }
        Value::Bytes(bytes) => return write_text(out, &BASE64.encode(bytes)),
    }
    false
}

fn write_text(out: &mut Vec<u8>, text: &str) -> bool {
    let escaped = looks_like_formula(text);
    let quoted = text.is_empty()
        || text.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\r' | b'\n'))
        || text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace);
    if quoted {
        out.push(b'"');
    }
    if escaped {
        out.push(b'\'');
    }
    for (at, piece) in text.split('"').enumerate() {
        if at > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(piece.as_bytes());
    }
    if quoted {
        out.push(b'"');
    }
    escaped
}

/// `= + - @` and their full-width forms, also behind blanks and control characters; TAB, CR and
/// NUL at the very beginning (OWASP, CSV Injection; ASVS 5.0, 1.2.10).
fn looks_like_formula(text: &str) -> bool {
    let invisible = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    text.starts_with(['\t', '\r', '\0'])
        || text
            .trim_start_matches(invisible)
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[Value]) -> (String, bool) {
        let mut out = Vec::new();
        let escaped = write_row(&mut out, values.iter());
        (String::from_utf8(out).unwrap(), escaped)
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn no_value_and_empty_text_can_be_told_apart() {
        let row = [Value::Null, text(""), Value::Bool(false), Value::Null];
        assert_eq!(line(&row), (",\"\",false,\r\n".into(), false));
    }

    #[test]
    fn numbers_stay_bare_and_texts_are_quoted_where_they_must() {
        let row = [Value::Int(-5), Value::Number("-0.10".into()), Value::Real(-1.5)];
        assert_eq!(line(&row), ("-5,-0.10,-1.5\r\n".into(), false));
        let row = [text("a,b"), text("say \"hi\""), text("two\r\nlines"), text(" x")];
        assert_eq!(line(&row).0, "\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\" x\"\r\n");
        assert_eq!(line(&[Value::Json("{\"a\":1}".into())]).0, "\"{\"\"a\"\":1}\"\r\n");
    }

    #[test]
    fn what_looks_like_a_formula_is_disarmed() {
        for bad in [
            "=1+1",
            "+1",
            "-1",
            "@x",
            "\tx",
            "\rx",
            "\0x",
            "  =1",
            "\u{a0}=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "\u{feff}=1",
        ] {
            let (line, escaped) = line(&[text(bad)]);
            assert!(escaped, "{bad:?}");
            assert!(line.trim_start_matches('"').starts_with('\''), "{bad:?}");
        }
        for good in ["a=1", "1-1", "'=1", "x@y", "–", "日"] {
            assert!(!line(&[text(good)]).1, "{good:?}");
        }
        assert!(write_header(&mut Vec::new(), ["=x"].into_iter()));
    }
}
