//! What the ledger knows of deletions, put together: a place of a deletion and its rows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::domain::deletion_note::{DeletionNote, NoteKind};
use crate::domain::erase::Method;

/// One collection of one deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) place: Place,
    /// When it began.
    pub(super) at: Timestamp,
    /// The hashes of the person's keys.
    pub(super) keys: BTreeSet<String>,
    /// The hashes of rows that are recorded as done, each with those of what it held.
    pub(super) rows: BTreeMap<String, BTreeSet<String>>,
}

/// Where and how, and under which root key it was written down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) reference: String,
    pub(super) store: String,
    pub(super) collection: String,
    pub(super) fields: Vec<String>,
    pub(super) categories: Option<BTreeSet<String>>,
    pub(super) root: String,
    method: &'static str,
}

impl Place {
    fn of(note: &DeletionNote) -> Self {
        Self {
            reference: note.reference.clone(),
            store: note.store.clone(),
            collection: note.collection.clone(),
            fields: note.fields.clone(),
            categories: note.categories.clone(),
            root: note.root.clone(),
            method: note.method.as_str(),
        }
    }

    pub(super) fn method(&self) -> Method {
        Method::parse(self.method).expect("it is the word of a method")
    }
}

/// Deletions that were done since `since`, the earliest first.
pub(super) fn pasts(notes: &[DeletionNote], since: Timestamp) -> Vec<Past> {
    let mut pasts: BTreeMap<Place, Past> = BTreeMap::new();
    for note in notes.iter().filter(|note| note.kind == NoteKind::Done && note.at >= since) {
        let place = Place::of(note);
        let past = pasts.entry(place.clone()).or_insert_with(|| Past {
            place,
            at: note.at,
            keys: BTreeSet::new(),
            rows: BTreeMap::new(),
        });
        past.at = past.at.min(note.at);
        past.keys.extend(note.keys.iter().cloned());
        for row in &note.rows {
            past.rows.entry(row.clone()).or_default();
        }
    }
    for note in notes.iter().filter(|note| note.kind == NoteKind::Intended) {
        let Some(past) = pasts.get_mut(&Place::of(note)) else { continue };
        for (row, mark) in note.rows.iter().zip(&note.marks).filter(|(_, mark)| !mark.is_empty()) {
            if let Some(marks) = past.rows.get_mut(row) {
                marks.insert(mark.clone());
            }
        }
    }
    let mut pasts: Vec<Past> = pasts.into_values().collect();
    pasts.sort_by(|a, b| (a.at, &a.place).cmp(&(b.at, &b.place)));
    pasts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::StepId;

    fn note(kind: NoteKind, at: &str, rows: &[&str], marks: &[&str]) -> DeletionNote {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        DeletionNote {
            kind,
            reference: "R-22222222".into(),
            step: StepId(uuid::Uuid::nil()),
            tries: 0,
            at: at.parse().unwrap(),
            plan: "ab".repeat(32),
            store: "shop".into(),
            collection: "note".into(),
            method: Method::Delete,
            fields: Vec::new(),
            categories: None,
            root: String::new(),
            keys: own(&["k"]),
            rows: own(rows),
            marks: own(marks),
        }
    }

    #[test]
    fn only_what_is_recorded_as_done_counts_and_only_since_then() {
        let (early, late) = ("2026-03-01T10:00:00Z", "2026-03-05T10:00:00Z");
        let notes = [
            note(NoteKind::Intended, early, &["1", "2"], &["m1", ""]),
            note(NoteKind::Done, early, &["1", "2", "3"], &[]),
            note(NoteKind::Intended, late, &["9"], &["m9"]),
        ];
        let found = pasts(&notes, early.parse().unwrap());
        let marks: Vec<(&str, usize)> =
            found[0].rows.iter().map(|(row, marks)| (row.as_str(), marks.len())).collect();
        assert_eq!((found.len(), marks), (1, vec![("1", 1), ("2", 0), ("3", 0)]));
        assert_eq!(found[0].place.method(), Method::Delete);
        assert!(pasts(&notes, late.parse().unwrap()).is_empty());
    }
}
