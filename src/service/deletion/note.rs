//! What the ledger keeps of a step: before it, and after it.

use std::collections::BTreeMap;

use super::StepWork;
use crate::domain::deletion_note::{DeletionNote, NoteKind};
use crate::domain::erase::{Done, EraseScope, RowId, Seen};
use crate::domain::subject::SubjectKey;
use crate::service::Desk;

/// Under which word the hashes of a place's rows are made.
pub(in crate::service) fn rows_of(store: &str, collection: &str) -> String {
    format!("row {store}/{collection}")
}

/// The same for what the rows hold.
pub(in crate::service) fn marks_of(store: &str, collection: &str) -> String {
    format!("mark {store}/{collection}")
}

impl Desk {
    /// What the ledger keeps before a step; `seen` is what its rows hold.
    pub fn deletion_note(&self, work: &StepWork, seen: &[Seen]) -> DeletionNote {
        let rows = &work.rows.part.rows;
        let marks: BTreeMap<&RowId, &str> =
            seen.iter().map(|seen| (&seen.row, seen.mark.as_str())).collect();
        let place = marks_of(&work.step.store, &work.step.collection);
        let mark = |row: &RowId| {
            marks.get(row).map(|mark| self.db.ledger_tag(&place, mark)).unwrap_or_default()
        };
        let note = self.ledger_line(work, NoteKind::Intended, rows);
        DeletionNote { marks: rows.iter().map(mark).collect(), ..note }
    }

    /// What the ledger keeps after a step that was done.
    pub fn deletion_done_note(&self, work: &StepWork, done: &Done) -> Option<DeletionNote> {
        let Done::Changed(changed) = done else { return None };
        let (planned, strayed) = (&work.rows.part.rows, &changed.strayed);
        let mut rows: Vec<RowId> = planned
            .iter()
            .chain(&changed.rows)
            .filter(|row| strayed.binary_search(row).is_err())
            .cloned()
            .collect();
        rows.sort();
        rows.dedup();
        Some(self.ledger_line(work, NoteKind::Done, &rows))
    }

    /// By what the ledger would know that the step was done.
    pub fn deletion_told(&self, work: &StepWork) -> DeletionNote {
        self.ledger_line(work, NoteKind::Done, &[])
    }

    fn ledger_line(&self, work: &StepWork, kind: NoteKind, rows: &[RowId]) -> DeletionNote {
        let step = &work.step;
        let categories = match &work.scope {
            EraseScope::Categories(categories) => Some(categories.clone()),
            _ => None,
        };
        DeletionNote {
            kind,
            reference: work.reference.to_string(),
            step: step.id,
            tries: step.tries,
            at: step.begun_at.unwrap_or(work.now),
            plan: work.plan.as_str().to_owned(),
            store: step.store.clone(),
            collection: step.collection.clone(),
            method: step.method,
            fields: work.rows.part.fields.clone(),
            categories,
            root: self.db.root_key().to_string(),
            keys: self.key_tags(&work.keys),
            rows: self.row_tags(&step.store, &step.collection, rows),
            marks: Vec::new(),
        }
    }

    /// The keyed hashes of a person's keys.
    pub(in crate::service) fn key_tags(&self, keys: &[SubjectKey]) -> Vec<String> {
        keys.iter().map(|key| self.db.ledger_tag(key.kind.as_str(), key.value())).collect()
    }

    /// The keyed hashes of rows.
    pub(in crate::service) fn row_tags(
        &self,
        store: &str,
        collection: &str,
        rows: &[RowId],
    ) -> Vec<String> {
        let place = rows_of(store, collection);
        rows.iter().map(|row| self.db.ledger_tag(&place, &row.0)).collect()
    }
}
