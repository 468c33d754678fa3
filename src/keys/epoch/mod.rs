//! Weekly keys that wrap the keys of archives.
//!
//! They lie outside the database and its backups, one an ISO week, and are destroyed with the last
//! archive of their week. After that no old backup opens an archive any more. Losing one costs
//! work, not data: an archive can be gathered again.
//!
//! One machine keeps them as files in a folder, many in a bucket, sealed under the root key.

mod bucket;
mod folder;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use object_store::ObjectStore;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::root::{KeyFileError, RootKeyId};
use super::seal;
use super::stream::ArchiveKey;
use super::{Keys, SecretBytes};
use crate::ids::Entropy;
use bucket::Bucket;
use folder::Folder;

/// A key of a bucket stays in the memory of a process for so long at most, whoever destroys it:
/// call [`EpochKeys::forget`] as often.
pub const HELD: Duration = Duration::from_secs(30);

/// An ISO week, `2026-W47`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch {
    year: u16,
    week: u8,
}

impl Epoch {
    /// The week of `at`, in UTC (ISO 8601: weeks begin on Monday).
    pub fn of(at: Timestamp) -> Self {
        let week = at.to_zoned(TimeZone::UTC).date().iso_week_date();
        Self {
            year: u16::try_from(week.year()).unwrap_or(0),
            week: u8::try_from(week.week()).unwrap_or(0),
        }
    }

    /// Reads the name; `None` for anything but `YYYY-Www`.
    pub fn parse(name: &str) -> Option<Self> {
        let (year, week) = name.split_once("-W")?;
        let epoch = Self { year: year.parse().ok()?, week: week.parse().ok()? };
        (epoch.to_string() == name && (1..=53).contains(&epoch.week)).then_some(epoch)
    }

    /// The week whose key has the file `name`.
    fn of_file(name: &str) -> Option<Self> {
        name.strip_suffix(".key").and_then(Self::parse)
    }

    /// The name of its key's file.
    fn file(self) -> String {
        format!("{self}.key")
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

/// Why an archive's key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum EpochError {
    /// The week's key is gone, and with it every archive of that week.
    #[error("the archive key of week {0} is destroyed; gather the request again")]
    Destroyed(Epoch),
    /// The wrapped key was changed, or is another archive's.
    #[error("a wrapped archive key does not open: it was changed or belongs elsewhere")]
    Broken,
    /// A key file cannot be used.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The place of the keys does not answer, or refuses us.
    #[error("the place of archive keys cannot be read or written; see [keys] epochs")]
    Unavailable,
    /// A key of the bucket is none of ours.
    #[error(
        "the archive key of week {0} is not sealed by a root key that is here; put that root key's \
         file back"
    )]
    Foreign(Epoch),
    /// What is deleted there is not gone.
    #[error(
        "the bucket of [keys] epochs keeps versions, so a destroyed key stays; use one without \
         versioning, replication and object lock"
    )]
    KeepsVersions,
    /// Two nodes would make two keys for a week.
    #[error(
        "the service behind [keys] epochs writes over what is there although told not to \
         (If-None-Match); use one that does not"
    )]
    WritesOver,
}

impl EpochError {
    /// Whether the same call may well succeed later.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable)
    }

    /// A stable word for `job.last_error` and logs.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unavailable => "epoch_keys_unavailable",
            Self::Destroyed(_) => "epoch_key_destroyed",
            _ => "epoch_key",
        }
    }
}

/// The epoch keys in their place.
#[derive(Debug)]
pub struct EpochKeys(Place);

#[derive(Debug)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

impl EpochKeys {
    /// Opens `epochs/` in the folder of keys, and makes it where it is missing.
    pub fn open(keys: &Path) -> Result<Self, KeyFileError> {
        Self::in_folder(&keys.join("epochs"))
    }

    /// Opens a folder, and makes it where it is missing.
    pub fn in_folder(folder: &Path) -> Result<Self, KeyFileError> {
        Folder::open(folder).map(|folder| Self(Place::Folder(folder)))
    }

    /// In a bucket below `prefix`, sealed under `keys`. Connects to nothing.
    pub fn in_bucket(
        store: Arc<dyn ObjectStore>,
        prefix: object_store::path::Path,
        keys: Keys,
    ) -> Self {
        Self(Place::Bucket(Bucket::new(store, prefix, keys)))
    }

    /// Wraps an archive's key under the key of the week of `now`, which is made if need be. May ask
    /// another machine: no transaction is open meanwhile.
    pub async fn wrap(
        &self,
        now: Timestamp,
        entropy: &dyn Entropy,
        key: &ArchiveKey,
    ) -> Result<Vec<u8>, EpochError> {
        let epoch = Epoch::of(now);
        let secret = match &self.0 {
            Place::Folder(folder) => folder.get_or_make(epoch, entropy)?,
            Place::Bucket(bucket) => bucket.get_or_make(epoch, entropy).await?,
        };
        let mut wrapped = epoch.year.to_be_bytes().to_vec();
        wrapped.push(epoch.week);
        let context = context(epoch, key.archive());
        let sealed = seal::seal(&secret, RootKeyId([0; 4]), entropy, &context, &key.secret()[..]);
        wrapped.extend_from_slice(sealed.as_ref());
        Ok(wrapped)
    }

    /// Unwraps what [`EpochKeys::wrap`] made for the key of `archive`. May ask another machine.
    pub async fn unwrap(&self, archive: Uuid, wrapped: &[u8]) -> Result<ArchiveKey, EpochError> {
        let epoch = Self::epoch_of(wrapped).ok_or(EpochError::Broken)?;
        let secret = match &self.0 {
            Place::Folder(folder) => folder.read(epoch)?,
            Place::Bucket(bucket) => bucket.read(epoch).await?,
        };
        let secret = secret.ok_or(EpochError::Destroyed(epoch))?;
        let plain = seal::open(&secret, &context(epoch, archive), &wrapped[3..])
            .map_err(|_| EpochError::Broken)?;
        let key = <[u8; 32]>::try_from(&plain[..]).map_err(|_| EpochError::Broken)?;
        Ok(ArchiveKey::from_parts(archive, Zeroizing::new(key)))
    }

    /// The week under whose key `wrapped` stands.
    pub fn epoch_of(wrapped: &[u8]) -> Option<Epoch> {
        let [a, b, week, ..] = *wrapped else { return None };
        Some(Epoch { year: u16::from_be_bytes([a, b]), week })
    }

    /// The weeks that have a key, oldest first.
    pub async fn list(&self) -> Result<Vec<Epoch>, EpochError> {
        let mut epochs = match &self.0 {
            Place::Folder(folder) => folder.list()?,
            Place::Bucket(bucket) => bucket.list().await?,
        };
        epochs.sort_unstable();
        Ok(epochs)
    }

    /// Destroys a week's key. One that is gone already is fine, so any number of nodes may do so. A
    /// file is overwritten first; what the disk keeps of old blocks is the disk's matter. Another
    /// process may hold the key for [`HELD`] more.
    pub async fn destroy(&self, epoch: Epoch) -> Result<(), EpochError> {
        match &self.0 {
            Place::Folder(folder) => Ok(folder.destroy(epoch)?),
            Place::Bucket(bucket) => bucket.destroy(epoch).await,
        }
    }

    /// Wipes the keys that this process holds in memory; the next use reads them anew.
    pub fn forget(&self) {
        match &self.0 {
            // Read at each use, and never held.
            Place::Folder(_) => {}
            Place::Bucket(bucket) => bucket.forget(),
        }
    }

    /// The root key that seals the key of `epoch`; `None` for a file, and where there is none.
    pub async fn sealed_by(&self, epoch: Epoch) -> Result<Option<RootKeyId>, EpochError> {
        match &self.0 {
            Place::Folder(_) => Ok(None),
            Place::Bucket(bucket) => bucket.sealed_by(epoch).await,
        }
    }

    /// Makes, reads and destroys something that is no key, to see that keys can be made once and do
    /// not outlive their end.
    pub async fn check(&self, entropy: &dyn Entropy) -> Result<(), EpochError> {
        match &self.0 {
            Place::Folder(folder) => Ok(folder.check(entropy)?),
            Place::Bucket(bucket) => bucket.check(entropy).await,
        }
    }
}

fn context(epoch: Epoch, archive: Uuid) -> String {
    format!("archive key/{epoch}/{archive}")
}

/// Draws a week's key.
fn draw(entropy: &dyn Entropy) -> SecretBytes {
    Zeroizing::new(entropy.bytes())
}
