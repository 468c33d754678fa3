//! What staff decide, down to the bytes that a person gets.

use uuid::Uuid;

use super::fake::{Fake, stores};
use super::*;
use crate::db::testing::db_test;
use crate::domain::gather::{MAX_KEYS, SkipReason, TaskStatus};
use crate::domain::record::FileRef;
use crate::domain::staff::{AccountState, Member, Role};
use crate::domain::state::Status;
use crate::domain::text::TypedText;
use crate::ids::StaffId;
use crate::service::case::Deed;
use crate::store::testing::key;
use crate::store::{CaseVariant, StoreErrorCode};

impl House {
    pub(super) fn officer(&self) -> Member {
        Member {
            id: StaffId(Uuid::from_u128(7)),
            roles: [Role::Officer].into(),
            state: AccountState::Active,
            stepped_up_at: self.desk().now(),
        }
    }

    async fn status(&self, reference: &Reference) -> Status {
        self.request(reference).await.status
    }

    /// A job is given up at once.
    async fn gives_up(&self, lane: &str) {
        let claimed = self.one(lane).await;
        let tx = self.worker.db.begin().await.unwrap();
        self.worker.died(&tx, &claimed, "crashed").await.unwrap();
        job::bury(&tx, &claimed, "crashed").await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn why() -> TypedText {
    TypedText::block("called back", 100).unwrap().unwrap()
}

fn goes_down(store: &Fake, code: Option<StoreErrorCode>) {
    *store.down.lock().unwrap() = code;
}

db_test!(a_store_that_was_given_up_is_asked_again_when_staff_say_so, |db| async move {
    let [shop, far] = ["shop", "far"].map(|name| Arc::new(Fake::of_ada(name, &["x"])));
    let house = House::new(&db, stores(&[&shop, &far])).await;
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    let by = house.officer();
    // Once while it is asked who somebody is, and once while it is read.
    for _ in 0..2 {
        goes_down(&far, Some(StoreErrorCode::Denied));
        assert_eq!(house.run_until_idle().await, [JobError::Fail { code: "denied" }]);
        assert_eq!(house.request(&reference).await.blockers, [Blocker::StoreFailed].into());
        goes_down(&far, None);
        let again = house.desk().retry(&by, &reference, Some("far")).await.unwrap();
        assert_eq!(again, Deed::Done);
        assert_eq!(house.request(&reference).await.blockers, [].into());
        let claimed = house.one("store:far").await;
        assert_eq!(house.attend(&claimed).await, None);
    }
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.tasks(&reference).await["far"].tally.rows, 1);
    assert_eq!(house.downloads(&reference, &opened).await.manifest.stores.len(), 2);
});

db_test!(staff_see_when_a_store_is_tried_next, |db| async move {
    let shop = Arc::new(Fake::of_ada("shop", &["x"]));
    let house = House::new(&db, stores(&[&shop])).await;
    let (reference, _) = house.verified(&[Right::Access], ADA).await;
    goes_down(&shop, Some(StoreErrorCode::Unreachable));
    assert!(house.attend(&house.one("store:shop").await).await.is_some());
    let in_a_minute = house.desk().now() + SignedDuration::from_mins(1);
    let by = house.officer();
    let read = house.desk().case(&by, &reference).await.unwrap().unwrap().unwrap();
    assert_eq!(read.tasks[0].retry_at, Some(in_a_minute));
    goes_down(&shop, None);
    assert_eq!(house.attend(&house.one("store:shop").await).await, None);
    assert_eq!(house.tasks(&reference).await["shop"].retry_at, None);
});

db_test!(an_archive_that_was_given_up_is_made_when_staff_say_so, |db| async move {
    let house = House::new(&db, stores(&[&Arc::new(Fake::of_ada("shop", &["x"]))])).await;
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.run_lane("store:shop").await, []);
    house.gives_up(ARCHIVE_LANE).await;
    assert_eq!(house.request(&reference).await.blockers, [Blocker::JobDead].into());
    let by = house.officer();
    assert_eq!(house.desk().retry(&by, &reference, None).await.unwrap(), Deed::Done);
    assert_eq!(house.desk().retry(&by, &reference, None).await.unwrap(), Deed::NotNow);
    assert_eq!(house.run_until_idle().await, []);
    assert!(house.downloads(&reference, &opened).await.holds("x"));
});

db_test!(a_store_that_was_left_out_stands_in_the_archive_with_the_reason, |db| async move {
    let [shop, far] = ["shop", "far"].map(|name| Arc::new(Fake::of_ada(name, &["x"])));
    let house = House::new(&db, stores(&[&shop, &far])).await;
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    // In trouble, and tried again all the time: nobody has to wait until it is given up.
    goes_down(&far, Some(StoreErrorCode::Unreachable));
    assert!(house.attend(&house.one("store:far").await).await.is_some());
    let (by, reason) = (house.officer(), SkipReason::Unreachable);
    let skip = house.desk().skip(&by, &reference, "far", reason, Some(&why())).await;
    assert_eq!(skip.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, [], "what was still to be asked comes to nothing");
    assert_eq!(house.tasks(&reference).await["far"].status, TaskStatus::Skipped);
    let unpacked = house.downloads(&reference, &opened).await;
    let missing = unpacked.text("missing.html");
    assert!(missing.contains("The far store"), "{missing}");
    assert!(missing.contains("could not be reached"), "{missing}");
    assert!(!unpacked.holds("called back"), "a note is for colleagues");
});

/// A request that stops with `blocker` leads to an archive once staff have cleared it.
async fn clears(db: &TestDb, store: Fake, blockers: &[Blocker]) {
    let (store, other) = (Arc::new(store), Arc::new(Fake::of_ada("other", &["of other"])));
    let house = House::new(db, stores(&[&store, &other])).await;
    let (reference, opened) = house.answered(&[Right::Access], ADA).await;
    let by = house.officer();
    for blocker in blockers {
        assert_eq!(house.request(&reference).await.blockers, [*blocker].into());
        let clear = house.desk().clear(&by, &reference, *blocker, &why()).await.unwrap();
        assert_eq!(clear, Deed::Done);
        assert_eq!(house.run_until_idle().await, []);
    }
    assert_eq!(house.status(&reference).await, Status::Fulfilled);
    assert!(house.downloads(&reference, &opened).await.holds("of other"));
}

db_test!(cleared_of_being_two_people, |db| async move {
    let twins = Fake::of_ada("shop", &["x"]).person("email", ADA, "2", &[]);
    clears(&db, twins, &[Blocker::TwoPeople]).await;
});

db_test!(cleared_of_an_unproven_match, |db| async move {
    let mut shop = Fake::of_ada("shop", &["x"]);
    shop.people[0].1.proven = false;
    clears(&db, shop, &[Blocker::UnprovenMatch]).await;
});

db_test!(a_find_that_raises_two_questions_is_cleared_twice, |db| async move {
    let mut twins = Fake::of_ada("shop", &["x"]).person("email", ADA, "2", &[]);
    twins.people[0].1.proven = false;
    clears(&db, twins, &[Blocker::TwoPeople, Blocker::UnprovenMatch]).await;
});

db_test!(cleared_of_having_too_many_keys, |db| async move {
    let mut shop = Fake::of_ada("shop", &["x"]);
    shop.people[0].2 = (0..MAX_KEYS).map(|n| key("user", &n.to_string())).collect();
    clears(&db, shop, &[Blocker::TooManyKeys]).await;
});

db_test!(cleared_of_keys_without_end_it_ends_all_the_same, |db| async move {
    let mut shop = Fake::new("shop", &["email", "user"]);
    shop = shop.person("email", ADA, "1", &[("user", "0")]);
    for n in 0..20 {
        shop = shop.person("user", &n.to_string(), "1", &[("user", &(n + 1).to_string())]);
    }
    clears(&db, shop, &[Blocker::TooManyKeys]).await;
});

db_test!(cleared_of_several_spellings_only_the_exact_one_is_read, |db| async move {
    let variant = |row: &str, stored: &str| CaseVariant {
        person: fake::a_row(row, true),
        stored: stored.into(),
    };
    let mut shop = Fake::new("shop", &["email"]);
    shop.variants = vec![variant("1", "Ada@example.org"), variant("2", "ADA@example.org")];
    clears(&db, shop, &[Blocker::TwoPeople]).await;
});

db_test!(a_hold_calls_back_an_archive_that_is_being_made, |db| async move {
    let house = House::new(&db, stores(&[&Arc::new(Fake::of_ada("shop", &["x"]))])).await;
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.run_lane("store:shop").await, []);
    assert_eq!(house.status(&reference).await, Status::Executing);
    // A worker has it in its hands already.
    let archive = house.archive(&reference).await.id;
    assert!(house.desk().finish_work(archive).await.unwrap().is_some());
    let (by, review) = (house.officer(), house.desk().now() + SignedDuration::from_hours(99));
    let hold = house.desk().hold(&by, &reference, review, &why()).await.unwrap();
    assert_eq!((hold, house.status(&reference).await), (Deed::Done, Status::InReview));
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::NotNow);
    assert_eq!(house.sent(MailKind::ArchiveReady), 0);
    assert_eq!(house.desk().lift_hold(&by, &reference, &why()).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, [], "nothing goes by itself");
    assert_eq!(house.sent(MailKind::ArchiveReady), 0);
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert!(house.downloads(&reference, &opened).await.holds("x"));
});

db_test!(a_hold_over_a_dead_job_ends_with_a_fresh_one, |db| async move {
    let house = House::new(&db, stores(&[&Arc::new(Fake::of_ada("shop", &["x"]))])).await;
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.run_lane("store:shop").await, []);
    house.gives_up(ARCHIVE_LANE).await;
    let (by, review) = (house.officer(), house.desk().now() + SignedDuration::from_hours(99));
    house.desk().hold(&by, &reference, review, &why()).await.unwrap();
    house.desk().lift_hold(&by, &reference, &why()).await.unwrap();
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert!(house.downloads(&reference, &opened).await.holds("x"));
});

/// What staff may open of a request's only collection or file, and how it begins.
async fn look(house: &House, by: &Member, at: &Reference) -> Result<String, Deed> {
    let read = house.desk().case(by, at).await.unwrap().unwrap().unwrap();
    let part = read.contents.first().and_then(|content| content.part);
    let item = house.desk().open_item(by, at, part.unwrap_or(1)).await.unwrap()?;
    let vault = &house.worker.vault;
    let bytes = vault.beginning(&item.key, &item.object, &item.entry, item.most).await.unwrap();
    Ok(String::from_utf8(bytes).unwrap())
}

db_test!(single_things_can_be_looked_at_after_a_look_at_who_asks, |db| async move {
    let house = House::new(&db, stores(&[&Arc::new(Fake::of_ada("shop", &["secret wish"]))])).await;
    let (at, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.run_lane("store:shop").await, []);
    let (by, desk) = (house.officer(), house.desk());
    let other = Member { id: StaffId(Uuid::from_u128(8)), ..house.officer() };
    let agent = Member { roles: [Role::Agent].into(), ..house.officer() };
    assert_eq!(look(&house, &by, &at).await.unwrap_err(), Deed::NotNow, "nobody looked yet");
    desk.reveal(&by, &at, &why()).await.unwrap().unwrap();
    assert!(desk.case(&by, &at).await.unwrap().unwrap().unwrap().can_look);
    assert!(look(&house, &by, &at).await.unwrap().contains("secret wish"));
    assert_eq!(look(&house, &other, &at).await.unwrap_err(), Deed::NotNow, "they did not look");
    assert!(matches!(look(&house, &agent, &at).await.unwrap_err(), Deed::Denied(_)));
    let missing = desk.open_item(&by, &at, 99).await.unwrap().unwrap_err();
    assert_eq!(missing, Deed::NotNow);
    // It is kept, without a value, and the person sees it.
    let read = desk.case(&by, &at).await.unwrap().unwrap().unwrap();
    let event = read.history.iter().rfind(|one| one.kind == "item.revealed").unwrap();
    assert_eq!(event.data["collection"], "note");
    assert_eq!((&event.data["rows"], &event.data["files"]), (&1.into(), &0.into()));
    assert!(!event.data.to_string().contains("secret wish"));
    let page = desk.status_page(&opened.token, Some(&opened.cookie)).await.unwrap().unwrap();
    assert_eq!(page.requests[0].looked_at.len(), 2);
    house.later(1);
    let by = house.officer();
    assert_eq!(look(&house, &by, &at).await.unwrap_err(), Deed::NotNow, "an hour later");
    desk.reveal(&by, &at, &why()).await.unwrap().unwrap();
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(look(&house, &by, &at).await.unwrap_err(), Deed::NotNow, "it has gone out");
});

db_test!(a_file_can_be_looked_at_and_private_content_never, |db| async move {
    for private in [false, true] {
        let mut shop = Fake::of_ada("shop", &["x"]);
        shop.names = vec![FileRef { store: "shop".into(), key: "a.txt".into() }];
        shop.files = [("a.txt".to_owned(), "a picture of a boat".to_owned())].into();
        shop.facts.private_content = private;
        let house = House::new(&db, stores(&[&Arc::new(shop)])).await;
        let (at, _) = house.verified(&[Right::Access], ADA).await;
        assert_eq!(house.run_lane("store:shop").await, []);
        let by = house.officer();
        house.desk().reveal(&by, &at, &why()).await.unwrap().unwrap();
        let read = house.desk().case(&by, &at).await.unwrap().unwrap().unwrap();
        assert_eq!(read.contents.len(), 2);
        for content in &read.contents {
            assert_eq!(content.part.is_none(), private, "{}", content.name);
        }
        let parts = 1..4;
        let mut said = Vec::new();
        for part in parts {
            let item = house.desk().open_item(&by, &at, part).await.unwrap();
            let Ok(item) = item else { continue };
            let vault = &house.worker.vault;
            let read = vault.beginning(&item.key, &item.object, &item.entry, item.most).await;
            said.push(String::from_utf8(read.unwrap()).unwrap());
        }
        assert_eq!(said.iter().any(|text| text == "a picture of a boat"), !private);
        assert_eq!(said.is_empty(), private);
    }
});
