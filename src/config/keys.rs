//! The folder of keys.

use std::path::PathBuf;

use super::document::Section;
use super::error::{ConfigCode, ConfigError, Refusal};
use super::place::Place;
use crate::keys::root::{KeyFileError, RootKey};
use crate::keys::rotation;

pub use crate::keys::rotation::ROOT_KEY;

/// The folder of keys, and where the configuration names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysFolder {
    /// The folder. Absolute. Default `keys`.
    pub dir: PathBuf,
    /// Where the weekly keys of archives lie, never inside the archives or the ledger, nor these
    /// inside it. Default `epochs` in `dir`.
    pub epochs: Place,
    place: String,
}

impl KeysFolder {
    /// `others` are the places of archives and of the ledger, with their settings.
    pub(super) fn read(section: &Section<'_>, others: [(Option<&Place>, &str); 2]) -> Option<Self> {
        let place = section.place("dir");
        let written = section.read("dir", |text| {
            let named = !text.is_empty();
            named.then(|| section.doc.path(text)).ok_or_else(|| Refusal::value("write a folder"))
        });
        let dir = match section.entry("dir") {
            Some(_) => written?,
            None => section.doc.path("keys"),
        };
        let epochs = match section.entry("epochs") {
            Some(_) => Place::read(section, "epochs", "")?,
            None => Place::Folder(dir.join("epochs")),
        };
        for (other, setting) in others {
            if other.is_some_and(|other| other.holds(&epochs) || epochs.holds(other)) {
                let message = format!(
                    "the keys of archives and {setting} would lie in one place, and a copy of one \
                     would hold the other; write a place of their own"
                );
                section.refuse("epochs", Refusal::value(message));
                return None;
            }
        }
        Some(Self { dir, epochs, place })
    }

    /// Reads the root key. The error names the file and what to do.
    pub fn root_key(&self) -> Result<RootKey, ConfigError> {
        RootKey::read(&self.dir.join(ROOT_KEY)).map_err(|error| self.refuse(&error))
    }

    /// Reads the root keys that were replaced and may still be needed.
    pub fn older_keys(&self) -> Result<Vec<RootKey>, ConfigError> {
        rotation::older(&self.dir).map_err(|error| self.refuse(&error))
    }

    /// An error of a file in this folder, at the place that names the folder.
    pub fn refuse(&self, error: &KeyFileError) -> ConfigError {
        let code = match error {
            KeyFileError::Missing(_) => ConfigCode::MissingKeyFile,
            KeyFileError::ReadableByOthers { .. } => ConfigCode::ReadableKeyFile,
            KeyFileError::Malformed(_) | KeyFileError::Exists(_) | KeyFileError::Io { .. } => {
                ConfigCode::BadKeyFile
            }
        };
        let (place, key) = (self.place.clone(), "[keys] dir".to_owned());
        ConfigError { code, place, key, message: error.to_string() }
    }
}
