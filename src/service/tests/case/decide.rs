//! Release, refuse, rest, hold, extend, write, look.

use super::*;
use crate::domain::decision::{PauseGround, RefusalGround};
use crate::domain::request::Outcome;
use crate::service::read::Author;

db_test!(a_release_lets_the_archive_out_once, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let by = office.officer();
    assert_eq!(office.desk.release(&by, &case.reference).await.unwrap(), Deed::Done);
    assert_eq!(office.status(&case).await, Status::Executing);
    assert_eq!(office.desk.release(&by, &case.reference).await.unwrap(), Deed::NotNow);
    office.finish(case.id).await;
    only(&office.send().await, MailKind::ArchiveReady);
    let request = office.request(&case.reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::Full)));
    assert!(office.events(case.id).await.contains(&"request.released".to_owned()));
});

db_test!(while_the_trail_differs_nothing_is_released_or_opened, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let by = office.officer();
    office.desk.await_audit();
    assert_eq!(office.desk.release(&by, &case.reference).await.unwrap(), Deed::AuditFirst);
    let item = office.desk.open_item(&by, &case.reference, 1).await.unwrap();
    assert_eq!(item.unwrap_err(), Deed::AuditFirst);
    let paper = office.desk.open_paper(&by, &case.reference, crate::ids::EvidenceId(Uuid::nil()));
    assert!(matches!(paper.await, Err(ServiceError::AuditFirst)));
    assert_eq!(office.status(&case).await, Status::InReview);
    // Refusing says nothing yet: the mail waits.
    let facts = text("You asked the same yesterday.");
    let ground = RefusalGround::Excessive;
    let refuse = office.desk.refuse(&by, &case.reference, ground, &facts).await;
    assert_eq!(refuse.unwrap(), Deed::Done);
    let waiting = office.db.queued_mails().await;
    assert!(matches!(office.desk.queued_mail(waiting[0]).await, Err(ServiceError::AuditFirst)));
});

db_test!(where_nothing_was_found_a_release_says_so, |db| async move {
    let office = Office::reviewed(db);
    let case = office.open("nobody@example.org", &[Right::Access]).await;
    office.gather(case.id).await;
    office.send().await;
    let by = office.officer();
    assert_eq!(office.desk.release(&by, &case.reference).await.unwrap(), Deed::Done);
    only(&office.send().await, MailKind::NothingFound);
    assert_eq!(office.status(&case).await, Status::Fulfilled);
});

db_test!(an_archive_made_again_is_released_again, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    office.desk.release(&office.officer(), &case.reference).await.unwrap();
    office.finish(case.id).await;
    office.send().await;
    office.pass(days(15));
    office.tick().await;
    let cookie = office.unlock(&case).await;
    office.desk.renew(&case.token, Some(&cookie), &case.reference).await.unwrap();
    office.gather(case.id).await;
    let by = office.officer();
    let read = office.desk.case(&by, &case.reference).await.unwrap().unwrap().unwrap();
    assert!(read.can.contains(&Action::Release));
    assert_eq!(office.desk.release(&by, &case.reference).await.unwrap(), Deed::Done);
    office.finish(case.id).await;
    only(&office.send().await, MailKind::ArchiveReady);
});

db_test!(a_refusal_is_an_answer_with_ground_facts_and_a_way_to_complain, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let facts = text("You asked the same yesterday.");
    let ground = RefusalGround::Excessive;
    let refuse = office.desk.refuse(&office.officer(), &case.reference, ground, &facts).await;
    assert_eq!(refuse.unwrap(), Deed::Done);
    let mails = office.send().await;
    let mail = only(&mails, MailKind::Refused);
    for words in ["excessive", "You asked the same yesterday.", "complain", "court"] {
        assert!(mail.text.contains(words), "{words}");
    }
    let request = office.request(&case.reference).await;
    assert_eq!((request.status, request.outcome), (Status::Refused, Some(Outcome::Refused)));
    assert!(request.answered_at.is_some(), "it stops the promise");
    assert_eq!(office.archive(case.id).await.wrapped_key, None, "what was gathered is destroyed");
});

db_test!(while_it_rests_nothing_goes_out_and_the_person_is_measured, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    let by = office.officer();
    let pause = office.desk.pause(&by, &case.reference, PauseGround::IdentityDoubt, None).await;
    assert_eq!(pause.unwrap(), Deed::Done);
    office.pass(hours(5));
    // Although nobody has to look here, it stops.
    office.gather(case.id).await;
    assert_eq!(office.status(&case).await, Status::InReview);
    let by = office.officer();
    assert_eq!(office.desk.release(&by, &case.reference).await.unwrap(), Deed::NotNow);
    assert_eq!(office.desk.go_on(&by, &case.reference).await.unwrap(), Deed::Done);
    assert_eq!(office.desk.go_on(&by, &case.reference).await.unwrap(), Deed::NotNow);
    let request = office.request(&case.reference).await;
    assert!(request.waited >= hours(5), "{}", request.waited);
    assert_eq!(office.desk.release(&by, &case.reference).await.unwrap(), Deed::Done);
    assert!(office.send().await.is_empty());
});

db_test!(a_message_of_the_person_ends_the_wait_for_them, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let by = office.officer();
    office.desk.pause(&by, &case.reference, PauseGround::AskedPerson, None).await.unwrap();
    office.pass(minutes(20));
    let words = text("I meant the second account.");
    office.desk.write_message(&case.token, Some(&case.cookie), &words).await.unwrap();
    let request = office.request(&case.reference).await;
    assert_eq!(request.waiting_since, None);
    assert_eq!(request.waited, minutes(20) + SignedDuration::ZERO);
    assert!(request.pause.is_some(), "staff have to see whether it is enough");
});

db_test!(a_hold_keeps_everything_until_it_is_lifted, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let (by, why) = (office.officer(), text("court order 7 C 12/26"));
    let review = office.desk.now() + days(30);
    assert_eq!(office.desk.hold(&by, &case.reference, review, &why).await.unwrap(), Deed::Done);
    assert_eq!(office.desk.release(&by, &case.reference).await.unwrap(), Deed::NotNow);
    let ground = RefusalGround::Unfounded;
    let refused = office.desk.refuse(&by, &case.reference, ground, &why).await.unwrap();
    assert_eq!(refused, Deed::NotNow);
    assert_eq!(office.desk.mark_spam(&by, &case.reference).await.unwrap(), Deed::NotNow);
    assert_eq!(office.desk.lift_hold(&by, &case.reference, &why).await.unwrap(), Deed::Done);
    assert_eq!(office.desk.release(&by, &case.reference).await.unwrap(), Deed::Done);
    let past = office.desk.now() - minutes(1);
    let again = office.gathered().await;
    assert_eq!(office.desk.hold(&by, &again.reference, past, &why).await.unwrap(), Deed::NotNow);
});

db_test!(the_statutory_time_is_extended_once_and_in_time, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let (by, why) = (office.officer(), text("A store is being restored."));
    assert_eq!(office.desk.extend(&by, &case.reference, &why).await.unwrap(), Deed::Done);
    let mails = office.send().await;
    let mail = only(&mails, MailKind::Extended);
    assert!(mail.text.contains("A store is being restored.") && mail.text.contains("2 June 2026"));
    let request = office.request(&case.reference).await;
    assert_eq!(request.answered_at, None, "it is no answer");
    assert_eq!(office.desk.extend(&by, &case.reference, &why).await.unwrap(), Deed::NotNow);
    let late = office.gathered().await;
    office.pass(days(32));
    let by = office.officer();
    assert_eq!(office.desk.extend(&by, &late.reference, &why).await.unwrap(), Deed::NotNow);
});

db_test!(the_person_reads_messages_and_never_a_note, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let by = office.officer();
    let at = &case.reference;
    office.desk.note(&by, at, &text("sounds like the neighbour")).await.unwrap();
    office.desk.write_to_person(&by, at, &text("Which account do you mean?")).await.unwrap();
    let mails = office.send().await;
    let mail = only(&mails, MailKind::Message);
    assert!(!mail.text.contains("Which account"), "the mail says that there is one, not what");
    let status = office.desk.status_page(&case.token, Some(&case.cookie)).await.unwrap().unwrap();
    let said: Vec<(Author, &str)> =
        status.messages.iter().map(|one| (one.author, &*one.body)).collect();
    assert_eq!(said, [(Author::Staff, "Which account do you mean?")]);
    let read = office.desk.case(&by, at).await.unwrap().unwrap().unwrap();
    assert_eq!(read.thread.len(), 2);
    assert!(office.count("message", "1 = 1").await >= 2);
});

db_test!(a_look_at_who_asks_is_counted_and_the_person_sees_it, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let why = text("calling back");
    let by = office.officer();
    let shown = office.desk.reveal(&by, &case.reference, &why).await.unwrap().unwrap();
    assert_eq!(shown.0.email, Some(email(ADA)));
    let status = office.desk.status_page(&case.token, Some(&case.cookie)).await.unwrap().unwrap();
    assert_eq!(status.requests[0].looked_at, [office.desk.now()]);
    for _ in 1..50 {
        office.desk.reveal(&by, &case.reference, &why).await.unwrap().unwrap();
    }
    assert_eq!(
        office.desk.reveal(&by, &case.reference, &why).await.unwrap().unwrap_err(),
        Deed::NotNow
    );
    office.pass(hours(25));
    let by = office.officer();
    assert!(office.desk.reveal(&by, &case.reference, &why).await.unwrap().is_ok(), "a day later");
});

db_test!(spam_is_answered_by_nobody, |db| async move {
    let office = Office::reviewed(db);
    let reference = office.ask(ADA, &[Right::Access]).await;
    let by = office.officer();
    assert_eq!(office.desk.mark_spam(&by, &reference).await.unwrap(), Deed::Done);
    let request = office.request(&reference).await;
    assert!(request.spam && request.status == Status::Refused);
    assert!(office.send().await.is_empty(), "not even the code that was to be sent");
    let two = office.ask(ADA, &[Right::Access, Right::Export]).await;
    office.desk.mark_spam(&by, &two).await.unwrap();
    assert_eq!(kinds(&office.send().await), [MailKind::Verify], "the other one may be meant");
    let fulfilled = office.gathered().await;
    office.desk.release(&by, &fulfilled.reference).await.unwrap();
    let spam = office.desk.mark_spam(&by, &fulfilled.reference).await.unwrap();
    assert_eq!(spam, Deed::NotNow, "not once an answer is on its way");
});

db_test!(a_letter_is_an_answer_from_the_end_of_its_day, |db| async move {
    let office = Office::reviewed(db);
    let by = office.officer();
    let case = office.gathered().await;
    let today = office.desk.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let sent = office.desk.answered_by_letter(&by, &case.reference, today).await.unwrap();
    assert_eq!(sent, Deed::NotNow, "they have a mailbox");
    let at = office.enter_by_letter().await;
    let request = office.request(&at).await;
    office.gather(request.id).await;
    let letter = async |day| {
        let by = office.officer();
        office.desk.answered_by_letter(&by, &at, day).await.unwrap()
    };
    assert_eq!(letter(today).await, Deed::NotNow, "nothing is decided yet");
    let write = office.desk.write_to_person(&by, &at, &text("Hello")).await.unwrap();
    assert_eq!(write, Deed::NotNow, "nobody would read it");
    office.desk.release(&office.officer(), &at).await.unwrap();
    if office.request(&at).await.status == Status::Executing {
        office.finish(request.id).await;
    }
    office.pass(days(2));
    let tomorrow = today.saturating_add(jiff::Span::new().days(1));
    assert_eq!(letter(today.yesterday().unwrap()).await, Deed::NotNow, "before it was received");
    assert_eq!(letter(tomorrow.saturating_add(jiff::Span::new().days(2))).await, Deed::NotNow);
    assert_eq!(letter(tomorrow).await, Deed::Done);
    let answered = office.request(&at).await.answered_at.unwrap();
    assert_eq!(answered.to_string(), "2026-03-04T00:00:00Z", "the end of 3 March");
    assert_eq!(letter(tomorrow).await, Deed::NotNow, "once");
    assert!(office.send().await.is_empty());
});
