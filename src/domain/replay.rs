//! Deletions that are done again, after a store was restored from a backup: what the ledger names and
//! is there again goes by the methods of then, and nothing else does.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::code::stored_words;
use super::erase::{ErasePart, EraseScope, Method, RowId};
use super::plan::PlanDigest;
use super::subject::{KeyKind, SubjectKey};
use crate::ids::{ReplayId, StaffId, StepId};

/// A plan that nobody approves for so long is over.
pub const REPLAY_LIFE: SignedDuration = SignedDuration::from_hours(72);

stored_words!(ReplayState { Waiting = "waiting", Running = "running", Done = "done", Void = "void" });

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReplayState {
    /// It waits for an officer.
    Waiting,
    /// It was approved, and is carried out.
    Running,
    /// Every step was taken or given up.
    Done,
    /// Another plan has taken its place.
    Void,
}

/// One step: rows of one collection of one deletion, and all that it takes to erase them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayStep {
    /// Its id, by which the ledger knows it.
    pub id: StepId,
    /// The public name of the deletion that it repeats.
    pub reference: String,
    /// When that was: times of keeping are compared with that instant.
    pub at: Timestamp,
    /// The categories that it was about, where it was not about everything.
    pub categories: Option<BTreeSet<String>>,
    /// The store.
    pub store: String,
    /// What is done.
    pub part: ErasePart,
    /// What each row holds, in their order.
    pub marks: Vec<String>,
    /// The rows that are a person under these keys.
    pub people: Vec<RowId>,
    /// Files here that rows elsewhere named.
    pub files: Vec<String>,
    /// The person's keys as they stand in the stores again: kinds and values.
    pub keys: Vec<(String, String)>,
}

impl ReplayStep {
    /// The person's keys.
    pub fn subject_keys(&self) -> Vec<SubjectKey> {
        let read = |(kind, value): &(String, String)| {
            SubjectKey::new(KeyKind::new(kind.clone()), value.clone())
        };
        self.keys.iter().filter_map(read).collect()
    }
}

/// The scope in which a step is taken: the rows that all steps of its deletion name in its store.
pub fn scope_of(step: &ReplayStep, all: &[ReplayStep]) -> EraseScope {
    let mut rows: BTreeMap<String, BTreeSet<RowId>> = BTreeMap::new();
    let same = |other: &&ReplayStep| {
        (&other.reference, &other.store, &other.categories)
            == (&step.reference, &step.store, &step.categories)
    };
    for other in all.iter().filter(same) {
        rows.entry(other.part.collection.clone()).or_default().extend(other.part.rows.clone());
    }
    EraseScope::Rows { rows, categories: step.categories.clone() }
}

stored_words!(StepFate {
    Waiting = "waiting",
    Begun = "begun",
    Gone = "gone",
    Masked = "masked",
    Remains = "remains",
    Unsure = "unsure",
    Changed = "changed",
    Stopped = "stopped",
    Failed = "failed",
});

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepFate {
    /// Its turn has not come.
    Waiting,
    /// It was written down that the store is told.
    Begun,
    /// A fresh look has found none of the rows.
    Gone,
    /// A fresh look has found all of them masked.
    Masked,
    /// A fresh look has found some as they were.
    Remains,
    /// Nobody can tell.
    Unsure,
    /// A row was not the one that was planned any more: nothing of this deletion was touched after.
    Changed,
    /// The store would not: as before.
    Stopped,
    /// The store was in trouble for too long.
    Failed,
}

impl StepFate {
    /// Whether its turn may come, or come again.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Begun)
    }

    /// Whether it is done and looked at.
    pub const fn is_well(self) -> bool {
        matches!(self, Self::Gone | Self::Masked)
    }
}

/// One step without its rows: what people and programs see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayLine {
    /// The deletion.
    pub reference: String,
    /// The store.
    pub store: String,
    /// The table or prefix.
    pub collection: String,
    /// How.
    pub method: Method,
    /// How many rows or files.
    pub rows: u64,
    /// What became of it.
    pub fate: StepFate,
}

stored_words!(LeftWhy {
    Other = "other",
    Anew = "anew",
    Unreached = "unreached",
    Blocked = "blocked",
    Protected = "protected",
    Held = "held",
    Unseen = "unseen",
    Keyless = "keyless",
});

/// Why rows that the ledger names are left as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeftWhy {
    /// They hold something else than what was deleted.
    Other,
    /// They are as they were, and somebody else stands under the person's own row.
    Anew,
    /// They are as they were, and no key of the person leads to them, or the map wants otherwise now.
    Unreached,
    /// Something stands in the way, as rows that refer to them.
    Blocked,
    /// The keys are of somebody who must never be touched.
    Protected,
    /// The person's data are held.
    Held,
    /// The store could not be looked at.
    Unseen,
    /// Nobody can tell whether they are there: the root key under which they were written down is
    /// not at hand.
    Keyless,
}

/// Rows that are left, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReplayLeft {
    /// The deletion; empty where it concerns them all.
    pub reference: String,
    /// The store.
    pub store: String,
    /// The table or prefix.
    pub collection: String,
    /// Why.
    pub why: LeftWhy,
    /// How many.
    pub rows: u64,
}

/// All that is known of it but its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// Its id.
    pub id: ReplayId,
    /// Deletions from then on.
    pub since: Timestamp,
    /// When the stores were looked at.
    pub made_at: Timestamp,
    /// Its fingerprint, which is what gets approved.
    pub digest: PlanDigest,
    /// How far it is.
    pub state: ReplayState,
    /// Its steps, in their order.
    pub lines: Vec<ReplayLine>,
    /// What is left as it is.
    pub left: Vec<ReplayLeft>,
    /// Who approved it.
    pub approved_by: Option<StaffId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// When the last step was over.
    pub done_at: Option<Timestamp>,
}

impl Replay {
    /// The step whose turn it is.
    pub fn next(&self) -> Option<usize> {
        self.lines.iter().position(|line| line.fate.is_open())
    }

    /// How many rows go.
    pub fn rows(&self) -> u64 {
        self.lines.iter().map(|line| line.rows).sum()
    }

    /// How many deletions are done again.
    pub fn deletions(&self) -> usize {
        self.lines.iter().map(|line| &line.reference).collect::<BTreeSet<_>>().len()
    }

    /// Nothing more of a deletion is touched after one of its steps was not taken.
    pub fn give_up(&mut self, reference: &str) {
        let same = |line: &&mut ReplayLine| line.reference == reference && line.fate.is_open();
        self.lines.iter_mut().filter(same).for_each(|line| line.fate = StepFate::Stopped);
    }
}

/// The fingerprint of all steps: two with the same touch the same rows in the same way.
///
/// # Panics
/// Never: SHA-256 has 64 hex digits.
pub fn digest(steps: &[ReplayStep]) -> PlanDigest {
    let mut hash = Sha256::new_with_prefix(b"rightsdesk-replay/1");
    for step in steps {
        // Ids are drawn anew each time, and say nothing of what is touched.
        let told = ReplayStep { id: StepId(uuid::Uuid::nil()), ..step.clone() };
        let text = serde_json::to_string(&told).unwrap_or_default();
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    PlanDigest::parse(&HEXLOWER.encode(&hash.finalize())).expect("SHA-256 has 64 hex digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(reference: &str, collection: &str, rows: &[&str]) -> ReplayStep {
        ReplayStep {
            id: StepId(uuid::Uuid::from_u128(7)),
            reference: reference.into(),
            at: Timestamp::UNIX_EPOCH,
            categories: None,
            store: "shop".into(),
            part: ErasePart {
                collection: collection.into(),
                method: Method::Delete,
                fields: Vec::new(),
                rows: rows.iter().map(|row| RowId((*row).to_owned())).collect(),
            },
            marks: rows.iter().map(|_| "m".to_owned()).collect(),
            people: Vec::new(),
            files: Vec::new(),
            keys: vec![("email".into(), "ada@example.org".into())],
        }
    }

    #[test]
    fn a_step_may_touch_what_its_own_deletion_names_in_its_store() {
        let all = [
            step("R-22222222", "note", &["1", "2"]),
            step("R-22222222", "person", &["9"]),
            step("R-33333333", "note", &["5"]),
        ];
        let scope = scope_of(&all[1], &all);
        let row = |row: &str| RowId(row.to_owned());
        assert!(!scope.leaves_out("note", &row("2")) && !scope.leaves_out("person", &row("9")));
        for (collection, other) in [("note", "5"), ("note", "9"), ("visit", "1")] {
            assert!(scope.leaves_out(collection, &row(other)), "{collection} {other}");
        }
    }

    #[test]
    fn a_fingerprint_binds_rows_and_what_they_hold() {
        let one = step("R-22222222", "note", &["1", "2"]);
        let same = ReplayStep { id: StepId(uuid::Uuid::nil()), ..one.clone() };
        assert_eq!(digest(std::slice::from_ref(&one)), digest(&[same]));
        let mut held = one.clone();
        held.marks[1] = "other".into();
        for other in [held, step("R-22222222", "note", &["1"])] {
            assert_ne!(digest(std::slice::from_ref(&one)), digest(&[other]));
        }
    }
}
