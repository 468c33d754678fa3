//! What the adapters of SQL databases share: the schema, its comparison with the map, the plan of a
//! walk, and the parts of statements. Names in statements come from the database's own catalogue,
//! values are bound; nothing that a person typed ever becomes SQL.

pub mod check;
pub mod cursor;
pub mod erase;
pub mod files;
pub mod found;
pub mod plan;
pub mod schema;
pub mod secret;
pub mod statement;

use crate::domain::record::Value;

/// People that one store tells of at most; more is a map that is wrong.
pub const MAX_PEOPLE: usize = 50;
/// Values of one column that another store is asked by at most.
pub const MAX_VALUES: usize = 100;
/// The largest single value that is given, in bytes.
pub const MAX_VALUE: usize = 16 * 1024 * 1024;

/// How much still fits on a page.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Rows.
    pub rows: usize,
    /// Bytes of values.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { rows: 2000, bytes: 2 * 1024 * 1024 }
    }
}

/// What a value weighs on a page, in bytes.
pub fn weight(value: &Value) -> usize {
    16 + match value {
        Value::Text(text) | Value::Number(text) | Value::Json(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Real(_) => 0,
    }
}
