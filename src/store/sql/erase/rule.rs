//! How the rows of one table go under one scope.

use std::collections::BTreeSet;

use super::mask::{How, Mask};
use super::{Eraser, Holds};
use crate::domain::category::Category;
use crate::domain::controller::Controller;
use crate::domain::erase::{EraseBlockerCode, EraseScope, Method};
use crate::store::map::{Field, FieldErase, Keep, TableErase, TableMap};
use crate::store::sql::plan::TablePlan;
use crate::store::sql::schema::Table;

mod findings;

pub(in crate::store) use self::findings::findings;

/// What is done to a table.
#[derive(Debug)]
pub(super) struct Rule<'e> {
    /// Its place in the plan.
    pub(super) at: usize,
    pub(super) table: &'e TablePlan,
    pub(super) map: &'e TableMap,
    pub(super) real: &'e Table,
    /// The columns by which its rows are named for good.
    pub(super) key: Vec<String>,
    /// How rows go that need not stay; `None` where the scope leaves them alone.
    pub(super) method: Option<Method>,
    /// What those become, where they are masked or shredded.
    pub(super) masks: Vec<Mask>,
    /// What rows become that have to stay.
    pub(super) kept: Vec<Mask>,
    /// How long rows have to stay.
    pub(super) keep: Option<&'e Keep>,
    /// Whose the rows are, where they are not our own: none of them is ever changed.
    pub(super) holder: Option<&'e Controller>,
    /// The rows by their first key column, where the scope names rows.
    pub(super) named: Option<BTreeSet<&'e str>>,
    /// What forbids to begin as soon as there is a row.
    pub(super) faults: Vec<(EraseBlockerCode, Option<String>)>,
}

impl<'e> Eraser<'e> {
    /// The rule of a table; `None` where nothing is to be looked at: the scope does not reach it, or
    /// it is a view over tables that have rules of their own.
    pub(super) fn rule(&self, at: usize, scope: &'e EraseScope) -> Option<Rule<'e>> {
        let table = self.plan.tables.get(at)?;
        let (map, real) = (self.map.table(&table.name)?, self.schema.table(&table.name)?);
        let named = match scope {
            EraseScope::Items(_) if table.person => return None,
            EraseScope::Rows { rows, .. } if !rows.contains_key(&table.name) => return None,
            EraseScope::Items(items) => {
                let here =
                    items.iter().filter(|i| i.store == self.map.name && i.collection == table.name);
                let names: BTreeSet<&str> = here.map(|item| item.name.as_str()).collect();
                if names.is_empty() {
                    return None;
                }
                Some(names)
            }
            _ => None,
        };
        let key = key(table, real);
        let (keep, faults) = (map.keep.as_ref(), Vec::new());
        let (masks, kept) = (Vec::new(), Vec::new());
        let holder = self.map.facts.holder(&table.name).map(|of| &of.controller);
        let method = None;
        let mut rule =
            Rule { at, table, map, real, key, method, masks, kept, keep, holder, named, faults };
        if rule.holder.is_some() {
            return reaches(map, scope).then_some(rule);
        }
        if real.view {
            return self.view(rule);
        }
        self.settle(&mut rule, scope);
        let reached = rule.method.is_some() || !rule.kept.is_empty() || !rule.faults.is_empty();
        (reached || scope.categories().is_none()).then_some(rule)
    }

    /// What a view shows stands in other tables, and is erased there.
    fn view(&self, mut rule: Rule<'e>) -> Option<Rule<'e>> {
        let behind = self.schema.behind(&rule.table.name);
        let own = |name: &&str| self.map.table(name).is_some_and(|table| !table.ignored);
        let said = rule.map.erase.as_ref().is_some_and(|erase| erase.value != TableErase::Keep);
        if said {
            rule.faults.push((EraseBlockerCode::ReadOnly, None));
        } else if rule.keep.is_none() {
            if behind.iter().any(own) {
                return None;
            }
            rule.faults.push((EraseBlockerCode::NoMethod, None));
        }
        Some(rule)
    }

    fn settle(&self, rule: &mut Rule<'e>, scope: &EraseScope) {
        let map = rule.map;
        let categories = scope.categories();
        let within = |category: Category| {
            categories.is_none_or(|of| of.iter().any(|parent| category.within(parent)))
        };
        let fields: Vec<&Field> =
            map.fields.iter().filter(|field| within(field.category)).collect();
        let whole = categories.is_none() || {
            let mut given = map.fields.iter().filter(|field| !field.category.is_secret());
            !fields.is_empty() && given.all(|field| within(field.category))
        };
        if !whole && fields.is_empty() {
            return;
        }
        let said = map.erase.as_ref().map(|erase| erase.value);
        let method = match said {
            Some(TableErase::Mask) => Some(Method::Mask),
            Some(TableErase::Shred) => Some(Method::Shred),
            Some(TableErase::Delete) | None if map.aggregate.is_some() => Some(Method::Aggregate),
            Some(TableErase::Delete) => Some(Method::Delete),
            Some(TableErase::Keep) | None if map.keep.is_some() => Some(Method::Delete),
            Some(TableErase::Keep) | None => None,
        };
        let Some(method) = method else {
            rule.faults.push((EraseBlockerCode::NoMethod, None));
            return;
        };
        rule.method = Some(if whole { method } else { Method::Mask });
        match rule.method {
            Some(Method::Mask) => {
                let mut columns: Vec<(&str, Option<&FieldErase>)> = fields
                    .iter()
                    .map(|field| (field.column.as_str(), field.erase.as_ref()))
                    .collect();
                if categories.is_none() {
                    columns.extend(who(rule.table, rule.real, map).map(|column| (column, None)));
                }
                for (column, said) in columns {
                    let mask = self.mask(rule, column, said);
                    rule.masks.extend(mask);
                }
            }
            Some(Method::Shred) => {
                for field in fields.iter().filter(|field| field.category.is_secret()) {
                    let mask = self.shred(rule, &field.column, field.erase.as_ref());
                    rule.masks.extend(mask);
                }
                if rule.masks.is_empty() {
                    rule.faults.push((EraseBlockerCode::NoMethod, None));
                }
            }
            _ => {}
        }
        if rule.keep.is_some() {
            for field in fields.iter().filter(|field| field.erase.is_some()) {
                let mask = self.mask(rule, &field.column, field.erase.as_ref());
                rule.kept.extend(mask);
            }
        }
        for masks in [&mut rule.masks, &mut rule.kept] {
            masks.sort_by(|a, b| a.column.cmp(&b.column));
        }
        rule.faults.sort();
        rule.faults.dedup();
    }

    /// What becomes of one column. A column of the primary key stays: what points to the row needs
    /// it; one that says itself who the row is about cannot stay and is a fault.
    fn mask(&self, rule: &mut Rule<'e>, column: &str, said: Option<&FieldErase>) -> Option<Mask> {
        if rule.real.computed.iter().any(|computed| computed == column) {
            return None;
        }
        let found = how(self, rule.real, rule.map, column, said);
        if found.is_err() {
            rule.faults.push((EraseBlockerCode::NotNullable, Some(column.to_owned())));
        }
        found.unwrap_or_default()
    }

    /// A key that opens values is overwritten where it cannot be NULL.
    fn shred(&self, rule: &mut Rule<'e>, column: &str, said: Option<&FieldErase>) -> Option<Mask> {
        let required = rule.real.required.iter().any(|name| name == column);
        let holds = self.hand.holds(&rule.table.name, column);
        if said.is_none() && required && is_hash(holds) {
            let column = column.to_owned();
            return Some(Mask { column, how: How::OfRow, holds, nullable: false });
        }
        self.mask(rule, column, said)
    }
}

/// Whether a scope is about rows of a table as far as their categories go.
fn reaches(map: &TableMap, scope: &EraseScope) -> bool {
    scope.categories().is_none_or(|of| {
        let mut fields = map.fields.iter();
        fields.any(|field| of.iter().any(|parent| field.category.within(parent)))
    })
}

/// What becomes of a column, nothing for one that stays; an error where nothing can.
fn how(
    eraser: &Eraser<'_>,
    real: &Table,
    map: &TableMap,
    column: &str,
    said: Option<&FieldErase>,
) -> Result<Option<Mask>, ()> {
    if real.primary_key.iter().any(|key| key == column) {
        return if tells(map, column) || said.is_some() { Err(()) } else { Ok(None) };
    }
    let nullable = !real.required.iter().any(|name| name == column);
    let unique = real.unique.iter().any(|columns| columns.iter().any(|name| name == column));
    let holds = eraser.hand.holds(&real.name, column);
    let hashed = is_hash(holds);
    let how = match said {
        None | Some(FieldErase::Null) if nullable => How::Null,
        None if unique && hashed => How::OfRow,
        Some(FieldErase::Constant(text)) if !unique => How::Constant(text.clone()),
        Some(FieldErase::Hmac(name)) if hashed => How::Hash(name.clone()),
        Some(FieldErase::Generalise(rule)) if !unique => How::Coarse(*rule),
        _ => return Err(()),
    };
    Ok(Some(Mask { column: column.to_owned(), how, holds, nullable }))
}

/// Whether a column takes keyed hashes.
fn is_hash(holds: Holds) -> bool {
    matches!(holds, Holds::Text | Holds::Uuid | Holds::Bytes)
}

/// Whether a column of the primary key says by itself who a row is about.
fn tells(map: &TableMap, column: &str) -> bool {
    let plain = ["user.unique_id", "user.account", "system"];
    let field = map.field(column);
    let address = |who: &crate::store::map::Who| {
        who.column == column && who.kind == crate::domain::subject::KeyKind::email()
    };
    map.who.iter().any(address)
        || field.is_some_and(|field| !plain.iter().any(|parent| field.category.within(parent)))
}

/// Columns that lead to a row by themselves and are no fields: they are masked with it. A reference
/// of a row that is no person stays, as one over `via` does.
fn who<'t>(
    table: &'t TablePlan,
    real: &'t Table,
    map: &'t TableMap,
) -> impl Iterator<Item = &'t str> {
    let mut columns: Vec<&str> = table.who.iter().map(|(_, column)| column.as_str()).collect();
    columns.sort_unstable();
    columns.dedup();
    let refers = |column: &str| {
        real.foreign_keys.iter().any(|key| key.columns.iter().any(|name| name == column))
    };
    columns
        .into_iter()
        .filter(move |column| map.field(column).is_none() && (table.person || !refers(column)))
}

/// By what rows are named for good: the primary key, since hidden row numbers may change.
pub(super) fn key(table: &TablePlan, real: &Table) -> Vec<String> {
    let split = table.keyset.iter().any(|column| column == "tableoid");
    if real.primary_key.is_empty() || split {
        table.keyset.clone()
    } else {
        real.primary_key.clone()
    }
}
