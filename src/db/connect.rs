//! Opens the database, each kind with the settings that our promises rest on.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::{DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection};

use super::error::DbError;

/// How long a caller waits for a connection, or for its turn to write.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a server may take to answer at all.
pub(super) const PROBE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long SQLite waits for another process to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_CONNECTIONS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;
/// The first SQLite without the WAL-reset bug.
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);

/// Where the database is.
pub(super) enum Place<'a> {
    /// A file of this path.
    Sqlite(&'a Path),
    /// A server.
    Postgres(Box<PgConnectOptions>),
}

impl<'a> Place<'a> {
    /// Reads a URL. What follows `sqlite:` is the path as it stands, without escapes or options; a
    /// database in memory is refused, since every connection would see one of its own.
    pub(super) fn of(url: &'a str) -> Result<Self, DbError> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            let is_file = !path.is_empty() && !path.starts_with(':');
            return is_file.then(|| Self::Sqlite(Path::new(path))).ok_or(DbError::BadUrl);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return url.parse().map(|to| Self::Postgres(Box::new(to))).map_err(|_| DbError::BadUrl);
        }
        Err(DbError::BadUrl)
    }
}

/// Opens a SQLite file; makes it (mode 0600) and its folder (mode 0700) where they are not there.
pub(super) async fn sqlite(path: &Path) -> Result<DatabaseConnection, DbError> {
    let owned: PathBuf = path.to_owned();
    tokio::task::spawn_blocking(move || make_private_file(&owned))
        .await
        .map_err(|_| DbError::File { code: None })?
        .map_err(|error| DbError::File { code: error.raw_os_error().map(|no| no.to_string()) })?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL would lose the last commits with the power.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        // Sorting and indexing never spill a person's data into a file of its own.
        .pragma("temp_store", "memory")
        // What is deleted is overwritten.
        .pragma("secure_delete", "ON")
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(SQLITE_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // SQLite may end a transaction by itself, as when the disk is full. sqlx goes on counting it,
        // takes the next one on this session for a part of it, and never commits that.
        .after_release(|session, _| {
            Box::pin(async move {
                session.ping().await?;
                Ok(!session.is_in_transaction())
            })
        })
        .connect_with(options)
        .await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&pool).await?;
    require_safe_sqlite(&version)?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Opens a pool of connections to PostgreSQL.
pub(super) async fn postgres(options: PgConnectOptions) -> Result<DatabaseConnection, DbError> {
    let options = options.application_name("rightsdesk").disable_statement_logging();
    // A pool goes on trying until its time is up and then cannot say why. One try of our own can.
    let probe = tokio::time::timeout(PROBE_TIMEOUT, PgConnection::connect_with(&options)).await;
    probe.map_err(|_| DbError::Unreachable { code: None })??.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(|session, _| {
            Box::pin(async move {
                // As statements, since poolers between us and the server refuse start-up options.
                for setting in [
                    "SET TIME ZONE 'UTC'",
                    "SET statement_timeout = '30s'",
                    "SET lock_timeout = '10s'",
                    // Shorter than a lease: a process that stands still must not hold what another
                    // one needs to go on in its place.
                    "SET idle_in_transaction_session_timeout = '20s'",
                ] {
                    sqlx::query(setting).execute(&mut *session).await?;
                }
                Ok(())
            })
        })
        .connect_with(options)
        .await?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

/// Asks for the file alone: whoever has it open in WAL mode shares a lock on it.
pub(super) async fn sqlite_in_use(path: &Path) -> Result<bool, DbError> {
    if !path.exists() {
        return Ok(false);
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(Duration::ZERO)
        .disable_statement_logging();
    let alone = async {
        let mut session = SqliteConnection::connect_with(&options).await?;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut session).await?;
        sqlx::query("ROLLBACK").execute(&mut session).await?;
        session.close().await
    };
    match alone.await.map_err(DbError::from) {
        Ok(()) => Ok(false),
        Err(DbError::Busy { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Looks for sessions of the name that [`postgres`] gives to its own.
pub(super) async fn postgres_in_use(options: PgConnectOptions) -> Result<bool, DbError> {
    let options = options.application_name("rightsdesk look").disable_statement_logging();
    let probe = tokio::time::timeout(PROBE_TIMEOUT, PgConnection::connect_with(&options)).await;
    let mut session = probe.map_err(|_| DbError::Unreachable { code: None })??;
    let sessions = "SELECT count(*) FROM pg_stat_activity \
                    WHERE datname = current_database() AND application_name = 'rightsdesk'";
    let others: i64 = sqlx::query_scalar(sessions).fetch_one(&mut session).await?;
    session.close().await?;
    Ok(others > 0)
}

/// SQLite gives its `-wal` and `-shm` files the mode of the file itself.
fn make_private_file(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    Ok(())
}

fn require_safe_sqlite(version: &str) -> Result<(), DbError> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < SQLITE_FLOOR {
        return Err(DbError::SqliteTooOld { found: version.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_with_the_wal_bug_is_refused() {
        assert_eq!(require_safe_sqlite("3.51.3"), Ok(()));
        assert_eq!(require_safe_sqlite("3.52.0"), Ok(()));
        for old in ["3.51.2", "3.46.0", "3.9.3"] {
            assert_eq!(
                require_safe_sqlite(old),
                Err(DbError::SqliteTooOld { found: old.to_owned() })
            );
        }
    }

    #[test]
    fn only_files_and_servers_are_places() {
        assert!(matches!(Place::of("sqlite:data/a.db"), Ok(Place::Sqlite(_))));
        assert!(matches!(Place::of("sqlite:///var/a.db"), Ok(Place::Sqlite(p)) if p.is_absolute()));
        assert!(matches!(Place::of("postgres://u@h/d"), Ok(Place::Postgres(_))));
        for bad in ["sqlite::memory:", "sqlite:", "mysql://h/d", "data/a.db", ""] {
            assert!(matches!(Place::of(bad), Err(DbError::BadUrl)), "{bad}");
        }
    }
}
