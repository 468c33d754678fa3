//! A request that came by phone, letter, mail or in person.

use askama::Template;

use super::{Page, Picked};

#[derive(Debug, Template)]
#[template(path = "console/enter.html")]
pub(in crate::web) struct EnterPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) error: Option<String>,
    pub(in crate::web) channels: Vec<Picked>,
    pub(in crate::web) rights: Vec<Picked>,
    pub(in crate::web) scopes: Vec<Picked>,
    pub(in crate::web) parts: String,
    pub(in crate::web) languages: Vec<Picked>,
    pub(in crate::web) received: String,
    pub(in crate::web) zone: String,
    pub(in crate::web) reason: String,
    pub(in crate::web) email: String,
    pub(in crate::web) name: String,
    pub(in crate::web) details: String,
    pub(in crate::web) keys: String,
    pub(in crate::web) changes: String,
    pub(in crate::web) country: String,
    pub(in crate::web) purposes: String,
    pub(in crate::web) purposes_hint: String,
    pub(in crate::web) actings: Vec<Picked>,
    pub(in crate::web) kinds: Vec<Picked>,
    pub(in crate::web) about: String,
    pub(in crate::web) vouched: bool,
    pub(in crate::web) can_vouch: bool,
    /// What stands beside the code of the second factor, where vouching needs one.
    pub(in crate::web) code_hint: Option<String>,
    pub(in crate::web) papers_hint: String,
}
