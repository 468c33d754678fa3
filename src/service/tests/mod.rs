//! A request's life, use case by use case, on both databases.

mod alerts;
mod answers;
mod asserted;
mod audit;
mod canary;
mod caps;
mod case;
mod child;
mod codes;
mod deadlines;
mod disown;
mod enter;
mod expiry;
mod gauges;
mod intake;
mod lapse;
mod lost;
mod messages;
mod outlet;
mod proof;
mod received;
mod report;
mod retention;
mod rotation;
mod shop;
mod staff;
mod status;
mod verified;
mod webhooks;
mod withdraw;
mod words;

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::download::DownloadTyped;
use super::gather::Read;
use super::intake::NewIntake;
use super::tick::Ticked;
use super::verify::{Door, Typed};
use super::{Desk, Settings};
use crate::archive::finish::Finished;
use crate::archive::segment::Sha256Sum;
use crate::clock::FixedClock;
use crate::db::archive::Archive;
use crate::db::task::Task;
use crate::db::testing::TestDb;
use crate::domain::address::EmailAddress;
use crate::domain::base_url::BaseUrl;
use crate::domain::duration::Period;
use crate::domain::gather::Tally;
use crate::domain::intake::Contact;
use crate::domain::language::Language;
use crate::domain::mail::MailKind;
use crate::domain::record::Item;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::settings::{
    Deletion, DeletionReview, Organisation, Retention, Review, ReviewPolicy,
};
use crate::domain::text::TypedText;
use crate::ids::{Code, OsEntropy, Reference, RequestId, Token};
use crate::keys::epoch::EpochKeys;
use crate::mail::Sender;
use crate::store::{Export as _, Store, Stores};
use shop::Shop;

const ADA: &str = "ada@example.org";

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn days(days: i64) -> SignedDuration {
    hours(24 * days)
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// A mail that was handed over, as the person reads it.
struct Mail {
    kind: MailKind,
    to: String,
    text: String,
}

impl Mail {
    fn code(&self) -> String {
        let mut lines = self.text.lines().map(str::trim);
        lines.find(|line| line.len() == 9 && Code::parse(line).is_some()).unwrap().to_owned()
    }

    /// The token of the link to `/verify/` or `/status/`.
    fn link(&self, page: &str) -> Token {
        let from = self.text.find(page).unwrap() + page.len();
        Token::parse(&self.text[from..from + 43]).unwrap()
    }
}

/// The mail of `kind`, of which there is exactly one.
fn only(mails: &[Mail], kind: MailKind) -> &Mail {
    let mut those = mails.iter().filter(|mail| mail.kind == kind);
    let one = those.next().unwrap();
    assert!(those.next().is_none(), "one {kind}");
    one
}

fn kinds(mails: &[Mail]) -> Vec<MailKind> {
    mails.iter().map(|mail| mail.kind).collect()
}

/// A verified person before their open status page.
struct Case {
    reference: Reference,
    id: RequestId,
    token: Token,
    cookie: Token,
}

/// The desk with everything that it needs, and a clock that the test moves.
struct Office {
    db: TestDb,
    desk: Desk,
    clock: Arc<FixedClock>,
    epochs: Arc<EpochKeys>,
    _keys: TempDir,
    shop: Arc<Shop>,
}

impl Office {
    fn over(db: TestDb) -> Self {
        Self::with(db, settings())
    }

    /// Where somebody looks before anything goes out.
    fn reviewed(db: TestDb) -> Self {
        let mut settings = settings();
        settings.review.access = Review::Staff;
        settings.review.export = Review::Staff;
        Self::with(db, settings)
    }

    fn with(db: TestDb, settings: Settings) -> Self {
        let keys = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at("2026-03-02T10:00:00Z"));
        let epochs = Arc::new(EpochKeys::open(keys.path()).unwrap());
        let shop = Arc::new(Shop::new());
        let stores: Stores = [("shop".to_owned(), Arc::clone(&shop) as Arc<dyn Store>)].into();
        let desk = Desk::new(
            crate::db::Db::clone(&db),
            Arc::clone(&clock) as _,
            Arc::new(OsEntropy),
            Arc::clone(&epochs),
            Arc::new(stores),
            Arc::new(settings),
        );
        Self { db, desk, clock, epochs, _keys: keys, shop }
    }

    fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    /// Posts a form and gives its first reference.
    async fn ask(&self, address: &str, rights: &[Right]) -> Reference {
        self.desk.open_intake(form(address, rights)).await.unwrap()
    }

    /// Hands all waiting mails to the mail server.
    async fn send(&self) -> Vec<Mail> {
        let mut mails = Vec::new();
        for id in self.db.queued_mails().await {
            let mail = self.desk.queued_mail(id).await.unwrap().unwrap();
            let tx = self.db.begin().await.unwrap();
            self.desk.mail_sent(&tx, &mail, [7; 32]).await.unwrap();
            tx.commit().await.unwrap();
            mails.push(Mail {
                kind: mail.letter.kind,
                to: mail.to.as_str().to_owned(),
                text: mail.letter.text,
            });
        }
        mails
    }

    /// The mail server will have none of the waiting mails.
    async fn refuse_mails(&self) {
        for id in self.db.queued_mails().await {
            let mail = self.desk.queued_mail(id).await.unwrap().unwrap();
            let tx = self.db.begin().await.unwrap();
            self.desk.mail_failed(&tx, &mail, "550").await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    async fn verify(&self, reference: &Reference, code: &str) -> Typed {
        self.desk.verify(&Door::Reference(reference.clone()), code).await.unwrap()
    }

    /// From the form to the open status page.
    async fn open(&self, address: &str, rights: &[Right]) -> Case {
        let reference = self.ask(address, rights).await;
        let code = only(&self.send().await, MailKind::Verify).code();
        self.enter(reference, &code).await
    }

    /// Types a right code at the page of a reference.
    async fn enter(&self, reference: Reference, code: &str) -> Case {
        let Typed::Opened(opened) = self.verify(&reference, code).await else {
            panic!("a right code opens");
        };
        let request = self.request(&reference).await;
        Case { reference, id: request.id, token: opened.token, cookie: opened.cookie }
    }

    /// Types a mailed code at the status page: a fresh cookie.
    async fn unlock(&self, case: &Case) -> Token {
        assert!(self.desk.send_status_code(&case.token).await.unwrap());
        let code = only(&self.send().await, MailKind::StatusCode).code();
        match self.desk.unlock(&case.token, &code).await.unwrap() {
            Typed::Opened(opened) => opened.cookie,
            other => panic!("a right code opens, not {other:?}"),
        }
    }

    /// Does the stores' jobs of a request.
    async fn gather(&self, id: RequestId) {
        for task in self.tasks(id).await {
            let work = self.desk.locate_work(task.id).await.unwrap().unwrap();
            let told = self.shop.locate(&work.keys).await.unwrap();
            let tx = self.db.begin().await.unwrap();
            self.desk.located(&tx, task.id, &work, told).await.unwrap();
            tx.commit().await.unwrap();
        }
        for task in self.tasks(id).await {
            let Some(work) = self.desk.gather_work(task.id).await.unwrap() else { continue };
            let page = self.shop.page(&work.keys, None).await.unwrap();
            let rows = |item: &Item| match item {
                Item::Rows(rows) => rows.rows.len() as u64,
                Item::File(_) => 0,
            };
            let tally = Tally { rows: page.items.iter().map(rows).sum(), ..Tally::default() };
            let read = Read { tally, ..Read::default() };
            let tx = self.db.begin().await.unwrap();
            self.desk.store_gathered(&tx, &work, Some(read)).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    /// Does the job that finishes an archive.
    async fn finish(&self, id: RequestId) {
        let archive = self.archive(id).await;
        let work = self.desk.finish_work(archive.id).await.unwrap().unwrap();
        let object = r#"{"part":1,"mark":"00000000","size":9}"#;
        let object = serde_json::from_str(object).unwrap();
        let made = Finished { object, size: 9, sha256: Sha256Sum([9; 32]) };
        let tx = self.db.begin().await.unwrap();
        assert!(self.desk.archive_finished(&tx, work.archive.id, &made).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Seals something for a request: its archive has a key from now on.
    async fn seal(&self, id: RequestId) {
        let archive = self.archive(id).await.id;
        assert!(self.desk.building_key(archive).await.unwrap().is_some());
    }

    /// From the form to the mail that says that the archive lies ready.
    async fn fulfilled(&self, address: &str) -> Case {
        let case = self.open(address, &[Right::Access]).await;
        self.gather(case.id).await;
        self.finish(case.id).await;
        only(&self.send().await, MailKind::ArchiveReady);
        case
    }

    /// Fetches an archive to its last byte.
    async fn fetch(&self, case: &Case) {
        assert!(self.desk.send_download_code(&case.token, None).await.unwrap());
        let code = only(&self.send().await, MailKind::DownloadCode).code();
        let opened = self.desk.open_download(&case.token, None, &code).await.unwrap();
        let DownloadTyped::Opened { session, cookie, .. } = opened else {
            panic!("a right code opens, not {opened:?}");
        };
        let tx = self.db.begin_read().await.unwrap();
        let download = tx.download(session, &cookie).await.unwrap().unwrap();
        drop(tx);
        self.desk.record_download(&download, 9, true).await.unwrap();
    }

    async fn tick(&self) -> Ticked {
        self.desk.tick().await.unwrap()
    }

    async fn request(&self, reference: &Reference) -> Request {
        let tx = self.db.begin_read().await.unwrap();
        tx.request_by_reference(reference).await.unwrap().unwrap().value
    }

    /// All requests of the form of a reference.
    async fn requests(&self, reference: &Reference) -> Vec<Request> {
        let intake = self.request(reference).await.intake;
        let tx = self.db.begin_read().await.unwrap();
        let stored = tx.requests_of(intake).await.unwrap();
        stored.into_iter().map(|stored| stored.value).collect()
    }

    async fn tasks(&self, id: RequestId) -> Vec<Task> {
        self.db.begin_read().await.unwrap().tasks_of(id).await.unwrap()
    }

    async fn archive(&self, id: RequestId) -> Archive {
        self.db.begin_read().await.unwrap().archive_of(id).await.unwrap().unwrap()
    }

    async fn events(&self, id: RequestId) -> Vec<String> {
        let tx = self.db.begin_read().await.unwrap();
        let events = tx.history_of(id).await.unwrap();
        events.into_iter().map(|one| one.kind).collect()
    }

    /// How many rows `table` has where `what` holds.
    async fn count(&self, table: &str, what: &str) -> i64 {
        self.db.number(&format!("SELECT count(*) FROM {table} WHERE {what}")).await
    }
}

fn form(address: &str, rights: &[Right]) -> NewIntake {
    let contact = Contact {
        email: Some(email(address)),
        name: TypedText::line("Ada Example", 100).unwrap(),
        ..Contact::default()
    };
    NewIntake {
        purposes: Vec::new(),
        scope: crate::domain::request::Scope::Everything,
        rights: rights.to_vec(),
        contact,
        country: Some("DE".into()),
        on_behalf: false,
        wishes: crate::service::lodge::Wishes::default(),
        language: Language::En,
        changes: Vec::new(),
    }
}

fn settings() -> Settings {
    let period = |text: &str| Period::parse(text).unwrap();
    Settings {
        organisation: Organisation {
            name: "Example Studio".into(),
            zone: TimeZone::UTC,
            country: None,
            law: crate::domain::deadline::Law::default(),
            languages: vec![Language::En, Language::De],
            privacy_url: None,
            contact: None,
            postal: None,
            authority: Some("Data Protection Commission".into()),
            processing_agreement: None,
        },
        base_url: BaseUrl::parse("https://privacy.example.org").unwrap(),
        console_url: BaseUrl::parse("https://console.example.org").unwrap(),
        sender: Sender::new("Example Studio", email("privacy@example.org")),
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
