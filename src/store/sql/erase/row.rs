//! The person's rows of one table, as they are now.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::mask::Mask;
use super::rule::Rule;
use super::{Eraser, Session, instant, limit, plain, until};
use crate::domain::erase::{Method, RowId};
use crate::domain::record::{Column, Value};
use crate::store::erase::Reach;
use crate::store::map::Blob;
use crate::store::sql::cursor::row_name;
use crate::store::sql::plan::Output;
use crate::store::sql::statement::{Keys, Statement};
use crate::store::{StoreError, StoreErrorCode};

/// What is to become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes by the rule's method.
    Goes,
    /// It stays until then.
    Stays(Option<Timestamp>),
    /// The scope does not name it.
    Untouched,
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: RowId,
    pub(super) key: Vec<Value>,
    pub(super) fate: Fate,
    /// What the columns become, where there is something to do; by column.
    pub(super) sets: BTreeMap<String, Value>,
    /// The values of columns that others refer to, or that name files.
    pub(super) values: BTreeMap<String, Value>,
}

/// All of them, or the word that there are more than may be.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) rows: Vec<Row>,
    pub(super) more: bool,
}

/// One part of a plan: a method, and the columns that it changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'r> {
    pub(super) method: Method,
    pub(super) masks: &'r [Mask],
    /// Whether it is what is done to rows that stay.
    pub(super) kept: bool,
}

impl Rule<'_> {
    /// What the rule can do: to rows that go, and to rows that stay.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        let goes = self.method.map(|method| Part { method, masks: &self.masks, kept: false });
        let stays = (!self.kept.is_empty()).then_some(Part {
            method: Method::Mask,
            masks: &self.kept,
            kept: true,
        });
        goes.into_iter().chain(stays).collect()
    }

    /// Columns whose values name files.
    pub(super) fn blobs(&self) -> impl Iterator<Item = (&str, &Blob, &Column)> {
        self.table.blobs.iter().filter_map(|(at, blob)| match &self.table.outputs[*at] {
            Output::Own(column) => Some((column.as_str(), blob, &self.table.shape.columns[*at])),
            Output::Lookup { .. } => None,
        })
    }
}

impl Part<'_> {
    /// The columns that it changes.
    pub(super) fn fields(&self) -> Vec<String> {
        self.masks.iter().map(|mask| mask.column.clone()).collect()
    }

    /// Whether rows of that fate are its own.
    pub(super) fn takes(&self, fate: Fate) -> bool {
        match fate {
            Fate::Goes => !self.kept,
            Fate::Stays(_) => self.kept,
            Fate::Untouched => false,
        }
    }

    /// Whether rows are gone afterwards.
    pub(super) fn removes(&self) -> bool {
        matches!(self.method, Method::Delete | Method::Aggregate)
    }
}

impl Row {
    /// Whether there is something to do to it.
    pub(super) fn is_due(&self, part: &Part<'_>) -> bool {
        part.takes(self.fate) && (part.removes() || !self.sets.is_empty())
    }
}

impl Eraser<'_> {
    /// The rows that the keys lead to now; `lock` keeps them so.
    pub(super) async fn found(
        &self,
        session: &mut dyn Session,
        rule: &Rule<'_>,
        keys: &Keys,
        reach: &Reach<'_>,
        lock: bool,
    ) -> Result<Found, StoreError> {
        let mut statement = Statement::new(self.plan, keys, self.hand);
        let Some(condition) = statement.reach(rule.at, &[]) else { return Ok(Found::default()) };
        let name = &rule.table.name;
        let mut chosen: Vec<String> =
            rule.key.iter().map(|key| self.hand.shown(&self.column(name, key))).collect();
        let from = rule.keep.and_then(|keep| keep.from.as_ref());
        chosen.extend(from.map(|column| self.hand.shown(&self.column(name, column))));
        let values = self.values(rule);
        chosen.extend(values.iter().map(|column| self.hand.shown(&self.column(name, column))));
        for mask in rule.masks.iter().chain(&rule.kept) {
            let slot = match &mask.how {
                super::mask::How::Constant(text) => statement.bound.bind(Value::Text(text.clone())),
                _ => String::new(),
            };
            chosen.push(mask.seen(self, name, &slot));
        }
        let select = format!(
            "SELECT {} FROM {} AS t WHERE {condition} LIMIT {}{}",
            chosen.join(", "),
            self.hand.table(name),
            limit(reach),
            if lock { self.hand.lock(name) } else { "" },
        );
        let answer = session.rows(statement.finish(&select)).await?;
        let more = u64::try_from(answer.len()).unwrap_or(u64::MAX) > reach.most;
        let mut rows = Vec::with_capacity(answer.len());
        for row in answer {
            rows.push(self.read(rule, reach, &values, row)?);
        }
        rows.sort_by(|a: &Row, b: &Row| a.id.cmp(&b.id));
        // A key that the map claims and that is none would hit other rows.
        if rows.windows(2).any(|two| two[0].id == two[1].id) {
            return Err(StoreError::new(StoreErrorCode::Schema));
        }
        Ok(Found { rows, more })
    }

    /// Columns whose values are needed beside the key.
    fn values(&self, rule: &Rule<'_>) -> Vec<String> {
        let mut values: BTreeSet<String> = BTreeSet::new();
        let tables = self.schema.tables.iter();
        for key in tables.flat_map(|table| &table.foreign_keys) {
            if key.table == rule.table.name {
                values.extend(key.to.iter().cloned());
            }
        }
        values.extend(rule.blobs().map(|(column, ..)| column.to_owned()));
        values.into_iter().collect()
    }

    fn read(
        &self,
        rule: &Rule<'_>,
        reach: &Reach<'_>,
        values: &[String],
        row: Vec<Value>,
    ) -> Result<Row, StoreError> {
        let mut row = row.into_iter();
        let mut next = || row.next().ok_or(StoreError::new(StoreErrorCode::BadData));
        let key = (0..rule.key.len()).map(|_| next()).collect::<Result<Vec<_>, _>>()?;
        if key.contains(&Value::Null) {
            return Err(StoreError::new(StoreErrorCode::Schema));
        }
        let id = RowId(row_name(&key));
        let dated = rule.keep.is_some_and(|keep| keep.from.is_some());
        let date = if dated { next()? } else { Value::Null };
        let fate = if reach.scope.leaves_out(&rule.table.name, &id) {
            Fate::Untouched
        } else {
            fate(rule, reach.now, &key, &date)
        };
        let mut seen = BTreeMap::new();
        for column in values {
            seen.insert(column.clone(), next()?);
        }
        let mut sets = BTreeMap::new();
        for (at, mask) in rule.masks.iter().chain(&rule.kept).enumerate() {
            let kept = at >= rule.masks.len();
            let value = next()?;
            if kept != matches!(fate, Fate::Stays(_)) {
                continue;
            }
            if let Some(new) = mask.becomes(self, &rule.table.name, &id, &value)? {
                sets.insert(mask.column.clone(), new);
            }
        }
        Ok(Row { id, key, fate, sets, values: seen })
    }
}

fn fate(rule: &Rule<'_>, now: Timestamp, key: &[Value], date: &Value) -> Fate {
    if let Some(named) = &rule.named {
        let name = key.first().and_then(plain);
        if !name.is_some_and(|name| named.contains(name.as_str())) {
            return Fate::Untouched;
        }
    }
    if rule.holder.is_some() {
        return Fate::Stays(None);
    }
    let Some(keep) = rule.keep else { return Fate::Goes };
    match instant(date).and_then(|from| until(from, keep.period)) {
        Some(end) if end <= now => Fate::Goes,
        // Where nobody knows since when, it stays.
        end => Fate::Stays(end),
    }
}
