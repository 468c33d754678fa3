//! Which tables hold people, and by what a row is found.

use super::names::{Ownership, is_people, ownership, stem, table_words};
use super::sample::{Look, all_differ, look};
use super::{Reference, Seen};
use crate::store::sql::schema::{Keyset, Table};
use crate::store::sql::secret::words;

/// A table that people are found in.
#[derive(Debug)]
pub(super) struct Found<'s> {
    pub(super) table: &'s Table,
    /// One row is one person; else the address stands in many rows.
    pub(super) person: bool,
    pub(super) email: Option<&'s str>,
}

/// All references of a table: the declared ones, then those that a column's name suggests.
pub(super) fn references(seen: &Seen, table: &Table) -> Vec<Reference> {
    let known = |name: &str| seen.schema.table(name).is_some();
    let declared = table.foreign_keys.iter().filter(|key| {
        known(&key.table) && !key.columns.is_empty() && key.columns.len() == key.to.len()
    });
    let mut all: Vec<Reference> = declared
        .map(|key| Reference {
            columns: key.columns.clone(),
            table: key.table.clone(),
            to: key.to.clone(),
            declared: true,
        })
        .collect();
    // The same reference twice says nothing more.
    let mut at = 0;
    while at < all.len() {
        if all[..at].contains(&all[at]) {
            all.remove(at);
        } else {
            at += 1;
        }
    }
    for column in &table.columns {
        let own_key = table.primary_key == [column.as_str()];
        if own_key || words(column).len() < 2 || all.iter().any(|one| one.columns.contains(column))
        {
            continue;
        }
        let stem = stem(column);
        if stem.len() == words(column).len() {
            continue;
        }
        let named = |other: &&Table| {
            other.name != table.name
                && other.primary_key.len() == 1
                && other.keyset != Keyset::Nothing
                && table_words(&other.name) == stem
        };
        let mut candidates = seen.schema.tables.iter().filter(named);
        if let (Some(target), None) = (candidates.next(), candidates.next()) {
            all.push(Reference {
                columns: vec![column.clone()],
                table: target.name.clone(),
                to: target.primary_key.clone(),
                declared: false,
            });
        }
    }
    all
}

/// Every table in which people are found by their address, in the order of names; where no table
/// has one, those that are called after people.
pub(super) fn found(seen: &Seen) -> Vec<Found<'_>> {
    let walked = || seen.schema.tables.iter().filter(|table| table.keyset != Keyset::Nothing);
    let with_email: Vec<(&Table, &str)> =
        walked().filter_map(|table| Some((table, email(seen, table)?))).collect();
    let holds = |name: &str| with_email.iter().any(|(table, _)| table.name == name);
    let mut found: Vec<Found<'_>> = Vec::new();
    for (table, email) in &with_email {
        // A row that belongs to a person of another table is found through them.
        let owned = references(seen, table).iter().any(|one| {
            let key = !table.primary_key.is_empty()
                && one.columns.iter().all(|column| table.primary_key.contains(column));
            one.table != table.name
                && holds(&one.table)
                && (key || ownership(one) == Ownership::Owner)
        });
        if owned {
            continue;
        }
        let column = seen.column(&table.name, email);
        let person = column.unique
            || (all_differ(&column.samples) && (is_people(&table.name) || has_name(table)));
        found.push(Found { table, person, email: Some(email) });
    }
    if found.is_empty() {
        let named = walked().filter(|table| is_people(&table.name) && table.primary_key.len() == 1);
        found.extend(named.map(|table| Found { table, person: true, email: None }));
    }
    found
}

/// Whether its rows look like people who cannot be found by an address.
pub(super) fn looks_like_people(table: &Table) -> bool {
    is_people(&table.name) || has_name(table)
}

fn has_name(table: &Table) -> bool {
    let names = ["first name", "last name", "firstname", "lastname", "surname", "full name"];
    table.columns.iter().any(|column| names.contains(&words(column).join(" ").as_str()))
}

/// The column that holds the address by which one signs in or is written to.
fn email<'s>(seen: &Seen, table: &'s Table) -> Option<&'s str> {
    const NAMES: [&str; 8] = [
        "email",
        "e mail",
        "mail",
        "email address",
        "mail address",
        "emailaddress",
        "user email",
        "login email",
    ];
    let likely = |column: &str| {
        let samples = &seen.column(&table.name, column).samples;
        samples.iter().all(String::is_empty) || look(samples) == Some(Look::Email)
    };
    let named = NAMES.iter().find_map(|name| {
        table.columns.iter().find(|column| words(column).join(" ") == *name && likely(column))
    });
    let by_value = || {
        table.columns.iter().find(|column| {
            let seen = seen.column(&table.name, column);
            seen.unique && look(&seen.samples) == Some(Look::Email)
        })
    };
    named.or_else(by_value).map(String::as_str)
}
