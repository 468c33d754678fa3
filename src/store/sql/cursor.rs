//! Where a walk through tables stands, in bytes that another process can read.

use serde::{Deserialize, Serialize};

use crate::domain::record::Value;
use crate::store::{Cursor, StoreError, StoreErrorCode};

const VERSION: u8 = 1;

/// The next row to give is the first of `table` behind `after`.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The table, by its name.
    pub table: String,
    /// The keyset of the last row given; empty before the first.
    pub after: Vec<Value>,
}

#[derive(Serialize, Deserialize)]
enum Part {
    I(i64),
    N(String),
    R(u64),
    T(String),
    B(Vec<u8>),
}

/// A row's name for all time, from the values of its key.
pub fn row_name(key: &[Value]) -> String {
    serde_json::json!(parts(key)).to_string()
}

/// The key that [`row_name`] has made a name of; anything else is `bad_data`.
pub fn row_key(name: &str) -> Result<Vec<Value>, StoreError> {
    let parts: Result<Vec<Part>, _> = serde_json::from_str(name);
    let parts = parts.map_err(|_| StoreError::new(StoreErrorCode::BadData))?;
    Ok(parts.into_iter().map(value).collect())
}

fn value(part: Part) -> Value {
    match part {
        Part::I(number) => Value::Int(number),
        Part::N(digits) => Value::Number(digits),
        Part::R(bits) => Value::Real(f64::from_bits(bits)),
        Part::T(text) => Value::Text(text),
        Part::B(bytes) => Value::Bytes(bytes),
    }
}

fn parts(values: &[Value]) -> Vec<Part> {
    let part = |value: &Value| match value {
        Value::Int(number) => Some(Part::I(*number)),
        Value::Bool(flag) => Some(Part::I(i64::from(*flag))),
        Value::Number(digits) => Some(Part::N(digits.clone())),
        Value::Real(number) => Some(Part::R(number.to_bits())),
        Value::Text(text) | Value::Json(text) => Some(Part::T(text.clone())),
        Value::Bytes(bytes) => Some(Part::B(bytes.clone())),
        Value::Null => None,
    };
    values.iter().filter_map(part).collect()
}

impl Place {
    /// Packs it up. Values that cannot stand in a key do not get here.
    pub fn to_cursor(&self) -> Cursor {
        let parts = parts(&self.after);
        let mut bytes = vec![VERSION];
        bytes.extend(serde_json::json!([self.table, parts]).to_string().into_bytes());
        Cursor(bytes)
    }

    /// Reads one of ours; anything else is `bad_data`.
    pub fn from_cursor(cursor: &Cursor) -> Result<Self, StoreError> {
        let bad = || StoreError::new(StoreErrorCode::BadData);
        let (version, rest) = cursor.0.split_first().ok_or_else(bad)?;
        if *version != VERSION {
            return Err(bad());
        }
        let (table, parts): (String, Vec<Part>) =
            serde_json::from_slice(rest).map_err(|_| bad())?;
        Ok(Self { table, after: parts.into_iter().map(value).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_as_it_was_packed() {
        let after = vec![
            Value::Int(i64::MIN),
            Value::Real(0.1),
            Value::Text("ß\"\0".into()),
            Value::Bytes(vec![0, 255]),
        ];
        let place = Place { table: "t".into(), after };
        assert_eq!(Place::from_cursor(&place.to_cursor()), Ok(place));
    }

    #[test]
    fn a_cursor_of_somebody_else_is_bad_data() {
        for bytes in [&b""[..], b"\x02[\"t\",[]]", b"\x01nonsense", b"\x01[\"t\",[{\"X\":1}]]"] {
            let error = Place::from_cursor(&Cursor(bytes.to_vec())).unwrap_err();
            assert_eq!(error.code, StoreErrorCode::BadData);
        }
    }
}
