//! Requests that staff enter.

use jiff::Timestamp;

use super::*;
use crate::db::testing::db_test;
use crate::domain::policy::Denied;
use crate::domain::queue::{QueueStage, Turn};
use crate::domain::request::{Assurance, Channel};
use crate::domain::staff::{Member, Role};
use crate::domain::state::Status;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::service::enter::{Entered, Entry, EntryFault, FILE_BYTES, Paper};

fn entry(received_at: Timestamp) -> Entry {
    Entry {
        purposes: Vec::new(),
        scope: crate::domain::request::Scope::Everything,
        channel: Channel::Phone,
        received_at,
        reason: None,
        rights: vec![Right::Access],
        contact: Contact { email: Some(email(ADA)), ..Contact::default() },
        language: Language::En,
        country: None,
        on_behalf: false,
        wishes: crate::service::lodge::Wishes::default(),
        papers: Vec::new(),
        vouched: false,
        changes: Vec::new(),
    }
}

fn words(text: &str) -> Option<TypedText> {
    TypedText::line(text, 100).unwrap()
}

/// Somebody without a mailbox, whom staff knows.
fn by_letter(received_at: Timestamp) -> Entry {
    let identifiers = vec![SubjectKey::new(KeyKind::new("user"), "17").unwrap()];
    let contact = Contact { identifiers, details: words("1 Way, Town"), ..Contact::default() };
    Entry { channel: Channel::Letter, contact, vouched: true, ..entry(received_at) }
}

fn reference(entered: Entered) -> Reference {
    let Entered::Done(reference) = entered else { panic!("entered, not {entered:?}") };
    reference
}

db_test!(the_promise_runs_from_the_true_receipt_and_the_wait_from_the_entry, |db| async move {
    let office = Office::over(db);
    let agent = office.works("agent@example.com", &[Role::Agent]).await;
    let now = office.desk.now();
    let late = Entry { reason: words("Found it after the weekend"), ..entry(now - days(10)) };
    let reference = reference(office.desk.enter(&agent, late).await.unwrap());
    let request = office.request(&reference).await;
    assert_eq!((request.received_at(), request.waiting_since), (now - days(10), Some(now)));
    assert_eq!(office.tick().await.lapsed, 0, "the week to confirm begins now");
    assert_eq!(office.count("message", "author = 'note'").await, 1);
    let code = only(&office.send().await, MailKind::Verify).code();
    office.verify(&reference, &code).await;
    assert_eq!(office.request(&reference).await.status, Status::Gathering);
});

db_test!(what_an_entry_must_have, |db| async move {
    let office = Office::over(db);
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let now = office.desk.now();
    let unvouched = Entry { vouched: false, ..by_letter(now) };
    let nowhere =
        Entry { contact: Contact { details: None, ..by_letter(now).contact }, ..by_letter(now) };
    let key = by_letter(now).contact.identifiers;
    let claimed =
        Entry { contact: Contact { identifiers: key, ..entry(now).contact }, ..entry(now) };
    let huge = Paper { name: words("a.pdf").unwrap(), body: vec![0; FILE_BYTES + 1] };
    let wrong = [
        (Entry { channel: Channel::Form, ..entry(now) }, EntryFault::Channel),
        (Entry { rights: Vec::new(), ..entry(now) }, EntryFault::Rights),
        (Entry { rights: vec![Right::Access; 2], ..entry(now) }, EntryFault::Rights),
        (entry(now + minutes(1)), EntryFault::ReceivedAt),
        (entry(now - days(91)), EntryFault::ReceivedAt),
        (entry(now - minutes(61)), EntryFault::Reason),
        (unvouched, EntryFault::NotVouched),
        (nowhere, EntryFault::NothingToSearchBy),
        (claimed, EntryFault::Identifiers),
        (Entry { papers: vec![huge], ..entry(now) }, EntryFault::Papers),
    ];
    for (entry, fault) in wrong {
        assert_eq!(office.desk.enter(&officer, entry).await.unwrap(), Entered::Fault(fault));
    }
    assert_eq!(office.count("intake", "1 = 1").await, 0);
});

db_test!(an_agent_enters_and_does_not_vouch, |db| async move {
    let office = Office::over(db);
    let agent = office.works("agent@example.com", &[Role::Agent]).await;
    let admin = office.works("admin@example.com", &[Role::Admin]).await;
    let now = office.desk.now();
    let denied = Entered::Denied(Denied::Role);
    assert_eq!(office.desk.enter(&agent, by_letter(now)).await.unwrap(), denied);
    assert_eq!(office.desk.enter(&admin, entry(now)).await.unwrap(), denied);
    assert!(matches!(office.desk.enter(&agent, entry(now)).await.unwrap(), Entered::Done(_)));
});

db_test!(without_a_mailbox_nobody_is_mailed_and_staff_has_to_write, |db| async move {
    let office = Office::over(db);
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let entered = office.desk.enter(&officer, by_letter(office.desk.now())).await.unwrap();
    let reference = reference(entered);
    let request = office.request(&reference).await;
    assert_eq!((request.status, request.assurance), (Status::Gathering, Assurance::StaffChecked));
    let task = office.tasks(request.id).await.remove(0);
    let keys = office.desk.locate_work(task.id).await.unwrap().unwrap().keys;
    assert_eq!(keys, by_letter(office.desk.now()).contact.identifiers);
    office.gather(request.id).await;
    if office.request(&reference).await.status == Status::Executing {
        office.finish(request.id).await;
    }
    office.pass(hours(80));
    office.tick().await;
    assert!(office.send().await.is_empty(), "nobody is mailed");
    let request = office.request(&reference).await;
    assert_eq!((request.status, request.answered_at), (Status::Fulfilled, None));
    assert_eq!((request.turn(), request.queue_stage()), (Turn::Staff, QueueStage::Open));
});

db_test!(papers_stand_sealed_are_opened_with_a_trace_and_go_with_the_contact, |db| async move {
    let office = Office::over(db);
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let agent = office.works("agent@example.com", &[Role::Agent]).await;
    let paper = Paper { name: words("letter of ada.pdf").unwrap(), body: b"%PDF ada".to_vec() };
    let entry = Entry { papers: vec![paper], ..entry(office.desk.now()) };
    let reference = reference(office.desk.enter(&agent, entry).await.unwrap());
    let papers = office.desk.papers(&agent, &reference).await.unwrap().unwrap();
    assert_eq!((papers.len(), papers[0].size, papers[0].by), (1, 8, agent.id));
    let names = async |by: &Member| {
        office.desk.papers(by, &reference).await.unwrap().unwrap().remove(0).name
    };
    assert_eq!((names(&agent).await, names(&officer).await), (None, None));
    let why = words("to answer").unwrap();
    office.desk.reveal(&officer, &reference, &why).await.unwrap().unwrap();
    assert_eq!(names(&officer).await.as_deref(), Some("letter of ada.pdf"));
    assert_eq!(names(&agent).await, None);
    let denied = office.desk.open_paper(&agent, &reference, papers[0].id).await.unwrap();
    assert_eq!(denied.unwrap_err(), Denied::Role);
    let open = office.desk.open_paper(&officer, &reference, papers[0].id).await.unwrap();
    let open = open.unwrap().unwrap();
    assert_eq!((open.name.as_str(), &open.body[..]), ("letter of ada.pdf", &b"%PDF ada"[..]));
    let request = office.request(&reference).await;
    assert!(office.events(request.id).await.contains(&"evidence.opened".to_owned()));
    if let Some(bytes) = office.db.bytes_on_disk() {
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        assert!(!holds(b"%PDF ada") && !holds(b"letter of ada"));
    }
    let tx = office.db.begin().await.unwrap();
    tx.forget_contact(request.intake, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(office.count("evidence", "1 = 1").await, 0);
});
