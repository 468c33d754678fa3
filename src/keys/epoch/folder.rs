//! Epoch keys as files of one machine, or of a folder that machines share.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use zeroize::{Zeroize, Zeroizing};

use super::{Epoch, EpochError, draw};
use crate::ids::Entropy;
use crate::keys::SecretBytes;
use crate::keys::root::{KeyFileError, read_secret, write_new};

const FORMAT: &str = "rightsdesk-epoch-key/1";

/// A folder of keys, a file each, for its owner alone.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn open(folder: &Path) -> Result<Self, KeyFileError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| KeyFileError::io(folder, &error))?;
        Ok(Self(folder.to_owned()))
    }

    pub(super) fn list(&self) -> Result<Vec<Epoch>, KeyFileError> {
        let fail = |error: io::Error| KeyFileError::io(&self.0, &error);
        let mut epochs = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(fail)? {
            let name = entry.map_err(fail)?.file_name();
            epochs.extend(name.to_str().and_then(Epoch::of_file));
        }
        Ok(epochs)
    }

    /// Overwritten, removed, and the removal made durable.
    pub(super) fn destroy(&self, epoch: Epoch) -> Result<(), KeyFileError> {
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
        self.sync()
    }

    /// Two processes may come here at once. The key is written whole under a name of its own and
    /// then linked: one link wins, and both read the winner.
    pub(super) fn get_or_make(
        &self,
        epoch: Epoch,
        entropy: &dyn Entropy,
    ) -> Result<SecretBytes, EpochError> {
        if let Some(key) = self.read(epoch)? {
            return Ok(key);
        }
        let (path, draft) = (self.path(epoch), self.draft(entropy));
        let key = draw(entropy);
        let mut text = format!("{FORMAT} {epoch}\n{}\n", BASE64.encode(&key[..]));
        let written = write_new(&draft, text.as_bytes());
        text.zeroize();
        written?;
        let linked = fs::hard_link(&draft, &path);
        let removed = fs::remove_file(&draft);
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(KeyFileError::io(&path, &error).into());
            }
            _ => {}
        }
        removed.map_err(|error| KeyFileError::io(&draft, &error))?;
        self.sync()?;
        // Destroyed in between: only by a machine whose clock is weeks ahead.
        self.read(epoch)?.ok_or(EpochError::Destroyed(epoch))
    }

    /// `None` where the key is destroyed.
    pub(super) fn read(&self, epoch: Epoch) -> Result<Option<SecretBytes>, EpochError> {
        let path = self.path(epoch);
        let text = match read_secret(&path) {
            // A folder that is not mounted says nothing about what it holds.
            Err(KeyFileError::Missing(_)) if !self.0.is_dir() => {
                return Err(EpochError::Unavailable);
            }
            Err(KeyFileError::Missing(_)) => return Ok(None),
            other => other?,
        };
        let body = text.strip_prefix(&format!("{FORMAT} {epoch}\n"));
        let bytes = body.and_then(|body| BASE64.decode(body.trim_end().as_bytes()).ok());
        let bytes = bytes.map(Zeroizing::new).ok_or(KeyFileError::Malformed(path.clone()))?;
        let key = <[u8; 32]>::try_from(&bytes[..]).map_err(|_| KeyFileError::Malformed(path))?;
        Ok(Some(Zeroizing::new(key)))
    }

    pub(super) fn check(&self, entropy: &dyn Entropy) -> Result<(), KeyFileError> {
        let path = self.draft(entropy);
        let fail = |error: io::Error| KeyFileError::io(&path, &error);
        write_new(&path, b"check\n")?;
        let read = fs::read(&path).map_err(fail);
        fs::remove_file(&path).map_err(fail)?;
        if read? == b"check\n" { Ok(()) } else { Err(KeyFileError::Malformed(path)) }
    }

    fn sync(&self) -> Result<(), KeyFileError> {
        let synced = File::open(&self.0).and_then(|folder| folder.sync_all());
        synced.map_err(|error| KeyFileError::io(&self.0, &error))
    }

    fn path(&self, epoch: Epoch) -> PathBuf {
        self.0.join(epoch.file())
    }

    fn draft(&self, entropy: &dyn Entropy) -> PathBuf {
        self.0.join(format!("new-{}", HEXLOWER.encode(&entropy.bytes::<16>())))
    }
}
