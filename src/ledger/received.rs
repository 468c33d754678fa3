//! Requests as they came in, and whether a step of a deletion is written down as done.

use futures::{StreamExt, TryStreamExt};
use object_store::ObjectStoreExt;

use super::{AT_ONCE, DELETIONS, Ledger, LedgerError};
use crate::domain::deletion_note::DeletionNote;
use crate::domain::received::ReceivedNote;
use crate::ids::Reference;

/// Below which stands what came in, an object a request.
const RECEIVED: &str = "received";
/// The crash harness stops here.
const AT_RECEIVED: [&str; 2] =
    ["request not received in the ledger", "request received in the ledger"];

impl Ledger {
    /// Signs that a request came in, and keeps it. The same may come twice.
    pub async fn keep_received(&self, note: &ReceivedNote) -> Result<(), LedgerError> {
        let at = self.prefix.clone().join(RECEIVED).join(note.reference.as_str());
        let signed = self.signing.sign_note(&self.origin, &note.to_text(&self.origin));
        self.create(&at, signed, AT_RECEIVED).await?;
        Ok(())
    }

    /// The references of all that came in.
    pub async fn received(&self) -> Result<Vec<Reference>, LedgerError> {
        let folder = self.prefix.clone().join(RECEIVED);
        let listed: Vec<_> = self.store.list(Some(&folder)).try_collect().await?;
        let name =
            |meta: &object_store::ObjectMeta| meta.location.filename().and_then(Reference::parse);
        Ok(listed.iter().filter_map(name).collect())
    }

    /// What is known of some of them, each line with a signature that holds.
    pub async fn received_as(
        &self,
        references: Vec<Reference>,
    ) -> Result<Vec<ReceivedNote>, LedgerError> {
        let read = references.into_iter().map(|reference| async move {
            let at = self.prefix.clone().join(RECEIVED).join(reference.as_str());
            let text = self.note(&at, &self.origin, LedgerError::Received).await?;
            let read = ReceivedNote::parse(&self.origin, &text).ok_or(LedgerError::Received)?;
            let ours = read.reference == reference.as_str();
            ours.then_some(read).ok_or(LedgerError::Received)
        });
        futures::stream::iter(read).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Whether this line about a deletion is there already, whatever else it says.
    pub async fn has_deletion(&self, note: &DeletionNote) -> Result<bool, LedgerError> {
        let (Some(reference), name) = note.place() else { return Ok(false) };
        let at = self.prefix.clone().join(DELETIONS).join(reference.as_str()).join(name);
        match self.store.head(&at).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
