//! Deletions that are done again after a restore.

use askama::Template;

use super::Page;

/// One step, or rows that are left.
#[derive(Debug)]
pub(in crate::web) struct ReplayRow {
    pub(in crate::web) reference: String,
    /// Store and collection.
    pub(in crate::web) place: String,
    /// How many, and how they go.
    pub(in crate::web) words: String,
    /// How far it is, or why they stay.
    pub(in crate::web) state: String,
}

/// One plan.
#[derive(Debug)]
pub(in crate::web) struct ReplayView {
    pub(in crate::web) id: String,
    pub(in crate::web) digest: String,
    pub(in crate::web) short: String,
    pub(in crate::web) title: String,
    pub(in crate::web) state: String,
    pub(in crate::web) made: String,
    pub(in crate::web) goes: Vec<ReplayRow>,
    pub(in crate::web) stays: Vec<ReplayRow>,
    pub(in crate::web) can_approve: bool,
}

/// A request that our own database has lost.
#[derive(Debug)]
pub(in crate::web) struct LostRow {
    pub(in crate::web) reference: String,
    pub(in crate::web) right: String,
    pub(in crate::web) received: String,
    pub(in crate::web) state: String,
    pub(in crate::web) can_settle: bool,
}

#[derive(Debug, Template)]
#[template(path = "console/replays.html")]
pub(in crate::web) struct ReplaysPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) replays: Vec<ReplayView>,
    pub(in crate::web) approved: bool,
    pub(in crate::web) lost: Vec<LostRow>,
    /// Whether nothing is let out because of them.
    pub(in crate::web) waits: bool,
    /// Why nothing was done.
    pub(in crate::web) error: Option<String>,
}
