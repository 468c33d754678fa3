//! The code is typed: what stands ready in the same transaction.

use super::*;
use crate::db::task::Phase;
use crate::db::testing::db_test;
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::request::Assurance;
use crate::domain::state::Status;

db_test!(tasks_keys_archive_and_jobs_come_with_the_move, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access]).await;
    let code = only(&office.send().await, MailKind::Verify).code();
    office.pass(minutes(5));
    let before = office.db.census().await;
    let case = office.enter(reference.clone(), &code).await;
    let after = office.db.census().await;
    let grown = |table: &str| after[table] - before[table];
    for (table, rows) in
        [("task", 1), ("subject_key", 1), ("archive", 1), ("outbox", 1), ("status_session", 1)]
    {
        assert_eq!(grown(table), rows, "{table}");
    }
    assert_eq!(grown("job"), 2, "the store is asked, the mail is sent");
    let request = office.request(&reference).await;
    assert_eq!(request.status, Status::Gathering);
    assert_eq!(request.assurance, Assurance::Mailbox);
    assert_eq!(request.verified_at, Some(office.desk.now()));
    let task = office.tasks(case.id).await.remove(0);
    assert_eq!((task.status, task.phase), (TaskStatus::Waiting, Phase::Locate));
    assert_eq!(office.archive(case.id).await.wrapped_key, None, "drawn when something is sealed");
});

db_test!(a_move_that_breaks_off_leaves_nothing_and_costs_nothing, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access, Right::Export]).await;
    let code = only(&office.send().await, MailKind::Verify).code();
    let before = office.db.census().await;
    // Nothing can be written down of what is to be asked where.
    office.db.run("ALTER TABLE archive RENAME TO away").await;
    let door = Door::Reference(reference.clone());
    assert!(office.desk.verify(&door, &code).await.is_err());
    office.db.run("ALTER TABLE away RENAME TO archive").await;
    assert_eq!(office.db.census().await, before);
    assert_eq!(office.request(&reference).await.status, Status::AwaitingVerification);
    office.enter(reference, &code).await;
});

db_test!(an_address_that_a_store_spells_otherwise_is_proved_first, |db| async move {
    let office = Office::over(db);
    let case = office.open("grace@example.org", &[Right::Access]).await;
    office.send().await;
    office.desk.send_status_code(&case.token).await.unwrap();
    let code = only(&office.send().await, MailKind::StatusCode).code();
    office.gather(case.id).await;
    let request = office.request(&case.reference).await;
    assert_eq!(request.status, Status::AwaitingVerification);
    assert_eq!(office.archive(case.id).await.wrapped_key, None);
    // Whoever holds the typed mailbox does not look on.
    let page = office.desk.status_page(&case.token, Some(&case.cookie)).await.unwrap().unwrap();
    assert!(!page.unlocked);
    let typed = office.desk.unlock(&case.token, &code).await.unwrap();
    assert!(matches!(typed, Typed::NoneOpen), "nor with a code from before: {typed:?}");

    let mails = office.send().await;
    let mail = only(&mails, MailKind::Verify);
    assert_eq!(mail.to, "GRACE@example.org");
    office.pass(minutes(1));
    let case = office.enter(case.reference, &mail.code()).await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    assert_eq!(office.request(&case.reference).await.status, Status::Fulfilled);
});

db_test!(another_spelling_found_late_goes_to_a_human, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access, Right::Export]).await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    let requests = office.requests(&case.reference).await;
    let other = requests.iter().find(|request| request.id != case.id).unwrap().id;
    let task = office.tasks(other).await.remove(0);
    let work = office.desk.locate_work(task.id).await.unwrap().unwrap();
    let mut told = office.shop.locate(&work.keys).await.unwrap();
    let person = told.people.remove(0);
    told.keys.clear();
    told.variants.push(crate::store::CaseVariant { person, stored: "ADA@example.org".into() });
    let tx = office.db.begin().await.unwrap();
    office.desk.located(&tx, task.id, &work, told).await.unwrap();
    tx.commit().await.unwrap();
    // The answer to the first one lies behind codes to the address that was proved.
    let mails = office.send().await;
    assert!(mails.iter().all(|mail| mail.to == ADA));
    let requests = office.requests(&case.reference).await;
    let other = requests.iter().find(|request| request.id == other).unwrap();
    assert!(other.blockers.contains(&Blocker::UnprovenMatch));
});
