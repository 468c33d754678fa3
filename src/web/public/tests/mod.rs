//! The public pages over a real database, without a socket: an office, browsers, and its outbox.

mod download;
mod flags;
mod intake;
mod site;
mod status;
mod verify;

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, header};
use futures::StreamExt;
use jiff::SignedDuration;
use tempfile::TempDir;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::testing::settings;
use super::{Site, fenced, router};
use crate::clock::FixedClock;
use crate::db::Db;
use crate::db::outbox::QueuedMail;
use crate::db::request::Stored;
use crate::db::testing::{dump, letters, sealer, sqlite_url};
use crate::domain::language::Language;
use crate::domain::request::Request as Asked;
use crate::ids::{Code, Reference, SeededEntropy};
use crate::keys::epoch::EpochKeys;
use crate::service::Desk;
use crate::store::Stores;
use crate::web::edge::client::TrustedProxies;
use crate::web::edge::limit::{Quota, Quotas};

/// What the fake archive storage gives for a range, piece by piece.
type Storage = fn(Range<u64>) -> Vec<io::Result<Bytes>>;

/// A desk with everything around it that a listener needs.
struct Office {
    folder: TempDir,
    clock: Arc<FixedClock>,
    db: Db,
    desk: Desk,
    router: Router,
    recordings: TaskTracker,
    storage: Arc<Mutex<Storage>>,
    asked: Arc<Mutex<Vec<Range<u64>>>>,
}

impl Office {
    async fn open() -> Self {
        Self::with(Stores::new()).await
    }

    async fn with(stores: Stores) -> Self {
        let (folder, url) = sqlite_url();
        let db = Db::connect(&url, sealer()).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(FixedClock::at("2026-11-20T09:00:00Z"));
        let desk = Desk::new(
            db.clone(),
            Arc::clone(&clock) as _,
            Arc::new(SeededEntropy::new(5)),
            Arc::new(EpochKeys::open(folder.path()).unwrap()),
            Arc::new(stores),
            Arc::new(settings()),
        );
        let storage: Arc<Mutex<Storage>> = Arc::new(Mutex::new(|_| Vec::new()));
        let asked: Arc<Mutex<Vec<Range<u64>>>> = Arc::default();
        let (from, ranges) = (Arc::clone(&storage), Arc::clone(&asked));
        let recordings = TaskTracker::new();
        let site = Site::new(
            desk.clone(),
            "untrusted comment: key\nRWQ\n".to_owned(),
            Arc::new(move |_, range| {
                ranges.lock().unwrap().push(range.clone());
                futures::stream::iter(from.lock().unwrap()(range)).boxed()
            }),
            recordings.clone(),
        );
        let quota =
            Quota { burst: NonZeroU32::new(10_000).unwrap(), every: Duration::from_millis(1) };
        let quotas = Quotas { read: quota, write: quota, download: quota, clients: 10 };
        let router = fenced(site.clone(), router(site), &quotas, TrustedProxies::default());
        Self { folder, clock, db, desk, router, recordings, storage, asked }
    }

    fn browser(&self) -> Browser<'_> {
        Browser { office: self, accept: "en", cookies: Mutex::default() }
    }

    fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    async fn letters(&self) -> Vec<QueuedMail> {
        letters(&self.db).await
    }

    async fn dump(&self) -> Vec<String> {
        dump(&self.db).await
    }

    /// The code in the newest letter.
    async fn code(&self) -> String {
        let newest = self.letters().await.pop().expect("a letter");
        let is_code = |line: &&str| line.len() == 9 && Code::parse(line).is_some();
        newest
            .letter
            .text
            .lines()
            .map(str::trim)
            .find(is_code)
            .expect("a code on a line of its own")
            .to_owned()
    }

    /// The path of the newest letter's link to `page`.
    async fn link(&self, page: &str) -> String {
        let start = format!("https://rights.example/{page}/");
        let newest = self.letters().await.pop().expect("a letter");
        let line = newest.letter.text.lines().map(str::trim).find(|line| line.starts_with(&start));
        line.expect("a link on a line of its own")["https://rights.example".len()..].to_owned()
    }

    /// Hands every waiting letter over, so that the time of their codes begins.
    async fn hand_over(&self) {
        for letter in self.letters().await {
            let tx = self.db.begin().await.unwrap();
            self.desk.mail_sent(&tx, &letter, [0; 32]).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    /// Changes a request behind the desk's back.
    async fn change(&self, reference: &str, change: impl FnOnce(&mut Asked)) {
        let tx = self.db.begin().await.unwrap();
        let mut stored = self.stored(&tx, reference).await;
        change(&mut stored.value);
        tx.update_request(&stored).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn stored(&self, tx: &crate::db::Tx, reference: &str) -> Stored<Asked> {
        let reference = Reference::parse(reference).unwrap();
        tx.request_by_reference(&reference).await.unwrap().unwrap()
    }

    async fn request(&self, reference: &str) -> Asked {
        let tx = self.db.begin_read().await.unwrap();
        self.stored(&tx, reference).await.value
    }
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a 303 leads.
    #[track_caller]
    fn location(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.body);
        self.header("location").to_owned()
    }

    /// Asserts the status and that the page says something.
    #[track_caller]
    fn says(&self, status: u16, words: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert!(self.body.contains(words), "{words:?} is not in {}", self.body);
    }
}

/// One person's browser: it keeps cookies and says where requests come from.
struct Browser<'o> {
    office: &'o Office,
    accept: &'static str,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser<'_> {
    async fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path, &[], "").await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        // Two codes of one millisecond could not be told apart.
        self.office.pass(1);
        self.ask(Method::POST, path, &kind, &body).await
    }

    async fn ask(&self, method: Method, path: &str, more: &[(&str, &str)], body: &str) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", self.accept)
            .header("sec-fetch-site", "same-origin");
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> = self
            .cookies
            .lock()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.office.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = set.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap().to_owned();
            self.cookies.lock().unwrap().insert(name.to_owned(), value);
        }
        let body = axum::body::to_bytes(body, usize::MAX).await;
        let body = body.map_or_else(
            |_| "(the connection was cut)".to_owned(),
            |body| String::from_utf8(body.to_vec()).unwrap(),
        );
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// Sends a form for `email`; gives the reference.
    async fn ask_for(&self, rights: &[&str], email: &str) -> String {
        let mut fields: Vec<(&str, &str)> = rights.iter().map(|right| ("right", *right)).collect();
        fields.push(("email", email));
        let sent = self.post("/requests", &fields).await.location();
        sent.strip_prefix("/requests/").unwrap().strip_suffix("/sent").unwrap().to_owned()
    }

    /// A verified request: its reference, and the path of its status page.
    async fn verified(&self, rights: &[&str], email: &str) -> (String, String) {
        let reference = self.ask_for(rights, email).await;
        let code = self.office.code().await;
        let path = format!("/requests/{reference}/verify");
        let status = self.post(&path, &[("code", &code)]).await.location();
        (reference, status)
    }
}

const ADA: &str = "ada@example.org";

/// A code with the right form that is not `code`.
fn other_than(code: &str) -> String {
    let first = if code.starts_with('A') { 'B' } else { 'A' };
    format!("{first}{}", &code[1..])
}
