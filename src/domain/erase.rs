//! Erasing, as data: what a store would take away, what it keeps and why, and what became of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::code::stored_words;
use super::controller::Controller;
use super::record::{FileRef, Gap};
use super::subject::SubjectKey;

/// What a deletion is about, as a store understands it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EraseScope {
    /// All there is.
    Everything,
    /// What is of one of these categories or of one below it. Where a row holds more than that,
    /// the row stays and its fields of these categories are masked.
    Categories(BTreeSet<String>),
    /// Single things, as [`ItemName::parse`] reads them; the account is never one of them.
    Items(BTreeSet<ItemName>),
    /// These rows and no others of what the keys lead to, by collection: what was deleted before
    /// goes again.
    Rows {
        /// The rows.
        rows: BTreeMap<String, BTreeSet<RowId>>,
        /// The categories that it was about then, where it was not about everything.
        categories: Option<BTreeSet<String>>,
    },
}

impl EraseScope {
    /// The categories that it is about, where it is not about all of a row.
    pub fn categories(&self) -> Option<&BTreeSet<String>> {
        match self {
            Self::Categories(categories) => Some(categories),
            Self::Rows { categories, .. } => categories.as_ref(),
            Self::Everything | Self::Items(_) => None,
        }
    }

    /// Whether a row or file is beyond what it names by rows.
    pub fn leaves_out(&self, collection: &str, row: &RowId) -> bool {
        match self {
            Self::Rows { rows, .. } => !rows.get(collection).is_some_and(|rows| rows.contains(row)),
            _ => false,
        }
    }
}

/// One thing by its place: `store/collection/name`, where the name is the row's first key column or
/// the file's key. A row of a `person = true` table cannot be named so.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ItemName {
    /// The store, by its name in the maps.
    pub store: String,
    /// The collection in it.
    pub collection: String,
    /// The row or file in that. Kept out of logs.
    pub name: String,
}

impl ItemName {
    /// Reads `store/collection/name`; the name may hold further slashes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '/').map(str::trim);
        let mut part = || parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
        Some(Self { store: part()?, collection: part()?, name: part()? })
    }
}

impl fmt::Debug for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ItemName({}/{}/…)", self.store, self.collection)
    }
}

/// A row or file by the name that its adapter gave it: stable, exact, opaque to all others. It may
/// hold identifiers, so it is stored sealed and never shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowId(pub String);

impl fmt::Debug for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowId(…)")
    }
}

stored_words!(Method { Delete = "delete", Mask = "mask", Shred = "shred", Aggregate = "aggregate" });

/// How rows of a collection go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// The row or file goes.
    Delete,
    /// The row stays, and its fields are made empty, constant, coarser or a keyed hash: it is
    /// pseudonymised, and nobody says anonymous.
    Mask,
    /// The key that opens the row's values is destroyed.
    Shred,
    /// The row is counted in a table of groups that are large enough, and then goes.
    Aggregate,
}

/// What one store would do, in the order in which it has to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasePlan {
    /// One step a collection and method.
    pub steps: Vec<ErasePart>,
    /// What stays.
    pub kept: Vec<KeptRows>,
    /// What forbids to begin.
    pub blockers: Vec<EraseBlocker>,
    /// Files in other stores that rows of the steps name, and that go with them.
    pub files: Vec<FileRef>,
    /// What could not be looked at.
    pub gaps: Vec<Gap>,
    /// Rows that are a person: with another number or other rows somebody has to look anew.
    pub people: Vec<RowId>,
}

/// One step of one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasePart {
    /// The table or prefix, as the map writes it.
    pub collection: String,
    /// How.
    pub method: Method,
    /// The columns that a mask or a shredding changes, sorted; empty otherwise.
    pub fields: Vec<String>,
    /// The rows, sorted, none twice.
    pub rows: Vec<RowId>,
}

/// Rows that stay, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRows {
    /// The table or prefix.
    pub collection: String,
    /// How many.
    pub rows: u64,
    /// The rule that wants it, as the map cites it; empty where the map names none.
    pub ground: String,
    /// When the last of them may go; `None` where the map names no time.
    pub until: Option<Timestamp>,
    /// Who decides over them, where that is not us: then they stay whatever we decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller: Option<Controller>,
}

stored_words!(EraseBlockerCode {
    Referenced = "referenced",
    Cascades = "cascades",
    NotNullable = "not_nullable",
    TooManyRows = "too_many_rows",
    NoMethod = "no_method",
    ReadOnly = "read_only",
});

/// Why a store cannot begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EraseBlockerCode {
    /// Rows that stay refer to rows that would go.
    Referenced,
    /// The store would take rows along that the plan does not list.
    Cascades,
    /// A field has to be emptied, and the store allows no empty value there.
    NotNullable,
    /// More rows than one step may take.
    TooManyRows,
    /// The map does not say how the collection is erased.
    NoMethod,
    /// The store does not let us change anything.
    ReadOnly,
}

/// Something that forbids to begin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EraseBlocker {
    /// What kind.
    pub code: EraseBlockerCode,
    /// The table or prefix that would be erased.
    pub collection: String,
    /// The table or column that stands in the way, where there is one.
    pub by: Option<String>,
    /// How many rows.
    pub rows: u64,
}

/// What became of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// The store has done it, in one transaction of its own where it has such. The same step again
    /// finds nothing left to do and says so with no rows.
    Changed(Changed),
    /// Nothing was touched.
    Stopped(Stop),
}

/// What a step has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The rows that went or were masked by this very call, sorted.
    pub rows: Vec<RowId>,
    /// How many of them were not in the plan.
    pub new: u64,
    /// Rows of the plan that are there and are not the person's any more: untouched.
    pub strayed: Vec<RowId>,
}

stored_words!(Stop {
    Grew = "grew",
    AnotherPerson = "another_person",
    TooManyRows = "too_many_rows",
    Blocked = "blocked",
});

/// Why a step was not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stop {
    /// More new rows than may be covered.
    Grew,
    /// The keys lead to a person whom the plan does not know.
    AnotherPerson,
    /// More rows than one step may take.
    TooManyRows,
    /// Something of [`EraseBlocker`] that was not there when it was planned.
    Blocked,
}

/// A row or file as it stands, for telling later whether it is the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Which.
    pub row: RowId,
    /// A hash of what does not change while it is the same one.
    pub mark: String,
    /// Whether nothing is left to be done to it by the method that was looked for.
    pub done: bool,
    /// Whether it is one person.
    pub person: bool,
    /// The keys that stand in it.
    pub keys: Vec<SubjectKey>,
}

/// What a fresh look has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// None of the rows is there any more.
    Gone,
    /// All of the rows that are there are masked.
    Masked,
    /// So many are there as they were.
    Remains(u64),
    /// It cannot be told before then.
    NotBefore(Timestamp),
    /// It cannot be told at all.
    CannotTell,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_named_by_its_place() {
        let name = ItemName::parse("images/uploads/a/b.png").unwrap();
        assert_eq!(
            (&*name.store, &*name.collection, &*name.name),
            ("images", "uploads", "a/b.png")
        );
        assert_eq!(ItemName::parse("images/uploads"), None);
        assert_eq!(ItemName::parse("images//b.png"), None);
        assert_eq!(format!("{name:?}"), "ItemName(images/uploads/…)");
    }
}
