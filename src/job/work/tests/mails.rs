//! Mails that a server will not have, or cannot be handed.

use super::fake::{Fake, stores};
use super::*;
use crate::db::testing::db_test;
use crate::mail::Reply;

async fn house(db: &TestDb) -> House {
    House::new(db, stores(&[&Arc::new(Fake::of_ada("shop", &["x"]))])).await
}

db_test!(an_answer_that_the_mailbox_refuses_is_shown_to_staff, |db| async move {
    let house = house(&db).await;
    let refused = MailError::Recipient(Reply { code: 550, enhanced: Some((5, 1, 1)) });
    *house.mails.refuses.lock().unwrap() = Some((MailKind::ArchiveReady, refused));
    let (reference, _) = house.answered(&[Right::Access], ADA).await;
    let request = house.request(&reference).await;
    assert_eq!(request.blockers, [Blocker::MailFailed].into());
    assert_eq!(request.answered_at, None, "nobody was told");
});

db_test!(a_mail_server_that_is_away_gets_the_same_mail_later, |db| async move {
    let house = house(&db).await;
    *house.mails.refuses.lock().unwrap() = Some((MailKind::Verify, MailError::Unreachable));
    let reference = house.asks(&[Right::Access], ADA).await;
    let again = JobError::Retry { code: "unreachable", after: None };
    for _ in 0..3 {
        assert_eq!(house.attend(&house.one(MAIL_LANE).await).await, Some(again.clone()));
    }
    // The ten minutes of a code begin when the server has it.
    house.later(30);
    *house.mails.refuses.lock().unwrap() = None;
    assert_eq!(house.run_until_idle().await, []);
    let tried = house.mails.tried.lock().unwrap().clone();
    assert_eq!((tried.len(), house.sent(MailKind::Verify)), (4, 1));
    assert!(tried.iter().all(|id| *id == tried[0]), "{tried:?}");
    house.types_code(&reference).await;
});

db_test!(a_mail_that_is_sent_while_its_request_moves_is_sent_once, |db| async move {
    let house = house(&db).await;
    let (reference, _) = house.verified(&[Right::Access], ADA).await;
    for lane in ["store:shop", "store:shop", ARCHIVE_LANE] {
        assert_eq!(house.attend(&house.one(lane).await).await, None);
    }
    let claimed = house.one(MAIL_LANE).await;
    let id = house.request(&reference).await.id;
    let raise = async {
        let tx = db.begin().await.unwrap();
        house.desk().raise_hand(&tx, id, Blocker::JobDead, "test").await.unwrap();
        tx.commit().await.unwrap();
    };
    let (done, ()) = tokio::join!(house.worker.run(&claimed), raise);
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.sent(MailKind::Verified) + house.sent(MailKind::ArchiveReady), 2);
});
