//! Gathering and delivering, from the posted form to the bytes of the download, on both databases.
//! Real desk, worker, vault and queue; mails stay in memory and the clock stands still.

mod children;
mod controllers;
mod corrections;
mod ends;
mod erase;
mod erase_stops;
mod erase_stores;
mod fake;
mod flags;
mod freeze;
mod identity;
mod interleaved;
mod large;
mod letters;
mod mails;
mod notices;
mod proofs;
mod recipients;
mod replay;
mod restrictions;
mod settings;
mod settle;
mod shelf;
mod shred;
mod staff;
mod trouble;
mod unpacked;
mod warned;
mod webhooks;
mod whole;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tempfile::TempDir;

use super::*;
use crate::archive::vault::SealedObject;
use crate::archive::verify::verify;
use crate::clock::{Clock, FixedClock};
use crate::db::archive::Archive;
use crate::db::job::Wanted;
use crate::db::lane;
use crate::db::task::Task;
use crate::db::testing::TestDb;
use crate::domain::address::EmailAddress;
use crate::domain::intake::Contact;
use crate::domain::job::{ARCHIVE_LANE, HOUSE_LANE, LEDGER_LANE, MAIL_LANE, store_lane};
use crate::domain::language::Language;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::ids::{OsEntropy, Reference, Token};
use crate::keys::epoch::EpochKeys;
use crate::mail::{MailError, MailKind, Outgoing};
use crate::service::Settings;
use crate::service::download::{DownloadAccess, DownloadTyped};
use crate::service::intake::NewIntake;
use crate::service::session::Opened;
use crate::service::verify::{Door, Typed};
use crate::store::Stores;
use crate::store::map::{DataMap, parse};
use crate::store::registry;
use crate::store::throttle::Limits;
use settings::settings;
use unpacked::Unpacked;

const ADA: &str = "ada@example.org";
const HOUR: Duration = Duration::from_hours(1);

/// Keeps mails, or refuses them.
#[derive(Debug, Default)]
struct Mails {
    sent: Mutex<Vec<Outgoing>>,
    tried: Mutex<Vec<String>>,
    refuses: Mutex<Option<(MailKind, MailError)>>,
}

#[async_trait]
impl Mailer for Mails {
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError> {
        self.tried.lock().unwrap().push(mail.message_id.as_str().to_owned());
        match *self.refuses.lock().unwrap() {
            Some((kind, error)) if kind == mail.kind => Err(error),
            _ => {
                self.sent.lock().unwrap().push(mail.clone());
                Ok(())
            }
        }
    }

    async fn check(&self) -> Result<(), MailError> {
        Ok(())
    }
}

/// A service with everything but a network.
struct House {
    folder: TempDir,
    clock: Arc<FixedClock>,
    mails: Arc<Mails>,
    worker: Worker,
    lanes: Vec<String>,
}

impl House {
    async fn new(db: &TestDb, stores: Stores) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open_folder(&folder.path().join("archives")).unwrap();
        Self::with_vault(db, stores, folder, vault).await
    }

    async fn with_vault(db: &TestDb, stores: Stores, folder: TempDir, vault: Vault) -> Self {
        let epochs = EpochKeys::open(&folder.path().join("keys")).unwrap();
        Self::with_epochs(db, stores, folder, vault, epochs).await
    }

    async fn with_epochs(
        db: &TestDb,
        stores: Stores,
        folder: TempDir,
        vault: Vault,
        epochs: EpochKeys,
    ) -> Self {
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        let clock = Arc::new(FixedClock::at("2026-03-02T10:00:00Z"));
        let keys = folder.path().join("keys");
        std::fs::create_dir_all(&keys).unwrap();
        let mails = Arc::new(Mails::default());
        let mut lanes: Vec<String> = stores.keys().map(|name| store_lane(name)).collect();
        lanes.extend([ARCHIVE_LANE, MAIL_LANE, HOUSE_LANE, LEDGER_LANE].map(str::to_owned));
        let tx = db.begin().await.unwrap();
        for name in &lanes {
            lane::declare(&tx, name, 4, Duration::ZERO).await.unwrap();
        }
        tx.commit().await.unwrap();
        let desk = Desk::new(
            Db::clone(db),
            Arc::<FixedClock>::clone(&clock),
            Arc::clone(&entropy),
            Arc::new(epochs),
            Arc::new(stores),
            Arc::new(settings()),
        );
        let signing = Arc::new(SigningKey::make(&keys, &*entropy).unwrap());
        let worker = Worker {
            desk,
            db: Db::clone(db),
            mailer: Arc::<Mails>::clone(&mails),
            vault,
            ledger: Ledger::new(
                Ledger::folder(&folder.path().join("ledger")).unwrap(),
                object_store::path::Path::from(""),
                "desk.example/audit".to_owned(),
                Arc::clone(&signing),
            ),
            signing,
            webhooks: Webhooks::default(),
            entropy,
        };
        Self { folder, clock, mails, worker, lanes }
    }

    /// Another machine over the same database and archives, at the same time.
    fn node(&self, db: Db, epochs: EpochKeys) -> Worker {
        let desk = Desk::new(
            db.clone(),
            Arc::<FixedClock>::clone(&self.clock),
            Arc::clone(&self.worker.entropy),
            Arc::new(epochs),
            Arc::new(self.desk().stores().clone()),
            Arc::new(settings()),
        );
        Worker { desk, db, ..self.worker.clone() }
    }

    fn desk(&self) -> &Desk {
        &self.worker.desk
    }

    /// Posts a form.
    async fn asks(&self, rights: &[Right], email: &str) -> Reference {
        let new = NewIntake {
            purposes: Vec::new(),
            scope: crate::domain::request::Scope::Everything,
            rights: rights.to_vec(),
            contact: Contact { email: EmailAddress::parse(email).ok(), ..Contact::default() },
            country: None,
            on_behalf: false,
            wishes: crate::service::lodge::Wishes::default(),
            language: Language::En,
            changes: Vec::new(),
        };
        self.desk().open_intake(new).await.unwrap()
    }

    /// Types the newest code that proves an address.
    async fn types_code(&self, reference: &Reference) -> Opened {
        self.a_second_passes();
        let typed = self.code(MailKind::Verify);
        match self.desk().verify(&Door::Reference(reference.clone()), &typed).await.unwrap() {
            Typed::Opened(opened) => opened,
            other => panic!("{other:?}"),
        }
    }

    /// Posts a form, reads the mail and types the code. Nothing is gathered yet.
    async fn verified(&self, rights: &[Right], email: &str) -> (Reference, Opened) {
        let reference = self.asks(rights, email).await;
        self.run_lane(MAIL_LANE).await;
        let opened = self.types_code(&reference).await;
        (reference, opened)
    }

    /// The same, and all that follows.
    async fn answered(&self, rights: &[Right], email: &str) -> (Reference, Opened) {
        let verified = self.verified(rights, email).await;
        assert_eq!(self.run_until_idle().await, []);
        verified
    }

    async fn claim(&self, lanes: &[String], lease: Duration) -> Option<Claimed> {
        let wanted = Wanted { lanes, owner: "test", lease, most: 1 };
        job::claim(&self.worker.db, wanted).await.unwrap().pop()
    }

    /// Does one job; one that failed is put back, due at once, or buried.
    async fn attend(&self, claimed: &Claimed) -> Option<JobError> {
        let error = self.worker.run(claimed).await.err()?;
        let tx = self.worker.db.begin().await.unwrap();
        let dead = match &error {
            JobError::LeaseLost => return Some(error),
            JobError::Wait { code, .. } => {
                job::put_off(&tx, claimed, code, Duration::ZERO).await.unwrap();
                None
            }
            JobError::Retry { code, .. } => {
                self.worker.delayed(&tx, claimed, Duration::from_mins(1)).await.unwrap();
                let fate = job::retry(&tx, claimed, code, Duration::ZERO).await.unwrap();
                (fate == job::Fate::Dead).then_some(*code)
            }
            JobError::Fail { code } => {
                job::bury(&tx, claimed, code).await.unwrap();
                Some(*code)
            }
        };
        if let Some(code) = dead {
            self.worker.died(&tx, claimed, code).await.unwrap();
        }
        tx.commit().await.unwrap();
        Some(error)
    }

    async fn run_lane(&self, lane: &str) -> Vec<JobError> {
        self.run(&[lane.to_owned()]).await
    }

    /// Does every job until none is due, and tells what went wrong on the way.
    async fn run_until_idle(&self) -> Vec<JobError> {
        self.run(&self.lanes).await
    }

    async fn run(&self, lanes: &[String]) -> Vec<JobError> {
        let mut troubles = Vec::new();
        for _ in 0..1_000 {
            let Some(claimed) = self.claim(lanes, HOUR).await else { return troubles };
            troubles.extend(self.attend(&claimed).await);
        }
        panic!("the queue does not run dry");
    }

    /// Claims the job of `lane` that is due.
    async fn one(&self, lane: &str) -> Claimed {
        self.claim(&[lane.to_owned()], HOUR).await.expect("a job is due")
    }

    /// The code of the newest mail of `kind`: the one line of its form.
    fn code(&self, kind: MailKind) -> String {
        let mail = self.newest(kind);
        let is_code = |line: &&str| {
            let line = line.trim();
            let (left, right) = line.split_once('-').unwrap_or_default();
            let plain =
                |part: &str| part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
            left.len() == 4 && right.len() == 4 && plain(left) && plain(right)
        };
        mail.text.lines().find(is_code).expect("a code on its own line").trim().to_owned()
    }

    fn newest(&self, kind: MailKind) -> Outgoing {
        let sent = self.mails.sent.lock().unwrap();
        sent.iter().rfind(|mail| mail.kind == kind).expect("such a mail").clone()
    }

    /// How many mails of `kind` were sent.
    fn sent(&self, kind: MailKind) -> usize {
        self.mails.sent.lock().unwrap().iter().filter(|mail| mail.kind == kind).count()
    }

    async fn request(&self, reference: &Reference) -> Request {
        let tx = self.worker.db.begin_read().await.unwrap();
        tx.request_by_reference(reference).await.unwrap().unwrap().value
    }

    async fn tasks(&self, reference: &Reference) -> BTreeMap<String, Task> {
        let id = self.request(reference).await.id;
        let tx = self.worker.db.begin_read().await.unwrap();
        let tasks = tx.tasks_of(id).await.unwrap();
        tasks.into_iter().map(|task| (task.store.clone(), task)).collect()
    }

    async fn archive(&self, reference: &Reference) -> Archive {
        let id = self.request(reference).await.id;
        let tx = self.worker.db.begin_read().await.unwrap();
        tx.archive_of(id).await.unwrap().unwrap()
    }

    /// Fetches the archive as a person does, verifies and unpacks it.
    async fn downloads(&self, reference: &Reference, opened: &Opened) -> Unpacked {
        let desk = self.desk();
        self.a_second_passes();
        assert!(desk.send_download_code(&opened.token, Some(reference)).await.unwrap());
        self.run_lane(MAIL_LANE).await;
        let code = self.code(MailKind::DownloadCode);
        let typed = desk.open_download(&opened.token, Some(reference), &code).await.unwrap();
        let DownloadTyped::Opened { session, reference, cookie } = typed else {
            panic!("{typed:?}");
        };
        let access = desk.download_access(session, &reference, Some(&cookie)).await.unwrap();
        let DownloadAccess::Open(open) = access else { panic!("{access:?}") };
        let object: SealedObject =
            serde_json::from_str(&open.open.archive.object.unwrap()).unwrap();
        let whole = 0..open.open.archive.size;
        let zip = self.worker.vault.read_all(&open.open.key, &object, whole).await.unwrap();
        let file = self.folder.path().join("download.zip");
        std::fs::write(&file, &zip).unwrap();
        verify(&file, self.worker.signing.public()).unwrap();
        Unpacked::of(&zip)
    }

    /// Every object in archive storage.
    fn objects(&self) -> usize {
        fn count(folder: &Path) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        count(&self.folder.path().join("archives"))
    }

    /// Nobody types a code in the instant in which it was made; the newest is told by its time.
    fn a_second_passes(&self) {
        self.clock.advance(SignedDuration::from_secs(1));
    }

    fn later(&self, hours: i64) {
        self.clock.advance(SignedDuration::from_hours(hours));
    }

    /// Opens the private part of the status page anew.
    async fn unlock(&self, token: &Token) -> Token {
        assert!(self.desk().send_status_code(token).await.unwrap());
        self.run_lane(MAIL_LANE).await;
        match self.desk().unlock(token, &self.code(MailKind::StatusCode)).await.unwrap() {
            Typed::Opened(opened) => opened.cookie,
            other => panic!("{other:?}"),
        }
    }
}

/// Stores of a map that stands in `dir`.
fn opened(dir: &Path, text: &str) -> Stores {
    let text = format!("format = \"rightsdesk-map/1\"\n{text}");
    let maps: [DataMap; 1] = [parse(&dir.join("map.toml"), &text, &|_| None).unwrap()];
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let limits = Limits { retries: 0, ..Limits::default() };
    registry::open(&maps, limits, &entropy, &crate::meter::Meter::default(), None).unwrap()
}
