//! The status page and its private part.

use super::*;
use crate::db::testing::db_test;
use crate::service::withdraw::Wish;

async fn is_open(office: &Office, token: &Token, cookie: &Token) -> bool {
    office.desk.status_page(token, Some(cookie)).await.unwrap().unwrap().unlocked
}

db_test!(a_code_opens_it_for_half_an_hour, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    office.pass(minutes(29));
    assert!(is_open(&office, &case.token, &case.cookie).await);
    office.pass(minutes(1));
    assert!(!is_open(&office, &case.token, &case.cookie).await);
    let cookie = office.unlock(&case).await;
    assert!(is_open(&office, &case.token, &cookie).await);
    // The link of any mail leads to the same page.
    office.gather(case.id).await;
    office.finish(case.id).await;
    let link = only(&office.send().await, MailKind::ArchiveReady).link("/status/");
    assert!(is_open(&office, &link, &cookie).await);
});

db_test!(the_cookie_of_another_form_opens_nothing, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    let other = office.open("mallory@example.org", &[Right::Access]).await;
    office.send().await;
    assert!(!is_open(&office, &case.token, &other.cookie).await);
    let wish = office.desk.withdraw(&case.token, Some(&other.cookie), &case.reference).await;
    assert_eq!(wish.unwrap(), Wish::Locked);
    let wish = office.desk.withdraw(&other.token, Some(&other.cookie), &case.reference).await;
    assert_eq!(wish.unwrap(), Wish::Gone);
    office.desk.send_status_code(&other.token).await.unwrap();
    office.desk.send_status_code(&case.token).await.unwrap();
    let mails = office.send().await;
    let others = mails.iter().find(|mail| mail.to != ADA).unwrap().code();
    let typed = office.desk.unlock(&case.token, &others).await.unwrap();
    assert!(matches!(typed, Typed::Wrong { left: 4 }));
    // Neither is a status link a cookie, nor a verify link a status link.
    assert!(!is_open(&office, &case.token, &case.token).await);
});

db_test!(links_die_ninety_days_after_closing, |db| async move {
    let office = Office::over(db);
    let case = office.fulfilled(ADA).await;
    office.pass(days(11));
    office.tick().await;
    let late = only(&office.send().await, MailKind::ArchiveReminder).link("/status/");
    office.pass(days(78));
    for token in [&case.token, &late] {
        assert!(office.desk.status_page(token, None).await.unwrap().is_some());
    }
    office.pass(days(1));
    for token in [&case.token, &late] {
        assert!(office.desk.status_page(token, None).await.unwrap().is_none());
    }
});

db_test!(links_live_while_anything_of_the_form_is_open, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access, Right::Export]).await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    office.pass(days(100));
    office.tick().await;
    assert!(office.desk.status_page(&case.token, None).await.unwrap().is_some());
});
