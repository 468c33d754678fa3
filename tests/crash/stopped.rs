//! A process that stands still for longer than its leases: another takes over its jobs, and what it
//! does when it wakes up is refused.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::check;
use crate::house::{House, Plan};
use crate::quiet;
use crate::run::goes;
use crate::story::Wish;
use crate::support::{PATIENCE, not_run, setting};

/// Who reads a store just now.
const READER: &str = "SELECT lease_owner FROM job WHERE kind = 'gather' AND state = 'running' \
    AND lane = 'store:shop' AND lease_owner IS NOT NULL";
/// What the one that slept says of a job that is not its own any more.
const REFUSED: &str = "another worker has taken over this job";

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_stood_still_is_overtaken_and_refused() {
    let Some(server) = setting("RIGHTSDESK_TEST_POSTGRES") else {
        return not_run("RIGHTSDESK_TEST_POSTGRES");
    };
    let plan = Plan { name: "stopped", people: 10, postgres: Some(server), ..Plan::default() };
    let house = Arc::new(House::open(plan).await);
    let outside = check::audit::Outside::new();
    let asleep = async {
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "nobody reads; {}", house.logs());
            let reader = house.database.rows(READER).await.pop();
            let pid = reader.and_then(|mut row| row.remove(0).strip_prefix("pid ")?.parse().ok());
            let node = pid.and_then(|pid: u32| {
                house.nodes.iter().find(|node| node.lock().unwrap().pid() == Some(pid))
            });
            if let Some(node) = node {
                node.lock().unwrap().signal(Signal::STOP);
                return node;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // Another one finishes what the first has begun.
    let (story, node) = tokio::join!(goes(&house, 1, Wish::Fetch), asleep);
    let log = node.lock().unwrap().log();
    assert!(!fs::read_to_string(&log).unwrap().contains(REFUSED), "it had time to notice");
    node.lock().unwrap().signal(Signal::CONT);
    let begun = Instant::now();
    while !fs::read_to_string(&log).unwrap().contains(REFUSED) {
        assert!(begun.elapsed() < PATIENCE, "it never noticed; {}", house.logs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    outside.keep(&house);
    quiet::wait(&house).await;
    check::all(&house, &[story], &outside).await;
    Arc::into_inner(house).unwrap().close().await;
}
