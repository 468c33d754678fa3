//! Several requests of one form, and mails that nobody asked for: what happens to one must not be
//! done to the other.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::intake::NewIntake;
use super::verify::{Door, Typed};
use super::{Desk, Settings};
use crate::clock::FixedClock;
use crate::db::archive::ArchiveState;
use crate::db::job::{Wanted, claim};
use crate::db::lane::declare;
use crate::db::outbox::QueuedMail;
use crate::db::testing::{TestDb, db_test};
use crate::domain::address::EmailAddress;
use crate::domain::base_url::BaseUrl;
use crate::domain::duration::Period;
use crate::domain::event::Event;
use crate::domain::intake::Contact;
use crate::domain::job::{Job, MAIL_LANE};
use crate::domain::language::Language;
use crate::domain::mail::MailKind;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::settings::{
    Deletion, DeletionReview, Organisation, Retention, Review, ReviewPolicy,
};
use crate::domain::state::{Move, Status};
use crate::ids::{Code, IntakeId, OsEntropy, Reference, Token};
use crate::keys::epoch::{Epoch, EpochKeys};
use crate::keys::stream::ArchiveKey;
use crate::mail::Sender;
use crate::store::Stores;

struct Office {
    db: TestDb,
    desk: Desk,
    clock: Arc<FixedClock>,
    epochs: Arc<EpochKeys>,
    _keys: TempDir,
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

impl Office {
    async fn over(db: TestDb) -> Self {
        let keys = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at("2026-03-02T10:00:00Z"));
        let epochs = Arc::new(EpochKeys::open(keys.path()).unwrap());
        let desk = Desk::new(
            crate::db::Db::clone(&db),
            Arc::clone(&clock) as _,
            Arc::new(OsEntropy),
            Arc::clone(&epochs),
            Arc::new(Stores::new()),
            Arc::new(settings()),
        );
        let tx = db.begin().await.unwrap();
        declare(&tx, MAIL_LANE, 1_000, Duration::ZERO).await.unwrap();
        tx.commit().await.unwrap();
        Self { db, desk, clock, epochs, _keys: keys }
    }

    fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    async fn ask(&self, email: &str, rights: &[Right]) -> Reference {
        self.pass(SignedDuration::from_secs(1));
        let contact = Contact { email: Some(address(email)), ..Contact::default() };
        let form = NewIntake {
            purposes: Vec::new(),
            scope: crate::domain::request::Scope::Everything,
            rights: rights.to_vec(),
            contact,
            country: None,
            on_behalf: false,
            wishes: crate::service::lodge::Wishes::default(),
            language: Language::En,
            changes: Vec::new(),
        };
        self.desk.open_intake(form).await.unwrap()
    }

    /// The mails that were queued since the last time, oldest first.
    async fn mails(&self) -> Vec<QueuedMail> {
        let lease = Duration::from_hours(10_000);
        let lanes = [MAIL_LANE.to_owned()];
        let wanted = Wanted { lanes: &lanes, owner: "test", lease, most: 1_000 };
        let mut mails = Vec::new();
        for job in claim(&self.db, wanted).await.unwrap() {
            let Job::SendMail { mail } = serde_json::from_str(&job.payload).unwrap() else {
                panic!("only mails in the lane of mails")
            };
            mails.extend(self.desk.queued_mail(mail).await.unwrap());
        }
        mails
    }

    /// A verified form for access and export: its id and the token of its status page.
    async fn verified(&self, email: &str) -> (IntakeId, Token) {
        let reference = self.ask(email, &[Right::Access, Right::Export]).await;
        let mail = self.mails().await.pop().unwrap();
        let code = code(&mail);
        let typed = self.desk.verify(&Door::Reference(reference), &code).await.unwrap();
        let Typed::Opened(opened) = typed else { panic!("{typed:?}") };
        assert_eq!(self.mails().await.len(), 1, "that it is under way");
        (mail.intake, opened.token)
    }

    /// Changes the request of a form behind the desk's back.
    async fn change(&self, form: IntakeId, right: Right, change: impl FnOnce(&mut Request)) {
        let tx = self.db.begin().await.unwrap();
        let requests = tx.requests_of(form).await.unwrap();
        let mut stored = requests.into_iter().find(|one| one.value.right == right).unwrap();
        change(&mut stored.value);
        tx.update_request(&stored).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn request(&self, form: IntakeId, right: Right) -> Request {
        let tx = self.db.begin_read().await.unwrap();
        let requests = tx.requests_of(form).await.unwrap();
        requests.into_iter().find(|one| one.value.right == right).unwrap().value
    }

    async fn is_remembered(&self, form: IntakeId) -> bool {
        let tx = self.db.begin_read().await.unwrap();
        tx.intake(form).await.unwrap().unwrap().contact.is_some()
    }

    /// Seals something for a request: its archive has a key from now on.
    async fn seal(&self, form: IntakeId, right: Right) {
        let request = self.request(form, right).await.id;
        let tx = self.db.begin_read().await.unwrap();
        let archive = tx.archive_of(request).await.unwrap().unwrap().id;
        drop(tx);
        assert!(self.desk.building_key(archive).await.unwrap().is_some());
    }

    /// State and whether there is a key, of the newest archive.
    async fn archive(&self, form: IntakeId, right: Right) -> (ArchiveState, bool) {
        let request = self.request(form, right).await.id;
        let tx = self.db.begin_read().await.unwrap();
        let archive = tx.archive_of(request).await.unwrap().unwrap();
        (archive.state, archive.wrapped_key.is_some())
    }

    /// Access is taken back and wanted after all, so that a code is awaited once more.
    async fn access_awaits_a_code_again(&self, form: IntakeId) {
        let tx = self.db.begin().await.unwrap();
        let mut intake = tx.lock_intake(form).await.unwrap().unwrap();
        for step in [Move::Withdrawn, Move::WithdrawalUndone] {
            let mut requests = tx.requests_of(form).await.unwrap();
            requests.retain(|stored| stored.value.right == Right::Access);
            let event = Event::by_person("request.test");
            let now = self.desk.now();
            let moved = self.desk.advance(&tx, &mut intake, &mut requests, step, &event, now).await;
            assert_eq!(moved.unwrap(), 1);
        }
        tx.commit().await.unwrap();
    }
}

fn settings() -> Settings {
    let period = |text| Period::parse(text).unwrap();
    Settings {
        organisation: Organisation {
            name: "Example Shop".to_owned(),
            zone: TimeZone::UTC,
            country: None,
            law: crate::domain::deadline::Law::default(),
            languages: Language::ALL.to_vec(),
            privacy_url: None,
            contact: None,
            postal: None,
            authority: None,
            processing_agreement: None,
        },
        base_url: BaseUrl::parse("https://rights.example").unwrap(),
        console_url: BaseUrl::parse("https://console.example.org").unwrap(),
        sender: Sender::new("Example Shop", address("rights@shop.example")),
        review: ReviewPolicy {
            access: Review::Auto,
            export: Review::Auto,
            confirmation: Review::Staff,
            correction: Review::Staff,
            restriction: Review::Staff,
            deletion: DeletionReview::TwoPerson,
            opt_out: Review::Auto,
            objection: Review::Auto,
        },
        deletion: Deletion::default(),
        map_version: String::new(),
        promise_hours: 72,
        lapse: period("7d"),
        keep: period("14d"),
        retention: Retention::default(),
        lift_notice: Period::parse("72h").unwrap(),
        webhooks: Vec::new(),
    }
}

fn code(mail: &QueuedMail) -> String {
    let mut lines = mail.letter.text.lines().map(str::trim);
    lines.find(|line| line.len() == 9 && Code::parse(line).is_some()).unwrap().to_owned()
}

/// The token of the link to `page` in a mail.
fn link(mail: &QueuedMail, page: &str) -> Token {
    let from = mail.letter.text.find(page).unwrap() + page.len();
    Token::parse(&mail.letter.text[from..from + 43]).unwrap()
}

db_test!(a_mailbox_gets_five_mails_a_day_however_many_forms_lapse, |db| async move {
    let office = Office::over(db).await;
    for _ in 0..8 {
        office.ask("ada@example.org", &[Right::Access]).await;
    }
    assert_eq!(office.mails().await.len(), 3);
    office.pass(days(1));
    office.desk.tick().await.unwrap();
    assert_eq!(office.mails().await.len(), 5);
    office.pass(days(6));
    assert_eq!(office.desk.tick().await.unwrap().lapsed, 8);
    let last = office.mails().await;
    assert!(last.iter().all(|mail| mail.letter.kind == MailKind::Lapsed));
    assert_eq!(last.len(), 5);
});

db_test!(a_mailbox_that_asked_to_be_left_in_peace_hears_of_no_lapse, |db| async move {
    let office = Office::over(db).await;
    office.ask("ada@example.org", &[Right::Access]).await;
    office.ask("ada@example.org", &[Right::Access]).await;
    let token = link(&office.mails().await[0], "/verify/");
    assert!(office.desk.disown(&token).await.unwrap());
    office.pass(days(8));
    assert_eq!(office.desk.tick().await.unwrap().lapsed, 1);
    assert_eq!(office.mails().await.len(), 0);
});

db_test!(peace_from_strangers_does_not_lock_a_verified_person_out, |db| async move {
    let office = Office::over(db).await;
    let (_, status) = office.verified("ada@example.org").await;
    office.ask("ada@example.org", &[Right::Access]).await;
    let token = link(&office.mails().await[0], "/verify/");
    assert!(office.desk.disown(&token).await.unwrap());
    assert!(office.desk.send_status_code(&status).await.unwrap());
    let kinds: Vec<MailKind> = office.mails().await.iter().map(|mail| mail.letter.kind).collect();
    assert_eq!(kinds, [MailKind::StatusCode]);
});

db_test!(a_lapse_does_not_forget_the_address_that_another_answer_goes_to, |db| async move {
    let office = Office::over(db).await;
    let (form, _) = office.verified("ada@example.org").await;
    office.change(form, Right::Export, |request| request.status = Status::InReview).await;
    office.access_awaits_a_code_again(form).await;
    office.pass(days(8));
    assert_eq!(office.desk.tick().await.unwrap().lapsed, 1);
    assert_eq!(office.request(form, Right::Access).await.status, Status::Lapsed);
    assert_eq!(office.request(form, Right::Export).await.status, Status::InReview);
    assert!(office.is_remembered(form).await);
});

db_test!(only_what_waits_for_seven_days_lapses, |db| async move {
    let office = Office::over(db).await;
    let (form, _) = office.verified("ada@example.org").await;
    let then = office.desk.now();
    office.pass(days(5));
    office.access_awaits_a_code_again(form).await;
    let awaits = |request: &mut Request| {
        request.status = Status::AwaitingVerification;
        request.waiting_since = Some(then);
    };
    office.change(form, Right::Export, awaits).await;
    office.pass(days(3));
    assert_eq!(office.desk.tick().await.unwrap().lapsed, 1);
    assert_eq!(office.request(form, Right::Access).await.status, Status::AwaitingVerification);
    assert!(office.is_remembered(form).await);
});

db_test!(who_disowns_one_request_of_a_form_ends_them_all, |db| async move {
    let office = Office::over(db).await;
    let (form, status) = office.verified("ada@example.org").await;
    office.access_awaits_a_code_again(form).await;
    let mails = office.mails().await;
    let token = link(mails.last().unwrap(), "/verify/");
    assert!(office.desk.disown(&token).await.unwrap());
    assert_eq!(office.request(form, Right::Export).await.status, Status::Withdrawn);
    assert_eq!(office.archive(form, Right::Export).await, (ArchiveState::Gone, false));
    assert!(!office.is_remembered(form).await);
    assert!(office.desk.status_page(&status, None).await.unwrap().is_none());
    assert_eq!(office.mails().await.len(), 0);
});

db_test!(links_live_as_long_as_any_request_of_the_form, |db| async move {
    let office = Office::over(db).await;
    let (form, status) = office.verified("ada@example.org").await;
    office.change(form, Right::Access, |request| request.status = Status::Executing).await;
    let tx = office.db.begin().await.unwrap();
    let mut intake = tx.lock_intake(form).await.unwrap().unwrap();
    let mut one = tx.requests_of(form).await.unwrap();
    one.retain(|stored| stored.value.right == Right::Access);
    let (event, now) = (Event::by_system("archive.ready"), office.desk.now());
    let step = Move::ArchiveReady;
    office.desk.advance(&tx, &mut intake, &mut one, step, &event, now).await.unwrap();
    tx.commit().await.unwrap();
    office.pass(days(91));
    assert!(office.desk.status_page(&status, None).await.unwrap().is_some());
});

db_test!(an_archive_never_made_again_keeps_no_key_for_ever, |db| async move {
    let office = Office::over(db).await;
    let (form, _) = office.verified("ada@example.org").await;
    let now = office.desk.now();
    for right in [Right::Access, Right::Export] {
        let closed = |request: &mut Request| {
            request.status = Status::Fulfilled;
            request.completed_at = Some(now);
        };
        office.change(form, right, closed).await;
    }
    office.seal(form, Right::Access).await;
    assert_eq!(office.archive(form, Right::Access).await, (ArchiveState::Building, true));
    office.pass(days(181));
    office.desk.tick().await.unwrap();
    assert_eq!(office.archive(form, Right::Access).await, (ArchiveState::Gone, false));
    assert_eq!(office.epochs.list().await.unwrap(), [], "and its week's key is destroyed");
});

db_test!(a_week_that_begins_earlier_elsewhere_keeps_its_key, |db| async move {
    let office = Office::over(db).await;
    let coming = office.desk.now() + days(7);
    let key = ArchiveKey::draw(uuid::Uuid::nil(), &OsEntropy);
    office.epochs.wrap(coming, &OsEntropy, &key).await.unwrap();
    office.desk.tick().await.unwrap();
    assert_eq!(office.epochs.list().await.unwrap(), [Epoch::of(coming)]);
    office.pass(days(15));
    office.desk.tick().await.unwrap();
    assert_eq!(office.epochs.list().await.unwrap(), []);
});

db_test!(an_answer_that_gets_through_after_all_needs_nobody_any_more, |db| async move {
    let office = Office::over(db).await;
    let (form, _) = office.verified("ada@example.org").await;
    office.change(form, Right::Access, |request| request.status = Status::Executing).await;
    let tx = office.db.begin().await.unwrap();
    let mut intake = tx.lock_intake(form).await.unwrap().unwrap();
    let mut one = tx.requests_of(form).await.unwrap();
    one.retain(|stored| stored.value.right == Right::Access);
    let (event, now) = (Event::by_system("archive.ready"), office.desk.now());
    let step = Move::ArchiveReady;
    office.desk.advance(&tx, &mut intake, &mut one, step, &event, now).await.unwrap();
    tx.commit().await.unwrap();
    let answer = office.mails().await.pop().unwrap();
    let failed = |request: &mut Request| {
        request.blockers.insert(crate::domain::gather::Blocker::MailFailed);
    };
    office.change(form, Right::Access, failed).await;
    let tx = office.db.begin().await.unwrap();
    office.desk.mail_sent(&tx, &answer, [0; 32]).await.unwrap();
    tx.commit().await.unwrap();
    let request = office.request(form, Right::Access).await;
    assert!(request.answered_at.is_some());
    assert!(request.blockers.is_empty());
});
