//! A deletion while it is carried out: its steps, and what is said of it at the end.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::code::stored_words;
use super::erase::{ErasePart, Method, RowId, Verdict};
use super::request::Outcome;
use crate::ids::{RequestId, StepId};

stored_words!(StepState {
    Waiting = "waiting",
    Begun = "begun",
    Done = "done",
    Settled = "settled",
    Pending = "pending",
    Void = "void",
});

/// How far one step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Its turn has not come, or comes again.
    Waiting,
    /// It was written down that the store is told; whether it has done anything is not known.
    Begun,
    /// The store has done it; nobody has looked yet.
    Done,
    /// It was looked at, and that is that.
    Settled,
    /// It was looked at, and has to be again at a later day.
    Pending,
    /// Another plan has taken its place before it was begun.
    Void,
}

/// One step of one deletion. What names rows stands apart, in [`StepRows`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// The request.
    pub request: RequestId,
    /// Of which plan of the request, from 1.
    pub round: u32,
    /// Its place in that plan, from 0.
    pub position: u32,
    /// The store.
    pub store: String,
    /// The table or prefix.
    pub collection: String,
    /// How.
    pub method: Method,
    /// How far it is.
    pub state: StepState,
    /// Rows of the plan.
    pub planned: u64,
    /// Rows that went or were masked.
    pub changed: u64,
    /// How many of these were not in the plan.
    pub grown: u64,
    /// Rows of the plan that were not the person's any more, and untouched.
    pub strayed: u64,
    /// How often it was done again because something remained.
    pub tries: u32,
    /// What the last look found.
    pub verdict: Option<Verdict>,
    /// When it was begun.
    pub begun_at: Option<Timestamp>,
    /// When the store had done it.
    pub done_at: Option<Timestamp>,
    /// When it was looked at last.
    pub looked_at: Option<Timestamp>,
    /// When it has to be looked at again.
    pub look_at: Option<Timestamp>,
}

/// The rows of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRows {
    /// What was planned.
    pub part: ErasePart,
    /// The rows that are a person in this store, as planned.
    pub people: Vec<RowId>,
    /// Rows that went along and were not planned.
    pub grown: Vec<RowId>,
    /// Rows that were not the person's any more.
    pub strayed: Vec<RowId>,
}

impl StepRows {
    /// The rows that have to be gone, or masked.
    pub fn answered_for(&self) -> Vec<RowId> {
        let all = self.part.rows.iter().chain(&self.grown);
        all.filter(|row| self.strayed.binary_search(row).is_err()).cloned().collect()
    }
}

/// How a deletion ended, from its steps and what stayed: `pending` while something has to be looked
/// at later, `partial` when something could not be reached or told, `kept_in_part` when a rule wants
/// rows kept.
pub fn outcome(steps: &[Step], kept: bool, gaps: bool) -> Outcome {
    let counted = || steps.iter().filter(|step| step.state != StepState::Void);
    let unsure = |step: &Step| !matches!(step.verdict, Some(Verdict::Gone | Verdict::Masked));
    if counted().any(|step| step.state == StepState::Pending) {
        Outcome::Pending
    } else if gaps || counted().any(unsure) {
        Outcome::Partial
    } else if kept {
        Outcome::KeptInPart
    } else {
        Outcome::Full
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn step(state: StepState, verdict: Option<Verdict>) -> Step {
        Step {
            id: StepId(Uuid::nil()),
            request: RequestId(Uuid::nil()),
            round: 1,
            position: 0,
            store: "shop".into(),
            collection: "customer".into(),
            method: Method::Delete,
            state,
            planned: 1,
            changed: 1,
            grown: 0,
            strayed: 0,
            tries: 0,
            verdict,
            begun_at: None,
            done_at: None,
            looked_at: None,
            look_at: None,
        }
    }

    #[test]
    fn the_worst_that_is_known_is_the_outcome() {
        let gone = step(StepState::Settled, Some(Verdict::Gone));
        let unsure = step(StepState::Settled, Some(Verdict::CannotTell));
        let later = step(StepState::Pending, Some(Verdict::NotBefore(Timestamp::UNIX_EPOCH)));
        let void = step(StepState::Void, None);
        assert_eq!(outcome(&[gone.clone(), void], false, false), Outcome::Full);
        assert_eq!(outcome(std::slice::from_ref(&gone), true, false), Outcome::KeptInPart);
        assert_eq!(outcome(std::slice::from_ref(&gone), true, true), Outcome::Partial);
        assert_eq!(outcome(&[gone.clone(), unsure], true, false), Outcome::Partial);
        assert_eq!(outcome(&[gone, later], true, true), Outcome::Pending);
    }

    #[test]
    fn a_step_answers_for_what_it_touched() {
        let rows = |names: &[&str]| names.iter().map(|name| RowId((*name).to_owned())).collect();
        let step = StepRows {
            part: ErasePart {
                collection: "customer".into(),
                method: Method::Delete,
                fields: Vec::new(),
                rows: rows(&["1", "2", "3"]),
            },
            people: Vec::new(),
            grown: rows(&["4"]),
            strayed: rows(&["2"]),
        };
        let answered: Vec<RowId> = rows(&["1", "3", "4"]);
        assert_eq!(step.answered_for(), answered);
    }
}
