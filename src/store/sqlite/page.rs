//! Rows, a page at a time.

use futures::TryStreamExt;
use sqlx::Transaction;
use sqlx::sqlite::{Sqlite, SqliteRow};

use super::dialect::{SqliteDialect, tuple};
use super::value::{get, query, trouble};
use crate::domain::record::{Gap, GapReason, Item, Rows, Value, Withheld};
use crate::domain::subject::SubjectKey;
use crate::store::sql::cursor::Place;
use crate::store::sql::files::file;
use crate::store::sql::plan::{Output, Plan, TablePlan};
use crate::store::sql::statement::{Keys, Pin, Statement};
use crate::store::sql::{Bounds, MAX_VALUE, weight};
use crate::store::{Cursor, Page, StoreError, StoreErrorCode};

type Tx = Transaction<'static, Sqlite>;

/// Bits of a mask in one column of an answer.
const BITS: usize = 60;

/// Walks on from `from` until the page is full or all tables are through.
pub(super) async fn page(
    tx: &mut Tx,
    plan: &Plan,
    keys: &[SubjectKey],
    from: Option<&Cursor>,
    bounds: Bounds,
) -> Result<Page, StoreError> {
    let keys = Keys::new(keys);
    let mut page = Page::default();
    let mut left = bounds;
    let (mut at, mut after) = start(plan, from)?;
    while let Some(table) = plan.tables.get(at) {
        let pins = pins(tx, plan, &keys, at).await?;
        let walk = Walk { plan, keys: &keys, table, at, pins };
        if after.is_empty() {
            walk.withheld(tx, &mut page).await?;
        }
        if let Some(last) = walk.rows(tx, &after, &mut left, &mut page).await? {
            page.next = Some(Place { table: table.name.clone(), after: last }.to_cursor());
            break;
        }
        (at, after) = (at + 1, Vec::new());
    }
    Ok(page)
}

fn start(plan: &Plan, from: Option<&Cursor>) -> Result<(usize, Vec<Value>), StoreError> {
    let Some(cursor) = from else { return Ok((0, Vec::new())) };
    let place = Place::from_cursor(cursor)?;
    let at = plan.position(&place.table);
    let at = at.filter(|at| place.after.len() == plan.tables[*at].keyset.len());
    at.map(|at| (at, place.after)).ok_or(StoreError::new(StoreErrorCode::BadData))
}

/// Looks at the parents first. With one value of theirs the table's own index gives the rows in
/// order, and a walk over a million of them costs each page the same.
async fn pins(tx: &mut Tx, plan: &Plan, keys: &Keys, at: usize) -> Result<Vec<Pin>, StoreError> {
    let mut pins = Vec::new();
    for parent in &plan.tables[at].parents {
        let mut statement = Statement::new(plan, keys, &SqliteDialect);
        let Some(rows) = statement.rows(parent.table, &parent.to) else {
            pins.push(Pin::Nobody);
            continue;
        };
        let query = query(statement.finish(&format!("SELECT * FROM {rows} LIMIT 2")));
        let rows = query.fetch_all(&mut **tx).await.map_err(|error| trouble(&error))?;
        pins.push(match &rows[..] {
            [] => Pin::Nobody,
            [one] => Pin::One((0..parent.to.len()).map(|c| get(one, c)).collect::<Result<_, _>>()?),
            _ => Pin::Many,
        });
    }
    Ok(pins)
}

/// One table of one page.
struct Walk<'p> {
    plan: &'p Plan,
    keys: &'p Keys,
    table: &'p TablePlan,
    at: usize,
    pins: Vec<Pin>,
}

impl Walk<'_> {
    fn statement(&self) -> Option<(Statement<'_>, String)> {
        let mut statement = Statement::new(self.plan, self.keys, &SqliteDialect);
        let reach = statement.reach(self.at, &self.pins)?;
        Some((statement, reach))
    }

    /// Counts the others that the person's rows refer to.
    async fn withheld(&self, tx: &mut Tx, page: &mut Page) -> Result<(), StoreError> {
        for (what, columns) in &self.table.third_party {
            let Some((statement, reach)) = self.statement() else { return Ok(()) };
            let columns: Vec<String> = columns.iter().map(|c| statement.column(c)).collect();
            let there: Vec<String> = columns.iter().map(|c| format!("{c} IS NOT NULL")).collect();
            let select = format!(
                "SELECT count(*) FROM (SELECT DISTINCT {} FROM {} AS t WHERE ({reach}) AND {})",
                columns.join(", "),
                statement.quote(&self.table.name),
                there.join(" AND ")
            );
            let query = query(statement.finish(&select));
            let row = query.fetch_one(&mut **tx).await.map_err(|error| trouble(&error))?;
            if let Value::Int(count @ 1..) = get(&row, 0)? {
                let (collection, what) = (self.table.name.clone(), what.clone());
                page.withheld.push(Withheld { collection, what, count: count.unsigned_abs() });
            }
        }
        Ok(())
    }

    /// Puts rows behind `after` on the page. Gives the last row's place when the page is full.
    async fn rows(
        &self,
        tx: &mut Tx,
        after: &[Value],
        left: &mut Bounds,
        page: &mut Page,
    ) -> Result<Option<Vec<Value>>, StoreError> {
        if self.table.outputs.is_empty() {
            return Ok(None);
        }
        let Some((mut statement, mut reach)) = self.statement() else { return Ok(None) };
        if !after.is_empty() {
            let keyset: Vec<String> =
                self.table.keyset.iter().map(|column| statement.column(column)).collect();
            let slots: Vec<String> =
                after.iter().map(|value| statement.bound.bind(value.clone())).collect();
            reach = format!("({reach}) AND {} > {}", tuple(&keyset), tuple(&slots));
        }
        let select = self.select(&statement, &reach, left.rows);
        let query = query(statement.finish(&select));
        let mut found = query.fetch(&mut **tx);
        let mut rows = Vec::new();
        let mut files = Vec::new();
        let mut last = None;
        while let Some(row) = found.try_next().await.map_err(|error| trouble(&error))? {
            let place = self.place(&row, last.as_deref())?;
            let values = self.values(&row, page)?;
            for (output, blob) in &self.table.blobs {
                let column = &self.table.shape.columns[*output];
                match file(&self.table.name, blob, column, &values[*output]) {
                    Ok(item) => files.extend(item.map(Item::File)),
                    Err(reason) => page.gaps.push(self.gap(*output, reason)),
                }
            }
            let bytes: usize = values.iter().map(weight).sum();
            left.rows -= 1;
            left.bytes = left.bytes.saturating_sub(bytes);
            rows.push(values);
            last = Some(place);
            if left.rows == 0 || left.bytes == 0 {
                break;
            }
        }
        drop(found);
        if !rows.is_empty() {
            let shape = std::sync::Arc::clone(&self.table.shape);
            page.items.push(Item::Rows(Rows { shape, rows }));
            page.items.append(&mut files);
        }
        Ok(last.filter(|_| left.rows == 0 || left.bytes == 0))
    }

    /// First which rows, by their keys alone, so that sorting never holds values; then the values.
    fn select(&self, statement: &Statement<'_>, reach: &str, limit: usize) -> String {
        let keyset: Vec<String> = self.table.keyset.iter().map(|c| statement.column(c)).collect();
        let each = |with: &dyn Fn(usize, &String) -> String, between: &str| {
            let all: Vec<String> = keyset.iter().enumerate().map(|(at, c)| with(at, c)).collect();
            all.join(between)
        };
        let from = statement.quote(&self.table.name);
        let values: Vec<String> =
            self.table.outputs.iter().map(|output| Self::value(statement, output)).collect();
        format!(
            "SELECT {}, {}, {} FROM (SELECT {} FROM {from} AS t WHERE {reach} ORDER BY {} LIMIT \
             {limit}) AS k CROSS JOIN {from} AS t ON {}",
            each(&|at, _| format!("k.k{at}"), ", "),
            values.join(", "),
            self.masks(statement).join(", "),
            each(&|at, column| format!("{column} AS k{at}"), ", "),
            keyset.join(", "),
            each(&|at, column| format!("{column} = k.k{at}"), " AND "),
        )
    }

    /// A value, or NULL where it is too large to be loaded.
    fn value(statement: &Statement<'_>, output: &Output) -> String {
        Self::wrap(statement, output, |column| {
            format!("CASE WHEN octet_length({column}) > {MAX_VALUE} THEN NULL ELSE {column} END")
        })
    }

    /// Which values are too large, a bit each.
    fn masks(&self, statement: &Statement<'_>) -> Vec<String> {
        let chunks = self.table.outputs.chunks(BITS).map(|chunk| {
            let bits = chunk.iter().enumerate().map(|(bit, output)| {
                let large = Self::wrap(statement, output, |column| {
                    format!("octet_length({column}) > {MAX_VALUE}")
                });
                format!("(ifnull({large}, 0) << {bit})")
            });
            bits.collect::<Vec<_>>().join(" | ")
        });
        chunks.collect()
    }

    /// An expression over a column of the row, or of the one row that it refers to. A lookup is a
    /// scalar, so it never makes two rows of one.
    fn wrap(statement: &Statement<'_>, output: &Output, make: impl Fn(&str) -> String) -> String {
        match output {
            Output::Own(column) => make(&statement.column(column)),
            Output::Lookup { table, column, from, to } => {
                let pairs = from.iter().zip(to).map(|(here, there)| {
                    let (here, there) = (statement.column(here), statement.quote(there));
                    format!("l.{there} = {here} AND l.{there} = {here} COLLATE BINARY")
                });
                format!(
                    "(SELECT {} FROM {} AS l WHERE {} LIMIT 1)",
                    make(&format!("l.{}", statement.quote(column))),
                    statement.quote(table),
                    pairs.collect::<Vec<_>>().join(" AND ")
                )
            }
        }
    }

    fn place(&self, row: &SqliteRow, last: Option<&[Value]>) -> Result<Vec<Value>, StoreError> {
        let place: Vec<Value> =
            (0..self.table.keyset.len()).map(|at| get(row, at)).collect::<Result<_, _>>()?;
        // The cursor stands on this order; a database that left it would lose rows in silence.
        if let (Some([Value::Int(before)]), [Value::Int(now)]) = (last, &place[..])
            && before >= now
        {
            return Err(StoreError::new(StoreErrorCode::BadData));
        }
        Ok(place)
    }

    fn values(&self, row: &SqliteRow, page: &mut Page) -> Result<Vec<Value>, StoreError> {
        let (first, count) = (self.table.keyset.len(), self.table.outputs.len());
        let values = (0..count).map(|at| get(row, first + at)).collect::<Result<Vec<_>, _>>()?;
        for (chunk, at) in (0..count).step_by(BITS).enumerate() {
            let Value::Int(mask) = get(row, first + count + chunk)? else { continue };
            if mask == 0 {
                continue;
            }
            for bit in (0..BITS.min(count - at)).filter(|bit| mask & (1 << bit) != 0) {
                page.gaps.push(self.gap(at + bit, GapReason::TooLarge));
            }
        }
        Ok(values)
    }

    fn gap(&self, output: usize, reason: GapReason) -> Gap {
        let shape = &self.table.shape;
        let place = format!("{}.{}", shape.collection, shape.columns[output].name);
        Gap { place, reason, count: 1 }
    }
}
