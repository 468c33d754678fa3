//! The console over a real database, without a socket.

mod child;
mod corrections;
mod matrix;
mod pages;
mod papers;
mod recipients;
mod replays;
mod sign_in;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use jiff::SignedDuration;
use tempfile::TempDir;
use tower::ServiceExt;

use super::{Console, fenced};
use crate::clock::{Clock as _, FixedClock};
use crate::db::Db;
use crate::db::testing::{sealer, sqlite_url};
use crate::domain::address::EmailAddress;
use crate::domain::base_url::BaseUrl;
use crate::domain::language::Language;
use crate::domain::staff::Role;
use crate::domain::text::TypedText;
use crate::ids::{OsEntropy, StaffId};
use crate::keys::epoch::EpochKeys;
use crate::keys::totp::SecondFactor;
use crate::service::staff::Enrolled;
use crate::service::{Desk, Settings};
use crate::store::Stores;
use crate::web::edge::client::TrustedProxies;
use crate::web::edge::limit::{Quota, Quotas};

const PASSWORD: &str = "vier Boote im Nebelwald";

/// A console with everything around it.
struct Office {
    _folder: TempDir,
    db: Db,
    clock: Arc<FixedClock>,
    desk: Desk,
    console: Console,
    router: Router,
}

/// Somebody who works here.
struct Colleague {
    id: StaffId,
    email: String,
    secret: Vec<u8>,
}

impl Office {
    async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// Where the operator has decided something else.
    async fn with(decide: impl FnOnce(&mut Settings)) -> Self {
        Self::over(decide, Stores::new()).await
    }

    /// With stores.
    async fn over(decide: impl FnOnce(&mut Settings), stores: Stores) -> Self {
        let (folder, url) = sqlite_url();
        let db = Db::connect(&url, sealer()).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(FixedClock::at("2026-11-21T09:00:00Z"));
        let mut settings = crate::web::public::testing::settings();
        settings.review.access = crate::domain::settings::Review::Staff;
        decide(&mut settings);
        let desk = Desk::new(
            db.clone(),
            Arc::clone(&clock) as _,
            Arc::new(OsEntropy),
            Arc::new(EpochKeys::open(folder.path()).unwrap()),
            Arc::new(stores),
            Arc::new(settings),
        );
        let base = BaseUrl::parse("https://console.example.org").unwrap();
        let console = Console::new(
            desk.clone(),
            &base,
            Arc::new(|_| Box::pin(async { Err(std::io::ErrorKind::NotFound.into()) })),
        );
        let quota =
            Quota { burst: NonZeroU32::new(10_000).unwrap(), every: Duration::from_millis(1) };
        let quotas = Quotas { read: quota, write: quota, download: quota, clients: 10 };
        let router = fenced(&console, &quotas, TrustedProxies::default());
        Self { _folder: folder, db, clock, desk, console, router }
    }

    /// Invites and enrols somebody.
    async fn hire(&self, email: &str, roles: &[Role]) -> Colleague {
        let address = EmailAddress::parse(email).unwrap();
        let roles: BTreeSet<Role> = roles.iter().copied().collect();
        let invited =
            self.desk.invite(None, &address, &roles, Language::En).await.unwrap().unwrap();
        let offered = self.desk.enrolment(&invited.token).await.unwrap().unwrap();
        let text = offered.factor.secret();
        let secret = data_encoding::BASE32_NOPAD.decode(text.as_bytes()).unwrap();
        let colleague = Colleague { id: invited.staff, email: email.to_owned(), secret };
        let name = TypedText::line("Alex Okafor", 100).unwrap().unwrap();
        let code = self.code(&colleague);
        let enrolled =
            self.desk.enrol(&invited.token, &name, PASSWORD, &code, Language::En).await.unwrap();
        assert!(matches!(enrolled, Enrolled::Done), "{enrolled:?}");
        colleague
    }

    /// A code that was not used: half a minute later.
    fn code(&self, of: &Colleague) -> String {
        self.clock.advance(SignedDuration::from_secs(31));
        SecondFactor::new(&of.secret, "x", "y").unwrap().code_at(self.clock.now())
    }

    fn browser(&self) -> Browser<'_> {
        Browser { office: self, cookies: Mutex::default() }
    }

    /// A browser in which somebody is signed in.
    async fn signed_in(&self, who: &Colleague) -> Browser<'_> {
        let browser = self.browser();
        let reply = browser.sign_in(who, PASSWORD, &self.code(who)).await;
        assert_eq!(reply.location(), "/console/");
        browser
    }
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: u16,
    headers: HeaderMap,
    body: String,
    bytes: Vec<u8>,
}

impl Reply {
    #[track_caller]
    fn location(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.body);
        self.headers["location"].to_str().unwrap().to_owned()
    }

    #[track_caller]
    fn says(&self, status: u16, words: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert!(self.body.contains(words), "{words:?} is not in {}", self.body);
    }
}

/// A browser that keeps cookies.
struct Browser<'o> {
    office: &'o Office,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser<'_> {
    async fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path, &[("sec-fetch-site", "same-origin")], "").await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask(Method::POST, path, &[("sec-fetch-site", "same-origin")], body).await
    }

    async fn sign_in(&self, who: &Colleague, password: &str, code: &str) -> Reply {
        let fields = [("email", &*who.email), ("password", password), ("code", code), ("to", "")];
        self.post("/console/sign-in", &fields).await
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let mut request =
            Request::builder().method(method.clone()).uri(path).header("accept-language", "en");
        if method == Method::POST && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> = {
            let kept = self.cookies.lock().unwrap();
            kept.iter().map(|(name, value)| format!("{name}={value}")).collect()
        };
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let request = request.body(body.into()).unwrap();
        let response = self.office.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = set.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap().to_owned();
            self.cookies.lock().unwrap().insert(name.to_owned(), value);
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let (bytes, body) = (body.to_vec(), String::from_utf8_lossy(&body).into_owned());
        Reply { status: parts.status.as_u16(), headers: parts.headers, body, bytes }
    }
}
