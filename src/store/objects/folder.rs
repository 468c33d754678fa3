//! A folder of this machine.
//!
//! Walked by hand: `object_store` follows links out of the folder, passes over names that look like
//! its own unfinished uploads (`a#1`), and gives up a listing at the first name that is no UTF-8.

use std::collections::BinaryHeap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use futures::TryStreamExt;
use jiff::Timestamp;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use super::{Listing, is_folder_name};
use crate::domain::record::GapReason;
use crate::store::exact::exactly;
use crate::store::{OpenFile, StoreError, StoreErrorCode};

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// The folder itself, with all links on the way to it resolved.
    async fn root(&self) -> Result<PathBuf, StoreError> {
        let root = tokio::fs::canonicalize(&self.0).await.map_err(|error| trouble(&error))?;
        let is_folder = tokio::fs::metadata(&root).await.is_ok_and(|meta| meta.is_dir());
        if is_folder { Ok(root) } else { Err(StoreError::new(StoreErrorCode::Unreachable)) }
    }

    pub(super) async fn check(&self) -> Result<(), StoreError> {
        let root = self.root().await?;
        tokio::fs::read_dir(&root).await.map(drop).map_err(|error| trouble(&error))
    }

    /// The first `limit` keys of `folder` behind `after`, however many files there are: memory
    /// holds no more than a page of names.
    pub(super) async fn list(
        &self,
        folder: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Listing, StoreError> {
        let (root, folder) = (self.root().await?, folder.to_owned());
        let after = after.map(str::to_owned);
        let walk = move || walk(&root, &folder, after.as_deref(), limit);
        let listed = tokio::task::spawn_blocking(walk).await;
        let listed = listed.map_err(|_| StoreError::new(StoreErrorCode::Unreachable))?;
        listed.map_err(|error| trouble(&error))
    }

    /// A file that is reached over a link is not there for us: links may lead anywhere.
    pub(super) async fn open(&self, key: &str) -> Result<Option<OpenFile>, StoreError> {
        let root = self.root().await?;
        let path = root.join(key);
        let real = match tokio::fs::canonicalize(&path).await {
            Ok(real) => real,
            Err(error) if is_away(&error) => return Ok(None),
            Err(error) => return Err(trouble(&error)),
        };
        if real != path {
            return Ok(None);
        }
        let file = tokio::fs::File::open(&real).await.map_err(|error| trouble(&error))?;
        let meta = file.metadata().await.map_err(|error| trouble(&error))?;
        if !meta.is_file() {
            return Ok(None);
        }
        let size = meta.len();
        let bytes = ReaderStream::with_capacity(file.take(size), CHUNK);
        let bytes = exactly(size, bytes.map_err(|error| trouble(&error)));
        Ok(Some(OpenFile { size, bytes }))
    }
}

impl Folder {
    /// When the file was last written; `None` where no file is there that is no link.
    pub(super) async fn about(&self, key: &str) -> Result<Option<Timestamp>, StoreError> {
        let Some(path) = self.place(key).await? else { return Ok(None) };
        match tokio::fs::symlink_metadata(&path).await {
            Ok(meta) if meta.is_file() => {
                let written = meta.modified().map_err(|error| trouble(&error))?;
                let written = Timestamp::try_from(written);
                written.map(Some).map_err(|_| StoreError::new(StoreErrorCode::BadData))
            }
            Ok(_) => Ok(None),
            Err(error) if is_away(&error) => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    }

    /// Takes a file away, and has the disk know it.
    pub(super) async fn delete(&self, key: &str) -> Result<(), StoreError> {
        let Some(path) = self.place(key).await? else { return Ok(()) };
        if self.about(key).await?.is_none() {
            return Ok(());
        }
        match tokio::fs::remove_file(&path).await {
            Ok(()) => {}
            Err(error) if is_away(&error) => return Ok(()),
            Err(error) => return Err(trouble(&error)),
        }
        let folder = path.parent().map_or_else(|| path.clone(), Path::to_owned);
        let folder = tokio::fs::File::open(folder).await.map_err(|error| trouble(&error))?;
        folder.sync_all().await.map_err(|error| trouble(&error))
    }

    /// Where a file would lie; `None` where its folder is away or is reached over a link.
    async fn place(&self, key: &str) -> Result<Option<PathBuf>, StoreError> {
        let path = self.root().await?.join(key);
        let Some(folder) = path.parent() else { return Ok(None) };
        match tokio::fs::canonicalize(folder).await {
            Ok(real) => Ok((real == folder).then_some(path)),
            Err(error) if is_away(&error) => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    }
}

fn is_away(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        || error.kind() == io::ErrorKind::InvalidFilename
}

fn trouble(error: &io::Error) -> StoreError {
    StoreError::new(match error.kind() {
        io::ErrorKind::PermissionDenied => StoreErrorCode::Denied,
        _ => StoreErrorCode::Unreachable,
    })
}

fn walk(root: &Path, folder: &str, after: Option<&str>, limit: usize) -> io::Result<Listing> {
    let mut first = BinaryHeap::new();
    let mut gaps = Vec::new();
    let mut open = vec![folder.trim_end_matches('/').to_owned()];
    if !is_plain_folder(root, &open[0], &mut gaps) {
        return Ok(Listing { keys: Vec::new(), more: false, gaps });
    }
    let mut more = false;
    while let Some(inside) = open.pop() {
        let entries = match fs::read_dir(root.join(&inside)) {
            Ok(entries) => entries,
            Err(error) if is_away(&error) => continue,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                gaps.push(GapReason::Forbidden);
                continue;
            }
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| is_folder_name(name)) else {
                gaps.push(GapReason::NotSearchable);
                continue;
            };
            let key = if inside.is_empty() { name.to_owned() } else { format!("{inside}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(key);
            } else if !kind.is_file() {
                gaps.push(GapReason::Forbidden);
            } else if after.is_none_or(|after| key.as_str() > after) {
                first.push(key);
                if first.len() > limit {
                    first.pop();
                    more = true;
                }
            }
        }
    }
    Ok(Listing { keys: first.into_sorted_vec(), more, gaps })
}

/// Whether every step to the folder is a folder and no link.
fn is_plain_folder(root: &Path, folder: &str, gaps: &mut Vec<GapReason>) -> bool {
    let mut path = root.to_owned();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        path.push(part);
        match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => {
                gaps.push(GapReason::Forbidden);
                return false;
            }
            Err(error) => {
                if !is_away(&error) {
                    gaps.push(GapReason::Forbidden);
                }
                return false;
            }
        }
    }
    true
}
