//! Data of a child that were found at no request.

use askama::Template;

use super::{Page, Picked};

#[derive(Debug, Template)]
#[template(path = "console/child.html")]
pub(in crate::web) struct ChildPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) error: Option<String>,
    /// Whether whoever looks may open the deletion.
    pub(in crate::web) can: bool,
    pub(in crate::web) email: String,
    pub(in crate::web) keys: String,
    pub(in crate::web) languages: Vec<Picked>,
    pub(in crate::web) reason: String,
}
