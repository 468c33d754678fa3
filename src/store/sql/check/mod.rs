//! A map beside the real schema: what is missing on either side.

mod correct;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::erase;
use super::schema::{ForeignKey, Keyset, Schema, Table};
use super::secret::looks_secret;
use crate::store::Finding;
use crate::store::map::{Link, StoreMap, TableErase, TableMap};

/// A column of this store that another store's map refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The table here.
    pub table: String,
    /// The column.
    pub column: String,
    /// The file of the map that refers to it.
    pub file: String,
    /// The line there.
    pub line: usize,
}

/// Everything in which the map and the schema do not fit. `wanted` is what other maps refer to.
pub fn compare(store: &StoreMap, wanted: &[Wanted], schema: &Schema) -> Vec<Finding> {
    let mut all = Compare { store, schema, findings: Vec::new() };
    for Wanted { table, column, file, line } in wanted {
        if schema.table(table).is_some_and(|real| !real.has(column)) {
            let message = format!("{}: table {table} has no column {column}", store.name);
            let (file, line, code) = (file.clone(), *line, "missing_column");
            all.findings.push(Finding { file, line, code, message });
        }
    }
    for table in &store.tables {
        match schema.table(&table.name) {
            Some(real) if !table.ignored => all.table(table, real),
            Some(_) => {}
            None => {
                let meant = schema.nearest(&table.name);
                let hint = meant.map_or(String::new(), |name| format!("; is it \"{name}\"?"));
                let message = format!("the database has no table {}{hint}", table.name);
                all.report(table.line, "missing_table", message);
            }
        }
    }
    all.unmapped_tables();
    all.findings
}

struct Compare<'m> {
    store: &'m StoreMap,
    schema: &'m Schema,
    findings: Vec<Finding>,
}

impl Compare<'_> {
    fn report(&mut self, line: usize, code: &'static str, message: String) {
        self.findings.push(Finding { file: self.store.file.clone(), line, code, message });
    }

    fn table(&mut self, table: &TableMap, real: &Table) {
        self.key(table, real);
        if real.view {
            self.view(table);
        }
        let mut mapped: BTreeSet<&str> = real.primary_key.iter().map(String::as_str).collect();
        for (column, line) in named(table) {
            mapped.insert(column);
            self.column(&table.name, real, column, line);
        }
        for link in links(table) {
            self.target(table, link);
        }
        for lookup in &table.lookups {
            let Some(there) = self.schema.table(&lookup.on.table) else { continue };
            for column in &lookup.columns {
                let field = self.store.table(&lookup.on.table).and_then(|t| t.field(column));
                let known_secret = field.is_some_and(|field| field.category.is_secret());
                self.column(&lookup.on.table, there, column, lookup.on.line);
                if known_secret || looks_secret(column) {
                    let message = format!(
                        "table {}: lookup.{} would give away {}.{column}, which looks like a \
                         secret; leave it out",
                        table.name, lookup.name, lookup.on.table
                    );
                    self.report(lookup.on.line, "secret_column", message);
                }
            }
        }
        self.fields(table);
        for (line, code, message) in erase::findings(self.store, table, real, self.schema) {
            self.report(line, code, message);
        }
        correct::check(self, table, real);
        for column in &real.columns {
            if !mapped.contains(column.as_str()) {
                self.unmapped_column(table, column);
            }
        }
        for key in &real.foreign_keys {
            self.outward(table, key);
        }
    }

    /// A row is found again by its key, and by nothing else.
    fn key(&mut self, table: &TableMap, real: &Table) {
        let name = &table.name;
        match (&real.keyset, &table.key) {
            (Keyset::Columns(_), None) => {}
            (Keyset::Columns(_), Some(key)) => {
                let message = format!("table {name} has a key of its own; take `key` out");
                self.report(key.line, "key", message);
            }
            (Keyset::Nothing, Some(_)) if self.schema.takes_keys => {}
            (Keyset::Nothing, _) => {
                let help = match (self.schema.takes_keys, real.view) {
                    (false, _) => "map the tables behind it",
                    (true, true) => {
                        "map the tables behind it, or write key = [\"…\"] with the columns that \
                         are never empty and no two rows have alike"
                    }
                    (true, false) => {
                        "give it a primary key, or write key = [\"…\"] with the columns that are \
                         never empty and no two rows have alike"
                    }
                };
                let message = format!(
                    "table {name} has no key by which its rows can be walked (a view has none); \
                     {help}"
                );
                let line = table.key.as_ref().map_or(table.line, |key| key.line);
                self.report(line, "no_key", message);
            }
        }
    }

    /// What stands elsewhere is erased there.
    fn view(&mut self, table: &TableMap) {
        self.one_controller(table);
        let erase = table.erase.as_ref().filter(|erase| erase.value != TableErase::Keep);
        let lines = erase.map(|erase| erase.line);
        let lines = lines.or_else(|| table.aggregate.as_ref().map(|aggregate| aggregate.line));
        if let Some(mark) = table.marks.first() {
            let message = format!(
                "{} is a view, through which nothing is marked; say so at the tables behind it",
                table.name
            );
            self.report(mark.line, "view_mark", message);
        }
        let field = || table.fields.iter().find(|field| field.erase.is_some());
        if let Some(line) = lines.or_else(|| field().map(|field| field.line)) {
            let message = format!(
                "{} is a view, through which nothing is erased; say so at the tables behind it",
                table.name
            );
            self.report(line, "view_erase", message);
        }
    }

    /// A view shows rows of the tables behind it, which are of one controller here and there.
    fn one_controller(&mut self, table: &TableMap) {
        let whose = |name: &str| self.store.facts.holder(name).map(|of| &of.controller.name);
        let here = whose(&table.name);
        let behind = self.schema.behind(&table.name);
        let mapped = |name: &&str| self.store.table(name).is_some_and(|other| !other.ignored);
        let other = behind.into_iter().filter(mapped).find(|name| whose(name) != here);
        let Some(other) = other else { return };
        let message = format!(
            "{} is a view of {other}, whose rows belong to {} and not to {}; say the same \
             controller of both, or write ignore = [\"*\"] at {other}",
            table.name,
            whose(other).map_or("you", String::as_str),
            here.map_or("you", String::as_str)
        );
        let line = table.controller.as_ref().map_or(table.line, |said| said.line);
        self.report(line, "controller_view", message);
    }

    fn column(&mut self, name: &str, real: &Table, column: &str, line: usize) {
        if !real.has(column) {
            let meant = real.nearest(column);
            let hint = meant.map_or(String::new(), |name| format!("; is it \"{name}\"?"));
            let message = format!("table {name} has no column {column}{hint}");
            self.report(line, "missing_column", message);
        }
    }

    fn target(&mut self, table: &TableMap, link: &Link) {
        if link.store.as_ref().is_some_and(|other| *other != self.store.name) {
            return;
        }
        if let Some(there) = self.schema.table(&link.table) {
            for column in &link.to {
                self.column(&link.table, there, column, link.line);
            }
        } else {
            let message =
                format!("table {} refers to {}, which is not there", table.name, link.table);
            self.report(link.line, "missing_table", message);
        }
    }

    fn fields(&mut self, table: &TableMap) {
        for field in &table.fields {
            if looks_secret(&field.column) && !field.category.is_secret() {
                let message = format!(
                    "table {}: {} looks like a secret; write {} = \"user.authorization\", which \
                     never leaves, or put it into ignore",
                    table.name, field.column, field.column
                );
                self.report(field.line, "secret_column", message);
            }
        }
    }

    fn unmapped_column(&mut self, table: &TableMap, column: &str) {
        if looks_secret(column) {
            let message = format!(
                "table {}: {column} looks like a secret; write field.{} = \"user.authorization\"",
                table.name,
                key(column)
            );
            self.report(table.line, "secret_column", message);
        } else {
            let message = format!(
                "table {}: nothing is said about {column}; write field.{} = \"user.…\" to give \
                 it, or ignore = [\"{column}\"] to leave it out",
                table.name,
                key(column)
            );
            self.report(table.line, "unmapped_column", message);
        }
    }

    /// A foreign key says that a row leads on to another row: the map has to say whose that is.
    fn outward(&mut self, table: &TableMap, key: &ForeignKey) {
        let declared = links(table).any(|link| {
            link.table == key.table && key.columns.iter().all(|column| link.from.contains(column))
        });
        let settled = |column: &String| {
            table.ignore.iter().any(|ignored| ignored.value == *column)
                || table.who.iter().any(|who| who.column == *column)
        };
        if declared || key.columns.iter().all(settled) {
            return;
        }
        let on = reference(key);
        let message = format!(
            "table {}: {} refers to {}; write via = \"{on}\" when it is the person's own row, \
             lookup.{name} = {{ on = \"{on}\", columns = [\"…\"] }} for plain facts, \
             third_party.{name} = {{ on = \"{on}\" }} for somebody else, or put {} into ignore",
            table.name,
            key.columns.join(", "),
            key.table,
            key.columns.join(", "),
            name = self::key(&key.table.to_ascii_lowercase()),
        );
        self.report(table.line, "outward_reference", message);
    }

    fn unmapped_tables(&mut self) {
        let about = |table: &&TableMap| !table.ignored;
        let mapped = self.store.tables.iter().filter(about);
        let mut roots: BTreeSet<&str> = mapped.clone().map(|table| table.name.as_str()).collect();
        // What leads to a person of a view leads to the tables that the view shows.
        let found = mapped.clone().filter(|table| !table.who.is_empty());
        let behind: BTreeMap<&str, &str> = found
            .flat_map(|view| {
                self.schema.behind(&view.name).into_iter().map(|table| (table, view.name.as_str()))
            })
            .collect();
        roots.extend(behind.keys());
        let declared: Vec<(&str, &str)> = mapped
            .flat_map(|table| table.via.iter().map(move |via| (table.name.as_str(), via)))
            .filter(|(_, via)| via.store.is_none())
            .map(|(child, via)| (child, via.table.as_str()))
            .collect();
        let reached = self.schema.reaching(&roots, &declared);
        for name in &reached {
            if self.store.table(name).is_some() {
                continue;
            }
            if let Some(view) = behind.get(name) {
                let message = format!(
                    "table {name} stands behind the view {view}, which may leave rows and columns \
                     of it out; map it too, or write [store.{}.table.{}] with ignore = [\"*\"] when \
                     the view shows all that is about people",
                    self.store.name,
                    self::key(name)
                );
                self.report(self.store.line, "unmapped_table", message);
                continue;
            }
            let Some(table) = self.schema.table(name) else { continue };
            let key = table.foreign_keys.iter().find(|key| reached.contains(key.table.as_str()));
            let via = key.map_or(String::new(), reference);
            let message = format!(
                "table {name} leads to a person and is not in the map; write \
                 [store.{}.table.{}] with via = \"{via}\" and its columns, or with ignore = [\"*\"] \
                 when its rows are about nobody",
                self.store.name,
                self::key(name)
            );
            self.report(self.store.line, "unmapped_table", message);
        }
    }
}

/// Every reference of a table.
fn links(table: &TableMap) -> impl Iterator<Item = &Link> {
    let lookups = table.lookups.iter().map(|lookup| &lookup.on);
    let others = table.third_party.iter().map(|third| &third.on);
    table.via.iter().chain(lookups).chain(others)
}

/// Every column of the table itself that its map names, with the line.
fn named(table: &TableMap) -> Vec<(&str, usize)> {
    let mut named: Vec<(&str, usize)> = Vec::new();
    named.extend(table.fields.iter().map(|field| (field.column.as_str(), field.line)));
    named.extend(table.who.iter().map(|who| (who.column.as_str(), who.line)));
    named.extend(links(table).flat_map(|link| link.from.iter().map(|c| (c.as_str(), link.line))));
    named.extend(table.ignore.iter().map(|column| (column.value.as_str(), column.line)));
    named.extend(table.marks.iter().map(|mark| (mark.column.as_str(), mark.line)));
    if let Some(key) = &table.key {
        named.extend(key.value.iter().map(|column| (column.as_str(), key.line)));
    }
    let facts = table.proven_by.iter().chain(&table.created);
    named.extend(facts.map(|column| (column.value.as_str(), column.line)));
    if let Some(keep) = &table.keep {
        named.extend(keep.from.iter().map(|column| (column.as_str(), keep.line)));
    }
    if let Some(aggregate) = &table.aggregate {
        named.extend(aggregate.group.iter().map(|column| (column.as_str(), aggregate.line)));
    }
    named
}

fn reference(key: &ForeignKey) -> String {
    match (&key.columns[..], &key.to[..]) {
        ([from], [to]) => format!("{from} -> {}.{to}", key.table),
        (from, to) => format!("({}) -> {}({})", from.join(", "), key.table, to.join(", ")),
    }
}

/// A name as TOML wants it.
fn key(name: &str) -> String {
    let bare = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if bare && !name.is_empty() { name.to_owned() } else { format!("{name:?}") }
}
