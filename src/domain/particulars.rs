//! What belongs to a request beside its right: of what, about which other request, for whom, and
//! what was decided in words.

use super::code::stored_words;
use super::representative::Acting;
use crate::ids::{RequestId, StaffId};

stored_words!(Of { MyData = "my_data", Practices = "practices" });

/// What is to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Of {
    /// Whether the company processes data about the person.
    #[default]
    MyData,
    /// What the company does with data, whoever they are about.
    Practices,
}

stored_words!(Verdict { Upheld = "upheld", Partly = "partly", NotUpheld = "not_upheld" });

/// What came of a complaint, an appeal, or the review of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The person is right.
    Upheld,
    /// In part.
    Partly,
    /// The first decision stands.
    NotUpheld,
}

/// What belongs to a request beside its right. The default is that of an access request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Particulars {
    /// Of what, for a confirmation.
    pub of: Of,
    /// The request that a complaint, an appeal or a review is about.
    pub about: Option<RequestId>,
    /// In which quality somebody asks for somebody else.
    pub acting: Option<Acting>,
    /// What was decided in words.
    pub verdict: Option<Verdict>,
    /// Who decided so.
    pub decided_by: Option<StaffId>,
    /// Whether the company opened it itself, since it found that it holds data of a child that it must
    /// not hold: they go at once (16 CFR 312.5, 312.10; GDPR Art. 8, 17(1)(f)).
    pub child_data: bool,
}
