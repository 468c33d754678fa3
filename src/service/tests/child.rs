//! Data of a child that the company must not hold: found, opened, and before all others.

use uuid::Uuid;

use super::*;
use crate::db::testing::db_test;
use crate::domain::policy::Denied;
use crate::domain::queue::{QueueFilter, View};
use crate::domain::request::{AnswerWay, Assurance, Channel, Scope};
use crate::domain::staff::{AccountState, Member, Role};
use crate::domain::state::Status;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::StaffId;
use crate::service::case::Deed;
use crate::service::child::{ChildFound, FoundAt};
use crate::service::withdraw::Wish;

impl Office {
    fn somebody(&self, role: Role) -> Member {
        Member {
            id: StaffId(Uuid::from_u128(7)),
            roles: [role].into(),
            state: AccountState::Active,
            stepped_up_at: self.desk.now(),
        }
    }

    async fn finds_child(&self, at: FoundAt) -> ChildFound {
        let why = TypedText::block("the mother wrote that he is nine", 100).unwrap().unwrap();
        self.desk.child_data_found(&self.somebody(Role::Officer), at, &why).await.unwrap()
    }

    /// The references of a page of the queue, and which of them are marked.
    async fn queue(&self, filter: &QueueFilter) -> Vec<(Reference, bool)> {
        let by = self.somebody(Role::Agent);
        let read = self.desk.queue(&by, filter, None).await.unwrap().unwrap();
        read.rows.into_iter().map(|row| (row.request.reference, row.child_data)).collect()
    }
}

fn elsewhere(contact: Contact) -> FoundAt {
    FoundAt::Elsewhere { contact, language: Language::En }
}

db_test!(what_is_found_at_a_request_opens_a_deletion_that_nobody_verifies, |db| async move {
    let office = Office::reviewed(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    office.pass(hours(5));
    let at = FoundAt::Request(case.reference.clone());
    let why = TypedText::block("a guess", 100).unwrap().unwrap();
    let agent = office.somebody(Role::Agent);
    let denied = office.desk.child_data_found(&agent, at.clone(), &why).await.unwrap();
    assert_eq!(denied, ChildFound::Not(Deed::Denied(Denied::Role)));

    let ChildFound::Opened(opened) = office.finds_child(at.clone()).await else {
        panic!("it opens");
    };
    let request = office.request(&opened).await;
    assert_eq!((request.right, &request.scope), (Right::Deletion, &Scope::Everything));
    assert_eq!((request.channel, request.assurance), (Channel::Staff, Assurance::StaffChecked));
    assert_eq!((request.status, request.answers_by), (Status::Gathering, AnswerWay::Mail));
    assert_eq!(
        (request.received_at(), request.verified_at),
        (office.desk.now(), Some(office.desk.now()))
    );
    assert_eq!(kinds(&office.send().await), [], "nobody has to verify it");
    let tx = office.db.begin_read().await.unwrap();
    let particulars = tx.particulars_of(request.id).await.unwrap();
    assert_eq!((particulars.about, particulars.child_data), (Some(case.id), true));
    drop(tx);
    assert!(office.events(case.id).await.contains(&"child_data.found".to_owned()));
    let by = office.somebody(Role::Officer);
    let read = office.desk.case(&by, &opened).await.unwrap().unwrap().unwrap();
    assert!(read.thread.iter().any(|one| one.body.contains("he is nine")), "the ground stays");
    assert_eq!(office.finds_child(at).await, ChildFound::Not(Deed::NotNow), "one is enough");
    let cookie = office.unlock(&case).await;
    let withdrawn = office.desk.withdraw(&case.token, Some(&cookie), &opened).await.unwrap();
    assert_eq!(withdrawn, Wish::TooLate, "what nobody asked for nobody takes back");
});

db_test!(what_is_found_elsewhere_is_entered_by_an_address_or_keys, |db| async move {
    let office = Office::over(db);
    assert_eq!(
        office.finds_child(elsewhere(Contact::default())).await,
        ChildFound::NothingToSearchBy
    );
    assert_eq!(office.count("request", "1 = 1").await, 0);
    let address = Contact { email: Some(email("child@example.org")), ..Contact::default() };
    let key = SubjectKey::new(KeyKind::new("user"), "17").unwrap();
    let keys = Contact { identifiers: vec![key], ..Contact::default() };
    for (contact, way) in [(address, AnswerWay::Mail), (keys, AnswerWay::Letter)] {
        let ChildFound::Opened(opened) = office.finds_child(elsewhere(contact)).await else {
            panic!("it opens");
        };
        let request = office.request(&opened).await;
        assert_eq!((request.status, request.answers_by), (Status::Gathering, way));
    }
    assert_eq!(kinds(&office.send().await), []);
});

db_test!(a_child_stands_first_in_the_queue_and_once, |db| async move {
    let office = Office::reviewed(db);
    let older = office.open(ADA, &[Right::Access]).await;
    office.pass(days(2));
    let contact = Contact { email: Some(email("child@example.org")), ..Contact::default() };
    let ChildFound::Opened(child) = office.finds_child(elsewhere(contact)).await else {
        panic!("it opens");
    };
    let first = [(child.clone(), true), (older.reference.clone(), false)];
    assert_eq!(office.queue(&QueueFilter::of(View::Open)).await, first);
    assert_eq!(office.queue(&QueueFilter::of(View::Unowned)).await, first);
    assert_eq!(office.queue(&QueueFilter::of(View::Mine)).await, []);
    let access = QueueFilter { right: Some(Right::Access), ..QueueFilter::of(View::Open) };
    assert_eq!(office.queue(&access).await, first[1..]);
    let by = office.somebody(Role::Officer);
    let why = TypedText::block("It is an adult.", 100).unwrap().unwrap();
    let ground = crate::domain::decision::RefusalGround::Unfounded;
    assert_eq!(office.desk.refuse(&by, &child, ground, &why).await.unwrap(), Deed::Done);
    office.send().await;
    assert_eq!(office.queue(&QueueFilter::of(View::Open)).await, first[1..]);
});
