//! What lies in a place of files: all names, and of single files enough to tell later whether a file
//! of that name is still the same one.

use data_encoding::HEXLOWER;
use futures::StreamExt;
use sha2::{Digest as _, Sha256};

use super::{ObjectsStore, is_key};
use crate::domain::erase::{RowId, Seen};
use crate::domain::subject::SubjectKey;
use crate::store::erase::NAMED_FILES as NAMED;
use crate::store::map::Prefix;
use crate::store::{Export as _, StoreError, StoreErrorCode};

/// Names of one stretch: a folder is walked whole for each.
const NAMES: usize = 20_000;
/// So much of the beginning of a file goes into its mark.
const BEGINNING: u64 = 1024 * 1024;

/// Whose folder a file lies in, where it lies in one of the prefix.
pub(super) fn owner<'k>(prefix: &Prefix, key: &'k str) -> Option<&'k str> {
    let (value, rest) = key.strip_prefix(prefix.before.as_str())?.split_once('/')?;
    let within = !value.is_empty() && format!("/{rest}").starts_with(prefix.after.as_str());
    within.then_some(value)
}

impl ObjectsStore {
    pub(super) async fn all_names(
        &self,
        collection: &str,
        after: Option<&RowId>,
    ) -> Result<Vec<RowId>, StoreError> {
        let prefix = self.map.prefixes.iter().find(|prefix| prefix.name == collection);
        let folder = match prefix {
            Some(prefix) => prefix.before.rsplit_once('/').map_or("", |(folder, _)| folder),
            None if collection == NAMED => "",
            None => return Err(StoreError::new(StoreErrorCode::Schema)),
        };
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut after = after.map(|row| row.0.clone());
        loop {
            let page = self.list(&folder, after.as_deref(), NAMES).await?;
            after = page.keys.last().cloned();
            let of = |key: &String| prefix.is_none_or(|prefix| owner(prefix, key).is_some());
            let names: Vec<RowId> = page.keys.into_iter().filter(of).map(RowId).collect();
            // A stretch in which nothing is of this prefix is not the end.
            if !names.is_empty() || !page.more {
                return Ok(names);
            }
        }
    }

    /// What is there of one file. Its mark is made of its size and its beginning.
    pub(super) async fn seen(&self, row: &RowId) -> Result<Option<Seen>, StoreError> {
        if !is_key(&row.0) {
            return Ok(None);
        }
        let Some(mut file) = self.open(&row.0).await? else { return Ok(None) };
        let mut hash = Sha256::new_with_prefix(b"rightsdesk-file/1");
        hash.update(file.size.to_be_bytes());
        let mut left = usize::try_from(BEGINNING.min(file.size)).unwrap_or(0);
        while left > 0 {
            let Some(piece) = file.bytes.next().await.transpose()? else { break };
            let some = left.min(piece.len());
            hash.update(&piece[..some]);
            left -= some;
        }
        let keys = self
            .map
            .prefixes
            .iter()
            .filter_map(|prefix| SubjectKey::new(prefix.kind.clone(), owner(prefix, &row.0)?));
        let (mark, keys) = (HEXLOWER.encode(&hash.finalize()), keys.collect());
        Ok(Some(Seen { row: row.clone(), mark, done: false, person: false, keys }))
    }
}
