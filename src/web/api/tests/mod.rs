//! The API over a real database, without a socket: an office and programs with tokens.

mod ask;
mod child;
mod contract;
mod decide;
mod door;
mod flags;
mod read;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use futures::StreamExt;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;
use crate::clock::FixedClock;
use crate::db::Db;
use crate::db::testing::{letters, sealer, sqlite_url};
use crate::domain::duration::Period;
use crate::domain::request::Request as Asked;
use crate::ids::{Reference, SeededEntropy};
use crate::keys::epoch::EpochKeys;
use crate::service::token::NewToken;
use crate::store::Stores;
use crate::web::edge::client::Peer;
use crate::web::edge::limit::Quota;
use crate::web::public::testing::settings;

/// A desk and the API before it.
struct Office {
    folder: TempDir,
    clock: Arc<FixedClock>,
    db: Db,
    desk: Desk,
    router: Router,
}

/// What came back.
#[derive(Debug)]
struct Reply {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Reply {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Asserts a problem of this kind.
    #[track_caller]
    fn is(&self, kind: Kind) {
        let problem = self.json();
        assert_eq!(problem["type"], kind.path(), "{problem}");
        assert_eq!(self.status, kind.status().as_u16());
        assert_eq!(self.headers["content-type"], PROBLEM_JSON);
    }

    /// Asserts one wrong field.
    #[track_caller]
    fn is_wrong(&self, field: &str, code: &str) {
        self.is(Kind::Invalid);
        let errors = self.json()["errors"].clone();
        let named = |one: &Value| one["field"] == field && one["code"] == code;
        assert!(errors.as_array().unwrap().iter().any(named), "{errors}");
    }
}

impl Office {
    async fn open() -> Self {
        let (folder, url) = sqlite_url();
        let db = Db::connect(&url, sealer()).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(FixedClock::at("2026-11-20T09:00:00Z"));
        let desk = Desk::new(
            db.clone(),
            Arc::clone(&clock) as _,
            Arc::new(SeededEntropy::new(5)),
            Arc::new(EpochKeys::open(folder.path()).unwrap()),
            Arc::new(Stores::new()),
            Arc::new(settings()),
        );
        let bytes = |_: &_, range: std::ops::Range<u64>| {
            let part = vec![b'z'; usize::try_from(range.end - range.start).unwrap()];
            futures::stream::iter([Ok(part.into())]).boxed()
        };
        let signing = SigningKey::make(folder.path(), &SeededEntropy::new(9)).unwrap();
        let api = Api::new(desk.clone(), Arc::new(bytes), TaskTracker::new(), Arc::new(signing));
        let quota =
            Quota { burst: NonZeroU32::new(10_000).unwrap(), every: Duration::from_millis(1) };
        let quotas = Quotas { read: quota, write: quota, download: quota, clients: 10 };
        let router = Router::new().nest(PATH, fenced(&api, &quotas, TrustedProxies::default()));
        Self { folder, clock, db, desk, router }
    }

    fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    /// A program with these scopes.
    async fn program(&self, name: &str, scopes: &[TokenScope]) -> Program<'_> {
        self.program_with(name, scopes, |_| ()).await
    }

    async fn program_with(
        &self,
        name: &str,
        scopes: &[TokenScope],
        change: impl FnOnce(&mut NewToken),
    ) -> Program<'_> {
        let mut new = NewToken {
            name: name.to_owned(),
            scopes: scopes.iter().copied().collect(),
            all_requests: false,
            networks: Vec::new(),
            requests_a_day: 100,
            life: Period::parse("30d").unwrap(),
            assertion_key: None,
        };
        change(&mut new);
        let made = self.desk.create_token(new).await.unwrap().unwrap();
        Program { office: self, token: made.bearer.to_text() }
    }

    async fn change(&self, reference: &str, change: impl FnOnce(&mut Asked)) {
        let reference = Reference::parse(reference).unwrap();
        let tx = self.db.begin().await.unwrap();
        let mut stored = tx.request_by_reference(&reference).await.unwrap().unwrap();
        change(&mut stored.value);
        tx.update_request(&stored).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn letters(&self) -> usize {
        letters(&self.db).await.len()
    }

    async fn ask(&self, request: Request<Body>) -> Reply {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}

/// A program with a token.
struct Program<'o> {
    office: &'o Office,
    token: String,
}

impl Program<'_> {
    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{PATH}{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .extension(Peer(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)), 1)))
    }

    async fn get(&self, path: &str) -> Reply {
        self.office.ask(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_with(path, &body.to_string(), &[]).await
    }

    async fn post_with(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = self.request("POST", path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.office.ask(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// A request for `email`: its reference.
    async fn create(&self, email: &str) -> String {
        let made = self.post("/requests", &json!({"right": "export", "email": email})).await;
        assert_eq!(made.status, 201, "{made:?}");
        made.json()["reference"].as_str().unwrap().to_owned()
    }
}
