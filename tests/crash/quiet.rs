//! Waits until a house has nothing left to do.

use std::time::{Duration, Instant};

use crate::house::House;

/// Longer than the longest wait of a job that was tried a few times.
const PATIENCE: Duration = Duration::from_mins(4);

/// What is still to be done: jobs but the one that looks at the clock, mails that wait, events
/// without their place.
const LEFT: &str = "SELECT kind || ' ' || state || ' ' || COALESCE(last_error, '') \
        || ' after ' || CAST(attempts AS TEXT) FROM job WHERE kind <> 'tick'
    UNION ALL SELECT 'mail ' || kind FROM outbox WHERE status = 'queued'
    UNION ALL SELECT 'event ' || kind FROM event WHERE NOT sealed
    UNION ALL SELECT 'event ' || kind FROM house_event";

/// What is still to be done, a line each.
pub(crate) async fn left(house: &House) -> Vec<Vec<String>> {
    house.database.rows(LEFT).await
}

/// Waits until all is done that can be done without people.
pub(crate) async fn wait(house: &House) {
    let begun = Instant::now();
    loop {
        house.start();
        let left = left(house).await;
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "still to do: {left:?} {}", house.logs());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
