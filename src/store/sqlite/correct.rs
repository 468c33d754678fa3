//! Putting values right. Only here is a file opened for writing, by a connection of its own.

use std::path::Path;

use async_trait::async_trait;
use sqlx::sqlite::{Sqlite, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, Transaction};

use super::affinity::{Affinity, affinities};
use super::dialect::SqliteDialect;
use super::value::{get, query, trouble};
use super::{PATIENCE, SqliteStore, read_only};
use crate::domain::change::{Applied, Current, Edit, Standing, Unfit};
use crate::domain::record::{Gap, GapReason, Value};
use crate::domain::subject::SubjectKey;
use crate::store::correct::Correct;
use crate::store::sql::correct::{MAX_FIELD, MAX_ROWS, Open, RowEdits, by_row, open, text};
use crate::store::sql::plan::Plan;
use crate::store::sql::statement::{Keys, Statement};
use crate::store::{StoreError, StoreErrorCode};

type Tx = Transaction<'static, Sqlite>;

#[async_trait]
impl Correct for SqliteStore {
    async fn current(&self, keys: &[SubjectKey]) -> Result<Current, StoreError> {
        let mut tx = self.begin().await?;
        let plan = self.plan(&mut tx).await?;
        let all = Keys::new(keys);
        let mut current = Current::default();
        for open in &open(&self.map, &plan, &self.wanted) {
            offered(&mut tx, &plan, &all, open, &mut current).await?;
        }
        tx.rollback().await.map_err(|error| trouble(&error))?;
        Ok(current)
    }

    async fn apply(&self, keys: &[SubjectKey], edits: &[Edit]) -> Result<Applied, StoreError> {
        let pool = one(self, false).await?;
        let applied = self.apply_in(&pool, keys, edits).await;
        pool.close().await;
        applied
    }

    async fn read_back(
        &self,
        keys: &[SubjectKey],
        edits: &[Edit],
    ) -> Result<Vec<Standing>, StoreError> {
        let pool = one(self, true).await?;
        let standing = self.read_in(&pool, keys, edits).await;
        pool.close().await;
        standing
    }
}

/// A connection of its own.
async fn one(store: &SqliteStore, only_reads: bool) -> Result<SqlitePool, StoreError> {
    if tokio::fs::metadata(&store.path).await.is_err() {
        return Err(StoreError::new(StoreErrorCode::Unreachable));
    }
    let options = if only_reads { read_only(&store.path) } else { writing(&store.path) };
    let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
    Ok(pool.connect_lazy_with(options))
}

fn writing(path: &Path) -> sqlx::sqlite::SqliteConnectOptions {
    sqlx::sqlite::SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("temp_store", "memory")
        .disable_statement_logging()
}

impl SqliteStore {
    async fn read_in(
        &self,
        pool: &SqlitePool,
        keys: &[SubjectKey],
        edits: &[Edit],
    ) -> Result<Vec<Standing>, StoreError> {
        let mut tx = pool.begin().await.map_err(|error| trouble(&error))?;
        let plan = self.plan(&mut tx).await?;
        let open = open(&self.map, &plan, &self.wanted);
        let mut standing = vec![Standing::Gone; edits.len()];
        for row in by_row(&open, edits)? {
            let look = look(&mut tx, &plan, keys, &row).await?;
            for (place, how) in look.standing {
                standing[place] = how;
            }
        }
        tx.rollback().await.map_err(|error| trouble(&error))?;
        Ok(standing)
    }

    async fn apply_in(
        &self,
        pool: &SqlitePool,
        keys: &[SubjectKey],
        edits: &[Edit],
    ) -> Result<Applied, StoreError> {
        // The lock of the one writer is taken before anything is looked at.
        let begun = pool.begin_with("BEGIN IMMEDIATE").await;
        let mut tx = begun.map_err(|error| trouble(&error))?;
        let plan = self.plan(&mut tx).await?;
        let open = open(&self.map, &plan, &self.wanted);
        let rows = by_row(&open, edits)?;
        let mut standing = vec![Standing::Gone; edits.len()];
        let mut unfit = Vec::new();
        let mut to_write = Vec::new();
        for row in &rows {
            let look = look(&mut tx, &plan, keys, row).await?;
            for (place, how) in look.standing {
                standing[place] = how;
            }
            unfit.extend(look.unfit);
            to_write.push((row, look.values));
        }
        let clash = |one: &Standing| matches!(one, Standing::Other(_) | Standing::Gone);
        if !unfit.is_empty() {
            return Ok(Applied::Unfit(Unfit::Type, unfit));
        }
        if standing.iter().any(clash) {
            return Ok(Applied::Conflict(standing));
        }
        for (row, values) in to_write {
            let pending: Vec<(&str, Value)> = (row.edits.iter().zip(values))
                .filter(|((place, _), _)| standing[*place] == Standing::Pending)
                .map(|((_, edit), value)| (edit.spot.column.as_str(), value))
                .collect();
            if let Some(refused) = write(&mut tx, &plan, keys, row, pending).await? {
                let places = row.edits.iter().map(|(place, _)| *place).collect();
                return Ok(Applied::Unfit(refused, places));
            }
        }
        match tx.commit().await.map_err(|error| trouble(&error)) {
            Ok(()) => Ok(Applied::Done),
            // A reference that is looked at in the end.
            Err(error) => match unfit_of(&error) {
                Some(unfit) => Ok(Applied::Unfit(unfit, (0..edits.len()).collect())),
                None => Err(error),
            },
        }
    }
}

/// Changes one row; the reason where the store will not have a value.
async fn write(
    tx: &mut Tx,
    plan: &Plan,
    keys: &[SubjectKey],
    row: &RowEdits<'_>,
    values: Vec<(&str, Value)>,
) -> Result<Option<Unfit>, StoreError> {
    if values.is_empty() {
        return Ok(None);
    }
    let all = Keys::new(keys);
    let mut statement = Statement::new(plan, &all, &SqliteDialect);
    let Some(reach) = statement.reach(row.open.at, &[]) else {
        return Err(StoreError::new(StoreErrorCode::BadData));
    };
    let is_row = row.is_row(&mut statement, &SqliteDialect);
    let mut set = Vec::new();
    for (column, value) in values {
        let slot = statement.bound.bind(value);
        set.push(format!("{} = {slot}", statement.quote(column)));
    }
    let table = statement.quote(&row.open.table.name);
    let update = format!("UPDATE {table} AS t SET {} WHERE {is_row} AND ({reach})", set.join(", "));
    let done = query(statement.finish(&update)).execute(&mut **tx).await;
    match done.map_err(|error| trouble(&error)) {
        Ok(done) if done.rows_affected() == 1 => Ok(None),
        // Looked at under the same lock, the row was there.
        Ok(_) => Err(StoreError::new(StoreErrorCode::BadData)),
        Err(error) => unfit_of(&error).map_or(Err(error), |unfit| Ok(Some(unfit))),
    }
}

/// What a refusal means (sqlite.org/rescode.html).
fn unfit_of(error: &StoreError) -> Option<Unfit> {
    let code: u32 = error.detail.as_deref()?.parse().ok()?;
    match (code, code & 0xff) {
        (1555 | 2067 | 2579, _) => Some(Unfit::Taken),
        (3091, _) | (_, 20) => Some(Unfit::Type),
        (_, 18 | 19) => Some(Unfit::Rule),
        _ => None,
    }
}

/// How the edits of a row stand.
struct Looked {
    standing: Vec<(usize, Standing)>,
    /// What is to be bound, in the order of the edits.
    values: Vec<Value>,
    /// Edits whose value the column does not hold.
    unfit: Vec<usize>,
}

async fn look(
    tx: &mut Tx,
    plan: &Plan,
    keys: &[SubjectKey],
    row: &RowEdits<'_>,
) -> Result<Looked, StoreError> {
    if let Some(found) = values(tx, plan, &Keys::new(keys), row).await? {
        return judge(tx, row, found).await;
    }
    let gone = |row: &RowEdits<'_>| Looked {
        standing: row.edits.iter().map(|(place, _)| (*place, Standing::Gone)).collect(),
        values: Vec::new(),
        unfit: Vec::new(),
    };
    // Its key may have been changed before by these very edits. Then all of them were.
    if row.moves()
        && let Some(found) = values(tx, plan, &row.keys_after(keys), row).await?
    {
        let looked = judge(tx, row, found).await?;
        if looked.standing.iter().all(|(_, how)| *how == Standing::Done) {
            return Ok(looked);
        }
    }
    Ok(gone(row))
}

/// The values that a row has now; `None` where the keys do not lead to it.
async fn values(
    tx: &mut Tx,
    plan: &Plan,
    keys: &Keys,
    row: &RowEdits<'_>,
) -> Result<Option<Vec<Value>>, StoreError> {
    let mut statement = Statement::new(plan, keys, &SqliteDialect);
    let Some(reach) = statement.reach(row.open.at, &[]) else { return Ok(None) };
    let is_row = row.is_row(&mut statement, &SqliteDialect);
    let columns: Vec<String> =
        row.edits.iter().map(|(_, edit)| statement.column(&edit.spot.column)).collect();
    let select = format!(
        "SELECT {} FROM {} AS t WHERE {is_row} AND ({reach})",
        columns.join(", "),
        statement.quote(&row.open.table.name)
    );
    let found = query(statement.finish(&select)).fetch_optional(&mut **tx).await;
    let Some(found) = found.map_err(|error| trouble(&error))? else { return Ok(None) };
    (0..columns.len()).map(|at| get(&found, at)).collect::<Result<_, _>>().map(Some)
}

async fn judge(tx: &mut Tx, row: &RowEdits<'_>, found: Vec<Value>) -> Result<Looked, StoreError> {
    let affinities = affinities(tx, &row.open.table.name).await?;
    let mut looked = Looked { standing: Vec::new(), values: Vec::new(), unfit: Vec::new() };
    for ((place, edit), now) in row.edits.iter().zip(found) {
        let affinity = affinities.iter().find(|(name, _)| *name == edit.spot.column);
        let affinity = affinity.map_or(Affinity::None, |(_, affinity)| *affinity);
        let new = match &edit.new {
            None => Some(Value::Null),
            Some(new) => affinity.value(&now, new),
        };
        let Some(new) = new else {
            looked.unfit.push(*place);
            looked.values.push(Value::Null);
            looked.standing.push((*place, Standing::Pending));
            continue;
        };
        let bad = || StoreError::new(StoreErrorCode::BadData);
        let canonical = text(new.clone()).ok_or_else(bad)?;
        let how = match text(now) {
            Some(now) => Standing::of(edit, &now, &canonical),
            // Bytes, where a text was before.
            None => Standing::Other(None),
        };
        looked.standing.push((*place, how));
        looked.values.push(new);
    }
    Ok(looked)
}

/// The values of one table that may be corrected.
async fn offered(
    tx: &mut Tx,
    plan: &Plan,
    keys: &Keys,
    open: &Open<'_>,
    current: &mut Current,
) -> Result<(), StoreError> {
    let mut statement = Statement::new(plan, keys, &SqliteDialect);
    let Some(reach) = statement.reach(open.at, &[]) else { return Ok(()) };
    let table = open.table;
    let key: Vec<String> = table.keyset.iter().map(|column| statement.column(column)).collect();
    let values = open.columns.iter().flat_map(|column| {
        let column = statement.column(&column.name);
        let large = format!("ifnull(octet_length({column}) > {MAX_FIELD}, 0)");
        [format!("CASE WHEN {large} THEN NULL ELSE {column} END"), large]
    });
    let select = format!(
        "SELECT {} FROM {} AS t WHERE {reach} ORDER BY {} LIMIT {}",
        key.iter().cloned().chain(values).collect::<Vec<_>>().join(", "),
        statement.quote(&table.name),
        key.join(", "),
        MAX_ROWS + 1
    );
    let found = query(statement.finish(&select)).fetch_all(&mut **tx).await;
    let found = found.map_err(|error| trouble(&error))?;
    let gap = |place: String, reason| Gap { place, reason, count: 1 };
    if found.len() > MAX_ROWS {
        current.gaps.push(gap(table.name.clone(), GapReason::TooLarge));
    }
    for row in found.iter().take(MAX_ROWS) {
        let named: Vec<Value> = (0..key.len()).map(|at| get(row, at)).collect::<Result<_, _>>()?;
        for (at, column) in open.columns.iter().enumerate() {
            let at = key.len() + 2 * at;
            let place = || format!("{}.{}", table.name, column.name);
            if get(row, at + 1)? == Value::Int(1) {
                current.gaps.push(gap(place(), GapReason::TooLarge));
                continue;
            }
            let Some(value) = text(get(row, at)?) else {
                current.gaps.push(gap(place(), GapReason::NotSearchable));
                continue;
            };
            current.fields.push(open.field(column, &named, value));
        }
    }
    Ok(())
}
