//! What would be done for a person.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::order::order;
use super::reference::Tables;
use super::row::{Fate, Found, Part, Row};
use super::rule::Rule;
use super::{Eraser, Session, keys, limit, person, plain};
use crate::domain::erase::{
    EraseBlocker, EraseBlockerCode, ErasePart, ErasePlan, KeptRows, Method, RowId,
};
use crate::domain::record::{FileRef, Gap};
use crate::store::StoreError;
use crate::store::erase::Reach;
use crate::store::sql::files::file;
use crate::store::sql::statement::{Keys, Statement};

impl<'e> Eraser<'e> {
    /// Reads alone, in one state of the database.
    pub async fn plan(
        &self,
        session: &mut dyn Session,
        reach: &'e Reach<'e>,
    ) -> Result<ErasePlan, StoreError> {
        let keys = keys(reach.keys);
        let order = order(self.plan, self.schema);
        let mut tables: Tables<'e> = BTreeMap::new();
        for at in &order {
            let Some(rule) = self.rule(*at, reach.scope) else { continue };
            let found = self.found(session, &rule, &keys, reach, false).await?;
            tables.insert(*at, (rule, found));
        }
        let mut plan =
            ErasePlan { people: self.people(session, &keys, reach).await?, ..ErasePlan::default() };
        let mut files = BTreeSet::new();
        for at in &order {
            let Some((rule, found)) = tables.get(at) else { continue };
            if found.rows.is_empty() {
                continue;
            }
            self.faults(rule, found, &mut plan);
            plan.kept.extend(kept(rule, found));
            for part in rule.parts() {
                let due: Vec<&Row> = found.rows.iter().filter(|row| row.is_due(&part)).collect();
                if due.is_empty() {
                    continue;
                }
                let look = (&keys, reach);
                let more = self.references(session, &tables, *at, &part, &due, look).await?;
                plan.blockers.extend(more.blockers);
                if !found.more {
                    plan.steps.push(step(rule, &part, &due));
                }
                self.files(session, rule, found, &part, &due, &keys, (&mut plan, &mut files))
                    .await?;
            }
        }
        plan.files = files.into_iter().map(|(store, key)| FileRef { store, key }).collect();
        plan.blockers.sort();
        plan.blockers.dedup();
        plan.gaps.sort();
        plan.gaps.dedup();
        plan.people.sort();
        Ok(plan)
    }

    /// The rows of people that the keys lead to now.
    pub(super) async fn people(
        &self,
        session: &mut dyn Session,
        keys: &Keys,
        reach: &Reach<'_>,
    ) -> Result<Vec<RowId>, StoreError> {
        let mut people = Vec::new();
        for (at, table) in self.plan.tables.iter().enumerate().filter(|(_, table)| table.person) {
            let Some(real) = self.schema.table(&table.name) else { continue };
            let mut statement = Statement::new(self.plan, keys, self.hand);
            let Some(condition) = statement.keyed(at) else { continue };
            let key = super::rule::key(table, real);
            let chosen: Vec<String> =
                key.iter().map(|key| self.hand.shown(&self.column(&table.name, key))).collect();
            let select = format!(
                "SELECT {} FROM {} AS t WHERE {condition} LIMIT {}",
                chosen.join(", "),
                self.hand.table(&table.name),
                limit(reach)
            );
            for row in session.rows(statement.finish(&select)).await? {
                let id = RowId(crate::store::sql::cursor::row_name(&row));
                people.push(person(&table.name, &id));
            }
        }
        people.sort();
        people.dedup();
        Ok(people)
    }

    /// What forbids a rule as a whole.
    fn faults(&self, rule: &Rule<'_>, found: &Found, plan: &mut ErasePlan) {
        let collection = &rule.table.name;
        let rows = u64::try_from(found.rows.len()).unwrap_or(u64::MAX);
        let mut tell = |code, by: Option<String>| {
            plan.blockers.push(EraseBlocker { code, collection: collection.clone(), by, rows });
        };
        for (code, by) in &rule.faults {
            tell(*code, by.clone());
        }
        if found.more && rule.holder.is_none() {
            tell(EraseBlockerCode::TooManyRows, None);
        }
        let due = |part: &Part<'_>| found.rows.iter().any(|row| row.is_due(part));
        for part in rule.parts().iter().filter(|part| due(part)) {
            let columns: Vec<&str> = part.masks.iter().map(|mask| mask.column.as_str()).collect();
            if self.read_only || !self.hand.may_change(collection, &columns) {
                tell(EraseBlockerCode::ReadOnly, None);
            }
        }
    }

    /// Files that go with rows. One that other rows name too stays: it may be anybody's.
    #[expect(
        clippy::too_many_arguments,
        reason = "one part of the plan above, split off for length"
    )]
    async fn files(
        &self,
        session: &mut dyn Session,
        rule: &Rule<'_>,
        found: &Found,
        part: &Part<'_>,
        due: &[&Row],
        keys: &Keys,
        (plan, files): (&mut ErasePlan, &mut BTreeSet<(String, String)>),
    ) -> Result<(), StoreError> {
        for (column, blob, shape) in rule.blobs() {
            let emptied = |row: &Row| part.removes() || row.sets.contains_key(column);
            let going: Vec<&Row> = due.iter().copied().filter(|row| emptied(row)).collect();
            if going.is_empty() {
                continue;
            }
            let ids: BTreeSet<&RowId> = going.iter().map(|row| &row.id).collect();
            let staying = found.rows.iter().filter(|row| !ids.contains(&row.id));
            let mut held: BTreeSet<String> =
                staying.filter_map(|row| plain(row.values.get(column)?)).collect();
            held.extend(self.shared(session, rule, column, keys).await?);
            let mut stay = 0;
            for row in going {
                let Some(value) = row.values.get(column) else { continue };
                match file(&rule.table.name, blob, shape, value) {
                    Ok(Some(_)) if plain(value).is_some_and(|value| held.contains(&value)) => {
                        stay += 1;
                    }
                    Ok(Some(item)) => {
                        files.insert((item.at.store, item.at.key));
                    }
                    Ok(None) => {}
                    Err(reason) => {
                        let place = format!("{}.{column}", rule.table.name);
                        plan.gaps.push(Gap { place, reason, count: 1 });
                    }
                }
            }
            if stay > 0 {
                let collection = format!("{}.{column}", rule.table.name);
                let ground = String::new();
                let (until, controller) = (None, None);
                plan.kept.push(KeptRows { collection, rows: stay, ground, until, controller });
            }
        }
        Ok(())
    }

    /// Values of the person's rows that rows of others have too.
    async fn shared(
        &self,
        session: &mut dyn Session,
        rule: &Rule<'_>,
        column: &str,
        keys: &Keys,
    ) -> Result<Vec<String>, StoreError> {
        let mut statement = Statement::new(self.plan, keys, self.hand);
        let name = &rule.table.name;
        let Some(own) = statement.rows(rule.at, &[column.to_owned()]) else {
            return Ok(Vec::new());
        };
        let Some(reach) = statement.reach(rule.at, &[]) else { return Ok(Vec::new()) };
        let of = self.column(name, column);
        let same = self.hand.stands_in(&[(of.clone(), of.clone())], &own);
        let select = format!(
            "SELECT DISTINCT {} FROM {} AS t WHERE ({reach}) IS NOT TRUE AND {same}",
            self.hand.shown(&of),
            self.hand.table(name)
        );
        let rows = session.rows(statement.finish(&select)).await?;
        Ok(rows.iter().filter_map(|row| plain(row.first()?)).collect())
    }
}

fn step(rule: &Rule<'_>, part: &Part<'_>, due: &[&Row]) -> ErasePart {
    let fields = if part.removes() { Vec::new() } else { part.fields() };
    let rows = due.iter().map(|row| row.id.clone()).collect();
    ErasePart { collection: rule.table.name.clone(), method: part.method, fields, rows }
}

/// What stays of a table, and until when. One row without an end has none for all.
fn kept(rule: &Rule<'_>, found: &Found) -> Option<KeptRows> {
    let ends = found.rows.iter().filter_map(|row| match row.fate {
        Fate::Stays(end) => Some(end),
        _ => None,
    });
    let ends: Vec<Option<Timestamp>> = ends.collect();
    let until = if ends.contains(&None) { None } else { ends.iter().flatten().max().copied() };
    let ground = rule.keep.and_then(|keep| keep.ground.clone()).unwrap_or_default();
    let rows = u64::try_from(ends.len()).unwrap_or(u64::MAX);
    let (collection, controller) = (rule.table.name.clone(), rule.holder.cloned());
    (rows > 0).then_some(KeptRows { collection, rows, ground, until, controller })
}

/// Whether a method leaves the row.
pub(super) fn leaves(method: Method) -> bool {
    matches!(method, Method::Mask | Method::Shred)
}
