//! The sample company: Glimmerfeld, an image service that does not exist, with an `SQLite` database
//! of 200 accounts and a folder of pictures, so that Rightsdesk can be tried on something that
//! nobody has to protect.
//!
//! Everything is drawn from one seed and dated back from one fixed day: the same bytes each time.
//! [`people`] says who can be tried, and with what trouble.

use std::io;
use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, QueryBuilder, Sqlite, SqliteConnection};
use tokio::task::{JoinError, spawn_blocking};

use self::company::Books;
use crate::domain::record::Value;

mod billing;
mod company;
mod dice;
pub mod mailbox;
mod officers;
mod open;
pub mod people;
mod pictures;
mod studio;
#[cfg(test)]
mod tests;

pub use open::open;

/// The data maps of the sample company, by file name; they lie in `maps/` and point to `company/`.
pub const MAPS: [(&str, &str); 2] = [
    ("studio.toml", include_str!("maps/studio.toml")),
    ("pictures.toml", include_str!("maps/pictures.toml")),
];

const SCHEMA: &str = include_str!("schema.sql");
/// Rows a statement: far below `SQLite`'s limit on bound values.
const ROWS_AT_ONCE: usize = 200;
/// Pictures are painted on this many threads.
const PAINTERS: usize = 4;

/// A sample company that stands on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Addresses to try, the one without any trouble first.
    pub try_addresses: Vec<String>,
}

/// Why there is no sample company.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file or folder could not be written.
    #[error("the sample company cannot be written; see that the folder may be written to")]
    Folder(#[from] io::Error),
    /// The sample database could not be filled.
    #[error("the sample database cannot be filled; see that the disk has 20 MB to spare")]
    Database,
    /// A picture could not be painted.
    #[error("a sample picture cannot be painted")]
    Picture,
}

impl From<sqlx::Error> for DemoError {
    fn from(_: sqlx::Error) -> Self {
        Self::Database
    }
}

impl From<JoinError> for DemoError {
    fn from(_: JoinError) -> Self {
        Self::Picture
    }
}

/// Puts the sample company into `dir`: `company/studio.db`, `company/images/` and `maps/*.toml`.
///
/// What is there already is left as it is, so that deletions and edited maps stay. The company is
/// made under another name first: a start that was interrupted begins anew.
pub async fn make(dir: &Path) -> Result<Company, DemoError> {
    let (whole, part) = (dir.join("company"), dir.join("company.part"));
    if !tokio::fs::try_exists(&whole).await? {
        if tokio::fs::try_exists(&part).await? {
            tokio::fs::remove_dir_all(&part).await?;
        }
        tokio::fs::create_dir_all(&part).await?;
        let Books { tables, pictures } = spawn_blocking(Books::draw).await?;
        let ((), ()) =
            tokio::try_join!(fill(part.join("studio.db"), tables), hang(&part, pictures))?;
        tokio::fs::rename(&part, &whole).await?;
    }
    let maps = dir.join("maps");
    tokio::fs::create_dir_all(&maps).await?;
    for (name, text) in MAPS {
        let map = maps.join(name);
        if !tokio::fs::try_exists(&map).await? {
            tokio::fs::write(&map, text).await?;
        }
    }
    Ok(Company { try_addresses: people::TRY.map(str::to_owned).to_vec() })
}

/// Writes the database: one transaction, and no care for power cuts, after which it is made anew.
async fn fill(
    file: PathBuf,
    tables: Vec<(&'static str, Vec<Vec<Value>>)>,
) -> Result<(), DemoError> {
    let mut studio: SqliteConnection = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off)
        .connect()
        .await?;
    let mut tx = studio.begin().await?;
    sqlx::raw_sql(SCHEMA).execute(&mut *tx).await?;
    for (table, rows) in tables {
        for some in rows.chunks(ROWS_AT_ONCE) {
            let mut insert = QueryBuilder::<Sqlite>::new("INSERT INTO ");
            insert.push(table).push(" ");
            insert.push_values(some, |mut row, values| {
                for value in values {
                    match value {
                        Value::Null => row.push("NULL"),
                        Value::Bool(truth) => row.push_bind(*truth),
                        Value::Int(number) => row.push_bind(*number),
                        Value::Real(number) => row.push_bind(*number),
                        Value::Text(text) | Value::Number(text) | Value::Json(text) => {
                            row.push_bind(text.as_str())
                        }
                        Value::Bytes(bytes) => row.push_bind(bytes.as_slice()),
                    };
                }
            });
            insert.build().persistent(false).execute(&mut *tx).await?;
        }
    }
    tx.commit().await?;
    Ok(studio.close().await?)
}

/// Paints the pictures and writes them to `images/`, several at a time.
async fn hang(company: &Path, pictures: Vec<(String, i64)>) -> Result<(), DemoError> {
    let images = company.join("images");
    let share = pictures.len().div_ceil(PAINTERS).max(1);
    let painters: Vec<_> = pictures
        .chunks(share)
        .map(|some| {
            let (images, some) = (images.clone(), some.to_vec());
            spawn_blocking(move || some.iter().try_for_each(|(key, n)| hang_one(&images, key, *n)))
        })
        .collect();
    for painter in painters {
        painter.await??;
    }
    Ok(())
}

fn hang_one(images: &Path, key: &str, number: i64) -> Result<(), DemoError> {
    let file = images.join(key);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let picture = pictures::paint(number).map_err(|_| DemoError::Picture)?;
    Ok(std::fs::write(file, picture)?)
}
