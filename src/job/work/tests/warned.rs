//! Whoever the stores know by another address, and all that they may say.

use super::erase::{BOB, shelves, shop, why};
use super::shelf::Shelf;
use super::*;
use crate::db::testing::db_test;
use crate::domain::staff::{Member, Role};
use crate::domain::state::Status;
use crate::service::case::Deed;
use crate::service::child::{ChildFound, FoundAt};
use crate::service::deletion::StopPage;

const OTHER: &str = "ada@work.example";

/// A shop that knows each person by another address too.
fn house_shelf() -> Arc<Shelf> {
    Arc::new(Shelf { also: Some(OTHER.to_owned()), ..shop() })
}

impl House {
    /// The token of the newest warning, and to whom it went.
    fn warning(&self) -> (String, Token) {
        let mail = self.newest(MailKind::ErasureWarning);
        let link = mail.text.lines().find_map(|line| line.split_once("/stop/")).unwrap().1;
        (mail.to.as_str().to_owned(), Token::parse(link.trim()).unwrap())
    }

    async fn stops(&self, token: &Token) -> StopPage {
        self.desk().stop_deletion(token).await.unwrap()
    }
}

db_test!(another_address_is_warned_and_may_only_stop_the_deletion, |db| async move {
    let shop = house_shelf();
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    assert_eq!(
        (house.sent(MailKind::ErasureWarning), house.sent(MailKind::ErasurePlanned)),
        (1, 1)
    );
    let (to, token) = house.warning();
    assert_eq!(to, OTHER);
    assert!(matches!(house.desk().stop_page(&token).await.unwrap(), StopPage::Open { .. }));
    house.agreed(&by, &reference).await;
    assert_eq!(house.request(&reference).await.status, Status::CoolingOff);

    assert!(matches!(house.stops(&token).await, StopPage::Stopped));
    assert!(matches!(house.desk().stop_page(&token).await.unwrap(), StopPage::Stopped));
    let request = house.request(&reference).await;
    assert_eq!(request.status, Status::InReview, "held, and not withdrawn");
    let hold = request.hold.expect("held");
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(shop.left(ADA).len(), 4, "nothing is gone");
    assert!(matches!(house.stops(&token).await, StopPage::Stopped), "said twice");
    assert_eq!(house.request(&reference).await.hold, Some(hold));
    house.later(1);
    house.desk().tick().await.unwrap();
    house.run_lane(MAIL_LANE).await;
    let notice = house.newest(MailKind::StaffNotice).text;
    assert!(notice.contains("kontaktiert werden"), "{notice}");
    assert!(!notice.contains(OTHER), "{notice}");
    let read = house.desk().case(&by[0], &reference).await.unwrap().unwrap().unwrap();
    assert_eq!(read.called.len(), 1);
    assert!(!read.called[0].contains("ada@"), "masked: {:?}", read.called);

    // An officer has spoken with them; what was approved before counts no more.
    let officer = Member { stepped_up_at: house.desk().now(), ..by[0].clone() };
    let lifted = house.desk().lift_hold(&officer, &reference, &why()).await.unwrap();
    assert_eq!(lifted, Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.sent(MailKind::ErasureWarning), 1, "warned once");
    assert!(matches!(house.desk().stop_page(&token).await.unwrap(), StopPage::Open { .. }));
    house.agreed(&by, &reference).await;
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(shop.left(ADA), Vec::<String>::new());
    assert!(matches!(house.stops(&token).await, StopPage::Over), "too late");
    assert_eq!(shop.left(BOB).len(), 3, "nobody else's");
});

db_test!(a_warning_stops_a_deletion_half_way, |db| async move {
    let shop = house_shelf();
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    house.cools_off().await;
    assert_eq!(house.request(&reference).await.status, Status::Executing);
    let first = house.one("store:shop").await;
    assert_eq!(house.attend(&first).await, None);
    let (_, token) = house.warning();
    assert!(matches!(house.stops(&token).await, StopPage::Stopped));
    house.run_until_idle().await;
    assert_eq!(shop.executed.lock().unwrap().len(), 1, "the next step is not taken");
    assert_eq!(house.request(&reference).await.status, Status::InReview);
});

db_test!(the_link_of_a_warning_opens_nothing_else, |db| async move {
    let shop = house_shelf();
    let house = House::new(&db, shelves(&[&shop])).await;
    house.works("one@example.com", Role::Officer).await;
    let (reference, opened) = house.answered(&[Right::Deletion], ADA).await;
    let (_, token) = house.warning();
    assert!(matches!(house.stops(&opened.token).await, StopPage::Gone), "no link of a warning");
    assert!(!house.desk().disown(&token).await.unwrap());
    assert!(house.desk().status_page(&token, None).await.unwrap().is_none());
    assert!(house.request(&reference).await.hold.is_none());
});

db_test!(each_deletion_of_a_form_is_warned_of_and_stopped_by_itself, |db| async move {
    let shop = house_shelf();
    let house = House::new(&db, shelves(&[&shop])).await;
    let by = house.two().await;
    let (first, _) = house.answered(&[Right::Deletion], ADA).await;
    let (_, before) = house.warning();
    let found = FoundAt::Request(first.clone());
    let opened = house.desk().child_data_found(&by[0], found, &why()).await.unwrap();
    let ChildFound::Opened(second) = opened else { panic!("{opened:?}") };
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.sent(MailKind::ErasureWarning), 2);
    let (to, token) = house.warning();
    assert_eq!(to, OTHER);
    assert!(matches!(house.stops(&token).await, StopPage::Stopped));
    assert!(house.request(&second).await.hold.is_some());
    assert!(house.request(&first).await.hold.is_none(), "the other one is not meant");
    assert!(matches!(house.stops(&before).await, StopPage::Stopped));
    assert!(house.request(&first).await.hold.is_some());
});
