//! Taking rows away: connections that write, and how SQLite spells a change.

use async_trait::async_trait;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Row as _, Transaction};

use super::dialect::SqliteDialect;
use super::value::{get, query, trouble};
use super::{PATIENCE, SqliteStore, schema};
use crate::crash;
use crate::domain::erase::{Done, ErasePlan, EraseScope, RowId, Seen, Stop, Verdict};
use crate::domain::record::Value;
use crate::store::erase::{Erase, Look, Reach, Step};
use crate::store::sql::erase::{Eraser, Hand, Holds, Session};
use crate::store::sql::plan::Plan;
use crate::store::sql::schema::Schema;
use crate::store::sql::statement::{Column, Dialect as _};
use crate::store::{StoreError, StoreErrorCode};

type Tx = Transaction<'static, Sqlite>;

/// Where rows are laid ready; in memory, and gone with the connection.
const READY: &str = "temp.\"rightsdesk rows\"";
/// Values bound to one statement at most; SQLite takes 32766.
const VALUES: usize = 8000;

/// The connections that write: one, since the file has one writer.
pub(super) fn writing(options: SqliteConnectOptions) -> SqlitePool {
    // What is deleted is overwritten, and references are looked after, whatever the file says.
    let options = options
        .read_only(false)
        .pragma("query_only", "off")
        .foreign_keys(true)
        .pragma("secure_delete", "on");
    SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(PATIENCE)
        .connect_lazy_with(options)
}

/// One transaction, and how wide the rows are that lie ready.
struct Running {
    tx: Tx,
    laid: Option<usize>,
}

#[async_trait]
impl Session for Running {
    async fn rows(&mut self, of: (String, Vec<Value>)) -> Result<Vec<Vec<Value>>, StoreError> {
        let rows = query(of).fetch_all(&mut *self.tx).await.map_err(|error| trouble(&error))?;
        rows.iter().map(|row| (0..row.len()).map(|at| get(row, at)).collect()).collect()
    }

    async fn put(&mut self, rows: &[Vec<Value>], width: usize) -> Result<(), StoreError> {
        if self.laid == Some(width) {
            self.run(format!("DELETE FROM {READY}")).await?;
        } else {
            // Without a type a column gives back exactly what it was given.
            let columns: Vec<String> = (0..width).map(|at| format!("c{at}")).collect();
            self.run(format!("DROP TABLE IF EXISTS {READY}")).await?;
            self.run(format!("CREATE TEMP TABLE \"rightsdesk rows\" ({})", columns.join(", ")))
                .await?;
            self.laid = Some(width);
        }
        for chunk in rows.chunks(VALUES / width.max(1)) {
            let mut slot = 0;
            let row = |row: &Vec<Value>| {
                let slots = row.iter().map(|_| {
                    slot += 1;
                    format!("?{slot}")
                });
                format!("({})", slots.collect::<Vec<_>>().join(", "))
            };
            let slots: Vec<String> = chunk.iter().map(row).collect();
            let sql = format!("INSERT INTO {READY} VALUES {}", slots.join(", "));
            let values = chunk.iter().flatten().cloned().collect();
            let done = query((sql, values)).execute(&mut *self.tx).await;
            done.map_err(|error| trouble(&error))?;
        }
        Ok(())
    }

    async fn rows_put(&mut self, sql: String) -> Result<Vec<Vec<Value>>, StoreError> {
        self.rows((sql, Vec::new())).await
    }

    async fn change(&mut self, sql: String) -> Result<u64, StoreError> {
        let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut *self.tx).await;
        done.map(|done| done.rows_affected()).map_err(|error| trouble(&error))
    }
}

impl Running {
    async fn run(&mut self, sql: String) -> Result<(), StoreError> {
        self.change(sql).await.map(drop)
    }
}

impl Hand for SqliteDialect {
    fn shown(&self, column: &Column<'_>) -> String {
        column.sql.clone()
    }

    fn is_at(&self, column: &Column<'_>, slot: &str) -> String {
        format!("{0} = {slot} AND {0} = {slot} COLLATE BINARY", column.sql)
    }

    fn holds(&self, _table: &str, _column: &str) -> Holds {
        Holds::Text
    }

    fn lock(&self, _table: &str) -> &'static str {
        ""
    }

    fn source(&self, _width: usize) -> String {
        format!("{READY} AS v")
    }

    fn delete(&self, table: &str, key: &[String], _width: usize) -> String {
        let columns: Vec<String> =
            key.iter().map(|name| format!("t.{}", self.quote(name))).collect();
        let slots: Vec<String> = (0..key.len()).map(|at| format!("c{at}")).collect();
        format!(
            "DELETE FROM {} AS t WHERE ({}) IN (SELECT {} FROM {READY})",
            self.quote(table),
            columns.join(", "),
            slots.join(", ")
        )
    }

    fn assigned(&self, _column: &Column<'_>, slot: &str) -> String {
        slot.to_owned()
    }

    fn may_change(&self, _table: &str, _columns: &[&str]) -> bool {
        true
    }
}

impl SqliteStore {
    async fn read(&self, tx: &mut Tx) -> Result<(Schema, Plan), StoreError> {
        let schema = schema::read(tx).await?;
        let plan = Plan::new(&self.map, &schema)?;
        Ok((schema, plan))
    }

    fn eraser<'e>(&'e self, (schema, plan): &'e (Schema, Plan), read_only: bool) -> Eraser<'e> {
        let peppers = self.peppers.as_ref();
        Eraser { map: &self.map, schema, plan, hand: &SqliteDialect, peppers, read_only }
    }

    /// A transaction that nobody else writes beside.
    async fn begin_writing(&self) -> Result<Tx, StoreError> {
        if tokio::fs::metadata(&self.path).await.is_err() {
            return Err(StoreError::new(StoreErrorCode::Unreachable));
        }
        let tx = self.writing.begin_with("BEGIN IMMEDIATE").await;
        tx.map_err(|error| trouble(&error))
    }

    /// Whether the file can be written at all; who is busy writing it can.
    async fn is_read_only(&self) -> bool {
        match self.begin_writing().await {
            Ok(tx) => {
                // Nothing was written; a failed end is the end too.
                let _ = tx.rollback().await;
                false
            }
            Err(error) => error.code == StoreErrorCode::Denied,
        }
    }
}

/// What the rules of the database forbid: SQLite's result code 19.
fn is_forbidden(error: &StoreError) -> bool {
    let code = error.detail.as_deref().and_then(|detail| detail.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 19)
}

/// A step that the rules of the database forbid was stopped by them.
fn stopped(done: Result<Done, StoreError>) -> Result<Done, StoreError> {
    match done {
        Err(error) if is_forbidden(&error) => Ok(Done::Stopped(Stop::Blocked)),
        done => done,
    }
}

#[async_trait]
impl Erase for SqliteStore {
    async fn plan(&self, reach: &Reach<'_>) -> Result<ErasePlan, StoreError> {
        let read_only = self.is_read_only().await;
        let mut running = Running { tx: self.begin().await?, laid: None };
        let known = self.read(&mut running.tx).await?;
        let plan = self.eraser(&known, read_only).plan(&mut running, reach).await;
        running.tx.rollback().await.map_err(|error| trouble(&error))?;
        plan
    }

    async fn execute(&self, reach: &Reach<'_>, step: &Step<'_>) -> Result<Done, StoreError> {
        let mut running = Running { tx: self.begin_writing().await?, laid: None };
        let known = self.read(&mut running.tx).await?;
        let done = self.eraser(&known, false).execute(&mut running, reach, step).await;
        let done = match done {
            Ok(Done::Changed(changed)) => {
                // Rows laid ready must not wait for the next step.
                running.run(format!("DROP TABLE IF EXISTS {READY}")).await?;
                crash::point("erase half");
                let ended = running.tx.commit().await.map_err(|error| trouble(&error));
                stopped(ended.map(|()| Done::Changed(changed)))
            }
            other => {
                let ended = running.tx.rollback().await.map_err(|error| trouble(&error));
                stopped(other).and_then(|done| ended.map(|()| done))
            }
        }?;
        if matches!(&done, Done::Changed(changed) if !changed.rows.is_empty()) {
            self.forget().await;
        }
        Ok(done)
    }

    async fn verify(&self, reach: &Reach<'_>, look: &Look<'_>) -> Result<Verdict, StoreError> {
        let (pool, mut running, known) = self.lay().await?;
        let verdict = self.eraser(&known, false).verify(&mut running, reach, look).await;
        drop(running);
        pool.close().await;
        verdict
    }

    async fn names(
        &self,
        collection: &str,
        after: Option<&RowId>,
    ) -> Result<Vec<RowId>, StoreError> {
        let mut running = Running { tx: self.begin().await?, laid: None };
        let known = self.read(&mut running.tx).await?;
        let names = self.eraser(&known, true).names(&mut running, collection, after).await;
        running.tx.rollback().await.map_err(|error| trouble(&error))?;
        names
    }

    async fn sight(&self, scope: &EraseScope, look: &Look<'_>) -> Result<Vec<Seen>, StoreError> {
        let (pool, mut running, known) = self.lay().await?;
        let seen = self.eraser(&known, true).sight(&mut running, scope, look).await;
        drop(running);
        pool.close().await;
        seen
    }
}

impl SqliteStore {
    /// A transaction over a connection of its own, which is closed by the caller, and what the file
    /// looks like there.
    async fn lay(&self) -> Result<(SqlitePool, Running, (Schema, Plan)), StoreError> {
        if tokio::fs::metadata(&self.path).await.is_err() {
            return Err(StoreError::new(StoreErrorCode::Unreachable));
        }
        let pool = self.laying();
        let tx = pool.begin().await.map_err(|error| trouble(&error))?;
        let mut running = Running { tx, laid: None };
        let known = self.read(&mut running.tx).await?;
        Ok((pool, running, known))
    }

    /// A connection of its own, that may lay rows ready and write nothing else.
    fn laying(&self) -> SqlitePool {
        let options = super::read_only(&self.path).pragma("query_only", "off");
        let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        pool.connect_lazy_with(options)
    }

    /// Takes what was written out of the log beside the file, where nobody else reads it just now.
    async fn forget(&self) {
        if let Ok(mut connection) = self.writing.acquire().await {
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            // The store's own program does it sooner or later; the step is done either way.
            let _ = sqlx::raw_sql(sql).execute(&mut *connection).await;
        }
    }
}
