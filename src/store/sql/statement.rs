//! Parts of statements that select one person's rows.

use std::collections::BTreeMap;

use super::plan::Plan;
use crate::domain::record::Value;
use crate::domain::subject::{KeyKind, SubjectKey};

/// How a database spells what the plan means.
pub trait Dialect: Send + Sync {
    /// The slot of the `number`th bound value, from 1: `?1`, `$1`.
    fn slot(&self, number: usize) -> String;

    /// A name as an identifier.
    fn quote(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// A table, by its name in the plan.
    fn table(&self, name: &str) -> String {
        self.quote(name)
    }

    /// A column as a selection that others stand on gives it: each of its values once and exact.
    fn chosen(&self, column: &Column<'_>) -> String {
        column.sql.clone()
    }

    /// Rows whose `column` holds one of `keys`, byte for byte; a number only in its usual digits.
    fn key_is(&self, column: &Column<'_>, keys: &[&str], bound: &mut Bound<'_>) -> String;

    /// Rows whose `column` holds `key` when ASCII case is ignored.
    fn key_is_like(&self, column: &Column<'_>, key: &str, bound: &mut Bound<'_>) -> String;

    /// Rows whose columns, the first of each of `pairs`, stand in the selection `rows` of the
    /// second ones, byte for byte. The columns of the selection are `c0`, `c1` and so on.
    fn stands_in(&self, pairs: &[(Column<'_>, Column<'_>)], rows: &str) -> String;

    /// Rows whose columns, the first of each of `pairs`, are `values` of the second ones, byte for
    /// byte.
    fn equals(
        &self,
        pairs: &[(Column<'_>, Column<'_>)],
        values: &[Value],
        bound: &mut Bound<'_>,
    ) -> String;
}

/// A column in a statement.
#[derive(Debug, Clone)]
pub struct Column<'c> {
    /// Its table, by its name in the plan.
    pub table: &'c str,
    /// Its name.
    pub name: &'c str,
    /// How the statement calls it.
    pub sql: String,
}

/// Values bound so far.
pub struct Bound<'d> {
    dialect: &'d dyn Dialect,
    values: Vec<Value>,
}

impl Bound<'_> {
    /// Binds a value and gives its slot.
    pub fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        self.dialect.slot(self.values.len())
    }
}

/// The keys of a person, by their kinds.
#[derive(Clone, Default)]
pub struct Keys(BTreeMap<KeyKind, Vec<String>>);

impl Keys {
    /// Sorted and each once, so that the same keys make the same statement.
    pub fn new(keys: &[SubjectKey]) -> Self {
        let mut all: BTreeMap<KeyKind, Vec<String>> = BTreeMap::new();
        for key in keys {
            all.entry(key.kind.clone()).or_default().push(key.value().to_owned());
        }
        for values in all.values_mut() {
            values.sort();
            values.dedup();
        }
        Self(all)
    }

    /// The values of one kind.
    pub fn of(&self, kind: &KeyKind) -> &[String] {
        self.0.get(kind).map_or(&[], Vec::as_slice)
    }
}

/// What is known of a parent's rows before the statement is made.
#[derive(Debug, Clone, PartialEq)]
pub enum Pin {
    /// There are none.
    Nobody,
    /// All of them have these values, so that the child's index gives its rows in order.
    One(Vec<Value>),
    /// More than one.
    Many,
}

/// A statement being made.
pub struct Statement<'p> {
    plan: &'p Plan,
    keys: &'p Keys,
    dialect: &'p dyn Dialect,
    /// Selections that others stand on: `r0(c0) AS (…)`.
    with: Vec<String>,
    made: BTreeMap<(usize, Vec<String>), Option<String>>,
    /// The values.
    pub bound: Bound<'p>,
}

impl<'p> Statement<'p> {
    /// Nothing yet.
    pub fn new(plan: &'p Plan, keys: &'p Keys, dialect: &'p dyn Dialect) -> Self {
        let bound = Bound { dialect, values: Vec::new() };
        Self { plan, keys, dialect, with: Vec::new(), made: BTreeMap::new(), bound }
    }

    /// The condition that a row `t` of the table is the person's. `None` where no key leads. `pins`
    /// holds what is known of the table's parents, in their order.
    pub fn reach(&mut self, table: usize, pins: &[Pin]) -> Option<String> {
        let plan = self.plan.tables.get(table)?;
        let mut ways: Vec<String> = self.keyed(table).into_iter().collect();
        for (at, parent) in plan.parents.iter().enumerate() {
            let there = &self.plan.tables[parent.table].name;
            let pairs: Vec<(Column<'_>, Column<'_>)> = (parent.from.iter().zip(&parent.to))
                .map(|(from, to)| (self.of(&plan.name, from), self.of(there, to)))
                .collect();
            match pins.get(at).unwrap_or(&Pin::Many) {
                Pin::Nobody => {}
                Pin::One(values) => {
                    ways.push(self.dialect.equals(&pairs, values, &mut self.bound));
                }
                Pin::Many => {
                    if let Some(rows) = self.rows(parent.table, &parent.to) {
                        ways.push(self.dialect.stands_in(&pairs, &rows));
                    }
                }
            }
        }
        any(&ways)
    }

    /// The condition that one of the person's keys stands in the row `t` itself.
    pub fn keyed(&mut self, table: usize) -> Option<String> {
        let mut ways = Vec::new();
        let plan = self.plan.tables.get(table)?;
        for (kind, column) in &plan.keyed {
            let keys: Vec<&str> = self.keys.of(kind).iter().map(String::as_str).collect();
            if !keys.is_empty() {
                let column = self.of(&plan.name, column);
                ways.push(self.dialect.key_is(&column, &keys, &mut self.bound));
            }
        }
        any(&ways)
    }

    /// The condition that `column` of the row `t` of `table` is `key` when ASCII case is ignored.
    pub fn like(&mut self, table: &str, column: &str, key: &str) -> String {
        let column = self.of(table, column);
        self.dialect.key_is_like(&column, key, &mut self.bound)
    }

    /// Names the selection of `columns` of the person's rows in a table.
    pub fn rows(&mut self, table: usize, columns: &[String]) -> Option<String> {
        let made = (table, columns.to_vec());
        if let Some(known) = self.made.get(&made) {
            return known.clone();
        }
        let name = self.reach(table, &[]).map(|reach| {
            let name = format!("r{}", self.with.len());
            let of = &self.plan.tables[table].name;
            let choose = |(at, name): (usize, &String)| {
                format!("{} AS c{at}", self.dialect.chosen(&self.of(of, name)))
            };
            let chosen: Vec<String> = columns.iter().enumerate().map(choose).collect();
            let from = self.dialect.table(of);
            self.with.push(format!(
                "{name} AS MATERIALIZED (SELECT DISTINCT {} FROM {from} AS t WHERE {reach})",
                chosen.join(", ")
            ));
            name
        });
        self.made.insert(made, name.clone());
        name
    }

    /// A name as an identifier.
    pub fn quote(&self, name: &str) -> String {
        self.dialect.quote(name)
    }

    /// A table, by its name in the plan.
    pub fn table(&self, name: &str) -> String {
        self.dialect.table(name)
    }

    /// A column of the row `t` of `table`.
    pub fn of<'c>(&self, table: &'c str, name: &'c str) -> Column<'c> {
        Column { table, name, sql: self.column(name) }
    }

    /// A column of the row `t`.
    pub fn column(&self, name: &str) -> String {
        format!("t.{}", self.dialect.quote(name))
    }

    /// The whole statement and its values; `select` is what follows the named selections.
    pub fn finish(self, select: &str) -> (String, Vec<Value>) {
        let sql = if self.with.is_empty() {
            select.to_owned()
        } else {
            format!("WITH {} {select}", self.with.join(", "))
        };
        (sql, self.bound.values)
    }
}

fn any(ways: &[String]) -> Option<String> {
    (!ways.is_empty()).then(|| format!("(({}))", ways.join(") OR (")))
}
