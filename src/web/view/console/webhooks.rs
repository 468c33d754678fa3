//! Webhooks: endpoints and what they were told.

use askama::Template;

use super::Page;

#[derive(Debug)]
pub(in crate::web) struct EndpointLine {
    pub(in crate::web) name: String,
    pub(in crate::web) events: String,
    pub(in crate::web) is_dead: bool,
    pub(in crate::web) waiting: String,
    pub(in crate::web) given_up: String,
}

#[derive(Debug)]
pub(in crate::web) struct DeliveryLine {
    pub(in crate::web) id: String,
    pub(in crate::web) kind: &'static str,
    pub(in crate::web) endpoint: String,
    pub(in crate::web) reference: String,
    pub(in crate::web) at: String,
    pub(in crate::web) state: String,
    pub(in crate::web) answer: String,
    pub(in crate::web) next: String,
    pub(in crate::web) can_replay: bool,
}

/// A list of messages.
#[derive(Debug)]
pub(in crate::web) struct DeliveryTable {
    /// Its place on the page.
    pub(in crate::web) id: &'static str,
    pub(in crate::web) title: String,
    pub(in crate::web) rows: Vec<DeliveryLine>,
}

#[derive(Debug, Template)]
#[template(path = "console/webhooks.html")]
pub(in crate::web) struct WebhooksPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) endpoints: Vec<EndpointLine>,
    /// Those with rows.
    pub(in crate::web) tables: Vec<DeliveryTable>,
    pub(in crate::web) replayed: bool,
}
