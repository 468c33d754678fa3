//! An account rests while its deletion is approved and not over.

use super::restrictions::reason;
use super::*;
use crate::db::testing::db_test;
use crate::domain::state::Status;
use crate::service::case::Deed;
use crate::service::withdraw::Wish;
use crate::store::testing::{FACTS, seed};

const FROZEN: &str =
    "SELECT coalesce(group_concat(name || ':' || (frozen IS NOT NULL), ' '), '') FROM customer";

async fn shop(dir: &Path) -> Stores {
    seed(
        &dir.join("shop.db"),
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT, name TEXT, frozen TEXT);
         INSERT INTO customer(id, email, name) VALUES (1, 'ada@example.org', 'Ada'),
             (2, 'bob@example.org', 'Bob');",
    )
    .await;
    opened(
        dir,
        &format!(
            "[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{FACTS}\
             [store.shop.table.customer]\nperson = true\nerase = \"delete\"\n\
             who = {{ email = \"email\", user = \"id\" }}\n\
             field = {{ email = \"user.contact.email\", name = \"user.name\" }}\n\
             restrict = {{ column = \"frozen\" }}\n"
        ),
    )
}

async fn frozen(dir: &Path) -> String {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("shop.db"));
    let mut to = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query_scalar(FROZEN).fetch_one(&mut to).await.unwrap()
}

db_test!(an_account_rests_from_the_approval_until_it_is_taken_back, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let by = house.two().await;
    let (reference, opened) = house.answered(&[Right::Deletion], ADA).await;
    let digest = house.plan(&reference).await.digest;
    assert_eq!(house.agrees(&by[0], &reference, &digest).await, Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(frozen(dir.path()).await, "Ada:0 Bob:0", "one officer is not enough");
    assert_eq!(house.agrees(&by[1], &reference, &digest).await, Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(frozen(dir.path()).await, "Ada:1 Bob:0");
    let back = house.desk().withdraw(&opened.token, Some(&opened.cookie), &reference).await;
    assert_eq!(back.unwrap(), Wish::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(frozen(dir.path()).await, "Ada:0 Bob:0");
    let tx = db.begin_read().await.unwrap();
    let left = tx.frozen_of(house.request(&reference).await.id).await.unwrap();
    assert_eq!(left, [], "and its keys are forgotten");
});

db_test!(an_account_that_rests_is_deleted_all_the_same, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(frozen(dir.path()).await, "Ada:1 Bob:0");
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
    assert_eq!(frozen(dir.path()).await, "Bob:0");
    let tx = db.begin_read().await.unwrap();
    assert_eq!(tx.frozen_of(house.request(&reference).await.id).await.unwrap(), []);
});

db_test!(who_had_their_data_restricted_before_keeps_that, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let by = house.two().await;
    let (reference, opened) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    assert_eq!(house.run_until_idle().await, []);
    let back = house.desk().withdraw(&opened.token, Some(&opened.cookie), &reference).await;
    assert_eq!(back.unwrap(), Wish::Done);
    // Before the store is told that the deletion is off, the person has their data restricted.
    assert_eq!(house.desk().restrict(&by[0], &reference, &reason()).await.unwrap(), Deed::NotNow);
    let restriction = house.says_and_proves(Right::Restriction, &[], ADA).await;
    house.desk().release(&house.officer(), &restriction).await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(frozen(dir.path()).await, "Ada:1 Bob:0");
});
