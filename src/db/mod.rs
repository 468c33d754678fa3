//! Our own database: all SQL of the house. Entities in, domain types out.
//!
//! [`Db::begin`] opens a [`Tx`], repositories take `&Tx`, [`Tx::commit`] is the only way to save.
//! The same code runs on SQLite (one machine) and PostgreSQL (many). Domain times are passed in;
//! only leases and delays of jobs use the database's clock.

pub mod api_call;
pub mod archive;
pub mod audit;
pub mod backup;
pub mod challenge;
pub mod correction;
pub mod deadline;
pub mod download;
pub mod erase_step;
pub mod error;
pub mod evidence;
pub mod flag;
pub mod frozen;
pub mod gauges;
pub mod intake;
pub mod job;
pub mod lane;
pub mod link;
pub mod list;
pub mod lost;
pub mod message;
pub mod meta;
pub mod notice;
pub mod outbox;
pub mod particulars;
pub mod plan;
pub mod queue;
pub mod replay;
pub mod report;
pub mod request;
pub mod reseal;
pub mod staff;
pub mod task;
pub mod telling;
pub mod token;
pub mod wake;
pub mod webhook;

mod connect;
mod convert;
#[cfg(test)]
mod queue_plans;
mod schema;
#[cfg(test)]
pub(crate) mod testing;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};

use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

use connect::Place;
pub use error::DbError;
use wake::Waker;

use crate::crash;
use crate::keys::root::RootKeyId;
use crate::keys::sealer::Sealer;

/// Our own database.
#[derive(Clone)]
pub struct Db {
    pool: DatabaseConnection,
    /// The file, on SQLite.
    file: Option<PathBuf>,
    /// One writer at a time on SQLite, in the order of asking. Waiting here is fair; SQLite's own
    /// waiting is not.
    turn: Option<Arc<Semaphore>>,
    waker: Waker,
    /// Transactions that are just beginning.
    begins: TaskTracker,
    sealer: Sealer,
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("backend", &self.backend()).finish_non_exhaustive()
    }
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…`. A file that is not there is made, readable by its
    /// owner alone. `sealer` seals the columns that must not stand in the clear. The schema is not
    /// looked at: see [`Db::require_current`] and [`Db::migrate`].
    pub async fn connect(url: &str, sealer: Sealer) -> Result<Self, DbError> {
        let (pool, file) = match Place::of(url)? {
            Place::Sqlite(path) => (connect::sqlite(path).await?, Some(path.to_owned())),
            Place::Postgres(options) => (connect::postgres(*options).await?, None),
        };
        let turn = file.is_some().then(|| Arc::new(Semaphore::new(1)));
        let waker = Waker::new(&pool);
        Ok(Self { pool, file, turn, waker, begins: TaskTracker::new(), sealer })
    }

    /// Whether any process has the database at `url` open.
    pub async fn in_use(url: &str) -> Result<bool, DbError> {
        match Place::of(url)? {
            Place::Sqlite(path) => connect::sqlite_in_use(path).await,
            Place::Postgres(options) => connect::postgres_in_use(*options).await,
        }
    }

    /// The root key that seals now.
    pub fn root_key(&self) -> RootKeyId {
        self.sealer.keys().current()
    }

    /// Begins a transaction that may write: `BEGIN IMMEDIATE` on SQLite. Dropping it undoes it.
    /// A task that holds one must not begin another.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        let turn = self.turn().await?;
        let mode = self.file.is_some().then_some(SqliteTransactionMode::Immediate);
        let options =
            TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        let inner = self.begin_whole(options).await?;
        Ok(Tx {
            inner,
            _turn: turn,
            waker: self.waker.clone(),
            pokes: AtomicBool::new(false),
            events: AtomicU16::new(0),
            sealer: self.sealer.clone(),
        })
    }

    /// Begins a transaction that only reads: it sees one state of things and waits for no writer on
    /// SQLite.
    pub async fn begin_read(&self) -> Result<Tx, DbError> {
        let mode = self.file.is_some().then_some(SqliteTransactionMode::Deferred);
        let options = TransactionOptions {
            sqlite_transaction_mode: mode,
            access_mode: self.file.is_none().then_some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        let inner = self.begin_whole(options).await?;
        Ok(Tx {
            inner,
            _turn: None,
            waker: self.waker.clone(),
            pokes: AtomicBool::new(false),
            events: AtomicU16::new(0),
            sealer: self.sealer.clone(),
        })
    }

    /// Begins in a task of its own on PostgreSQL. Whoever waits may be dropped, as when a browser
    /// goes away, and sqlx would then put the session back into the pool with its transaction open,
    /// perhaps a read-only one, for the next to write in.
    async fn begin_whole(
        &self,
        options: TransactionOptions,
    ) -> Result<DatabaseTransaction, DbError> {
        if self.file.is_some() {
            return Ok(self.pool.begin_with_options(options).await?);
        }
        let pool = self.pool.clone();
        let begun = self.begins.spawn(async move { pool.begin_with_options(options).await });
        Ok(begun.await.map_err(|_| DbError::Unreachable { code: None })??)
    }

    /// Whether the database answers within five seconds.
    pub async fn ping(&self) -> Result<(), DbError> {
        let answer = tokio::time::timeout(connect::PROBE_TIMEOUT, self.pool.ping()).await;
        Ok(answer.map_err(|_| DbError::Unreachable { code: None })??)
    }

    /// Empties SQLite's write-ahead log, so that what was just purged stands in no file any more.
    /// True when nothing is left of it: a reader may hold a part back, then ask again later.
    /// PostgreSQL forgets after VACUUM and has nothing to do here.
    pub async fn truncate_wal(&self) -> Result<bool, DbError> {
        if self.file.is_none() {
            return Ok(true);
        }
        let _turn = self.turn().await?;
        let mut session = self.pool.get_sqlite_connection_pool().acquire().await?;
        // A session that has not yet seen the log's last commit waits for itself, in vain; a
        // passive round lets it catch up.
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut *session).await?;
        let (busy, _, _): (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *session).await?;
        Ok(busy == 0)
    }

    /// What wakes the runner of this process, and tells other processes.
    pub fn waker(&self) -> &Waker {
        &self.waker
    }

    /// Waits until what is on its way has been sent, then closes every connection.
    pub async fn close(self) -> Result<(), DbError> {
        self.waker.close().await;
        self.begins.close();
        self.begins.wait().await;
        Ok(self.pool.close().await?)
    }

    /// For reads outside a transaction, by repositories only.
    pub(crate) fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    async fn turn(&self) -> Result<Option<OwnedSemaphorePermit>, DbError> {
        let Some(turn) = &self.turn else { return Ok(None) };
        let asked = Arc::clone(turn).acquire_owned();
        match tokio::time::timeout(connect::ACQUIRE_TIMEOUT, asked).await {
            Ok(Ok(turn)) => Ok(Some(turn)),
            _ => Err(DbError::Busy { code: None }),
        }
    }

    fn backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }
}

/// An open transaction. Dropped without [`Tx::commit`], nothing of it has happened.
pub struct Tx {
    // Before the turn: fields are dropped in this order, and the next writer comes after the undo.
    inner: DatabaseTransaction,
    _turn: Option<OwnedSemaphorePermit>,
    waker: Waker,
    pokes: AtomicBool,
    /// How many events it has written, so that they stay in their order.
    events: AtomicU16,
    sealer: Sealer,
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tx(…)")
    }
}

impl Tx {
    /// Saves. When jobs became ready in it, the runners are woken.
    pub async fn commit(self) -> Result<(), DbError> {
        let Self { inner, waker, pokes, .. } = self;
        crash::point("commit before");
        inner.commit().await?;
        crash::point("commit after");
        if pokes.into_inner() {
            waker.poke();
        }
        Ok(())
    }

    /// For the repositories.
    pub(crate) fn inner(&self) -> &DatabaseTransaction {
        &self.inner
    }

    fn conn(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// Seals and opens columns.
    fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// Wakes the runners when this transaction commits.
    fn poke_on_commit(&self) {
        self.pokes.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use sea_orm::{ConnectionTrait, Statement};

    use super::testing::{TestDb, db_test, on_postgres, sealer, sqlite_url};
    use super::*;

    async fn pragma(db: &Db, name: &str) -> String {
        let text = format!("SELECT CAST({name} AS TEXT) FROM pragma_{name}");
        let pool = db.pool().get_sqlite_connection_pool();
        sqlx::query_scalar(sqlx::AssertSqlSafe(text)).fetch_one(pool).await.unwrap()
    }

    db_test!(an_open_database_answers, |db| async move {
        assert_eq!(db.ping().await, Ok(()));
        assert_eq!(db.truncate_wal().await, Ok(true));
        assert_eq!(db.again().await.close().await, Ok(()));
    });

    #[tokio::test]
    async fn who_stops_waiting_for_a_transaction_leaves_none_open() {
        on_postgres(async |db| {
            let open = "SELECT count(*) FROM pg_stat_activity \
                WHERE datname = current_database() AND state = 'idle in transaction'";
            let watcher = db.again().await;
            for patience in (0..3_000).step_by(20) {
                let patience = Duration::from_micros(patience);
                drop(tokio::time::timeout(patience, db.begin_read()).await);
                // What is undone is undone soon.
                let mut left = 1;
                for _ in 0..100 {
                    let tx = watcher.begin_read().await.unwrap();
                    let row =
                        tx.inner().query_one_raw(Statement::from_string(DbBackend::Postgres, open));
                    left = row.await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap();
                    if left == 0 {
                        break;
                    }
                }
                assert_eq!(left, 0, "after {patience:?}");
            }
            watcher.close().await.unwrap();
        })
        .await;
    }

    #[tokio::test]
    async fn what_sqlite_undid_by_itself_spoils_nothing_that_comes_after() {
        let (_folder, url) = sqlite_url();
        let db = TestDb::connect(url).await;
        db.migrate().await.unwrap();
        for at in ["1", "2", "3"] {
            // As it does when the disk is full.
            let tx = db.begin().await.unwrap();
            tx.inner().execute_unprepared("ROLLBACK").await.unwrap();
            drop(tx);
            let tx = db.begin().await.unwrap();
            tx.set_fact("x", "not saved").await.unwrap();
            drop(tx);
            let tx = db.begin().await.unwrap();
            tx.set_fact("x", at).await.unwrap();
            tx.commit().await.unwrap();
            let kept = db.again().await.begin_read().await.unwrap().fact("x").await;
            assert_eq!(kept, Ok(Some(at.to_owned())), "saved for everybody");
        }
    }

    #[tokio::test]
    async fn sqlite_is_durable_strict_and_forgets() {
        let (_folder, url) = sqlite_url();
        let db = TestDb::connect(url).await;
        assert_eq!(pragma(&db, "journal_mode").await, "wal");
        assert_eq!(pragma(&db, "synchronous").await, "2"); // FULL
        assert_eq!(pragma(&db, "secure_delete").await, "1");
        assert_eq!(pragma(&db, "foreign_keys").await, "1");
        assert_eq!(pragma(&db, "temp_store").await, "2"); // memory
    }

    #[tokio::test]
    async fn the_files_of_sqlite_are_their_owners_alone() {
        let (folder, url) = sqlite_url();
        let db = TestDb::connect(url).await;
        db.migrate().await.unwrap();
        let mode = |path: &str| {
            fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777
        };
        assert_eq!(mode("data"), 0o700);
        assert_eq!(mode("data/test.db"), 0o600);
        assert_eq!(mode("data/test.db-wal"), 0o600);
    }

    #[tokio::test]
    async fn a_purge_leaves_nothing_in_the_write_ahead_log() {
        let (folder, url) = sqlite_url();
        let db = TestDb::connect(url).await;
        db.migrate().await.unwrap();
        let log = folder.path().join("data/test.db-wal");
        assert_ne!(fs::metadata(&log).unwrap().len(), 0);
        assert_eq!(db.truncate_wal().await, Ok(true));
        assert_eq!(fs::metadata(&log).unwrap().len(), 0);
    }

    #[tokio::test]
    async fn a_place_that_cannot_be_is_told_apart() {
        assert_eq!(Db::connect("mysql://h/d", sealer()).await.unwrap_err(), DbError::BadUrl);
        let taken = tempfile::NamedTempFile::new().unwrap();
        let below = format!("sqlite:{}/below.db", taken.path().display());
        assert!(matches!(Db::connect(&below, sealer()).await, Err(DbError::File { .. })));
        fs::write(taken.path(), "this is no database, however long one looks at it").unwrap();
        let text = format!("sqlite:{}", taken.path().display());
        assert!(matches!(Db::connect(&text, sealer()).await, Err(DbError::File { .. })));
        let closed = Db::connect("postgres://nobody@127.0.0.1:1/none", sealer()).await;
        assert!(matches!(closed, Err(DbError::Unreachable { .. })));
    }
}
