//! Taken back, and taken back again.

use super::*;
use crate::db::archive::ArchiveState;
use crate::db::testing::db_test;
use crate::domain::state::Status;
use crate::service::archive::Droppable;
use crate::service::withdraw::Wish;

async fn withdraw(office: &Office, case: &Case) -> Wish {
    office.desk.withdraw(&case.token, Some(&case.cookie), &case.reference).await.unwrap()
}

async fn undo(office: &Office, case: &Case, cookie: &Token) -> Wish {
    office.desk.undo_withdrawal(&case.token, Some(cookie), &case.reference).await.unwrap()
}

db_test!(what_was_gathered_is_destroyed, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.gather(case.id).await;
    assert_eq!(office.request(&case.reference).await.status, Status::Executing);
    let work = office.desk.finish_work(office.archive(case.id).await.id).await.unwrap().unwrap();
    assert_eq!(withdraw(&office, &case).await, Wish::Done);

    let archive = office.archive(case.id).await;
    assert_eq!((archive.state, &archive.wrapped_key), (ArchiveState::Gone, &None));
    for table in ["task", "subject_key", "found_person"] {
        assert_eq!(office.count(table, "1 = 1").await, 0, "{table}");
    }
    assert_eq!(office.count("job", "kind = 'drop_archive'").await, 1);
    assert!(matches!(office.desk.droppable(archive.id).await.unwrap(), Droppable::All));
    // The job that was just finishing it comes too late.
    assert!(office.desk.finish_work(work.archive.id).await.unwrap().is_none());
    assert_eq!(withdraw(&office, &case).await, Wish::TooLate);
    assert!(kinds(&office.send().await).contains(&MailKind::Withdrawn));
});

db_test!(within_a_day_it_can_be_undone_with_the_old_date, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    let received = office.request(&case.reference).await.received_at();
    office.send().await;
    withdraw(&office, &case).await;
    office.send().await;
    office.pass(minutes(24 * 60 - 1));
    let cookie = office.unlock(&case).await;
    assert_eq!(undo(&office, &case, &cookie).await, Wish::Done);
    let request = office.request(&case.reference).await;
    assert_eq!(request.status, Status::AwaitingVerification);
    assert_eq!((request.received_at(), request.completed_at), (received, None));
    let code = only(&office.send().await, MailKind::Verify).code();
    let case = office.enter(case.reference, &code).await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    assert_eq!(office.request(&case.reference).await.status, Status::Fulfilled);
});

db_test!(after_a_day_it_cannot_be_undone, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    withdraw(&office, &case).await;
    office.pass(hours(24));
    office.send().await;
    let cookie = office.unlock(&case).await;
    assert_eq!(undo(&office, &case, &cookie).await, Wish::TooLate);
    assert_eq!(office.request(&case.reference).await.status, Status::Withdrawn);
});

db_test!(it_needs_an_open_page, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.pass(minutes(30));
    assert_eq!(withdraw(&office, &case).await, Wish::Locked);
    let nowhere = office.desk.withdraw(&case.cookie, Some(&case.cookie), &case.reference).await;
    assert_eq!(nowhere.unwrap(), Wish::Gone);
    assert_eq!(office.request(&case.reference).await.status, Status::Gathering);
});

db_test!(the_other_of_a_group_goes_on, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access, Right::Export]).await;
    withdraw(&office, &case).await;
    office.send().await;
    let requests = office.requests(&case.reference).await;
    let other = requests.iter().find(|request| request.id != case.id).unwrap();
    assert_eq!(other.status, Status::Gathering);
    office.pass(days(91));
    assert!(office.desk.status_page(&case.token, None).await.unwrap().is_some());
    office.gather(other.id).await;
    office.finish(other.id).await;
    assert_eq!(kinds(&office.send().await), [MailKind::ArchiveReady]);
    assert_eq!(office.request(&case.reference).await.status, Status::Withdrawn);
});

db_test!(an_answered_request_cannot_be_taken_back, |db| async move {
    let office = Office::over(db);
    let case = office.fulfilled(ADA).await;
    assert_eq!(withdraw(&office, &case).await, Wish::TooLate);
});
