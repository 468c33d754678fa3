//! "This was not me."

use super::*;
use crate::db::testing::db_test;
use crate::domain::request::Outcome;
use crate::domain::state::Status;
use crate::service::verify::VerifyPage;

db_test!(not_me_cancels_forgets_and_leaves_the_mailbox_in_peace, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access, Right::Export]).await;
    let mails = office.send().await;
    let mail = only(&mails, MailKind::Verify);
    let link = mail.link("/verify/");
    // A fresh code is under way when the owner says so.
    assert!(office.desk.send_fresh_code(&Door::Link(link.clone())).await.unwrap());
    assert!(office.desk.disown(&link).await.unwrap());

    for request in office.requests(&reference).await {
        assert_eq!(request.status, Status::Withdrawn);
        assert_eq!(request.outcome, Some(Outcome::NotIdentified));
    }
    assert_eq!(office.count("intake", "contact IS NULL AND contact_tag IS NULL").await, 1);
    assert_eq!(office.count("outbox", "sealed IS NOT NULL").await, 0);
    assert!(office.send().await.is_empty(), "what was queued is not sent any more");
    assert!(matches!(office.desk.verify_page(&link).await.unwrap(), VerifyPage::Gone));
    assert!(!office.desk.disown(&link).await.unwrap());
    assert!(matches!(office.verify(&reference, &mail.code()).await, Typed::Gone));

    // Whoever goes on asking in that name sees nothing, and nothing comes, in any spelling.
    office.pass(minutes(90));
    let again = office.ask("Ada+x@example.org", &[Right::Access]).await;
    assert!(office.desk.is_open(&again).await.unwrap());
    assert!(office.desk.send_fresh_code(&Door::Reference(again)).await.unwrap());
    for _ in 0..8 {
        office.pass(days(1));
        office.tick().await;
        assert!(office.send().await.is_empty(), "no reminder and no last mail either");
    }
    office.pass(days(22));
    office.tick().await;
    office.ask(ADA, &[Right::Access]).await;
    assert_eq!(office.send().await.len(), 1, "after 30 days");
});

db_test!(a_blocked_mailbox_still_gets_what_its_own_request_needs, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    office.ask("ada+stranger@example.org", &[Right::Access]).await;
    let link = only(&office.send().await, MailKind::Verify).link("/verify/");
    assert!(office.desk.disown(&link).await.unwrap());

    office.gather(case.id).await;
    office.finish(case.id).await;
    assert_eq!(kinds(&office.send().await), [MailKind::ArchiveReady]);
    office.fetch(&case).await;
});

db_test!(a_verified_request_cannot_be_disowned_by_its_old_link, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access]).await;
    let mails = office.send().await;
    let mail = only(&mails, MailKind::Verify);
    office.enter(reference.clone(), &mail.code()).await;
    assert!(!office.desk.disown(&mail.link("/verify/")).await.unwrap());
    assert_eq!(office.request(&reference).await.status, Status::Gathering);
    assert_eq!(office.count("intake", "contact IS NOT NULL").await, 1);
});

db_test!(not_me_ends_the_whole_form, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access, Right::Export]).await;
    office.send().await;
    let (desk, cookie) = (&office.desk, Some(&case.cookie));
    desk.withdraw(&case.token, cookie, &case.reference).await.unwrap();
    desk.undo_withdrawal(&case.token, cookie, &case.reference).await.unwrap();
    let link = only(&office.send().await, MailKind::Verify).link("/verify/");
    assert!(desk.disown(&link).await.unwrap());
    for request in office.requests(&case.reference).await {
        assert_eq!(request.status, Status::Withdrawn, "nobody is left to answer");
    }
    assert_eq!(office.count("archive", "wrapped_key IS NOT NULL").await, 0);
    assert!(office.send().await.is_empty());
});
