//! What a person writes on the status page.

use super::*;
use crate::db::testing::db_test;
use crate::service::message::{MESSAGE_LENGTH, MESSAGES_A_DAY};
use crate::service::withdraw::Wish;

async fn write(office: &Office, case: &Case, cookie: Option<&Token>, words: &str) -> Wish {
    let text = TypedText::block(words, MESSAGE_LENGTH).unwrap().unwrap();
    office.desk.write_message(&case.token, cookie, &text).await.unwrap()
}

db_test!(they_are_kept_sealed_and_shown_behind_the_cookie, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    let words = "please mind the quokka in my account";
    assert_eq!(write(&office, &case, None, words).await, Wish::Locked);
    assert_eq!(write(&office, &case, Some(&case.cookie), words).await, Wish::Done);

    let page = office.desk.status_page(&case.token, None).await.unwrap().unwrap();
    assert!(page.messages.is_empty());
    let page = office.desk.status_page(&case.token, Some(&case.cookie)).await.unwrap().unwrap();
    assert_eq!(page.messages[0].body, words);
    assert!(office.events(case.id).await.contains(&"message.received".to_owned()));
    // PostgreSQL compares what it stores; SQLite's file is searched byte for byte in `canary`.
    assert_eq!(office.count("message", "octet_length(body) > 36").await, 1);
    if let Some(bytes) = office.db.bytes_on_disk() {
        assert!(!bytes.windows(6).any(|window| window == b"quokka"));
    }
});

db_test!(there_is_an_end_to_them, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    for _ in 0..MESSAGES_A_DAY {
        assert_eq!(write(&office, &case, Some(&case.cookie), "again").await, Wish::Done);
    }
    assert_eq!(write(&office, &case, Some(&case.cookie), "again").await, Wish::TooLate);
    office.send().await;
    office.pass(hours(24));
    let cookie = office.unlock(&case).await;
    assert_eq!(write(&office, &case, Some(&cookie), "a new day").await, Wish::Done);
});
