//! SIGKILL at named points: each place where something outside has happened and the database does
//! not know it yet, or the other way round.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::check;
use crate::house::{House, Plan};
use crate::quiet;
use crate::run::goes;
use crate::story::{Story, Wish};
use crate::support::{PATIENCE, not_run, setting};

/// The points of `src/crash.rs`, at which pass the process dies at most, and who asks meanwhile: of
/// the people, 1 and 61 have more than fits into one segment and one upload.
const POINTS: [(&str, u64, u32); 17] = [
    ("commit before", 30, 2),
    ("commit before", 30, 3),
    ("commit after", 30, 4),
    ("commit after", 30, 5),
    ("mail before body", 2, 6),
    ("mail after reply", 2, 7),
    ("segment half", 1, 1),
    ("segment uploaded", 1, 61),
    ("file uploaded", 1, 8),
    ("store read", 1, 9),
    ("upload before", 3, 10),
    ("upload half", 1, 121),
    ("archive half", 1, 11),
    ("archive uploaded", 1, 12),
    ("objects deleted", 1, 13),
    ("checkpoint before", 1, 14),
    ("checkpoint after", 1, 15),
];

/// Kills all processes when lines of the trail are left that nothing was signed for, so that who starts
/// signs at once, and not when a minute is over.
async fn leave_unsigned(house: &House) {
    loop {
        let name = format!("somebody-{}", house.dice.below(u64::MAX));
        let made = house.command(&["token", "create", &name, "--scope", "requests:create"]);
        made.expect(0, &[]);
        let begun = Instant::now();
        while check::audit::unsigned(house).await == 0 && begun.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for node in 0..house.nodes.len() {
            house.kill(node);
        }
        if check::audit::unsigned(house).await > 0 {
            return;
        }
        house.start();
    }
}

/// Kills all processes and starts them again, to die at a point.
pub(crate) async fn arm(house: &House, point: &str) {
    // Not ended well, or the last checkpoint would be signed by then.
    for node in 0..house.nodes.len() {
        house.kill(node);
    }
    house.start_to_die(Some(point));
    // It may be dead before it answers.
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// Waits until a process has died, and starts all of them again, unarmed.
pub(crate) async fn dies(house: &House, point: &str) {
    let begun = Instant::now();
    while house.nodes.iter().all(|node| node.lock().unwrap().is_alive()) {
        assert!(begun.elapsed() < PATIENCE, "nobody passed {point:?}; {}", house.logs());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for node in 0..house.nodes.len() {
        house.kill(node);
    }
    house.start();
}

async fn survives(plan: Plan) {
    let house = Arc::new(House::open(Plan { people: 130, ..plan }).await);
    let outside = check::audit::Outside::new();
    let mut stories = vec![goes(&house, 20, Wish::WriteAndFetch).await];
    for (point, passes, person) in POINTS {
        if point == "upload half" && house.storage.is_some() {
            // Parts on S3 are so large that sealing some takes long in a binary for tests; a folder
            // is written in the same way.
            continue;
        }
        // Several processes share the work, and one of them has to come so far.
        let passes = (passes / house.nodes.len() as u64).max(1);
        let point = format!("{point}:{}", 1 + house.dice.below(passes));
        let begun = Instant::now();
        if point.starts_with("checkpoint") {
            leave_unsigned(&house).await;
        }
        arm(&house, &point).await;
        let (story, ()) = tokio::join!(goes(&house, person, Wish::Fetch), dies(&house, &point));
        println!("{point}: over after {:.1?}", begun.elapsed());
        stories.push(story);
        if person == 5 {
            outside.keep(&house);
            house.start();
        }
    }
    stories.push(no_answer_from_the_mail_server(&house).await);
    quiet::wait(&house).await;
    check::all(&house, &stories, &outside).await;
    Arc::into_inner(house).unwrap().close().await;
}

/// Between the server's having the mail and its answer no code of ours runs, so it is the server
/// that waits for the kill.
async fn no_answer_from_the_mail_server(house: &Arc<House>) -> Story {
    let killed = async {
        house.mail.hold_next().await;
        for node in 0..house.nodes.len() {
            house.kill(node);
        }
        house.start();
    };
    let (story, ()) = tokio::join!(goes(house, 21, Wish::Fetch), killed);
    story
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_each_named_point_loses_nothing_on_sqlite() {
    if !cfg!(feature = "crash-points") {
        return not_run("a binary with --features crash-points");
    }
    survives(Plan { name: "points_sqlite", ..Plan::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_each_named_point_loses_nothing_on_postgres() {
    if !cfg!(feature = "crash-points") {
        return not_run("a binary with --features crash-points");
    }
    let Some(server) = setting("RIGHTSDESK_TEST_POSTGRES") else {
        return not_run("RIGHTSDESK_TEST_POSTGRES");
    };
    survives(Plan { name: "points_postgres", postgres: Some(server), ..Plan::default() }).await;
}
