//! What is wrong with a map's words about erasing, beside the schema.

use crate::store::map::{FieldErase, StoreMap, TableErase, TableMap};
use crate::store::sql::schema::{Schema, Table};

/// Line, code and message of each fault of a table's rules.
pub(in crate::store) fn findings(
    store: &StoreMap,
    table: &TableMap,
    real: &Table,
    schema: &Schema,
) -> Vec<(usize, &'static str, String)> {
    if real.view {
        return Vec::new();
    }
    let mut found = Found { place: format!("table {}", table.name), all: Vec::new() };
    let line = table.erase.as_ref().map_or(table.line, |erase| erase.line);
    match table.erase.as_ref().map(|erase| erase.value) {
        Some(TableErase::Mask) => masked(&mut found, table, real),
        Some(TableErase::Shred) if !table.fields.iter().any(|field| field.category.is_secret()) => {
            found.tell(
                line,
                "no_key_to_shred",
                "erase = \"shred\" destroys the keys of values; name the column that holds one \
                 with \"user.authorization\"",
            );
        }
        _ => {}
    }
    fields(&mut found, table, real);
    if let Some(aggregate) = &table.aggregate {
        let line = aggregate.line;
        if table.erase.as_ref().is_some_and(|erase| erase.value != TableErase::Delete) {
            let help = "aggregate counts rows that go; write erase = \"delete\", or nothing";
            found.tell(line, "aggregate", help);
        }
        let mut wanted: Vec<&str> = aggregate.group.iter().map(String::as_str).collect();
        wanted.push("count");
        wanted.sort_unstable();
        let into = schema.table(&aggregate.into);
        let mut there: Vec<&str> =
            into.map_or(Vec::new(), |into| into.columns.iter().map(String::as_str).collect());
        there.sort_unstable();
        let leads = store.table(&aggregate.into).is_some_and(|into| !into.ignored);
        if wanted != there || leads || aggregate.min < 2 {
            let help = format!(
                "{} must be a table of the columns {} and nothing else, which leads to nobody, and \
                 min at least 2",
                aggregate.into,
                wanted.join(", ")
            );
            found.tell(line, "aggregate", &help);
        }
    }
    found.all
}

struct Found {
    place: String,
    all: Vec<(usize, &'static str, String)>,
}

impl Found {
    fn tell(&mut self, line: usize, code: &'static str, message: &str) {
        self.all.push((line, code, format!("{}: {message}", self.place)));
    }
}

/// Columns of a masked table that can be neither empty nor anything else.
fn masked(found: &mut Found, table: &TableMap, real: &Table) {
    let fields = table.fields.iter().filter(|field| field.erase.is_none());
    let fields = fields.map(|field| (field.column.as_str(), field.line));
    let who = table.who.iter().filter(|who| table.field(&who.column).is_none());
    let refers =
        |column: &str| real.foreign_keys.iter().any(|key| key.columns.iter().any(|c| c == column));
    let who = who.filter(|who| table.person || !refers(&who.column));
    let who = who.map(|who| (who.column.as_str(), who.line));
    for (column, line) in fields.chain(who) {
        let is = |names: &[String]| names.iter().any(|name| name == column);
        if is(&real.primary_key) {
            if super::tells(table, column) {
                let help = format!(
                    "{column} is its primary key and says who the row is about, so a masked row \
                     would still tell; write erase = \"delete\""
                );
                found.tell(line, "erase_key", &help);
            }
        } else if is(&real.required)
            && !is(&real.computed)
            && !real.unique.iter().any(|columns| is(columns))
        {
            let help = format!(
                "{column} cannot be empty; say what it becomes: field.{column} = {{ is = \"…\", \
                 erase = {{ constant = \"…\" }} }}"
            );
            found.tell(line, "not_nullable", &help);
        }
    }
}

/// What is said of single fields and cannot be.
fn fields(found: &mut Found, table: &TableMap, real: &Table) {
    for field in &table.fields {
        let Some(erase) = &field.erase else { continue };
        let column = &field.column;
        let is = |names: &[String]| names.contains(column);
        if is(&real.primary_key) {
            let help =
                format!("{column} is its primary key, which stays as it is; take its erase out");
            found.tell(field.line, "erase_key", &help);
        } else if *erase == FieldErase::Null && is(&real.required) {
            let help = format!("{column} cannot be empty; write erase = {{ constant = \"…\" }}");
            found.tell(field.line, "not_nullable", &help);
        } else if matches!(erase, FieldErase::Constant(_) | FieldErase::Generalise(_))
            && real.unique.iter().any(|columns| is(columns))
        {
            let help = format!(
                "{column} must differ from row to row; write erase = {{ hmac = \"…\" }}, or \
                 nothing for a keyed hash of the row's key"
            );
            found.tell(field.line, "erase_unique", &help);
        } else if *erase != FieldErase::Null && real.foreign_keys.iter().any(|key| is(&key.columns))
        {
            let help = format!("{column} refers to another table; it can be \"null\" or stay");
            found.tell(field.line, "erase_reference", &help);
        }
    }
}
