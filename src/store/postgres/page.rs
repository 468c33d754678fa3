//! Rows, a page at a time.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::TryStreamExt;
use sqlx::postgres::PgRow;

use super::claim;
use super::dialect::{PgDialect, tuple};
use super::types::Print;
use super::value::{get, query, trouble};
use super::{Known, Tx};
use crate::domain::record::{Gap, GapReason, Item, Rows, Value, Withheld};
use crate::domain::subject::SubjectKey;
use crate::store::sql::cursor::Place;
use crate::store::sql::files::file;
use crate::store::sql::plan::{Output, Plan, TablePlan};
use crate::store::sql::statement::{Column, Keys, Pin, Statement};
use crate::store::sql::{Bounds, MAX_VALUE, weight};
use crate::store::{Cursor, Page, StoreError, StoreErrorCode};

/// What stands compressed in fewer bytes than this is never longer than [`MAX_VALUE`], and its
/// length need not be counted.
const SURELY_SMALL: usize = 8192;

/// Walks on from `from` until the page is full or all tables are through.
pub(super) async fn page(
    tx: &mut Tx,
    known: &Known,
    keys: &[SubjectKey],
    from: Option<&Cursor>,
    bounds: Bounds,
) -> Result<Page, StoreError> {
    let (plan, keys) = (&known.plan, Keys::new(keys));
    let dialect = PgDialect(&known.relations);
    let mut page = Page::default();
    let mut left = bounds;
    let (mut at, mut after) = start(plan, from)?;
    while let Some(table) = plan.tables.get(at) {
        let mut walk = Walk { plan, keys: &keys, dialect: &dialect, table, at, pins: Vec::new() };
        walk.pin(tx).await?;
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
    let text = |value: &Value| matches!(value, Value::Text(text) if !text.contains('\0'));
    let at = plan.position(&place.table).filter(|at| {
        place.after.len() == plan.tables[*at].keyset.len() && place.after.iter().all(text)
    });
    at.map(|at| (at, place.after)).ok_or(StoreError::new(StoreErrorCode::BadData))
}

/// One table of one page.
struct Walk<'p> {
    plan: &'p Plan,
    keys: &'p Keys,
    dialect: &'p PgDialect<'p>,
    table: &'p TablePlan,
    at: usize,
    pins: Vec<Pin>,
}

impl Walk<'_> {
    /// Looks at the parents first. With one value of theirs the planner knows how many rows there
    /// are, and a walk over a million of them costs each page the same.
    async fn pin(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        for parent in &self.table.parents {
            let mut statement = Statement::new(self.plan, self.keys, self.dialect);
            let Some(rows) = statement.rows(parent.table, &parent.to) else {
                self.pins.push(Pin::Nobody);
                continue;
            };
            let columns: Vec<String> =
                (0..parent.to.len()).map(|at| format!("c{at}::text")).collect();
            let select = format!("SELECT {} FROM {rows} LIMIT 2", columns.join(", "));
            let query = query(statement.finish(&select));
            let rows = query.fetch_all(&mut **tx).await.map_err(|error| trouble(&error))?;
            let values = 0..parent.to.len();
            self.pins.push(match &rows[..] {
                [] => Pin::Nobody,
                [one] => {
                    let values = values.map(|at| get(one, at, &Print::Text));
                    Pin::One(values.collect::<Result<_, _>>()?)
                }
                _ => Pin::Many,
            });
        }
        Ok(())
    }

    fn statement(&self) -> Option<(Statement<'_>, String)> {
        let mut statement = Statement::new(self.plan, self.keys, self.dialect);
        let reach = statement.reach(self.at, &self.pins)?;
        Some((statement, reach))
    }

    /// Counts the others that the person's rows refer to.
    async fn withheld(&self, tx: &mut Tx, page: &mut Page) -> Result<(), StoreError> {
        for (what, columns) in &self.table.third_party {
            let Some((statement, reach)) = self.statement() else { return Ok(()) };
            let columns: Vec<String> = columns.iter().map(|c| statement.column(c)).collect();
            let there: Vec<String> = columns.iter().map(|c| format!("{c} IS NOT NULL")).collect();
            let texts: Vec<String> =
                columns.iter().map(|c| format!("{c}::text COLLATE \"C\"")).collect();
            let select = format!(
                "SELECT count(*)::text FROM (SELECT DISTINCT {} FROM {} AS t WHERE ({reach}) AND \
                 {}) AS d",
                texts.join(", "),
                statement.table(&self.table.name),
                there.join(" AND ")
            );
            let query = query(statement.finish(&select));
            let row = query.fetch_one(&mut **tx).await.map_err(|error| trouble(&error))?;
            if let Value::Int(count @ 1..) = get(&row, 0, &Print::Int)? {
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
        if after.is_empty()
            && self.table.claimed
            && let Some((statement, reach)) = self.statement()
        {
            claim::hold(tx, self.table, self.dialect, statement, &reach).await?;
        }
        let Some((mut statement, mut reach)) = self.statement() else { return Ok(None) };
        if !after.is_empty() {
            let (mut keys, mut slots) = (Vec::new(), Vec::new());
            for (name, value) in self.table.keyset.iter().zip(after) {
                let (key, cast) = self.dialect.order(&statement.of(&self.table.name, name));
                keys.push(key);
                slots.push(format!("{}::text::{cast}", statement.bound.bind(value.clone())));
            }
            reach = format!("({reach}) AND {} > {}", tuple(&keys), tuple(&slots));
        }
        let select = self.select(&statement, &reach, *left);
        let query = query(statement.finish(&select));
        let mut found = query.fetch(&mut **tx);
        let mut rows = Vec::new();
        let mut files = Vec::new();
        let mut last = None;
        let mut more = false;
        while let Some(row) = found.try_next().await.map_err(|error| trouble(&error))? {
            let place = (0..self.table.keyset.len()).map(|at| get(&row, at, &Print::Text));
            let place: Vec<Value> = place.collect::<Result<_, _>>()?;
            claim::follows(self.table, last.as_ref(), &place)?;
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
            more = get(&row, self.table.keyset.len(), &Print::Bool)? == Value::Bool(true);
            if left.rows == 0 || left.bytes == 0 {
                break;
            }
        }
        drop(found);
        if !rows.is_empty() {
            let shape = Arc::clone(&self.table.shape);
            page.items.push(Item::Rows(Rows { shape, rows }));
            page.items.append(&mut files);
        }
        Ok(last.filter(|_| more || left.rows == 0 || left.bytes == 0))
    }

    /// First which rows, without their printed values, so that sorting holds none; of those the
    /// first ones whose stored bytes fit; then the values. A row's columns: its place, whether more
    /// rows follow, its values, and which of them are too large.
    fn select(&self, statement: &Statement<'_>, reach: &str, left: Bounds) -> String {
        let name = &self.table.name;
        let mut needed: BTreeSet<&str> = self.table.keyset.iter().map(String::as_str).collect();
        let mut sizes = vec!["0".to_owned()];
        for output in &self.table.outputs {
            match output {
                Output::Own(column) => {
                    needed.insert(column);
                    if self.print(output).is_long() {
                        let column = statement.column(column);
                        sizes.push(format!("coalesce(pg_column_size({column}), 0)"));
                    }
                }
                Output::Lookup { from, .. } => needed.extend(from.iter().map(String::as_str)),
            }
        }
        let needed: Vec<String> = needed.into_iter().map(|c| statement.column(c)).collect();
        let order: Vec<String> = (self.table.keyset.iter())
            .map(|column| self.dialect.order(&statement.of(name, column)).0)
            .collect();
        let order = order.join(", ");
        let places: Vec<String> = (self.table.keyset.iter())
            .map(|column| format!("{}::text", statement.column(column)))
            .collect();
        let values: Vec<String> =
            self.table.outputs.iter().map(|output| self.value(statement, output)).collect();
        format!(
            "SELECT {}, (t.\"place among these\" < t.\"number of these\")::text, {}, {} FROM \
             (SELECT t.*, row_number() OVER w AS \"place among these\", count(*) OVER () AS \
             \"number of these\", sum({}) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 \
             PRECEDING) AS \"bytes before\" FROM (SELECT {} FROM {} AS t WHERE {reach} ORDER BY \
             {order} LIMIT {}) AS t WINDOW w AS (ORDER BY {order})) AS t \
             WHERE coalesce(t.\"bytes before\", 0) < {} ORDER BY {order}",
            places.join(", "),
            values.join(", "),
            self.large(statement),
            sizes.join(" + "),
            needed.join(", "),
            statement.table(name),
            left.rows,
            i64::try_from(left.bytes).unwrap_or(i64::MAX),
        )
    }

    fn print(&self, output: &Output) -> &Print {
        let (table, column) = match output {
            Output::Own(column) => (&self.table.name, column),
            Output::Lookup { table, column, .. } => (table, column),
        };
        self.dialect.kind(table, column).map_or(&Print::Text, |kind| &kind.print)
    }

    /// A value, or NULL where it is too large to be loaded.
    fn value(&self, statement: &Statement<'_>, output: &Output) -> String {
        let print = self.print(output);
        self.wrap(statement, output, |column| {
            let printed = printed(print, column);
            if print.is_long() {
                format!("CASE WHEN {} THEN NULL ELSE {printed} END", is_large(print, column))
            } else {
                printed
            }
        })
    }

    /// The numbers of the values that are too large, each with a comma.
    fn large(&self, statement: &Statement<'_>) -> String {
        let mut all = vec!["''".to_owned()];
        for (at, output) in self.table.outputs.iter().enumerate() {
            let print = self.print(output);
            if print.is_long() {
                let large = self.wrap(statement, output, |column| is_large(print, column));
                all.push(format!("CASE WHEN {large} THEN '{at},' ELSE '' END"));
            }
        }
        all.join(" || ")
    }

    /// An expression over a column of the row, or of the one row that it refers to. A lookup is a
    /// scalar, so it never makes two rows of one.
    fn wrap(
        &self,
        statement: &Statement<'_>,
        output: &Output,
        make: impl Fn(&str) -> String,
    ) -> String {
        match output {
            Output::Own(column) => make(&statement.column(column)),
            Output::Lookup { table, column, from, to } => {
                let pairs = from.iter().zip(to).map(|(here, there)| {
                    let here = statement.of(&self.table.name, here);
                    let sql = format!("l.{}", statement.quote(there));
                    self.dialect.same(&(here, Column { table, name: there, sql }))
                });
                format!(
                    "(SELECT {} FROM {} AS l WHERE {} LIMIT 1)",
                    make(&format!("l.{}", statement.quote(column))),
                    statement.table(table),
                    pairs.collect::<Vec<_>>().join(" AND ")
                )
            }
        }
    }

    fn values(&self, row: &PgRow, page: &mut Page) -> Result<Vec<Value>, StoreError> {
        let first = self.table.keyset.len() + 1;
        let outputs = self.table.outputs.iter().enumerate();
        let values = outputs.map(|(at, output)| get(row, first + at, self.print(output)));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        if let Value::Text(large) = get(row, first + values.len(), &Print::Text)? {
            for at in large.split(',').filter_map(|at| at.parse().ok()) {
                page.gaps.push(self.gap(at, GapReason::TooLarge));
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

fn printed(print: &Print, column: &str) -> String {
    if *print == Print::Bytes { column.to_owned() } else { format!("{column}::text") }
}

fn is_large(print: &Print, column: &str) -> String {
    format!(
        "pg_column_size({column}) > {SURELY_SMALL} AND octet_length({}) > {MAX_VALUE}",
        printed(print, column)
    )
}
