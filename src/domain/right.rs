//! The rights that this program can carry out. Another right is unknown until it can.

use super::code::stored_words;

/// What a person can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// A copy of the data and the facts about their use (GDPR Art. 15; CCPA § 1798.110).
    Access,
    /// What the person provided and what was observed about them, to take elsewhere; no inferences
    /// (GDPR Art. 20).
    Export,
    /// What is held is taken away, or what of it can be (GDPR Art. 17; CCPA § 1798.105).
    Deletion,
    /// Whether data about the person are processed, or what the company does with data (GDPR
    /// Art. 15(1)).
    Confirmation,
    /// Who received the person's data, by name (GDPR Art. 15(1)(c), 19).
    Recipients,
    /// A human looks at a decision that a machine took (GDPR Art. 22(3)).
    HumanReview,
    /// The company did something wrong with data (DPA 2018 s. 164A).
    Complaint,
    /// A refusal is to be looked at again (Va. Code § 59.1-577(C) and its like).
    Appeal,
}

stored_words!(Right {
    Access = "access",
    Export = "export",
    Deletion = "deletion",
    Confirmation = "confirmation",
    Recipients = "recipients",
    HumanReview = "human_review",
    Complaint = "complaint",
    Appeal = "appeal",
});

impl Right {
    /// Whether its answer is an archive.
    pub const fn makes_archive(self) -> bool {
        matches!(self, Self::Access | Self::Export | Self::Confirmation | Self::Recipients)
    }
}
