//! What the columns of a table make of values that are written to them.

use sqlx::sqlite::Sqlite;
use sqlx::{Row, Transaction};

use super::value::trouble;
use crate::domain::record::Value;
use crate::store::StoreError;

/// What a column turns values into (sqlite.org/datatype3.html, 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Affinity {
    Text,
    Numeric,
    Integer,
    Real,
    None,
}

impl Affinity {
    pub(super) fn of(declared: &str) -> Self {
        let declared = declared.to_ascii_uppercase();
        let has = |part: &str| declared.contains(part);
        if has("INT") {
            Self::Integer
        } else if has("CHAR") || has("CLOB") || has("TEXT") {
            Self::Text
        } else if has("BLOB") || declared.is_empty() || declared == "ANY" {
            Self::None
        } else if has("REAL") || has("FLOA") || has("DOUB") {
            Self::Real
        } else {
            Self::Numeric
        }
    }

    /// `new` as this column will hold it, beside what it holds `now`; `None` where it would turn a
    /// number into a text, which SQLite itself would not mind.
    pub(super) fn value(self, now: &Value, new: &str) -> Option<Value> {
        let whole = || new.parse::<i64>().ok();
        let real = || new.parse::<f64>().ok().filter(|real| real.is_finite());
        let is_number = matches!(now, Value::Int(_) | Value::Real(_));
        let number = || match (whole(), real()) {
            (Some(whole), _) => Some(Value::Int(whole)),
            (None, Some(real)) => Some(Value::Real(real)),
            (None, None) => None,
        };
        match self {
            Self::Integer => whole().map(Value::Int),
            Self::Real => real().map(Value::Real),
            Self::Numeric | Self::None if is_number => number(),
            // Dates are kept as texts in such columns, and texts that look like numbers become some.
            Self::Numeric => number().or_else(|| Some(Value::Text(new.to_owned()))),
            Self::Text | Self::None => Some(Value::Text(new.to_owned())),
        }
    }
}

/// The columns of a table, each with its affinity.
pub(super) async fn affinities(
    tx: &mut Transaction<'static, Sqlite>,
    table: &str,
) -> Result<Vec<(String, Affinity)>, StoreError> {
    let rows = sqlx::query("SELECT name, type FROM pragma_table_xinfo(?1)")
        .bind(table)
        .fetch_all(&mut **tx)
        .await
        .map_err(|error| trouble(&error))?;
    let read = |row: &sqlx::sqlite::SqliteRow| {
        let declared: String = row.try_get(1)?;
        Ok((row.try_get(0)?, Affinity::of(&declared)))
    };
    rows.iter().map(read).collect::<Result<_, sqlx::Error>>().map_err(|error| trouble(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_never_turned_into_a_text() {
        let text = |text: &str| Some(Value::Text(text.into()));
        for (declared, now, new, value) in [
            ("VARCHAR(20)", Value::Null, "007", text("007")),
            ("INTEGER", Value::Int(1), "007", Some(Value::Int(7))),
            ("INTEGER", Value::Null, "seven", None),
            ("DOUBLE PRECISION", Value::Null, "1.50", Some(Value::Real(1.5))),
            ("REAL", Value::Null, "NaN", None),
            ("NUMERIC", Value::Real(1.5), "much", None),
            ("DATE", Value::Text("1990-01-01".into()), "1990-02-01", text("1990-02-01")),
            ("", Value::Int(1), "2", Some(Value::Int(2))),
            ("", Value::Int(1), "two", None),
            ("", Value::Text("1".into()), "2", text("2")),
        ] {
            assert_eq!(Affinity::of(declared).value(&now, new), value, "{declared} {new}");
        }
    }
}
