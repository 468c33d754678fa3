//! Who works here: roles, accounts, and a signed-in member of staff.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::code::stored_words;
use crate::ids::StaffId;

stored_words!(Role {
    Agent = "agent",
    Officer = "officer",
    Admin = "admin",
    Auditor = "auditor",
});

/// What somebody is here for. A person may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Sees requests, writes to people, assigns.
    Agent,
    /// As an agent; also decides.
    Officer,
    /// Accounts, keys, stores, settings.
    Admin,
    /// Reads what happened, and no personal data.
    Auditor,
}

stored_words!(AccountState {
    Invited = "invited",
    Active = "active",
    Disabled = "disabled",
});

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountState {
    /// Has not chosen a password yet.
    Invited,
    /// Can sign in.
    Active,
    /// Never again, unless enabled.
    Disabled,
}

/// A session without a click ends after so long.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// Every session ends after so long.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// What hurts needs a second factor that was shown no longer ago than this.
pub const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// A signed-in member of staff, as the database has them at this very call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: StaffId,
    /// What they are here for.
    pub roles: BTreeSet<Role>,
    /// Whether their account can be used.
    pub state: AccountState,
    /// When they last showed the second factor.
    pub stepped_up_at: Timestamp,
}

impl Member {
    /// Whether the second factor was shown recently enough for what hurts.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.stepped_up_at);
        !age.is_negative() && age <= FRESH
    }
}
