//! What stands in a table: the names of its rows, and of single rows enough to tell later whether a
//! row of that name is still the same one.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::mask::Mask;
use super::plan::leaves;
use super::rule::Rule;
use super::{Eraser, Session, plain};
use crate::domain::erase::{EraseScope, RowId, Seen};
use crate::domain::record::Value;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::store::erase::Look;
use crate::store::sql::cursor::{row_key, row_name};
use crate::store::{StoreError, StoreErrorCode};

/// Names of one stretch.
const NAMES: usize = 5_000;

impl<'e> Eraser<'e> {
    /// The names of rows, whosever they are, behind `after`.
    pub async fn names(
        &self,
        session: &mut dyn Session,
        collection: &str,
        after: Option<&RowId>,
    ) -> Result<Vec<RowId>, StoreError> {
        let at = self.plan.position(collection).ok_or_else(schema)?;
        let table = &self.plan.tables[at];
        let real = self.schema.table(&table.name).ok_or_else(schema)?;
        let key = super::rule::key(table, real);
        let columns: Vec<_> = key.iter().map(|key| self.column(&table.name, key)).collect();
        let tuple = |sql: Vec<String>| match sql.as_slice() {
            [one] => one.clone(),
            _ => format!("({})", sql.join(", ")),
        };
        let own = tuple(columns.iter().map(|column| column.sql.clone()).collect());
        let (mut condition, mut values) = (String::new(), Vec::new());
        if let Some(after) = after {
            values = named(after)?;
            if values.len() != key.len() {
                return Err(StoreError::new(StoreErrorCode::BadData));
            }
            let slots = columns
                .iter()
                .enumerate()
                .map(|(at, column)| self.hand.assigned(column, &self.hand.slot(at + 1)));
            condition = format!("WHERE {own} > {}", tuple(slots.collect()));
        }
        let chosen: Vec<String> = columns.iter().map(|column| self.hand.shown(column)).collect();
        let order: Vec<String> = columns.iter().map(|column| column.sql.clone()).collect();
        let sql = format!(
            "SELECT {} FROM {} AS t {condition} ORDER BY {} LIMIT {NAMES}",
            chosen.join(", "),
            self.hand.table(&table.name),
            order.join(", ")
        );
        let rows = session.rows((sql, values)).await?;
        // A row whose key is NULL is none that was ever named.
        let named = rows.iter().filter(|row| !row.contains(&Value::Null));
        Ok(named.map(|row| RowId(row_name(row))).collect())
    }

    /// Those of the rows that are there, and what they hold.
    pub async fn sight(
        &self,
        session: &mut dyn Session,
        scope: &'e EraseScope,
        look: &Look<'_>,
    ) -> Result<Vec<Seen>, StoreError> {
        let at = self.plan.position(look.collection).ok_or_else(schema)?;
        let rule = self.rule(at, scope).ok_or_else(schema)?;
        let rows: Vec<&RowId> = look.rows.iter().collect();
        let masks: &[Mask] = if leaves(look.method) { rule.masks_of(look.fields)? } else { &[] };
        let there = self.there(session, &rule, masks, &rows).await?;
        let held = rule.held(look);
        let keyed: Vec<&(KeyKind, String)> = rule.table.keyed.iter().collect();
        let columns = held.iter().copied().chain(keyed.iter().map(|(_, column)| column.as_str()));
        let chosen: Vec<String> = rule
            .key
            .iter()
            .map(String::as_str)
            .chain(columns)
            .map(|column| self.hand.shown(&self.column(&rule.table.name, column)))
            .collect();
        let mut seen = Vec::with_capacity(there.len());
        if there.is_empty() {
            return Ok(seen);
        }
        let keys: Result<Vec<Vec<Value>>, _> = there.iter().map(|(id, _)| named(id)).collect();
        session.put(&keys?, rule.key.len()).await?;
        let sql = self.hand.select_put(&rule.table.name, &rule.key, &chosen, rule.key.len());
        for row in session.rows_put(sql).await? {
            let (key, rest) = row.split_at(rule.key.len().min(row.len()));
            let (values, of_keys) = rest.split_at(held.len().min(rest.len()));
            let row = RowId(row_name(key));
            let done = there.binary_search_by(|(id, _)| id.cmp(&row)).ok();
            let done = done.is_some_and(|at| there[at].1) && leaves(look.method);
            let keys = keyed
                .iter()
                .zip(of_keys)
                .filter_map(|((kind, _), value)| SubjectKey::new(kind.clone(), plain(value)?));
            let (mark, person) = (mark(&held, values), rule.table.person);
            seen.push(Seen { mark, done, person, keys: keys.collect(), row });
        }
        seen.sort_by(|a, b| a.row.cmp(&b.row));
        Ok(seen)
    }
}

impl Rule<'_> {
    /// What is done to rows whose `fields` change.
    pub(super) fn masks_of(&self, fields: &[String]) -> Result<&[Mask], StoreError> {
        let same = |masks: &&Vec<Mask>| masks.iter().map(|mask| &mask.column).eq(fields);
        [&self.masks, &self.kept].into_iter().find(same).map(Vec::as_slice).ok_or_else(schema)
    }

    /// The columns that tell whether a row is still the one that it was: where the map names the
    /// column of its birth that alone, unless somebody could have filled in again what was masked;
    /// else all that the map names and that may leave the database.
    fn held(&self, look: &Look<'_>) -> Vec<&str> {
        let masked = |column: &String| look.fields.contains(column);
        let whole = !leaves(look.method) || self.map.who.iter().any(|who| masked(&who.column));
        if let (true, Some(born)) = (whole, &self.map.created) {
            return vec![&born.value];
        }
        let fields = self.map.fields.iter().filter(|field| !field.category.is_secret());
        let mut held: BTreeSet<&str> = fields.map(|field| field.column.as_str()).collect();
        held.extend(self.map.who.iter().map(|who| who.column.as_str()));
        held.extend(self.map.via.iter().flat_map(|via| &via.from).map(String::as_str));
        held.extend(self.map.created.as_ref().map(|born| born.value.as_str()));
        held.retain(|column| {
            let computed = self.real.computed.iter().any(|made| made == column);
            // An account rests while its deletion is approved: a backup from before does not say so.
            let marks = self.map.marks.iter().any(|mark| mark.column == *column);
            self.real.has(column) && !computed && !marks
        });
        held.into_iter().collect()
    }
}

/// SHA-256 over names and values, so that no two different rows look alike.
fn mark(columns: &[&str], values: &[Value]) -> String {
    let mut hash = Sha256::new_with_prefix(b"rightsdesk-row/1");
    for (column, value) in columns.iter().zip(values) {
        let value = match value {
            Value::Null => "-".to_owned(),
            value => row_name(std::slice::from_ref(value)),
        };
        for text in [*column, &value] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
    }
    HEXLOWER.encode(&hash.finalize())
}

fn schema() -> StoreError {
    StoreError::new(StoreErrorCode::Schema)
}

/// The key in the name of a row.
fn named(row: &RowId) -> Result<Vec<Value>, StoreError> {
    row_key(&row.0).ok_or(StoreError::new(StoreErrorCode::BadData))
}
