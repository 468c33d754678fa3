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
    /// To have what is wrong put right (GDPR Art. 16; CCPA § 1798.106).
    Correction,
}

stored_words!(Right {
    Access = "access",
    Export = "export",
    Deletion = "deletion",
    Correction = "correction",
});

impl Right {
    /// Whether its answer is an archive.
    pub const fn makes_archive(self) -> bool {
        matches!(self, Self::Access | Self::Export)
    }
}
