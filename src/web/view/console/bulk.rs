//! Closing many requests at once.

use askama::Template;

use super::{Page, Picked};

/// What was ticked, before and after it is closed.
#[derive(Debug, Template)]
#[template(path = "console/bulk.html")]
pub(in crate::web) struct BulkPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) error: Option<String>,
    /// What was done; the references are those that could not be closed then.
    pub(in crate::web) done: Option<String>,
    pub(in crate::web) references: Vec<String>,
    pub(in crate::web) grounds: Vec<Picked>,
}
