//! How many mails anybody can cause.

use futures::future::join_all;

use super::*;
use crate::db::testing::db_test;

const SPELLINGS: [&str; 5] = [
    "ada@example.org",
    "Ada@example.org",
    "ADA+shop@example.org",
    "ada+1@example.org",
    "ada+2@EXAMPLE.org",
];

db_test!(one_mailbox_gets_three_codes_an_hour_and_five_mails_a_day, |db| async move {
    let office = Office::over(db);
    for address in SPELLINGS {
        office.ask(address, &[Right::Access]).await;
    }
    assert_eq!(office.send().await.len(), 3);
    office.pass(minutes(61));
    for address in SPELLINGS {
        office.ask(address, &[Right::Access]).await;
    }
    assert_eq!(office.send().await.len(), 2, "five a day");
    office.pass(hours(22));
    office.ask(ADA, &[Right::Access]).await;
    assert_eq!(office.send().await.len(), 0);
    office.pass(hours(1));
    office.ask(ADA, &[Right::Access]).await;
    assert_eq!(office.send().await.len(), 1, "the first ones are a day old");
});

db_test!(posts_at_once_cannot_share_the_last_place, |db| async move {
    let office = Office::over(db);
    let right = [Right::Access];
    let posts = SPELLINGS.iter().cycle().take(25).map(|address| office.ask(address, &right));
    let references = join_all(posts).await;
    assert_eq!(office.db.queued_mails().await.len(), 3);
    office.send().await;
    office.pass(minutes(61));
    let fresh = references.iter().map(|reference| async {
        office.desk.send_fresh_code(&Door::Reference(reference.clone())).await.unwrap()
    });
    let answers = join_all(fresh).await;
    assert!(answers.iter().all(|answer| *answer), "the answer looks the same above the cap");
    assert_eq!(office.db.queued_mails().await.len(), 2);
});

db_test!(above_the_cap_a_form_looks_the_same, |db| async move {
    let office = Office::over(db);
    for _ in 0..3 {
        office.ask(ADA, &[Right::Access]).await;
    }
    let silent = office.ask(ADA, &[Right::Access]).await;
    assert_eq!(office.send().await.len(), 3);
    assert!(office.desk.is_open(&silent).await.unwrap());
    assert!(office.desk.send_fresh_code(&Door::Reference(silent.clone())).await.unwrap());
    assert_eq!(office.send().await.len(), 0);
    // It is only late: an hour on, a code comes and opens it.
    office.pass(minutes(61));
    assert!(office.desk.send_fresh_code(&Door::Reference(silent.clone())).await.unwrap());
    let code = only(&office.send().await, MailKind::Verify).code();
    office.enter(silent, &code).await;
});

db_test!(whoever_holds_a_status_link_gets_ten_codes_an_hour, |db| async move {
    let office = Office::over(db);
    let case = office.fulfilled(ADA).await;
    let asked = join_all((0..12).map(|n| {
        let (office, case) = (&office, &case);
        async move {
            if n % 2 == 0 {
                office.desk.send_status_code(&case.token).await.unwrap()
            } else {
                office.desk.send_download_code(&case.token, None).await.unwrap()
            }
        }
    }));
    assert!(asked.await.iter().all(|answer| *answer));
    assert_eq!(office.send().await.len(), 10);
    office.pass(minutes(61));
    office.unlock(&case).await;
});

db_test!(answers_fall_under_no_cap, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    for _ in 0..8 {
        office.ask(ADA, &[Right::Access]).await;
        assert!(office.desk.send_status_code(&case.token).await.unwrap());
    }
    office.send().await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    assert_eq!(kinds(&office.send().await), [MailKind::ArchiveReady]);
});

db_test!(reminders_and_last_mails_count_too, |db| async move {
    let office = Office::over(db);
    let mut forms = Vec::new();
    for _ in 0..12 {
        forms.push(office.ask(ADA, &[Right::Access]).await);
    }
    assert_eq!(office.send().await.len(), 3);
    office.pass(hours(24));
    office.tick().await;
    assert_eq!(office.send().await.len(), 5, "a reminder each would be twelve");
    office.pass(days(6));
    office.tick().await;
    assert_eq!(office.send().await.len(), 5, "a last mail each would be twelve");
    for reference in forms {
        assert_eq!(office.request(&reference).await.status.as_str(), "lapsed");
    }
    assert_eq!(office.count("intake", "contact IS NOT NULL").await, 0);
});
