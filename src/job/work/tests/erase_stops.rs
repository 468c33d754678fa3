//! What stops a deletion on its way: people, holds, withdrawals, time.

use super::erase::{BOB, shelves, shop, why};
use super::shelf::Shelf;
use super::*;
use crate::db::testing::{TestDb, db_test};
use crate::domain::deletion_note::{DeletionNote, NoteKind};
use crate::domain::erase::Method;
use crate::domain::erasure::StepState;
use crate::domain::request::Outcome;
use crate::domain::staff::Member;
use crate::domain::state::Status;
use crate::service::case::Deed;
use crate::service::withdraw::Wish;

db_test!(a_second_person_stops_a_deletion_that_was_approved, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    shop.add("account", "9", ADA);
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!(
        (request.status, request.blockers),
        (Status::Gathering, [Blocker::TwoPeople].into())
    );
    assert_eq!(shop.left(ADA).len(), 5, "nothing was touched");
});

db_test!(what_has_come_to_a_place_that_was_not_approved_stops_a_deletion, |db| async move {
    let shop = Arc::new(shop());
    let crm = Arc::new(Shelf::new("crm", &[("ticket", Method::Delete)]));
    crm.add("ticket", "t9", BOB);
    let house = House::new(&db, shelves(&[&shop, &crm])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    // In another store, in which there was nothing of hers when people looked.
    crm.add("ticket", "t1", ADA);
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    assert_eq!((shop.left(ADA).len(), crm.left(ADA).len()), (4, 1), "nothing was touched");
    assert!(shop.executed.lock().unwrap().is_empty() && house.notes().await.is_empty());
    let plan = house.plan(&reference).await;
    let [new] = &plan.differences[..] else { panic!("{plan:?}") };
    assert_eq!((&*new.store, &*new.collection, new.more, new.fewer), ("crm", "ticket", 1, 0));
    house.agreed(&by, &reference).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
    assert_eq!((shop.left(ADA).len(), crm.left(ADA).len(), crm.left(BOB).len()), (0, 0, 1));
});

/// A deletion of Ada's that may begin: a ticket of hers in one store, and then what is in a shop.
struct Agreed {
    house: House,
    crm: Arc<Shelf>,
    shop: Arc<Shelf>,
    by: [Member; 2],
    reference: Reference,
}

impl Agreed {
    async fn new(db: &TestDb) -> Self {
        let mut shop = shop();
        shop.methods.insert(0, ("wish".into(), Method::Delete));
        let shop = Arc::new(shop);
        let crm = Shelf::new("crm", &[("ticket", Method::Delete), ("call", Method::Delete)]);
        let crm = Arc::new(crm);
        crm.add("ticket", "t1", ADA);
        let house = House::new(db, shelves(&[&crm, &shop])).await;
        let by = house.two().await;
        let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
        house.agreed(&by, &reference).await;
        house.cools_off().await;
        Self { house, crm, shop, by, reference }
    }

    async fn step(&self, store: &str) {
        let step = self.house.one(&format!("store:{store}")).await;
        assert_eq!(self.house.attend(&step).await, None);
    }

    /// People have to look again.
    async fn is_stopped(&self) {
        assert_eq!(self.house.run_until_idle().await, []);
        assert_eq!(self.house.request(&self.reference).await.status, Status::InReview);
    }

    async fn agree_again(&self) {
        self.house.agreed(&self.by, &self.reference).await;
    }

    async fn ends_well(&self) {
        assert_eq!(self.house.run_until_idle().await, []);
        assert_eq!(self.house.request(&self.reference).await.outcome, Some(Outcome::Full));
        assert_eq!((self.shop.left(ADA).len(), self.crm.left(ADA).len()), (0, 0));
    }
}

db_test!(what_comes_to_a_later_store_midway_stops_a_deletion_there, |db| async move {
    let deletion = Agreed::new(&db).await;
    deletion.step("crm").await;
    deletion.shop.add("wish", "w1", ADA);
    deletion.is_stopped().await;
    assert_eq!(deletion.shop.left(ADA).len(), 5, "nothing was touched there");
    let states = deletion.house.states(&deletion.reference).await;
    assert_eq!(states[0], ("crm/ticket".into(), StepState::Settled, 1));
    deletion.agree_again().await;
    deletion.ends_well().await;
});

db_test!(what_comes_to_where_a_deletion_has_been_stops_it_as_well, |db| async move {
    let deletion = Agreed::new(&db).await;
    let (shop, crm) = (&deletion.shop, &deletion.crm);
    // In a store that is done, and in the middle of one.
    let midway: [(&[&str], _, _); 2] = [(&["crm"], crm, "call"), (&["crm", "shop"], shop, "wish")];
    for (steps, to, place) in midway {
        for store in steps {
            deletion.step(store).await;
        }
        to.add(place, "new", ADA);
        let before = [shop.left(ADA), crm.left(ADA)];
        deletion.is_stopped().await;
        assert_eq!([shop.left(ADA), crm.left(ADA)], before, "nothing more was touched");
        assert!(to.left(ADA).contains(&format!("{place}/new")));
        deletion.agree_again().await;
    }
    assert_eq!(shop.left(ADA).len(), 3, "of four rows and a new one");
    deletion.ends_well().await;
});

db_test!(a_copy_that_was_asked_for_by_another_form_is_made_first, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    let (access, _) = house.verified(&[Right::Access], ADA).await;
    house.cools_off().await;
    assert_eq!(house.request(&reference).await.status, Status::Executing);
    // The worker has its hands full with the copy.
    let step = house.one_of("erase_step").await;
    let waits = house.attend(&step).await;
    assert!(matches!(waits, Some(JobError::Wait { code: "after_access", .. })), "{waits:?}");
    assert_eq!(shop.left(ADA).len(), 4);
    house.settle(0).await;
    house.settle(usize::MAX).await;
    assert_eq!(house.sent(MailKind::ArchiveReady), 1);
    assert!(house.request(&access).await.answered_at.is_some());
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
});

db_test!(a_hold_stops_a_deletion_half_way_and_says_what_is_gone, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    house.cools_off().await;
    let first = house.one("store:shop").await;
    assert_eq!(house.attend(&first).await, None);
    let officer = Member { stepped_up_at: house.desk().now(), ..by[0].clone() };
    let review = house.desk().now() + SignedDuration::from_hours(240);
    let held = house.desk().hold(&officer, &reference, review, &why()).await.unwrap();
    assert_eq!(held, Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(shop.left(ADA), ["account/1", "invoice/i1"]);
    let states = house.states(&reference).await;
    assert_eq!(states[0], ("shop/visit".into(), StepState::Settled, 2));
    assert_eq!(states[1].1, StepState::Waiting);
    let digest = house.plan(&reference).await.digest;
    assert_eq!(house.agrees(&by[0], &reference, &digest).await, Deed::NotNow, "held");
    // Lifted: the stores are asked anew, and the rest is approved anew.
    let lifted = house.desk().lift_hold(&officer, &reference, &why()).await.unwrap();
    assert_eq!(lifted, Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    house.agreed(&by, &reference).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
    assert_eq!(shop.left(ADA), Vec::<String>::new());
    let receipt = house.receipt(&reference).await;
    assert_eq!(receipt["stores"][0]["erased"].as_array().unwrap().len(), 3);
});

db_test!(a_hold_on_another_request_of_the_person_keeps_their_data, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (access, _) = house.verified(&[Right::Access], ADA).await;
    let review = house.desk().now() + SignedDuration::from_hours(240);
    house.desk().hold(&by[0], &access, review, &why()).await.unwrap();
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    let digest = house.plan(&reference).await.digest;
    assert_eq!(house.agrees(&by[0], &reference, &digest).await, Deed::NotNow);
    let fresh = Member { stepped_up_at: house.desk().now(), ..by[0].clone() };
    house.desk().lift_hold(&fresh, &access, &why()).await.unwrap();
    assert_eq!(house.agrees(&by[0], &reference, &digest).await, Deed::Done);
});

db_test!(a_deletion_can_be_taken_back_before_and_stopped_midway, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, opened) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    let back = house.desk().withdraw(&opened.token, Some(&opened.cookie), &reference).await;
    assert_eq!(back.unwrap(), Wish::Done);
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(shop.left(ADA).len(), 4);
    assert!(house.desk().receipt_for_staff(&reference).await.unwrap().is_none());

    let (reference, opened) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    house.cools_off().await;
    let first = house.one("store:shop").await;
    assert_eq!(house.attend(&first).await, None);
    let cookie = house.unlock(&opened.token).await;
    let back = house.desk().withdraw(&opened.token, Some(&cookie), &reference).await;
    assert_eq!(back.unwrap(), Wish::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(shop.left(ADA), ["account/1", "invoice/i1"]);
    let receipt = house.receipt(&reference).await;
    assert_eq!(receipt["outcome"], "withdrawn");
    assert_eq!(receipt["stores"][0]["erased"].as_array().unwrap().len(), 1);
});

db_test!(an_approval_is_over_after_three_days, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    house.later(24 + 73);
    house.desk().tick().await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    assert_eq!(shop.left(ADA).len(), 4);
    assert_eq!(house.plan(&reference).await.round, 2);
    house.agreed(&by, &reference).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
});

db_test!(a_step_that_the_ledger_knows_as_done_is_not_taken_again, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    let ledger = &house.worker.ledger;
    assert_eq!(ledger.received().await.unwrap(), std::slice::from_ref(&reference));
    house.agreed(&by, &reference).await;
    house.cools_off().await;
    // The database is a backup from before the step, which the store has done since.
    let id = house.request(&reference).await.id;
    let tx = house.worker.db.begin_read().await.unwrap();
    let step = tx.steps(id).await.unwrap().remove(0);
    drop(tx);
    shop.rows.lock().unwrap().remove(&step.collection);
    let done = DeletionNote {
        kind: NoteKind::Done,
        reference: reference.to_string(),
        step: step.id,
        tries: 0,
        at: house.desk().now(),
        plan: "ab".repeat(32),
        store: step.store,
        collection: step.collection,
        method: step.method,
        fields: Vec::new(),
        categories: None,
        root: String::new(),
        keys: Vec::new(),
        rows: Vec::new(),
        marks: Vec::new(),
    };
    ledger.keep_deletion(&done).await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
    assert_eq!(*shop.executed.lock().unwrap(), ["shop/invoice", "shop/account"]);
});
