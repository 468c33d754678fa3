//! Between columns and domain types.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::DbError;

/// An instant as it is stored.
pub(super) fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A stored instant.
pub(super) fn at(ms: i64) -> Result<Timestamp, DbError> {
    Timestamp::from_millisecond(ms).map_err(|_| DbError::Unreadable("instant"))
}

/// A stored instant that may be missing.
pub(super) fn maybe_at(ms: Option<i64>) -> Result<Option<Timestamp>, DbError> {
    ms.map(at).transpose()
}

/// A stored span.
pub(super) fn span(ms: i64) -> SignedDuration {
    SignedDuration::from_millis(ms)
}

/// A span as it is stored.
pub(super) fn span_ms(span: SignedDuration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// A stored word that must be known.
pub(super) fn word<T>(parsed: Option<T>, column: &'static str) -> Result<T, DbError> {
    parsed.ok_or(DbError::Unreadable(column))
}

/// JSON as it is stored.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// Stored JSON.
pub(super) fn from_json<T: DeserializeOwned>(
    text: &str,
    column: &'static str,
) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|_| DbError::Unreadable(column))
}

/// A stored hash or tag.
pub(super) fn hash(bytes: &[u8], column: &'static str) -> Result<[u8; 32], DbError> {
    bytes.try_into().map_err(|_| DbError::Unreadable(column))
}

/// A set stored as a JSON list.
pub(super) fn set<T: DeserializeOwned + Ord>(
    text: &str,
    column: &'static str,
) -> Result<BTreeSet<T>, DbError> {
    from_json(text, column)
}

/// A count as databases store them.
pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A count for a database.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
