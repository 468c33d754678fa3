//! SQLite databases: read over connections that cannot write, erased over one that can.

mod dialect;
mod erase;
mod locate;
mod look;
mod page;
mod schema;
#[cfg(test)]
pub(crate) mod tests;
mod value;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, Row, Transaction};

pub use self::look::look;
use self::value::trouble;
use super::erase::Erase;
use super::map::{Noted, Secret, StoreMap};
use super::sql::Bounds;
use super::sql::check::{Wanted, compare};
use super::sql::plan::Plan;
use super::{Cursor, Export, Finding, Located, OpenFile, Page, Store, StoreError, StoreErrorCode};
use crate::domain::facts::StoreFacts;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::keys::pepper::Peppers;

/// Connections at most; a file serves few readers well.
const CONNECTIONS: u32 = 4;
/// How long a writer may keep us waiting, and how long we wait for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// One database file behind its map.
#[derive(Debug)]
pub struct SqliteStore {
    map: StoreMap,
    wanted: Vec<Wanted>,
    path: PathBuf,
    pool: SqlitePool,
    writing: SqlitePool,
    peppers: Option<Peppers>,
    bounds: Bounds,
    /// The plan for the schema of that version.
    plan: Mutex<Option<(i64, Arc<Plan>)>>,
}

impl SqliteStore {
    /// The store of a map. Opens nothing yet: a file that is away is trouble of a call, not of the
    /// start. `wanted` are the columns that other stores refer to.
    pub fn new(map: &StoreMap, wanted: Vec<Wanted>) -> Result<Self, Finding> {
        let wrong =
            |line, message: String| Finding { file: map.file.clone(), line, code: "url", message };
        let help = "write url = \"sqlite:shop.db\"";
        let Some(Noted { value: url, line }) = &map.url else {
            return Err(wrong(map.line, format!("store {} has no url; {help}", map.name)));
        };
        let Some(path) = file(url).map(|path| map.folder.join(path)) else {
            return Err(wrong(*line, format!("store.{}.url: {help}", map.name)));
        };
        let options = read_only(&path);
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .idle_timeout(Duration::from_mins(1))
            .connect_lazy_with(options.clone());
        let (map, bounds, plan) = (map.clone(), Bounds::default(), Mutex::default());
        let writing = erase::writing(options);
        Ok(Self { map, wanted, path, pool, writing, peppers: None, bounds, plan })
    }

    /// With what keyed hashes are made with where rows are masked.
    #[must_use]
    pub fn peppered(mut self, peppers: Option<Peppers>) -> Self {
        self.peppers = peppers;
        self
    }

    /// With other bounds of a page.
    #[cfg(test)]
    pub(crate) fn bounded(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// A read transaction. It sees one state of the file until it ends.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        // A pooled connection would go on reading a file that was taken away.
        if tokio::fs::metadata(&self.path).await.is_err() {
            return Err(StoreError::new(StoreErrorCode::Unreachable));
        }
        self.pool.begin().await.map_err(|error| trouble(&error))
    }

    /// The plan for the schema that `tx` sees.
    async fn plan(&self, tx: &mut Transaction<'static, Sqlite>) -> Result<Arc<Plan>, StoreError> {
        let row = sqlx::query("PRAGMA schema_version").fetch_one(&mut **tx).await;
        let version: i64 = row.and_then(|row| row.try_get(0)).map_err(|error| trouble(&error))?;
        if let Some((of, plan)) = &*self.plan.lock().expect("no holder of this lock panics")
            && *of == version
        {
            return Ok(Arc::clone(plan));
        }
        let plan = Arc::new(Plan::new(&self.map, &schema::read(tx).await?)?);
        let mut kept = self.plan.lock().expect("no holder of this lock panics");
        *kept = Some((version, Arc::clone(&plan)));
        Ok(plan)
    }
}

/// How a file is opened.
fn read_only(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(PATIENCE)
        // Rows wait here between the database and us; values may be large.
        .row_buffer_size(8)
        .pragma("query_only", "on")
        .pragma("temp_store", "memory")
        // Slow statements would stand in the log.
        .disable_statement_logging()
}

/// The path in `sqlite:PATH` or `sqlite://PATH`.
pub fn file(url: &Secret) -> Option<&str> {
    let rest = url.reveal().strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    (!path.is_empty() && !path.starts_with(':') && !path.contains('?')).then_some(path)
}

#[async_trait]
impl Store for SqliteStore {
    fn facts(&self) -> &StoreFacts {
        &self.map.facts
    }

    async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        let mut tx = self.begin().await?;
        let schema = schema::read(&mut tx).await?;
        Ok(compare(&self.map, &self.wanted, &schema))
    }

    fn export(&self) -> Option<&dyn Export> {
        Some(self)
    }

    fn erase(&self) -> Option<&dyn Erase> {
        Some(self)
    }
}

#[async_trait]
impl Export for SqliteStore {
    fn asks_for(&self) -> Vec<KeyKind> {
        self.map.kinds()
    }

    async fn locate(&self, keys: &[SubjectKey]) -> Result<Located, StoreError> {
        let mut tx = self.begin().await?;
        let plan = self.plan(&mut tx).await?;
        let found = locate::locate(&mut tx, &plan, keys, &self.map.name, &self.wanted).await;
        tx.rollback().await.map_err(|error| trouble(&error))?;
        found
    }

    async fn page(&self, keys: &[SubjectKey], from: Option<&Cursor>) -> Result<Page, StoreError> {
        let mut tx = self.begin().await?;
        let plan = self.plan(&mut tx).await?;
        let page = page::page(&mut tx, &plan, keys, from, self.bounds).await;
        tx.rollback().await.map_err(|error| trouble(&error))?;
        page
    }

    /// A database has rows, not files.
    async fn open(&self, _key: &str) -> Result<Option<OpenFile>, StoreError> {
        Ok(None)
    }
}
