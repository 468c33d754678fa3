//! Weekly keys that wrap the keys of archives.
//!
//! They lie as files outside the database and its backups, one an ISO week, and are destroyed with
//! the last archive of their week. After that no old backup opens an archive any more. Losing one
//! costs work, not data: an archive can be gathered again.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

use super::SecretBytes;
use super::root::{KeyFileError, RootKeyId, read_secret, write_new};
use super::seal;
use super::stream::ArchiveKey;
use crate::ids::Entropy;

const FORMAT: &str = "rightsdesk-epoch-key/1";

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
}

/// The epoch keys in their folder.
#[derive(Debug, Clone)]
pub struct EpochKeys {
    folder: PathBuf,
}

impl EpochKeys {
    /// Opens `epochs/` in the folder of keys, and makes it where it is missing.
    pub fn open(keys: &Path) -> Result<Self, KeyFileError> {
        let folder = keys.join("epochs");
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|error| KeyFileError::io(&folder, &error))?;
        Ok(Self { folder })
    }

    /// Wraps an archive's key under the key of the week of `now`, which is made if need be.
    pub fn wrap(
        &self,
        now: Timestamp,
        entropy: &dyn Entropy,
        key: &ArchiveKey,
    ) -> Result<Vec<u8>, EpochError> {
        let epoch = Epoch::of(now);
        let secret = self.get_or_make(epoch, entropy)?;
        let mut wrapped = epoch.year.to_be_bytes().to_vec();
        wrapped.push(epoch.week);
        let context = context(epoch, key.archive());
        let sealed = seal::seal(&secret, RootKeyId([0; 4]), entropy, &context, &key.secret()[..]);
        wrapped.extend_from_slice(sealed.as_ref());
        Ok(wrapped)
    }

    /// Unwraps what [`EpochKeys::wrap`] made for the key of `archive`.
    pub fn unwrap(&self, archive: Uuid, wrapped: &[u8]) -> Result<ArchiveKey, EpochError> {
        let epoch = Self::epoch_of(wrapped).ok_or(EpochError::Broken)?;
        let secret = match self.read(epoch) {
            Err(KeyFileError::Missing(_)) => return Err(EpochError::Destroyed(epoch)),
            other => other?,
        };
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
    pub fn list(&self) -> Result<Vec<Epoch>, KeyFileError> {
        let fail = |error: io::Error| KeyFileError::io(&self.folder, &error);
        let mut epochs = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(fail)? {
            let name = entry.map_err(fail)?.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(".key"));
            epochs.extend(name.and_then(Epoch::parse));
        }
        epochs.sort_unstable();
        Ok(epochs)
    }

    /// Destroys a week's key: overwritten, removed, and the removal made durable. One that is gone
    /// already is fine. What the disk keeps of old blocks is the disk's matter.
    pub fn destroy(&self, epoch: Epoch) -> Result<(), KeyFileError> {
        let path = self.path(epoch);
        let fail = |error: io::Error| KeyFileError::io(&path, &error);
        let mut file = match OpenOptions::new().write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other.map_err(fail)?,
        };
        let size = usize::try_from(file.metadata().map_err(fail)?.len()).unwrap_or(0);
        file.write_all(&vec![0; size]).and_then(|()| file.sync_all()).map_err(fail)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fail(error)),
            _ => {}
        }
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(fail)
    }

    fn path(&self, epoch: Epoch) -> PathBuf {
        self.folder.join(format!("{epoch}.key"))
    }

    /// Two processes may come here at once. The key is written whole under a name of its own and
    /// then linked: one link wins, and both read the winner.
    fn get_or_make(
        &self,
        epoch: Epoch,
        entropy: &dyn Entropy,
    ) -> Result<SecretBytes, KeyFileError> {
        match self.read(epoch) {
            Err(KeyFileError::Missing(_)) => {}
            other => return other,
        }
        let path = self.path(epoch);
        let draft = self.folder.join(format!("new-{}", HEXLOWER.encode(&entropy.bytes::<16>())));
        let key: SecretBytes = Zeroizing::new(entropy.bytes());
        let mut text = format!("{FORMAT} {epoch}\n{}\n", BASE64.encode(&key[..]));
        let written = write_new(&draft, text.as_bytes());
        text.zeroize();
        written?;
        let linked = fs::hard_link(&draft, &path);
        let removed = fs::remove_file(&draft);
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(KeyFileError::io(&path, &error));
            }
            _ => {}
        }
        removed
            .and_then(|()| File::open(&self.folder))
            .and_then(|folder| folder.sync_all())
            .map_err(|error| KeyFileError::io(&draft, &error))?;
        self.read(epoch)
    }

    fn read(&self, epoch: Epoch) -> Result<SecretBytes, KeyFileError> {
        let path = self.path(epoch);
        let text = read_secret(&path)?;
        let body = text.strip_prefix(&format!("{FORMAT} {epoch}\n"));
        let bytes = body.and_then(|body| BASE64.decode(body.trim_end().as_bytes()).ok());
        let bytes = bytes.map(Zeroizing::new).ok_or(KeyFileError::Malformed(path.clone()))?;
        let key = <[u8; 32]>::try_from(&bytes[..]).map_err(|_| KeyFileError::Malformed(path))?;
        Ok(Zeroizing::new(key))
    }
}

fn context(epoch: Epoch, archive: Uuid) -> String {
    format!("archive key/{epoch}/{archive}")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::ids::{OsEntropy, SeededEntropy};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn archive_key(id: u128) -> ArchiveKey {
        ArchiveKey::draw(Uuid::from_u128(id), &SeededEntropy::new(1))
    }

    #[test]
    fn weeks_are_iso_weeks() {
        assert_eq!(Epoch::of(at("2026-11-20T12:00:00Z")).to_string(), "2026-W47");
        assert_eq!(Epoch::of(at("2027-01-03T23:59:59Z")).to_string(), "2026-W53");
        assert_eq!(Epoch::of(at("2027-01-04T00:00:00Z")).to_string(), "2027-W01");
        assert_eq!(Epoch::parse("2026-W47"), Some(Epoch { year: 2026, week: 47 }));
        for bad in ["2026-W7", "2026-W00", "2026-W54", "x", "+026-W07", "2026-W47.key"] {
            assert_eq!(Epoch::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_wrapped_key_opens_for_its_own_archive_only() {
        let folder = tempfile::tempdir().unwrap();
        let epochs = EpochKeys::open(folder.path()).unwrap();
        let key = archive_key(1);
        let now = at("2026-11-20T12:00:00Z");
        let wrapped = epochs.wrap(now, &OsEntropy, &key).unwrap();
        assert_eq!(epochs.unwrap(key.archive(), &wrapped).unwrap().secret(), key.secret());
        assert!(matches!(epochs.unwrap(Uuid::from_u128(2), &wrapped), Err(EpochError::Broken)));
        for at in 3..wrapped.len() {
            let mut bad = wrapped.clone();
            bad[at] ^= 1;
            assert!(epochs.unwrap(key.archive(), &bad).is_err(), "byte {at}");
        }
        assert!(matches!(epochs.unwrap(key.archive(), b"x"), Err(EpochError::Broken)));
    }

    #[test]
    fn a_destroyed_week_opens_nothing_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let epochs = EpochKeys::open(folder.path()).unwrap();
        let key = archive_key(1);
        let wrapped = epochs.wrap(at("2026-11-20T12:00:00Z"), &OsEntropy, &key).unwrap();
        let later = epochs.wrap(at("2026-11-27T12:00:00Z"), &OsEntropy, &key).unwrap();
        let names: Vec<String> = epochs.list().unwrap().iter().map(Epoch::to_string).collect();
        assert_eq!(names, ["2026-W47", "2026-W48"]);
        let epoch = EpochKeys::epoch_of(&wrapped).unwrap();
        epochs.destroy(epoch).unwrap();
        epochs.destroy(epoch).unwrap();
        assert!(matches!(
            epochs.unwrap(key.archive(), &wrapped),
            Err(EpochError::Destroyed(gone)) if gone == epoch
        ));
        assert!(epochs.unwrap(key.archive(), &later).is_ok());
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let epochs = EpochKeys::open(folder.path()).unwrap();
        let now = at("2026-11-20T12:00:00Z");
        epochs.wrap(now, &OsEntropy, &archive_key(1)).unwrap();
        let path = folder.path().join("epochs/2026-W47.key");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = epochs.wrap(now, &OsEntropy, &archive_key(1));
        assert!(matches!(
            refused,
            Err(EpochError::File(KeyFileError::ReadableByOthers { mode: 0o644, .. }))
        ));
    }

    #[test]
    fn many_who_make_a_week_at_once_share_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let now = at("2026-11-20T12:00:00Z");
        let (key, start) = (archive_key(1), std::sync::Barrier::new(8));
        let wrapped: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let wrap = || {
                let epochs = EpochKeys::open(folder.path()).unwrap();
                start.wait();
                epochs.wrap(now, &OsEntropy, &key).unwrap()
            };
            let all: Vec<_> = (0..8).map(|_| scope.spawn(wrap)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let epochs = EpochKeys::open(folder.path()).unwrap();
        assert!(wrapped.iter().all(|one| epochs.unwrap(key.archive(), one).is_ok()));
        let left = fs::read_dir(folder.path().join("epochs")).unwrap().count();
        assert_eq!(left, 1, "no draft is left behind");
    }
}
