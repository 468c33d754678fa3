//! Stores that fail, and people who are two.

use super::*;
use crate::domain::gather::{Blocker, SkipReason, TaskStatus};
use crate::domain::request::{Assurance, Outcome};
use crate::store::{Located, PersonRow};

impl Office {
    /// The store gives up while it is being read.
    async fn fail(&self, case: &Case) {
        let task = self.tasks(case.id).await.remove(0);
        let tx = self.db.begin().await.unwrap();
        self.desk.store_failed(&tx, task.id, "unreachable").await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The store tells of two people behind the address.
    async fn tell_of_two(&self, case: &Case) {
        let task = self.tasks(case.id).await.remove(0);
        let work = self.desk.locate_work(task.id).await.unwrap().unwrap();
        let person =
            |row: &str| PersonRow { collection: "customer".into(), row: row.into(), proven: true };
        let told = Located { people: vec![person("1"), person("2")], ..Located::default() };
        let tx = self.db.begin().await.unwrap();
        self.desk.located(&tx, task.id, &work, told).await.unwrap();
        tx.commit().await.unwrap();
    }
}

db_test!(a_failed_store_can_be_asked_again, |db| async move {
    let office = Office::reviewed(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.fail(&case).await;
    let request = office.request(&case.reference).await;
    assert!(request.blockers.contains(&Blocker::StoreFailed));
    let by = office.officer();
    let retry = |store| office.desk.retry(&by, &case.reference, store);
    assert_eq!(retry(Some("nowhere")).await.unwrap(), Deed::NotNow);
    assert_eq!(retry(None).await.unwrap(), Deed::NotNow, "nothing else was given up");
    assert_eq!(retry(Some("shop")).await.unwrap(), Deed::Done);
    assert!(office.request(&case.reference).await.blockers.is_empty());
    office.gather(case.id).await;
    assert_eq!(office.status(&case).await, Status::InReview);
});

db_test!(a_failed_store_can_be_left_out_which_is_disclosed, |db| async move {
    let office = Office::reviewed(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.fail(&case).await;
    let (by, at) = (office.officer(), &case.reference);
    let why = SkipReason::ShutDown;
    assert_eq!(office.desk.skip(&by, at, "shop", why, None).await.unwrap(), Deed::Done);
    let task = office.tasks(case.id).await.remove(0);
    assert_eq!((task.status, task.skip_reason), (TaskStatus::Skipped, Some(why)));
    assert_eq!(office.status(&case).await, Status::InReview, "it was the last one");
    office.desk.release(&by, at).await.unwrap();
    office.finish(case.id).await;
    let mails = office.send().await;
    assert!(only(&mails, MailKind::ArchiveReady).text.contains("Left out or not reached: 1"));
    assert_eq!(office.request(at).await.outcome, Some(Outcome::Partial));
});

db_test!(two_people_are_one_once_a_human_has_looked, |db| async move {
    let office = Office::reviewed(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.tell_of_two(&case).await;
    let request = office.request(&case.reference).await;
    assert_eq!(request.blockers, [Blocker::TwoPeople].into());
    let (by, at, why) = (office.officer(), &case.reference, text("one household, called back"));
    assert_eq!(office.desk.release(&by, at).await.unwrap(), Deed::NotNow);
    let other = office.desk.clear(&by, at, Blocker::TooManyKeys, &why).await.unwrap();
    assert_eq!(other, Deed::NotNow, "that is not what stops it");
    let wrong = office.desk.clear(&by, at, Blocker::StoreFailed, &why).await.unwrap();
    assert_eq!(wrong, Deed::NotNow, "a store is no question of identity");
    assert_eq!(office.desk.clear(&by, at, Blocker::TwoPeople, &why).await.unwrap(), Deed::Done);
    let request = office.request(at).await;
    assert_eq!(request.assurance, Assurance::StaffChecked);
    assert!(request.blockers.is_empty() && request.cleared.contains(&Blocker::TwoPeople));
    // Everything was asked, so it is read now; the same find does not stop it again.
    for task in office.tasks(case.id).await {
        let work = office.desk.gather_work(task.id).await.unwrap().unwrap();
        let tx = office.db.begin().await.unwrap();
        office.desk.store_gathered(&tx, &work, Some(Read::default())).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(office.status(&case).await, Status::InReview);
});

db_test!(what_the_page_offers_is_what_can_be_done, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let offered = async |by: &Member| {
        office.desk.case(by, &case.reference).await.unwrap().unwrap().unwrap().can
    };
    let officer = offered(&office.officer()).await;
    for action in [Action::Release, Action::Refuse, Action::Hold, Action::Reveal, Action::Extend] {
        assert!(officer.contains(&action), "{action}");
    }
    for action in [Action::Retry, Action::Skip, Action::Clear] {
        assert!(!officer.contains(&action), "{action}");
    }
    let agent = offered(&office.with_roles(&[Role::Agent])).await;
    assert!(agent.contains(&Action::Note) && !agent.contains(&Action::Release));
});

db_test!(a_store_that_is_left_out_while_it_is_read_stays_left_out, |db| async move {
    let office = Office::reviewed(db);
    let case = office.open(ADA, &[Right::Access]).await;
    let task = office.tasks(case.id).await.remove(0);
    let asked = office.desk.locate_work(task.id).await.unwrap().unwrap();
    let told = office.shop.locate(&asked.keys).await.unwrap();
    let tx = office.db.begin().await.unwrap();
    office.desk.located(&tx, task.id, &asked, told).await.unwrap();
    tx.commit().await.unwrap();
    let work = office.desk.gather_work(task.id).await.unwrap().unwrap();
    let (by, why) = (office.officer(), SkipReason::AnsweredOtherwise);
    let skip = office.desk.skip(&by, &case.reference, "shop", why, None).await.unwrap();
    assert_eq!(skip, Deed::Done);
    let again = office.desk.skip(&by, &case.reference, "shop", why, None).await.unwrap();
    assert_eq!(again, Deed::NotNow);
    let tx = office.db.begin().await.unwrap();
    let read = Read { tally: Tally { rows: 5, ..Tally::default() }, ..Read::default() };
    office.desk.store_gathered(&tx, &work, Some(read)).await.unwrap();
    office.desk.store_failed(&tx, task.id, "unreachable").await.unwrap();
    tx.commit().await.unwrap();
    let task = office.tasks(case.id).await.remove(0);
    assert_eq!((task.status, task.tally.rows), (TaskStatus::Skipped, 0));
    assert_eq!(office.status(&case).await, Status::InReview);
    assert!(office.request(&case.reference).await.blockers.is_empty());
});

db_test!(an_answer_that_no_mail_server_took_is_written_once_more, |db| async move {
    let office = Office::reviewed(db);
    let by = office.officer();
    let answers = [MailKind::ArchiveReady, MailKind::NothingFound, MailKind::Refused];
    for kind in answers {
        office.pass(hours(2));
        let by = Member { stepped_up_at: office.desk.now(), ..by.clone() };
        let nobody = kind == MailKind::NothingFound;
        let address = if nobody { "nobody@example.org" } else { ADA };
        let case = office.open(address, &[Right::Access]).await;
        office.gather(case.id).await;
        office.send().await;
        let at = &case.reference;
        if kind == MailKind::Refused {
            let ground = crate::domain::decision::RefusalGround::Excessive;
            office.desk.refuse(&by, at, ground, &text("The third time.")).await.unwrap();
        } else {
            office.desk.release(&by, at).await.unwrap();
        }
        if kind == MailKind::ArchiveReady {
            office.finish(case.id).await;
        }
        office.refuse_mails().await;
        office.pass(minutes(1));
        // What is written meanwhile is no part of the decision.
        office.desk.write_to_person(&by, at, &text("Hello?")).await.unwrap();
        office.refuse_mails().await;
        let request = office.request(at).await;
        assert_eq!((request.answered_at, &request.blockers), (None, &[Blocker::MailFailed].into()));
        let can = office.desk.case(&by, at).await.unwrap().unwrap().unwrap().can;
        assert!(can.contains(&Action::Retry), "{kind}");
        assert_eq!(office.desk.retry(&by, at, None).await.unwrap(), Deed::Done, "{kind}");
        assert_eq!(office.desk.retry(&by, at, None).await.unwrap(), Deed::NotNow, "it waits");
        let mails = office.send().await;
        assert_eq!(kinds(&mails), [kind]);
        assert_eq!(mails[0].text.contains("The third time."), kind == MailKind::Refused);
        let request = office.request(at).await;
        assert!(request.answered_at.is_some() && request.blockers.is_empty(), "{kind}");
        assert_eq!(office.desk.retry(&by, at, None).await.unwrap(), Deed::NotNow, "{kind}");
    }
});
