//! What stops the promise.

use super::*;
use crate::db::testing::db_test;
use crate::domain::gather::Blocker;
use crate::domain::request::Outcome;
use crate::domain::state::Status;

db_test!(the_promise_stops_when_the_answer_is_handed_over, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    let request = office.request(&case.reference).await;
    assert_eq!((request.status, request.answered_at), (Status::Fulfilled, None));
    assert_eq!(request.outcome, Some(Outcome::Full));
    office.pass(minutes(3));
    assert_eq!(kinds(&office.send().await), [MailKind::ArchiveReady]);
    let answered = office.request(&case.reference).await.answered_at;
    assert_eq!(answered, Some(office.desk.now()));
    // Once: an archive made again is no new answer.
    office.pass(days(15));
    office.tick().await;
    office.send().await;
    let cookie = office.unlock(&case).await;
    office.desk.renew(&case.token, Some(&cookie), &case.reference).await.unwrap();
    office.gather(case.id).await;
    office.finish(case.id).await;
    assert_eq!(kinds(&office.send().await), [MailKind::ArchiveReady]);
    assert_eq!(office.request(&case.reference).await.answered_at, answered);
});

db_test!(nothing_found_is_an_answer_and_keeps_nothing, |db| async move {
    let office = Office::over(db);
    let case = office.open("nobody@example.org", &[Right::Access]).await;
    office.send().await;
    office.gather(case.id).await;
    let mails = office.send().await;
    assert!(only(&mails, MailKind::NothingFound).text.contains("Shop"), "names the stores");
    let request = office.request(&case.reference).await;
    assert_eq!(request.outcome, Some(Outcome::NothingFound));
    assert_eq!(request.answered_at, Some(office.desk.now()));
    assert_eq!(office.archive(case.id).await.wrapped_key, None);
    assert_eq!(office.count("subject_key", "1 = 1").await, 0);
});

db_test!(codes_and_progress_are_no_answer, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    assert_eq!(kinds(&office.send().await), [MailKind::Verified]);
    office.unlock(&case).await;
    assert_eq!(office.request(&case.reference).await.answered_at, None);
});

db_test!(an_answer_that_is_refused_waits_for_a_human, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    office.refuse_mails().await;
    let request = office.request(&case.reference).await;
    assert_eq!(request.answered_at, None);
    assert!(request.blockers.contains(&Blocker::MailFailed));
    assert!(office.events(case.id).await.contains(&"mail.failed".to_owned()));
    assert_eq!(office.count("outbox", "status = 'failed' AND sealed IS NULL").await, 1);
    assert!(office.send().await.is_empty());
});
