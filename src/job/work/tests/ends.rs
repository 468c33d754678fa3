//! Withdrawals, expiry, renewal, and answers without data.

use super::fake::{Fake, stores};
use super::*;
use crate::db::archive::ArchiveState;
use crate::db::testing::db_test;
use crate::domain::record::FileRef;
use crate::domain::request::Outcome;
use crate::domain::state::Status;
use crate::service::withdraw::Wish;

async fn house(db: &TestDb, shop: &Arc<Fake>) -> House {
    House::new(db, stores(&[shop])).await
}

async fn withdraws(house: &House, reference: &Reference, opened: &Opened) {
    let wish = house.desk().withdraw(&opened.token, Some(&opened.cookie), reference).await;
    assert_eq!(wish.unwrap(), Wish::Done);
}

db_test!(nothing_anywhere_is_an_answer_that_names_the_stores, |db| async move {
    let shop = Arc::new(Fake::new("shop", &["email"]));
    let house = house(&db, &shop).await;
    let (reference, _) = house.answered(&[Right::Access], ADA).await;
    let request = house.request(&reference).await;
    assert_eq!(request.status, Status::Fulfilled);
    assert_eq!(request.outcome, Some(Outcome::NothingFound));
    assert_eq!(request.answered_at, Some(house.clock.now()));
    assert!(house.newest(MailKind::NothingFound).text.contains("The shop store"));
    assert_eq!((house.objects(), house.sent(MailKind::ArchiveReady)), (0, 0));
    assert_eq!(house.archive(&reference).await.wrapped_key, None);
});

db_test!(a_gap_is_not_emptiness, |db| async move {
    let mut shop = Fake::of_ada("shop", &[]);
    shop.names.push(FileRef { store: "shop".into(), key: "gone".into() });
    let house = house(&db, &Arc::new(shop)).await;
    let (reference, _) = house.answered(&[Right::Access], ADA).await;
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Partial));
    assert_eq!((house.sent(MailKind::NothingFound), house.sent(MailKind::ArchiveReady)), (0, 1));
});

db_test!(a_request_withdrawn_while_a_store_is_read_leaves_nothing, |db| async move {
    let mut shop = Fake::of_ada("shop", &["x"]);
    shop.names.push(FileRef { store: "shop".into(), key: "a".into() });
    shop.files.insert("a".into(), "file".into());
    let shop = Arc::new(shop);
    let house = house(&db, &shop).await;
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.attend(&house.one("store:shop").await).await, None);
    let reading = house.one("store:shop").await;
    // The job has begun; meanwhile the objects are dropped, and then it writes on.
    let work = house.desk().gather_work(task_of(&reading)).await.unwrap().unwrap();
    let part = house.desk().take_part(work.archive).await.unwrap();
    withdraws(&house, &reference, &opened).await;
    let drops = house.one(HOUSE_LANE).await;
    let late = house.worker.vault.put(&work.key, part, &OsEntropy, b"late").await.unwrap();
    assert_eq!(late.size, 4);
    let waits = house.attend(&drops).await;
    assert!(matches!(waits, Some(JobError::Retry { code: "still_gathering", .. })), "{waits:?}");
    house.worker.vault.put(&work.key, part, &OsEntropy, b"later").await.unwrap();
    assert_eq!(house.attend(&reading).await, None, "it ends quietly");
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.objects(), 0);
    assert_eq!(house.archive(&reference).await.wrapped_key, None);
    assert!(house.tasks(&reference).await.is_empty());
    assert_eq!(house.sent(MailKind::Withdrawn), 1);
});

fn task_of(claimed: &Claimed) -> crate::ids::TaskId {
    match serde_json::from_str(&claimed.payload).unwrap() {
        Job::Gather { task, .. } => task,
        other => panic!("{other:?}"),
    }
}

db_test!(an_archive_withdrawn_while_it_is_put_together_goes, |db| async move {
    let shop = Arc::new(Fake::of_ada("shop", &["x"]));
    let house = house(&db, &shop).await;
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.run_lane("store:shop").await, []);
    assert_eq!(house.request(&reference).await.status, Status::Executing);
    assert_eq!(house.objects(), 1);
    let finishing = house.one(ARCHIVE_LANE).await;
    // Work that was handed out before the withdrawal is finished after it.
    let id = house.archive(&reference).await.id;
    let work = house.desk().finish_work(id).await.unwrap().unwrap();
    withdraws(&house, &reference, &opened).await;
    let object = house.worker.vault.put(&work.key, 9, &OsEntropy, b"zip").await.unwrap();
    let sum = crate::archive::segment::Sha256Sum([0; 32]);
    let made = crate::archive::finish::Finished { object, size: 3, sha256: sum };
    let tx = db.begin().await.unwrap();
    assert!(!house.desk().archive_finished(&tx, id, &made).await.unwrap());
    drop(tx);
    assert_eq!(house.attend(&finishing).await, None);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!((house.objects(), house.sent(MailKind::ArchiveReady)), (0, 0));
    assert_eq!(house.archive(&reference).await.state, ArchiveState::Gone);
});

db_test!(an_expired_archive_is_gone_for_good_and_can_be_made_again, |db| async move {
    let shop = Arc::new(Fake::of_ada("shop", &["x"]));
    let house = house(&db, &shop).await;
    let (reference, opened) = house.answered(&[Right::Access], ADA).await;
    house.downloads(&reference, &opened).await;
    let old = house.archive(&reference).await;
    let answered = house.request(&reference).await.answered_at;
    house.later(14 * 24 + 1);
    let ticked = house.desk().tick().await.unwrap();
    assert_eq!(ticked.expired, 1);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.objects(), 0);
    let epochs = EpochKeys::open(&house.folder.path().join("keys")).unwrap();
    let wrapped = old.wrapped_key.unwrap();
    assert!(
        epochs.unwrap(old.id.0, &wrapped).await.is_err(),
        "a copy of key and object opens no more"
    );

    let cookie = house.unlock(&opened.token).await;
    let wish = house.desk().renew(&opened.token, Some(&cookie), &reference).await.unwrap();
    assert_eq!(wish, Wish::Done);
    assert_eq!(house.run_until_idle().await, []);
    let new = house.archive(&reference).await;
    assert_ne!(new.id, old.id);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.answered_at), (Status::Fulfilled, answered));
    assert!(house.downloads(&reference, &opened).await.holds("\"x\""));
    assert_eq!((house.objects(), house.sent(MailKind::ArchiveReady)), (1, 2));
});

db_test!(a_look_at_what_is_due_never_ends, |db| async move {
    let shop = Arc::new(Fake::of_ada("shop", &["x"]));
    let house = house(&db, &shop).await;
    house.desk().start_ticking().await.unwrap();
    let claimed = house.one(HOUSE_LANE).await;
    let tx = db.begin().await.unwrap();
    job::bury(&tx, &claimed, "crashed").await.unwrap();
    house.worker.died(&tx, &claimed, "crashed").await.unwrap();
    tx.commit().await.unwrap();
    let due = job::next_due(&db, &house.lanes).await.unwrap();
    assert!(due.is_some_and(|wait| wait > Duration::ZERO), "in a minute: {due:?}");
});
