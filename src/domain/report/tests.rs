use super::*;
use proptest::prelude::*;

fn at(hour: i64) -> Timestamp {
    let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(hour)
}

fn facts(answered: Option<i64>, waited: i64) -> ReportFacts {
    ReportFacts {
        right: Right::Access,
        channel: Channel::Form,
        status: if answered.is_some() { Status::Fulfilled } else { Status::Gathering },
        spam: false,
        completed_at: answered.map(at),
        outcome: answered.map(|_| Outcome::Full),
        promise: PromiseFacts {
            received_at: at(0),
            verified_at: Some(at(1)),
            answered_at: answered.map(at),
            waited: SignedDuration::from_hours(waited),
            waiting_since: None,
        },
    }
}

fn report(all: &[ReportFacts], now: Timestamp) -> Report {
    let mut reporter = Reporter::new(72, now, TimeZone::UTC);
    for facts in all {
        reporter.add(facts);
    }
    reporter.finish()
}

#[test]
fn every_request_stands_in_its_column() {
    let unverified = ReportFacts {
        status: Status::AwaitingVerification,
        promise: PromiseFacts { verified_at: None, ..facts(None, 0).promise },
        ..facts(None, 0)
    };
    let withdrawn = |hour| ReportFacts {
        status: Status::Withdrawn,
        completed_at: Some(at(hour)),
        ..facts(None, 0)
    };
    let late_start = PromiseFacts { received_at: at(70), ..facts(None, 0).promise };
    let all = [
        facts(Some(10), 1),
        facts(Some(72), 0),
        facts(Some(80), 8),
        facts(Some(80), 7),
        facts(None, 0),
        ReportFacts { promise: late_start, ..facts(None, 0) },
        unverified,
        withdrawn(72),
        withdrawn(73),
        ReportFacts { spam: true, status: Status::Refused, ..facts(Some(90), 0) },
        ReportFacts { status: Status::Lapsed, ..facts(None, 0) },
    ];
    let total = report(&all, at(100)).total;
    assert_eq!((total.all, total.kept, total.kept_net, total.missed), (11, 2, 1, 2));
    assert_eq!((total.open, total.open_past, total.not_counted), (1, 1, 4));
}

#[test]
fn months_are_those_of_the_organisation_and_rows_are_in_order() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let mut reporter = Reporter::new(72, at(2_000), zone.clone());
    let received = |at: &str, channel| {
        let mut facts = facts(Some(2_000), 0);
        facts.channel = channel;
        facts.promise.received_at = at.parse().unwrap();
        facts
    };
    // The last half hour of March in UTC is April in Berlin.
    reporter.add(&received("2026-03-31T22:30:00Z", Channel::Form));
    reporter.add(&received("2026-03-31T21:30:00Z", Channel::Phone));
    reporter.add(&received("2026-03-31T21:30:00Z", Channel::Form));
    let rows = reporter.finish().rows;
    let said: Vec<String> =
        rows.iter().map(|row| format!("{} {}", row.month, row.channel)).collect();
    assert_eq!(said, ["2026-03 form", "2026-03 phone", "2026-04 form"]);
    let march = Month::parse("2026-03").unwrap();
    assert_eq!(march.start(&zone).to_string(), "2026-02-28T23:00:00Z");
    assert_eq!(march.plus(10).to_string(), "2027-01");
    assert_eq!(march.plus(-3).to_string(), "2025-12");
    assert!(
        ["2026-13", "2026-3", "26-03", "2026-+3", ""].iter().all(|m| Month::parse(m).is_none())
    );
}

#[test]
fn the_file_has_a_header_every_line_and_the_total() {
    let report = report(&[facts(Some(10), 1), facts(Some(80), 0), facts(None, 0)], at(100));
    let csv = report.to_csv();
    let lines: Vec<&str> = csv.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line.split(',').count() == 16), "{csv}");
    let figures = "3,1,0,1,0,1,0,10.00,80.00,80.00,9.00,80.00,80.00";
    assert_eq!(lines[1], format!("2026-03,access,form,{figures}"));
    assert_eq!(lines[2], format!("total,,,{figures}"));
}

#[test]
fn hours_are_rounded_up() {
    assert_eq!(in_hours(SignedDuration::from_hours(72)), "72.00");
    assert_eq!(in_hours(SignedDuration::from_secs(72 * 3_600 + 1)), "72.01");
}

proptest! {
    #[test]
    fn columns_add_up_and_spreads_are_in_order(
        some in prop::collection::vec((prop::option::of(0_i64..200), 0_i64..50), 1..60),
    ) {
        let all: Vec<_> = some.iter().map(|(answered, waited)| facts(*answered, *waited)).collect();
        let report = report(&all, at(100));
        for figures in report.rows.iter().map(|row| &row.figures).chain([&report.total]) {
            let parts = figures.kept + figures.kept_net + figures.missed + figures.open
                + figures.open_past + figures.not_counted;
            prop_assert_eq!(figures.all, parts);
            for spread in [figures.gross, figures.net].into_iter().flatten() {
                prop_assert!(spread.p50 <= spread.p95 && spread.p95 <= spread.most);
            }
            prop_assert!(figures.net.map(|net| net.most) <= figures.gross.map(|gross| gross.most));
        }
    }
}
