//! Secrets: never in the file, always beside it.

use std::fmt;

use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::document::{Document, Entry, wrong_type};
use super::error::{ConfigCode, Refusal};
use crate::keys::root::{KeyFileError, read_secret};

/// A secret text. Does not show itself, and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself, for the library that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A text that may be written in the file, or be a secret beside it.
pub(super) struct Given {
    pub(super) text: Secret,
    /// It stands in the file itself, so no password may be in it.
    pub(super) literal: bool,
}

impl Entry<'_> {
    /// A secret: `{ env = "NAME" }` or `{ file = "PATH" }`.
    pub(super) fn secret(&self) -> Option<Secret> {
        self.keep(match self.value {
            DeValue::Table(table) => look_up(self.doc, table),
            _ => Err(literal_secret("")),
        })
    }

    /// A text or a secret.
    pub(super) fn given(&self) -> Option<Given> {
        self.keep(match self.value {
            DeValue::Table(table) => {
                look_up(self.doc, table).map(|text| Given { text, literal: false })
            }
            DeValue::String(text) => {
                Ok(Given { text: Secret::new(text.to_string()), literal: true })
            }
            _ => Err(wrong_type("a text in quotes, { env = \"NAME\" } or { file = \"PATH\" }")),
        })
    }
}

/// A secret in the file itself is refused. `what` says how to write this one.
pub(super) fn literal_secret(what: &str) -> Refusal {
    let message = format!(
        "a secret does not stand in this file; write {{ env = \"NAME\" }} or {{ file = \"PATH\" }} \
         and put {} there",
        if what.is_empty() { "it" } else { what }
    );
    Refusal::new(ConfigCode::LiteralSecret, message)
}

fn look_up(doc: &Document<'_>, table: &DeTable<'_>) -> Result<Secret, Refusal> {
    let form = || {
        Refusal::new(
            ConfigCode::WrongType,
            "write exactly one of { env = \"NAME\" } and { file = \"PATH\" }",
        )
    };
    let mut entries = table.iter();
    let (Some((key, value)), None) = (entries.next(), entries.next()) else { return Err(form()) };
    let name = value.get_ref().as_str().ok_or_else(form)?;
    let (secret, source) = match key.get_ref().as_ref() {
        "env" => (from_env(doc, name)?, format!("the environment variable {name}")),
        "file" => from_file(doc, name)?,
        _ => return Err(form()),
    };
    if secret.0.is_empty() {
        let message = format!("{source} is empty; put the secret there");
        return Err(Refusal::new(ConfigCode::MissingSecret, message));
    }
    Ok(secret)
}

fn from_env(doc: &Document<'_>, name: &str) -> Result<Secret, Refusal> {
    (doc.env)(name).map(Secret::new).ok_or_else(|| {
        let message = format!("the environment variable {name} is not set; set it for the service");
        Refusal::new(ConfigCode::MissingSecret, message)
    })
}

/// The text of a file without the line end that editors add.
fn from_file(doc: &Document<'_>, name: &str) -> Result<(Secret, String), Refusal> {
    let path = doc.path(name);
    let shown = path.display();
    match read_secret(&path) {
        Ok(text) => {
            Ok((Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()), shown.to_string()))
        }
        Err(KeyFileError::ReadableByOthers { mode, .. }) => Err(Refusal::new(
            ConfigCode::ReadableSecret,
            format!("{shown} can be read by others (mode {mode:04o}); run `chmod 600` on it"),
        )),
        Err(KeyFileError::Missing(_)) => Err(Refusal::new(
            ConfigCode::MissingSecret,
            format!("there is no file {shown}; put the secret there and run `chmod 600` on it"),
        )),
        Err(error) => Err(Refusal::new(ConfigCode::MissingSecret, error.to_string())),
    }
}
