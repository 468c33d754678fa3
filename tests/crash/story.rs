//! What a person did, and what they know of it: the one side of what the checks compare.

use std::path::PathBuf;

use crate::client::Client;
use crate::people::Person;

/// What somebody has in mind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To have their data.
    Fetch,
    /// The same, and to write to staff.
    WriteAndFetch,
    /// To withdraw.
    Withdraw,
    /// To have all of it deleted; they go no further than to the notice of it.
    Erase,
    /// Nothing: it was not them.
    NotMe,
    /// They never type the code.
    Abandon,
}

/// What somebody did, and what they know of it.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) person: Person,
    pub(crate) wish: Wish,
    /// How many rights each form asked for.
    pub(crate) rights: u64,
    /// References that they were given.
    pub(crate) acknowledged: Vec<String>,
    /// Forms of which they do not know whether they were taken.
    pub(crate) unknown_forms: u64,
    /// References of the form that they proved their address for.
    pub(crate) followed: Vec<String>,
    /// Withdrawn for sure, perhaps, or not.
    pub(crate) withdrawn: Option<bool>,
    /// They were told that "this was not me" is done.
    pub(crate) disowned: bool,
    /// Messages taken, and those that may have been.
    pub(crate) messages: (u64, u64),
    /// Archives that they have: the reference and the file.
    pub(crate) archives: Vec<(String, PathBuf)>,
    /// Downloads that were opened: their paths, and the browsers that may fetch there.
    pub(crate) doors: Vec<(String, Client)>,
    /// Codes, tokens and cookies that they were given.
    pub(crate) secrets: Vec<String>,
    /// What should not have been.
    pub(crate) complaint: Option<String>,
}

impl Story {
    pub(crate) const fn new(person: Person, wish: Wish, rights: u64) -> Self {
        Self {
            person,
            wish,
            rights,
            acknowledged: Vec::new(),
            unknown_forms: 0,
            followed: Vec::new(),
            withdrawn: None,
            disowned: false,
            messages: (0, 0),
            archives: Vec::new(),
            doors: Vec::new(),
            secrets: Vec::new(),
            complaint: None,
        }
    }
}
