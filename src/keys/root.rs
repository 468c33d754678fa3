//! The root key: one file, readable by its owner alone.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use data_encoding::{BASE64, HEXLOWER};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::SecretBytes;
use crate::ids::Entropy;

const FORMAT: &str = "rightsdesk-root-key/1";

/// The name of a root key: the first four bytes of its SHA-256. Stands in every ciphertext.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RootKeyId(pub [u8; 4]);

impl fmt::Display for RootKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for RootKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootKeyId({self})")
    }
}

/// Why a key file cannot be used. The path is part of the message; the key never is.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is no such file.
    #[error(
        "there is no key file {0}; `rightsdesk init` makes one, or put the one from your backup there"
    )]
    Missing(PathBuf),
    /// Others may read it.
    #[error("key file {path} can be read by others (mode {mode:04o}); run `chmod 600` on it")]
    ReadableByOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is there and is no key.
    #[error("{0} is not a key file of this service; put the right one there")]
    Malformed(PathBuf),
    /// It is there already and must not be overwritten.
    #[error("key file {0} is there already and stays as it is")]
    Exists(PathBuf),
    /// The file system refuses.
    #[error("cannot use key file {path}: {kind}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        kind: io::ErrorKind,
    },
}

impl KeyFileError {
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(path.to_owned()),
            io::ErrorKind::AlreadyExists => Self::Exists(path.to_owned()),
            kind => Self::Io { path: path.to_owned(), kind },
        }
    }
}

/// The key that all others but those of archives derive from.
#[derive(Clone)]
pub struct RootKey(SecretBytes);

impl RootKey {
    /// Draws a new one.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes()))
    }

    /// Its name.
    pub fn id(&self) -> RootKeyId {
        let hash = Sha256::digest(&self.0[..]);
        RootKeyId([hash[0], hash[1], hash[2], hash[3]])
    }

    /// Derives the key for one purpose (HKDF-SHA-256, RFC 5869).
    pub(super) fn derive(&self, label: &str) -> SecretBytes {
        let mut out = Zeroizing::new([0; 32]);
        let info = format!("rightsdesk v1 {label}");
        Hkdf::<Sha256>::new(None, &self.0[..])
            .expand(info.as_bytes(), &mut out[..])
            .expect("32 bytes are within what HKDF gives");
        out
    }

    /// Writes it to a new file of mode 0600.
    pub fn write(&self, path: &Path) -> Result<(), KeyFileError> {
        let mut text = format!(
            "# Root key of Rightsdesk. Keep it secret and keep a copy away from this machine:\n\
             # without it nothing that the service has sealed can be opened again.\n\
             {FORMAT} {}\n{}\n",
            self.id(),
            BASE64.encode(&self.0[..])
        );
        let written = write_new(path, text.as_bytes());
        text.zeroize();
        written
    }

    /// When the file at `path` was last written; `None` where the file system does not tell.
    pub fn written_at(path: &Path) -> Result<Option<jiff::Timestamp>, KeyFileError> {
        let about = fs::metadata(path).map_err(|error| KeyFileError::io(path, &error))?;
        let written = about.modified().ok().and_then(|at| jiff::Timestamp::try_from(at).ok());
        Ok(written.and_then(|at| at.round(jiff::Unit::Second).ok()))
    }

    /// Reads one, refusing a file that others may read.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let text = read_secret(path)?;
        let malformed = || KeyFileError::Malformed(path.to_owned());
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let head = lines.next().ok_or_else(malformed)?;
        let body = lines.next().ok_or_else(malformed)?;
        let mut bytes = BASE64.decode(body.trim().as_bytes()).map_err(|_| malformed())?;
        let key = <[u8; 32]>::try_from(&bytes[..]).map(|key| Self(Zeroizing::new(key)));
        bytes.zeroize();
        let key = key.map_err(|_| malformed())?;
        let named = head.strip_prefix(FORMAT).map(str::trim);
        (named == Some(&key.id().to_string())).then_some(key).ok_or_else(malformed)
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootKey({})", self.id())
    }
}

/// Writes a secret into a new file that only its owner can read, and makes it durable.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), KeyFileError> {
    let fail = |error: io::Error| KeyFileError::io(path, &error);
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(fail)?;
    }
    Ok(())
}

/// Reads a secret, refusing a file that anyone but its owner can read or change.
pub fn read_secret(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    let fail = |error: io::Error| KeyFileError::io(path, &error);
    let mode = fs::metadata(path).map_err(fail)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::ReadableByOthers { path: path.to_owned(), mode });
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededEntropy;

    fn key() -> RootKey {
        RootKey::draw(&SeededEntropy::new(3))
    }

    #[test]
    fn a_key_survives_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.key");
        key().write(&path).unwrap();
        assert_eq!(RootKey::read(&path).unwrap().id(), key().id());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(key().write(&path), Err(KeyFileError::Exists(_))));
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.key");
        key().write(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = RootKey::read(&path).unwrap_err();
        assert!(matches!(error, KeyFileError::ReadableByOthers { mode: 0o640, .. }));
        assert!(error.to_string().contains("chmod 600"));
    }

    #[test]
    fn a_missing_or_foreign_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.key");
        assert!(matches!(RootKey::read(&path), Err(KeyFileError::Missing(_))));
        write_new(&path, b"hello\n").unwrap();
        assert!(matches!(RootKey::read(&path), Err(KeyFileError::Malformed(_))));
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let text = format!("{:?}", key());
        assert!(!text.contains(&BASE64.encode(&key().0[..])));
    }
}
