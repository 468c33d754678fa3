//! Arrays and composite values: their text, as `array_out` and `record_out` write it, to JSON.
//!
//! The server's own `to_json` would print bytes, intervals and instants within them otherwise than
//! outside.

use super::types::{Print, write_json};
use crate::domain::record::Value;

/// `{1,NULL,{"a b"}}`, also with bounds before it: `[0:1]={1,2}`.
pub(super) fn array(text: &str, item: &Print) -> Option<String> {
    let list = if text.starts_with('[') { text.split_once('=')?.1 } else { text };
    let mut reader = Reader { rest: list };
    let mut out = String::with_capacity(text.len());
    reader.list(item, &mut out)?;
    reader.rest.is_empty().then_some(out)
}

/// `(1,"a ""b""",)`: what is empty and stands in no quotes is no value.
pub(super) fn record(text: &str, fields: &[(String, Print)]) -> Option<String> {
    let mut reader = Reader { rest: text };
    reader.take('(')?;
    let mut out = String::with_capacity(text.len() + 16 * fields.len());
    out.push('{');
    for (at, (name, print)) in fields.iter().enumerate() {
        if at > 0 {
            reader.take(',')?;
            out.push(',');
        }
        write_json(&mut out, &Value::Text(name.clone()));
        out.push(':');
        let value = match reader.word(&[',', ')'])? {
            Word::Quoted(text) => print.read(&text),
            Word::Bare("") => Value::Null,
            Word::Bare(text) => print.read(text),
        };
        write_json(&mut out, &value);
    }
    reader.take(')')?;
    out.push('}');
    reader.rest.is_empty().then_some(out)
}

enum Word<'t> {
    Quoted(String),
    Bare(&'t str),
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn take(&mut self, letter: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(letter)?;
        Some(())
    }

    fn list(&mut self, item: &Print, out: &mut String) -> Option<()> {
        self.take('{')?;
        out.push('[');
        let mut first = true;
        while self.take('}').is_none() {
            if !first {
                self.take(',')?;
                out.push(',');
            }
            first = false;
            if self.rest.starts_with('{') {
                self.list(item, out)?;
                continue;
            }
            let value = match self.word(&[',', '}'])? {
                Word::Quoted(text) => item.read(&text),
                Word::Bare("NULL") => Value::Null,
                Word::Bare(text) => item.read(text),
            };
            write_json(out, &value);
        }
        out.push(']');
        Some(())
    }

    /// One value up to one of `ends`. In quotes a backslash takes the next letter as it is, and two
    /// quotes are one.
    fn word(&mut self, ends: &[char]) -> Option<Word<'t>> {
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let (word, rest) = self.rest.split_at(self.rest.find(ends)?);
            self.rest = rest;
            return Some(Word::Bare(word));
        };
        let mut text = String::new();
        let mut letters = quoted.char_indices();
        loop {
            match letters.next()? {
                (_, '\\') => text.push(letters.next()?.1),
                (at, '"') if quoted[at + 1..].starts_with('"') => {
                    letters.next();
                    text.push('"');
                }
                (at, '"') => {
                    self.rest = &quoted[at + 1..];
                    return Some(Word::Quoted(text));
                }
                (_, letter) => text.push(letter),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_of_any_depth_become_json() {
        for (print, text, json) in [
            (Print::Int, "{}", "[]"),
            (Print::Int, "{1,NULL,-3}", "[1,null,-3]"),
            (Print::Int, "[0:1]={1,2}", "[1,2]"),
            (Print::Int, "{{1},{2}}", "[[1],[2]]"),
            (
                Print::Text,
                r#"{"a \"b\\",NULL,"NULL","",ß,"{x,y}"}"#,
                r#"["a \"b\\",null,"NULL","","ß","{x,y}"]"#,
            ),
            (Print::Bytes, r#"{"\\x00ff"}"#, r#"["AP8="]"#),
            (Print::Json, r#"{"{\"a\": 1.0}"}"#, r#"[{"a": 1.0}]"#),
            (Print::Decimal, "{1.10,NaN}", r#"[1.10,"NaN"]"#),
        ] {
            assert_eq!(array(text, &print).as_deref(), Some(json), "{text}");
        }
    }

    #[test]
    fn composite_values_tell_no_value_from_an_empty_one() {
        let fields = [
            ("a \"b\"", Print::Int),
            ("t", Print::Text),
            ("n", Print::Array(Box::new(Print::Int))),
        ];
        let fields = fields.map(|(name, print)| (name.to_owned(), print));
        let read = |text| record(text, &fields);
        assert_eq!(
            read(r#"(1,"x ""y"", \\z","{1,2}")"#).unwrap(),
            r#"{"a \"b\"":1,"t":"x \"y\", \\z","n":[1,2]}"#
        );
        assert_eq!(read(r#"(,"",)"#).unwrap(), r#"{"a \"b\"":null,"t":"","n":null}"#);
    }

    #[test]
    fn what_is_no_array_and_no_composite_is_not_read() {
        for text in ["", "{", "{1", "{1,}x", "1", "{\"a}", "(1)", "{1 }2"] {
            assert_eq!(array(text, &Print::Int), None, "{text}");
            assert_eq!(record(text, &[]), None, "{text}");
        }
    }
}
