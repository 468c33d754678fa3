//! An archive's two weeks.

use super::*;
use crate::db::archive::ArchiveState;
use crate::db::testing::db_test;
use crate::domain::request::Outcome;
use crate::keys::epoch::Epoch;
use crate::service::withdraw::Wish;
use crate::store::Located;

async fn renew(office: &Office, case: &Case) -> Wish {
    let cookie = office.unlock(case).await;
    office.desk.renew(&case.token, Some(&cookie), &case.reference).await.unwrap()
}

db_test!(after_two_weeks_the_key_is_destroyed, |db| async move {
    let office = Office::over(db);
    let case = office.fulfilled(ADA).await;
    office.pass(minutes(14 * 24 * 60 - 1));
    office.tick().await;
    assert_eq!(office.archive(case.id).await.state, ArchiveState::Ready);
    office.pass(minutes(1));
    assert!(office.desk.send_download_code(&case.token, None).await.unwrap());
    office.tick().await;
    let archive = office.archive(case.id).await;
    assert_eq!((archive.state, &archive.wrapped_key), (ArchiveState::Gone, &None));
    assert_eq!(office.count("job", "payload LIKE '%\"gone\":true%'").await, 1);
    office.send().await;
    let typed = office.desk.open_download(&case.token, None, "ABCD-EFGH").await.unwrap();
    assert!(matches!(typed, DownloadTyped::Refused(Typed::NoneOpen)), "{typed:?}");
    office.tick().await;
    let destroyed = office.events(case.id).await;
    assert_eq!(destroyed.iter().filter(|kind| *kind == "archive.destroyed").count(), 1);
});

db_test!(three_days_before_whoever_has_not_fetched_it_is_told_once, |db| async move {
    let office = Office::over(db);
    office.fulfilled(ADA).await;
    let fetched = office.fulfilled("grace.h@example.org").await;
    office.fetch(&fetched).await;
    office.pass(minutes(11 * 24 * 60 - 1));
    office.tick().await;
    assert!(office.send().await.is_empty());
    office.pass(minutes(1));
    office.tick().await;
    let mails = office.send().await;
    assert_eq!(only(&mails, MailKind::ArchiveReminder).to, ADA);
    assert_eq!(mails.len(), 1);
    office.pass(days(1));
    office.tick().await;
    assert!(office.send().await.is_empty());
});

db_test!(an_epoch_key_goes_with_its_last_archive_and_never_in_its_week, |db| async move {
    let office = Office::over(db);
    let first = Epoch::of(office.desk.now());
    let case = office.open(ADA, &[Right::Access]).await;
    office.seal(case.id).await;
    office.desk.withdraw(&case.token, Some(&case.cookie), &case.reference).await.unwrap();
    office.tick().await;
    let left = office.epochs.list().await.unwrap();
    assert_eq!(left, [first], "the present week's stays, though unused");
    office.send().await;
    office.pass(days(1));
    office.fulfilled(ADA).await;
    office.pass(days(7));
    let second = Epoch::of(office.desk.now());
    office.fulfilled("grace.h@example.org").await;
    office.tick().await;
    assert_eq!(office.epochs.list().await.unwrap(), [first, second]);
    office.pass(days(7)); // the first archive's two weeks are over
    office.tick().await;
    assert_eq!(office.epochs.list().await.unwrap(), [second]);
    office.pass(days(7));
    office.tick().await;
    assert!(office.epochs.list().await.unwrap().is_empty());
});

db_test!(it_can_be_made_again_for_ninety_days, |db| async move {
    let office = Office::over(db);
    let case = office.fulfilled(ADA).await;
    assert_eq!(renew(&office, &case).await, Wish::TooLate, "it still lies there");
    office.pass(days(89));
    office.tick().await;
    office.send().await;
    let first = office.archive(case.id).await;
    assert_eq!(renew(&office, &case).await, Wish::Done);
    assert_eq!(renew(&office, &case).await, Wish::TooLate, "it is being made");
    office.gather(case.id).await;
    office.finish(case.id).await;
    let second = office.archive(case.id).await;
    assert_ne!(first.id, second.id);
    let link = only(&office.send().await, MailKind::ArchiveReady).link("/status/");
    // It can be fetched as long as it lies there, though links end 90 days after the answer.
    office.pass(days(13));
    office.tick().await;
    office.send().await;
    office.fetch(&Case { token: link, ..case }).await;
});

db_test!(after_ninety_days_it_cannot, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access]).await;
    let code = only(&office.send().await, MailKind::Verify).code();
    let case = office.enter(reference, &code).await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    office.send().await;
    office.pass(days(90));
    office.tick().await;
    let cookie = case.cookie.clone();
    let wish = office.desk.renew(&case.token, Some(&cookie), &case.reference).await.unwrap();
    assert_eq!(wish, Wish::Gone, "the links are dead too");
});

db_test!(whoever_has_it_made_again_is_told_when_nothing_is_left, |db| async move {
    let office = Office::over(db);
    let case = office.fulfilled(ADA).await;
    let answered = office.request(&case.reference).await.answered_at;
    office.pass(days(15));
    office.tick().await;
    office.send().await;
    assert_eq!(renew(&office, &case).await, Wish::Done);
    for task in office.tasks(case.id).await {
        let work = office.desk.locate_work(task.id).await.unwrap().unwrap();
        let tx = office.db.begin().await.unwrap();
        office.desk.located(&tx, task.id, &work, Located::default()).await.unwrap();
        tx.commit().await.unwrap();
        let work = office.desk.gather_work(task.id).await.unwrap().unwrap();
        let tx = office.db.begin().await.unwrap();
        office.desk.store_gathered(&tx, &work, Some(Read::default())).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(kinds(&office.send().await), [MailKind::NothingFound]);
    let request = office.request(&case.reference).await;
    assert_eq!(request.outcome, Some(Outcome::NothingFound));
    assert_eq!(request.answered_at, answered);
    assert_eq!(office.count("archive", "wrapped_key IS NOT NULL").await, 0);
    assert_eq!(office.count("subject_key", "1 = 1").await, 0);
});
