//! A copy of a SQLite database while others write to it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{Db, DbError};

impl Db {
    /// Copies the database as it is at one instant into a new file of mode 0600, which has its name
    /// only when all of it is on the disk. SQLite only.
    ///
    /// # Errors
    /// [`DbError::File`] when there is such a file already, or none can be made.
    pub async fn copy_to(&self, finished: &Path) -> Result<(), DbError> {
        let unfinished = unfinished(finished);
        make_empty_private(&unfinished).map_err(file_error)?;
        // VACUUM INTO takes an empty file as it is, so the mode stays.
        let into = unfinished.to_str().ok_or(DbError::File { code: None })?;
        let vacuum =
            Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [into.into()]);
        self.pool().execute_raw(vacuum).await?;
        settle_new(&unfinished, finished).map_err(file_error)
    }
}

/// The name of a backup that is being written.
pub fn unfinished(finished: &Path) -> PathBuf {
    let mut name = finished.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// Makes an empty file that only its owner can read, in place of one left behind.
pub fn make_empty_private(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    Ok(())
}

/// Gives a file its final name when all of it is on the disk; never in place of another.
pub fn settle_new(unfinished: &Path, finished: &Path) -> io::Result<()> {
    File::open(unfinished)?.sync_all()?;
    // Unlike a rename, a link does not replace what is there.
    fs::hard_link(unfinished, finished)?;
    fs::remove_file(unfinished)?;
    let folder = finished.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn file_error(error: io::Error) -> DbError {
    DbError::File { code: error.raw_os_error().map(|number| number.to_string()) }
}
