//! The deletion of a child's data, from the finding to the receipt.

use super::erase::{BOB, shelves, shop, why};
use super::*;
use crate::db::testing::db_test;
use crate::domain::request::Outcome;
use crate::domain::state::Status;
use crate::service::child::{ChildFound, FoundAt};

db_test!(a_childs_data_go_after_two_approvals_and_without_a_wait, |db| async move {
    let shop = Arc::new(shop());
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let contact = Contact { email: EmailAddress::parse(ADA).ok(), ..Contact::default() };
    let at = FoundAt::Elsewhere { contact, language: Language::En };
    let found = house.desk().child_data_found(&by[0], at, &why()).await.unwrap();
    let ChildFound::Opened(reference) = found else { panic!("{found:?}") };
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::InReview, "never by itself");
    assert_eq!(house.sent(MailKind::Verify), 0);
    let told = house.newest(MailKind::ErasurePlanned).text;
    assert!(told.contains("nobody had to ask for it"), "{told}");

    let plan = house.plan(&reference).await;
    assert_eq!(plan.cooled_at, plan.made_at, "there is nobody who could take it back");
    house.agrees(&by[0], &reference, &plan.digest).await;
    house.desk().tick().await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::InReview, "two have to");
    assert_eq!(shop.left(ADA).len(), 4);
    house.agrees(&by[1], &reference, &plan.digest).await;
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::Full)));
    assert_eq!((shop.left(ADA).len(), shop.left(BOB).len()), (0, 3));
    assert!(house.newest(MailKind::ErasureDecided).text.contains("data that it holds of a child"));
    assert_eq!(house.receipt(&reference).await["outcome"], "full");
});
