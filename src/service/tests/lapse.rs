//! Nobody types the code.

use super::*;
use crate::db::testing::db_test;
use crate::domain::state::Status;
use crate::service::verify::VerifyPage;

/// A form that has lapsed, and the link of its last mail.
async fn lapsed(office: &Office) -> (Reference, Token) {
    let reference = office.ask(ADA, &[Right::Access]).await;
    office.send().await;
    office.pass(days(7));
    office.tick().await;
    let link = only(&office.send().await, MailKind::Lapsed).link("/verify/");
    (reference, link)
}

db_test!(a_reminder_is_sent_once_after_a_day, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access]).await;
    office.send().await;
    office.pass(minutes(24 * 60 - 1));
    office.tick().await;
    assert!(office.send().await.is_empty());
    office.pass(minutes(1));
    office.tick().await;
    let mails = office.send().await;
    assert_eq!(kinds(&mails), [MailKind::Reminder]);
    for _ in 0..5 {
        office.pass(days(1));
        office.tick().await;
    }
    assert!(office.send().await.is_empty());
    // Its link leads to the page where a fresh code can be had.
    let door = Door::Link(mails[0].link("/verify/"));
    assert!(office.desk.send_fresh_code(&door).await.unwrap());
    let code = only(&office.send().await, MailKind::Verify).code();
    office.enter(reference, &code).await;
});

db_test!(after_seven_days_the_address_is_forgotten, |db| async move {
    let office = Office::over(db);
    let (reference, link) = lapsed(&office).await;
    assert_eq!(office.request(&reference).await.status, Status::Lapsed);
    assert_eq!(office.count("intake", "contact IS NULL AND contact_tag IS NOT NULL").await, 1);
    assert_eq!(office.count("outbox", "sealed IS NOT NULL").await, 0);
    assert_eq!(office.count("request", "1 = 1").await, 1, "the line in the register stays");
    assert!(matches!(office.desk.verify_page(&link).await.unwrap(), VerifyPage::Lapsed { .. }));
    office.tick().await;
    assert!(office.send().await.is_empty());
});

db_test!(an_outage_does_not_bring_reminder_and_last_mail_together, |db| async move {
    let office = Office::over(db);
    office.ask(ADA, &[Right::Access]).await;
    office.send().await;
    office.pass(days(9));
    office.tick().await;
    assert_eq!(kinds(&office.send().await), [MailKind::Lapsed]);
});

db_test!(the_same_address_resumes_with_the_old_date_and_a_fresh_code, |db| async move {
    let office = Office::over(db);
    let (reference, link) = lapsed(&office).await;
    let received = office.request(&reference).await.received_at();
    office.pass(days(2));
    assert!(office.desk.resume(&link, &email(ADA)).await.unwrap());
    let code = only(&office.send().await, MailKind::Verify).code();
    let case = office.enter(reference.clone(), &code).await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    assert_eq!(office.request(&reference).await.received_at(), received);
    // What was resumed is a request like any other: nothing ends when the time to resume does.
    office.pass(days(22));
    office.tick().await;
    assert_eq!(office.count("intake", "contact IS NOT NULL").await, 1);
    assert!(office.desk.status_page(&case.token, None).await.unwrap().is_some());
});

db_test!(another_address_resumes_nothing_and_sees_the_same, |db| async move {
    let office = Office::over(db);
    let (reference, link) = lapsed(&office).await;
    for other in ["mallory@example.org", "Ada@example.org", "ada+1@example.org"] {
        assert!(office.desk.resume(&link, &email(other)).await.unwrap());
    }
    assert!(office.send().await.is_empty());
    assert_eq!(office.request(&reference).await.status, Status::Lapsed);
    assert_eq!(office.count("intake", "contact IS NULL").await, 1);
});

db_test!(from_the_statutory_date_on_hash_and_links_are_gone, |db| async move {
    let office = Office::over(db);
    let (reference, link) = lapsed(&office).await;
    // Received on 2 March: due on 2 April, to the end of the day.
    office.pass(days(24) + hours(14));
    assert!(!office.desk.resume(&link, &email(ADA)).await.unwrap());
    office.tick().await;
    assert!(matches!(office.desk.verify_page(&link).await.unwrap(), VerifyPage::Gone));
    assert_eq!(office.count("intake", "contact_tag IS NULL").await, 1);
    office.pass(minutes(1));
    office.tick().await;
    assert_eq!(office.count("link_token", "1 = 1").await, 0);
    assert_eq!(office.request(&reference).await.status, Status::Lapsed);
});

db_test!(a_request_that_lapses_leaves_the_others_of_its_form_their_address, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access, Right::Export]).await;
    let (desk, cookie) = (&office.desk, Some(&case.cookie));
    desk.withdraw(&case.token, cookie, &case.reference).await.unwrap();
    desk.undo_withdrawal(&case.token, cookie, &case.reference).await.unwrap();
    office.send().await;
    office.pass(days(8));
    office.tick().await;
    assert_eq!(office.request(&case.reference).await.status, Status::Lapsed);
    office.send().await;
    let requests = office.requests(&case.reference).await;
    let other = requests.iter().find(|request| request.status == Status::Gathering).unwrap();
    office.gather(other.id).await;
    office.finish(other.id).await;
    assert_eq!(kinds(&office.send().await), [MailKind::ArchiveReady], "it is still answered");
});
