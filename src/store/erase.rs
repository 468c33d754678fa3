//! The part of the contract that takes data away.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{StoreError, StoreErrorCode};
use crate::domain::erase::{Done, ErasePart, ErasePlan, EraseScope, Method, RowId, Seen, Verdict};
use crate::domain::subject::SubjectKey;

/// The collection of files in an object store that rows of other stores name.
pub const NAMED_FILES: &str = "files";

/// Erases what is held about a person: plan, execute, verify.
///
/// - A plan MUST change nothing, and the same data MUST give the same plan.
/// - A step MUST touch rows that the keys lead to at that moment and no others, however the plan
///   came to name them.
/// - A step MUST be whole or not done at all where the store has transactions, and the same step
///   again MUST change nothing more.
/// - Rows that go because other rows go MUST be steps of their own, before them; a store that would
///   take more along MUST say so as a blocker.
/// - A key that is null, empty or a pattern MUST lead to nothing.
/// - Whether something is gone MUST be looked up anew, never concluded from the answer to a step.
#[async_trait]
pub trait Erase: Send + Sync {
    /// What would be done for a person. Reads only.
    async fn plan(&self, reach: &Reach<'_>) -> Result<ErasePlan, StoreError>;

    /// Takes one step.
    async fn execute(&self, reach: &Reach<'_>, step: &Step<'_>) -> Result<Done, StoreError>;

    /// Looks over a fresh connection what became of rows of one step.
    async fn verify(&self, reach: &Reach<'_>, look: &Look<'_>) -> Result<Verdict, StoreError>;

    /// The names of what a collection holds, whosever it is, a stretch behind `after`: by them what
    /// was deleted is found again in a store that was restored. No name twice, none left out that
    /// was there all the while; empty at the end.
    ///
    /// # Errors
    /// `unsupported` where the adapter does not do this; then nothing can be deleted again by itself.
    async fn names(
        &self,
        _collection: &str,
        _after: Option<&RowId>,
    ) -> Result<Vec<RowId>, StoreError> {
        Err(StoreError::new(StoreErrorCode::Unsupported))
    }

    /// Those of the rows that are there, and what they hold. The mark of a row MUST stay while it is
    /// the same row, and MUST differ for another one that has its name.
    ///
    /// # Errors
    /// `unsupported` where the adapter does not do this.
    async fn sight(&self, _scope: &EraseScope, _look: &Look<'_>) -> Result<Vec<Seen>, StoreError> {
        Err(StoreError::new(StoreErrorCode::Unsupported))
    }
}

/// Whose data, how much of them.
#[derive(Debug, Clone, Copy)]
pub struct Reach<'a> {
    /// Every key of the person, as gathering has found them.
    pub keys: &'a [SubjectKey],
    /// How much of it.
    pub scope: &'a EraseScope,
    /// Keys of files here that rows of other stores name. Only a file store looks at them.
    pub files: &'a [String],
    /// The instant at which times of keeping are compared.
    pub now: Timestamp,
    /// Rows of one step at most.
    pub most: u64,
}

/// One step of an approved plan.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// What was planned.
    pub part: &'a ErasePart,
    /// The rows that are a person, as planned.
    pub people: &'a [RowId],
    /// So many rows beyond those planned may go along.
    pub new: u64,
}

/// Rows to look at again.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The table or prefix.
    pub collection: &'a str,
    /// What was done to them.
    pub method: Method,
    /// The columns that were masked.
    pub fields: &'a [String],
    /// The rows.
    pub rows: &'a [RowId],
}

impl<'a> Look<'a> {
    /// At the rows of a part of a plan.
    pub fn of(part: &'a ErasePart) -> Self {
        let ErasePart { collection, method, fields, rows, .. } = part;
        Self { collection, method: *method, fields, rows }
    }
}
