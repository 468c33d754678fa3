//! What metrics tell of the records.

use std::time::Duration;

use super::*;
use crate::db::testing::db_test;
use crate::domain::job::MAIL_LANE;
use crate::domain::promise::PromiseState;
use crate::domain::state::Status;
use crate::meter::gauges::{Gauges, LaneGauge};
use crate::meter::process::Process;

fn lane(gauges: &Gauges, name: &str) -> LaneGauge {
    gauges.lanes.iter().find(|lane| lane.lane == name).cloned().unwrap_or_default()
}

fn promised(gauges: &Gauges, state: PromiseState) -> u64 {
    gauges.promise.iter().find(|(of, _)| *of == state).map_or(0, |(_, count)| *count)
}

fn standing(gauges: &Gauges, status: Status) -> u64 {
    gauges.requests.iter().find(|(of, _)| *of == status).map_or(0, |(_, count)| *count)
}

db_test!(what_waits_is_told_while_it_waits_and_an_answer_is_counted, |db| async move {
    let office = Office::over(db);
    let tx = office.db.begin().await.unwrap();
    crate::db::lane::declare(&tx, MAIL_LANE, 1, Duration::ZERO).await.unwrap();
    tx.commit().await.unwrap();
    let reference = office.ask("ada@example.org", &[Right::Access]).await;
    let gauges = office.desk.gauges().await.unwrap();
    assert_eq!(gauges.mails_waiting, 1);
    assert_eq!(lane(&gauges, MAIL_LANE).waiting, 1);
    assert_eq!(standing(&gauges, Status::AwaitingVerification), 1);
    assert_eq!(promised(&gauges, PromiseState::OnTime), 0, "unverified, there is no promise");
    assert!(gauges.unsealed > 0 && gauges.trail == 0);

    let code = office.send().await.remove(0).code();
    let case = office.enter(reference, &code).await;
    let gauges = office.desk.gauges().await.unwrap();
    assert_eq!(standing(&gauges, Status::AwaitingVerification), 0);
    assert_eq!(promised(&gauges, PromiseState::OnTime), 1);
    office.pass(jiff::SignedDuration::from_hours(60));
    let gauges = office.desk.gauges().await.unwrap();
    assert_eq!(promised(&gauges, PromiseState::AtRisk), 1);
    office.pass(jiff::SignedDuration::from_hours(13));
    let gauges = office.desk.gauges().await.unwrap();
    assert_eq!(promised(&gauges, PromiseState::Overdue), 1);

    office.gather(case.id).await;
    office.finish(case.id).await;
    office.send().await;
    office.desk.seal_events().await.unwrap();
    let gauges = office.desk.gauges().await.unwrap();
    assert_eq!(promised(&gauges, PromiseState::Overdue), 0);
    assert!(gauges.unsealed == 0 && gauges.trail > 0);
    let told = office.desk.meter().render(Some(&gauges), &Process::default());
    assert!(told.contains("rightsdesk_answers_total{promise=\"missed\"} 1\n"), "{told}");
});
