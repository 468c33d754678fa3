//! Taking rows away: transactions that write, and how PostgreSQL spells a change.

use std::fmt;

use async_trait::async_trait;
use sqlx::AssertSqlSafe;
use sqlx::Row as _;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow, Postgres};
use sqlx::query::Query;

use super::catalogue::{self, Catalogue};
use super::dialect::PgDialect;
use super::types::Print;
use super::value::{get, query, trouble};
use super::{PATIENCE, PostgresStore, Tx, end};
use crate::crash;
use crate::domain::erase::{Done, ErasePlan, EraseScope, RowId, Seen, Stop, Verdict};
use crate::domain::record::Value;
use crate::store::StoreError;
use crate::store::erase::{Erase, Look, Reach, Step};
use crate::store::sql::erase::{Eraser, Hand, Holds, Session};
use crate::store::sql::plan::Plan;
use crate::store::sql::statement::{Column, Dialect as _};

/// Triggers of the store find their own tables and functions under the path that they know.
const THEIRS: &str = "SET LOCAL search_path = DEFAULT";
/// Our own statements name everything by its place.
const OURS: &str = "SET LOCAL search_path = pg_catalog";
/// A copy that follows another server takes no changes, nor does a database that was closed.
const READ_ONLY: &str = "SELECT pg_is_in_recovery()
    OR coalesce(current_setting('default_transaction_read_only', true), 'off') = 'on'";

/// How connections are made beside those that read. It may hold a password.
#[derive(Clone)]
pub(super) struct Ways(PgConnectOptions);

impl fmt::Debug for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ways(…)")
    }
}

impl Ways {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        Self(options)
    }

    /// A pool of one connection of its own.
    pub(super) fn fresh(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .idle_timeout(PATIENCE)
            .connect_lazy_with(self.0.clone())
    }
}

/// One transaction, and the rows that lie ready: a list a column.
struct Running {
    tx: Tx,
    laid: Vec<Vec<Option<String>>>,
}

impl Running {
    fn new(tx: Tx) -> Self {
        Self { tx, laid: Vec::new() }
    }

    fn on_laid<'q>(&self, sql: String) -> Query<'q, Postgres, PgArguments> {
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
        self.laid.iter().cloned().fold(query, Query::bind)
    }

    async fn path(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let set = sqlx::raw_sql(sql).execute(&mut *self.tx).await;
        set.map(drop).map_err(|error| trouble(&error))
    }
}

fn texts(rows: &[PgRow]) -> Result<Vec<Vec<Value>>, StoreError> {
    rows.iter().map(|row| (0..row.len()).map(|at| get(row, at, &Print::Text)).collect()).collect()
}

/// Every value that we select is a text; what is a number or a truth value comes from our own side.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Real(number) => Some(number.to_string()),
        Value::Number(text) | Value::Text(text) | Value::Json(text) => Some(text.clone()),
        Value::Bytes(bytes) => Some(format!("\\x{}", data_encoding::HEXLOWER.encode(bytes))),
    }
}

#[async_trait]
impl Session for Running {
    async fn rows(&mut self, of: (String, Vec<Value>)) -> Result<Vec<Vec<Value>>, StoreError> {
        let rows = query(of).fetch_all(&mut *self.tx).await;
        texts(&rows.map_err(|error| trouble(&error))?)
    }

    async fn put(&mut self, rows: &[Vec<Value>], width: usize) -> Result<(), StoreError> {
        let list = |at: usize| rows.iter().map(|row| row.get(at).and_then(text)).collect();
        self.laid = (0..width).map(list).collect();
        Ok(())
    }

    async fn rows_put(&mut self, sql: String) -> Result<Vec<Vec<Value>>, StoreError> {
        let query = self.on_laid(sql);
        let rows = query.fetch_all(&mut *self.tx).await;
        texts(&rows.map_err(|error| trouble(&error))?)
    }

    async fn change(&mut self, sql: String) -> Result<u64, StoreError> {
        self.path(THEIRS).await?;
        let query = self.on_laid(sql);
        let done = query.execute(&mut *self.tx).await.map_err(|error| trouble(&error))?;
        self.path(OURS).await?;
        Ok(done.rows_affected())
    }
}

impl Hand for PgDialect<'_> {
    fn shown(&self, column: &Column<'_>) -> String {
        format!("{}::text", column.sql)
    }

    fn is_at(&self, column: &Column<'_>, slot: &str) -> String {
        self.equal(&(column.clone(), column.clone()), slot)
    }

    fn holds(&self, table: &str, column: &str) -> Holds {
        self.kind(table, column).map_or(Holds::Other, super::kind::Kind::holds)
    }

    fn lock(&self, table: &str) -> &'static str {
        // Locking needs the right to change; without it a change of somebody else still ends ours.
        let can = self.0.get(table).is_some_and(|relation| !relation.open.is_empty());
        if can { " FOR UPDATE OF t" } else { "" }
    }

    fn source(&self, width: usize) -> String {
        let lists: Vec<String> = (1..=width).map(|at| format!("${at}::text[]")).collect();
        let names: Vec<String> = (0..width).map(|at| format!("c{at}")).collect();
        format!("unnest({}) AS v({})", lists.join(", "), names.join(", "))
    }

    fn delete(&self, table: &str, key: &[String], width: usize) -> String {
        format!(
            "DELETE FROM {} AS t USING {} WHERE {}",
            self.table(table),
            self.source(width),
            self.is_put(table, key)
        )
    }

    fn assigned(&self, column: &Column<'_>, slot: &str) -> String {
        match self.kind(column.table, column.name) {
            Some(kind) => format!("{slot}::text::{}", kind.cast),
            None => slot.to_owned(),
        }
    }

    fn may_change(&self, table: &str, columns: &[&str]) -> bool {
        self.0.get(table).is_some_and(|relation| {
            let open = columns.iter().all(|column| relation.open.contains(*column));
            if columns.is_empty() { relation.deletes } else { open }
        })
    }
}

impl PostgresStore {
    async fn read_all(&self, tx: &mut Tx) -> Result<(Catalogue, Plan), StoreError> {
        let catalogue = catalogue::read(tx, &self.map).await?;
        let plan = Plan::new(&self.map, &catalogue.schema)?;
        Ok((catalogue, plan))
    }

    fn eraser<'e>(
        &'e self,
        known: &'e (Catalogue, Plan),
        hand: &'e PgDialect<'e>,
        read_only: bool,
    ) -> Eraser<'e> {
        let (map, peppers) = (&self.map, self.peppers.as_ref());
        Eraser { map, schema: &known.0.schema, plan: &known.1, hand, peppers, read_only }
    }

    async fn planned(&self, tx: Tx, reach: &Reach<'_>) -> (Tx, Result<ErasePlan, StoreError>) {
        let mut running = Running::new(tx);
        let plan = async {
            let known = self.read_all(&mut running.tx).await?;
            let closed = sqlx::query(READ_ONLY).persistent(false).fetch_one(&mut *running.tx).await;
            let closed = closed.and_then(|row| row.try_get(0)).map_err(|error| trouble(&error))?;
            let hand = PgDialect(&known.0.relations);
            self.eraser(&known, &hand, closed).plan(&mut running, reach).await
        };
        let plan = plan.await;
        (running.tx, plan)
    }

    async fn stepped(
        &self,
        tx: Tx,
        reach: &Reach<'_>,
        step: &Step<'_>,
    ) -> (Tx, Result<Done, StoreError>) {
        let mut running = Running::new(tx);
        let done = async {
            let known = self.read_all(&mut running.tx).await?;
            let hand = PgDialect(&known.0.relations);
            let eraser = self.eraser(&known, &hand, false);
            let done = eraser.execute(&mut running, reach, step).await?;
            // What waits for the end of the transaction runs there, too.
            running.path(THEIRS).await?;
            Ok(done)
        };
        let done = done.await;
        (running.tx, done)
    }
}

/// A step that the rules of the database forbid was stopped by them: a value that does not fit
/// (class 22 of the SQLSTATEs), or a constraint (23).
fn stopped(done: Result<Done, StoreError>) -> Result<Done, StoreError> {
    let forbidden = |error: &StoreError| {
        error.detail.as_deref().is_some_and(|s| s.starts_with("22") || s.starts_with("23"))
    };
    match done {
        Err(error) if forbidden(&error) => Ok(Done::Stopped(Stop::Blocked)),
        done => done,
    }
}

#[async_trait]
impl Erase for PostgresStore {
    async fn plan(&self, reach: &Reach<'_>) -> Result<ErasePlan, StoreError> {
        let (tx, plan) = self.planned(self.begin().await?, reach).await;
        end(tx, plan).await
    }

    async fn execute(&self, reach: &Reach<'_>, step: &Step<'_>) -> Result<Done, StoreError> {
        let begin = AssertSqlSafe(self.begin.replacen("READ ONLY", "READ WRITE", 1));
        let tx = self.writing.begin_with(begin).await.map_err(|error| trouble(&error))?;
        let (tx, done) = self.stepped(tx, reach, step).await;
        match done {
            Ok(done @ Done::Changed(_)) => {
                crash::point("erase half");
                let ended = tx.commit().await.map_err(|error| trouble(&error));
                stopped(ended.map(|()| done))
            }
            other => end(tx, stopped(other)).await,
        }
    }

    async fn verify(&self, reach: &Reach<'_>, look: &Look<'_>) -> Result<Verdict, StoreError> {
        let pool = self.ways.fresh();
        let tx = pool.begin_with(AssertSqlSafe(self.begin.clone())).await;
        let mut running = Running::new(tx.map_err(|error| trouble(&error))?);
        let verdict = async {
            let known = self.read_all(&mut running.tx).await?;
            let hand = PgDialect(&known.0.relations);
            self.eraser(&known, &hand, false).verify(&mut running, reach, look).await
        };
        let verdict = verdict.await;
        let verdict = end(running.tx, verdict).await;
        pool.close().await;
        verdict
    }

    async fn names(
        &self,
        collection: &str,
        after: Option<&RowId>,
    ) -> Result<Vec<RowId>, StoreError> {
        let mut running = Running::new(self.begin().await?);
        let names = async {
            let known = self.read_all(&mut running.tx).await?;
            let hand = PgDialect(&known.0.relations);
            self.eraser(&known, &hand, true).names(&mut running, collection, after).await
        };
        let names = names.await;
        end(running.tx, names).await
    }

    async fn sight(&self, scope: &EraseScope, look: &Look<'_>) -> Result<Vec<Seen>, StoreError> {
        let mut running = Running::new(self.begin().await?);
        let seen = async {
            let known = self.read_all(&mut running.tx).await?;
            let hand = PgDialect(&known.0.relations);
            self.eraser(&known, &hand, true).sight(&mut running, scope, look).await
        };
        let seen = seen.await;
        end(running.tx, seen).await
    }
}
