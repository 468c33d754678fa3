//! Deletions from the posted form to the signed receipt, and all that stops them on the way.

use std::sync::atomic::Ordering;

use super::shelf::Shelf;
use super::*;
use crate::db::plan::PlanFacts;
use crate::db::staff::Account;
use crate::db::testing::db_test;
use crate::domain::deletion_note::NoteKind;
use crate::domain::erase::{EraseBlocker, EraseBlockerCode, KeptRows, Method, Verdict};
use crate::domain::erasure::StepState;
use crate::domain::plan::PlanDigest;
use crate::domain::record::FileRef;
use crate::domain::request::Outcome;
use crate::domain::staff::{AccountState, Member, Role};
use crate::domain::state::Status;
use crate::domain::text::TypedText;
use crate::ids::StaffId;
use crate::service::case::Deed;

pub(super) const BOB: &str = "bob@example.org";

/// A shop with invoices that are masked, and with people.
pub(super) fn shop() -> Shelf {
    let shelf = Shelf::new(
        "shop",
        &[("visit", Method::Delete), ("invoice", Method::Mask), ("account", Method::Delete)],
    );
    for (collection, row, owner) in [
        ("account", "1", ADA),
        ("account", "2", BOB),
        ("visit", "v1", ADA),
        ("visit", "v2", ADA),
        ("visit", "v3", BOB),
        ("invoice", "i1", ADA),
        ("invoice", "i2", BOB),
    ] {
        shelf.add(collection, row, owner);
    }
    shelf
}

pub(super) fn shelves(all: &[&Arc<Shelf>]) -> Stores {
    let named = |shelf: &&Arc<Shelf>| {
        let store: Arc<dyn crate::store::Store> = Arc::<Shelf>::clone(shelf);
        (store.facts().name.clone(), store)
    };
    all.iter().map(named).collect()
}

pub(super) fn why() -> TypedText {
    TypedText::block("a court has written", 100).unwrap().unwrap()
}

impl House {
    /// Somebody with an account.
    pub(super) async fn works(&self, address: &str, role: Role) -> Member {
        let now = self.desk().now();
        let account = Account {
            name: "Colleague".into(),
            state: AccountState::Active,
            ..Account::invited(
                StaffId(self.worker.entropy.uuid(now)),
                EmailAddress::parse(address).unwrap(),
                [role].into(),
                Language::De,
                now,
            )
        };
        let tx = self.worker.db.begin().await.unwrap();
        tx.insert_account(&account).await.unwrap();
        tx.commit().await.unwrap();
        let Account { id, roles, state, .. } = account;
        Member { id, roles, state, stepped_up_at: now }
    }

    pub(super) async fn two(&self) -> [Member; 2] {
        let first = self.works("one@example.com", Role::Officer).await;
        [first, self.works("two@example.com", Role::Officer).await]
    }

    pub(super) async fn plan(&self, reference: &Reference) -> PlanFacts {
        let id = self.request(reference).await.id;
        self.desk().plan_of(id).await.unwrap().expect("there is a plan")
    }

    pub(super) async fn agrees(&self, by: &Member, reference: &Reference, to: &PlanDigest) -> Deed {
        let by = Member { stepped_up_at: self.desk().now(), ..by.clone() };
        self.desk().approve_deletion(&by, reference, to).await.unwrap()
    }

    /// Both approve what there is.
    pub(super) async fn agreed(&self, by: &[Member; 2], reference: &Reference) {
        let digest = self.plan(reference).await.digest;
        for member in by {
            assert_eq!(self.agrees(member, reference, &digest).await, Deed::Done);
        }
    }

    pub(super) async fn cools_off(&self) {
        self.later(25);
        self.desk().tick().await.unwrap();
    }

    pub(super) async fn states(&self, reference: &Reference) -> Vec<(String, StepState, u64)> {
        let id = self.request(reference).await.id;
        let tx = self.worker.db.begin_read().await.unwrap();
        let steps = tx.steps(id).await.unwrap();
        steps
            .into_iter()
            .map(|step| (format!("{}/{}", step.store, step.collection), step.state, step.changed))
            .collect()
    }

    pub(super) async fn receipt(&self, reference: &Reference) -> serde_json::Value {
        let receipt = self.desk().receipt_for_staff(reference).await.unwrap().expect("a receipt");
        let signed =
            self.worker.signing.public().verify(receipt.body.as_bytes(), &receipt.signature);
        assert!(signed.unwrap().contains(reference.as_str()));
        assert!(!receipt.body.contains("example.org"), "{}", receipt.body);
        serde_json::from_str(&receipt.body).unwrap()
    }

    pub(super) async fn notes(&self) -> Vec<(NoteKind, String, usize)> {
        let notes = self.worker.ledger.deletions().await.unwrap();
        let place = |note: &crate::domain::deletion_note::DeletionNote| {
            format!("{}/{}", note.store, note.collection)
        };
        notes.iter().map(|note| (note.kind, place(note), note.rows.len())).collect()
    }
}

db_test!(a_person_is_deleted_with_proof_and_nobody_else_is_touched, |db| async move {
    let shop = Arc::new(Shelf {
        kept: vec![KeptRows {
            collection: "invoice".into(),
            rows: 1,
            ground: "AO 147".into(),
            until: Some("2034-12-31T23:00:00Z".parse().unwrap()),
            controller: None,
        }],
        ..shop()
    });
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    let told = house.newest(MailKind::ErasurePlanned).text;
    assert!(told.contains("The shop store, visit: 2 entries"), "{told}");
    assert!(told.contains("what points to you, in one entry"), "{told}");
    assert!(told.contains("AO 147, until 31 December 2034"), "{told}");
    assert_eq!(shop.left(ADA).len(), 4, "a plan changes nothing");
    assert_eq!(house.sent(MailKind::ErasureDecided), 0);

    house.agreed(&by, &reference).await;
    assert_eq!(house.request(&reference).await.status, Status::CoolingOff);
    assert_eq!(house.run_until_idle().await, []);
    assert!(house.request(&reference).await.answered_at.is_some(), "the decision is an answer");
    assert_eq!(shop.left(ADA).len(), 4, "cooling-off runs");

    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::KeptInPart)));
    assert_eq!(shop.left(ADA), Vec::<String>::new());
    assert_eq!(shop.left(BOB).len(), 3);
    let done = |place: &str, rows| (place.to_owned(), StepState::Settled, rows);
    assert_eq!(
        house.states(&reference).await,
        [done("shop/visit", 2), done("shop/invoice", 1), done("shop/account", 1)]
    );
    let receipt = house.receipt(&reference).await;
    assert_eq!(receipt["outcome"], "kept_in_part");
    let erased = &receipt["stores"][0]["erased"];
    assert_eq!((&erased[0]["rows"], &erased[0]["verdict"]), (&2.into(), &"gone".into()));
    assert_eq!(
        (&erased[1]["pseudonymised"], &erased[1]["verdict"]),
        (&true.into(), &"masked".into())
    );
    assert_eq!(receipt["stores"][0]["kept"][0]["ground"], "AO 147");
    assert_eq!(receipt["stores"][0]["backups_until"], "2026-04-02T11:00:01Z");
    let done = house.newest(MailKind::Erased).text;
    assert!(done.contains("We have looked again afterwards"), "{done}");
    let mut notes = house.notes().await;
    notes.sort();
    let line = |kind, place: &str, rows| (kind, place.to_owned(), rows);
    assert_eq!(
        notes,
        [
            line(NoteKind::Intended, "shop/account", 1),
            line(NoteKind::Intended, "shop/invoice", 1),
            line(NoteKind::Intended, "shop/visit", 2),
            line(NoteKind::Done, "shop/account", 1),
            line(NoteKind::Done, "shop/invoice", 1),
            line(NoteKind::Done, "shop/visit", 2),
        ]
    );
    let tx = house.worker.db.begin_read().await.unwrap();
    assert_eq!(tx.plan(request.id).await.unwrap(), None, "row names are forgotten");
    assert!(tx.keys_of(request.id).await.unwrap().is_empty());
});

db_test!(two_people_approve_the_plan_as_it_stands_each_once, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let [one, two] = house.two().await;
    let agent = house.works("agent@example.com", Role::Agent).await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    let digest = house.plan(&reference).await.digest;
    let other = PlanDigest::parse(&"0".repeat(64)).unwrap();
    assert!(matches!(house.agrees(&agent, &reference, &digest).await, Deed::Denied(_)));
    assert_eq!(house.agrees(&one, &reference, &other).await, Deed::NotNow);
    assert_eq!(house.agrees(&one, &reference, &digest).await, Deed::Done);
    assert_eq!(house.agrees(&one, &reference, &digest).await, Deed::Done);
    assert_eq!(house.request(&reference).await.status, Status::InReview, "one is not two");
    // The plan is made anew: what was approved before counts no more.
    let fresh = Member { stepped_up_at: house.desk().now(), ..one.clone() };
    assert_eq!(house.desk().renew_plan(&fresh, &reference).await.unwrap(), Deed::Done);
    shop.add("visit", "v9", ADA);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.agrees(&two, &reference, &digest).await, Deed::NotNow);
    let facts = house.plan(&reference).await;
    assert_eq!((facts.round, facts.differences[0].more), (2, 1));
    assert_eq!(house.sent(MailKind::ErasurePlanned), 1, "nobody waits anew");
    assert_eq!(house.agrees(&two, &reference, &facts.digest).await, Deed::Done);
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    assert_eq!(house.agrees(&one, &reference, &facts.digest).await, Deed::Done);
    assert_eq!(house.request(&reference).await.status, Status::CoolingOff);
    assert_eq!(shop.left(ADA).len(), 5);
});

db_test!(a_deletion_that_too_few_can_approve_says_so, |db| async move {
    let house = House::new(&db, shelves(&[&Arc::new(shop())])).await;
    let one = house.works("one@example.com", Role::Officer).await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    let blockers = house.request(&reference).await.blockers;
    assert_eq!(blockers, [Blocker::TooFewApprovers].into());
    let digest = house.plan(&reference).await.digest;
    assert_eq!(house.agrees(&one, &reference, &digest).await, Deed::Done);
    let two = house.works("two@example.com", Role::Officer).await;
    assert_eq!(house.agrees(&two, &reference, &digest).await, Deed::Done);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.blockers), (Status::CoolingOff, [].into()));
});

db_test!(what_stands_in_the_way_keeps_a_plan_from_being_approved, |db| async move {
    let shop = Arc::new(shop());
    shop.blockers.lock().unwrap().push(EraseBlocker {
        code: EraseBlockerCode::Referenced,
        collection: "account".into(),
        by: Some("ticket".into()),
        rows: 1,
    });
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    assert_eq!(house.request(&reference).await.blockers, [Blocker::PlanBlocked].into());
    let digest = house.plan(&reference).await.digest;
    assert_eq!(house.agrees(&by[0], &reference, &digest).await, Deed::NotNow);
    shop.blockers.lock().unwrap().clear();
    assert_eq!(house.desk().renew_plan(&by[0], &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.blockers, [].into());
    house.agreed(&by, &reference).await;
});

db_test!(an_attempt_that_broke_off_is_counted_once, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    shop.cut.store(1, Ordering::SeqCst);
    house.cools_off().await;
    let retry = JobError::Retry { code: "unreachable", after: None };
    assert_eq!(house.run_until_idle().await, [retry]);
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
    assert_eq!(house.states(&reference).await[0], ("shop/visit".into(), StepState::Settled, 2));
    assert_eq!(shop.executed.lock().unwrap().len(), 4);
    assert_eq!(house.notes().await.len(), 6);
});

db_test!(what_comes_back_is_deleted_again_and_then_shown_to_people, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    shop.comes_back.store(50, Ordering::SeqCst);
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.blockers), (Status::Executing, [Blocker::Remains].into()));
    assert!(house.desk().receipt_for_staff(&reference).await.unwrap().is_none());
    shop.comes_back.store(0, Ordering::SeqCst);
    assert_eq!(house.desk().retry(&by[0], &reference, None).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
    assert_eq!(shop.left(ADA), Vec::<String>::new());
});

db_test!(what_can_be_looked_at_only_later_is_owed_until_then, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    let later = house.desk().now() + SignedDuration::from_hours(24 * 10);
    shop.says.lock().unwrap().push(Verdict::NotBefore(later));
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::Pending)));
    assert_eq!(request.follow_ups[0].due_at, later);
    assert!(house.newest(MailKind::Erased).text.contains("only later"));
    house.later(24 * 11);
    house.desk().tick().await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!((request.outcome, request.follow_ups.len()), (Some(Outcome::Full), 0));
    assert_eq!(house.receipt(&reference).await["outcome"], "full");
    assert_eq!(house.sent(MailKind::Erased), 2);
});

db_test!(files_that_rows_name_go_before_the_rows, |db| async move {
    let shop = Arc::new(Shelf {
        names: vec![FileRef { store: "images".into(), key: "a.png".into() }],
        ..shop()
    });
    let images = Arc::new(Shelf::new("images", &[]));
    let house = House::new(&db, shelves(&[&shop, &images])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    let outline = house.plan(&reference).await.outline;
    assert_eq!(outline.stores[0].collections[0].name, "files");
    assert_eq!(outline.stores[1].store, "shop");
    house.agreed(&by, &reference).await;
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.states(&reference).await[0].0, "images/files");
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
});

db_test!(files_are_planned_whichever_store_is_asked_first, |db| async move {
    let shop = Arc::new(Shelf {
        names: vec![FileRef { store: "images".into(), key: "a.png".into() }],
        ..shop()
    });
    let images = Arc::new(Shelf::new("images", &[]));
    let house = House::new(&db, shelves(&[&shop, &images])).await;
    house.two().await;
    for (first, second, who) in [("shop", "images", ADA), ("images", "shop", BOB)] {
        let (reference, _) = house.verified(&[Right::Deletion], who).await;
        // Plans are asked for when the second has been asked who it knows.
        for store in [second, first, second, first, second] {
            assert_eq!(house.run_lane(&store_lane(store)).await, []);
        }
        assert_eq!(house.request(&reference).await.status, Status::InReview, "{first} first");
        let stores = house.plan(&reference).await.outline.stores;
        assert_eq!(stores[0].collections[0].name, "files", "{first} first");
    }
});

db_test!(where_nothing_is_held_the_person_is_told_so, |db| async move {
    let house = House::new(&db, shelves(&[&Arc::new(shop())])).await;
    house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], "eve@example.org").await;
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::NothingFound)));
    assert_eq!(house.sent(MailKind::NothingFound), 1);
});
