//! One's own sessions, and everybody's accounts.

use askama::Template;

use super::Page;

#[derive(Debug)]
pub(in crate::web) struct SessionLine {
    pub(in crate::web) id: String,
    pub(in crate::web) agent: String,
    pub(in crate::web) words: String,
    pub(in crate::web) is_this: bool,
}

#[derive(Debug, Template)]
#[template(path = "console/account.html")]
pub(in crate::web) struct AccountPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) roles: String,
    pub(in crate::web) sessions: Vec<SessionLine>,
}

#[derive(Debug)]
pub(in crate::web) struct RoleTick {
    pub(in crate::web) word: &'static str,
    pub(in crate::web) label: String,
    pub(in crate::web) has: bool,
}

#[derive(Debug)]
pub(in crate::web) struct AccountLine {
    pub(in crate::web) id: String,
    pub(in crate::web) name: String,
    pub(in crate::web) email: String,
    pub(in crate::web) roles: String,
    pub(in crate::web) state: String,
    pub(in crate::web) is_own: bool,
    pub(in crate::web) can_disable: bool,
    pub(in crate::web) role_ticks: Vec<RoleTick>,
}

#[derive(Debug, Template)]
#[template(path = "console/accounts.html")]
pub(in crate::web) struct AccountsPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) rows: Vec<AccountLine>,
    pub(in crate::web) roles: Vec<RoleTick>,
    pub(in crate::web) can_change: bool,
    pub(in crate::web) invited: Option<String>,
    pub(in crate::web) error: Option<String>,
}
