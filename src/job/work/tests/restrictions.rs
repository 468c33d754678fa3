//! Restrictions: reviewed, set, announced to end, lifted.

use super::flags::{ada, everybody, stores};
use super::*;
use crate::db::testing::db_test;
use crate::domain::flag::{Because, FlagKind};
use crate::domain::gather::Blocker;
use crate::domain::state::Status;
use crate::domain::text::TypedText;
use crate::mail::Reply;
use crate::service::case::Deed;
use crate::store::testing::seed;

pub(super) fn reason() -> TypedText {
    TypedText::block("The numbers were right.", 100).unwrap().unwrap()
}

impl House {
    /// Does the job that ends a restriction, whose delay the database counts.
    pub(super) async fn lift(&self, reference: &Reference) {
        let id = self.request(reference).await.id;
        let tx = self.worker.db.begin().await.unwrap();
        self.desk().lift_due(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
    }
}

db_test!(a_restriction_is_reviewed_set_announced_to_end_and_lifted, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, stores(dir.path()).await).await;
    let by = house.officer();
    let reference = house.says_and_proves(Right::Restriction, &[], ADA).await;
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    assert_eq!(house.answer(&ada(), "contract").await, (true, Because::NothingSet));
    let lift = house.desk().announce_lift(&by, &reference, &reason()).await.unwrap();
    assert_eq!(lift, Deed::NotNow, "nothing is restricted yet");
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.answer(&ada(), "contract").await, (false, Because::Restriction));
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
    let frozen = everybody(dir.path()).await;
    let (ada_row, others) = frozen.split_once(' ').unwrap();
    assert!(ada_row.starts_with("1:2026-03-02T"), "{ada_row}");
    assert_eq!(others, "10::0::NEIGHBOUR 11::0::NEIGHBOUR");
    assert!(house.newest(MailKind::Applied).text.contains("Article 18(2)"));

    assert_eq!(house.desk().announce_lift(&by, &reference, &reason()).await.unwrap(), Deed::Done);
    let again = house.desk().announce_lift(&by, &reference, &reason()).await.unwrap();
    assert_eq!(again, Deed::NotNow, "announced once");
    assert_eq!(house.run_until_idle().await, []);
    assert!(house.newest(MailKind::RestrictionEnds).text.contains("The numbers were right."));
    // The clock alone lifts nothing, and nothing is lifted before its hour.
    for hours in [71, 2] {
        assert_eq!(everybody(dir.path()).await, frozen);
        assert_eq!(house.answer(&ada(), "contract").await, (false, Because::Restriction));
        house.later(hours);
    }
    house.lift(&reference).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.answer(&ada(), "contract").await, (true, Because::NothingSet));
    assert_eq!(
        everybody(dir.path()).await,
        "1::0::Ada 10::0::NEIGHBOUR 11::0::NEIGHBOUR",
        "in the store as well"
    );
    let tx = db.begin_read().await.unwrap();
    let flags = tx.flags_of(house.request(&reference).await.id).await.unwrap();
    assert_eq!(flags.len(), 1, "history stays");
    assert_eq!(flags[0].kind, FlagKind::Restriction);
    assert_eq!(flags[0].until, Some(house.clock.now()));
});

db_test!(a_restriction_stays_where_the_mail_about_its_end_was_refused, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, stores(dir.path()).await).await;
    let by = house.officer();
    let reference = house.says_and_proves(Right::Restriction, &[], ADA).await;
    house.desk().release(&by, &reference).await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    let refused = MailError::Recipient(Reply { code: 550, enhanced: Some((5, 1, 1)) });
    *house.mails.refuses.lock().unwrap() = Some((MailKind::RestrictionEnds, refused));
    house.desk().announce_lift(&by, &reference, &reason()).await.unwrap();
    house.run_until_idle().await;
    house.later(80);
    house.lift(&reference).await;
    house.run_until_idle().await;
    assert_eq!(house.answer(&ada(), "contract").await, (false, Because::Restriction));
    assert!(house.request(&reference).await.blockers.contains(&Blocker::MailFailed));
    // Staff can announce it anew.
    *house.mails.refuses.lock().unwrap() = None;
    assert_eq!(
        house.desk().announce_lift(&house.officer(), &reference, &reason()).await.unwrap(),
        Deed::Done
    );
});

db_test!(an_officer_restricts_beside_another_request, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, stores(dir.path()).await).await;
    let by = house.officer();
    let unproved = house.asks(&[Right::Access], ADA).await;
    let deed = house.desk().restrict(&by, &unproved, &reason()).await.unwrap();
    assert_eq!(deed, Deed::NotNow, "anybody can type an address");
    let (access, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.desk().restrict(&by, &access, &reason()).await.unwrap(), Deed::Done);
    assert_eq!(house.answer(&ada(), "contract").await, (false, Because::Restriction));
    let twice = house.desk().restrict(&by, &access, &reason()).await.unwrap();
    assert_eq!(twice, Deed::NotNow, "it is restricted");
    assert_eq!(house.run_until_idle().await, []);
    let page = house.desk().status_page(&opened.token, None).await.unwrap().unwrap();
    let rights: Vec<(Right, Status)> =
        page.requests.iter().map(|read| (read.request.right, read.request.status)).collect();
    assert_eq!(
        rights,
        [(Right::Access, Status::Fulfilled), (Right::Restriction, Status::Fulfilled)],
        "a copy is given all the same"
    );
});

db_test!(two_rows_of_one_key_stop_a_restriction_and_no_opt_out, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let all = stores(dir.path()).await;
    let twins = "INSERT INTO customer(id, email, name) VALUES (2, 'ada@example.org', 'Twin')";
    seed(&dir.path().join("shop.db"), twins).await;
    let house = House::new(&db, all).await;
    let by = house.officer();
    house.says(Right::OptOut, &["marketing"], ADA).await;
    assert_eq!(house.run_until_idle().await, []);
    let reference = house.says_and_proves(Right::Restriction, &[], ADA).await;
    house.desk().release(&by, &reference).await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    let stopped = "1::1::Ada 2::1::Twin 10::0::NEIGHBOUR 11::0::NEIGHBOUR";
    assert_eq!(everybody(dir.path()).await, stopped);
    assert!(house.request(&reference).await.blockers.contains(&Blocker::TwoPeople));
    // In the register it holds all the same.
    assert_eq!(house.answer(&ada(), "contract").await, (false, Because::Restriction));
    let deed = house.desk().clear(&by, &reference, Blocker::TwoPeople, &reason()).await.unwrap();
    assert_eq!(deed, Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
    assert_eq!(everybody(dir.path()).await.matches(":2026-").count(), 2);
});
