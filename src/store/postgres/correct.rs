//! Putting values right. Only here is a transaction begun that may write.

use async_trait::async_trait;
use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgPool, PgPoolOptions};

use super::catalogue::Catalogue;
use super::dialect::PgDialect;
use super::kind::{Family, Kind};
use super::types::Print;
use super::unfit::{is_passing, unfit_of};
use super::value::{get, query, trouble};
use super::{Known, PATIENCE, PostgresStore, Tx, end};
use crate::domain::change::{Applied, Current, Edit, Standing, Unfit};
use crate::domain::record::{Gap, GapReason, Value};
use crate::domain::subject::SubjectKey;
use crate::store::correct::Correct;
use crate::store::map::StoreMap;
use crate::store::sql::correct::{MAX_FIELD, MAX_ROWS, Open, RowEdits, by_row, open, text};
use crate::store::sql::plan::Plan;
use crate::store::sql::statement::{Keys, Statement};
use crate::store::{Finding, StoreError, StoreErrorCode};

/// Triggers of the store may use names of its own schemas.
const AS_USUAL: &str = "SET LOCAL search_path TO DEFAULT";
const AS_EVER: &str = "SET LOCAL search_path = pg_catalog";

#[async_trait]
impl Correct for PostgresStore {
    async fn current(&self, keys: &[SubjectKey]) -> Result<Current, StoreError> {
        let mut tx = self.begin().await?;
        let found = match self.known(&mut tx).await {
            Ok(known) => self.offered(&mut tx, &known, keys).await,
            Err(error) => Err(error),
        };
        end(tx, found).await
    }

    async fn apply(&self, keys: &[SubjectKey], edits: &[Edit]) -> Result<Applied, StoreError> {
        let begin = self.begin.replacen("READ ONLY", "READ WRITE", 1);
        let opened = self.pool.begin_with(AssertSqlSafe(begin)).await;
        let mut tx = opened.map_err(|error| trouble(&error))?;
        match self.try_all(&mut tx, keys, edits).await {
            Ok(Applied::Done) => match tx.commit().await.map_err(|error| trouble(&error)) {
                Ok(()) => Ok(Applied::Done),
                // A rule that is looked at in the end.
                Err(error) => match unfit_of(&error) {
                    Some(unfit) => Ok(Applied::Unfit(unfit, (0..edits.len()).collect())),
                    None => Err(error),
                },
            },
            other => {
                // An error of the server has ended it already; whatever this says, nothing is done.
                drop(tx.rollback().await);
                other
            }
        }
    }

    async fn read_back(
        &self,
        keys: &[SubjectKey],
        edits: &[Edit],
    ) -> Result<Vec<Standing>, StoreError> {
        let options = self.pool.connect_options().as_ref().clone();
        let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        let pool = pool.connect_lazy_with(options);
        let standing = self.standing(&pool, keys, edits).await;
        pool.close().await;
        standing
    }
}

impl PostgresStore {
    async fn standing(
        &self,
        pool: &PgPool,
        keys: &[SubjectKey],
        edits: &[Edit],
    ) -> Result<Vec<Standing>, StoreError> {
        let begun = pool.begin_with(AssertSqlSafe(self.begin.clone())).await;
        let mut tx = begun.map_err(|error| trouble(&error))?;
        let known = self.known(&mut tx).await?;
        let open = open(&self.map, &known.plan, &self.wanted);
        let mut standing = vec![Standing::Gone; edits.len()];
        for row in by_row(&open, edits)? {
            let one = Row { known: &known, row: &row };
            for (place, how) in one.look(&mut tx, keys, "").await? {
                standing[place] = how;
            }
        }
        end(tx, Ok(standing)).await
    }

    /// All of it in a transaction that the caller ends.
    async fn try_all(
        &self,
        tx: &mut Tx,
        keys: &[SubjectKey],
        edits: &[Edit],
    ) -> Result<Applied, StoreError> {
        let known = self.known(tx).await?;
        let open = open(&self.map, &known.plan, &self.wanted);
        let rows = by_row(&open, edits)?;
        let mut standing = vec![Standing::Gone; edits.len()];
        for row in &rows {
            let one = Row { known: &known, row };
            if let Some(place) = one.passing() {
                return Ok(Applied::Unfit(Unfit::Type, vec![place]));
            }
            // The rows are held from the look on.
            match one.look(tx, keys, "FOR UPDATE OF t").await {
                Ok(looked) => {
                    for (place, how) in looked {
                        standing[place] = how;
                    }
                }
                Err(error) => {
                    let Some(unfit) = unfit_of(&error) else { return Err(error) };
                    let places = row.edits.iter().map(|(place, _)| *place).collect();
                    return Ok(Applied::Unfit(unfit, places));
                }
            }
        }
        let clash = |one: &Standing| matches!(one, Standing::Other(_) | Standing::Gone);
        if standing.iter().any(clash) {
            return Ok(Applied::Conflict(standing));
        }
        for row in &rows {
            let pending: Vec<&Edit> = (row.edits.iter())
                .filter(|(place, _)| standing[*place] == Standing::Pending)
                .map(|(_, edit)| *edit)
                .collect();
            if let Err(error) = (Row { known: &known, row }).write(tx, &pending).await {
                let Some(unfit) = unfit_of(&error) else { return Err(error) };
                let places = row.edits.iter().map(|(place, _)| *place).collect();
                return Ok(Applied::Unfit(unfit, places));
            }
        }
        Ok(Applied::Done)
    }

    async fn offered(
        &self,
        tx: &mut Tx,
        known: &Known,
        keys: &[SubjectKey],
    ) -> Result<Current, StoreError> {
        let all = Keys::new(keys);
        let mut current = Current::default();
        for open in &open(&self.map, &known.plan, &self.wanted) {
            offered(tx, known, &all, open, &mut current).await?;
        }
        Ok(current)
    }
}

/// The edits of one row, in one state of the database.
struct Row<'r> {
    known: &'r Known,
    row: &'r RowEdits<'r>,
}

impl Row<'_> {
    fn kind(&self, dialect: &PgDialect<'_>, edit: &Edit) -> Option<Kind> {
        dialect.kind(&self.row.open.table.name, &edit.spot.column).cloned()
    }

    /// Which edit says something else tomorrow.
    fn passing(&self) -> Option<usize> {
        let dialect = PgDialect(&self.known.relations);
        let passes = |edit: &Edit| {
            let (Some(new), Some(kind)) = (&edit.new, self.kind(&dialect, edit)) else {
                return false;
            };
            kind.is_time() && is_passing(new)
        };
        self.row.edits.iter().find(|(_, edit)| passes(edit)).map(|(place, _)| *place)
    }

    async fn look(
        &self,
        tx: &mut Tx,
        keys: &[SubjectKey],
        lock: &str,
    ) -> Result<Vec<(usize, Standing)>, StoreError> {
        if let Some(standing) = self.values(tx, &Keys::new(keys), lock).await? {
            return Ok(standing);
        }
        // Its key may have been changed before by these very edits. Then all of them were.
        if self.row.moves()
            && let Some(standing) = self.values(tx, &self.row.keys_after(keys), "").await?
            && standing.iter().all(|(_, how)| *how == Standing::Done)
        {
            return Ok(standing);
        }
        Ok(self.row.edits.iter().map(|(place, _)| (*place, Standing::Gone)).collect())
    }

    /// How the values stand; `None` where the keys do not lead to the row. What the row shall say
    /// is written as the server would write it.
    async fn values(
        &self,
        tx: &mut Tx,
        keys: &Keys,
        lock: &str,
    ) -> Result<Option<Vec<(usize, Standing)>>, StoreError> {
        let dialect = PgDialect(&self.known.relations);
        let mut statement = Statement::new(&self.known.plan, keys, &dialect);
        let Some(reach) = statement.reach(self.row.open.at, &[]) else { return Ok(None) };
        let is_row = self.row.is_row(&mut statement, &dialect);
        let mut columns = Vec::new();
        for (_, edit) in &self.row.edits {
            let column = statement.column(&edit.spot.column);
            let slot = statement.bound.bind(bound(edit.new.as_ref()));
            let kind = self.kind(&dialect, edit);
            // 2.5 is 2.50 where a number has two digits behind the point.
            let by_value =
                kind.as_ref().is_some_and(|kind| kind.plain && kind.family != Family::Text);
            let cast = kind.map_or("text".to_owned(), |kind| kind.cast);
            let new = format!("{slot}::text::{cast}");
            let same = if by_value {
                format!("({column} IS NOT DISTINCT FROM {new})::text")
            } else {
                "'false'".to_owned()
            };
            columns.push(format!("{column}::text, ({new})::text, {same}"));
        }
        let select = format!(
            "SELECT {} FROM {} AS t WHERE {is_row} AND ({reach}) {lock}",
            columns.join(", "),
            statement.table(&self.row.open.table.name)
        );
        let found = query(statement.finish(&select)).fetch_optional(&mut **tx).await;
        let Some(found) = found.map_err(|error| trouble(&error))? else { return Ok(None) };
        let mut standing = Vec::new();
        for (at, (place, edit)) in self.row.edits.iter().enumerate() {
            let print = self.kind(&dialect, edit).map_or(Print::Text, |kind| kind.print);
            let read =
                |at| text(get(&found, at, &print)?).ok_or(StoreError::new(StoreErrorCode::BadData));
            let same = get(&found, 3 * at + 2, &Print::Bool)? == Value::Bool(true);
            let how = Standing::of(edit, &read(3 * at)?, &read(3 * at + 1)?);
            standing.push((*place, if same { Standing::Done } else { how }));
        }
        Ok(Some(standing))
    }

    /// Changes the row, which is held.
    async fn write(&self, tx: &mut Tx, edits: &[&Edit]) -> Result<(), StoreError> {
        if edits.is_empty() {
            return Ok(());
        }
        let dialect = PgDialect(&self.known.relations);
        let nobody = Keys::default();
        let mut statement = Statement::new(&self.known.plan, &nobody, &dialect);
        let is_row = self.row.is_row(&mut statement, &dialect);
        let mut set = Vec::new();
        for edit in edits {
            let slot = statement.bound.bind(bound(edit.new.as_ref()));
            let cast = self.kind(&dialect, edit).map_or("text".to_owned(), |kind| kind.cast);
            set.push(format!("{} = {slot}::text::{cast}", statement.quote(&edit.spot.column)));
        }
        let table = statement.table(&self.row.open.table.name);
        let update = format!("UPDATE {table} AS t SET {} WHERE {is_row}", set.join(", "));
        said(tx, AS_USUAL).await?;
        let done = query(statement.finish(&update)).execute(&mut **tx).await;
        let done = done.map_err(|error| trouble(&error))?;
        said(tx, AS_EVER).await?;
        // Looked at and held before, the row was there, and one.
        if done.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::new(StoreErrorCode::BadData))
        }
    }
}

async fn said(tx: &mut Tx, setting: &'static str) -> Result<(), StoreError> {
    sqlx::raw_sql(setting).execute(&mut **tx).await.map_err(|error| trouble(&error))?;
    Ok(())
}

fn bound(new: Option<&String>) -> Value {
    new.map_or(Value::Null, |new| Value::Text(new.clone()))
}

/// Whether a value of that kind can be shown and typed as one text.
pub(super) fn is_plain(print: &Print) -> bool {
    !matches!(print, Print::Bytes | Print::Array(_) | Print::Record(_))
}

/// The values of one table that may be corrected.
async fn offered(
    tx: &mut Tx,
    known: &Known,
    keys: &Keys,
    open: &Open<'_>,
    current: &mut Current,
) -> Result<(), StoreError> {
    let dialect = PgDialect(&known.relations);
    let mut statement = Statement::new(&known.plan, keys, &dialect);
    let Some(reach) = statement.reach(open.at, &[]) else { return Ok(()) };
    let table = open.table;
    let print = |column: &str| {
        dialect.kind(&table.name, column).map_or(Print::Text, |kind| kind.print.clone())
    };
    let columns: Vec<_> = open.columns.iter().filter(|one| is_plain(&print(&one.name))).collect();
    let mut select: Vec<String> =
        (table.keyset.iter()).map(|column| format!("{}::text", statement.column(column))).collect();
    for column in &columns {
        let text = format!("{}::text", statement.column(&column.name));
        let large = format!("coalesce(octet_length({text}) > {MAX_FIELD}, false)");
        select.push(format!("CASE WHEN {large} THEN NULL ELSE {text} END, ({large})::text"));
    }
    let order: Vec<String> = (table.keyset.iter())
        .map(|column| dialect.order(&statement.of(&table.name, column)).0)
        .collect();
    let select = format!(
        "SELECT {} FROM {} AS t WHERE {reach} ORDER BY {} LIMIT {}",
        select.join(", "),
        statement.table(&table.name),
        order.join(", "),
        MAX_ROWS + 1
    );
    let found = query(statement.finish(&select)).fetch_all(&mut **tx).await;
    let found = found.map_err(|error| trouble(&error))?;
    let gap = |place: String| Gap { place, reason: GapReason::TooLarge, count: 1 };
    if found.len() > MAX_ROWS {
        current.gaps.push(gap(table.name.clone()));
    }
    for row in found.iter().take(MAX_ROWS) {
        let named = (0..table.keyset.len()).map(|at| get(row, at, &Print::Text));
        let named: Vec<Value> = named.collect::<Result<_, _>>()?;
        for (at, column) in columns.iter().enumerate() {
            let at = table.keyset.len() + 2 * at;
            let place = || format!("{}.{}", table.name, column.name);
            let value = text(get(row, at, &print(&column.name))?);
            let (false, Some(value)) =
                (get(row, at + 1, &Print::Bool)? == Value::Bool(true), value)
            else {
                current.gaps.push(gap(place()));
                continue;
            };
            current.fields.push(open.field(column, &named, value));
        }
    }
    Ok(())
}

/// What keeps columns from being corrected that the map opens, as far as only PostgreSQL knows.
pub(super) async fn check(
    tx: &mut Tx,
    store: &StoreMap,
    plan: &Plan,
    catalogue: &Catalogue,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for open in open(store, plan, &[]) {
        let name = &open.table.name;
        let Some(relation) = catalogue.relations.get(name) else { continue };
        for column in &open.columns {
            let noted = store.table(name).into_iter().flat_map(|table| &table.correct);
            let mut noted = noted.filter(|noted| noted.value == column.name);
            let line = noted.next().map_or(store.line, |noted| noted.line);
            let mut report = |code, words: &str| {
                let message = format!("table {name}: {} {words}", column.name);
                findings.push(Finding { file: store.file.clone(), line, code, message });
            };
            let print = relation.kinds.get(&column.name).map(|kind| &kind.print);
            if print.is_some_and(|print| !is_plain(print)) {
                report(
                    "correct_type",
                    "is of a type that nobody types as one text; take it out of correct",
                );
            }
            let may = "SELECT has_column_privilege($1::int8::oid, $2, 'UPDATE')";
            let may = sqlx::query_scalar(may).bind(relation.oid).bind(&column.name);
            let may: bool =
                may.persistent(false).fetch_one(&mut **tx).await.map_err(|e| trouble(&e))?;
            if !may {
                report(
                    "no_update",
                    "is to be corrected, and our role may not; write GRANT UPDATE on this column",
                );
            }
        }
    }
    Ok(findings)
}
