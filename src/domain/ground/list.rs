//! The list itself. Whoever changes it changes [`super::GROUNDS_VERSION`] too.

use super::RefusalGround;
use crate::domain::law::Law;

/// One line of the list.
pub(super) struct Rule {
    pub(super) ground: RefusalGround,
    /// The rights it belongs to, by their words; none for every right.
    pub(super) rights: &'static [&'static str],
    /// The laws that have it, and where; of the GDPR the articles alone. Empty where a law has it
    /// without one place for it.
    pub(super) bases: &'static [(Law, &'static str)],
}

/// Sources: GDPR; UK GDPR and DPA 2018; Cal. Civ. Code and 11 CCR of 1 January 2026.
pub(super) const RULES: &[Rule] = &[
    Rule {
        ground: RefusalGround::NotIdentified,
        rights: &[],
        bases: &[
            (Law::Gdpr, "12(2)"),
            (Law::UkGdpr, "12(2)"),
            (Law::Ccpa, "11 CCR § 7060"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::NoMandate,
        rights: &[],
        bases: &[
            (Law::Gdpr, "12(6)"),
            (Law::UkGdpr, "12(6)"),
            (Law::Ccpa, "11 CCR § 7063(a)"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::Unfounded,
        rights: &[],
        bases: &[
            (Law::Gdpr, "12(5)"),
            (Law::UkGdpr, "12(5)"),
            (Law::Ccpa, "Cal. Civ. Code § 1798.145(h)(3)"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::Excessive,
        rights: &[],
        bases: &[
            (Law::Gdpr, "12(5)"),
            (Law::UkGdpr, "12(5)"),
            (Law::Ccpa, "Cal. Civ. Code § 1798.145(h)(3)"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::Abusive,
        rights: &["access", "export", "confirmation", "recipients"],
        bases: &[(Law::Gdpr, "12(5)")],
    },
    Rule {
        ground: RefusalGround::TooOften,
        rights: &["access", "export", "confirmation", "recipients"],
        bases: &[(Law::Ccpa, "Cal. Civ. Code § 1798.130(b)"), (Law::UsState, "")],
    },
    Rule {
        ground: RefusalGround::Duplicate,
        rights: &[],
        bases: &[
            (Law::Gdpr, "12(5)"),
            (Law::UkGdpr, "12(5)"),
            (Law::Ccpa, "Cal. Civ. Code § 1798.145(h)(3)"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::RightsOfOthers,
        rights: &["access", "export", "confirmation", "recipients", "human_review"],
        bases: &[
            (Law::Gdpr, "15(4), 20(4)"),
            (Law::UkGdpr, "15(4), 20(4)"),
            (Law::Ccpa, "Cal. Civ. Code § 1798.145(k)"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::LegalDuty,
        rights: &[],
        bases: &[
            (Law::Gdpr, "23"),
            (Law::UkGdpr, "23"),
            (Law::Ccpa, "Cal. Civ. Code § 1798.145(a)"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::NotController,
        rights: &[],
        bases: &[
            (Law::Gdpr, ""),
            (Law::UkGdpr, ""),
            (Law::Ccpa, ""),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::Accurate,
        rights: &["correction"],
        bases: &[
            (Law::Gdpr, "16"),
            (Law::UkGdpr, "16"),
            (Law::Ccpa, "11 CCR § 7023(b)"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::DocumentsInadequate,
        rights: &["correction"],
        bases: &[(Law::Ccpa, "11 CCR § 7023(d)"), (Law::UsState, "")],
    },
    Rule {
        ground: RefusalGround::NoDeletionGround,
        rights: &["deletion"],
        bases: &[(Law::Gdpr, "17(1)"), (Law::UkGdpr, "17(1)"), (Law::Other, "")],
    },
    Rule {
        ground: RefusalGround::Expression,
        rights: &["deletion"],
        bases: &[
            (Law::Gdpr, "17(3)(a)"),
            (Law::UkGdpr, "17(3)(a)"),
            (Law::Ccpa, "Cal. Civ. Code § 1798.105(d)(4)"),
        ],
    },
    Rule {
        ground: RefusalGround::LegalObligation,
        rights: &["deletion"],
        bases: &[
            (Law::Gdpr, "17(3)(b)"),
            (Law::UkGdpr, "17(3)(b)"),
            (Law::Ccpa, "Cal. Civ. Code § 1798.105(d)(8)"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::PublicHealth,
        rights: &["deletion"],
        bases: &[(Law::Gdpr, "17(3)(c)"), (Law::UkGdpr, "17(3)(c)")],
    },
    Rule {
        ground: RefusalGround::Research,
        rights: &["deletion"],
        bases: &[
            (Law::Gdpr, "17(3)(d)"),
            (Law::UkGdpr, "17(3)(d)"),
            (Law::Ccpa, "Cal. Civ. Code § 1798.105(d)(6)"),
        ],
    },
    Rule {
        ground: RefusalGround::LegalClaims,
        rights: &["deletion", "restriction", "objection"],
        bases: &[
            (Law::Gdpr, "17(3)(e), 18(2), 21(1)"),
            (Law::UkGdpr, "17(3)(e), 18(2), 21(1)"),
            (Law::UsState, ""),
            (Law::Other, ""),
        ],
    },
    Rule {
        ground: RefusalGround::Transaction,
        rights: &["deletion"],
        bases: &[(Law::Ccpa, "Cal. Civ. Code § 1798.105(d)(1)"), (Law::UsState, "")],
    },
    Rule {
        ground: RefusalGround::Security,
        rights: &["deletion"],
        bases: &[(Law::Ccpa, "Cal. Civ. Code § 1798.105(d)(2)"), (Law::UsState, "")],
    },
    Rule {
        ground: RefusalGround::Debugging,
        rights: &["deletion"],
        bases: &[(Law::Ccpa, "Cal. Civ. Code § 1798.105(d)(3)"), (Law::UsState, "")],
    },
    Rule {
        ground: RefusalGround::Calecpa,
        rights: &["deletion"],
        bases: &[(Law::Ccpa, "Cal. Civ. Code § 1798.105(d)(5)")],
    },
    Rule {
        ground: RefusalGround::InternalUse,
        rights: &["deletion"],
        bases: &[(Law::Ccpa, "Cal. Civ. Code § 1798.105(d)(7)"), (Law::UsState, "")],
    },
    Rule {
        ground: RefusalGround::NoRestrictionGround,
        rights: &["restriction"],
        bases: &[(Law::Gdpr, "18(1)"), (Law::UkGdpr, "18(1)")],
    },
    Rule {
        ground: RefusalGround::PortabilityBasis,
        rights: &["export"],
        bases: &[(Law::Gdpr, "20(1)"), (Law::UkGdpr, "20(1)")],
    },
    Rule {
        ground: RefusalGround::PublicTask,
        rights: &["export"],
        bases: &[(Law::Gdpr, "20(3)"), (Law::UkGdpr, "20(3)")],
    },
    Rule {
        ground: RefusalGround::CompellingGrounds,
        rights: &["objection"],
        bases: &[(Law::Gdpr, "21(1)"), (Law::UkGdpr, "21(1)")],
    },
    Rule {
        ground: RefusalGround::Statistics,
        rights: &["objection"],
        bases: &[(Law::Gdpr, "21(6)"), (Law::UkGdpr, "21(6)")],
    },
    Rule {
        ground: RefusalGround::DecisionByLaw,
        rights: &["human_review"],
        bases: &[(Law::Gdpr, "22(2)(b)")],
    },
    Rule {
        ground: RefusalGround::NotConsumer,
        rights: &[],
        bases: &[(Law::Ccpa, "Cal. Civ. Code § 1798.140(i)")],
    },
    Rule {
        ground: RefusalGround::Disproportionate,
        rights: &["access", "export", "correction", "deletion"],
        bases: &[(Law::Ccpa, "11 CCR § 7001")],
    },
    Rule {
        ground: RefusalGround::Fraud,
        rights: &[],
        bases: &[(Law::Ccpa, "11 CCR § 7060"), (Law::UsState, "")],
    },
    Rule {
        ground: RefusalGround::UkCrimeTax,
        rights: &[
            "access",
            "export",
            "confirmation",
            "recipients",
            "deletion",
            "restriction",
            "objection",
            "correction",
        ],
        bases: &[(Law::UkGdpr, "DPA 2018, Schedule 2, paragraph 2")],
    },
    Rule {
        ground: RefusalGround::UkPrivilege,
        rights: &["access", "confirmation", "recipients"],
        bases: &[(Law::UkGdpr, "DPA 2018, Schedule 2, paragraph 19")],
    },
    Rule {
        ground: RefusalGround::UkManagement,
        rights: &["access", "confirmation", "recipients"],
        bases: &[(Law::UkGdpr, "DPA 2018, Schedule 2, paragraph 22")],
    },
    Rule {
        ground: RefusalGround::UkNegotiations,
        rights: &["access", "confirmation", "recipients"],
        bases: &[(Law::UkGdpr, "DPA 2018, Schedule 2, paragraph 23")],
    },
    Rule {
        ground: RefusalGround::UkReference,
        rights: &["access", "confirmation", "recipients"],
        bases: &[(Law::UkGdpr, "DPA 2018, Schedule 2, paragraph 24")],
    },
    Rule {
        ground: RefusalGround::UkExam,
        rights: &["access", "confirmation", "recipients"],
        bases: &[(Law::UkGdpr, "DPA 2018, Schedule 2, paragraph 25")],
    },
    Rule {
        ground: RefusalGround::UkHealthSocial,
        rights: &["access", "confirmation", "recipients"],
        bases: &[(Law::UkGdpr, "DPA 2018, Schedule 3")],
    },
];
