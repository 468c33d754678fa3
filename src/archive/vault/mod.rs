//! Where sealed objects lie: a folder or an S3-compatible store.
//!
//! Objects are named by the archive's id, the part and some random digits, so that a name says
//! nothing of the person and a repeated job never writes over what another has recorded.

mod place;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use place::FolderError;
pub(super) use write::Writer;

use crate::ids::Entropy;
use crate::keys::stream::{ArchiveKey, StreamError};
use crate::meter::Meter;
use crate::meter::storage::metered;

/// Salt bytes in an object's name.
const MARK: usize = 8;

/// What went wrong with archive storage. The storage's own words are not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// No room.
    #[error("archive storage is full; make room and let the job run again")]
    Full,
    /// It refuses us.
    #[error("archive storage refuses access; check its permissions or credentials")]
    Denied,
    /// The object is not there (any more).
    #[error("the sealed object is not in archive storage")]
    Missing,
    /// It does not answer, or breaks off.
    #[error("archive storage does not answer; the job may run again")]
    Unavailable,
    /// What is there is not what was put there.
    #[error(transparent)]
    Broken(#[from] StreamError),
}

impl VaultError {
    /// Whether the same call may well succeed later.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Full | Self::Unavailable)
    }
}

impl From<object_store::Error> for VaultError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => return Self::Missing,
            object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. } => return Self::Denied,
            _ => {}
        }
        let mut source = Some(&error as &(dyn std::error::Error + 'static));
        while let Some(cause) = source {
            if let Some(cause) = cause.downcast_ref::<io::Error>() {
                return cause.into();
            }
            source = cause.source();
        }
        Self::Unavailable
    }
}

impl From<&io::Error> for VaultError {
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Denied,
            io::ErrorKind::NotFound => Self::Missing,
            // Shorter than it was.
            io::ErrorKind::UnexpectedEof => Self::Broken(StreamError::Broken),
            _ => Self::Unavailable,
        }
    }
}

/// A stored object, as its owner remembers it. Holds no secret and no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedObject {
    /// Its part number in the archive.
    pub part: u32,
    /// The first digits of its salt, which are in its name.
    mark: String,
    /// Plain bytes in it.
    pub size: u64,
}

/// Archive storage.
#[derive(Clone)]
pub struct Vault {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// Where that is a folder: the folder.
    folder: Option<PathBuf>,
    /// Bytes of one part of a multipart upload.
    part: usize,
}

impl Vault {
    /// Storage below `prefix` of any object store.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: Path) -> Self {
        Self { store, prefix, folder: None, part: write::PART }
    }

    /// Counts the trouble of its storage with `meter`.
    #[must_use]
    pub fn metered(self, meter: &Meter) -> Self {
        Self { store: metered("archives", self.store, meter.clone()), ..self }
    }

    /// With smaller parts, so that tests see several of them.
    #[cfg(test)]
    pub(super) fn in_parts_of(self, part: usize) -> Self {
        Self { part, ..self }
    }

    /// Seals `plain` and stores it.
    pub async fn put(
        &self,
        key: &ArchiveKey,
        part: u32,
        entropy: &dyn Entropy,
        plain: &[u8],
    ) -> Result<SealedObject, VaultError> {
        let mut writer = self.writer(key, part, entropy);
        let written = writer.write(plain).await;
        writer.close(written).await
    }

    /// Starts an object whose bytes are still to come. It is there when [`Writer::close`] says so,
    /// whole, and never before.
    pub(super) fn writer(&self, key: &ArchiveKey, part: u32, entropy: &dyn Entropy) -> Writer {
        Writer::new(self.clone(), key, part, entropy)
    }

    /// Removes one object. One that is gone already is fine.
    pub async fn delete(&self, archive: Uuid, object: &SealedObject) -> Result<(), VaultError> {
        match self.store.delete(&self.path(archive, object)).await.map_err(VaultError::from) {
            Err(VaultError::Missing) => Ok(()),
            other => other,
        }
    }

    /// Removes all that was ever stored for an archive, also what nobody remembers. Gives how many
    /// objects there were.
    pub async fn delete_archive(&self, archive: Uuid) -> Result<u64, VaultError> {
        self.sweep(archive, None).await
    }

    /// The same for all but one object.
    pub async fn delete_others(
        &self,
        archive: Uuid,
        kept: &SealedObject,
    ) -> Result<u64, VaultError> {
        self.sweep(archive, Some(kept)).await
    }

    async fn sweep(&self, archive: Uuid, kept: Option<&SealedObject>) -> Result<u64, VaultError> {
        let kept = kept.map(|object| self.path(archive, object));
        let mut objects = self.store.list(Some(&self.place_of(archive)));
        let mut removed = 0;
        while let Some(object) = objects.try_next().await? {
            if kept.as_ref() == Some(&object.location) {
                continue;
            }
            match self.store.delete(&object.location).await.map_err(VaultError::from) {
                Ok(()) => removed += 1,
                Err(VaultError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        if let Some(folder) = &self.folder {
            place::sweep(folder.join(archive.to_string()), kept).await?;
        }
        Ok(removed)
    }

    /// Writes, reads and removes a small object, to see that storage works.
    pub async fn check(&self, entropy: &dyn Entropy) -> Result<(), VaultError> {
        let archive = uuid::Builder::from_random_bytes(entropy.bytes()).into_uuid();
        let key = ArchiveKey::draw(archive, entropy);
        let object = self.put(&key, 0, entropy, b"check").await?;
        let read = self.read_all(&key, &object, 0..object.size).await;
        self.delete(archive, &object).await?;
        (read? == b"check").then_some(()).ok_or(VaultError::Broken(StreamError::Broken))
    }

    fn place_of(&self, archive: Uuid) -> Path {
        self.prefix.clone().join(archive.to_string())
    }

    fn path(&self, archive: Uuid, object: &SealedObject) -> Path {
        self.place_of(archive).join(format!("{:08x}-{}", object.part, object.mark))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("prefix", &self.prefix.as_ref()).finish_non_exhaustive()
    }
}

fn mark(salt: &[u8]) -> String {
    HEXLOWER.encode(&salt[..MARK.min(salt.len())])
}
