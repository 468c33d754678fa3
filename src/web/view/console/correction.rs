//! A correction on the page of its request: asked beside current, and what is decided.

use super::Picked;

/// One value that a change could put right.
#[derive(Debug)]
pub(in crate::web) struct Candidate {
    /// Names it in the form: store and place.
    pub(in crate::web) value: String,
    pub(in crate::web) label: String,
    /// What it says; none where that is not shown, or nothing stands there.
    pub(in crate::web) now: Option<String>,
    /// Whether it is of the kind that was asked about.
    pub(in crate::web) is_meant: bool,
    pub(in crate::web) needs_proof: bool,
}

/// One value that a change puts right.
#[derive(Debug)]
pub(in crate::web) struct StepLine {
    pub(in crate::web) place: String,
    pub(in crate::web) from: Option<String>,
    pub(in crate::web) to: Option<String>,
    pub(in crate::web) state: String,
    pub(in crate::web) is_stuck: bool,
}

#[derive(Debug)]
pub(in crate::web) struct ChangeLine {
    pub(in crate::web) id: String,
    pub(in crate::web) number: u64,
    pub(in crate::web) field: String,
    pub(in crate::web) value: Option<String>,
    pub(in crate::web) fate: String,
    pub(in crate::web) ground: Option<String>,
    pub(in crate::web) words: Option<String>,
    pub(in crate::web) steps: Vec<StepLine>,
    /// Empty where it cannot be decided now.
    pub(in crate::web) candidates: Vec<Candidate>,
    pub(in crate::web) can_decide: bool,
}

#[derive(Debug)]
pub(in crate::web) struct CorrectionView {
    pub(in crate::web) changes: Vec<ChangeLine>,
    pub(in crate::web) grounds: Vec<Picked>,
    pub(in crate::web) shows_values: bool,
    pub(in crate::web) wants_proof: bool,
    pub(in crate::web) can_check: bool,
    /// When the notices went out, and from when the change can be made.
    pub(in crate::web) notice: Option<String>,
    pub(in crate::web) letter: Option<String>,
}
