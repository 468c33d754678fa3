//! The promise report, told once more from the events alone.

use jiff::Timestamp;

use super::*;
use crate::db::request::Happened;
use crate::db::testing::db_test;
use crate::domain::decision::PauseGround;
use crate::domain::policy::Denied;
use crate::domain::report::{Figures, Month};
use crate::domain::request::Channel;
use crate::domain::staff::Role;
use crate::service::enter::Entry;

/// Counts one request from what happened to it, without a look at its row.
fn count(events: &[Happened], now: Timestamp, figures: &mut Figures) {
    let first = |kinds: &[&str]| {
        events.iter().find(|event| kinds.contains(&event.kind.as_str())).map(|event| event.at)
    };
    let received = events.iter().find(|event| event.kind == "request.received").unwrap();
    let entered = received.data.get("received_at").and_then(|at| at.as_str());
    let start = entered.map_or(received.at, |at| at.parse().unwrap());
    let is_answer = |event: &&Happened| {
        let kind = event.data.get("kind").and_then(|kind| kind.as_str());
        event.kind == "mail.sent"
            && matches!(kind, Some("archive_ready" | "nothing_found" | "refused"))
    };
    let answered = events.iter().find(is_answer).map(|event| event.at);
    let withdrawn = first(&["request.withdrawn"]);
    let end = answered.or(withdrawn).unwrap_or(now);
    let gross = end.duration_since(start);
    // The person is waited for from the form to the code, and through pauses that ask them.
    let mut waited = SignedDuration::ZERO;
    let mut since = Some(received.at);
    for event in events.iter().filter(|event| event.at <= end) {
        match event.kind.as_str() {
            "request.paused" => since = Some(event.at),
            "request.verified" | "request.vouched" | "request.resumed_work" => {
                waited += since
                    .take()
                    .map_or(SignedDuration::ZERO, |since| event.at.duration_since(since));
            }
            _ => {}
        }
    }
    waited += since.map_or(SignedDuration::ZERO, |since| end.duration_since(since));
    let limit = hours(72);
    figures.all += 1;
    let verified = first(&["request.verified", "request.vouched"]).is_some();
    let column = match (verified, answered, withdrawn) {
        (false, ..) => &mut figures.not_counted,
        (true, Some(_), _) if gross <= limit => &mut figures.kept,
        (true, Some(_), _) if gross - waited <= limit => &mut figures.kept_net,
        (true, None, Some(_)) if gross <= limit => &mut figures.not_counted,
        (true, None, None) if gross >= limit => &mut figures.open_past,
        (true, None, None) => &mut figures.open,
        (true, ..) => &mut figures.missed,
    };
    *column += 1;
}

db_test!(the_report_is_the_same_told_from_events, |db| async move {
    let office = Office::over(db);
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let mut all = Vec::new();
    for number in 0..12_i64 {
        let address = format!("person{number}@example.org");
        if number % 4 == 3 {
            all.push(office.ask(&address, &[Right::Access]).await);
            office.send().await;
            continue;
        }
        let case = office.open(&address, &[Right::Access]).await;
        all.push(case.reference.clone());
        if number % 3 == 1 {
            let ground = PauseGround::AskedPerson;
            office.desk.pause(&officer, &case.reference, ground, None).await.unwrap();
            office.pass(hours(40));
            office.desk.go_on(&officer, &case.reference).await.unwrap();
        }
        office.pass(hours(number * 8));
        match number {
            0 | 1 | 2 | 4 | 5 | 9 => {
                office.gather(case.id).await;
                office.finish(case.id).await;
                office.send().await;
            }
            6 => {
                let cookie = Some(&case.cookie);
                office.desk.withdraw(&case.token, cookie, &case.reference).await.unwrap();
            }
            _ => {}
        }
    }
    let now = office.desk.now();
    let entry = Entry {
        purposes: Vec::new(),
        scope: crate::domain::request::Scope::Everything,
        channel: Channel::Email,
        received_at: now - minutes(30),
        reason: None,
        rights: vec![Right::Export],
        contact: form("eve@example.org", &[]).contact,
        language: Language::De,
        country: None,
        on_behalf: false,
        wishes: crate::service::lodge::Wishes::default(),
        papers: Vec::new(),
        vouched: true,
        changes: Vec::new(),
    };
    let officer = crate::domain::staff::Member { stepped_up_at: now, ..officer };
    let entered = office.desk.enter(&officer, entry).await.unwrap();
    let crate::service::enter::Entered::Done(entered) = entered else { panic!("{entered:?}") };
    all.push(entered);

    let mut told = Figures::default();
    for reference in &all {
        let id = office.request(reference).await.id;
        let events = office.db.begin_read().await.unwrap().history_of(id).await.unwrap();
        count(&events, now, &mut told);
    }
    let month = Month::parse("2026-03").unwrap();
    let report = office.desk.promise_report(&officer, month, month.plus(1)).await.unwrap().unwrap();
    let total = Figures { gross: None, net: None, ..report.total.clone() };
    assert_eq!(total, told);
    assert_eq!(told.all, 13);
    assert!(told.kept > 0 && told.not_counted > 0 && told.open_past > 0, "{told:?}");
    let nothing = office.desk.promise_report(&officer, month.plus(-2), month.plus(-1)).await;
    assert_eq!(nothing.unwrap().unwrap().total, Figures::default());
});

db_test!(who_has_no_role_for_it_reads_no_report, |db| async move {
    let office = Office::over(db);
    let nobody = office.works("nobody@example.com", &[]).await;
    let month = Month::parse("2026-03").unwrap();
    let denied = office.desk.promise_report(&nobody, month, month).await.unwrap();
    assert_eq!(denied.unwrap_err(), Denied::Role);
});
