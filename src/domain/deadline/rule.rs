//! The rules, as data. A rule that changes gets a higher version; the old one stays, so that a date
//! that was computed by it can be told.

use super::regime::Regime;
use crate::domain::code::stored_words;

stored_words!(Kind {
    Ack = "ack_10bd",
    AckStrict = "ack_strict",
    AckLoose = "ack_loose",
    Respond = "respond",
    RespondSafe = "respond_safe",
    RespondIfRolled = "respond_if_rolled",
    ExtensionNotice = "extension_notice",
    Extended = "extended",
    Effect = "effect_15bd",
    Cease = "cease_15d",
    Appeal = "appeal",
    AppealExtended = "appeal_extended",
    Simplified = "simplified",
    Full = "full",
    Due = "due",
    NextAccess = "next_access",
    Following = "following",
    ActAndReport = "act_and_report",
});

/// What has to be done by a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Confirm the receipt.
    Ack,
    /// Confirm the receipt, where the day of receipt counts.
    AckStrict,
    /// Confirm the receipt, where it does not.
    AckLoose,
    /// Answer.
    Respond,
    /// Answer, in the strictest reading; shown, and binds nobody.
    RespondSafe,
    /// Answer, where a last day that is none for work moves; shown, and binds nobody.
    RespondIfRolled,
    /// Tell the person that it takes longer, and why.
    ExtensionNotice,
    /// Answer, after an extension.
    Extended,
    /// Have an opt-out in effect.
    Effect,
    /// Stop what a consent was revoked for.
    Cease,
    /// Answer an appeal.
    Appeal,
    /// Answer an appeal, after an extension.
    AppealExtended,
    /// A simplified answer.
    Simplified,
    /// A full answer.
    Full,
    /// Answer, as promised.
    Due,
    /// Fetch the list.
    NextAccess,
    /// Fetch it once more.
    Following,
    /// Act on the list, and report.
    ActAndReport,
}

impl Kind {
    /// Whether it is the longer time that a notice opens.
    pub(super) const fn is_longer(self) -> bool {
        matches!(self, Self::Extended | Self::AppealExtended)
    }
}

/// What a rule counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The receipt of the request.
    Receipt,
    /// The latest of the receipt, of the proof of identity asked for, and of the fee (UK GDPR
    /// Art. 12A).
    RelevantTime,
    /// The receipt of an appeal.
    Appeal,
    /// The day on which the list was fetched.
    Retrieval,
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// At once.
    Nothing,
    /// Months on the calendar.
    Months(u8),
    /// Days on the calendar.
    Days(u16),
    /// Working days.
    WorkingDays(u16),
    /// Elapsed hours.
    Hours(u16),
    /// Days on the calendar, as many as the company's policy says.
    PolicyDays,
}

/// What makes a clock stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stops {
    /// Nothing.
    Never,
    /// Waiting for the proof of identity, where the company counts so.
    Identity,
    /// Waiting for what an access request is about.
    Clarification,
}

/// One date of one law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The law.
    pub regime: Regime,
    /// What has to be done.
    pub kind: Kind,
    /// Goes up when what the rule says changes.
    pub version: u16,
    /// From when it is counted.
    pub from: Anchor,
    /// How long.
    pub length: Length,
    /// Whether the first day is counted too.
    pub first_day_counts: bool,
    /// What makes the clock stand still.
    pub stops: Stops,
    /// Whether a last day that is none for work moves to the next one that is.
    pub rolls: bool,
    /// Where it is written.
    pub source: &'static str,
}

impl Rule {
    /// `eu_gdpr.respond/1`: what is stored and shown beside a date.
    pub fn name(&self) -> String {
        format!("{}.{}/{}", self.regime, self.kind, self.version)
    }

    /// The rules of a law, in the order in which they are computed: what binds first stands first.
    pub fn of(regime: Regime) -> impl Iterator<Item = &'static Self> {
        RULES.iter().filter(move |rule| rule.regime == regime)
    }

    /// The rule of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.name() == name)
    }

    const fn new(regime: Regime, kind: Kind, length: Length, source: &'static str) -> Self {
        Self {
            regime,
            kind,
            version: 1,
            from: Anchor::Receipt,
            length,
            first_day_counts: false,
            stops: Stops::Never,
            rolls: false,
            source,
        }
    }

    const fn counted_from(mut self, from: Anchor) -> Self {
        self.from = from;
        self
    }

    const fn first_day_counts(mut self) -> Self {
        self.first_day_counts = true;
        self
    }

    const fn rolls(mut self) -> Self {
        self.rolls = true;
        self
    }

    const fn stops(mut self, stops: Stops) -> Self {
        self.stops = stops;
        self
    }
}

const EU: &str = "GDPR Art. 12(3); Reg. (EEC, Euratom) 1182/71 Art. 3(1), (2)(c), (4)";
const UK: &str = "UK GDPR Art. 12(3), 12A; ICO, right of access";
const UK_COMPLAINT: &str = "DPA 2018 s. 164A";
const CA_ACK: &str = "11 CCR § 7021(a)";
const CA_RESPOND: &str = "Cal. Civ. Code § 1798.130(a)(2)(A); 11 CCR § 7021(b)";
const CA_OPTOUT: &str = "11 CCR § 7026(f)";
const CA_LIMIT: &str = "11 CCR § 7027(g)";
const CA_SIGNAL: &str = "11 CCR § 7025(c), 7026(f)";
const VA: &str = "Va. Code § 59.1-577(B), (C)";
const CO: &str = "C.R.S. § 6-1-1306(2), (3)";
const CT: &str = "Conn. Gen. Stat. § 42-518(c), (d)";
const TX: &str = "Tex. Bus. & Com. Code § 541.052, 541.053";
const IA: &str = "Iowa Code § 715D.3(2), (3)";
const CT_CONSENT: &str = "Conn. Gen. Stat. § 42-520(a)(6)";
const BR: &str = "LGPD Art. 19";
const BR_SMALL: &str = "LGPD Art. 19; CD/ANPD 2/2022";
const CH: &str = "FADP Art. 25(7); DPO Art. 18";
const QC: &str = "Québec P-39.1 s. 32";
const PIPEDA: &str = "PIPEDA s. 8(3), (4)";
const DROP: &str = "Cal. Civ. Code § 1798.99.86";
const OURS: &str = "the promise of the organisation";
const POLICY: &str = "the privacy policy of the organisation";

use Kind as K;
use Length::{Days, Hours, Months, Nothing, PolicyDays, WorkingDays};
use Regime as R;
use Stops::{Clarification, Identity};

const fn eu(kind: Kind, months: u8) -> Rule {
    Rule::new(R::EuGdpr, kind, Months(months), EU).stops(Identity).rolls()
}

const fn uk(kind: Kind, months: u8) -> Rule {
    Rule::new(R::UkGdpr, kind, Months(months), UK)
        .counted_from(Anchor::RelevantTime)
        .stops(Clarification)
}

const fn appeal(regime: Regime, kind: Kind, days: u16, source: &'static str) -> Rule {
    Rule::new(regime, kind, Days(days), source).counted_from(Anchor::Appeal)
}

const fn retrieved(regime: Regime, kind: Kind, days: u16) -> Rule {
    Rule::new(regime, kind, Days(days), DROP).counted_from(Anchor::Retrieval)
}

/// Every rule there is.
pub static RULES: [Rule; 47] = [
    eu(K::Respond, 1),
    eu(K::ExtensionNotice, 1),
    eu(K::Extended, 3),
    uk(K::Respond, 1).rolls(),
    // "One month beginning with" that time, read to the letter, ends a day earlier.
    uk(K::RespondSafe, 1).first_day_counts(),
    uk(K::ExtensionNotice, 1).rolls(),
    uk(K::Extended, 3).rolls(),
    Rule::new(R::UkComplaint, K::AckStrict, Days(30), UK_COMPLAINT).first_day_counts(),
    Rule::new(R::UkComplaint, K::AckLoose, Days(30), UK_COMPLAINT),
    Rule::new(R::Ccpa, K::Respond, Days(45), CA_RESPOND),
    Rule::new(R::Ccpa, K::RespondSafe, Days(45), CA_RESPOND).first_day_counts(),
    Rule::new(R::Ccpa, K::Ack, WorkingDays(10), CA_ACK),
    Rule::new(R::Ccpa, K::Extended, Days(90), CA_RESPOND),
    Rule::new(R::CcpaOptout, K::Effect, WorkingDays(15), CA_OPTOUT),
    Rule::new(R::CcpaLimit, K::Effect, WorkingDays(15), CA_LIMIT),
    Rule::new(R::CcpaGpc, K::Effect, WorkingDays(15), CA_SIGNAL),
    Rule::new(R::UsVa, K::Respond, Days(45), VA),
    Rule::new(R::UsVa, K::Extended, Days(90), VA),
    appeal(R::UsVa, K::Appeal, 60, VA),
    Rule::new(R::UsCo, K::Respond, Days(45), CO),
    Rule::new(R::UsCo, K::Extended, Days(90), CO),
    appeal(R::UsCo, K::Appeal, 45, CO),
    appeal(R::UsCo, K::AppealExtended, 105, CO),
    Rule::new(R::UsCt, K::Respond, Days(45), CT),
    Rule::new(R::UsCt, K::Extended, Days(90), CT),
    appeal(R::UsCt, K::Appeal, 60, CT),
    Rule::new(R::UsTx, K::Respond, Days(45), TX),
    Rule::new(R::UsTx, K::Extended, Days(90), TX),
    appeal(R::UsTx, K::Appeal, 60, TX),
    Rule::new(R::UsIa, K::Respond, Days(90), IA),
    Rule::new(R::UsIa, K::Extended, Days(135), IA),
    appeal(R::UsIa, K::Appeal, 60, IA),
    Rule::new(R::UsCtConsentRevocation, K::Cease, Days(15), CT_CONSENT),
    Rule::new(R::BrLgpd, K::Full, Days(15), BR),
    Rule::new(R::BrLgpd, K::Simplified, Nothing, BR),
    Rule::new(R::BrLgpdSmall, K::Full, Days(30), BR_SMALL),
    Rule::new(R::BrLgpdSmall, K::Simplified, Nothing, BR_SMALL),
    Rule::new(R::ChFadp, K::Respond, Days(30), CH),
    Rule::new(R::ChFadp, K::RespondIfRolled, Days(30), CH).rolls(),
    Rule::new(R::CaQc, K::Respond, Days(30), QC),
    Rule::new(R::CaPipeda, K::Respond, Days(30), PIPEDA),
    Rule::new(R::CaPipeda, K::Extended, Days(60), PIPEDA),
    Rule::new(R::Sla72h, K::Due, Hours(72), OURS),
    Rule::new(R::Policy, K::Respond, PolicyDays, POLICY),
    retrieved(R::DropCadence, K::NextAccess, 45),
    retrieved(R::DropCadence, K::Following, 90),
    retrieved(R::DropProcessing, K::ActAndReport, 45),
];
