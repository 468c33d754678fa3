//! The rights that this program can carry out. Another right is unknown until it can.

use super::code::stored_words;
use super::flag::Purpose;

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
    /// Keep the data and do nothing else with them (GDPR Art. 18).
    Restriction,
    /// Stop a use that rests on the company's own interest, or advertising (GDPR Art. 21).
    Objection,
    /// Do not sell or share, do not target, do not profile (CCPA § 1798.120 and the laws like it).
    OptOut,
    /// Allow again what was stopped (11 CCR 7028).
    OptIn,
    /// Use sensitive data only for what was asked for (CCPA § 1798.121).
    Limit,
    /// End a consent (GDPR Art. 7(3)).
    ConsentWithdrawal,
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
    Correction = "correction",
    Restriction = "restriction",
    Objection = "objection",
    OptOut = "opt_out",
    OptIn = "opt_in",
    Limit = "limit",
    ConsentWithdrawal = "consent_withdrawal",
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

    /// Whether it is a word about the use of data, which is written down and enforced; nothing is
    /// gathered for it.
    pub const fn sets_flags(self) -> bool {
        matches!(
            self,
            Self::Restriction
                | Self::Objection
                | Self::OptOut
                | Self::OptIn
                | Self::Limit
                | Self::ConsentWithdrawal
        )
    }

    /// Whether it starts at once, about these purposes: without a code, and not to be taken back but
    /// by [`Right::OptIn`]. Whoever says no need not prove who they are (11 CCR 7060(b)); advertising
    /// has to stop whoever objects to it.
    pub fn starts_at_once(self, purposes: &[String]) -> bool {
        match self {
            Self::OptOut | Self::Limit | Self::ConsentWithdrawal => true,
            Self::Objection => purposes == [Purpose::MARKETING],
            _ => false,
        }
    }

    /// Whether nobody has to say how to reach them: a browser is enough.
    pub const fn needs_no_address(self) -> bool {
        matches!(self, Self::OptOut | Self::Limit)
    }

    /// Whether it is about purposes.
    pub const fn has_purposes(self) -> bool {
        self.sets_flags() && !matches!(self, Self::Restriction)
    }

    /// The purposes that are meant where none is named; empty where one has to be.
    pub const fn meant(self) -> &'static [&'static str] {
        match self {
            Self::OptOut | Self::ConsentWithdrawal => &Purpose::OPTIONAL,
            Self::Limit => &[Purpose::SENSITIVE],
            _ => &[],
        }
    }

    /// Whether it is clear what is meant: rights whose purposes have to be named name one.
    pub fn is_said(self, chosen: &[String]) -> bool {
        !self.has_purposes() || self.parts(chosen).iter().any(|part| !part.is_empty())
    }

    /// The requests that one form makes of this right: the purposes of each. An objection to
    /// advertising starts at once and does not wait for what else is objected to.
    pub fn parts(self, chosen: &[String]) -> Vec<Vec<String>> {
        if !self.has_purposes() {
            return vec![Vec::new()];
        }
        let meant = || self.meant().iter().map(|word| (*word).to_owned()).collect();
        let chosen: Vec<String> = if chosen.is_empty() { meant() } else { chosen.to_vec() };
        if self != Self::Objection {
            return vec![chosen];
        }
        let (ads, others): (Vec<String>, Vec<String>) =
            chosen.into_iter().partition(|word| word == Purpose::MARKETING);
        [ads, others].into_iter().filter(|part| !part.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn an_objection_to_advertising_waits_for_nothing_else() {
        let parts = Right::Objection.parts(&words(&["profiling", "marketing", "analytics"]));
        assert_eq!(parts, [words(&["marketing"]), words(&["profiling", "analytics"])]);
        let at_once: Vec<bool> =
            parts.iter().map(|part| Right::Objection.starts_at_once(part)).collect();
        assert_eq!(at_once, [true, false]);
    }

    #[test]
    fn who_opts_out_of_nothing_by_name_opts_out_of_all() {
        assert_eq!(Right::OptOut.parts(&[]), [words(&Purpose::OPTIONAL)]);
        assert_eq!(Right::Limit.parts(&[]), [words(&["sensitive"])]);
        assert_eq!(Right::Access.parts(&words(&["marketing"])), [words(&[])]);
        assert!(Right::OptIn.parts(&[])[0].is_empty(), "what may go on has to be named");
    }
}
