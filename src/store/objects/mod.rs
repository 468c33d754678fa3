//! Files that are found by where they lie: a folder, or a bucket that speaks S3.

mod bucket;
mod erase;
mod folder;
mod sight;
#[cfg(test)]
mod tests;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use self::bucket::Bucket;
use self::folder::Folder;
use super::erase::Erase;
use super::map::{Prefix, StoreMap};
use super::{Cursor, Export, Finding, Located, OpenFile, Page, Store, StoreError, StoreErrorCode};
use crate::domain::facts::StoreFacts;
use crate::domain::record::{FileItem, FileRef, Gap, GapReason, Item};
use crate::domain::subject::{KeyKind, SubjectKey};

/// Files on a page at most.
const FILES: usize = 1000;

/// Keys found in one folder, and whether it has more behind them.
struct Listing {
    /// Sorted, all of them within the folder.
    keys: Vec<String>,
    more: bool,
    /// Things in the folder that are not looked at, and why.
    gaps: Vec<GapReason>,
}

#[derive(Debug)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

/// One place of files behind its map.
#[derive(Debug)]
pub struct ObjectsStore {
    map: StoreMap,
    place: Place,
    limit: usize,
}

/// Where a walk stands: behind the key `after` in the folder, or at its start.
#[derive(Serialize, Deserialize)]
struct At {
    version: u8,
    folder: String,
    after: Option<String>,
}

impl ObjectsStore {
    /// The store of a map. Connects to nothing yet.
    pub fn new(map: &StoreMap) -> Result<Self, Finding> {
        let wrong = |line, why: &str| Finding {
            file: map.file.clone(),
            line,
            code: "url",
            message: format!("store.{}.url: {why}", map.name),
        };
        let help = "write url = \"file:images\" or url = \"s3://bucket/prefix\"";
        let url = map.url.as_ref().ok_or_else(|| wrong(map.line, help))?;
        let text = url.value.reveal();
        let place = if let Some(path) = text.strip_prefix("file:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(wrong(url.line, help));
            }
            Place::Folder(Folder::new(map.folder.join(path)))
        } else if let Some(rest) = text.strip_prefix("s3://") {
            let bucket = Bucket::new(rest, &map.options);
            Place::Bucket(bucket.map_err(|why| wrong(url.line, why))?)
        } else {
            return Err(wrong(url.line, help));
        };
        Ok(Self { map: map.clone(), place, limit: FILES })
    }

    /// With fewer files on a page.
    #[cfg(test)]
    pub(crate) fn limited(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    async fn list(
        &self,
        folder: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Listing, StoreError> {
        match &self.place {
            Place::Folder(place) => place.list(folder, after, limit).await,
            Place::Bucket(place) => place.list(folder, after, limit).await,
        }
    }

    /// The folders of a person, sorted, and what no folder can be made of.
    fn folders(&self, keys: &[SubjectKey]) -> (BTreeMap<String, usize>, Vec<Gap>) {
        let mut folders = BTreeMap::new();
        let mut gaps = Vec::new();
        for (at, prefix) in self.map.prefixes.iter().enumerate() {
            let own: BTreeSet<&str> =
                keys.iter().filter(|key| key.kind == prefix.kind).map(SubjectKey::value).collect();
            for value in own {
                if is_folder_name(value) {
                    let folder = format!("{}{value}{}", prefix.before, prefix.after);
                    folders.entry(folder).or_insert(at);
                } else {
                    gaps.push(gap(prefix, GapReason::NotSearchable));
                }
            }
        }
        (folders, gaps)
    }

    fn item(&self, prefix: &Prefix, key: String) -> Item {
        let name = key.rsplit('/').next().unwrap_or(&key).to_owned();
        let at = FileRef { store: self.map.name.clone(), key };
        let (collection, category) = (prefix.name.clone(), prefix.category);
        Item::File(FileItem { collection, at, name, category, origin: prefix.origin })
    }
}

fn gap(prefix: &Prefix, reason: GapReason) -> Gap {
    Gap { place: prefix.name.clone(), reason, count: 1 }
}

/// Whether a key's value is the name of one folder and of no other.
fn is_folder_name(value: &str) -> bool {
    !matches!(value, "" | "." | "..")
        && !value.contains(['/', '\\'])
        && !value.contains(char::is_control)
}

/// Whether a key leads to one file without stepping out of the place.
fn is_key(key: &str) -> bool {
    key.split('/').all(is_folder_name)
}

impl At {
    fn read(cursor: &Cursor) -> Result<Self, StoreError> {
        let at: Option<Self> = serde_json::from_slice(&cursor.0).ok();
        at.filter(|at| at.version == 1).ok_or(StoreError::new(StoreErrorCode::BadData))
    }

    fn cursor(folder: &str, after: Option<String>) -> Cursor {
        let at = Self { version: 1, folder: folder.to_owned(), after };
        Cursor(serde_json::to_vec(&at).expect("texts are JSON"))
    }
}

#[async_trait]
impl Store for ObjectsStore {
    fn facts(&self) -> &StoreFacts {
        &self.map.facts
    }

    async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        match &self.place {
            Place::Folder(place) => place.check().await?,
            Place::Bucket(place) => place.check().await?,
        }
        Ok(erase::findings(&self.map))
    }

    fn export(&self) -> Option<&dyn Export> {
        Some(self)
    }

    fn erase(&self) -> Option<&dyn Erase> {
        Some(self)
    }
}

#[async_trait]
impl Export for ObjectsStore {
    fn asks_for(&self) -> Vec<KeyKind> {
        self.map.kinds()
    }

    /// Files know nobody: they are found under keys that other stores give.
    async fn locate(&self, _keys: &[SubjectKey]) -> Result<Located, StoreError> {
        Ok(Located::default())
    }

    async fn page(&self, keys: &[SubjectKey], from: Option<&Cursor>) -> Result<Page, StoreError> {
        let (folders, gaps) = self.folders(keys);
        let from = from.map(At::read).transpose()?;
        let mut page = Page::default();
        if from.is_none() {
            page.gaps = gaps;
        }
        let (start, mut after) = from.map_or((String::new(), None), |at| (at.folder, at.after));
        for (folder, at) in folders.range(start.clone()..) {
            let prefix = &self.map.prefixes[*at];
            let behind = after.take().filter(|_| *folder == start);
            let left = self.limit - page.items.len();
            if left == 0 {
                page.next = Some(At::cursor(folder, behind));
                return Ok(page);
            }
            let found = self.list(folder, behind.as_deref(), left).await?;
            if behind.is_none() {
                page.gaps.extend(found.gaps.iter().map(|reason| gap(prefix, *reason)));
            }
            let last = found.keys.last().cloned();
            page.items.extend(found.keys.into_iter().map(|key| self.item(prefix, key)));
            if found.more {
                page.next = Some(At::cursor(folder, last));
                return Ok(page);
            }
        }
        Ok(page)
    }

    async fn open(&self, key: &str) -> Result<Option<OpenFile>, StoreError> {
        if !is_key(key) {
            return Ok(None);
        }
        match &self.place {
            Place::Folder(place) => place.open(key).await,
            Place::Bucket(place) => place.open(key).await,
        }
    }
}
