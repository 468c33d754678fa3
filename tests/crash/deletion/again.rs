//! A store that was put back from a backup when all was over: what was deleted there goes again, each row
//! once, whenever the program dies, and nothing else does.

use std::time::{Duration, Instant};

use super::officer::Officer;
use super::{FIRST, comes_back, has_died, kill_all, stores};
use crate::house::House;
use crate::quiet;
use crate::support::PATIENCE;

/// Where it dies, each time while it deletes another person again. There are two steps: tickets, and
/// the contact that they hang on.
const POINTS: [&str; 4] =
    ["replay intended:1", "replay done:1", "replay intended:2", "replay done:2"];

pub(super) async fn survives(house: &House, officer: &mut Officer) {
    for (number, point) in (FIRST..).zip(POINTS) {
        kill_all(house);
        let (held, mut gone) = (stores::look(house).await, stores::gone(house).await);
        gone.extend(stores::put_back(house, number).await);
        gone.sort();
        assert_eq!(looks(house), 3, "{point}");
        house.start_to_die(Some(point));
        officer.approves_again().await;
        has_died(house, point).await;
        comes_back(house).await;
        is_over(house, point).await;
        quiet::wait(house).await;
        assert_eq!(stores::look(house).await, held, "{point}");
        let mut since = stores::gone(house).await;
        since.sort();
        assert_eq!(since, gone, "{point}: each row once");
        assert_eq!(looks(house), 0, "{point}");
    }
    quiet::wait(house).await;
}

/// How many rows the command line says are there again.
fn looks(house: &House) -> u64 {
    let since = ["--since", "2020-01-01T00:00:00Z", "--store", "crm", "--json"];
    let answer = house.command(&[&["replay-deletions"][..], &since].concat());
    let steps = answer.expect(0, &[]).json()["steps"].clone();
    steps.as_array().unwrap().iter().map(|step| step["rows"].as_u64().unwrap()).sum()
}

/// Waits until no replay is under way.
async fn is_over(house: &House, point: &str) {
    let begun = Instant::now();
    while house.database.number("SELECT count(*) FROM replay WHERE state <> 'done'").await > 0 {
        assert!(begun.elapsed() < PATIENCE, "{point}: not over; {}", house.logs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
