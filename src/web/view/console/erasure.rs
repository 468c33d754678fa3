//! The plan of a deletion and how far it is, on the page of its request.

/// A line of the plan.
#[derive(Debug)]
pub(in crate::web) struct ErasureLine {
    /// Store and collection.
    pub(in crate::web) place: String,
    /// How many rows, how they go or why they stay.
    pub(in crate::web) words: String,
    /// How far it is.
    pub(in crate::web) state: Option<String>,
}

/// All of it.
#[derive(Debug)]
pub(in crate::web) struct ErasureView {
    pub(in crate::web) digest: String,
    pub(in crate::web) short: String,
    pub(in crate::web) approvals: String,
    pub(in crate::web) cooled: String,
    pub(in crate::web) goes: Vec<ErasureLine>,
    pub(in crate::web) stays: Vec<ErasureLine>,
    pub(in crate::web) blocks: Vec<String>,
    pub(in crate::web) differences: Vec<String>,
    pub(in crate::web) can_approve: bool,
    pub(in crate::web) can_renew: bool,
    pub(in crate::web) has_receipt: bool,
}
