//! Erasing rows, for all SQL databases: which rows, in what order, by what method, and whether that
//! was done. An adapter brings a [`Session`] that runs statements and a [`Hand`] that spells them.
//!
//! A plan names rows by their keys. A step takes those of them that the person's keys still lead to,
//! changes them by their own keys, and looks that as many were changed. Values are compared in this
//! program and bound, names come from the catalogue.

mod aggregate;
mod look;
mod mask;
mod order;
mod plan;
mod reference;
mod row;
mod rule;
mod sight;
mod step;
#[cfg(test)]
mod tests;
mod time;

use async_trait::async_trait;

use super::plan::Plan;
use super::schema::Schema;
use super::statement::{Column, Dialect, Keys};
use crate::domain::erase::RowId;
use crate::domain::record::Value;
use crate::domain::subject::SubjectKey;
use crate::keys::pepper::Peppers;
use crate::store::erase::Reach;
use crate::store::map::StoreMap;
use crate::store::nobody::is_somebody;
use crate::store::{StoreError, StoreErrorCode};

pub(in crate::store) use self::rule::findings;
pub use self::time::{instant, until};

/// Runs statements in one transaction.
#[async_trait]
pub trait Session: Send {
    /// The rows of a selection, with its values.
    async fn rows(&mut self, of: (String, Vec<Value>)) -> Result<Vec<Vec<Value>>, StoreError>;

    /// Lays rows ready, all of `width` values, in place of those before. Statements find them under
    /// [`Hand::source`].
    async fn put(&mut self, rows: &[Vec<Value>], width: usize) -> Result<(), StoreError>;

    /// The rows of a selection that stands on rows laid ready.
    async fn rows_put(&mut self, sql: String) -> Result<Vec<Vec<Value>>, StoreError>;

    /// Changes rows by rows laid ready, and gives how many were changed.
    async fn change(&mut self, sql: String) -> Result<u64, StoreError>;
}

/// What a column takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text, or anything.
    Text,
    /// UUIDs.
    Uuid,
    /// Dates, with or without a time.
    Date,
    /// Bytes.
    Bytes,
    /// Something else.
    Other,
}

/// How a database spells a change.
pub trait Hand: Dialect {
    /// A column's value as an answer gives it, exact.
    fn shown(&self, column: &Column<'_>) -> String;

    /// That a column holds the value at `slot`, by the column's own equality.
    fn is_at(&self, column: &Column<'_>, slot: &str) -> String;

    /// What a column takes.
    fn holds(&self, table: &str, column: &str) -> Holds;

    /// What follows a selection whose rows `t` of a table are to be locked.
    fn lock(&self, table: &str) -> &'static str;

    /// Rows laid ready, named `v` with columns `c0`, `c1` and so on.
    fn source(&self, width: usize) -> String;

    /// Deletes the rows of `table` whose `key` is laid ready in the first columns.
    fn delete(&self, table: &str, key: &[String], width: usize) -> String;

    /// What is assigned to a column: the value at `slot` as the column's type.
    fn assigned(&self, column: &Column<'_>, slot: &str) -> String;

    /// Whether our role may take rows of a table away or change these of its columns.
    fn may_change(&self, table: &str, columns: &[&str]) -> bool;

    /// The condition that the row `t` is the one laid ready.
    fn is_put(&self, table: &str, key: &[String]) -> String {
        let each = key.iter().enumerate().map(|(at, name)| {
            let column = column(&self.quote(name), table, name);
            self.is_at(&column, &format!("v.c{at}"))
        });
        each.collect::<Vec<_>>().join(" AND ")
    }

    /// Sets columns of the rows of `table` whose `key` is laid ready in the first columns; `set`
    /// has each column and the place of its value among those laid ready, or none for NULL.
    fn update(
        &self,
        table: &str,
        key: &[String],
        set: &[(String, Option<usize>)],
        width: usize,
    ) -> String {
        let sets = set.iter().map(|(name, at)| {
            let value = at.map_or("NULL".to_owned(), |at| {
                let column = column(&self.quote(name), table, name);
                self.assigned(&column, &format!("v.c{at}"))
            });
            format!("{} = {value}", self.quote(name))
        });
        format!(
            "UPDATE {} AS t SET {} FROM {} WHERE {}",
            self.table(table),
            sets.collect::<Vec<_>>().join(", "),
            self.source(width),
            self.is_put(table, key)
        )
    }

    /// Selects from the rows of `table` whose `key` is laid ready in the first columns.
    fn select_put(&self, table: &str, key: &[String], chosen: &[String], width: usize) -> String {
        format!(
            "SELECT {} FROM {} CROSS JOIN {} AS t WHERE {}",
            chosen.join(", "),
            self.source(width),
            self.table(table),
            self.is_put(table, key)
        )
    }
}

/// A column of the row `t`.
fn column<'c>(quoted: &str, table: &'c str, name: &'c str) -> Column<'c> {
    Column { table, name, sql: format!("t.{quoted}") }
}

/// A store's map beside its catalogue of the moment.
#[derive(Clone, Copy)]
pub struct Eraser<'e> {
    /// The map.
    pub map: &'e StoreMap,
    /// The catalogue.
    pub schema: &'e Schema,
    /// Both together.
    pub plan: &'e Plan,
    /// The spelling.
    pub hand: &'e dyn Hand,
    /// What keyed hashes are made with.
    pub peppers: Option<&'e Peppers>,
    /// Whether nothing at all can be changed here.
    pub read_only: bool,
}

impl Eraser<'_> {
    fn column<'c>(&self, table: &'c str, name: &'c str) -> Column<'c> {
        column(&self.hand.quote(name), table, name)
    }

    /// The peppers, without which the service was not to be started.
    fn peppers(&self) -> Result<&Peppers, StoreError> {
        self.peppers.ok_or(StoreError::new(StoreErrorCode::Unsupported))
    }
}

/// The keys by which rows are taken away.
fn keys(keys: &[SubjectKey]) -> Keys {
    Keys::new(&keys.iter().filter(|key| is_somebody(key)).cloned().collect::<Vec<_>>())
}

/// The name of a row that is a person; two tables may have the same keys.
fn person(table: &str, row: &RowId) -> RowId {
    RowId(format!("{table} {}", row.0))
}

/// How many rows are asked for: one more than may be.
fn limit(reach: &Reach<'_>) -> i64 {
    i64::try_from(reach.most).unwrap_or(i64::MAX).saturating_add(1)
}

/// A value as a text, to be compared with one of another column.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Real(number) => Some(number.to_string()),
        Value::Text(text) | Value::Number(text) | Value::Json(text) => Some(text.clone()),
        Value::Bytes(bytes) => Some(data_encoding::HEXLOWER.encode(bytes)),
    }
}

/// A CASE that both kinds of databases give as text.
fn flag(condition: &str) -> String {
    format!("CASE WHEN {condition} THEN '0' ELSE '1' END")
}
