//! Which tables a person's rows stand in, and what is said about each of their columns.

use std::collections::{BTreeMap, BTreeSet};

use super::guess::{guess, is_moment};
use super::names::{Ownership, called, ownership, table_words};
use super::people::{self, Found, looks_like_people, references};
use super::sample::{Look, look};
use super::{FieldDraft, Reference, Seen, TableDraft};
use crate::store::sql::schema::{Keyset, Table};
use crate::store::sql::secret::{looks_secret, words};

const KEY: &str = "";
const HELPS: &str = "its rows only name somebody who has to do with them";
const NO_KEY: &str = "it has no key by which rows can be walked; give it one, then map it";
const SAME_TABLE: &str = "points to other rows of this table";
const MAYBE_OTHERS: &str = "points to rows that may be somebody else's";
const PLAIN: &str = "the key of plain facts";

type References<'s> = BTreeMap<&'s str, Vec<Reference>>;

/// All tables of the map: those of people first, then what leads to them, then what is left out.
pub(super) fn tables(seen: &Seen) -> Vec<TableDraft> {
    let found = people::found(seen);
    let tables = seen.schema.tables.iter();
    let all: References<'_> =
        tables.map(|table| (table.name.as_str(), references(seen, table))).collect();
    let people: BTreeSet<&str> =
        found.iter().filter(|one| one.person).map(|one| one.table.name.as_str()).collect();
    let via = walk(seen, &found, &people, &all);
    let mapped: BTreeSet<&str> = found
        .iter()
        .map(|one| one.table.name.as_str())
        .chain(via.iter().map(|(table, _)| table.name.as_str()))
        .collect();
    let around = Around { seen, people: &people, mapped: &mapped, all: &all };
    let mut drafts: Vec<TableDraft> = Vec::new();
    for one in &found {
        drafts.push(around.root(one));
    }
    for (table, via) in &via {
        drafts.push(around.table(table, via.clone(), Vec::new(), false));
    }
    drafts.extend(aside(seen, &mapped, &via));
    drafts
}

/// From the people outwards: each table that leads to one, and by what.
fn walk<'s>(
    seen: &'s Seen,
    found: &[Found<'s>],
    people: &BTreeSet<&str>,
    all: &References<'_>,
) -> Vec<(&'s Table, Vec<Reference>)> {
    let mut reached: BTreeSet<&str> = found.iter().map(|one| one.table.name.as_str()).collect();
    let mut via: Vec<(&Table, Vec<Reference>)> = Vec::new();
    loop {
        let next: Vec<(&Table, Vec<Reference>)> = seen
            .schema
            .tables
            .iter()
            .filter(|table| !reached.contains(table.name.as_str()))
            .filter(|table| table.keyset != Keyset::Nothing)
            .map(|table| (table, leads(&all[table.name.as_str()], people, &reached)))
            .filter(|(_, leads)| !leads.is_empty())
            .collect();
        if next.is_empty() {
            break;
        }
        reached.extend(next.iter().map(|(table, _)| table.name.as_str()));
        via.extend(next);
    }
    // A table that was reached early may have further ways that were not there yet.
    for at in 0..via.len() {
        let name = via[at].0.name.as_str();
        let more = leads(&all[name], people, &reached).into_iter().filter(|one| {
            !via[at].1.contains(one) && one.table != name && !ends_in(&via, &one.table, name)
        });
        let more: Vec<Reference> = more.collect();
        via[at].1.extend(more);
    }
    via
}

/// The references by which rows belong to a person. One that names the person goes before all
/// others: a comment below somebody's picture belongs to whoever wrote it.
fn leads(
    references: &[Reference],
    people: &BTreeSet<&str>,
    reached: &BTreeSet<&str>,
) -> Vec<Reference> {
    let to_people = references.iter().filter(|one| people.contains(one.table.as_str()));
    let best = to_people.clone().map(ownership).max().unwrap_or(Ownership::Other);
    if best > Ownership::Other {
        return to_people.filter(|one| ownership(one) == best).cloned().collect();
    }
    let through = |one: &&Reference| {
        reached.contains(one.table.as_str()) && !people.contains(one.table.as_str())
    };
    references.iter().filter(through).cloned().collect()
}

/// Whether the ways from `start` come by `end`.
fn ends_in(via: &[(&Table, Vec<Reference>)], start: &str, end: &str) -> bool {
    let (mut open, mut seen) = (vec![start], BTreeSet::new());
    while let Some(name) = open.pop() {
        if name == end {
            return true;
        }
        if seen.insert(name)
            && let Some((_, next)) = via.iter().find(|(table, _)| table.name == name)
        {
            open.extend(next.iter().map(|one| one.table.as_str()));
        }
    }
    false
}

/// What `map check` would ask about and the walk did not take.
fn aside(
    seen: &Seen,
    mapped: &BTreeSet<&str>,
    via: &[(&Table, Vec<Reference>)],
) -> Vec<TableDraft> {
    let declared: Vec<(&str, &str)> = via
        .iter()
        .flat_map(|(table, via)| via.iter().map(|one| (table.name.as_str(), one.table.as_str())))
        .collect();
    let reaching = seen.schema.reaching(mapped, &declared);
    let left = reaching.into_iter().filter(|name| !mapped.contains(name));
    left.filter_map(|name| seen.schema.table(name))
        .map(|table| TableDraft {
            name: table.name.clone(),
            aside: Some(if table.keyset == Keyset::Nothing { NO_KEY } else { HELPS }),
            ..TableDraft::default()
        })
        .collect()
}

/// What is known while one table is drafted.
struct Around<'a> {
    seen: &'a Seen,
    people: &'a BTreeSet<&'a str>,
    mapped: &'a BTreeSet<&'a str>,
    all: &'a References<'a>,
}

impl Around<'_> {
    /// A table that people are found in.
    fn root(&self, found: &Found<'_>) -> TableDraft {
        let table = found.table;
        let mut who: Vec<(String, String)> =
            found.email.iter().map(|column| ("email".to_owned(), (*column).to_owned())).collect();
        if let ([key], true) = (&table.primary_key[..], found.person)
            && found.email != Some(key.as_str())
        {
            // The numbers of two tables are not the same people.
            let kind = match self.people.len() {
                1 => "user".to_owned(),
                _ => table_words(&table.name).join("_"),
            };
            who.push((kind, key.clone()));
        }
        let mut draft = self.table(table, Vec::new(), who, found.person);
        let proof = |column: &&String| {
            let words = words(column);
            let declared = self.seen.column(&table.name, column).declared.to_ascii_lowercase();
            let says = ["confirmed", "verified", "validated"];
            let of = words.iter().any(|word| word == "email" || word == "mail");
            words.iter().any(|word| says.contains(&word.as_str()))
                && (of || is_moment(&words, &declared))
        };
        draft.proven_by = table.columns.iter().find(proof).filter(|_| found.person).cloned();
        draft
    }

    fn table(
        &self,
        table: &Table,
        via: Vec<Reference>,
        who: Vec<(String, String)>,
        person: bool,
    ) -> TableDraft {
        let name = table.name.clone();
        let mut draft = TableDraft { name, person, who, via, ..TableDraft::default() };
        for reference in &self.all[table.name.as_str()] {
            if !draft.via.contains(reference) {
                self.outward(&mut draft, reference);
            }
        }
        let mut settled: BTreeSet<String> = BTreeSet::new();
        settled.extend(draft.via.iter().flat_map(|one| one.columns.clone()));
        settled.extend(draft.others.iter().flat_map(|(_, one)| one.columns.clone()));
        settled.extend(draft.lookups.iter().flat_map(|(_, one, _)| one.columns.clone()));
        settled.extend(draft.ignore.iter().map(|(column, _)| column.clone()));
        for column in &table.columns {
            let seen = self.seen.column(&table.name, column);
            let key = draft.who.iter().any(|(kind, known)| kind != "email" && known == column);
            if settled.contains(column) || key {
                continue;
            }
            if table.primary_key.contains(column) && is_surrogate(column, &seen.declared) {
                draft.ignore.push((column.clone(), KEY));
                continue;
            }
            let guess = guess(column, seen, person);
            let moment = is_moment(&words(column), &seen.declared.to_ascii_lowercase());
            if moment && draft.dated.is_none() {
                draft.dated = Some(column.clone());
            }
            draft.fields.push(FieldDraft { column: column.clone(), guess });
        }
        draft
    }

    /// A reference that does not say whose the row is.
    fn outward(&self, draft: &mut TableDraft, reference: &Reference) {
        let Some(target) = self.seen.schema.table(&reference.table) else { return };
        let ignore = |draft: &mut TableDraft, why| {
            for column in &reference.columns {
                let known = draft.ignore.iter().any(|(known, _)| known == column)
                    || draft.via.iter().any(|via| via.columns.contains(column));
                if !known || draft.who.iter().any(|(_, known)| known == column) {
                    draft.ignore.push((column.clone(), why));
                }
            }
        };
        let people = self.people.contains(target.name.as_str());
        if people || looks_like_people(target) && !self.mapped.contains(target.name.as_str()) {
            let name = free(called(reference), draft.others.iter().map(|(name, _)| name));
            draft.others.push((name, reference.clone()));
        } else if target.name == draft.name {
            ignore(draft, SAME_TABLE);
        } else if self.mapped.contains(target.name.as_str()) {
            ignore(draft, MAYBE_OTHERS);
        } else {
            let columns = self.facts(target);
            if columns.is_empty() || target.keyset == Keyset::Nothing {
                return ignore(draft, PLAIN);
            }
            let name = free(called(reference), draft.lookups.iter().map(|(name, ..)| name));
            draft.lookups.push((name, reference.clone(), columns));
        }
    }

    /// The columns of a table of plain facts that tell a person what a row of theirs is about.
    fn facts(&self, table: &Table) -> Vec<String> {
        const TELLING: [&str; 9] =
            ["name", "title", "label", "code", "description", "slug", "kind", "type", "version"];
        let pointing: BTreeSet<&String> =
            self.all[table.name.as_str()].iter().flat_map(|one| &one.columns).collect();
        let plain = |column: &&String| {
            let looks = look(&self.seen.column(&table.name, column).samples);
            !table.primary_key.contains(column)
                && !pointing.contains(column)
                && !looks_secret(column)
                && !matches!(looks, Some(Look::Secret | Look::Email | Look::Ip))
        };
        let telling = |column: &&String| {
            words(column).last().is_some_and(|last| TELLING.contains(&last.as_str()))
        };
        table.columns.iter().filter(plain).filter(telling).take(3).cloned().collect()
    }
}

/// `name`, or with a number behind it where that is taken.
fn free<'n>(name: String, taken: impl Iterator<Item = &'n String>) -> String {
    let taken: BTreeSet<&String> = taken.collect();
    if !taken.contains(&name) {
        return name;
    }
    let numbered = (2_u32..).map(|number| format!("{name}_{number}"));
    numbered.into_iter().find(|name| !taken.contains(name)).unwrap_or(name)
}

/// A key that was only made to be one.
fn is_surrogate(column: &str, declared: &str) -> bool {
    let last = words(column).pop().unwrap_or_default();
    let declared = declared.to_ascii_lowercase();
    ["id", "uuid", "guid", "key"].contains(&last.as_str())
        || declared.contains("int")
        || declared.contains("serial")
        || declared == "uuid"
}
