//! Mails to staff, from what happened to what lies in their mailbox.

use uuid::Uuid;

use super::fake::{Fake, stores};
use super::*;
use crate::db::staff::Account;
use crate::db::testing::db_test;
use crate::domain::staff::{AccountState, Role};
use crate::ids::StaffId;
use crate::mail::Reply;
use crate::store::StoreErrorCode;

impl House {
    /// Somebody who works here.
    async fn employs(&self, number: u128, address: &str, role: Role) {
        let (id, email) = (StaffId(Uuid::from_u128(number)), EmailAddress::parse(address).unwrap());
        let now = self.desk().now();
        let account = Account {
            name: "Colleague".into(),
            state: AccountState::Active,
            ..Account::invited(id, email, [role].into(), Language::En, now)
        };
        let tx = self.worker.db.begin().await.unwrap();
        tx.insert_account(&account).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Time has passed, and the service looks what that brings about.
    async fn looks(&self) {
        self.desk().tick().await.unwrap();
        self.run_lane(MAIL_LANE).await;
    }

    /// What staff were mailed so far: to whom, subject, text.
    fn told(&self) -> Vec<(String, String, String)> {
        let sent = self.mails.sent.lock().unwrap();
        let told = sent.iter().filter(|mail| mail.kind == MailKind::StaffNotice);
        told.map(|one| (one.to.as_str().to_owned(), one.subject.clone(), one.text.clone()))
            .collect()
    }
}

db_test!(staff_are_mailed_what_runs_out_and_what_is_stuck, |db| async move {
    let shop = Arc::new(Fake::of_ada("shop", &["x"]));
    let house = House::new(&db, stores(&[&shop])).await;
    house.employs(1, "officer@example.com", Role::Officer).await;
    house.employs(2, "auditor@example.com", Role::Auditor).await;
    *shop.down.lock().unwrap() = Some(StoreErrorCode::Unreachable);
    let (at, _) = house.verified(&[Right::Access], ADA).await;
    house.later(36);
    house.looks().await;
    let [(to, subject, text)] = &house.told()[..] else { panic!("{:?}", house.told()) };
    assert_eq!(to, "officer@example.com");
    for words in [subject, text] {
        assert!(words.contains(at.as_str()), "{words}");
        assert!(!words.to_lowercase().contains("ada"), "{words}");
    }
    assert!(text.contains("50 % of the promised time"), "{text}");
    house.looks().await;
    assert_eq!(house.told().len(), 1, "once");
    // The store is given up, which is told with the next look, however much time there is.
    let claimed = house.one("store:shop").await;
    let tx = db.begin().await.unwrap();
    house.worker.died(&tx, &claimed, "unreachable").await.unwrap();
    job::bury(&tx, &claimed, "unreachable").await.unwrap();
    tx.commit().await.unwrap();
    house.looks().await;
    assert!(house.told()[1].2.contains("a system could not be searched"), "{:?}", house.told());
    house.later(18);
    house.looks().await;
    house.later(18);
    house.looks().await;
    assert!(house.told()[2].2.contains("75 %"), "{:?}", house.told());
    assert!(house.told()[3].2.contains("the promised time is over"), "{:?}", house.told());
    assert_eq!(house.sent(MailKind::Late), 1, "the person is told too");
});

db_test!(an_officer_whose_mailbox_refuses_holds_nobody_up, |db| async move {
    let house = House::new(&db, stores(&[&Arc::new(Fake::of_ada("shop", &["x"]))])).await;
    house.employs(1, "officer@example.com", Role::Officer).await;
    house.verified(&[Right::Access], ADA).await;
    let refused = MailError::Recipient(Reply { code: 550, enhanced: Some((5, 1, 1)) });
    *house.mails.refuses.lock().unwrap() = Some((MailKind::StaffNotice, refused));
    house.later(36);
    house.looks().await;
    *house.mails.refuses.lock().unwrap() = None;
    house.looks().await;
    assert_eq!(house.told(), [], "what was refused for good is not tried for ever");
    house.later(18);
    house.looks().await;
    assert!(house.told()[0].2.contains("75 %"), "{:?}", house.told());
});
