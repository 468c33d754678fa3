//! Archives in a folder.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::path::Path;

use super::{Vault, VaultError};
use crate::crash;

/// The folder of archives cannot be made or opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the archive folder {path}: {kind}")]
pub struct FolderError {
    /// The folder.
    pub path: PathBuf,
    /// What the file system says.
    pub kind: std::io::ErrorKind,
}

impl Vault {
    /// Opens a folder, and makes it (mode 0700) where it is missing. What is written is on the
    /// disk when the write returns.
    pub fn open_folder(folder: &FilePath) -> Result<Self, FolderError> {
        let fail = |kind| FolderError { path: folder.to_owned(), kind };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| fail(error.kind()))?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .map_err(|_| fail(std::io::ErrorKind::Other))?
            .with_fsync(true)
            .with_automatic_cleanup(true);
        let vault = Self::new(Arc::new(store), Path::default());
        // S3 takes no smaller ones.
        let part = crash::size(vault.part);
        Ok(Self { folder: Some(folder.to_owned()), part, ..vault })
    }
}

/// Removes from the folder of an archive what is no object: an upload that was cut off by the end of
/// the process leaves a file that is not listed.
pub(super) async fn sweep(folder: PathBuf, kept: Option<Path>) -> Result<(), VaultError> {
    let swept = tokio::task::spawn_blocking(move || {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = kept.as_ref().and_then(Path::filename);
            if name.is_none_or(|name| entry.file_name() != *name) {
                fs::remove_file(entry.path())?;
            }
        }
        if kept.is_none() { fs::remove_dir(&folder) } else { Ok(()) }
    });
    match swept.await {
        Ok(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(VaultError::from(&error)),
        Ok(_) => Ok(()),
        Err(_) => Err(VaultError::Unavailable),
    }
}
