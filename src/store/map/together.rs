//! What must hold among the parts of all maps: names that are used exist, references end.

use std::collections::BTreeMap;

use super::model::{DataMap, Link, Prefix, StoreMap, TableErase, TableMap};
use super::{controller, correct};
use crate::store::Finding;

/// Everything that is wrong among maps that are each well written.
pub(super) fn check(maps: &[DataMap]) -> Vec<Finding> {
    let mut all = Check { stores: BTreeMap::new(), findings: Vec::new() };
    for store in maps.iter().flat_map(|map| &map.stores) {
        if let Some(first) = all.stores.get(store.name.as_str()) {
            let message = format!(
                "the store {} stands in {} already; give one of them another name",
                store.name, first.file
            );
            all.report(store, store.line, "store_twice", message);
        } else {
            all.stores.insert(&store.name, store);
        }
    }
    for store in maps.iter().flat_map(|map| &map.stores) {
        all.store(store);
    }
    all.cycles();
    all.findings.extend(controller::check(maps));
    all.findings
}

struct Check<'m> {
    stores: BTreeMap<&'m str, &'m StoreMap>,
    findings: Vec<Finding>,
}

impl<'m> Check<'m> {
    fn report(&mut self, store: &StoreMap, line: usize, code: &'static str, message: String) {
        self.findings.push(Finding { file: store.file.clone(), line, code, message });
    }

    fn store(&mut self, store: &'m StoreMap) {
        let files = store.kind.value == "objects";
        if files && let Some(table) = store.tables.first() {
            let message = "an objects store has prefixes, not tables".to_owned();
            self.report(store, table.line, "no_tables", message);
        }
        if !files && let Some(prefix) = store.prefixes.first() {
            let message = "only a store of kind \"objects\" has prefixes".to_owned();
            self.report(store, prefix.line, "no_prefixes", message);
        }
        let ways_in = store.tables.iter().any(|table| !table.who.is_empty())
            || store.tables.iter().flat_map(|table| &table.via).any(|via| via.store.is_some());
        if !store.tables.is_empty() && !ways_in {
            let message = format!(
                "no table of {} says how a person is found; write in one of them: person = true \
                 and who = {{ email = \"…\" }}",
                store.name
            );
            self.report(store, store.line, "no_person", message);
        }
        for (at, prefix) in store.prefixes.iter().enumerate() {
            let within = |other: &&Prefix| {
                let (a, b) = (&prefix.after, &other.after);
                other.before == prefix.before
                    && other.kind == prefix.kind
                    && (a.starts_with(b.as_str()) || b.starts_with(a.as_str()))
            };
            if let Some(other) = store.prefixes[..at].iter().find(within) {
                let message = format!(
                    "prefix {} lies within prefix {}, so its files would be given twice",
                    prefix.name, other.name
                );
                self.report(store, prefix.line, "prefix_twice", message);
            }
        }
        for table in &store.tables {
            self.table(store, table);
        }
    }

    fn table(&mut self, store: &'m StoreMap, table: &'m TableMap) {
        let place = format!("table {}", table.name);
        let mut report = |line, code, message: String| {
            self.report(store, line, code, format!("{place}: {message}"));
        };
        if table.person && table.who.is_empty() {
            report(table.line, "no_who", "person = true needs who = { email = \"…\" }".into());
        }
        let said = table.person || table.key.is_some() || table.controller.is_some();
        if table.ignored && (!table.who.is_empty() || !table.via.is_empty() || said) {
            report(table.line, "ignored", "ignore = [\"*\"] stands alone".into());
        }
        if !table.ignored && table.who.is_empty() && table.via.is_empty() {
            report(
                table.line,
                "unreachable_table",
                "nothing leads here from a person; write via = \"column -> table.column\", or \
                 ignore = [\"*\"] when its rows are about nobody"
                    .into(),
            );
        }
        if !table.person && (table.case_insensitive || table.proven_by.is_some()) {
            report(
                table.line,
                "not_person",
                "case_insensitive and proven_by need person = true".into(),
            );
        }
        if let Some(mark) = table.marks.iter().find(|_| !table.person) {
            let help = "restrict and opt_out need person = true: they are about a person";
            report(mark.line, "not_person", help.into());
        }
        for mark in &table.marks {
            let taken = table.field(&mark.column).is_some()
                || table.who.iter().any(|who| who.column == mark.column);
            if taken {
                let message = format!("{} holds a mark and cannot be data too", mark.column);
                report(mark.line, "twice", message);
            }
        }
        if matches!(&table.erase, Some(erase) if erase.value == TableErase::Keep)
            && table.keep.is_none()
        {
            let help = "erase = \"keep\" needs keep = { for = \"10y\", ground = \"AO 147\" }";
            report(table.line, "keep", help.into());
        }
        for ignored in &table.ignore {
            if table.field(&ignored.value).is_some() {
                let message = format!("{} stands in field and in ignore", ignored.value);
                report(ignored.line, "twice", message);
            }
        }
        for (line, code, message) in correct::faults(store, table) {
            report(line, code, message);
        }
        for via in &table.via {
            self.via(store, table, via);
        }
        for lookup in &table.lookups {
            let target = store.table(&lookup.on.table);
            if target.is_some_and(|target| target.person) {
                let message = format!(
                    "table {}: lookup.{} would give other people's rows; write third_party.{}",
                    table.name, lookup.name, lookup.name
                );
                self.report(store, lookup.on.line, "lookup_person", message);
            }
        }
        for field in &table.fields {
            let Some(blob) = &field.blob else { continue };
            let target = self.stores.get(blob.store.as_str());
            if target.is_none_or(|target| target.kind.value != "objects") {
                let message = format!(
                    "table {}: blob names {}, which is no store of kind \"objects\" in any map",
                    table.name, blob.store
                );
                self.report(store, blob.line, "blob_store", message);
            }
        }
    }

    fn via(&mut self, store: &'m StoreMap, table: &TableMap, via: &Link) {
        let other = via.store.as_deref().filter(|other| *other != store.name);
        let there = match other {
            Some(other) => self.stores.get(other).copied(),
            None => Some(store),
        };
        let complaint = match there {
            None => format!("no map has a store {}", via.store.as_deref().unwrap_or_default()),
            Some(_) if other.is_some() && via.from.len() > 1 => {
                "a reference across stores has one column".to_owned()
            }
            Some(there) => match there.table(&via.table) {
                Some(parent) if !parent.ignored => return,
                _ => format!(
                    "via leads to {}, which the map of {} does not have; write [store.{}.table.{}]",
                    via.table, there.name, there.name, via.table
                ),
            },
        };
        self.report(store, via.line, "via", format!("table {}: {complaint}", table.name));
    }

    /// Follows every `via` until it ends; one that comes back to where it was never does.
    fn cycles(&mut self) {
        let stores: Vec<&StoreMap> = self.stores.values().copied().collect();
        for store in stores {
            for table in &store.tables {
                let mut seen = Vec::new();
                if self.comes_back(store, table, (&store.name, &table.name), &mut seen) {
                    let message = format!(
                        "table {}: via leads in a circle back to it; start from a table with who",
                        table.name
                    );
                    let line = table.via.first().map_or(table.line, |via| via.line);
                    self.report(store, line, "via_cycle", message);
                }
            }
        }
    }

    fn comes_back(
        &self,
        store: &'m StoreMap,
        table: &'m TableMap,
        start: (&str, &str),
        seen: &mut Vec<(&'m str, &'m str)>,
    ) -> bool {
        table.via.iter().any(|via| {
            let name = via.store.as_deref().unwrap_or(&store.name);
            if (name, via.table.as_str()) == start {
                return true;
            }
            let Some(there) = self.stores.get(name).copied() else { return false };
            let Some(parent) = there.table(&via.table) else { return false };
            if seen.contains(&(&there.name, &parent.name)) {
                return false;
            }
            seen.push((&there.name, &parent.name));
            self.comes_back(there, parent, start, seen)
        })
    }
}
