//! The words of what staff decide about a request.

use jiff::Timestamp;

use super::code::stored_words;
pub use super::ground::RefusalGround;

stored_words!(PauseGround {
    AskedPerson = "asked_person",
    IdentityDoubt = "identity_doubt",
    Internal = "internal",
});

/// Why work on a request rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PauseGround {
    /// The person was asked what they mean; counts as waiting for them.
    AskedPerson,
    /// The person was asked who they are (GDPR Art. 12(6)); counts as waiting for them.
    IdentityDoubt,
    /// Something of ours.
    Internal,
}

impl PauseGround {
    /// Whether the person is being waited for.
    pub const fn waits_for_person(self) -> bool {
        matches!(self, Self::AskedPerson | Self::IdentityDoubt)
    }
}

/// Keeps a request's data from being touched or let out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Since when.
    pub at: Timestamp,
    /// When somebody looks at it again.
    pub review_at: Timestamp,
}
