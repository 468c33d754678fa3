//! One step, in one transaction that the adapter begins and ends.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::leaves;
use super::reference::{Loosen, Tables};
use super::row::{Fate, Part, Row};
use super::rule::Rule;
use super::{Eraser, Session, keys};
use crate::domain::erase::{Changed, Done, Method, RowId, Stop};
use crate::domain::record::Value;
use crate::store::erase::{Reach, Step};
use crate::store::sql::cursor::row_key;
use crate::store::{StoreError, StoreErrorCode};

impl<'e> Eraser<'e> {
    /// Takes the step. The adapter commits where it was done, and undoes it where it was stopped.
    pub async fn execute(
        &self,
        session: &mut dyn Session,
        reach: &'e Reach<'e>,
        step: &Step<'_>,
    ) -> Result<Done, StoreError> {
        let stopped = |stop| Ok(Done::Stopped(stop));
        let keys = keys(reach.keys);
        let people = self.people(session, &keys, reach).await?;
        if people.iter().any(|person| !step.people.contains(person)) {
            return stopped(Stop::AnotherPerson);
        }
        let at = self.plan.position(&step.part.collection);
        let Some(rule) = at.and_then(|at| self.rule(at, reach.scope)) else {
            return stopped(Stop::Blocked);
        };
        let at = rule.at;
        let found = self.found(session, &rule, &keys, reach, true).await?;
        if found.more {
            return stopped(Stop::TooManyRows);
        }
        let mut tables: Tables<'e> = BTreeMap::new();
        tables.insert(at, (rule, found));
        let (rule, found) = &tables[&at];
        let parts = rule.parts();
        let own = |part: &&Part<'_>| {
            let fields = if part.removes() { Vec::new() } else { part.fields() };
            part.method == step.part.method && fields == step.part.fields
        };
        let Some(part) = parts.iter().find(own).copied() else { return stopped(Stop::Blocked) };
        if self.read_only || !rule.faults.is_empty() {
            return stopped(Stop::Blocked);
        }
        let planned: BTreeSet<&RowId> = step.part.rows.iter().collect();
        let bound = |row: &&Row| planned.contains(&row.id);
        // A row that has to stay after all does so, and somebody has to look again.
        if !part.kept
            && found.rows.iter().filter(bound).any(|row| matches!(row.fate, Fate::Stays(_)))
        {
            return stopped(Stop::Blocked);
        }
        let due: Vec<Row> = found.rows.iter().filter(|row| row.is_due(&part)).cloned().collect();
        let new = due.iter().filter(|row| !bound(row)).count();
        let new = u64::try_from(new).unwrap_or(u64::MAX);
        if new > step.new {
            return stopped(Stop::Grew);
        }
        let led: BTreeSet<&RowId> = found.rows.iter().map(|row| &row.id).collect();
        let away: Vec<&RowId> = planned.iter().copied().filter(|id| !led.contains(id)).collect();
        let strayed = self.left(session, rule, &part, &away).await?;
        let (kept, columns) = (part.kept, part.fields());
        let referring = self.referring_tables(&rule.table.name, &tables);
        for other in referring {
            let Some(rule) = self.rule(other, reach.scope) else { continue };
            let found = self.found(session, &rule, &keys, reach, false).await?;
            tables.insert(other, (rule, found));
        }
        let (rule, _) = &tables[&at];
        let parts = rule.parts();
        let same = |part: &&Part<'_>| part.kept == kept && part.fields() == columns;
        let Some(part) = parts.iter().find(same) else { return stopped(Stop::Blocked) };
        let rows: Vec<&Row> = due.iter().collect();
        let about = (&keys, reach);
        let references = self.references(session, &tables, at, part, &rows, about).await?;
        if !references.blockers.is_empty() {
            return stopped(Stop::Blocked);
        }
        for loosen in &references.loosen {
            if !self.loosen(session, loosen).await? {
                return stopped(Stop::Blocked);
            }
        }
        if !due.is_empty() && !self.change(session, rule, part, &due).await? {
            return stopped(Stop::Blocked);
        }
        let rows = due.into_iter().map(|row| row.id).collect();
        Ok(Done::Changed(Changed { rows, new, strayed }))
    }

    /// The tables of the plan that refer to one, but those known already.
    fn referring_tables(&self, name: &str, known: &Tables<'_>) -> Vec<usize> {
        let refers = |at: &usize| {
            let real = self.schema.table(&self.plan.tables[*at].name);
            real.is_some_and(|real| real.foreign_keys.iter().any(|key| key.table == name))
        };
        let all = 0..self.plan.tables.len();
        all.filter(|at| !known.contains_key(at)).filter(refers).collect()
    }

    /// Does it; false where not exactly these rows were changed.
    async fn change(
        &self,
        session: &mut dyn Session,
        rule: &Rule<'_>,
        part: &Part<'_>,
        due: &[Row],
    ) -> Result<bool, StoreError> {
        let (table, width) = (&rule.table.name, rule.key.len());
        if part.removes() {
            let rows: Vec<Vec<Value>> = due.iter().map(|row| row.key.clone()).collect();
            if part.method == Method::Aggregate && !self.aggregate(session, rule, &rows).await? {
                return Ok(false);
            }
            session.put(&rows, width).await?;
            let changed = session.change(self.hand.delete(table, &rule.key, width)).await?;
            return Ok(changed == count(due));
        }
        // Rows that change in the same columns go together; most do.
        let mut groups: BTreeMap<Vec<(&String, bool)>, Vec<&Row>> = BTreeMap::new();
        for row in due {
            let columns = row.sets.iter().map(|(name, value)| (name, *value == Value::Null));
            groups.entry(columns.collect()).or_default().push(row);
        }
        for (columns, rows) in groups {
            let mut set = Vec::new();
            let mut width = rule.key.len();
            for (name, null) in &columns {
                set.push(((*name).clone(), (!null).then_some(width)));
                width += usize::from(!null);
            }
            let put: Vec<Vec<Value>> = rows
                .iter()
                .map(|row| {
                    let values = row.sets.values().filter(|value| **value != Value::Null);
                    row.key.iter().chain(values).cloned().collect()
                })
                .collect();
            session.put(&put, width).await?;
            let sql = self.hand.update(table, &rule.key, &set, width);
            if session.change(sql).await? != count(&put) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn loosen(&self, session: &mut dyn Session, loosen: &Loosen) -> Result<bool, StoreError> {
        let width = loosen.key.len();
        let set: Vec<(String, Option<usize>)> =
            loosen.columns.iter().map(|column| (column.clone(), None)).collect();
        session.put(&loosen.rows, width).await?;
        let sql = self.hand.update(&loosen.table, &loosen.key, &set, width);
        Ok(session.change(sql).await? == count(&loosen.rows))
    }

    /// Those of `rows` that are there as if nothing had been done to them.
    pub(super) async fn left(
        &self,
        session: &mut dyn Session,
        rule: &Rule<'_>,
        part: &Part<'_>,
        rows: &[&RowId],
    ) -> Result<Vec<RowId>, StoreError> {
        let masks = if leaves(part.method) { part.masks } else { &[] };
        let there = self.there(session, rule, masks, rows).await?;
        let left = there.into_iter().filter(|(_, done)| !done || !leaves(part.method));
        Ok(left.map(|(id, _)| id).collect())
    }

    /// Those of `rows` that are there, and whether each is masked.
    pub(super) async fn there(
        &self,
        session: &mut dyn Session,
        rule: &Rule<'_>,
        masks: &[super::mask::Mask],
        rows: &[&RowId],
    ) -> Result<Vec<(RowId, bool)>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let (name, mut width) = (&rule.table.name, rule.key.len());
        let mut chosen: Vec<String> =
            rule.key.iter().map(|key| self.hand.shown(&self.column(name, key))).collect();
        let mut constants = Vec::new();
        for mask in masks {
            let slot = format!("v.c{width}");
            if let super::mask::How::Constant(text) = &mask.how {
                constants.push(Value::Text(text.clone()));
                width += 1;
            }
            chosen.push(mask.seen(self, name, &slot));
        }
        let mut put = Vec::with_capacity(rows.len());
        for row in rows {
            let key = row_key(&row.0)?;
            if key.len() != rule.key.len() {
                return Err(StoreError::new(StoreErrorCode::BadData));
            }
            put.push(key.into_iter().chain(constants.iter().cloned()).collect());
        }
        session.put(&put, width).await?;
        let sql = self.hand.select_put(name, &rule.key, &chosen, width);
        let mut there = Vec::new();
        for row in session.rows_put(sql).await? {
            let (key, seen) = row.split_at(rule.key.len().min(row.len()));
            let id = RowId(crate::store::sql::cursor::row_name(key));
            let mut done = true;
            for (mask, value) in masks.iter().zip(seen) {
                done &= mask.becomes(self, name, &id, value)?.is_none();
            }
            there.push((id, done));
        }
        there.sort();
        Ok(there)
    }
}

fn count<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}
