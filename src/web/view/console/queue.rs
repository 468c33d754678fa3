//! The queue.

use askama::Template;

use super::{Due, Page, Picked};

#[derive(Debug)]
pub(in crate::web) struct ViewLink {
    pub(in crate::web) path: String,
    pub(in crate::web) label: String,
    pub(in crate::web) count: String,
    pub(in crate::web) is_here: bool,
}

#[derive(Debug)]
pub(in crate::web) struct Choice {
    pub(in crate::web) name: &'static str,
    pub(in crate::web) label: String,
    pub(in crate::web) options: Vec<Picked>,
}

#[derive(Debug)]
pub(in crate::web) struct Line {
    pub(in crate::web) reference: String,
    pub(in crate::web) due: Due,
    pub(in crate::web) right: String,
    pub(in crate::web) who: String,
    pub(in crate::web) status: String,
    pub(in crate::web) blockers: Vec<String>,
    pub(in crate::web) owner: String,
}

#[derive(Debug, Template)]
#[template(path = "console/queue.html")]
pub(in crate::web) struct QueuePage {
    pub(in crate::web) page: Page,
    pub(in crate::web) title: String,
    pub(in crate::web) error: Option<String>,
    pub(in crate::web) view: &'static str,
    pub(in crate::web) views: Vec<ViewLink>,
    pub(in crate::web) choices: Vec<Choice>,
    /// Whether several can be closed at once.
    pub(in crate::web) can_close: bool,
    pub(in crate::web) rows: Vec<Line>,
    pub(in crate::web) empty: String,
    pub(in crate::web) next: Option<String>,
    /// What is said where the look ended early.
    pub(in crate::web) cut: Option<String>,
}
