//! The part of the contract that puts values right.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::change::{Applied, Current, Edit, Standing};
use crate::domain::subject::SubjectKey;

/// Corrects what is held about a person.
///
/// - Only columns that the map names for it MUST be given or changed; `user.authorization` never.
/// - Only rows to which the keys lead at that moment MUST be changed, whatever row an edit names.
/// - A call MUST change all of its values or none, and each only where it says what was expected;
///   a value that says already what it shall say is done.
/// - The same call again MUST change nothing more, also where a value was a key of the person.
/// - What the store cannot hold MUST be told as [`Applied::Unfit`], and nothing cut to fit.
/// - No value and an empty text MUST be told apart.
/// - How values stand MUST be looked up over a fresh connection, never concluded from a call.
#[async_trait]
pub trait Correct: Send + Sync {
    /// What may be corrected about the person, as it stands now. Reads only.
    async fn current(&self, keys: &[SubjectKey]) -> Result<Current, StoreError>;

    /// Puts values right, in one transaction.
    async fn apply(&self, keys: &[SubjectKey], edits: &[Edit]) -> Result<Applied, StoreError>;

    /// How the values stand, each in the order of the edits. Reads only, over a fresh connection.
    async fn read_back(
        &self,
        keys: &[SubjectKey],
        edits: &[Edit],
    ) -> Result<Vec<Standing>, StoreError>;
}
