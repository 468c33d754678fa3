//! SIGKILL at every named point of a deletion over three stores. People ask and prove their address, two
//! officers approve, time is let go by, and the program dies while it erases, notes, looks and signs.
//! After each death and after each end everything is compared with everything. In the end a store is
//! put back from a backup, and the program dies while it deletes there again.

mod again;
mod officer;
mod proof;
mod stores;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::join_all;

use self::officer::Officer;
use self::proof::Proof;
use crate::check;
use crate::house::{House, Plan};
use crate::people::Person;
use crate::points::{arm, dies};
use crate::quiet;
use crate::run::goes;
use crate::story::{Story, Wish};
use crate::support::{PATIENCE, not_run, setting};

/// Where it dies, and at which pass (0: at any); each time it is another person's deletion.
type Points = &'static [(&'static str, u64)];

/// Every name of a point that a deletion comes to, and the places where it makes a difference. There
/// are six steps: two tables of contacts, three files, which have no transaction and are two steps,
/// and two tables of the shop. So "erase half" is passed for the third to fifth time with a file, and
/// then in the shop. Every step signs the audit trail and writes two notes.
const ALL: Points = &[
    ("commit before", 0),
    ("commit after", 0),
    ("checkpoint before", 2),
    ("checkpoint after", 2),
    ("erase begun", 1),
    ("note before", 1),
    ("note after", 1),
    ("erase intended", 1),
    ("erase intended", 6),
    ("erase half", 1),
    ("erase half", 2),
    ("erase half", 4),
    ("erase half", 5),
    ("erase half", 6),
    ("erase half", 7),
    ("erase done", 1),
    ("erase done", 5),
    ("note before", 2),
    ("note after", 2),
    ("erase noted", 1),
    ("erase noted", 6),
    ("erase recorded", 6),
    ("erase looked at", 6),
    ("receipt signed", 1),
];
/// Each once, where the store is a server.
const SERVER: Points = &[
    ("commit before", 0),
    ("commit after", 0),
    ("checkpoint before", 2),
    ("checkpoint after", 2),
    ("erase begun", 5),
    ("note before", 9),
    ("note after", 9),
    ("erase intended", 5),
    ("erase half", 6),
    ("erase half", 7),
    ("erase done", 5),
    ("erase noted", 6),
    ("erase recorded", 6),
    ("erase looked at", 6),
    ("receipt signed", 1),
];
/// Commits of one deletion, at least, from the first step to the receipt.
const COMMITS: u64 = 40;
/// The first who asks; one before them has far more rows and never does.
const FIRST: u32 = 2;
/// Their deletions wait for approvals while others are carried out: none, and one.
const LATE: u32 = 2;

/// Everybody who asks.
fn askers(points: Points) -> Range<u32> {
    FIRST..FIRST + u32::try_from(points.len()).unwrap() + LATE
}

fn address(number: u32) -> String {
    Person { number, known: true }.address()
}

async fn survives(plan: Plan, points: Points) {
    let begun = Instant::now();
    let plan = Plan { people: askers(points).end + 5, ..plan };
    let house = House::build(plan).await;
    stores::fill(&house).await;
    house.start();
    house.answers().await;
    let house = Arc::new(house);
    let outside = check::audit::Outside::new();
    let mut proof = Proof { before: stores::look(&house).await, asked: BTreeMap::new() };
    // Before anybody asks: where too few can approve, plans say so.
    let mut officers = [
        Officer::signs_in(&house, "one@example.com").await,
        Officer::signs_in(&house, "two@example.com").await,
    ];
    let stories = ask(&house, askers(points)).await;
    for story in &stories {
        let left = quiet::left(&house).await;
        assert_eq!(story.complaint, None, "still to do: {left:?} {}", house.logs());
        proof.asked.insert(story.person.number, story.followed[0].clone());
    }
    proof.holds(&house, "all have asked").await;
    println!("asked after {:.1?}", begun.elapsed());

    approve(&house, &proof, &mut officers).await;
    proof.holds(&house, "all are approved").await;
    println!("approved after {:.1?}", begun.elapsed());
    for late in askers(points).rev().take(2) {
        // Time alone lets nothing begin.
        cools(&house, &proof.asked[&late]).await;
    }

    for (number, (point, pass)) in askers(points).zip(points) {
        let pass = if *pass == 0 { 1 + house.dice.below(COMMITS) } else { *pass };
        dies_erasing(&house, &proof, number, &format!("{point}:{pass}")).await;
    }
    println!("erased after {:.1?}", begun.elapsed());

    for late in askers(points).rev().take(2) {
        let reference = &proof.asked[&late];
        let digest = officers[0].digest(reference).await;
        for officer in &mut officers {
            officer.approves(reference, &digest).await;
        }
        told(&house, late).await;
    }
    quiet::wait(&house).await;
    outside.keep(&house);
    house.start();
    quiet::wait(&house).await;
    let scene = proof.holds(&house, "all is over").await;
    for (number, reference) in &proof.asked {
        assert!(scene.has_receipt(reference), "{reference} has none");
        for kind in ["deletion_planned", "deletion_decided", "deletion_done"] {
            let mails = house.mail.sent(kind, &address(*number)).len();
            assert_eq!(mails, 1, "{kind} of {reference}");
        }
    }
    again::survives(&house, &mut officers[0]).await;
    println!("deleted again after {:.1?}", begun.elapsed());
    check::all(&house, &stories, &outside).await;
    Arc::into_inner(house).unwrap().close().await;
    println!("over after {:.1?}", begun.elapsed());
}

/// Everybody asks; some while the program dies.
async fn ask(house: &Arc<House>, mut askers: Range<u32>) -> Vec<Story> {
    let mut stories = Vec::new();
    for point in ["commit before", "commit after"] {
        let point = format!("{point}:{}", 1 + house.dice.below(25));
        let number = askers.next().unwrap();
        arm(house, &point).await;
        let (story, ()) = tokio::join!(goes(house, number, Wish::Erase), dies(house, &point));
        stories.push(story);
    }
    let rest: Vec<u32> = askers.collect();
    for some in rest.chunks(6) {
        let asks = some.iter().map(|number| goes(house, *number, Wish::Erase));
        stories.extend(join_all(asks).await);
    }
    stories
}

/// Both approve the deletions of all but two, while the program dies.
async fn approve(house: &Arc<House>, proof: &Proof, officers: &mut [Officer; 2]) {
    let mut all: Vec<&String> = proof.asked.values().collect();
    let [none, one] = [all.pop().unwrap(), all.pop().unwrap()];
    let digest = officers[0].digest(one).await;
    officers[0].approves(one, &digest).await;
    let (some, others) = all.split_at(all.len() / 2);
    for (point, some) in [("commit before", some), ("commit after", others)] {
        let point = format!("{point}:{}", 1 + house.dice.below(20));
        arm(house, &point).await;
        let all = async {
            for reference in some {
                let digest = officers[0].digest(reference).await;
                for officer in officers.iter_mut() {
                    officer.approves(reference, &digest).await;
                }
            }
        };
        tokio::join!(all, dies(house, &point));
    }
    let states = house.database.rows("SELECT reference, status FROM request").await;
    for state in states {
        let waits = [none, one].contains(&&state[0]);
        assert_eq!(state[1], if waits { "in_review" } else { "cooling_off" }, "{state:?}");
    }
}

/// Lets the time to take it back go by.
async fn cools(house: &House, reference: &str) {
    let sql = "UPDATE erase_plan SET cooled_at = made_at WHERE id = (SELECT id FROM request \
        WHERE reference = '";
    // The look at the clock that comes every minute comes now.
    let tick = "UPDATE job SET run_at = 1 WHERE kind = 'tick' AND state = 'ready'";
    house.database.run(&format!("{sql}{reference}'); {tick}")).await;
}

/// One deletion begins, the program dies at a point of it, and comes back.
async fn dies_erasing(house: &Arc<House>, proof: &Proof, number: u32, point: &str) {
    let begun = Instant::now();
    kill_all(house);
    cools(house, &proof.asked[&number]).await;
    house.start_to_die(Some(point));
    has_died(house, point).await;
    let scene = proof.holds(house, point).await;
    scene.fits(proof, point.split(':').next().unwrap());
    comes_back(house).await;
    told(house, number).await;
    let scene = proof.holds(house, &format!("after {point}")).await;
    assert!(scene.has_receipt(&proof.asked[&number]), "{point}");
    println!("{point}: over after {:.1?}", begun.elapsed());
}

/// Waits until one has died at a point, and ends the others.
async fn has_died(house: &House, point: &str) {
    let begun = Instant::now();
    while house.nodes.iter().all(|node| node.lock().unwrap().is_alive()) {
        assert!(begun.elapsed() < PATIENCE, "nobody passed {point:?}; {}", house.logs());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    kill_all(house);
}

/// Starts after all have died. Nobody is left to hold a job; their time need not be waited for.
async fn comes_back(house: &House) {
    let free = "UPDATE job SET lease_until = 1 WHERE lease_until IS NOT NULL";
    house.database.run(free).await;
    house.start();
}

fn kill_all(house: &House) {
    for node in 0..house.nodes.len() {
        house.kill(node);
    }
}

/// Waits for the mail that says that it is done.
async fn told(house: &House, number: u32) {
    let mail = house.mail.wait("deletion_done", &address(number), 0, PATIENCE).await;
    assert!(mail.is_some(), "{number} was never told; {}", house.logs());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_each_named_point_deletes_each_row_once_on_sqlite() {
    if !cfg!(feature = "crash-points") {
        return not_run("a binary with --features crash-points");
    }
    survives(Plan { name: "deletion_sqlite", ..Plan::default() }, ALL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_each_named_point_deletes_each_row_once_on_postgres() {
    if !cfg!(feature = "crash-points") {
        return not_run("a binary with --features crash-points");
    }
    let Some(server) = setting("RIGHTSDESK_TEST_POSTGRES") else {
        return not_run("RIGHTSDESK_TEST_POSTGRES");
    };
    // One worker, so that it is known who comes to which point.
    let (postgres, roles) = (Some(server), Some(&["web", "worker"][..]));
    let plan = Plan { name: "deletion_postgres", postgres, roles, ..Plan::default() };
    survives(plan, SERVER).await;
}
