//! Who somebody is: keys that lead from store to store, and when a human has to look.

use std::sync::atomic::Ordering;

use super::fake::{Fake, a_row, stores};
use super::*;
use crate::db::testing::db_test;
use crate::domain::gather::{MAX_KEYS, TaskStatus};
use crate::domain::state::Status;
use crate::store::CaseVariant;
use crate::store::testing::key;

/// Address to user number, user number to face, face to pictures.
fn three() -> [Arc<Fake>; 3] {
    let a = Fake::of_ada("a", &["in a"]);
    let (by, row, _) = a.people[0].clone();
    let a = Fake { people: vec![(by, row, vec![key("user", "7")])], ..a };
    let b = Fake { rows: vec!["in b".into()], ..Fake::new("b", &["user"]) };
    let b = b.person("user", "7", "1", &[("face", "f")]);
    let c = Fake { rows: vec!["in c".into()], ..Fake::new("c", &["face", "email"]) };
    [a, b, c.person("face", "f", "1", &[])].map(Arc::new)
}

db_test!(keys_lead_from_store_to_store_and_each_is_asked_once, |db| async move {
    let [a, b, c] = three();
    let house = House::new(&db, stores(&[&a, &b, &c])).await;
    let (reference, opened) = house.answered(&[Right::Access], ADA).await;
    for store in [&a, &c] {
        assert_eq!(store.asked_for("email", ADA), 1);
    }
    assert_eq!((b.asked_for("user", "7"), c.asked_for("face", "f")), (1, 1));
    let unpacked = house.downloads(&reference, &opened).await;
    assert!(["in a", "in b", "in c"].iter().all(|row| unpacked.holds(row)));
});

db_test!(a_key_found_while_a_store_answers_is_asked_of_it_once, |db| async move {
    let [a, b, _] = three();
    let slow = Arc::new(Fake::new("slow", &["email", "user"]).person("email", ADA, "9", &[]));
    slow.waits.store(true, Ordering::SeqCst);
    let house = House::new(&db, stores(&[&a, &b, &slow])).await;
    house.verified(&[Right::Access], ADA).await;
    let late = house.one("store:slow").await;
    let others = async {
        slow.entered.acquire().await.unwrap().forget();
        assert_eq!(house.run_lane("store:a").await, []);
        assert_eq!(house.run_lane("store:b").await, []);
        assert!(house.claim(&["store:slow".into()], HOUR).await.is_none(), "one job at a time");
        slow.waits.store(false, Ordering::SeqCst);
        slow.go.add_permits(1);
    };
    let (done, ()) = tokio::join!(house.worker.run(&late), others);
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!((slow.asked_for("email", ADA), slow.asked_for("user", "7")), (1, 1));
    assert_eq!(house.sent(MailKind::ArchiveReady), 1);
});

/// Runs a request that must stop before anything is read.
async fn stops(db: &TestDb, store: Fake, blocker: Blocker) {
    let (store, other) = (Arc::new(store), Arc::new(Fake::of_ada("other", &["x"])));
    let house = House::new(db, stores(&[&store, &other])).await;
    let (reference, _) = house.answered(&[Right::Access], ADA).await;
    let request = house.request(&reference).await;
    assert_eq!(request.status, Status::Gathering);
    assert_eq!(request.blockers, [blocker].into());
    let pages = |store: &Fake| store.pages.load(Ordering::SeqCst);
    assert_eq!((pages(&store), pages(&other)), (0, 0), "nothing has left any store");
    assert_eq!((house.objects(), house.sent(MailKind::ArchiveReady)), (0, 0));
}

db_test!(two_people_behind_one_key_go_to_a_human, |db| async move {
    let twins = Fake::of_ada("shop", &["x"]).person("email", ADA, "2", &[]);
    stops(&db, twins, Blocker::TwoPeople).await;
});

db_test!(a_match_that_was_never_confirmed_goes_to_a_human, |db| async move {
    let mut shop = Fake::of_ada("shop", &["x"]);
    shop.people[0].1.proven = false;
    stops(&db, shop, Blocker::UnprovenMatch).await;
});

db_test!(more_keys_than_one_person_has_go_to_a_human, |db| async move {
    let mut shop = Fake::of_ada("shop", &["x"]);
    shop.people[0].2 = (0..MAX_KEYS).map(|n| key("user", &n.to_string())).collect();
    stops(&db, shop, Blocker::TooManyKeys).await;
});

db_test!(keys_without_end_go_to_a_human, |db| async move {
    let mut shop = Fake::new("shop", &["email", "user"]);
    shop = shop.person("email", ADA, "1", &[("user", "0")]);
    for n in 0..20 {
        shop = shop.person("user", &n.to_string(), "1", &[("user", &(n + 1).to_string())]);
    }
    stops(&db, shop, Blocker::TooManyKeys).await;
});

fn variant(row: &str, stored: &str) -> CaseVariant {
    CaseVariant { person: a_row(row, true), stored: stored.into() }
}

db_test!(an_address_stored_in_another_case_is_proved_first, |db| async move {
    let stored = "Ada@example.org";
    let mut shop = Fake { rows: vec!["old".into()], ..Fake::new("shop", &["email"]) };
    shop = shop.person("email", stored, "1", &[]);
    shop.variants = vec![variant("1", stored)];
    let (shop, other) = (Arc::new(shop), Arc::new(Fake::of_ada("other", &["new"])));
    let house = House::new(&db, stores(&[&shop, &other])).await;
    let (reference, opened) = house.answered(&[Right::Access], ADA).await;
    assert_eq!(house.request(&reference).await.status, Status::AwaitingVerification);
    assert_eq!(house.newest(MailKind::Verify).to.as_str(), stored);
    let page = house.desk().status_page(&opened.token, Some(&opened.cookie)).await.unwrap();
    assert!(!page.unwrap().unlocked, "the typed mailbox looks on no more");
    let opened = house.types_code(&reference).await;
    assert_eq!(house.run_until_idle().await, []);
    let unpacked = house.downloads(&reference, &opened).await;
    assert!(unpacked.holds("old") && unpacked.holds("new"), "under both spellings");
    assert_eq!(house.newest(MailKind::ArchiveReady).to.as_str(), stored);
    assert_eq!(house.objects(), 1);
});

db_test!(another_case_of_the_domain_needs_no_new_code, |db| async move {
    let stored = "ada@EXAMPLE.org";
    let mut shop = Fake { rows: vec!["x".into()], ..Fake::new("shop", &["email"]) };
    shop = shop.person("email", stored, "1", &[]);
    shop.variants = vec![variant("1", stored)];
    let house = House::new(&db, stores(&[&Arc::new(shop)])).await;
    let (reference, opened) = house.answered(&[Right::Access], ADA).await;
    assert_eq!(house.sent(MailKind::Verify), 1);
    let unpacked = house.downloads(&reference, &opened).await;
    assert_eq!(unpacked.text("data/shop/note.ndjson").lines().count(), 1);
});

db_test!(several_spellings_go_to_a_human, |db| async move {
    let mut shop = Fake::new("shop", &["email"]);
    shop.variants = vec![variant("1", "Ada@example.org"), variant("2", "ADA@example.org")];
    stops(&db, shop, Blocker::TwoPeople).await;
});

db_test!(a_store_that_no_key_leads_to_is_a_gap, |db| async move {
    let (shop, far) =
        (Arc::new(Fake::of_ada("shop", &["x"])), Arc::new(Fake::new("far", &["phone"])));
    let house = House::new(&db, stores(&[&shop, &far])).await;
    let (reference, _) = house.answered(&[Right::Access], ADA).await;
    let tasks = house.tasks(&reference).await;
    assert_eq!((tasks["far"].status, tasks["far"].tally.gaps.len()), (TaskStatus::Done, 1));
    assert_eq!(far.calls(), 0);
});
