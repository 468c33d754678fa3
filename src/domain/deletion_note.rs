//! What the ledger keeps of a deletion: enough to find the rows again in a store that was restored from
//! a backup, and nothing that says whose they were.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::code::stored_words;
use super::erase::Method;
use crate::ids::{Reference, StepId};

stored_words!(NoteKind { Intended = "intended", Done = "done" });

/// Before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoteKind {
    /// The store is about to be told.
    Intended,
    /// The store has done it.
    Done,
}

/// One line of the ledger. Keys and rows are keyed hashes: without the root key they lead nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeletionNote {
    /// Before or after.
    pub kind: NoteKind,
    /// The public name of the request.
    pub reference: String,
    /// The step.
    pub step: StepId,
    /// How often it was done before, since something remained.
    pub tries: u32,
    /// When the step was begun.
    pub at: Timestamp,
    /// The fingerprint of the plan that was approved.
    pub plan: String,
    /// The store.
    pub store: String,
    /// The table or prefix.
    pub collection: String,
    /// How.
    pub method: Method,
    /// The columns that were masked.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The categories that the deletion was about, where it was not about everything.
    #[serde(default)]
    pub categories: Option<BTreeSet<String>>,
    /// The root key under which the hashes are made, by its id; empty in lines from before that was
    /// written down.
    #[serde(default)]
    pub root: String,
    /// The person's keys.
    pub keys: Vec<String>,
    /// The rows.
    pub rows: Vec<String>,
    /// What each of the rows held, in their order; empty where nobody could look. Only a line
    /// before has them.
    #[serde(default)]
    pub marks: Vec<String>,
}

impl DeletionNote {
    /// As it is signed: the name of the service and one line of JSON.
    pub fn to_text(&self, origin: &str) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{origin}\ndeletion/1\n{json}\n")
    }

    /// Reads what [`DeletionNote::to_text`] wrote for the same service.
    pub fn parse(origin: &str, text: &str) -> Option<Self> {
        let rest = text.strip_prefix(origin)?.strip_prefix("\ndeletion/1\n")?;
        serde_json::from_str(rest.strip_suffix('\n')?).ok()
    }

    /// Where it stands: the same step gives the same place.
    pub fn place(&self) -> (Option<Reference>, String) {
        let name = format!("{}-{}-{}", self.step, self.tries, self.kind);
        (Reference::parse(&self.reference), name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_note_is_read_for_its_own_service_alone() {
        let note = DeletionNote {
            kind: NoteKind::Intended,
            reference: "R-7F3K9Q2M".into(),
            step: StepId(Uuid::nil()),
            tries: 0,
            at: "2026-03-01T10:00:00Z".parse().unwrap(),
            plan: "ab".repeat(32),
            store: "shop".into(),
            collection: "customer".into(),
            method: Method::Delete,
            fields: Vec::new(),
            categories: None,
            root: "ab".repeat(8),
            keys: vec!["aa".into()],
            rows: vec!["bb".into(), "cc".into()],
            marks: vec!["dd".into(), String::new()],
        };
        let text = note.to_text("desk.example/audit");
        assert_eq!(DeletionNote::parse("desk.example/audit", &text), Some(note));
        assert_eq!(DeletionNote::parse("desk.example/other", &text), None);
        assert_eq!(DeletionNote::parse("desk.example/audit", text.trim_end()), None);
    }
}
