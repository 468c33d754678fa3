//! The words of what staff decide about a request.

use jiff::Timestamp;

use super::code::stored_words;

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

stored_words!(RefusalGround {
    NotIdentified = "not_identified",
    Unfounded = "unfounded",
    Excessive = "excessive",
    RightsOfOthers = "rights_of_others",
    LegalDuty = "legal_duty",
    NotController = "not_controller",
});

/// Why a request is refused. The person is told it in words, with the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalGround {
    /// We cannot tell who asks (GDPR Art. 12(2)).
    NotIdentified,
    /// Manifestly unfounded (GDPR Art. 12(5)).
    Unfounded,
    /// Excessive, in particular repeated (GDPR Art. 12(5)).
    Excessive,
    /// It would hurt the rights and freedoms of others (GDPR Art. 15(4), 20(4)).
    RightsOfOthers,
    /// A law forbids the answer (GDPR Art. 23).
    LegalDuty,
    /// Somebody else decides about these data; they are named in the facts.
    NotController,
}

/// Keeps a request's data from being touched or let out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Since when.
    pub at: Timestamp,
    /// When somebody looks at it again.
    pub review_at: Timestamp,
}
