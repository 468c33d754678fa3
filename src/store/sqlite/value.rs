//! Values in and out, and troubles in our own words.

use sqlx::error::BoxDynError;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteRow, SqliteValueRef};
use sqlx::{AssertSqlSafe, Decode, Row, TypeInfo, ValueRef};

use crate::domain::record::Value;
use crate::store::{StoreError, StoreErrorCode};

/// A statement made by us with its values bound.
pub(super) fn query<'q>((sql, values): (String, Vec<Value>)) -> Query<'q, Sqlite, SqliteArguments> {
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for value in values {
        query = match value {
            Value::Null => query.bind(None::<i64>),
            Value::Bool(flag) => query.bind(i64::from(flag)),
            Value::Int(number) => query.bind(number),
            Value::Real(number) => query.bind(number),
            Value::Number(text) | Value::Text(text) | Value::Json(text) => query.bind(text),
            Value::Bytes(bytes) => query.bind(bytes),
        };
    }
    query
}

/// The value as SQLite has it, whatever the column was declared to be.
pub(super) fn get(row: &SqliteRow, at: usize) -> Result<Value, StoreError> {
    let raw = row.try_get_raw(at).map_err(|error| trouble(&error))?;
    decode(raw).map_err(|_| StoreError::new(StoreErrorCode::BadData))
}

fn decode(raw: SqliteValueRef<'_>) -> Result<Value, BoxDynError> {
    if raw.is_null() {
        return Ok(Value::Null);
    }
    // A function instead of the name, which borrows what it reads.
    let read: fn(SqliteValueRef<'_>) -> Result<Value, BoxDynError> = match raw.type_info().name() {
        "INTEGER" => |raw| Ok(Value::Int(Decode::<Sqlite>::decode(raw)?)),
        "REAL" => |raw| Ok(Value::Real(Decode::<Sqlite>::decode(raw)?)),
        "TEXT" => |raw| {
            let bytes: Vec<u8> = Decode::<Sqlite>::decode(raw)?;
            Ok(String::from_utf8(bytes)
                .map_or_else(|not_text| Value::Bytes(not_text.into_bytes()), Value::Text))
        },
        _ => |raw| Ok(Value::Bytes(Decode::<Sqlite>::decode(raw)?)),
    };
    read(raw)
}

/// Our word for what went wrong, and the number of SQLite's result code. Its text may quote data.
pub(super) fn trouble(error: &sqlx::Error) -> StoreError {
    use StoreErrorCode as Code;
    let code = match error {
        sqlx::Error::Database(inner) => {
            let number = inner.code().unwrap_or_default();
            let extended: u32 = number.parse().unwrap_or(0);
            // The low byte is the primary result code (sqlite.org/rescode.html).
            let code = match extended & 0xff {
                5 | 6 => Code::Busy,
                3 | 8 | 23 => Code::Denied,
                9 => Code::Timeout,
                7 | 10 | 13 | 14 => Code::Unreachable,
                1 | 17 | 20 => Code::Schema,
                _ => Code::BadData,
            };
            return StoreError::new(code).detail(&number);
        }
        sqlx::Error::PoolTimedOut => Code::Timeout,
        sqlx::Error::ColumnNotFound(_) | sqlx::Error::ColumnIndexOutOfBounds { .. } => Code::Schema,
        sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } | sqlx::Error::RowNotFound => {
            Code::BadData
        }
        _ => Code::Unreachable,
    };
    StoreError::new(code)
}
