//! PostgreSQL databases: read in transactions that cannot write; erased, put right and marked in
//! others.

mod catalogue;
mod check;
mod claim;
mod correct;
mod dialect;
mod erase;
mod kind;
mod locate;
mod look;
mod nested;
mod page;
mod probe;
mod restrict;
#[cfg(test)]
pub(crate) mod tests;
mod types;
mod unfit;
mod url;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::{PgPool, PgPoolOptions, Postgres};
use sqlx::{AssertSqlSafe, Transaction};

use self::catalogue::Relation;
use self::erase::Ways;
pub use self::look::look;
pub use self::url::{OPEN, leaves_tls_to_chance};
use self::url::{Way, way};
use self::value::trouble;
use super::correct::Correct;
use super::erase::Erase;
use super::map::{Noted, StoreMap};
use super::restrict::Restrict;
use super::sql::Bounds;
use super::sql::check::{Wanted, compare};
use super::sql::marks;
use super::sql::plan::{Output, Plan};
use super::sql::schema::Schema;
use super::{Cursor, Export, Finding, Located, OpenFile, Page, Store, StoreError};
use crate::domain::facts::StoreFacts;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::keys::pepper::Peppers;

/// Connections at most; the database serves others first.
const CONNECTIONS: u32 = 4;
/// How long we wait for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long one statement may take.
const STATEMENT: Duration = Duration::from_secs(30);

/// What every transaction begins with. It is said in the transaction itself, since poolers between
/// us and the server keep nothing of a session. Names are found in the server's own schema alone, so
/// that nobody's function or operator stands in for it; row security is an error instead of rows
/// that are missing in silence; plans are made for the person that is asked for.
const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL search_path = pg_catalog;
    SET LOCAL row_security = off;
    SET LOCAL lock_timeout = '5s';
    SET LOCAL idle_in_transaction_session_timeout = '60s';
    SET LOCAL client_min_messages = error;
    SET LOCAL TimeZone = 'UTC';
    SET LOCAL DateStyle = 'ISO, YMD';
    SET LOCAL IntervalStyle = 'iso_8601';
    SET LOCAL extra_float_digits = 3;
    SET LOCAL bytea_output = 'hex';
    SET LOCAL xmloption = 'content';
    SET LOCAL standard_conforming_strings = on;
    SET LOCAL plan_cache_mode = force_custom_plan;
    SET LOCAL jit = off;
    SET LOCAL statement_timeout = ";

type Tx = Transaction<'static, Postgres>;

/// One database behind its map.
#[derive(Debug)]
pub struct PostgresStore {
    map: StoreMap,
    wanted: Vec<Wanted>,
    pool: PgPool,
    writing: PgPool,
    ways: Ways,
    peppers: Option<Peppers>,
    papers: Vec<PathBuf>,
    bounds: Bounds,
    begin: String,
    known: Mutex<Option<Arc<Known>>>,
}

/// The plan for the tables as they were.
#[derive(Debug)]
struct Known {
    plan: Plan,
    relations: BTreeMap<String, Relation>,
    /// The tables that it touches, and their fingerprint.
    oids: Vec<i64>,
    fingerprint: String,
}

impl PostgresStore {
    /// The store of a map. Connects to nothing yet: a server that is away is trouble of a call, not
    /// of the start. `wanted` are the columns that other stores refer to.
    pub fn new(map: &StoreMap, wanted: Vec<Wanted>) -> Result<Self, Finding> {
        let wrong =
            |line, message: String| Finding { file: map.file.clone(), line, code: "url", message };
        let Some(Noted { value: url, line }) = &map.url else {
            let help = "write url = \"postgres://user@host/database\"";
            return Err(wrong(map.line, format!("store {} has no url; {help}", map.name)));
        };
        let Way { options, papers } = way(url.reveal())
            .map_err(|help| wrong(*line, format!("store.{}.url: {help}", map.name)))?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .idle_timeout(Duration::from_mins(1))
            .connect_lazy_with(options.clone());
        let (map, bounds, known) = (map.clone(), Bounds::default(), Mutex::default());
        let ways = Ways::new(options);
        let (writing, begin, peppers) = (ways.fresh(), begin(STATEMENT), None);
        Ok(Self { map, wanted, pool, writing, ways, peppers, papers, bounds, begin, known })
    }

    /// With what keyed hashes are made with where rows are masked.
    #[must_use]
    pub fn peppered(mut self, peppers: Option<Peppers>) -> Self {
        self.peppers = peppers;
        self
    }

    /// Every table and view of the database that the role can know of. Reads no personal data.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        let mut tx = self.begin().await?;
        let found = catalogue::read(&mut tx, &self.map).await;
        end(tx, found.map(|catalogue| catalogue.schema)).await
    }

    /// With other bounds of a page.
    #[cfg(test)]
    pub(crate) fn bounded(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// With another time that a statement may take.
    #[cfg(test)]
    pub(crate) fn patient(mut self, statement: Duration) -> Self {
        self.begin = begin(statement);
        self
    }

    /// A read transaction. It sees one state of the database until it ends.
    async fn begin(&self) -> Result<Tx, StoreError> {
        let begin = AssertSqlSafe(self.begin.clone());
        self.pool.begin_with(begin).await.map_err(|error| trouble(&error))
    }

    /// The files without which no connection is made; the driver would not say which.
    async fn missing(&self) -> Vec<Finding> {
        let line = self.map.url.as_ref().map_or(self.map.line, |url| url.line);
        let mut findings = Vec::new();
        for paper in &self.papers {
            if let Err(error) = tokio::fs::read(paper).await {
                let message = format!(
                    "store.{}.url: the file {} cannot be read: {}; write its whole path",
                    self.map.name,
                    paper.display(),
                    error.kind()
                );
                findings.push(Finding { file: self.map.file.clone(), line, code: "url", message });
            }
        }
        findings
    }

    async fn compared(&self, tx: &mut Tx) -> Result<Vec<Finding>, StoreError> {
        let catalogue = catalogue::read(tx, &self.map).await?;
        let mut findings = compare(&self.map, &self.wanted, &catalogue.schema);
        findings.extend(check::check(tx, &self.map, &catalogue).await?);
        findings.extend(restrict::check(tx, &self.map, &catalogue).await?);
        Ok(findings)
    }

    /// The plan for the tables that `tx` sees.
    async fn known(&self, tx: &mut Tx) -> Result<Arc<Known>, StoreError> {
        let known = self.known.lock().expect("no holder of this lock panics").clone();
        if let Some(known) = known
            && catalogue::fingerprint(tx, &known.oids).await? == known.fingerprint
        {
            return Ok(known);
        }
        let catalogue = catalogue::read(tx, &self.map).await?;
        let plan = Plan::new(&self.map, &catalogue.schema)?;
        let relations = catalogue.relations;
        let touched = touched(&plan);
        let oids: Vec<i64> =
            touched.iter().filter_map(|name| Some(relations.get(*name)?.oid)).collect();
        let fingerprint = catalogue::fingerprint(tx, &oids).await?;
        let known = Arc::new(Known { plan, relations, oids, fingerprint });
        *self.known.lock().expect("no holder of this lock panics") = Some(Arc::clone(&known));
        Ok(known)
    }
}

/// The tables that a plan reads.
fn touched(plan: &Plan) -> BTreeSet<&str> {
    let lookups = plan.tables.iter().flat_map(|table| &table.outputs).filter_map(|output| {
        if let Output::Lookup { table, .. } = output { Some(table.as_str()) } else { None }
    });
    plan.tables.iter().map(|table| table.name.as_str()).chain(lookups).collect()
}

fn begin(statement: Duration) -> String {
    format!("{BEGIN}'{}ms'", statement.as_millis())
}

/// Ends a transaction, whatever came of it.
async fn end<T>(tx: Tx, found: Result<T, StoreError>) -> Result<T, StoreError> {
    let ended = tx.rollback().await;
    let found = found?;
    ended.map_err(|error| trouble(&error))?;
    Ok(found)
}

#[async_trait]
impl Store for PostgresStore {
    fn facts(&self) -> &StoreFacts {
        &self.map.facts
    }

    async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        let missing = self.missing().await;
        if !missing.is_empty() {
            return Ok(missing);
        }
        let mut tx = self.begin().await?;
        let found = self.compared(&mut tx).await;
        end(tx, found).await
    }

    fn export(&self) -> Option<&dyn Export> {
        Some(self)
    }

    fn restrict(&self) -> Option<&dyn Restrict> {
        (!marks::marks(&self.map).is_empty()).then_some(self as &dyn Restrict)
    }

    fn erase(&self) -> Option<&dyn Erase> {
        Some(self)
    }

    fn correct(&self) -> Option<&dyn Correct> {
        self.map.tables.iter().any(|table| !table.correct.is_empty()).then_some(self as _)
    }
}

#[async_trait]
impl Export for PostgresStore {
    fn asks_for(&self) -> Vec<KeyKind> {
        self.map.kinds()
    }

    async fn locate(&self, keys: &[SubjectKey]) -> Result<Located, StoreError> {
        let mut tx = self.begin().await?;
        let found = match self.known(&mut tx).await {
            Ok(known) => locate::locate(&mut tx, &known, keys, &self.map.name, &self.wanted).await,
            Err(error) => Err(error),
        };
        end(tx, found).await
    }

    async fn page(&self, keys: &[SubjectKey], from: Option<&Cursor>) -> Result<Page, StoreError> {
        let mut tx = self.begin().await?;
        let page = match self.known(&mut tx).await {
            Ok(known) => page::page(&mut tx, &known, keys, from, self.bounds).await,
            Err(error) => Err(error),
        };
        end(tx, page).await
    }

    /// A database has rows, not files.
    async fn open(&self, _key: &str) -> Result<Option<OpenFile>, StoreError> {
        Ok(None)
    }
}
