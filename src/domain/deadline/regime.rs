//! The laws, and other promises, that a date can follow from.

use super::rule::{Kind, Rule};
use crate::domain::code::stored_words;

stored_words!(Regime {
    EuGdpr = "eu_gdpr",
    UkGdpr = "uk_gdpr",
    UkComplaint = "uk_complaint",
    Ccpa = "ccpa",
    CcpaOptout = "ccpa_optout",
    CcpaLimit = "ccpa_limit",
    CcpaGpc = "ccpa_gpc",
    UsVa = "us_va",
    UsCo = "us_co",
    UsCt = "us_ct",
    UsTx = "us_tx",
    UsIa = "us_ia",
    UsCtConsentRevocation = "us_ct_consent_revocation",
    BrLgpd = "br_lgpd",
    BrLgpdSmall = "br_lgpd_small",
    ChFadp = "ch_fadp",
    CaQc = "ca_qc",
    CaPipeda = "ca_pipeda",
    Sla72h = "sla_72h",
    DropCadence = "drop_cadence",
    DropProcessing = "drop_processing",
    Policy = "policy",
});

/// What a date follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Regime {
    /// Regulation (EU) 2016/679.
    EuGdpr,
    /// UK GDPR, with Art. 12A as in force since 5 February 2026.
    UkGdpr,
    /// A complaint to the controller, DPA 2018 s. 164A.
    UkComplaint,
    /// California: to know, delete, correct.
    Ccpa,
    /// California: opt-out of sale and sharing.
    CcpaOptout,
    /// California: limit the use of sensitive data.
    CcpaLimit,
    /// California: an opt-out signal of the browser.
    CcpaGpc,
    /// Virginia.
    UsVa,
    /// Colorado.
    UsCo,
    /// Connecticut.
    UsCt,
    /// Texas.
    UsTx,
    /// Iowa.
    UsIa,
    /// Connecticut: a consent is revoked.
    UsCtConsentRevocation,
    /// Brazil.
    BrLgpd,
    /// Brazil, small agents: double periods (CD/ANPD 2/2022).
    BrLgpdSmall,
    /// Switzerland.
    ChFadp,
    /// Québec, private sector.
    CaQc,
    /// Canada, federal.
    CaPipeda,
    /// The promise of an answer within 72 hours; no law.
    Sla72h,
    /// California's DROP: how often the list is fetched.
    DropCadence,
    /// California's DROP: until when a fetched list is acted on.
    DropProcessing,
    /// What the company's own policy grants to anyone.
    Policy,
}

/// The member states of the European Union, and of the EEA, where its regulation holds too.
const GDPR: [&str; 30] = [
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV",
    "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO",
];

impl Regime {
    /// Those that a company can work under: each has an answer to every request. The others belong
    /// to a right of their own, or are no law.
    pub const CONFIGURABLE: [Self; 14] = [
        Self::EuGdpr,
        Self::UkGdpr,
        Self::Ccpa,
        Self::UsVa,
        Self::UsCo,
        Self::UsCt,
        Self::UsTx,
        Self::UsIa,
        Self::BrLgpd,
        Self::BrLgpdSmall,
        Self::ChFadp,
        Self::CaQc,
        Self::CaPipeda,
        Self::Policy,
    ];

    /// What holds for a company in `country` (ISO 3166-1), or for a person who lives there. The
    /// GDPR where nothing else is known: its month is the shortest that binds most companies.
    pub fn of_country(country: &str) -> &'static [Self] {
        match country {
            "GB" => &[Self::UkGdpr],
            "US" => &[Self::Ccpa, Self::UsVa, Self::UsCo, Self::UsCt, Self::UsTx, Self::UsIa],
            "CH" => &[Self::ChFadp],
            "BR" => &[Self::BrLgpd],
            "CA" => &[Self::CaPipeda, Self::CaQc],
            _ => &[Self::EuGdpr],
        }
    }

    /// Whether somebody who lives in `country` can rely on it. The company's own policy is for all.
    pub fn protects(self, country: &str) -> bool {
        match self {
            Self::EuGdpr => GDPR.contains(&country),
            Self::Policy => true,
            own => Self::of_country(country).contains(&own),
        }
    }

    /// Whether it has a time of its own for a complaint or an appeal to the company, by the right's
    /// word.
    #[must_use]
    pub fn has_own_time_for(self, right: &str) -> bool {
        match right {
            "appeal" => Rule::of(self).any(|rule| rule.kind == Kind::Appeal),
            "complaint" => self == Self::UkComplaint,
            _ => false,
        }
    }

    /// Which clock of this law runs for a right, by the right's word. The law's general one where it
    /// has none for it.
    #[must_use]
    pub fn clock_of(self, right: &str) -> Self {
        match (self, right) {
            (Self::Ccpa, "opt_out" | "objection") => Self::CcpaOptout,
            (Self::Ccpa, "limit") => Self::CcpaLimit,
            (Self::UsCt, "consent_withdrawal") => Self::UsCtConsentRevocation,
            (Self::UkGdpr, "complaint") => Self::UkComplaint,
            (law, _) => law,
        }
    }

    /// Whether the end of its day is asked for, which a zone decides.
    pub(super) const fn needs_zone(self) -> bool {
        matches!(self, Self::EuGdpr | Self::UkGdpr | Self::Ccpa | Self::Sla72h | Self::Policy)
    }

    /// Whether holidays decide about its dates.
    pub(super) const fn needs_calendar(self) -> bool {
        matches!(
            self,
            Self::EuGdpr
                | Self::UkGdpr
                | Self::Ccpa
                | Self::CcpaOptout
                | Self::CcpaLimit
                | Self::CcpaGpc
        )
    }
}
