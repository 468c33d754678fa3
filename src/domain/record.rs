//! What stores give back: rows, files, and what could not or must not be given.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::category::Category;
use super::code::stored_words;

/// A value as exact as the store has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value; not the same as an empty text.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any number written in digits, verbatim: decimals, integers beyond 64 bits. Valid as a JSON
    /// number; the store's adapter sees to that.
    Number(String),
    /// A binary floating-point number, printed shortest; NaN and infinities become texts.
    Real(f64),
    /// Text, times included: zoned ones RFC 3339 in UTC, others without zone.
    Text(String),
    /// Bytes, printed as base64.
    Bytes(Vec<u8>),
    /// A JSON document, verbatim. Valid JSON; the store's adapter sees to that.
    Json(String),
}

stored_words!(Origin {
    Provided = "provided",
    Observed = "observed",
    Inferred = "inferred",
    ThirdParty = "third_party",
});

/// Where a value comes from. Portability takes the first two (GDPR Art. 20; WP 242, p. 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Origin {
    /// The person gave it.
    #[default]
    Provided,
    /// Seen while the person used the service.
    Observed,
    /// Concluded by the company.
    Inferred,
    /// Given by somebody else.
    ThirdParty,
}

impl Origin {
    /// Whether an export (portability) takes it.
    pub const fn is_portable(self) -> bool {
        matches!(self, Self::Provided | Self::Observed)
    }
}

/// One column of a collection as it leaves the house. Secret columns never become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name, as the store or the map has it.
    pub name: String,
    /// What it is.
    pub category: Category,
    /// Where it comes from.
    pub origin: Origin,
}

/// What a collection looks like, the same for all its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The collection: a table's name as the map writes it.
    pub collection: String,
    /// Its columns, in the order of the rows' values.
    pub columns: Vec<Column>,
}

/// Rows of one collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Their columns.
    pub shape: Arc<Shape>,
    /// A value a column, for each row.
    pub rows: Vec<Vec<Value>>,
}

/// A file in a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// The store that has it, by its name in the maps. May be another than the one that told of it.
    pub store: String,
    /// Its key there.
    pub key: String,
}

/// A file that belongs to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileItem {
    /// The collection that it belongs to: the table whose row names it, or its prefix.
    pub collection: String,
    /// Where it is.
    pub at: FileRef,
    /// The name the person would know it by.
    pub name: String,
    /// What it is.
    pub category: Category,
    /// Where it comes from.
    pub origin: Origin,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Rows of one collection, at least one.
    Rows(Rows),
    /// One file, to be opened at its store.
    File(FileItem),
}

stored_words!(GapReason {
    NoKey = "no_key",
    NotSearchable = "not_searchable",
    Forbidden = "forbidden",
    Missing = "missing",
    TooLarge = "too_large",
    Skipped = "skipped",
    NeverDisclosed = "never_disclosed",
    Unproven = "unproven",
});

/// Why something could not be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GapReason {
    /// No key of a kind that this place is searched by.
    NoKey,
    /// The key cannot be used to search here.
    NotSearchable,
    /// The store refuses us.
    Forbidden,
    /// A row names it, and it is not there.
    Missing,
    /// Larger than what fits into an archive.
    TooLarge,
    /// Left out by a decision of staff.
    Skipped,
    /// There, and of a kind that Californian law forbids to disclose (11 CCR 7024(d)).
    NeverDisclosed,
    /// There, and of a kind that needs a fresher proof of who asks (11 CCR 7024(a), 7060 to 7062).
    Unproven,
}

/// Something that could not be looked at; never the same as "nothing there".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// The collection or place, in the map's words; no personal data.
    pub place: String,
    /// Why.
    pub reason: GapReason,
    /// How many times.
    pub count: u64,
}

/// Something that is there and is not given, because it is about somebody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Withheld {
    /// The collection that refers to it.
    pub collection: String,
    /// What the map calls it, for example `support`.
    pub what: String,
    /// How many.
    pub count: u64,
}
