//! Who has to be told, on the page of the request.

/// Those who have to be told alike: recipients of what was done, other controllers of the request.
#[derive(Debug)]
pub(in crate::web) struct RecipientGroup {
    /// Of the section, in the page.
    pub(in crate::web) id: &'static str,
    pub(in crate::web) heading: String,
    pub(in crate::web) hint: String,
    pub(in crate::web) lines: Vec<RecipientLine>,
}

/// One recipient, to be told of one thing.
#[derive(Debug)]
pub(in crate::web) struct RecipientLine {
    pub(in crate::web) id: String,
    pub(in crate::web) name: String,
    /// What there is to tell.
    pub(in crate::web) topic: String,
    /// What it does and where it is.
    pub(in crate::web) about: Option<String>,
    pub(in crate::web) how: String,
    pub(in crate::web) class: &'static str,
    pub(in crate::web) icon: &'static str,
    pub(in crate::web) state: String,
    /// What can be noted next; none where nothing can, or not by this member.
    pub(in crate::web) act: Option<RecipientAct>,
}

/// What is noted about a recipient.
#[derive(Debug)]
pub(in crate::web) struct RecipientAct {
    pub(in crate::web) verb: &'static str,
    pub(in crate::web) label: String,
}

impl RecipientLine {
    pub(super) const fn icon(&self) -> &'static str {
        self.icon
    }
}
