//! Rows that refer to rows that go: what stands in the way, and what has to let go first.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Found, Part, Row};
use super::rule::Rule;
use super::{Eraser, Session, limit, plain};
use crate::domain::erase::{EraseBlocker, EraseBlockerCode, RowId};
use crate::domain::record::Value;
use crate::store::StoreError;
use crate::store::erase::Reach;
use crate::store::sql::cursor::row_name;
use crate::store::sql::schema::{Action, ForeignKey, Keyset, Table};
use crate::store::sql::statement::{Keys, Statement};

/// Rules and rows of tables, by their places in the plan.
pub(super) type Tables<'e> = BTreeMap<usize, (Rule<'e>, Found)>;

/// References of rows that go in a later step: they are emptied first.
#[derive(Debug)]
pub(super) struct Loosen {
    pub(super) table: String,
    pub(super) key: Vec<String>,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// What was found about the references to one part's rows.
#[derive(Debug, Default)]
pub(super) struct References {
    pub(super) blockers: Vec<EraseBlocker>,
    pub(super) loosen: Vec<Loosen>,
}

impl Eraser<'_> {
    /// Looks at everything that refers to `rows`, of a part of the table at `at`.
    pub(super) async fn references(
        &self,
        session: &mut dyn Session,
        tables: &Tables<'_>,
        at: usize,
        part: &Part<'_>,
        rows: &[&Row],
        look: (&Keys, &Reach<'_>),
    ) -> Result<References, StoreError> {
        let mut found = References::default();
        let Some((rule, _)) = tables.get(&at) else { return Ok(found) };
        for table in self.schema.tables.iter().filter(|table| !table.view) {
            for key in table.foreign_keys.iter().filter(|key| key.table == rule.table.name) {
                let changed = |to: &String| part.masks.iter().any(|mask| mask.column == *to);
                let action = if part.removes() {
                    key.on_delete
                } else if key.to.iter().any(changed) {
                    key.on_update
                } else {
                    continue;
                };
                if key.to.is_empty() || key.to.len() != key.columns.len() || rows.is_empty() {
                    continue;
                }
                let referring = self.referring(session, rule, table, key, rows, look).await?;
                if !referring.is_empty() {
                    self.weigh(tables, (at, table, key, action), &referring, &mut found);
                }
            }
        }
        found.blockers.sort();
        Ok(found)
    }

    /// The rows of `table` that refer to `rows` over `key`, by their own keys.
    async fn referring(
        &self,
        session: &mut dyn Session,
        rule: &Rule<'_>,
        table: &Table,
        key: &ForeignKey,
        rows: &[&Row],
        (keys, reach): (&Keys, &Reach<'_>),
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let mut statement = Statement::new(self.plan, keys, self.hand);
        let Some(there) = statement.rows(rule.at, &key.to) else { return Ok(Vec::new()) };
        let own = named_by(tables_key(self, table), table);
        let mut pairs = Vec::new();
        for (from, to) in key.columns.iter().zip(&key.to) {
            pairs.push((statement.of(&table.name, from), statement.of(&rule.table.name, to)));
        }
        let condition = self.hand.stands_in(&pairs, &there);
        let shown = |name: &String| self.hand.shown(&self.column(&table.name, name));
        let chosen: Vec<String> = own.iter().chain(&key.columns).map(shown).collect();
        let select = format!(
            "SELECT {} FROM {} AS t WHERE {condition} LIMIT {}",
            chosen.join(", "),
            self.hand.table(&table.name),
            limit(reach)
        );
        let tuple = |row: &Row| -> Vec<Option<String>> {
            key.to.iter().map(|to| row.values.get(to).and_then(plain)).collect()
        };
        let going: BTreeSet<Vec<Option<String>>> = rows.iter().map(|row| tuple(row)).collect();
        let mut found = session.rows(statement.finish(&select)).await?;
        found.retain(|row| going.contains(&row[own.len()..].iter().map(plain).collect::<Vec<_>>()));
        for row in &mut found {
            row.truncate(own.len());
        }
        Ok(found)
    }

    /// Whether rows that refer go too, have to let go first, or stand in the way.
    fn weigh(
        &self,
        tables: &Tables<'_>,
        (at, table, key, action): (usize, &Table, &ForeignKey, Action),
        referring: &[Vec<Value>],
        found: &mut References,
    ) {
        let here = self.plan.position(&table.name);
        let known = here.and_then(|here| tables.get(&here));
        let stops = matches!(action, Action::Stop | Action::StopAtOnce);
        let order = super::order::order(self.plan, self.schema);
        let place = |table| order.iter().position(|other| *other == table);
        let later = here.is_some_and(|here| place(here) > place(at));
        let at_once = here == Some(at) && action == Action::StopAtOnce;
        let free = |name: &&String| !table.required.contains(name);
        let columns: Vec<String> = key.columns.iter().filter(free).cloned().collect();
        let (mut staying, mut holding) = (0, Vec::new());
        for row in referring {
            let going = known.and_then(|(rule, found)| going(rule, found, key, row));
            match going {
                None => staying += 1,
                Some(Going::Whole) if stops && (later || at_once) => holding.push(row.clone()),
                Some(Going::Loose) if action != Action::Loosen && later => {
                    holding.push(row.clone());
                }
                Some(Going::Listed) if action != Action::Loosen => staying += 1,
                Some(_) => {}
            }
        }
        if columns.is_empty() {
            staying += u64::try_from(holding.len()).unwrap_or(u64::MAX);
            holding.clear();
        }
        let code = if stops { EraseBlockerCode::Referenced } else { EraseBlockerCode::Cascades };
        if staying > 0 {
            found.blockers.push(EraseBlocker {
                code,
                collection: self.plan.tables[at].name.clone(),
                by: Some(format!("{}.{}", table.name, key.columns.join("+"))),
                rows: staying,
            });
        }
        if let Some((rule, _)) = known.filter(|_| !holding.is_empty()) {
            let (table, key) = (table.name.clone(), rule.key.clone());
            found.loosen.push(Loosen { table, key, columns, rows: holding });
        }
    }
}

/// What becomes of a row that refers.
enum Going {
    /// It goes.
    Whole,
    /// It stays, and its reference is emptied in a step of its own.
    Loose,
    /// It stays, and a step changes other columns of it.
    Listed,
}

fn going(rule: &Rule<'_>, found: &Found, key: &ForeignKey, row: &[Value]) -> Option<Going> {
    let id = RowId(row_name(row));
    let own = found.rows.binary_search_by(|row| row.id.cmp(&id)).ok().map(|at| &found.rows[at])?;
    let parts = rule.parts();
    let part = parts.iter().find(|part| part.takes(own.fate))?;
    let emptied = |column: &String| {
        part.masks.iter().any(|mask| mask.column == *column && mask.how == super::mask::How::Null)
    };
    if part.removes() {
        Some(Going::Whole)
    } else if part.masks.is_empty() {
        // Its step would be none.
        None
    } else if key.columns.iter().any(emptied) {
        Some(Going::Loose)
    } else {
        Some(Going::Listed)
    }
}

fn tables_key(eraser: &Eraser<'_>, table: &Table) -> Option<Vec<String>> {
    let plan = &eraser.plan.tables[eraser.plan.position(&table.name)?];
    Some(super::rule::key(plan, table))
}

/// By what rows of a table are told apart, of one that leads to nobody too.
fn named_by(own: Option<Vec<String>>, table: &Table) -> Vec<String> {
    own.unwrap_or_else(|| match &table.keyset {
        Keyset::Columns(columns) => columns.clone(),
        Keyset::Nothing => Vec::new(),
    })
}
