//! The whole way, over real stores.

use crate::db::testing::db_test;
use crate::domain::request::Outcome;
use crate::domain::state::Status;
use crate::store::testing::{FACTS, seed};

use super::*;

pub(super) const CANARY: &str = "NEIGHBOUR";

/// A shop and its pictures, where Ada and a neighbour have rows and files.
pub(super) async fn shop(dir: &Path) -> Stores {
    seed(
        &dir.join("shop.db"),
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT, name TEXT, guess TEXT);
         CREATE TABLE upload(id INTEGER PRIMARY KEY, customer_id INTEGER, path TEXT);
         INSERT INTO customer VALUES (1, 'ada@example.org', 'Ada', 'likes cats'),
             (10, 'grace@example.org', 'NEIGHBOUR', 'NEIGHBOUR');
         INSERT INTO upload VALUES (1, 1, '1/a.txt'), (2, 1, '1/a.txt'), (3, 1, '1/gone.txt'),
             (4, 10, '10/NEIGHBOUR.txt');",
    )
    .await;
    for (path, text) in [("1/a.txt", "mine"), ("1/b.txt", "too"), ("10/NEIGHBOUR.txt", CANARY)] {
        let path = dir.join("images/up").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let given = FACTS.replace("recipients = []", "recipients = [\"Payment provider\"]");
    opened(
        dir,
        &format!(
            "[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{given}\
             [store.shop.table.customer]\nperson = true\n\
             who = {{ email = \"email\", user = \"id\" }}\n\
             field = {{ email = \"user.contact.email\", name = \"user.name\", \
             guess = {{ is = \"user.behavior\", origin = \"inferred\" }} }}\n\
             [store.shop.table.upload]\nvia = \"customer_id -> customer.id\"\n\
             field = {{ path = {{ is = \"user.content\", blob = \"images:up/{{value}}\" }} }}\n\
             [store.images]\nkind = \"objects\"\nurl = \"file:images\"\n{FACTS}\
             [store.images.prefix.up]\nkey = \"up/{{user}}/\"\nis = \"user.content\"\n"
        ),
    )
}

db_test!(a_group_of_two_rights_gets_exactly_the_persons_data, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let (first, opened) = house.answered(&[Right::Access, Right::Export], ADA).await;
    let page = house.desk().status_page(&opened.token, Some(&opened.cookie)).await.unwrap();
    let requests: Vec<Request> =
        page.unwrap().requests.into_iter().map(|read| read.request).collect();
    assert_eq!(requests.len(), 2);
    assert!(requests.iter().any(|request| request.reference == first));
    assert_eq!(house.sent(MailKind::ArchiveReady), 2);
    let answered = Some(house.clock.now());
    for request in requests {
        assert_eq!(request.status, Status::Fulfilled);
        assert_eq!(request.outcome, Some(Outcome::Partial), "a file is missing");
        assert_eq!(request.answered_at, answered);
        let unpacked = house.downloads(&request.reference, &opened).await;
        let access = request.right == Right::Access;
        assert!(!unpacked.holds(CANARY) && unpacked.holds("ada@example.org"));
        assert_eq!(unpacked.files.contains_key("about-your-data.html"), access);
        assert_eq!(unpacked.holds("likes cats"), access, "concluded, not provided");
        assert_eq!(unpacked.holds("guess"), access);
        assert!(unpacked.files.contains_key("missing.html"));
        let rows: Vec<&str> = unpacked.text("data/shop/upload.ndjson").lines().collect();
        assert_eq!(rows.len(), 3);
        let files: Vec<&String> =
            unpacked.files.keys().filter(|name| name.starts_with("files/")).collect();
        assert_eq!(files, ["files/images/a.txt", "files/images/b.txt"], "each file once");
        assert_eq!(unpacked.text("files/images/a.txt"), "mine");
        let tasks = house.tasks(&request.reference).await;
        assert_eq!((tasks["shop"].tally.rows, tasks["images"].tally.files), (4, 2));
        assert_eq!(tasks["shop"].tally.gaps.iter().map(|gap| gap.count).sum::<u64>(), 1);
    }
    assert_eq!(house.objects(), 2, "the archives alone; segments are gone");
});
