//! What the adapters of SQL databases share when they put values right: which columns are open, and
//! edits row by row.

use std::collections::BTreeMap;

use super::check::Wanted;
use super::cursor::{row_key, row_name};
use super::plan::{Plan, TablePlan};
use super::statement::{Bound, Dialect, Keys, Statement};
use crate::domain::change::{Edit, Field, Spot};
use crate::domain::record::Value;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::store::map::{StoreMap, TableMap};
use crate::store::{StoreError, StoreErrorCode};

/// Rows of one table that are offered at most.
pub const MAX_ROWS: usize = 100;
/// The longest value that is offered, in bytes.
pub const MAX_FIELD: usize = 4096;

/// A table in which something may be corrected.
#[derive(Debug)]
pub struct Open<'p> {
    /// Its place in the plan.
    pub at: usize,
    /// The table.
    pub table: &'p TablePlan,
    /// The columns that may be corrected.
    pub columns: Vec<OpenColumn>,
}

impl Open<'_> {
    /// What stands in a column of the row whose key has these values.
    pub fn field(&self, column: &OpenColumn, key: &[Value], value: Option<String>) -> Field {
        Field {
            spot: Spot {
                collection: self.table.name.clone(),
                row: row_name(key),
                column: column.name.clone(),
            },
            category: column.category.clone(),
            value,
            identity: !column.kinds.is_empty(),
        }
    }
}

/// A column that may be corrected.
#[derive(Debug, Clone)]
pub struct OpenColumn {
    /// Its name.
    pub name: String,
    /// What it is.
    pub category: String,
    /// The kinds of keys that stand in it.
    pub kinds: Vec<KeyKind>,
}

/// The tables of a plan in which something may be corrected. What names a row, what refers to
/// another, what others refer to and what belongs to another controller stays, whatever the map
/// says: `map check` says so before.
pub fn open<'p>(map: &StoreMap, plan: &'p Plan, wanted: &[Wanted]) -> Vec<Open<'p>> {
    let mut open = Vec::new();
    let ours = |table: &TablePlan| !table.claimed && map.facts.holder(&table.name).is_none();
    for (at, table) in plan.tables.iter().enumerate().filter(|(_, table)| ours(table)) {
        let Some(mapped) = map.table(&table.name) else { continue };
        let column = |name: &String| column(map, mapped, table, wanted, name);
        let columns: Vec<OpenColumn> =
            mapped.correct.iter().filter_map(|name| column(&name.value)).collect();
        if !columns.is_empty() {
            open.push(Open { at, table, columns });
        }
    }
    open
}

fn column(
    map: &StoreMap,
    mapped: &TableMap,
    table: &TablePlan,
    wanted: &[Wanted],
    name: &String,
) -> Option<OpenColumn> {
    let field = mapped.field(name)?;
    let names_row = table.keyset.contains(name) || table.primary_key.contains(name);
    let is_wanted = wanted.iter().any(|want| want.table == table.name && want.column == *name);
    let closed = field.category.is_secret()
        || field.blob.is_some()
        || names_row
        || is_wanted
        || map.binds(&table.name, name);
    let kinds = table.who.iter().filter(|(_, column)| column == name).map(|(kind, _)| kind.clone());
    (!closed).then(|| OpenColumn {
        name: name.clone(),
        category: field.category.as_str().to_owned(),
        kinds: kinds.collect(),
    })
}

/// The edits of one row.
#[derive(Debug)]
pub struct RowEdits<'a> {
    /// Its table.
    pub open: &'a Open<'a>,
    /// The values of its key, in the order of the keyset.
    pub key: Vec<Value>,
    /// Each with its place among all edits.
    pub edits: Vec<(usize, &'a Edit)>,
}

impl<'a> RowEdits<'a> {
    /// The column of an edit.
    pub fn column(&self, edit: &Edit) -> Option<&'a OpenColumn> {
        self.open.columns.iter().find(|column| column.name == edit.spot.column)
    }

    /// The condition that the row `t` is the one of these edits.
    pub fn is_row(&self, statement: &mut Statement<'_>, dialect: &dyn Dialect) -> String {
        let name = &self.open.table.name;
        let pairs: Vec<_> = (self.open.table.keyset.iter())
            .map(|column| (statement.of(name, column), statement.of(name, column)))
            .collect();
        let bound: &mut Bound<'_> = &mut statement.bound;
        dialect.equals(&pairs, &self.key, bound)
    }

    /// The keys of the person, and those that the edits make of them.
    pub fn keys_after(&self, keys: &[SubjectKey]) -> Keys {
        let mut all = keys.to_vec();
        for (_, edit) in &self.edits {
            let (Some(column), Some(new)) = (self.column(edit), &edit.new) else { continue };
            all.extend(column.kinds.iter().filter_map(|kind| SubjectKey::new(kind.clone(), new)));
        }
        Keys::new(&all)
    }

    /// Whether one of the edits changes by what the person is found.
    pub fn moves(&self) -> bool {
        self.edits
            .iter()
            .any(|(_, edit)| self.column(edit).is_some_and(|column| !column.kinds.is_empty()))
    }
}

/// Sorts edits by their rows.
///
/// # Errors
/// `unsupported` for a column that is not open or stands twice, `bad_data` for the name of no row.
pub fn by_row<'a>(
    open: &'a [Open<'a>],
    edits: &'a [Edit],
) -> Result<Vec<RowEdits<'a>>, StoreError> {
    let unsupported = || StoreError::new(StoreErrorCode::Unsupported);
    let mut rows: BTreeMap<(usize, &str), RowEdits<'a>> = BTreeMap::new();
    for (place, edit) in edits.iter().enumerate() {
        let spot = &edit.spot;
        let found = open.iter().find(|open| open.table.name == spot.collection);
        let table = found.ok_or_else(unsupported)?;
        if !table.columns.iter().any(|column| column.name == spot.column) {
            return Err(unsupported());
        }
        let key = row_key(&spot.row).filter(|key| key.len() == table.table.keyset.len());
        let key = key.ok_or(StoreError::new(StoreErrorCode::BadData))?;
        let row = rows.entry((table.at, spot.row.as_str())).or_insert_with(|| RowEdits {
            open: table,
            key,
            edits: Vec::new(),
        });
        if row.edits.iter().any(|(_, known)| known.spot.column == spot.column) {
            return Err(unsupported());
        }
        row.edits.push((place, edit));
    }
    Ok(rows.into_values().collect())
}

/// A value as people read and write it; `None` for none. The inner one is `None` where it cannot
/// be told as text.
pub fn text(value: Value) -> Option<Option<String>> {
    Some(match value {
        Value::Null => None,
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Real(real) => Some(format!("{real:?}")),
        Value::Number(text) | Value::Text(text) | Value::Json(text) => Some(text),
        Value::Bytes(_) => return None,
    })
}
