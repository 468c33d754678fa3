//! The service's own database.

use std::path::PathBuf;

use url::Url;

use super::document::{Document, Section};
use super::error::Refusal;
use super::secret::{Given, Secret, literal_secret};
use crate::store::postgres::{OPEN, leaves_tls_to_chance};

/// The service's own database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// `sqlite:PATH`, a file on this machine. Absolute. Default `sqlite:data/rightsdesk.db`.
    Sqlite(PathBuf),
    /// `postgres://…`, the whole URL as it was given.
    Postgres(Secret),
}

const DEFAULT: &str = "data/rightsdesk.db";
const FORM: &str =
    "write \"sqlite:FILE\" or \"postgres://USER@HOST/NAME\"; with a password, { env = \"NAME\" }";

impl Database {
    pub(super) fn read(section: &Section<'_>) -> Option<Self> {
        let Some(entry) = section.entry("url") else {
            return Some(Self::Sqlite(section.doc.path(DEFAULT)));
        };
        let given = entry.given()?;
        entry.keep(Self::parse(section.doc, given))
    }

    fn parse(doc: &Document<'_>, given: Given) -> Result<Self, Refusal> {
        let text = given.text.expose();
        if let Some(path) = text.strip_prefix("sqlite:") {
            return sqlite(doc, path);
        }
        let url = Url::parse(text).map_err(|_| Refusal::value(FORM))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(Refusal::value(FORM));
        }
        let in_query = url.query_pairs().any(|(name, _)| name == "password");
        if given.literal && (url.password().is_some() || in_query) {
            return Err(literal_secret("the whole URL"));
        }
        if leaves_tls_to_chance(text) {
            return Err(Refusal::value(OPEN));
        }
        Ok(Self::Postgres(given.text))
    }
}

fn sqlite(doc: &Document<'_>, path: &str) -> Result<Database, Refusal> {
    let path = match path.strip_prefix("//") {
        // As sqlx writes it: two slashes belong to the scheme, a third one to the path.
        Some(rest) => rest,
        None => path,
    };
    if path.is_empty() || path.starts_with(':') {
        return Err(Refusal::value("write a file, \"sqlite:data/rightsdesk.db\"; it has to last"));
    }
    if path.contains(['?', '#', '%']) {
        return Err(Refusal::value("write only the path of the file, without options"));
    }
    Ok(Database::Sqlite(doc.path(path)))
}
