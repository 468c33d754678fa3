//! What is kept how long: a test a line of `docs/retention.md`.

use super::*;
use crate::clock::Clock as _;
use crate::db::testing::db_test;
use crate::domain::job::Job;
use crate::domain::state::Status;

const WORDS: &str = "thank you";

/// A fulfilled request with a message, two weeks after its archive went.
async fn old(office: &Office) -> Case {
    let case = office.fulfilled(ADA).await;
    let words = TypedText::line(WORDS, 100).unwrap().unwrap();
    office.desk.write_message(&case.token, Some(&case.cookie), &words).await.unwrap();
    office.pass(days(28));
    office.tick().await;
    office.send().await;
    case
}

db_test!(contact_and_messages_go_with_closed, |db| async move {
    let office = Office::over(db);
    let case = old(&office).await;
    office.pass(days(180 - 28) - minutes(1));
    office.tick().await;
    assert_eq!(office.count("intake", "contact IS NOT NULL").await, 1);
    assert_eq!(office.count("message", "1 = 1").await, 1);
    office.pass(minutes(1));
    office.tick().await;
    assert_eq!(office.count("intake", "contact IS NULL AND contact_tag IS NULL").await, 1);
    for table in ["message", "task", "subject_key", "found_person"] {
        assert_eq!(office.count(table, "1 = 1").await, 0, "{table}");
    }
    assert_eq!(office.request(&case.reference).await.status, Status::Fulfilled);
});

db_test!(an_open_request_keeps_its_contact, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access, Right::Export]).await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    office.send().await;
    office.pass(days(4 * 365));
    office.tick().await;
    assert_eq!(office.count("intake", "contact IS NOT NULL").await, 1);
    assert_eq!(office.count("request", "1 = 1").await, 2);
});

db_test!(an_archive_that_nobody_can_open_any_more_goes_too, |db| async move {
    let office = Office::over(db);
    let case = old(&office).await;
    let cookie = office.unlock(&case).await;
    office.desk.renew(&case.token, Some(&cookie), &case.reference).await.unwrap();
    office.seal(case.id).await;
    office.pass(days(180));
    office.tick().await;
    assert_eq!(office.count("archive", "wrapped_key IS NOT NULL").await, 0);
    office.tick().await;
    assert!(office.epochs.list().await.unwrap().is_empty());
});

db_test!(the_register_line_goes_with_skeleton, |db| async move {
    let office = Office::over(db);
    old(&office).await;
    office.ask("nobody@example.org", &[Right::Access]).await;
    office.pass(days(3 * 365 - 29)); // two days short of 36 months
    office.tick().await;
    assert_eq!(office.count("request", "1 = 1").await, 2);
    office.pass(days(3));
    office.tick().await;
    assert_eq!(office.count("request", "1 = 1").await, 1, "the other lapsed only then");
    office.pass(days(3 * 366));
    office.tick().await;
    let census = office.db.census().await;
    for (table, rows) in census.iter().filter(|(table, _)| *table != "job") {
        assert_eq!(*rows, 0, "{table}");
    }
});

db_test!(what_is_short_lived_goes_after_two_days, |db| async move {
    let office = Office::over(db);
    let case = office.fulfilled(ADA).await;
    office.fetch(&case).await;
    office.pass(hours(47));
    office.tick().await;
    for table in ["challenge", "download", "mail_budget"] {
        assert_ne!(office.count(table, "1 = 1").await, 0, "{table}");
    }
    assert_eq!(office.count("status_session", "1 = 1").await, 0, "over after half an hour");
    office.pass(minutes(61));
    office.tick().await;
    for table in ["challenge", "download", "mail_budget"] {
        assert_eq!(office.count(table, "1 = 1").await, 0, "{table}");
    }
    assert_eq!(office.archive(case.id).await.downloads, 1, "that it was fetched stays");
});

db_test!(sent_mails_go_after_thirty_days, |db| async move {
    let office = Office::over(db);
    office.fulfilled(ADA).await;
    assert_eq!(office.count("outbox", "sealed IS NOT NULL").await, 0, "their words at once");
    let sent = office.count("outbox", "1 = 1").await;
    office.pass(days(30));
    office.tick().await;
    assert_eq!(office.count("outbox", "status = 'sent'").await, sent);
    office.pass(minutes(1));
    office.tick().await;
    assert_eq!(office.count("outbox", "status = 'sent'").await, 0);
});

db_test!(links_and_blocks_go_when_they_are_over, |db| async move {
    let office = Office::over(db);
    office.fulfilled("grace.h@example.org").await;
    office.ask(ADA, &[Right::Access]).await;
    let link = only(&office.send().await, MailKind::Verify).link("/verify/");
    assert!(office.desk.disown(&link).await.unwrap());
    office.pass(days(30));
    office.tick().await;
    assert_eq!(office.count("mail_block", "1 = 1").await, 1);
    assert_ne!(office.count("link_token", "1 = 1").await, 0);
    office.pass(minutes(1));
    office.tick().await;
    assert_eq!(office.count("mail_block", "1 = 1").await, 0);
    office.pass(days(60));
    office.tick().await;
    assert_eq!(office.count("link_token", "1 = 1").await, 0);
});

db_test!(jobs_that_were_given_up_go_with_dead_jobs, |db| async move {
    let office = Office::over(db);
    let case = office.fulfilled(ADA).await;
    let open = office.open("bob@example.org", &[Right::Access]).await;
    for (order, id) in [(1, case.id), (2, open.id)] {
        let tx = office.db.begin().await.unwrap();
        office.desk.enqueue(&tx, &Job::Tick { minute: order }, Some(id)).await.unwrap();
        tx.commit().await.unwrap();
    }
    let born = office.clock.now().as_millisecond();
    office.db.run(&format!("UPDATE job SET state = 'dead', created_at = {born}")).await;
    let both = office.count("job", "state = 'dead'").await;
    assert!(both >= 2, "{both}");
    office.pass(days(90) - minutes(1));
    office.tick().await;
    assert_eq!(office.count("job", "state = 'dead'").await, both);
    office.pass(minutes(2));
    office.tick().await;
    assert!((1..both).contains(&office.count("job", "state = 'dead'").await));
});

db_test!(sessions_and_invitations_of_staff_end, |db| async move {
    let office = Office::over(db);
    let now = office.clock.now().as_millisecond();
    let blob = if office.db.bytes_on_disk().is_some() { "x'01'" } else { "'\\x01'::bytea" };
    let id = if office.db.bytes_on_disk().is_some() {
        "x'00000000000000000000000000000001'"
    } else {
        "'00000000-0000-0000-0000-000000000001'::uuid"
    };
    office
        .db
        .run(&format!(
            "INSERT INTO staff (id, email, email_tag, name, roles, state, language, failures, \
             created_at) VALUES ({id}, {blob}, {blob}, {blob}, '[]', 'active', 'en', 0, {now}); \
             INSERT INTO staff_session VALUES ({blob}, {id}, {id}, {now}, {now}, {now}, {}, ''); \
             INSERT INTO staff_invite VALUES ({blob}, {id}, {now}, {})",
            now + 12 * 3_600_000,
            now + 3_600_000
        ))
        .await;
    office.pass(minutes(30));
    office.tick().await;
    assert_eq!(office.count("staff_session", "1 = 1").await, 1);
    office.pass(minutes(1));
    office.tick().await;
    assert_eq!(office.count("staff_session", "1 = 1").await, 0);
    assert_eq!(office.count("staff_invite", "1 = 1").await, 1);
    office.pass(minutes(30));
    office.tick().await;
    assert_eq!(office.count("staff_invite", "1 = 1").await, 0);
});
