//! Why a request is refused, as versioned data: which ground belongs to which right and law, and
//! where it stands. What the person reads of it stands in `text/*/law.ftl`.

mod list;

use self::list::RULES;
use super::code::stored_words;
use super::law::Law;
use super::right::Right;

/// The version of the list, kept with a decision.
pub const GROUNDS_VERSION: &str = "2026-11-21";

stored_words!(RefusalGround {
    NotIdentified = "not_identified",
    NoMandate = "no_mandate",
    Unfounded = "unfounded",
    Excessive = "excessive",
    Abusive = "abusive",
    TooOften = "too_often",
    Duplicate = "duplicate",
    RightsOfOthers = "rights_of_others",
    LegalDuty = "legal_duty",
    NotController = "not_controller",
    Accurate = "accurate",
    DocumentsInadequate = "documents_inadequate",
    NoDeletionGround = "no_deletion_ground",
    Expression = "expression",
    LegalObligation = "legal_obligation",
    PublicHealth = "public_health",
    Research = "research",
    LegalClaims = "legal_claims",
    Transaction = "transaction",
    Security = "security",
    Debugging = "debugging",
    Calecpa = "calecpa",
    InternalUse = "internal_use",
    NoRestrictionGround = "no_restriction_ground",
    PortabilityBasis = "portability_basis",
    PublicTask = "public_task",
    CompellingGrounds = "compelling_grounds",
    Statistics = "statistics",
    DecisionByLaw = "decision_by_law",
    NotConsumer = "not_consumer",
    Disproportionate = "disproportionate",
    Fraud = "fraud",
    UkCrimeTax = "uk_crime_tax",
    UkPrivilege = "uk_privilege",
    UkManagement = "uk_management",
    UkNegotiations = "uk_negotiations",
    UkReference = "uk_reference",
    UkExam = "uk_exam",
    UkHealthSocial = "uk_health_social",
});

/// Why a request is refused. The person is told it in words, with the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalGround {
    /// We cannot tell who asks.
    NotIdentified,
    /// Whoever asks has not shown that they may ask for the person.
    NoMandate,
    /// Manifestly unfounded.
    Unfounded,
    /// Excessive, in particular repeated.
    Excessive,
    /// Made for an end that the right does not serve (C-526/24).
    Abusive,
    /// More often than the law wants within twelve months.
    TooOften,
    /// The same is being answered already, under another reference.
    Duplicate,
    /// It would hurt the rights and freedoms of others.
    RightsOfOthers,
    /// A law forbids the answer; the facts name it.
    LegalDuty,
    /// Somebody else decides about these data; they are named in the facts.
    NotController,
    /// The data are right as they are.
    Accurate,
    /// What was handed in does not show that the data are wrong.
    DocumentsInadequate,
    /// None of the reasons for which data must be deleted is there.
    NoDeletionGround,
    /// Needed for free expression and information.
    Expression,
    /// A law wants the data kept; the facts name it.
    LegalObligation,
    /// Needed for public health.
    PublicHealth,
    /// Needed for archives, research or statistics in the public interest.
    Research,
    /// Needed for legal claims.
    LegalClaims,
    /// Needed to complete what the person ordered.
    Transaction,
    /// Needed to keep the service secure.
    Security,
    /// Needed to find and mend errors.
    Debugging,
    /// Needed to comply with the California Electronic Communications Privacy Act.
    Calecpa,
    /// Used only inside, as the person can expect.
    InternalUse,
    /// None of the reasons for a restriction is there.
    NoRestrictionGround,
    /// The data rest neither on consent nor on a contract.
    PortabilityBasis,
    /// The data are used for a task in the public interest.
    PublicTask,
    /// There are compelling grounds that outweigh the person's.
    CompellingGrounds,
    /// Needed for statistics or research in the public interest.
    Statistics,
    /// A law provides for the automated decision.
    DecisionByLaw,
    /// The law protects residents of California, and the person is none.
    NotConsumer,
    /// It would take disproportionate effort; the facts say which.
    Disproportionate,
    /// There is reason to think that somebody deceives us.
    Fraud,
    /// It would get in the way of preventing crime or collecting taxes.
    UkCrimeTax,
    /// Legal professional privilege.
    UkPrivilege,
    /// Management forecasts.
    UkManagement,
    /// Negotiations with the person.
    UkNegotiations,
    /// Confidential references.
    UkReference,
    /// Exam scripts and marks.
    UkExam,
    /// Serious harm through health, social work or education data.
    UkHealthSocial,
}

impl RefusalGround {
    /// The first of `laws` that has this ground for `right`, and where; `None` where none has.
    pub fn basis(self, right: Right, laws: &[Law]) -> Option<(Law, &'static str)> {
        let rule = RULES.iter().find(|rule| rule.ground == self)?;
        if !rule.rights.is_empty() && !rule.rights.contains(&right.as_str()) {
            return None;
        }
        let of = |law: &Law| rule.bases.iter().find(|(has, _)| has == law).copied();
        laws.iter().find_map(of)
    }

    /// The grounds from which staff choose, in the order of the list.
    pub fn for_request(right: Right, laws: &[Law]) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|ground| ground.basis(right, laws).is_some()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::list::Rule;
    use super::*;

    #[test]
    fn every_ground_stands_in_the_list_once_and_some_law_has_it() {
        assert_eq!(RULES.len(), RefusalGround::ALL.len());
        for ground in RefusalGround::ALL {
            let rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.ground == *ground).collect();
            assert!(rules.len() == 1 && !rules[0].bases.is_empty(), "{ground}");
        }
    }

    #[test]
    fn a_ground_of_deletion_is_none_of_access() {
        let grounds = RefusalGround::for_request(Right::Access, Law::ALL);
        assert!(grounds.contains(&RefusalGround::RightsOfOthers));
        assert!(!grounds.contains(&RefusalGround::PublicHealth));
        assert!(!grounds.contains(&RefusalGround::Accurate));
    }

    #[test]
    fn the_article_is_that_of_the_law_which_binds() {
        let unfounded = RefusalGround::Unfounded;
        assert_eq!(unfounded.basis(Right::Access, &[Law::Gdpr]), Some((Law::Gdpr, "12(5)")));
        let california = unfounded.basis(Right::Access, &[Law::Ccpa, Law::UsState]);
        assert_eq!(california, Some((Law::Ccpa, "Cal. Civ. Code § 1798.145(h)(3)")));
        assert_eq!(RefusalGround::UkExam.basis(Right::Access, &[Law::Gdpr]), None);
    }

    #[test]
    fn every_right_has_grounds_in_every_law() {
        for law in Law::ALL {
            for right in Right::ALL {
                assert!(RefusalGround::for_request(*right, &[*law]).len() >= 4, "{right} {law}");
            }
        }
    }
}
