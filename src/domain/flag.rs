//! What a person has said about the use of their data, and the one rule that follows from it.
//!
//! A flag is a word that somebody has said at a moment: stop this, you may again, freeze all of it.
//! Nothing is ever changed afterwards, so the flags of a person are also their history. [`may`] reads
//! them; the lookup of the API, the columns in stores and the filter for offline use all ask it and
//! nothing else.

pub mod work;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::code::stored_words;
use super::right::Right;

/// An answer is good for so long; then it has to be asked for again.
pub const ANSWER_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// Characters of a purpose's word.
pub const PURPOSE_LENGTH: usize = 40;

/// What data are used for: a word that the company's programs, the maps and we agree on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purpose(String);

impl Purpose {
    /// Advertising by mail, message or post (GDPR Art. 21(2)).
    pub const MARKETING: &'static str = "marketing";
    /// Measuring how a service is used.
    pub const ANALYTICS: &'static str = "analytics";
    /// Training of models. Off without recorded consent.
    pub const TRAINING: &'static str = "training";
    /// Selling data or sharing them for advertising across contexts (Cal. Civ. Code 1798.120).
    pub const SALE_SHARE: &'static str = "sale_share";
    /// Advertising chosen by what somebody did elsewhere.
    pub const TARGETED_ADS: &'static str = "targeted_ads";
    /// Profiles on which decisions rest.
    pub const PROFILING: &'static str = "profiling";
    /// Uses of sensitive data beyond what was asked for (Cal. Civ. Code 1798.121).
    pub const SENSITIVE: &'static str = "sensitive";
    /// Keeping data and nothing else: what a restriction leaves (GDPR Art. 18(2)).
    pub const STORAGE: &'static str = "storage";

    /// Those that everybody may say no to, in the order of the form.
    pub const OPTIONAL: [&'static str; 7] = [
        Self::MARKETING,
        Self::ANALYTICS,
        Self::TRAINING,
        Self::SALE_SHARE,
        Self::TARGETED_ADS,
        Self::PROFILING,
        Self::SENSITIVE,
    ];
    /// What Global Privacy Control says no to: sale and sharing (California), and targeted
    /// advertising (Colorado, Connecticut).
    pub const SIGNALLED: [&'static str; 2] = [Self::SALE_SHARE, Self::TARGETED_ADS];

    /// Reads a word: small letters, digits, `_` and `-`, at most [`PURPOSE_LENGTH`] of them.
    pub fn parse(word: &str) -> Option<Self> {
        let plain =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
        let good = (1..=PURPOSE_LENGTH).contains(&word.len()) && word.bytes().all(plain);
        good.then(|| Self(word.to_owned()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is off unless the person has said yes.
    pub fn needs_consent(&self) -> bool {
        self.0 == Self::TRAINING
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Purpose {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

/// The purposes that this instance knows: ours, and those that its maps name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purposes(BTreeSet<Purpose>);

impl Purposes {
    /// Ours and `named`; words that cannot be purposes are left out.
    pub fn new<'w>(named: impl IntoIterator<Item = &'w str>) -> Self {
        let own = Purpose::OPTIONAL.into_iter().chain([Purpose::STORAGE]);
        Self(own.chain(named).filter_map(Purpose::parse).collect())
    }

    /// The purpose of that word, if this instance knows it.
    pub fn known(&self, word: &str) -> Option<Purpose> {
        self.0.iter().find(|purpose| purpose.as_str() == word).cloned()
    }

    /// All of them, in the order of their words.
    pub fn iter(&self) -> impl Iterator<Item = &Purpose> {
        self.0.iter()
    }
}

stored_words!(FlagKind {
    Restriction = "restriction",
    Objection = "objection",
    OptOut = "opt_out",
    Limit = "limit",
    ConsentWithdrawn = "consent_withdrawn",
    OptIn = "opt_in",
    Consent = "consent",
});

/// What was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FlagKind {
    /// Keep the data and do nothing else with them (GDPR Art. 18). About no purpose: about all.
    Restriction,
    /// I object to this purpose (GDPR Art. 21).
    Objection,
    /// Do not do this (CCPA § 1798.120 and the laws like it).
    OptOut,
    /// Use my sensitive data only for what I asked for (CCPA § 1798.121).
    Limit,
    /// My consent ends (GDPR Art. 7(3)).
    ConsentWithdrawn,
    /// What I stopped before may go on. Undoes; is no consent by itself.
    OptIn,
    /// I consent, as the company's own program has recorded it.
    Consent,
}

impl FlagKind {
    /// What a right comes down to; `None` for rights that set no flag.
    pub const fn of(right: Right) -> Option<Self> {
        match right {
            Right::Restriction => Some(Self::Restriction),
            Right::Objection => Some(Self::Objection),
            Right::OptOut => Some(Self::OptOut),
            Right::OptIn => Some(Self::OptIn),
            Right::Limit => Some(Self::Limit),
            Right::ConsentWithdrawal => Some(Self::ConsentWithdrawn),
            _ => None,
        }
    }
}

/// Something that was said and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// What.
    pub kind: FlagKind,
    /// About which purpose; `None` for a restriction.
    pub purpose: Option<Purpose>,
    /// From when on it holds.
    pub from: Timestamp,
    /// When a restriction was lifted. Nothing else ends; it is outdone by a later word.
    pub until: Option<Timestamp>,
    /// When a restriction will be lifted, as the person was told. It holds until that is done.
    pub lifts_at: Option<Timestamp>,
}

impl Flag {
    fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

stored_words!(Because {
    NothingSet = "nothing_set",
    Restriction = "restriction",
    Objection = "objection",
    OptOut = "opt_out",
    Limit = "limit",
    ConsentWithdrawn = "consent_withdrawn",
    NoConsent = "no_consent",
    Consent = "consent",
    OptIn = "opt_in",
});

/// Why the answer is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Because {
    /// Nobody has said anything; also of people whom we do not know.
    NothingSet,
    /// The data may be kept and nothing else.
    Restriction,
    /// The person objected.
    Objection,
    /// The person opted out.
    OptOut,
    /// The person limits the use of sensitive data.
    Limit,
    /// The person's consent has ended.
    ConsentWithdrawn,
    /// The purpose needs consent and none is recorded.
    NoConsent,
    /// Consent is recorded.
    Consent,
    /// The person stopped it before and allowed it again.
    OptIn,
}

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Whether data may be used for the purpose.
    pub allowed: bool,
    /// Why.
    pub because: Because,
    /// Until when this answer is good. From then on there is none, and without one nothing is done.
    pub until: Timestamp,
}

impl Answer {
    /// Whether somebody who holds this answer may go ahead at `now`: an outdated one is a no.
    pub fn lets(&self, now: Timestamp) -> bool {
        self.allowed && now < self.until
    }
}

/// The one rule. `flags` are all that was said under the keys of one person, in any order.
///
/// A restriction stops all but storage. Else the latest word about the purpose counts; of two words
/// of the same moment the one that stops. An opt-in takes back what stopped the purpose and leaves
/// consent as it was before it was withdrawn. A purpose that needs consent is off without it.
pub fn may(purpose: &Purpose, flags: &[Flag], now: Timestamp) -> Answer {
    let known_lift = flags.iter().filter(|flag| flag.holds(now)).filter_map(|flag| flag.lifts_at);
    let change = known_lift.filter(|at| *at > now).min();
    let end = now + ANSWER_LIFE;
    let until = change.map_or(end, |change| change.min(end));
    let answer = |allowed, because| Answer { allowed, because, until };
    if purpose.as_str() == Purpose::STORAGE {
        return answer(true, Because::NothingSet);
    }
    let restricted = |flag: &Flag| flag.kind == FlagKind::Restriction && flag.holds(now);
    if flags.iter().any(restricted) {
        return answer(false, Because::Restriction);
    }
    let mut said: Vec<&Flag> = flags
        .iter()
        .filter(|flag| flag.purpose.as_ref() == Some(purpose) && flag.holds(now))
        .collect();
    // What stops comes last among words of one moment.
    said.sort_by_key(|flag| (flag.from, stops(flag.kind).is_some(), flag.kind));
    let (mut stopped, mut consented, mut undone) = (None, false, false);
    for flag in said {
        if let Some(because) = stops(flag.kind) {
            stopped = Some(because);
        } else if flag.kind == FlagKind::Consent {
            (stopped, consented) = (None, true);
        } else {
            undone |= stopped.take().is_some();
        }
    }
    if let Some(because) = stopped {
        return answer(false, because);
    }
    match (consented, undone) {
        (true, _) => answer(true, Because::Consent),
        (false, _) if purpose.needs_consent() => answer(false, Because::NoConsent),
        (false, true) => answer(true, Because::OptIn),
        (false, false) => answer(true, Because::NothingSet),
    }
}

/// What a word that stops something is called in an answer; `None` for one that allows.
const fn stops(kind: FlagKind) -> Option<Because> {
    match kind {
        FlagKind::Objection => Some(Because::Objection),
        FlagKind::OptOut => Some(Because::OptOut),
        FlagKind::Limit => Some(Because::Limit),
        FlagKind::ConsentWithdrawn => Some(Because::ConsentWithdrawn),
        FlagKind::Restriction | FlagKind::OptIn | FlagKind::Consent => None,
    }
}

/// Whether processing is restricted at `now`.
pub fn is_restricted(flags: &[Flag], now: Timestamp) -> bool {
    flags.iter().any(|flag| flag.kind == FlagKind::Restriction && flag.holds(now))
}

/// Whether a browser's signal for `purpose` is news. It is recorded once: not where the person is
/// out already, and not where they allowed the purpose again in two steps, which outdoes a signal
/// that every page of the same browser repeats.
pub fn is_news(purpose: &Purpose, flags: &[Flag], now: Timestamp) -> bool {
    let answer = may(purpose, flags, now);
    let allowed_again = flags
        .iter()
        .any(|flag| flag.purpose.as_ref() == Some(purpose) && flag.kind == FlagKind::OptIn);
    match answer.because {
        Because::Objection | Because::OptOut | Because::OptIn => false,
        _ => !allowed_again,
    }
}
