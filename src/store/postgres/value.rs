//! Values in and out, and troubles in our own words.

use sqlx::postgres::{PgArguments, PgRow, Postgres};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Row, ValueRef};

use super::types::Print;
use crate::domain::record::Value;
use crate::store::{StoreError, StoreErrorCode};

/// A statement made by us with its values bound, each as text. It is not kept on the server, so
/// that poolers which give every transaction another session work too.
pub(super) fn query<'q>((sql, values): (String, Vec<Value>)) -> Query<'q, Postgres, PgArguments> {
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for value in values {
        query = match value {
            Value::Text(text) | Value::Number(text) | Value::Json(text) => query.bind(text),
            Value::Int(number) => query.bind(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Real(_) | Value::Bytes(_) => {
                query.bind(None::<String>)
            }
        };
    }
    query
}

/// The value of a column that was selected as text, or as it is where it prints as bytes.
pub(super) fn get(row: &PgRow, at: usize, print: &Print) -> Result<Value, StoreError> {
    let raw = row.try_get_raw(at).map_err(|error| trouble(&error))?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let bytes = raw.as_bytes().map_err(|_| StoreError::new(StoreErrorCode::BadData))?;
    if *print == Print::Bytes {
        return Ok(Value::Bytes(bytes.to_vec()));
    }
    // A database without an encoding may hold what is no text.
    Ok(std::str::from_utf8(bytes)
        .map_or_else(|_| Value::Bytes(bytes.to_vec()), |text| print.read(text)))
}

/// Our word for what went wrong, and the SQLSTATE (PostgreSQL's appendix A). The server's text may
/// quote data.
pub(super) fn trouble(error: &sqlx::Error) -> StoreError {
    use StoreErrorCode as Code;
    let code = match error {
        sqlx::Error::Database(inner) => {
            let state = inner.code().unwrap_or_default();
            return StoreError::new(of_state(&state)).detail(&state);
        }
        // A server that is not who it should be stays that until somebody looks.
        sqlx::Error::Tls(_) => return StoreError::new(Code::Denied).detail("TLS"),
        sqlx::Error::Io(inner)
            if inner
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>) =>
        {
            return StoreError::new(Code::Denied).detail("TLS");
        }
        sqlx::Error::Configuration(_) => Code::Unsupported,
        sqlx::Error::ColumnNotFound(_) | sqlx::Error::ColumnIndexOutOfBounds { .. } => Code::Schema,
        sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } | sqlx::Error::RowNotFound => {
            Code::BadData
        }
        // The pool tries again while nobody answers, and then has no better word.
        _ => Code::Unreachable,
    };
    StoreError::new(code)
}

fn of_state(state: &str) -> StoreErrorCode {
    use StoreErrorCode as Code;
    match (state, state.get(..2).unwrap_or_default()) {
        ("57014", _) => Code::Timeout,
        // Others hold locks, or a replica had to give way, or memory or connections ran out.
        ("55P03" | "25P03" | "25P04", _) | (_, "40" | "53") => Code::Busy,
        ("42501" | "25006", _) | (_, "28") => Code::Denied,
        (_, "08" | "57" | "58") => Code::Unreachable,
        (_, "42" | "3D" | "3F" | "0A") => Code::Schema,
        _ => Code::BadData,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlstate_says_whether_trying_again_makes_sense() {
        for (state, passing) in [
            ("57014", true),
            ("55P03", true),
            ("40001", true),
            ("53300", true),
            ("57P01", true),
            ("08006", true),
            ("28P01", false),
            ("42501", false),
            ("42P01", false),
            ("3D000", false),
            ("22P02", false),
            ("XX001", false),
            ("", false),
        ] {
            assert_eq!(of_state(state).is_passing(), passing, "{state}");
        }
    }
}
