//! Codes that prove an address.

use futures::future::join_all;

use super::*;
use crate::db::testing::db_test;

const WRONG: &str = "2222-2222";

/// A form whose mail was handed over, and its code.
async fn asked(office: &Office) -> (Reference, String) {
    let reference = office.ask(ADA, &[Right::Access]).await;
    let code = only(&office.send().await, MailKind::Verify).code();
    assert_ne!(code, WRONG);
    (reference, code)
}

db_test!(a_code_is_good_for_five_tries, |db| async move {
    let office = Office::over(db);
    let (reference, code) = asked(&office).await;
    for left in [4, 3, 2, 1] {
        let typed = office.verify(&reference, WRONG).await;
        assert!(matches!(typed, Typed::Wrong { left: l } if l == left), "{typed:?}");
    }
    assert!(matches!(office.verify(&reference, WRONG).await, Typed::TooMany));
    assert!(
        matches!(office.verify(&reference, &code).await, Typed::TooMany),
        "the sixth, though right"
    );
    // A fresh one opens.
    assert!(office.desk.send_fresh_code(&Door::Reference(reference.clone())).await.unwrap());
    let code = only(&office.send().await, MailKind::Verify).code();
    office.enter(reference, &code).await;
});

db_test!(the_fifth_try_may_be_the_right_one, |db| async move {
    let office = Office::over(db);
    let (reference, code) = asked(&office).await;
    for _ in 0..4 {
        office.verify(&reference, WRONG).await;
    }
    office.enter(reference, &code.to_lowercase().replace('-', " ")).await;
});

db_test!(ten_minutes_count_from_the_hand_over_of_the_mail, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access]).await;
    office.pass(hours(60)); // the mail server was away
    office.tick().await; // and what is old was looked for meanwhile
    let mails = office.send().await;
    let code = only(&mails, MailKind::Verify).code();
    office.pass(minutes(9));
    office.enter(reference, &code).await;

    let (late, code) = asked(&office).await;
    office.pass(minutes(10));
    assert!(matches!(office.verify(&late, &code).await, Typed::Expired));
    assert!(matches!(office.verify(&late, WRONG).await, Typed::Expired));
});

db_test!(a_fresh_code_takes_the_place_of_the_old_one, |db| async move {
    let office = Office::over(db);
    // At once, so that both are of the same instant.
    for _ in 0..2 {
        let (reference, old) = asked(&office).await;
        assert!(office.desk.send_fresh_code(&Door::Reference(reference.clone())).await.unwrap());
        let mails = office.send().await;
        let fresh = only(&mails, MailKind::Verify);
        assert!(matches!(office.verify(&reference, &old).await, Typed::Wrong { left: 4 }));
        let link = fresh.link("/verify/");
        let typed = office.desk.verify(&Door::Link(link), &fresh.code()).await.unwrap();
        assert!(matches!(typed, Typed::Opened(_)));
        office.pass(hours(2));
    }
});

db_test!(a_code_is_nothing_for_another_form_or_purpose, |db| async move {
    let office = Office::over(db);
    let (reference, code) = asked(&office).await;
    let other = office.ask("grace.h@example.org", &[Right::Access]).await;
    let others = only(&office.send().await, MailKind::Verify).code();
    assert!(matches!(office.verify(&reference, &others).await, Typed::Wrong { left: 4 }));
    assert!(matches!(office.verify(&other, &code).await, Typed::Wrong { left: 4 }));

    let case = office.enter(reference, &code).await;
    office.send().await;
    assert!(matches!(office.desk.unlock(&case.token, &code).await.unwrap(), Typed::NoneOpen));
    office.gather(case.id).await;
    office.finish(case.id).await;
    office.send().await;
    assert!(office.desk.send_status_code(&case.token).await.unwrap());
    let status = only(&office.send().await, MailKind::StatusCode).code();
    let typed = office.desk.open_download(&case.token, None, &status).await.unwrap();
    assert!(matches!(typed, DownloadTyped::Refused(Typed::NoneOpen)), "{typed:?}");
    assert!(office.desk.send_download_code(&case.token, None).await.unwrap());
    let download = only(&office.send().await, MailKind::DownloadCode).code();
    let typed = office.desk.unlock(&case.token, &download).await.unwrap();
    assert!(matches!(typed, Typed::Wrong { left: 4 }), "{typed:?}");
});

db_test!(a_reference_typed_as_the_code_costs_no_try, |db| async move {
    let office = Office::over(db);
    let (reference, code) = asked(&office).await;
    for _ in 0..10 {
        let typed = office.verify(&reference, reference.as_str()).await;
        assert!(matches!(typed, Typed::IsReference));
    }
    office.enter(reference, &code).await;
});

db_test!(fifty_right_posts_at_once_open_one_page, |db| async move {
    let office = Office::over(db);
    let (reference, code) = asked(&office).await;
    let typed = join_all((0..50).map(|_| office.verify(&reference, &code))).await;
    let opened = typed.iter().filter(|typed| matches!(typed, Typed::Opened(_))).count();
    assert_eq!(opened, 1);
    assert!(typed.iter().all(|typed| matches!(typed, Typed::Opened(_) | Typed::Gone)));
    assert_eq!(office.count("status_session", "1 = 1").await, 1);
    assert_eq!(office.count("archive", "1 = 1").await, 1);
    assert_eq!(office.count("event", "kind = 'request.verified'").await, 1);
});

db_test!(fifty_wrong_posts_at_once_have_five_tries, |db| async move {
    let office = Office::over(db);
    let (reference, code) = asked(&office).await;
    let typed = join_all((0..50).map(|_| office.verify(&reference, WRONG))).await;
    let wrong = typed.iter().filter(|typed| matches!(typed, Typed::Wrong { .. })).count();
    let over = typed.iter().filter(|typed| matches!(typed, Typed::TooMany)).count();
    assert_eq!((wrong, over), (4, 46));
    assert_eq!(office.db.number("SELECT CAST(max(tries) AS BIGINT) FROM challenge").await, 5);
    assert!(matches!(office.verify(&reference, &code).await, Typed::TooMany));
});
