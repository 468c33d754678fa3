//! A proof of who asks grows old, and what it is not enough for any more waits for a fresh one.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::*;
use crate::db::testing::db_test;
use crate::domain::gather::Blocker;
use crate::domain::queue::Turn;
use crate::domain::request::Assurance;
use crate::domain::staff::{AccountState, Member, Role};
use crate::domain::state::Status;
use crate::ids::StaffId;
use crate::service::case::Deed;

const BANK: &str = "user.financial.bank_account";
const MAIL: &str = "user.contact.email";

impl Office {
    fn decides(&self) -> Member {
        Member {
            id: StaffId(Uuid::from_u128(7)),
            roles: [Role::Officer].into(),
            state: AccountState::Active,
            stepped_up_at: self.desk.now(),
        }
    }

    /// Does the stores' jobs, which find data of one kind.
    async fn finds(&self, id: RequestId, kind: &str) {
        for task in self.tasks(id).await {
            let work = self.desk.locate_work(task.id).await.unwrap().unwrap();
            let told = self.shop.locate(&work.keys).await.unwrap();
            let tx = self.db.begin().await.unwrap();
            self.desk.located(&tx, task.id, &work, told).await.unwrap();
            tx.commit().await.unwrap();
        }
        for task in self.tasks(id).await {
            let work = self.desk.gather_work(task.id).await.unwrap().unwrap();
            let kinds = BTreeSet::from([kind.to_owned()]);
            let read =
                Read { tally: Tally { rows: 1, kinds, ..Tally::default() }, ..Read::default() };
            let tx = self.db.begin().await.unwrap();
            self.desk.store_gathered(&tx, &work, Some(read)).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    async fn released(&self, case: &Case) -> Deed {
        self.desk.release(&self.decides(), &case.reference).await.unwrap()
    }
}

db_test!(a_release_long_after_the_proof_asks_for_a_fresh_code_once, |db| async move {
    let office = Office::reviewed(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.finds(case.id, BANK).await;
    office.send().await;
    let request = office.request(&case.reference).await;
    assert_eq!((request.status, request.blockers), (Status::InReview, [].into()), "as ever");

    office.pass(days(90) + minutes(1));
    assert_eq!(office.released(&case).await, Deed::ProofFirst);
    let mails = office.send().await;
    assert_eq!(only(&mails, MailKind::ProofNeeded).to, ADA);
    let request = office.request(&case.reference).await;
    assert_eq!(request.blockers, [Blocker::ProofStale].into());
    assert_eq!((request.status, request.turn()), (Status::InReview, Turn::Person));
    office.pass(days(2));
    assert_eq!(office.released(&case).await, Deed::NotNow);
    assert_eq!(kinds(&office.send().await), [], "asked once");

    office.unlock(&case).await;
    let request = office.request(&case.reference).await;
    assert_eq!((request.status, request.blockers.len()), (Status::InReview, 0));
    assert_eq!((request.waited, request.turn()), (days(2), Turn::Staff));
    assert_eq!(office.released(&case).await, Deed::Done);
    let events = office.events(case.id).await;
    let told = |kind: &str| events.iter().filter(|event| *event == kind).count();
    assert_eq!((told("proof.renewal_asked"), told("proof.renewed")), (1, 1));
});

db_test!(plain_data_and_a_code_typed_meanwhile_need_nothing, |db| async move {
    let office = Office::reviewed(db);
    let plain = office.open(ADA, &[Right::Access]).await;
    office.finds(plain.id, MAIL).await;
    let other = office.open("eve@example.org", &[Right::Access]).await;
    office.finds(other.id, BANK).await;
    office.send().await;
    office.pass(days(89));
    office.unlock(&other).await;
    office.pass(days(89));
    for case in [plain, other] {
        assert_eq!(office.released(&case).await, Deed::Done);
        assert!(!kinds(&office.send().await).contains(&MailKind::ProofNeeded));
    }
});

db_test!(an_officer_who_has_looked_is_proof_enough, |db| async move {
    let office = Office::with(db, settings());
    let case = office.open(ADA, &[Right::Export]).await;
    office.pass(days(91));
    office.finds(case.id, BANK).await;
    let request = office.request(&case.reference).await;
    assert_eq!(request.status, Status::InReview, "nothing goes by itself");
    assert_eq!(request.blockers, [Blocker::ProofStale].into());
    let words = TypedText::block("called the number on file", 100).unwrap().unwrap();
    let by = office.decides();
    let cleared = office.desk.clear(&by, &case.reference, Blocker::ProofStale, &words).await;
    assert_eq!(cleared.unwrap(), Deed::Done);
    let request = office.request(&case.reference).await;
    assert_eq!((request.status, request.assurance), (Status::Executing, Assurance::StaffChecked));
    assert_eq!((request.blockers, request.cleared), ([].into(), [].into()));
});

db_test!(what_was_held_does_not_go_by_itself_with_the_code, |db| async move {
    let office = Office::with(db, settings());
    let case = office.open(ADA, &[Right::Access]).await;
    office.pass(days(91));
    office.finds(case.id, BANK).await;
    let (by, words) = (office.decides(), TypedText::block("a doubt", 100).unwrap().unwrap());
    let until = office.desk.now() + days(9);
    assert_eq!(office.desk.hold(&by, &case.reference, until, &words).await.unwrap(), Deed::Done);
    assert_eq!(office.desk.lift_hold(&by, &case.reference, &words).await.unwrap(), Deed::Done);
    office.send().await;
    office.unlock(&case).await;
    let request = office.request(&case.reference).await;
    assert_eq!((request.status, request.blockers), (Status::InReview, [].into()));
});
