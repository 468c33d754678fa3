//! Marks in a PostgreSQL database: the one thing here that writes.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use super::catalogue::Catalogue;
use super::dialect::PgDialect;
use super::kind::Family;
use super::types::Print;
use super::value::{query, trouble};
use super::{Known, PostgresStore, Tx, end};
use crate::domain::subject::SubjectKey;
use crate::store::map::StoreMap;
use crate::store::restrict::{Mark, Marked, Restrict};
use crate::store::sql::marks::{self, Holds, Made, Place, Turn, Work};
use crate::store::sql::statement::Keys;
use crate::store::{Finding, StoreError, StoreErrorCode};

/// What every writing transaction begins with. The role's own search path stays, since triggers of
/// the company's run in it; row security is an error instead of rows that are left out in silence.
const BEGIN: &str = "BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL row_security = off;
    SET LOCAL lock_timeout = '5s';
    SET LOCAL idle_in_transaction_session_timeout = '60s';
    SET LOCAL client_min_messages = error;
    SET LOCAL TimeZone = 'UTC';
    SET LOCAL standard_conforming_strings = on;
    SET LOCAL statement_timeout = '30s'";

impl PostgresStore {
    async fn mark_work(
        &self,
        keys: &[SubjectKey],
        mark: &Mark,
        turn: Option<Turn>,
    ) -> Result<Vec<Work>, StoreError> {
        let mut tx = self.begin().await?;
        let known = self.known(&mut tx).await;
        let known = end(tx, known).await?;
        let (keys, dialect) = (Keys::new(keys), PgDialect(&known.relations));
        let mut work = Vec::new();
        for place in marks::places(&self.map, &known.plan, mark) {
            let holds = holds(&known, &place)?;
            work.extend(marks::work(&known.plan, &keys, &dialect, &place, &holds, turn));
        }
        Ok(work)
    }

    async fn write(&self, work: Vec<Work>) -> Result<u64, StoreError> {
        let begun = self.pool.begin_with(AssertSqlSafe(BEGIN)).await;
        let mut tx = begun.map_err(|error| trouble(&error))?;
        let mut changed = 0;
        for Work { count, change } in work {
            if !marks::is_one_person(counted(&mut tx, count).await?[0]) {
                return Err(StoreError::new(StoreErrorCode::BadData).detail("TOOMANY"));
            }
            let Some(change) = change else { continue };
            let done = query(change).execute(&mut *tx).await.map_err(|error| trouble(&error))?;
            changed += done.rows_affected();
        }
        tx.commit().await.map_err(|error| trouble(&error))?;
        Ok(changed)
    }

    async fn count(&self, tx: &mut Tx, work: Vec<Work>) -> Result<Marked, StoreError> {
        let mut all = Marked::default();
        for Work { count, .. } in work {
            let [people, set] = counted(tx, count).await?;
            all = Marked { people: all.people + people, set: all.set + set };
        }
        Ok(all)
    }
}

#[async_trait]
impl Restrict for PostgresStore {
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
        if work.is_empty() { Ok(0) } else { self.write(work).await }
    }

    async fn is_set(&self, keys: &[SubjectKey], mark: &Mark) -> Result<Marked, StoreError> {
        let work = self.mark_work(keys, mark, None).await?;
        let mut tx = self.begin().await?;
        let counted = self.count(&mut tx, work).await;
        end(tx, counted).await
    }
}

async fn counted(tx: &mut Tx, count: Made) -> Result<[u64; 2], StoreError> {
    let row = query(count).fetch_one(&mut **tx).await.map_err(|error| trouble(&error))?;
    let number = |at: usize| {
        let number: i64 = row.try_get(at).map_err(|error| trouble(&error))?;
        Ok(u64::try_from(number).unwrap_or(0))
    };
    Ok([number(0)?, number(1)?])
}

fn holds(known: &Known, place: &Place) -> Result<Holds, StoreError> {
    let relation = known.relations.get(&place.name);
    let kind = relation.and_then(|relation| relation.kinds.get(&place.column));
    let holds = kind.and_then(|kind| of(&kind.print, kind.family, &kind.cast));
    holds.ok_or(StoreError::new(StoreErrorCode::Schema))
}

fn of(print: &Print, family: Family, cast: &str) -> Option<Holds> {
    match (print, family) {
        (Print::Bool, _) => Some(Holds::Truth),
        (Print::Int, Family::Whole) => Some(Holds::Number),
        (Print::Stamp | Print::Zoned, _) => Some(Holds::Moment(Some(cast.to_owned()))),
        _ => None,
    }
}

/// What the catalogue has against the columns of marks: their types, and the rights of our role.
pub(super) async fn check(
    tx: &mut Tx,
    store: &StoreMap,
    catalogue: &Catalogue,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for table in &store.tables {
        let Some(relation) = catalogue.relations.get(&table.name) else { continue };
        for mark in &table.marks {
            let Some(kind) = relation.kinds.get(&mark.column) else { continue };
            let (name, column) = (&table.name, &mark.column);
            let mut report = |code, message| {
                findings.push(Finding { file: store.file.clone(), line: mark.line, code, message });
            };
            if of(&kind.print, kind.family, &kind.cast).is_none() {
                let message = format!(
                    "table {name}: {column} cannot say that something is restricted or stopped; \
                     make it a boolean, a whole number or a timestamp"
                );
                report("mark_type", message);
                continue;
            }
            let rights = "SELECT has_column_privilege($1::oid, $2, 'UPDATE') \
                AND has_column_privilege($1::oid, $2, 'SELECT')";
            let may = sqlx::query(rights)
                .persistent(false)
                .bind(sqlx::postgres::types::Oid(u32::try_from(relation.oid).unwrap_or(0)))
                .bind(column)
                .fetch_one(&mut **tx)
                .await
                .and_then(|row| row.try_get::<bool, _>(0))
                .map_err(|error| trouble(&error))?;
            if !may {
                let message = format!(
                    "table {name}: our role may not set {column}; write GRANT SELECT ({column}), \
                     UPDATE ({column}) on the table"
                );
                report("no_update", message);
            }
        }
    }
    Ok(findings)
}
