//! `[controller.ID]`: another company for which we hold data, and `controller = "ID"` of a collection:
//! all its rows are theirs.

use super::model::{DataMap, Link, Noted, Prefix, StoreMap, TableMap};
use super::section::Section;
use crate::domain::controller::{Controller, HeldCollection, Principal, SELF};
use crate::domain::duration::Period;
use crate::domain::recipient::How;
use crate::store::Finding;

/// `[controller.ID]`.
#[derive(Debug, Clone)]
pub struct PrincipalMap {
    /// The file it stands in.
    pub file: String,
    /// The line of its heading.
    pub line: usize,
    /// What it says.
    pub principal: Principal,
}

impl PrincipalMap {
    /// Whether `controller = "word"` means it.
    fn is(&self, word: &str) -> bool {
        let known = &self.principal.controller;
        known.id == word || known.name == word
    }
}

pub(super) fn controller(id: &Noted<String>, section: &Section<'_, '_>) -> Option<PrincipalMap> {
    let report = |line, code, message: &str| {
        section.doc.report(line, code, format!("{}{message}", section.path));
    };
    let name = section.need_text("name", "name = \"Acme GmbH\"");
    let contact = section.text("contact");
    let how = section.need_text("how", "how = \"mail:privacy@acme.example\"");
    let acknowledge = section.text("acknowledge");
    section.finish();
    let reached = contact.as_ref().and_then(|text| match How::parse(&text.value)? {
        How::Mail(address) => Some(address.as_str().to_owned()),
        How::Web(page) => Some(page),
        How::ByHand(_) => None,
    });
    if let (Some(text), None) = (&contact, &reached) {
        let help = ".contact: people have to reach them there; write \"mail:privacy@acme.example\" \
                    or \"https://…\"";
        report(text.line, "contact", help);
    }
    let forward = how.as_ref().map(|how| How::parse(&how.value));
    if let (Some(None), Some(how)) = (&forward, &how) {
        let help = ".how: that is no address; write \"mail:privacy@acme.example\", \"https://…\" \
                    or, in words, what somebody has to do";
        report(how.line, "how", help);
    }
    let within = acknowledge.as_ref().map(|text| Period::parse(&text.value));
    if let (Some(Err(error)), Some(text)) = (&within, &acknowledge) {
        report(text.line, "acknowledge", &format!(".acknowledge: {error}; write \"3d\""));
    }
    if id.value == SELF {
        report(id.line, "controller", ": \"self\" means you; give another company another id");
    }
    Some(PrincipalMap {
        file: section.doc.file.clone(),
        line: id.line,
        principal: Principal {
            controller: Controller { id: id.value.clone(), name: name?.value, contact: reached },
            how: forward??,
            acknowledge: within.and_then(Result::ok),
        },
    })
}

/// Whose a collection is, where it is not our own: what it says itself, else what its store says.
fn holder<'m>(
    known: &[&'m PrincipalMap],
    store: &StoreMap,
    said: Option<&Noted<String>>,
) -> Option<&'m Principal> {
    let word = said.map_or(&store.facts.controller, |said| &said.value);
    known.iter().find(|one| one.is(word)).map(|one| &one.principal)
}

/// Says of each store which of its collections belong to whom.
pub(super) fn resolve(maps: &mut [DataMap]) {
    let all: Vec<PrincipalMap> = maps.iter().flat_map(|map| map.controllers.clone()).collect();
    let known: Vec<&PrincipalMap> = all.iter().collect();
    for store in maps.iter_mut().flat_map(|map| &mut map.stores) {
        let tables = store.tables.iter().filter(|table| !table.ignored).map(|table| {
            (&table.name, None, holder(&known, store, table.controller.as_ref()).cloned())
        });
        let prefixes = store.prefixes.iter().map(|prefix| {
            let folders = (prefix.before.clone(), prefix.after.clone());
            let of = holder(&known, store, prefix.controller.as_ref()).cloned();
            (&prefix.name, Some(folders), of)
        });
        let held = tables.chain(prefixes).filter_map(|(name, folders, of)| {
            Some(HeldCollection { collection: name.clone(), folders, of: of? })
        });
        let held = held.collect();
        if let Some(whose) = holder(&known, store, None) {
            store.facts.controller = whose.controller.name.clone();
        }
        store.facts.held = held;
    }
}

/// What is wrong with the other controllers of all maps together, and with what is said of theirs.
pub(super) fn check(maps: &[DataMap]) -> Vec<Finding> {
    let known: Vec<&PrincipalMap> = maps.iter().flat_map(|map| &map.controllers).collect();
    let stores: Vec<&StoreMap> = maps.iter().flat_map(|map| &map.stores).collect();
    let mut all = Check { known, stores, findings: Vec::new() };
    all.controllers();
    for store in all.stores.clone() {
        all.store(store);
        for table in store.tables.iter().filter(|table| !table.ignored) {
            all.table(store, table);
        }
        for prefix in &store.prefixes {
            all.prefix(store, prefix);
        }
    }
    all.findings
}

struct Check<'m> {
    known: Vec<&'m PrincipalMap>,
    stores: Vec<&'m StoreMap>,
    findings: Vec<Finding>,
}

impl<'m> Check<'m> {
    fn report(&mut self, file: &str, line: usize, code: &'static str, message: String) {
        self.findings.push(Finding { file: file.to_owned(), line, code, message });
    }

    fn controllers(&mut self) {
        for (at, one) in self.known.clone().into_iter().enumerate() {
            let Controller { id, name, .. } = &one.principal.controller;
            if let Some(first) =
                self.known[..at].iter().find(|other| other.is(id) || other.is(name))
            {
                let message = format!(
                    "controller.{id}: {} describes one with this id or name already; keep one of \
                     them",
                    first.file
                );
                self.report(&one.file, one.line, "controller_twice", message);
            }
            let used = self.stores.iter().any(|store| {
                let tables = store.tables.iter().map(|table| &table.controller);
                let prefixes = store.prefixes.iter().map(|prefix| &prefix.controller);
                let mut said = tables.chain(prefixes).flatten();
                one.is(&store.facts.controller) || said.any(|said| one.is(&said.value))
            });
            if !used {
                let message = format!(
                    "controller.{id}: nothing belongs to it; write controller = \"{id}\" at the \
                     tables, prefixes or stores that hold its data"
                );
                self.report(&one.file, one.line, "controller_unused", message);
            }
        }
    }

    /// Where some map describes another controller, a word that means none of them is more likely
    /// misspelt than a description in words, and the rows would be taken for our own.
    fn store(&mut self, store: &StoreMap) {
        let word = &store.facts.controller;
        if word != SELF && !self.known.is_empty() && !self.known.iter().any(|one| one.is(word)) {
            let message = format!(
                "store {}: no map describes the controller {word}; write a [controller.ID] with \
                 this name and how, or controller = \"self\" when you decide over its data",
                store.name
            );
            self.report(&store.file, store.line, "controller", message);
        }
    }

    /// Whether a word means somebody.
    fn said(&mut self, store: &StoreMap, place: &str, said: Option<&Noted<String>>) {
        let Some(said) = said else { return };
        let word = &said.value;
        if word != SELF && !self.known.iter().any(|one| one.is(word)) {
            let message = format!(
                "{place}: no map describes the controller {word}; write [controller.{word}] with \
                 name and how, or controller = \"self\" when the rows are yours"
            );
            self.report(&store.file, said.line, "controller", message);
        }
    }

    /// What cannot be said of rows over which somebody else decides.
    fn prefix(&mut self, store: &'m StoreMap, prefix: &Prefix) {
        let place = format!("prefix {}", prefix.name);
        self.said(store, &place, prefix.controller.as_ref());
        let Some(whose) = holder(&self.known, store, prefix.controller.as_ref()) else { return };
        let erase = prefix.erase.as_ref().map(|erase| erase.line);
        if let Some(line) = erase.or_else(|| prefix.keep.as_ref().map(|keep| keep.line)) {
            let message = decides(&place, whose, "erase and keep");
            self.report(&store.file, line, "controller_erase", message);
        }
    }

    fn table(&mut self, store: &'m StoreMap, table: &'m TableMap) {
        let place = format!("table {}", table.name);
        self.said(store, &place, table.controller.as_ref());
        let whose = holder(&self.known, store, table.controller.as_ref());
        self.ways(store, table, whose);
        let Some(whose) = whose else { return };
        if let Some(open) = table.correct.first() {
            let message = decides(&place, whose, "correct");
            self.report(&store.file, open.line, "controller_correct", message);
        }
        if let Some(mark) = table.marks.first() {
            let message = decides(&place, whose, "restrict and opt_out");
            self.report(&store.file, mark.line, "controller_marks", message);
        }
        let erase = table.erase.as_ref().map(|erase| erase.line);
        let keep = table.keep.as_ref().map(|keep| keep.line);
        let aggregate = table.aggregate.as_ref().map(|aggregate| aggregate.line);
        let field = table.fields.iter().find(|field| field.erase.is_some()).map(|field| field.line);
        if let Some(line) = erase.or(keep).or(aggregate).or(field) {
            let message = decides(&place, whose, "erase, keep and aggregate");
            self.report(&store.file, line, "controller_erase", message);
        }
        let counted = table.fields.iter().any(|field| !field.category.is_secret());
        if !counted && table.lookups.is_empty() {
            let message = format!(
                "{place}: its rows could not be counted; write at least one column into field, \
                 which says what there is and is not given"
            );
            self.report(&store.file, table.line, "controller_field", message);
        }
    }

    /// Rows that hang on those of another controller, or show what is theirs.
    fn ways(&mut self, store: &'m StoreMap, table: &'m TableMap, whose: Option<&'m Principal>) {
        let id = |of: Option<&Principal>| of.map(|of| of.controller.id.clone());
        for via in table.via.iter().filter(|_| table.controller.is_none()) {
            let there = self.theirs(store, via);
            if let Some(theirs) = there.filter(|theirs| id(Some(theirs)) != id(whose)) {
                let Controller { id, name, .. } = &theirs.controller;
                let message = format!(
                    "table {}: via leads to {}, whose rows are those of {name}; write controller = \
                     \"{id}\" here too, or controller = \"self\" when these rows are yours",
                    table.name, via.table
                );
                self.report(&store.file, via.line, "controller_via", message);
            }
        }
        for lookup in &table.lookups {
            let there = self.theirs(store, &lookup.on);
            if let Some(theirs) = there.filter(|theirs| id(Some(theirs)) != id(whose)) {
                let message = format!(
                    "table {}: lookup.{} would give what is of {}; take it out, or write \
                     third_party.{}",
                    table.name, lookup.name, theirs.controller.name, lookup.name
                );
                self.report(&store.file, lookup.on.line, "controller_lookup", message);
            }
        }
    }

    /// Whose the rows are that a reference leads to, where they are not our own.
    fn theirs(&self, store: &StoreMap, link: &Link) -> Option<&'m Principal> {
        let name = link.store.as_ref().unwrap_or(&store.name);
        let there = self.stores.iter().find(|other| other.name == *name)?;
        let table = there.table(&link.table).filter(|table| !table.ignored)?;
        holder(&self.known, there, table.controller.as_ref())
    }
}

fn decides(place: &str, whose: &Principal, what: &str) -> String {
    let name = &whose.controller.name;
    format!(
        "{place}: {name} decides over its rows, which are never changed here; take {what} out, or \
         write controller = \"self\" when the rows are yours"
    )
}
