//! A first data map from what a database's catalogue says and a few of its values look like.
//!
//! An adapter looks ([`Seen`]); [`draft`] writes and is pure. A draft gives away too little rather than
//! too much: what might be about somebody else is withheld or left out, and a comment says so. What
//! only people know stands in it as lines to fill in, and `map check` names each until it is.

mod erase;
mod guess;
mod names;
mod people;
mod reach;
mod sample;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::fmt;

use super::sql::schema::Schema;

/// Values of a column that are looked at, at most.
pub const SAMPLE: usize = 40;
/// Characters of a value that are looked at.
pub const SAMPLE_LENGTH: usize = 200;

/// What an adapter saw of a database.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The catalogue.
    pub schema: Schema,
    /// By table and column.
    pub columns: BTreeMap<(String, String), SeenColumn>,
}

/// What an adapter saw of a column.
#[derive(Clone, Default)]
pub struct SeenColumn {
    /// The declared type, as the database spells it.
    pub declared: String,
    /// No two rows have the same value, and the database sees to that.
    pub unique: bool,
    /// The first values that are not NULL, as text, each cut at [`SAMPLE_LENGTH`]. Personal data:
    /// looked at, never shown.
    pub samples: Vec<String>,
}

impl fmt::Debug for SeenColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeenColumn")
            .field("declared", &self.declared)
            .field("unique", &self.unique)
            .finish_non_exhaustive()
    }
}

impl Seen {
    /// What was seen of that column; nothing where the adapter told nothing.
    fn column(&self, table: &str, column: &str) -> &SeenColumn {
        static NOTHING: SeenColumn =
            SeenColumn { declared: String::new(), unique: false, samples: Vec::new() };
        self.columns.get(&(table.to_owned(), column.to_owned())).unwrap_or(&NOTHING)
    }
}

/// How the map says where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The URL itself; it holds no password.
    Url(String),
    /// A variable of the environment that holds it.
    Env(String),
    /// A file that holds it.
    File(String),
}

/// What the heading of the store says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The store's name.
    pub name: String,
    /// The adapter's word.
    pub kind: &'static str,
    /// Where it is.
    pub place: Place,
}

/// A drafted map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The file's text.
    pub text: String,
    /// Tables one row of which is one person.
    pub people: Vec<String>,
    /// Tables whose rows lead to a person.
    pub owned: Vec<String>,
    /// Tables that the map leaves out as a whole.
    pub aside: Vec<String>,
    /// Tables and views that no person reaches.
    pub unreached: Vec<String>,
}

/// Drafts the map of what was seen. The same view gives the same text.
pub fn draft(heading: &Heading, seen: &Seen) -> Draft {
    let mut tables = reach::tables(seen);
    erase::decide(&mut tables);
    write::write(heading, seen, &tables)
}

/// One table of the draft.
#[derive(Debug, Clone, Default)]
struct TableDraft {
    name: String,
    /// One row is one person.
    person: bool,
    who: Vec<(String, String)>,
    proven_by: Option<String>,
    via: Vec<Reference>,
    others: Vec<(String, Reference)>,
    lookups: Vec<(String, Reference, Vec<String>)>,
    /// Columns left out, and why where it is not that they are keys.
    ignore: Vec<(String, &'static str)>,
    fields: Vec<FieldDraft>,
    /// The whole table is left out, and why.
    aside: Option<&'static str>,
    erase: Erase,
    /// The column whose date a period of keeping runs from.
    dated: Option<String>,
}

impl TableDraft {
    /// Whether its rows, but for those of a person, belong to one.
    fn is_owned(&self) -> bool {
        self.aside.is_none() && !self.person
    }
}

/// A column that is given.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FieldDraft {
    column: String,
    guess: guess::Guess,
}

/// A foreign key, or a reference that the names alone suggest.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reference {
    columns: Vec<String>,
    table: String,
    to: Vec<String>,
    /// The database declares it.
    declared: bool,
}

impl Reference {
    /// As maps write it.
    fn text(&self) -> String {
        match (&self.columns[..], &self.to[..]) {
            ([from], [to]) if plain(from) && plain(to) => format!("{from} -> {}.{to}", self.table),
            (from, to) => format!("({}) -> {}({})", from.join(", "), self.table, to.join(", ")),
        }
    }
}

/// Whether a column can stand in a reference without parentheses.
fn plain(column: &str) -> bool {
    !column.contains([',', '(', ')', ' ', '.', ':'])
}

/// How a table's rows are to be erased, for a reason that the draft says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Erase {
    #[default]
    Delete,
    /// Rows that are kept point to it.
    Mask,
    /// It looks like an account of money.
    Keep,
}
