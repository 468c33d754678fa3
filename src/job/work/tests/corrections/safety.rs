//! What is more than a plain change: what people are found by, stops midway, crashes.

use super::*;
use crate::domain::change::Applied;
use crate::domain::correction::NOTICE;
use crate::domain::request::Assurance;
use crate::mail::Reply;
use crate::service::correction::ToCorrect;
use crate::service::verify::VerifyPage;
use crate::service::withdraw::Wish;

db_test!(
    what_people_are_found_by_needs_more_than_a_mailbox_a_notice_and_two_days,
    |db| async move {
        let dir = tempfile::tempdir().unwrap();
        let house = House::new(&db, two_stores(dir.path()).await).await;
        let (reference, _) = house.wants(&[("email", "lovelace@example.org")]).await;
        assert_eq!(house.request(&reference).await.status, Status::InReview, "never by itself");
        let mail = house.target(&reference, "shop", "email", "lovelace@example.org").await;
        let apply = || Decision::Apply(vec![mail.clone()]);
        let weak = house.decide(&reference, 0, apply()).await;
        assert_eq!(weak, Weighed::Fault(ChangeFault::NeedsProof));
        let by = house.approver();
        let checked = house.desk().check_person(&by, &reference, &words("called back")).await;
        assert_eq!(checked.unwrap(), Deed::Done);
        assert_eq!(house.request(&reference).await.assurance, Assurance::StaffChecked);
        house.approve(&reference, vec![mail]).await;
        assert_eq!(house.run_until_idle().await, []);
        let sent = house.mails.sent.lock().unwrap().clone();
        let to: Vec<String> = (sent.iter())
            .filter(|mail| mail.kind == MailKind::ChangeNotice)
            .map(|mail| mail.to.as_str().to_owned())
            .collect();
        assert_eq!(to, [ADA, "lovelace@example.org"]);
        for notice in sent.iter().filter(|mail| mail.kind == MailKind::ChangeNotice) {
            assert!(!notice.text.contains("@example.org\n") && !notice.text.contains("lovelace"));
        }
        let before = say(dir.path(), "shop.db", SHOP).await;
        house.clock.advance(NOTICE - SignedDuration::from_secs(1));
        // However early the job may run, the time is looked at again.
        let early = house.time_comes_once(&db).await;
        assert!(matches!(early, Some(JobError::Wait { code: "notice", .. })), "{early:?}");
        assert_eq!(say(dir.path(), "shop.db", SHOP).await, before);
        house.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(house.time_comes(&db).await, []);
        assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
        assert!(say(dir.path(), "shop.db", SHOP).await.starts_with("lovelace@example.org Adda"));
    }
);

impl House {
    /// The one job that writes, at whatever time.
    async fn time_comes_once(&self, db: &TestDb) -> Option<JobError> {
        db.run("UPDATE job SET run_at = 0 WHERE kind = 'correct'").await;
        let claimed = self.one("store:shop").await;
        self.attend(&claimed).await
    }

    /// A change of the address, approved and told.
    async fn notified(&self) -> (Reference, Opened) {
        let (reference, opened) = self.wants(&[("email", "lovelace@example.org")]).await;
        let by = self.approver();
        self.desk().check_person(&by, &reference, &words("called back")).await.unwrap();
        let mail = self.target(&reference, "shop", "email", "lovelace@example.org").await;
        self.approve(&reference, vec![mail]).await;
        assert_eq!(self.run_until_idle().await, []);
        (reference, opened)
    }
}

db_test!(whoever_is_told_and_did_not_ask_stops_it, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, two_stores(dir.path()).await).await;
    let before = say(dir.path(), "shop.db", SHOP).await;
    let (reference, _) = house.notified().await;
    let text = house.newest(MailKind::ChangeNotice).text;
    let from = text.find("/verify/").unwrap() + "/verify/".len();
    let token = Token::parse(&text[from..from + 43]).unwrap();
    let page = house.desk().verify_page(&token).await.unwrap();
    assert!(matches!(page, VerifyPage::Changing { .. }), "{page:?}");
    assert!(house.desk().disown(&token).await.unwrap());
    house.clock.advance(NOTICE);
    assert_eq!(house.time_comes(&db).await, []);
    let request = house.request(&reference).await;
    assert_eq!(
        (request.status, request.outcome),
        (Status::Withdrawn, Some(Outcome::NotIdentified))
    );
    assert_eq!(say(dir.path(), "shop.db", SHOP).await, before);
    assert_eq!(db.number("SELECT count(*) FROM change").await, 0);
});

db_test!(a_change_of_which_nobody_could_be_told_comes_back, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, two_stores(dir.path()).await).await;
    let before = say(dir.path(), "shop.db", SHOP).await;
    let (reference, _) = house.wants(&[("email", "lovelace@example.org")]).await;
    let by = house.approver();
    house.desk().check_person(&by, &reference, &words("called back")).await.unwrap();
    let reply = MailError::Recipient(Reply { code: 550, enhanced: None });
    *house.mails.refuses.lock().unwrap() = Some((MailKind::ChangeNotice, reply));
    let mail = house.target(&reference, "shop", "email", "lovelace@example.org").await;
    house.approve(&reference, vec![mail]).await;
    house.run_until_idle().await;
    house.clock.advance(NOTICE + NOTICE);
    assert_eq!(house.time_comes(&db).await, []);
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    assert_eq!(say(dir.path(), "shop.db", SHOP).await, before);
});

db_test!(a_hold_or_a_withdrawal_midway_stops_before_the_next_store, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, two_stores(dir.path()).await).await;
    let (reference, opened) = house.wants(&[("the name", "Ada")]).await;
    let targets = vec![
        house.target(&reference, "shop", "name", "Ada").await,
        house.target(&reference, "fleet", "name", "Ada").await,
    ];
    house.approve(&reference, targets).await;
    assert_eq!(house.attend(&house.one("store:shop").await).await, None);
    let by = house.approver();
    let day = house.desk().now() + SignedDuration::from_hours(24);
    assert_eq!(house.desk().hold(&by, &reference, day, &words("court")).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(say(dir.path(), "fleet.db", FLEET).await, "Adda;NEIGHBOUR");
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::NotNow, "held");
    house.desk().lift_hold(&by, &reference, &words("over")).await.unwrap();
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    let cookie = house.unlock(&opened.token).await;
    let wish = house.desk().withdraw(&opened.token, Some(&cookie), &reference).await;
    assert_eq!(wish.unwrap(), Wish::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(say(dir.path(), "fleet.db", FLEET).await, "Adda;NEIGHBOUR");
    assert!(say(dir.path(), "shop.db", SHOP).await.starts_with("ada@example.org Ada Old"));
    let page = house.desk().status_page(&opened.token, Some(&cookie)).await.unwrap().unwrap();
    assert_eq!(page.requests[0].changes[0].fate(), Fate::Part, "it says what was changed");
    // Wanted after all: what is done stays done, the rest is decided anew.
    let wish = house.desk().undo_withdrawal(&opened.token, Some(&cookie), &reference).await;
    assert_eq!(wish.unwrap(), Wish::Done);
    house.run_lane(MAIL_LANE).await;
    house.types_code(&reference).await;
    assert_eq!(house.run_until_idle().await, []);
    let change = house.changes(&reference).await.remove(0);
    assert_eq!((change.verdict, change.steps.len()), (Some(Verdict::Apply), 1));
});

db_test!(a_crash_anywhere_leaves_each_change_made_once_or_pending, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, two_stores(dir.path()).await).await;
    let (reference, _) = house.wants(&[("the name", "Ada")]).await;
    let targets = vec![
        house.target(&reference, "shop", "name", "Ada").await,
        house.target(&reference, "fleet", "name", "Ada").await,
    ];
    house.approve(&reference, targets).await;
    let task = house.tasks(&reference).await["shop"].id;
    let work = || async {
        match house.desk().correct_work(task).await.unwrap() {
            ToCorrect::Go(work) => work,
            other => panic!("{other:?}"),
        }
    };
    // Written, and dead before it is recorded.
    let dead = work().await;
    let shop = house.desk().stores()["shop"].correct().unwrap();
    let keys: Vec<_> =
        dead.keys.iter().filter(|key| key.kind.as_str() == "email").cloned().collect();
    assert_eq!(shop.apply(&keys, &dead.edits()).await.unwrap(), Applied::Done);
    assert_eq!(house.changes(&reference).await[0].pending().count(), 2);
    // Somebody declines it meanwhile; what was written is known all the same.
    let by = house.approver();
    let day = house.desk().now() + SignedDuration::from_hours(24);
    house.desk().hold(&by, &reference, day, &words("court")).await.unwrap();
    house.desk().lift_hold(&by, &reference, &words("over")).await.unwrap();
    let decline = Decision::Decline(DeclineGround::Accurate, words("it is right"));
    house.decide(&reference, 0, decline).await;
    let tx = house.worker.db.begin().await.unwrap();
    house.desk().corrected(&tx, &dead, &Applied::Done).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(house.changes(&reference).await[0].fate(), Fate::Part);
    let fleet = house.target(&reference, "fleet", "name", "Ada").await;
    house.approve(&reference, vec![fleet]).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
    assert_eq!(say(dir.path(), "fleet.db", FLEET).await, "Ada;NEIGHBOUR");
    // Recorded twice is recorded once.
    let tx = house.worker.db.begin().await.unwrap();
    house.desk().corrected(&tx, &dead, &Applied::Done).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(house.changes(&reference).await[0].steps.len(), 2);
});
