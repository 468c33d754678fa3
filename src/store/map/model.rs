//! What a data map says, with the line of each thing.

use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::controller::PrincipalMap;
use super::period::Period;
use crate::domain::category::Category;
use crate::domain::facts::StoreFacts;
use crate::domain::recipient::Recipient;
use crate::domain::record::Origin;
use crate::domain::subject::KeyKind;
use crate::store::restrict::Mark;

/// Something and the line it stands in, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted<T> {
    /// The thing.
    pub value: T,
    /// Its line.
    pub line: usize,
}

/// One file.
#[derive(Debug, Clone)]
pub struct DataMap {
    /// Its path, as findings name it.
    pub file: String,
    /// The hash of its text.
    pub digest: [u8; 32],
    /// The stores it describes, in its order.
    pub stores: Vec<StoreMap>,
    /// The recipients it describes, in its order.
    pub recipients: Vec<RecipientMap>,
    /// The other controllers it describes, in its order.
    pub controllers: Vec<PrincipalMap>,
}

/// `[recipient.ID]`.
#[derive(Debug, Clone)]
pub struct RecipientMap {
    /// The file it stands in.
    pub file: String,
    /// The line of its heading.
    pub line: usize,
    /// What it says.
    pub recipient: Recipient,
}

/// `[store.NAME]`.
#[derive(Debug, Clone)]
pub struct StoreMap {
    /// The file it stands in.
    pub file: String,
    /// The folder of that file, for relative paths.
    pub folder: PathBuf,
    /// The line of its heading.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The adapter's word.
    pub kind: Noted<String>,
    /// Where it is.
    pub url: Option<Noted<Secret>>,
    /// How an object store is reached.
    pub options: ObjectOptions,
    /// What the law wants said.
    pub facts: StoreFacts,
    /// `[store.NAME.table.T]`, in the map's order.
    pub tables: Vec<TableMap>,
    /// `[store.NAME.prefix.P]`, in the map's order.
    pub prefixes: Vec<Prefix>,
}

impl StoreMap {
    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&TableMap> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Whether `column` of `table` refers to another row, or rows of this store refer to it.
    pub fn binds(&self, table: &str, column: &str) -> bool {
        let own = self.table(table).is_some_and(|own| {
            let lookups = own.lookups.iter().map(|lookup| &lookup.on);
            let others = own.third_party.iter().map(|third| &third.on);
            own.via
                .iter()
                .chain(lookups)
                .chain(others)
                .any(|link| link.from.iter().any(|c| c == column))
        });
        let here = |link: &&Link| link.store.as_ref().is_none_or(|store| *store == self.name);
        own || self
            .tables
            .iter()
            .flat_map(|other| &other.via)
            .filter(here)
            .any(|link| link.table == table && link.to.iter().any(|to| to == column))
    }

    /// The kinds of keys that the store is searched by, sorted.
    pub fn kinds(&self) -> Vec<KeyKind> {
        let who = self.tables.iter().flat_map(|table| &table.who).map(|who| who.kind.clone());
        let far = self.tables.iter().flat_map(|table| &table.via).filter_map(|via| {
            let other = via.store.as_ref().filter(|other| **other != self.name)?;
            Some(Link::kind(other, &via.table, via.to.first()?))
        });
        let files = self.prefixes.iter().map(|prefix| prefix.kind.clone());
        let mut kinds: Vec<KeyKind> = who.chain(far).chain(files).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }
}

/// Keys of an `objects` store beside its `url`.
#[derive(Debug, Clone, Default)]
pub struct ObjectOptions {
    /// Another server than the public one.
    pub endpoint: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// Who we are there.
    pub access_key: Option<Secret>,
    /// How we prove it.
    pub secret_key: Option<Secret>,
}

/// A text that must not be shown: a URL may hold a password.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Hides `text`.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// `[store.NAME.table.T]`.
#[derive(Debug, Clone)]
pub struct TableMap {
    /// The table, as the store spells it.
    pub name: String,
    /// The line of its heading.
    pub line: usize,
    /// Whether one row is one person.
    pub person: bool,
    /// Whose its rows are, where the store's `controller` does not say it.
    pub controller: Option<Noted<String>>,
    /// By which keys its rows are found.
    pub who: Vec<Who>,
    /// Whether a second look ignores ASCII case.
    pub case_insensitive: bool,
    /// The column that says that the address was confirmed.
    pub proven_by: Option<Noted<String>>,
    /// The column that says when a row came to be and is never changed: by it a row that was restored
    /// is told from a new one that has its key.
    pub created: Option<Noted<String>>,
    /// The columns that name a row where the database knows no key: in a view.
    pub key: Option<Noted<Vec<String>>>,
    /// By which references its rows belong to a row that belongs to the person; any one will do.
    pub via: Vec<Link>,
    /// What is given.
    pub fields: Vec<Field>,
    /// Plain facts joined in.
    pub lookups: Vec<Lookup>,
    /// References to others.
    pub third_party: Vec<ThirdParty>,
    /// The columns that may be corrected.
    pub correct: Vec<Noted<String>>,
    /// Columns that are looked at and left out.
    pub ignore: Vec<Noted<String>>,
    /// The whole table was looked at and is not about the person: `ignore = ["*"]`.
    pub ignored: bool,
    /// How its rows are erased.
    pub erase: Option<Noted<TableErase>>,
    /// How long rows have to stay.
    pub keep: Option<Keep>,
    /// What stays as a count.
    pub aggregate: Option<Aggregate>,
    /// The columns that say what may be done with the person's data, each once.
    pub marks: Vec<MarkColumn>,
}

impl TableMap {
    /// The field of that column.
    pub fn field(&self, column: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.column == column)
    }
}

/// `who = { email = "column" }`.
#[derive(Debug, Clone)]
pub struct Who {
    /// The kind of key.
    pub kind: KeyKind,
    /// The column that holds it.
    pub column: String,
    /// Where it stands.
    pub line: usize,
}

/// `"(a, b) -> other:parent.(x, y)"`: columns here, and what they refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The columns here, at least one.
    pub from: Vec<String>,
    /// The other store, when it is another.
    pub store: Option<String>,
    /// The table referred to.
    pub table: String,
    /// As many columns there.
    pub to: Vec<String>,
    /// Where it stands.
    pub line: usize,
}

impl Link {
    /// The kind of key under which one store gives a column's values to another.
    pub fn kind(store: &str, table: &str, column: &str) -> KeyKind {
        KeyKind::new(format!("{store}:{table}.{column}"))
    }
}

/// A column that is given.
#[derive(Debug, Clone)]
pub struct Field {
    /// The column.
    pub column: String,
    /// What it is.
    pub category: Category,
    /// Where it comes from.
    pub origin: Origin,
    /// The file that its value names.
    pub blob: Option<Blob>,
    /// How it is erased where rows are masked.
    pub erase: Option<FieldErase>,
    /// Where it stands.
    pub line: usize,
}

/// `blob = "STORE:before{value}after"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The `objects` store.
    pub store: String,
    /// What stands before the value in the file's key.
    pub before: String,
    /// What stands after it.
    pub after: String,
    /// Where it stands.
    pub line: usize,
}

/// `lookup.NAME = { on = …, columns = […] }`.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// The name, first part of the columns' names in the answer.
    pub name: String,
    /// The reference.
    pub on: Link,
    /// What is taken from there.
    pub columns: Vec<String>,
}

/// `third_party.NAME = { on = … }`.
#[derive(Debug, Clone)]
pub struct ThirdParty {
    /// What the map calls them.
    pub name: String,
    /// The reference.
    pub on: Link,
}

/// How a table's rows are erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableErase {
    /// The rows go.
    Delete,
    /// The rows stay, their fields are made empty.
    Mask,
    /// The key that opens the values is destroyed.
    Shred,
    /// Nothing goes, `keep` says why.
    Keep,
}

/// `restrict = { column = "…" }`, `opt_out.PURPOSE = { column = "…" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkColumn {
    /// What it says.
    pub mark: Mark,
    /// The column.
    pub column: String,
    /// Where it stands.
    pub line: usize,
}

/// How one field is erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldErase {
    /// Set to NULL.
    Null,
    /// Set to a fixed text.
    Constant(String),
    /// Replaced by a keyed hash under a pepper of this name.
    Hmac(String),
    /// Made coarser by a rule.
    Generalise(Coarse),
}

crate::domain::code::stored_words!(Coarse {
    Year = "year",
    Month = "month",
    Family = "family",
    Domain = "domain",
    Prefix = "prefix",
});

/// How a value is made coarser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coarse {
    /// A date becomes its year.
    Year,
    /// A date becomes its month.
    Month,
    /// What a browser says of itself becomes the family of browsers.
    Family,
    /// A mail address becomes its domain.
    Domain,
    /// An IP address becomes its network: 24 bits of IPv4, 48 of IPv6.
    Prefix,
}

/// `keep = { for = "10y", from = "invoice_date", ground = "AO 147" }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// How long.
    pub period: Period,
    /// From which column's date; from the row's making where it is not said.
    pub from: Option<String>,
    /// The rule that wants it.
    pub ground: Option<String>,
    /// Where it stands.
    pub line: usize,
}

/// `aggregate = { into = "usage_by_day", group = ["day"], min = 10 }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregate {
    /// The table that takes the counts.
    pub into: String,
    /// The columns that are counted by.
    pub group: Vec<String>,
    /// The smallest group that may stay.
    pub min: u64,
    /// Where it stands.
    pub line: usize,
}

/// `[store.NAME.prefix.P]` of an `objects` store.
#[derive(Debug, Clone)]
pub struct Prefix {
    /// The name, which is the collection's.
    pub name: String,
    /// The line of its heading.
    pub line: usize,
    /// What stands before the key's value, empty or ending in `/`.
    pub before: String,
    /// The kind of key.
    pub kind: KeyKind,
    /// What stands after the value: begins and ends with `/`.
    pub after: String,
    /// What the files are.
    pub category: Category,
    /// Where they come from.
    pub origin: Origin,
    /// How they are erased.
    pub erase: Option<Noted<TableErase>>,
    /// How long they stay.
    pub keep: Option<Keep>,
    /// Whose they are, where the store's `controller` does not say it.
    pub controller: Option<Noted<String>>,
}
