//! The rules of gathering: when a person is found, when it must stop and ask a human.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::code::stored_words;
use super::controller::HeldRows;
use super::record::{Gap, Withheld};

/// Rounds of keys at most: a key found in the eighth round is not asked any more.
pub const MAX_ROUNDS: u32 = 8;
/// Keys of one person at most; more is no longer one person.
pub const MAX_KEYS: usize = 200;

stored_words!(TaskStatus {
    Waiting = "waiting",
    Running = "running",
    Done = "done",
    Failed = "failed",
    Skipped = "skipped",
});

/// How far one store's share of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskStatus {
    /// Its turn has not come.
    Waiting,
    /// Being asked, or to be asked again.
    Running,
    /// Everything is gathered.
    Done,
    /// Given up; a human has to look.
    Failed,
    /// Left out by a decision of staff, disclosed as a gap.
    Skipped,
}

impl TaskStatus {
    /// Nothing more is done for it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Skipped)
    }
}

stored_words!(SkipReason {
    Unreachable = "unreachable",
    ShutDown = "shut_down",
    AnsweredOtherwise = "answered_otherwise",
});

/// Why staff left a store out. The person reads it in the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// It cannot be reached in time.
    Unreachable,
    /// It is switched off and holds nothing that can still be read.
    ShutDown,
    /// Its data are sent in another way.
    AnsweredOtherwise,
}

stored_words!(Blocker {
    TwoPeople = "two_people",
    UnprovenMatch = "unproven_match",
    TooManyKeys = "too_many_keys",
    StoreFailed = "store_failed",
    JobDead = "job_dead",
    MailFailed = "mail_failed",
    PlanBlocked = "plan_blocked",
    TooFewApprovers = "too_few_approvers",
    Protected = "protected",
    Remains = "remains",
    ProofStale = "proof_stale",
});

/// What keeps a request from going on until a human has looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Blocker {
    /// One key leads to two people.
    TwoPeople,
    /// The only match is an address that the person never confirmed in that store.
    UnprovenMatch,
    /// More keys or rounds than one person can have.
    TooManyKeys,
    /// A store did not answer after all retries.
    StoreFailed,
    /// A job gave up.
    JobDead,
    /// The answer could not be mailed.
    MailFailed,
    /// A store cannot do what the plan of a deletion asks.
    PlanBlocked,
    /// Fewer people can approve than a deletion needs.
    TooFewApprovers,
    /// A deletion leads to somebody who must never be touched.
    Protected,
    /// Something is still there after it was erased more than once.
    Remains,
    /// The proof of who asks is too old for kinds of data that hurt: see [`Proof`].
    ///
    /// [`Proof`]: super::assurance::Proof
    ProofStale,
}

impl Blocker {
    /// Whether it asks who the person is, so that a human who has looked can clear it.
    pub const fn is_about_identity(self) -> bool {
        matches!(self, Self::TwoPeople | Self::UnprovenMatch | Self::TooManyKeys | Self::ProofStale)
    }
}

/// Something that is still owed after an answer: a store, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The store.
    pub store: String,
    /// Until when.
    pub due_at: Timestamp,
}

/// What a store's share amounts to. Kept with the task and printed in the archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows found, those withheld not counted.
    pub rows: u64,
    /// Files found.
    pub files: u64,
    /// What could not be looked at.
    pub gaps: Vec<Gap>,
    /// What is about somebody else.
    pub withheld: Vec<Withheld>,
    /// What belongs to other controllers, in neither count above.
    #[serde(default)]
    pub held: Vec<HeldRows>,
    /// Of which categories the data are that go into the answer.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub kinds: BTreeSet<String>,
}

impl Tally {
    /// Adds gaps, one line a place and reason.
    pub fn add_gaps(&mut self, gaps: impl IntoIterator<Item = Gap>) {
        for gap in gaps {
            let known = |have: &&mut Gap| have.place == gap.place && have.reason == gap.reason;
            match self.gaps.iter_mut().find(known) {
                Some(have) => have.count += gap.count,
                None => self.gaps.push(gap),
            }
        }
        self.gaps.sort();
    }

    /// Adds withheld things, one line a collection and name.
    pub fn add_withheld(&mut self, withheld: impl IntoIterator<Item = Withheld>) {
        for more in withheld {
            let known =
                |have: &&mut Withheld| have.collection == more.collection && have.what == more.what;
            match self.withheld.iter_mut().find(known) {
                Some(have) => have.count += more.count,
                None => self.withheld.push(more),
            }
        }
        self.withheld.sort();
    }

    /// Adds rows of other controllers, one line a collection.
    pub fn add_held(&mut self, held: impl IntoIterator<Item = HeldRows>) {
        for more in held {
            let known = |have: &&mut HeldRows| {
                have.collection == more.collection && have.controller.id == more.controller.id
            };
            match self.held.iter_mut().find(known) {
                Some(have) => have.rows += more.rows,
                None => self.held.push(more),
            }
        }
        self.held.sort();
    }

    /// Whether the store holds nothing of the person, but for what belongs to other controllers.
    pub fn is_empty(&self) -> bool {
        self.rows == 0 && self.files == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::GapReason;

    #[test]
    fn gaps_of_one_place_are_counted_together() {
        let gap =
            |place: &str, count| Gap { place: place.into(), reason: GapReason::Missing, count };
        let mut tally = Tally::default();
        tally.add_gaps([gap("images", 1), gap("images", 2), gap("audio", 1)]);
        assert_eq!(tally.gaps, [gap("audio", 1), gap("images", 3)]);
        assert!(tally.is_empty(), "a gap is not a find, and not the same as nothing there");
    }
}
