//! Stores: the places that hold personal data, and the contract of the adapters that speak to them.
//!
//! An adapter is small. It answers questions about one person, page by page, and keeps nothing
//! between calls. Limits, retries, resuming and the rounds of keys belong to the engine. What it
//! MUST do is said here in sentences, and each sentence is a rule of the conformance suite that
//! every adapter passes.

pub mod check;
#[cfg(test)]
#[macro_use]
pub(crate) mod conformance;
pub mod draft;
pub mod erase;
pub mod exact;
pub mod map;
pub mod nobody;
pub mod objects;
pub mod postgres;
pub mod registry;
pub mod sql;
pub mod sqlite;
#[cfg(test)]
pub(crate) mod testing;
pub mod throttle;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};

use crate::domain::facts::StoreFacts;
use crate::domain::record::{Gap, Item, Withheld};
use crate::domain::subject::{KeyKind, SubjectKey};

/// One store of personal data, behind an adapter.
#[async_trait]
pub trait Store: fmt::Debug + Send + Sync {
    /// What the data map says about it.
    fn facts(&self) -> &StoreFacts;

    /// Connects and looks whether the store still is what the map says. Reads no personal data.
    /// An empty list is a clean bill.
    async fn check(&self) -> Result<Vec<Finding>, StoreError>;

    /// Finding and giving what is held about a person; `None` where the adapter cannot.
    fn export(&self) -> Option<&dyn Export> {
        None
    }

    /// Taking away what is held about a person; `None` where the adapter cannot.
    fn erase(&self) -> Option<&dyn erase::Erase> {
        None
    }
}

/// Finds a person and gives what is held about them.
///
/// - A person who is not there MUST be an empty answer, never an error.
/// - A value that is compared MUST be compared byte for byte, whatever the store's collation.
/// - Nothing about anybody else MUST ever appear; what refers to others is counted in `withheld`.
/// - What could not be looked at MUST be a gap, never silence.
/// - Values of `user.authorization` and its children MUST NOT leave the store at all.
/// - Every read MUST be read-only in the store's own terms and hold no transaction longer than a page.
#[async_trait]
pub trait Export: Send + Sync {
    /// The kinds of keys it is searched by.
    fn asks_for(&self) -> Vec<KeyKind>;

    /// Looks for the person by `keys`, each of a kind it asks for, and tells who they are here and
    /// under which further keys. The same keys give the same answer as long as nothing changes.
    async fn locate(&self, keys: &[SubjectKey]) -> Result<Located, StoreError>;

    /// The next page of what is held under all of `keys`, from the start or from a cursor of the
    /// page before. Every item appears exactly once however many keys lead to it. A page is bounded
    /// by bytes and rows, so memory is too. The cursor of any page MUST lead on to the same rest,
    /// also in another process.
    async fn page(&self, keys: &[SubjectKey], from: Option<&Cursor>) -> Result<Page, StoreError>;

    /// Opens one file by its key here; `None` when it is not there (any more).
    async fn open(&self, key: &str) -> Result<Option<OpenFile>, StoreError>;
}

/// Who was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Located {
    /// One entry a row of a `person = true` table that an exact key leads to.
    pub people: Vec<PersonRow>,
    /// Keys of the person that stand in those rows, those asked for among them.
    pub keys: Vec<SubjectKey>,
    /// Rows that only a second look with ASCII case ignored has found. The adapter takes that look
    /// where the map allows it and the exact one found nobody for that key.
    pub variants: Vec<CaseVariant>,
    /// What could not be looked at.
    pub gaps: Vec<Gap>,
}

/// A row that is one person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonRow {
    /// The table, as the map writes it.
    pub collection: String,
    /// Stable name of the row in its table. Not shown or logged.
    pub row: String,
    /// False when the map has `proven_by` and the row's column says that its address was never
    /// confirmed.
    pub proven: bool,
}

impl fmt::Debug for PersonRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonRow({}, proven: {})", self.collection, self.proven)
    }
}

/// A person found under an address that differs in case from the one asked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseVariant {
    /// The row.
    pub person: PersonRow,
    /// The address as stored, byte for byte.
    pub stored: String,
}

impl fmt::Debug for CaseVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaseVariant({:?})", self.person)
    }
}

/// A stretch of what is held.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Rows and files, in the adapter's order. Rows of one collection stand together.
    pub items: Vec<Item>,
    /// Where to go on; `None` at the end. A page may be empty and still have a next one.
    pub next: Option<Cursor>,
    /// What could not be looked at on this page.
    pub gaps: Vec<Gap>,
    /// What is about somebody else.
    pub withheld: Vec<Withheld>,
}

/// A place in a walk through a store. Opaque to all but the adapter that made it; versioned by it;
/// may hold identifiers, so it is stored sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor(pub Vec<u8>);

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cursor({} bytes)", self.0.len())
    }
}

/// A file being read.
pub struct OpenFile {
    /// Its size in bytes. The stream gives exactly that much or ends in an error.
    pub size: u64,
    /// Its bytes.
    pub bytes: BoxStream<'static, Result<Bytes, StoreError>>,
}

impl fmt::Debug for OpenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenFile").field("size", &self.size).finish_non_exhaustive()
    }
}

/// Something in a store or a map that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file of the map.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// A stable word for scripts, `unmapped_column`.
    pub code: &'static str,
    /// What is wrong and what to write instead. No personal data.
    pub message: String,
}

/// What went wrong in a store, in our own words: the text of a driver or a server may quote data
/// and is never kept, logged or shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreError {
    /// What kind of trouble.
    pub code: StoreErrorCode,
    /// The store's own short code where it has one: a SQLSTATE, a SQLite result code, an HTTP
    /// status. Digits and capitals only.
    pub detail: Option<String>,
    /// How long the store asks us to wait.
    pub retry_after: Option<Duration>,
}

crate::domain::code::stored_words!(StoreErrorCode {
    Unreachable = "unreachable",
    Busy = "busy",
    Timeout = "timeout",
    Denied = "denied",
    Schema = "schema",
    BadData = "bad_data",
    Unsupported = "unsupported",
});

/// The kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoreErrorCode {
    /// Nobody answers, or the answer broke off.
    Unreachable,
    /// The store asks us to come back later.
    Busy,
    /// No answer in time.
    Timeout,
    /// The store knows us not, or forbids it; or it could not prove to us who it is.
    Denied,
    /// A table or column is not what the map says.
    Schema,
    /// The store gave something that cannot be read, or a cursor is not ours.
    BadData,
    /// The adapter cannot do this.
    Unsupported,
}

impl StoreErrorCode {
    /// Whether the same call may well succeed later.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Unreachable | Self::Busy | Self::Timeout)
    }
}

impl StoreError {
    /// Trouble without further detail.
    pub const fn new(code: StoreErrorCode) -> Self {
        Self { code, detail: None, retry_after: None }
    }

    /// With the store's short code. Anything but up to twelve digits and letters is dropped.
    #[must_use]
    pub fn detail(mut self, detail: &str) -> Self {
        let plain = !detail.is_empty()
            && detail.len() <= 12
            && detail.bytes().all(|b| b.is_ascii_alphanumeric());
        self.detail = plain.then(|| detail.to_ascii_uppercase());
        self
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{} ({detail})", self.code),
            None => write!(f, "{}", self.code),
        }
    }
}

impl std::error::Error for StoreError {}

/// All stores of this instance by their names in the maps.
pub type Stores = BTreeMap<String, Arc<dyn Store>>;
