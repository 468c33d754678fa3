//! Marks in a SQLite database: the one thing here that writes.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Row};

use super::dialect::SqliteDialect;
use super::value::{query, trouble};
use super::{PATIENCE, SqliteStore};
use crate::domain::subject::SubjectKey;
use crate::store::restrict::{Mark, Marked, Restrict};
use crate::store::sql::marks::{self, Holds, Place, Turn, Work};
use crate::store::sql::statement::Keys;
use crate::store::{StoreError, StoreErrorCode};

impl SqliteStore {
    /// What is to be run for a mark, made for the schema of the moment.
    async fn mark_work(
        &self,
        keys: &[SubjectKey],
        mark: &Mark,
        turn: Option<Turn>,
    ) -> Result<Vec<Work>, StoreError> {
        let mut tx = self.begin().await?;
        let plan = self.plan(&mut tx).await?;
        let keys = Keys::new(keys);
        let mut work = Vec::new();
        for place in marks::places(&self.map, &plan, mark) {
            let holds = holds(&mut tx, &place).await?;
            work.extend(marks::work(&plan, &keys, &SqliteDialect, &place, &holds, turn));
        }
        tx.rollback().await.map_err(|error| trouble(&error))?;
        Ok(work)
    }

    /// A connection that writes, for one call.
    async fn writer(&self) -> Result<SqliteConnection, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .create_if_missing(false)
            .busy_timeout(PATIENCE)
            .pragma("temp_store", "memory")
            .disable_statement_logging();
        options.connect().await.map_err(|error| trouble(&error))
    }
}

#[async_trait]
impl Restrict for SqliteStore {
    fn marks(&self) -> Vec<Mark> {
        marks::marks(&self.map)
    }

    async fn set(
        &self,
        keys: &[SubjectKey],
        mark: &Mark,
        on: bool,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let work = self.mark_work(keys, mark, Some(Turn::new(on, at))).await?;
        if work.is_empty() {
            return Ok(0);
        }
        let mut session = self.writer().await?;
        let done = write(&mut session, work).await;
        let closed = session.close().await;
        let done = done?;
        closed.map_err(|error| trouble(&error))?;
        Ok(done)
    }

    async fn is_set(&self, keys: &[SubjectKey], mark: &Mark) -> Result<Marked, StoreError> {
        let work = self.mark_work(keys, mark, None).await?;
        let mut tx = self.begin().await?;
        let mut all = Marked::default();
        for Work { count, .. } in work {
            let row = query(count).fetch_one(&mut *tx).await.map_err(|error| trouble(&error))?;
            let [people, set] = counted(&row)?;
            all = Marked { people: all.people + people, set: all.set + set };
        }
        tx.rollback().await.map_err(|error| trouble(&error))?;
        Ok(all)
    }
}

/// All columns in one transaction, which is undone when a key leads to too many.
async fn write(session: &mut SqliteConnection, work: Vec<Work>) -> Result<u64, StoreError> {
    let begun = session.begin_with("BEGIN IMMEDIATE").await;
    let mut tx = begun.map_err(|error| trouble(&error))?;
    let mut changed = 0;
    for Work { count, change } in work {
        let row = query(count).fetch_one(&mut *tx).await.map_err(|error| trouble(&error))?;
        if !marks::is_one_person(counted(&row)?[0]) {
            return Err(StoreError::new(StoreErrorCode::BadData).detail("TOOMANY"));
        }
        let Some(change) = change else { continue };
        let done = query(change).execute(&mut *tx).await.map_err(|error| trouble(&error))?;
        changed += done.rows_affected();
    }
    tx.commit().await.map_err(|error| trouble(&error))?;
    Ok(changed)
}

fn counted(row: &sqlx::sqlite::SqliteRow) -> Result<[u64; 2], StoreError> {
    let number = |at: usize| {
        let number: i64 = row.try_get(at).map_err(|error| trouble(&error))?;
        Ok(u64::try_from(number).unwrap_or(0))
    };
    Ok([number(0)?, number(1)?])
}

/// By the type that the column was declared with. SQLite keeps to none, so a text is a moment and
/// anything else a number.
async fn holds(
    tx: &mut sqlx::Transaction<'static, sqlx::Sqlite>,
    place: &Place,
) -> Result<Holds, StoreError> {
    let declared =
        sqlx::query("SELECT type FROM pragma_table_xinfo(?1) WHERE name = ?2 COLLATE NOCASE")
            .bind(&place.name)
            .bind(&place.column)
            .fetch_optional(&mut **tx)
            .await
            .map_err(|error| trouble(&error))?;
    let declared = declared.ok_or(StoreError::new(StoreErrorCode::Schema))?;
    let declared: String = declared.try_get(0).map_err(|error| trouble(&error))?;
    let declared = declared.to_ascii_uppercase();
    let moment =
        ["TEXT", "CHAR", "CLOB", "DATE", "TIME"].iter().any(|part| declared.contains(part));
    Ok(if moment { Holds::Moment(None) } else { Holds::Number })
}
