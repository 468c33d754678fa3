//! The rules against a second formulation, and where the law has its edges.

mod independent;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::calendar::Calendar;
use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Received on that day in Berlin.
fn berlin(day: Date, calendar: &Calendar) -> Facts<'_> {
    Facts {
        received: Some(Received::On(day)),
        zone: Some(zone("Europe/Berlin")),
        calendar: Some(calendar),
        is_access: true,
        ..Facts::default()
    }
}

fn day_of(computed: &Computed, kind: Kind) -> Option<Date> {
    computed.get(kind).and_then(Deadline::date)
}

fn pause(asked: Date, got: Option<Date>) -> Pause {
    Pause { asked, got }
}

#[test]
fn every_regime_has_rules_and_every_rule_a_name_of_its_own() {
    let names: std::collections::BTreeSet<String> = rule::RULES.iter().map(Rule::name).collect();
    assert_eq!(names.len(), rule::RULES.len());
    for regime in Regime::ALL {
        assert!(Rule::of(*regime).count() > 0, "{regime}");
    }
    for rule in &rule::RULES {
        assert_eq!(Rule::named(&rule.name()), Some(rule));
        assert!(!rule.source.is_empty());
    }
}

#[test]
fn months_are_added_to_the_first_day_and_never_to_a_result() {
    let none = Calendar::default();
    let computed = compute(Regime::EuGdpr, &berlin(date(2026, 1, 31), &none)).unwrap();
    // 28 February is a Saturday.
    assert_eq!(day_of(&computed, Kind::Respond), Some(date(2026, 3, 2)));
    assert_eq!(day_of(&computed, Kind::Extended), Some(date(2026, 4, 30)));
    let leap = compute(Regime::EuGdpr, &berlin(date(2028, 1, 30), &none)).unwrap();
    assert_eq!(day_of(&leap, Kind::Respond), Some(date(2028, 2, 29)));
}

#[test]
fn a_notice_extends_until_the_last_moment_and_not_at_the_end() {
    let calendar = Calendar::named("DE").unwrap();
    for (sent, valid) in [("2026-06-04T21:59:59Z", true), ("2026-06-04T22:00:00Z", false)] {
        let facts =
            Facts { extension_notice: Some(at(sent)), ..berlin(date(2026, 5, 4), &calendar) };
        let computed = compute(Regime::EuGdpr, &facts).unwrap();
        let late = Extension::Late { overdue_from: at("2026-06-04T22:00:00Z") };
        assert_eq!(computed.extension, Some(if valid { Extension::Valid } else { late }), "{sent}");
        let binding = if valid { Kind::Extended } else { Kind::Respond };
        assert_eq!(computed.binding().unwrap().kind, binding);
    }
}

#[test]
fn overlapping_questions_stop_the_clock_once() {
    let calendar = Calendar::default();
    let facts = Facts {
        clarifications: vec![
            pause(date(2026, 6, 15), Some(date(2026, 6, 20))),
            pause(date(2026, 6, 12), Some(date(2026, 6, 15))),
            pause(date(2026, 6, 13), Some(date(2026, 6, 14))),
        ],
        ..berlin(date(2026, 6, 10), &calendar)
    };
    // 12 to 20 June are nine days: 10 July and nine is Sunday, 19 July.
    let computed = compute(Regime::UkGdpr, &facts).unwrap();
    assert_eq!(day_of(&computed, Kind::Respond), Some(date(2026, 7, 20)));
    assert_eq!(day_of(&computed, Kind::RespondSafe), Some(date(2026, 7, 18)));
}

#[test]
fn a_question_stops_the_british_clock_for_access_alone_and_no_other_clock() {
    let calendar = Calendar::default();
    let asked = Facts {
        clarifications: vec![pause(date(2026, 6, 12), Some(date(2026, 6, 16)))],
        ..berlin(date(2026, 6, 10), &calendar)
    };
    let respond = |regime, facts: &Facts<'_>| {
        day_of(&compute(regime, facts).unwrap(), Kind::Respond).unwrap()
    };
    assert_eq!(respond(Regime::UkGdpr, &asked), date(2026, 7, 15));
    assert_eq!(respond(Regime::EuGdpr, &asked), date(2026, 7, 10));
    let correction = Facts { is_access: false, ..asked };
    assert_eq!(respond(Regime::UkGdpr, &correction), date(2026, 7, 10));
}

#[test]
fn a_question_after_the_time_was_over_stops_nothing() {
    let calendar = Calendar::default();
    let facts = |sent: Option<&str>| Facts {
        clarifications: vec![pause(date(2026, 7, 14), Some(date(2026, 7, 16)))],
        extension_notice: sent.map(at),
        ..berlin(date(2026, 6, 10), &calendar)
    };
    let plain = compute(Regime::UkGdpr, &facts(None)).unwrap();
    assert_eq!(day_of(&plain, Kind::Respond), Some(date(2026, 7, 10)));
    assert_eq!(day_of(&plain, Kind::Extended), Some(date(2026, 9, 10)));
    // After a notice in time the longer time runs, and the question stops that.
    let extended = compute(Regime::UkGdpr, &facts(Some("2026-07-01T10:00:00Z"))).unwrap();
    assert_eq!(day_of(&extended, Kind::Respond), Some(date(2026, 7, 10)));
    assert_eq!(day_of(&extended, Kind::Extended), Some(date(2026, 9, 14)), "13 is a Sunday");
}

#[test]
fn what_is_still_awaited_makes_no_date_later() {
    let calendar = Calendar::default();
    let facts = Facts {
        identity: Some(Identity { pause: pause(date(2026, 6, 11), None), suspends: true }),
        clarifications: vec![pause(date(2026, 6, 12), None)],
        ..berlin(date(2026, 6, 10), &calendar)
    };
    let british = compute(Regime::UkGdpr, &facts).unwrap();
    // The day of the question is one that did not count, whenever the answer comes.
    assert_eq!(day_of(&british, Kind::Respond), Some(date(2026, 7, 13)));
    let european = compute(Regime::EuGdpr, &facts).unwrap();
    assert_eq!(day_of(&european, Kind::Respond), Some(date(2026, 7, 10)));
    assert!(european.deadlines[0].trace.contains(&Step::Awaited { day: date(2026, 6, 11) }));
}

#[test]
fn days_of_a_pause_before_the_clock_starts_are_not_counted() {
    let calendar = Calendar::default();
    let facts = Facts {
        identity: Some(Identity {
            pause: pause(date(2026, 6, 11), Some(date(2026, 6, 18))),
            suspends: false,
        }),
        clarifications: vec![pause(date(2026, 6, 12), Some(date(2026, 6, 19)))],
        ..berlin(date(2026, 6, 10), &calendar)
    };
    // From 18 June; only 18 and 19 June did not count.
    let computed = compute(Regime::UkGdpr, &facts).unwrap();
    assert_eq!(day_of(&computed, Kind::Respond), Some(date(2026, 7, 20)));
}

#[test]
fn a_day_ends_where_its_clock_has_a_gap_or_two_midnights() {
    let calendar = Calendar::default();
    let end = |name: &str, received: Date| {
        let facts = Facts { zone: Some(zone(name)), ..berlin(received, &calendar) };
        compute(Regime::EuGdpr, &facts).unwrap().deadlines[0].end().unwrap().to_string()
    };
    // Cairo leaps from 00:00 to 01:00 on Friday 24 April 2026.
    assert_eq!(end("Africa/Cairo", date(2026, 3, 23)), "2026-04-23T22:00:00Z");
    // Havana has two midnights on Sunday 1 November 2026; Monday's is the one after.
    assert_eq!(end("America/Havana", date(2026, 10, 2)), "2026-11-03T05:00:00Z");
    // Kiritimati is a day ahead of Honolulu.
    assert_eq!(end("Pacific/Kiritimati", date(2026, 6, 10)), "2026-07-10T10:00:00Z");
    assert_eq!(end("Pacific/Honolulu", date(2026, 6, 10)), "2026-07-11T10:00:00Z");
}

#[test]
fn the_promise_counts_elapsed_hours() {
    let facts = Facts {
        received: Some(Received::At(at("2026-10-24T20:00:00Z"))),
        zone: Some(zone("Europe/Berlin")),
        ..Facts::default()
    };
    let computed = compute(Regime::Sla72h, &facts).unwrap();
    assert_eq!(computed.deadlines[0].end(), Some(at("2026-10-27T20:00:00Z")));
}

#[test]
fn appeals_have_a_clock_of_their_own() {
    let facts = Facts { appeal_received: Some(date(2026, 8, 3)), ..Facts::default() };
    let days = |regime| {
        let computed = compute(regime, &facts).unwrap();
        (day_of(&computed, Kind::Appeal), day_of(&computed, Kind::AppealExtended))
    };
    assert_eq!(days(Regime::UsVa), (Some(date(2026, 10, 2)), None));
    assert_eq!(days(Regime::UsCo), (Some(date(2026, 9, 17)), Some(date(2026, 11, 16))));
    assert_eq!(compute(Regime::BrLgpd, &facts), Err(FactsError::Missing("received_date")));
}

#[test]
fn what_is_missing_or_cannot_have_been_is_said() {
    let none = Calendar::default();
    let whole = || berlin(date(2026, 6, 10), &none);
    let error = |regime, facts: Facts<'_>| compute(regime, &facts).unwrap_err();
    for (facts, name) in [
        (Facts { received: None, ..whole() }, "received_date"),
        (Facts { zone: None, ..whole() }, "zone"),
        (Facts { calendar: None, ..whole() }, "calendar"),
    ] {
        assert_eq!(error(Regime::EuGdpr, facts), FactsError::Missing(name));
    }
    assert_eq!(error(Regime::Sla72h, whole()), FactsError::Missing("received_at"));
    assert_eq!(error(Regime::DropCadence, whole()), FactsError::Missing("access"));
    assert_eq!(error(Regime::Policy, whole()), FactsError::Missing("policy_days"));
    let backwards = Facts {
        identity: Some(Identity {
            pause: pause(date(2026, 6, 12), Some(date(2026, 6, 11))),
            suspends: true,
        }),
        ..whole()
    };
    assert!(matches!(error(Regime::EuGdpr, backwards), FactsError::Order { .. }));
    let early = Facts { extension_notice: Some(at("2026-06-09T10:00:00Z")), ..whole() };
    assert!(matches!(error(Regime::EuGdpr, early), FactsError::Order { .. }));
    let beyond = Facts { received: Some(Received::On(Date::MAX)), ..whole() };
    assert_eq!(error(Regime::EuGdpr, beyond), FactsError::Range);
}

#[test]
fn a_policy_grants_its_own_days_to_anyone() {
    let none = Calendar::default();
    let facts = Facts { policy_days: Some(10), ..berlin(date(2026, 6, 10), &none) };
    let computed = compute(Regime::Policy, &facts).unwrap();
    assert_eq!(day_of(&computed, Kind::Respond), Some(date(2026, 6, 20)));
}

#[test]
fn who_lives_where_relies_on_what() {
    assert!(Regime::EuGdpr.protects("DE") && Regime::EuGdpr.protects("NO"));
    assert!(!Regime::EuGdpr.protects("US") && Regime::Ccpa.protects("US"));
    assert!(Regime::Policy.protects("JP") && Regime::UkGdpr.protects("GB"));
    assert_eq!(Regime::of_country("JP"), [Regime::EuGdpr]);
    assert_eq!(Regime::Ccpa.clock_of("opt_out"), Regime::CcpaOptout);
    assert_eq!(Regime::Ccpa.clock_of("access"), Regime::Ccpa);
}
