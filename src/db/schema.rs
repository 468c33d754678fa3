//! The schema and its migrations, which know no way back but a copy.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::Query;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::backup::make_empty_private;
use super::{Db, DbError};

/// Names our migrations among PostgreSQL's advisory locks; any number that nobody else takes.
const MIGRATION_LOCK: i64 = 0x5249_4748_5453;
const APPLIED: &str = "seaql_migrations";

impl Db {
    /// The migrations that this program knows and the database has not seen, the oldest first.
    /// Refuses a database that has seen one that this program does not know.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, DbError> {
        pending(self.pool()).await
    }

    /// Refuses a schema that is older or newer than this program.
    pub async fn require_current(&self) -> Result<(), DbError> {
        match self.pending_migrations().await?.len() {
            0 => Ok(()),
            count => Err(DbError::MigrationPending { count }),
        }
    }

    /// Applies what is pending, all of it or nothing, and tells how many that were. Several
    /// programs may call it at once: one does it, the others wait and find nothing to do.
    pub async fn migrate(&self) -> Result<usize, DbError> {
        let tx = self.begin().await?;
        if self.backend() == DbBackend::Postgres {
            // Rebuilding a large table may take longer than a page view.
            for setting in ["SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = 0"] {
                tx.inner().execute_unprepared(setting).await?;
            }
            let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
            tx.inner().execute_unprepared(&lock).await?;
        }
        // Only now, since another program may have been at it.
        let pending = pending(tx.inner()).await?;
        if !pending.is_empty() {
            Migrator::up(tx.inner(), None).await?;
        }
        tx.commit().await?;
        Ok(pending.len())
    }

    /// As [`Db::migrate`]; a SQLite file that holds something is copied before, to a private file
    /// beside it, whose path comes back. On PostgreSQL backups are the operator's.
    pub async fn migrate_with_copy(&self) -> Result<Option<PathBuf>, DbError> {
        let pending = self.pending_migrations().await?;
        let Some(target) = pending.last() else { return Ok(None) };
        let copy = match &self.file {
            Some(file) if self.has_tables().await? => Some(self.copy_before(file, target).await?),
            _ => None,
        };
        self.migrate().await?;
        Ok(copy)
    }

    /// Removes the copies that [`Db::migrate_with_copy`] made before `before`, and tells how many.
    pub async fn remove_upgrade_copies(&self, before: Timestamp) -> Result<u64, DbError> {
        let Some(file) = self.file.clone() else { return Ok(0) };
        tokio::task::spawn_blocking(move || remove_copies(&file, before))
            .await
            .map_err(|_| DbError::File { code: None })?
            .map_err(file_error)
    }

    async fn has_tables(&self) -> Result<bool, DbError> {
        let any = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name <> 'seaql_migrations'";
        let any = Statement::from_string(DbBackend::Sqlite, any);
        Ok(self.pool().query_one_raw(any).await?.is_some())
    }

    async fn copy_before(&self, file: &Path, target: &str) -> Result<PathBuf, DbError> {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let copy = file.with_file_name(format!("{stem}-before-{target}.db"));
        let unfinished = copy.with_extension("part");
        make_empty_private(&unfinished).map_err(file_error)?;
        // VACUUM INTO takes an empty file as it is, so the mode stays.
        let into = unfinished.to_str().ok_or(DbError::File { code: None })?;
        let vacuum =
            Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [into.into()]);
        self.pool().execute_raw(vacuum).await?;
        settle(&unfinished, &copy).map_err(file_error)?;
        Ok(copy)
    }
}

async fn pending(on: &impl ConnectionTrait) -> Result<Vec<String>, DbError> {
    let applied = applied(on).await?;
    let known: Vec<String> =
        Migrator::migrations().iter().map(|one| one.name().to_owned()).collect();
    if let Some(newest) = applied.iter().rfind(|name| !known.contains(name)) {
        return Err(DbError::SchemaNewer { newest: newest.clone() });
    }
    Ok(known.into_iter().filter(|name| !applied.contains(name)).collect())
}

/// The names of the migrations that the database has seen, sorted.
async fn applied(on: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbError> {
    let catalogue = match on.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'"
        }
        _ => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
    };
    let catalogue = Statement::from_string(on.get_database_backend(), catalogue);
    if on.query_one_raw(catalogue).await?.is_none() {
        return Ok(BTreeSet::new());
    }
    let names = Query::select().column("version").from(APPLIED).to_owned();
    let rows = on.query_all(&names).await?;
    rows.iter().map(|row| Ok(row.try_get("", "version")?)).collect()
}

fn remove_copies(file: &Path, before: Timestamp) -> io::Result<u64> {
    let begin = format!("{}-before-", file.file_stem().unwrap_or_default().to_string_lossy());
    let Some(folder) = file.parent() else { return Ok(0) };
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| {
            // Only what is named after a migration of ours: `…-before-m20261120_000001_jobs.db`.
            let target = name.strip_prefix(&begin).and_then(|rest| rest.strip_suffix(".db"));
            target.is_some_and(|target| target.starts_with("m20"))
        });
        let written =
            || Timestamp::try_from(entry.metadata()?.modified()?).map_err(io::Error::other);
        if ours && written()? < before {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Gives a file its final name only when all of it is on the disk.
fn settle(unfinished: &Path, finished: &Path) -> io::Result<()> {
    File::open(unfinished)?.sync_all()?;
    fs::rename(unfinished, finished)?;
    if let Some(folder) = finished.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn file_error(error: io::Error) -> DbError {
    DbError::File { code: error.raw_os_error().map(|number| number.to_string()) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::testing::{TestDb, db_test, sqlite_url};
    use super::*;

    db_test!(migrating_twice_does_nothing_more, |db| async move {
        assert_eq!(db.pending_migrations().await, Ok(vec![]));
        assert_eq!(db.migrate().await, Ok(0));
        assert_eq!(db.require_current().await, Ok(()));
    });

    db_test!(programs_that_migrate_at_once_do_not_collide, |db| async move {
        Migrator::reset(db.pool()).await.unwrap();
        let all = Migrator::migrations().len();
        assert_eq!(db.require_current().await, Err(DbError::MigrationPending { count: all }));
        let other = db.again().await;
        let (one, two) = tokio::join!(db.migrate(), other.migrate());
        let mut done = [one.unwrap(), two.unwrap()];
        done.sort_unstable();
        assert_eq!(done, [0, all]);
    });

    db_test!(a_newer_schema_is_refused, |db| async move {
        db.pool()
            .execute_unprepared("INSERT INTO seaql_migrations VALUES ('m2099_000001_far', 0)")
            .await
            .unwrap();
        let newer = DbError::SchemaNewer { newest: "m2099_000001_far".to_owned() };
        assert_eq!(db.require_current().await, Err(newer.clone()));
        assert_eq!(db.migrate().await, Err(newer.clone()));
        assert_eq!(db.migrate_with_copy().await, Err(newer));
    });

    db_test!(every_migration_can_be_undone_and_done_again, |db| async move {
        Migrator::refresh(db.pool()).await.unwrap();
        assert_eq!(db.require_current().await, Ok(()));
    });

    #[tokio::test]
    async fn an_empty_sqlite_file_is_migrated_without_a_copy() {
        let (_folder, url) = sqlite_url();
        let db = TestDb::connect(url).await;
        assert_eq!(db.migrate_with_copy().await, Ok(None));
        assert_eq!(db.require_current().await, Ok(()));
    }

    #[tokio::test]
    async fn a_sqlite_file_that_holds_something_is_copied_first() {
        let (_folder, url) = sqlite_url();
        let db = TestDb::connect(url).await;
        for statement in ["CREATE TABLE kept (word TEXT)", "INSERT INTO kept VALUES ('still here')"]
        {
            db.pool().execute_unprepared(statement).await.unwrap();
        }
        let copy = db.migrate_with_copy().await.unwrap().unwrap();
        assert_eq!(db.require_current().await, Ok(()));
        assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!copy.with_extension("part").exists());

        let copied = TestDb::connect(format!("sqlite:{}", copy.display())).await;
        let all = Migrator::migrations().len();
        assert_eq!(copied.pending_migrations().await.unwrap().len(), all);
        let word = Query::select().column("word").from("kept").to_owned();
        let row = copied.pool().query_one(&word).await.unwrap().unwrap();
        assert_eq!(row.try_get::<String>("", "word").unwrap(), "still here");
    }

    #[tokio::test]
    async fn copies_of_upgrades_go_after_their_time_and_nothing_else_does() {
        let (folder, url) = sqlite_url();
        let db = TestDb::connect(url).await;
        db.pool().execute_unprepared("CREATE TABLE kept (word TEXT)").await.unwrap();
        let copy = db.migrate_with_copy().await.unwrap().unwrap();
        let mine = folder.path().join("data/test-before-my-holiday.db");
        fs::write(&mine, "").unwrap();
        assert_eq!(db.remove_upgrade_copies(Timestamp::UNIX_EPOCH).await, Ok(0));
        assert!(copy.exists());
        assert_eq!(db.remove_upgrade_copies(Timestamp::MAX).await, Ok(1));
        assert!(!copy.exists() && mine.exists() && folder.path().join("data/test.db").exists());
    }
}
