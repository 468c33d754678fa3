//! The dates of one request: under every law that may hold, and which of them binds.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::count::{Computed, Due, compute};
use super::facts::{Facts, Identity, Pause, Received};
use super::law::Law;
use super::regime::Regime;
use super::rule::{Kind, Rule};
use super::trace::Step;
use crate::domain::code::stored_words;

stored_words!(Asked { Meaning = "meaning", Identity = "identity" });

/// What the person was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asked {
    /// What their request is about.
    Meaning,
    /// Who they are.
    Identity,
}

/// A question to the person, and their answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What was asked.
    pub what: Asked,
    /// When.
    pub asked: Timestamp,
    /// When the answer came.
    pub got: Option<Timestamp>,
}

/// What happened to a request that a law looks at, beside its receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Course {
    /// The law that whoever asked named. A claim: it adds a law, and takes none away.
    pub claimed: Option<Regime>,
    /// The law that an officer found to hold, for a reason. It alone holds then, beside the policy.
    pub chosen: Option<Regime>,
    /// What the person was asked.
    pub questions: Vec<Question>,
    /// When they were told that it takes longer, with the reasons.
    pub notice_at: Option<Timestamp>,
}

impl Course {
    /// Writes down a question.
    pub fn ask(&mut self, what: Asked, now: Timestamp) {
        self.questions.push(Question { what, asked: now, got: None });
    }

    /// The person answered, or is not waited for any more. Whether anything was open.
    pub fn answer(&mut self, now: Timestamp) -> bool {
        let mut open = self.questions.iter_mut().filter(|one| one.got.is_none()).peekable();
        let any = open.peek().is_some();
        open.for_each(|one| one.got = Some(now));
        any
    }
}

/// A request, as far as a law looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// When it was received.
    pub received_at: Timestamp,
    /// When the person was verified.
    pub verified_at: Option<Timestamp>,
    /// The right's word.
    pub right: &'a str,
}

/// A date as it is kept: what it says, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The law.
    pub regime: Regime,
    /// What has to be done.
    pub kind: Kind,
    /// The name of the rule with its version.
    pub rule: String,
    /// The last day; `None` where it is due at once.
    pub date: Option<Date>,
    /// The first moment at which it is too late.
    pub end: Option<Timestamp>,
    /// Whether it is the date of its law by which the answer has to be there.
    pub binds: bool,
    /// The steps by which it was counted.
    pub trace: Vec<Step>,
}

impl Kept {
    /// Where the rule is written, while this program still knows it.
    pub fn source(&self) -> &'static str {
        Rule::named(&self.rule).map_or("", |rule| rule.source)
    }
}

/// Every date of a request under every law that may hold for it: those configured and the one
/// claimed; or the one that an officer chose, and the company's policy, which is for anyone.
pub fn dates(subject: &Subject<'_>, law: &Law, zone: &TimeZone, course: &Course) -> Vec<Kept> {
    let mut regimes = match course.chosen {
        None => law.regimes.clone(),
        Some(chosen) => {
            let policy = law.regimes.iter().copied().filter(|regime| *regime == Regime::Policy);
            std::iter::once(chosen).chain(policy).collect()
        }
    };
    regimes.extend(course.claimed.filter(|_| course.chosen.is_none()));
    let mut clocks: Vec<Regime> = Vec::new();
    for regime in regimes {
        let clock = regime.clock_of(subject.right);
        if !clocks.contains(&clock) {
            clocks.push(clock);
        }
    }
    // A law that has a time for a complaint or an appeal says more about it than one that has none.
    if clocks.iter().any(|clock| clock.has_own_time_for(subject.right)) {
        clocks.retain(|clock| *clock == Regime::Policy || clock.has_own_time_for(subject.right));
    }
    clocks.into_iter().flat_map(|regime| of_one(regime, subject, law, zone, course)).collect()
}

fn of_one(
    regime: Regime,
    subject: &Subject<'_>,
    law: &Law,
    zone: &TimeZone,
    course: &Course,
) -> Vec<Kept> {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let pauses = |what: Asked| {
        let those = course.questions.iter().filter(move |one| one.what == what);
        those.map(|one| Pause { asked: day(one.asked), got: one.got.map(day) })
    };
    // Several doubts are one: from the first question until nothing is open.
    let identity = pauses(Asked::Identity).reduce(|all, next| Pause {
        asked: all.asked.min(next.asked),
        got: all.got.zip(next.got).map(|(a, b)| a.max(b)),
    });
    let calendar = law.calendar(regime);
    let appealed = subject.right == "appeal" && regime.has_own_time_for(subject.right);
    // Days before the receipt, which a clock set back can bring about, are no reason to have no date.
    let bare = Facts {
        received: (!appealed).then_some(Received::At(subject.received_at)),
        appeal_received: appealed.then(|| day(subject.received_at)),
        zone: Some(zone.clone()),
        calendar: Some(&calendar),
        policy_days: law.policy_days,
        ..Facts::default()
    };
    let facts = Facts {
        // Whether the GDPR's month waits for a proof of identity is disputed; ours does not.
        identity: identity.map(|pause| Identity { pause, suspends: false }),
        clarifications: pauses(Asked::Meaning).collect(),
        is_access: subject.right == "access",
        verified: subject.verified_at.map(day),
        extension_notice: course.notice_at,
        ..bare.clone()
    };
    match compute(regime, &facts).or_else(|_| compute(regime, &bare)) {
        Ok(computed) => kept(&computed, subject, course),
        Err(_) => Vec::new(),
    }
}

fn kept(computed: &Computed, subject: &Subject<'_>, course: &Course) -> Vec<Kept> {
    let binding = computed.binding().map(|deadline| deadline.kind);
    let clock = |chosen: &Regime| chosen.clock_of(subject.right);
    let of_chosen = course.chosen.filter(|chosen| clock(chosen) == computed.regime);
    let chosen = of_chosen.map(|chosen| Step::ChosenByOfficer { regime: chosen.to_string() });
    let read = computed.deadlines.iter().filter(|one| one.due != Due::AtOnce);
    read.map(|deadline| Kept {
        regime: computed.regime,
        kind: deadline.kind,
        rule: deadline.rule.name(),
        date: deadline.date(),
        end: deadline.end(),
        binds: Some(deadline.kind) == binding,
        trace: chosen.iter().chain(&deadline.trace).cloned().collect(),
    })
    .collect()
}

/// The date that binds: the earliest of all laws.
pub fn binding(dates: &[Kept]) -> Option<&Kept> {
    dates.iter().filter(|one| one.binds && one.end.is_some()).min_by_key(|one| one.end)
}

/// Until when the answer has to be there, were the person told now that it takes longer; `None`
/// where that would move nothing, or comes too late.
pub fn extendable_to(dates: &[Kept], now: Timestamp) -> Option<Timestamp> {
    let first = binding(dates)?.end?;
    let longer = |bound: &Kept| {
        let longer = dates
            .iter()
            .find(|one| one.regime == bound.regime && one.kind.is_longer())
            .and_then(|one| one.end);
        longer.filter(|_| bound.end.is_some_and(|end| now < end)).or(bound.end)
    };
    let end = dates.iter().filter(|one| one.binds).filter_map(longer).min()?;
    (end > first).then_some(end)
}

/// Whether a notice that was sent came too late for the date that it was to move.
pub fn is_late(dates: &[Kept]) -> bool {
    let late = |step: &Step| matches!(step, Step::NoticeLate { .. });
    dates.iter().any(|one| one.binds && one.trace.iter().any(late))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn subject(right: &str) -> Subject<'_> {
        Subject { received_at: at("2026-03-02T10:00:00Z"), verified_at: None, right }
    }

    fn law(regimes: &[Regime]) -> Law {
        Law { regimes: regimes.to_vec(), policy_days: Some(20), ..Law::default() }
    }

    fn bound(law: &Law, right: &str, course: &Course) -> (Regime, String) {
        let all = dates(&subject(right), law, &TimeZone::UTC, course);
        let bound = binding(&all).unwrap();
        (bound.regime, bound.date.unwrap().to_string())
    }

    #[test]
    fn of_all_laws_the_earliest_binds_and_an_officer_can_find_a_later_one() {
        let law = law(&[Regime::Ccpa, Regime::EuGdpr]);
        let open = Course::default();
        assert_eq!(bound(&law, "access", &open), (Regime::EuGdpr, "2026-04-02".into()));
        let chosen = Course { chosen: Some(Regime::Ccpa), ..open };
        assert_eq!(bound(&law, "access", &chosen), (Regime::Ccpa, "2026-04-16".into()));
        let all = dates(&subject("access"), &law, &TimeZone::UTC, &chosen);
        assert_eq!(all[0].trace[0], Step::ChosenByOfficer { regime: "ccpa".into() });
    }

    #[test]
    fn a_claim_adds_a_law_and_takes_none_away() {
        let law = law(&[Regime::Ccpa]);
        let claim = |claimed| Course { claimed: Some(claimed), ..Course::default() };
        assert_eq!(bound(&law, "access", &claim(Regime::BrLgpd)).1, "2026-03-17");
        assert_eq!(bound(&law, "access", &claim(Regime::UsIa)).1, "2026-04-16");
    }

    #[test]
    fn the_policy_is_for_anyone() {
        let law = law(&[Regime::EuGdpr, Regime::Policy]);
        let chosen = Course { chosen: Some(Regime::Ccpa), ..Course::default() };
        for course in [Course::default(), chosen] {
            assert_eq!(bound(&law, "access", &course), (Regime::Policy, "2026-03-22".into()));
        }
    }

    #[test]
    fn a_notice_moves_the_laws_that_know_one_and_no_other() {
        let now = at("2026-03-20T10:00:00Z");
        let end = |regimes: &[Regime]| {
            let all = dates(&subject("access"), &law(regimes), &TimeZone::UTC, &Course::default());
            extendable_to(&all, now).map(|end| end.to_string())
        };
        assert_eq!(end(&[Regime::EuGdpr]).as_deref(), Some("2026-06-03T00:00:00Z"));
        assert_eq!(end(&[Regime::EuGdpr, Regime::Ccpa]).as_deref(), Some("2026-06-01T00:00:00Z"));
        assert_eq!(end(&[Regime::EuGdpr, Regime::CaQc]), None, "Québec's 30 days stand");
        let sent = Course { notice_at: Some(now), ..Course::default() };
        assert_eq!(bound(&law(&[Regime::EuGdpr]), "access", &sent).1, "2026-06-02");
        let late = Course { notice_at: Some(at("2026-04-03T00:00:00Z")), ..Course::default() };
        let all = dates(&subject("access"), &law(&[Regime::EuGdpr]), &TimeZone::UTC, &late);
        assert!(is_late(&all));
        assert_eq!(binding(&all).unwrap().date.unwrap().to_string(), "2026-04-02");
    }

    #[test]
    fn a_question_stops_the_british_clock_until_it_is_answered() {
        let law = law(&[Regime::UkGdpr]);
        let mut course = Course::default();
        course.ask(Asked::Meaning, at("2026-03-09T10:00:00Z"));
        assert_eq!(bound(&law, "access", &course).1, "2026-04-06", "Good Friday, then a weekend");
        assert!(course.answer(at("2026-03-13T10:00:00Z")));
        assert!(!course.answer(at("2026-03-14T10:00:00Z")));
        assert_eq!(bound(&law, "access", &course).1, "2026-04-07", "five days");
        assert_eq!(bound(&law, "correction", &course).1, "2026-04-02");
    }

    #[test]
    fn an_appeal_has_the_time_that_laws_have_for_appeals() {
        let us = law(&[Regime::EuGdpr, Regime::UsVa, Regime::UsCo]);
        let open = Course::default();
        assert_eq!(bound(&us, "appeal", &open), (Regime::UsCo, "2026-04-16".into()));
        let all = dates(&subject("appeal"), &us, &TimeZone::UTC, &open);
        let kinds: Vec<_> = all.iter().map(|one| (one.regime, one.kind, one.binds)).collect();
        let expected = [
            (Regime::UsVa, Kind::Appeal, true),
            (Regime::UsCo, Kind::Appeal, true),
            (Regime::UsCo, Kind::AppealExtended, false),
        ];
        assert_eq!(kinds, expected);
        // Colorado's can be made longer by a notice, then Virginia's 60 days are first.
        let now = at("2026-03-20T10:00:00Z");
        assert_eq!(extendable_to(&all, now), Some(at("2026-05-02T00:00:00Z")));
        let sent = Course { notice_at: Some(now), ..open };
        assert_eq!(bound(&us, "appeal", &sent), (Regime::UsVa, "2026-05-01".into()));
        let colorado = bound(&law(&[Regime::UsCo]), "appeal", &sent);
        assert_eq!(colorado, (Regime::UsCo, "2026-06-15".into()));
    }

    #[test]
    fn a_complaint_has_the_british_time_and_where_no_law_has_one_that_of_a_request() {
        let open = Course::default();
        let british = law(&[Regime::EuGdpr, Regime::UkGdpr]);
        assert_eq!(bound(&british, "complaint", &open), (Regime::UkComplaint, "2026-03-31".into()));
        let chosen = Course { chosen: Some(Regime::UkGdpr), ..Course::default() };
        let all = dates(&subject("complaint"), &british, &TimeZone::UTC, &chosen);
        assert_eq!(all[0].trace[0], Step::ChosenByOfficer { regime: "uk_gdpr".into() });
        let strictest = law(&[Regime::EuGdpr, Regime::UkGdpr, Regime::Policy]);
        assert_eq!(bound(&strictest, "complaint", &open).0, Regime::Policy);
        for right in ["complaint", "appeal", "confirmation", "recipients", "human_review"] {
            let bound = bound(&law(&[Regime::EuGdpr]), right, &open);
            assert_eq!(bound, (Regime::EuGdpr, "2026-04-02".into()), "{right}");
        }
    }

    #[test]
    fn a_right_has_the_clock_that_its_law_gives_it() {
        let law = law(&[Regime::Ccpa]);
        assert_eq!(bound(&law, "opt_out", &Course::default()).0, Regime::CcpaOptout);
    }
}
