//! Shows the content of one thing that was gathered.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{Case, Deed};
use crate::archive::segment::{Content, Entry, Format, Segment};
use crate::archive::vault::SealedObject;
use crate::db::archive::{Archive, ArchiveState};
use crate::db::request::Happened;
use crate::domain::event::Event;
use crate::domain::policy::Action;
use crate::domain::staff::Member;
use crate::ids::Reference;
use crate::keys::stream::ArchiveKey;
use crate::service::{Desk, ServiceError};

/// Bytes of rows that are shown.
const ROWS_SHOWN: u64 = 64 * 1_024;
/// Bytes of the largest file that is shown.
pub(in crate::service) const FILE_SHOWN: u64 = 8 * 1_024 * 1_024;
/// So long after they saw who asks may somebody look at single things.
const AFTER_REVEAL: SignedDuration = SignedDuration::from_hours(1);

/// Something of an archive that may be looked at now.
pub struct OpenItem {
    /// The store it is from.
    pub store: String,
    /// The collection, or the name of the file.
    pub name: String,
    /// Rows in it; none of a file.
    pub rows: Option<u64>,
    /// Where it stands.
    pub object: SealedObject,
    /// What of it.
    pub entry: Entry,
    /// What opens it.
    pub key: ArchiveKey,
    /// Bytes to be shown at most.
    pub most: u64,
}

impl fmt::Debug for OpenItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenItem").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens one thing of what was gathered: the first rows of a collection, or a file. Only for an
    /// hour after the same person looked at who asks, never of a store whose content is private, and
    /// kept as an event that the person sees. The caller reads it, outside any transaction.
    pub async fn open_item(
        &self,
        by: &Member,
        at: &Reference,
        part: u32,
    ) -> Result<Result<OpenItem, Deed>, ServiceError> {
        let Case { tx, stored, now, .. } = match self.open_case(by, Action::Reveal, at).await? {
            Ok(case) => case,
            Err(deed) => return Ok(Err(deed)),
        };
        if self.is_shut(&tx).await? {
            return Ok(Err(Deed::AuditFirst));
        }
        let id = stored.value.id;
        if !has_looked(&tx.history_of(id).await?, by, now) {
            return Ok(Err(Deed::NotNow));
        }
        let Some(archive) = tx.archive_of(id).await?.filter(holds_segments) else {
            return Ok(Err(Deed::NotNow));
        };
        let Some(wrapped) = &archive.wrapped_key else { return Ok(Err(Deed::NotNow)) };
        let segments = tx.segments_of::<Segment>(archive.id).await?;
        let Some(segment) = segments.into_iter().find(|one| one.part == part) else {
            return Ok(Err(Deed::NotNow));
        };
        let segment = segment.detail;
        let Some(entry) = shown(self, &segment).cloned() else { return Ok(Err(Deed::NotNow)) };
        let event = Event::by_staff(by.id, "item.revealed").with("store", &segment.store);
        let (name, rows, event) = match &entry.content {
            Content::Rows { collection, rows, .. } => {
                let event = event.with("collection", collection).with("rows", *rows);
                (collection.clone(), Some(*rows), event.with("files", 0))
            }
            Content::File { original, .. } => {
                (original.clone(), None, event.with("rows", 0).with("files", 1))
            }
        };
        tx.insert_event(id, now, &event).await?;
        tx.commit().await?;
        let key = self.epochs.unwrap(archive.id.0, wrapped).await?;
        let most = if rows.is_some() { ROWS_SHOWN } else { FILE_SHOWN };
        let (store, object) = (segment.store, segment.object);
        Ok(Ok(OpenItem { store, name, rows, object, entry, key, most }))
    }
}

/// Whether somebody looked at who asks, lately enough to look at what they have.
pub(in crate::service) fn has_looked(history: &[Happened], by: &Member, now: Timestamp) -> bool {
    history.iter().any(|one| {
        one.kind == "identity.revealed" && one.by == Some(by.id.0) && one.at + AFTER_REVEAL > now
    })
}

/// Whether what was gathered still lies there piece by piece.
pub(in crate::service) fn holds_segments(archive: &Archive) -> bool {
    matches!(archive.state, ArchiveState::Building | ArchiveState::InReview)
}

/// What of a segment staff may be shown: its rows as NDJSON, or a file that is not too large. Of a
/// store with private content, or one that is not known any more, nothing.
pub(in crate::service) fn shown<'s>(desk: &Desk, segment: &'s Segment) -> Option<&'s Entry> {
    let store = desk.stores().get(&segment.store)?;
    if store.facts().private_content {
        return None;
    }
    segment.entries.iter().find(|entry| match &entry.content {
        Content::Rows { format, .. } => *format == Format::Ndjson,
        Content::File { .. } => entry.size <= FILE_SHOWN,
    })
}
