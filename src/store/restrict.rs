//! What a store can be told about the use of a person's data: frozen, or not for this purpose.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::domain::flag::Purpose;
use crate::domain::subject::SubjectKey;

/// Something that a store can hold about a person, for its own programs to obey.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Their data are kept and not used.
    Restriction,
    /// Their data are not used for this purpose.
    Stop(Purpose),
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Restriction => f.write_str("restriction"),
            Self::Stop(purpose) => write!(f, "{purpose}"),
        }
    }
}

/// How a mark stands in the rows that are the person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marked {
    /// Rows that are the person, a row of each table that carries the mark.
    pub people: u64,
    /// Of these, the ones on which it is set.
    pub set: u64,
}

/// Sets marks and reads them back.
///
/// - Only rows that the keys lead to exactly MUST be touched, and of them only the mark's column.
/// - Setting twice MUST be the same as setting once: a moment that stands there stays.
/// - A person who is not there MUST be zero rows, never an error.
/// - Reading MUST look afresh at what is stored, and not at what setting said.
/// - Keys that lead to more people than any one person can be MUST be an error that changes nothing.
#[async_trait]
pub trait Restrict: Send + Sync {
    /// The marks that it can hold, sorted.
    fn marks(&self) -> Vec<Mark>;

    /// Sets a mark, or takes it away, for the person under `keys`. A column of moments is given
    /// `at`. Gives how many rows were changed.
    async fn set(
        &self,
        keys: &[SubjectKey],
        mark: &Mark,
        on: bool,
        at: Timestamp,
    ) -> Result<u64, StoreError>;

    /// How the mark stands.
    async fn is_set(&self, keys: &[SubjectKey], mark: &Mark) -> Result<Marked, StoreError>;
}
