//! How often one client may ask: `tower_governor` with a key that cannot be spoofed, and tables
//! that cannot grow without bound.
//!
//! The tables are in memory, so N nodes let N times as much through. What must hold exactly, such
//! as caps on mails, is counted in the database instead.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use governor::middleware::NoOpMiddleware;
use tower::{Layer, Service};
use tower_governor::governor::{GovernorConfig, GovernorConfigBuilder};
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

use super::client::{self, ClientAddr, ClientIp, Peer, TrustedProxies};
use super::refusal::Refusal;

/// Paths of archive downloads. A resumable download asks many times, so it has a quota of its own.
const DOWNLOADS: &str = "/downloads/";

/// A bucket of `burst` requests that fills up by one `every` so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// How many at once.
    pub burst: NonZeroU32,
    /// The time after which one more is allowed; zero counts as a nanosecond.
    pub every: Duration,
}

/// The quotas of one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// GET, HEAD and OPTIONS.
    pub read: Quota,
    /// Every other method.
    pub write: Quota,
    /// GET and HEAD of a download.
    pub download: Quota,
    /// How many clients each table tells apart; further ones share 4,096 buckets until room is
    /// free again.
    pub clients: usize,
}

impl Quotas {
    /// Of programs, which ask from one address for many people.
    pub fn programs() -> Self {
        Self { read: quota(600, 20), write: quota(300, 50), ..Self::default() }
    }
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            read: quota(120, 50),
            write: quota(30, 1000),
            download: quota(600, 20),
            clients: 100_000,
        }
    }
}

fn quota(burst: u32, millis: u64) -> Quota {
    Quota {
        burst: NonZeroU32::new(burst).expect("written above, not zero"),
        every: Duration::from_millis(millis),
    }
}

/// The layer that answers 429 when a client asks too often.
#[derive(Clone)]
pub struct LimitLayer {
    trusted: TrustedProxies,
    read: Arc<Table>,
    write: Arc<Table>,
    download: Arc<Table>,
}

impl LimitLayer {
    /// Limits each client, found behind `trusted` proxies, to `quotas`.
    pub fn new(quotas: &Quotas, trusted: TrustedProxies) -> Self {
        let table = |quota| Arc::new(Table::new(quota, quotas.clients));
        Self {
            trusted,
            read: table(quotas.read),
            write: table(quotas.write),
            download: table(quotas.download),
        }
    }

    fn table(&self, request: &Request) -> &Table {
        match *request.method() {
            Method::GET | Method::HEAD if request.uri().path().starts_with(DOWNLOADS) => {
                &self.download
            }
            Method::GET | Method::HEAD | Method::OPTIONS => &self.read,
            _ => &self.write,
        }
    }
}

impl<S> Layer<S> for LimitLayer {
    type Service = Limited<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Limited { limits: self.clone(), inner }
    }
}

/// What [`LimitLayer`] makes of a service.
#[derive(Clone)]
pub struct Limited<S> {
    limits: LimitLayer,
    inner: S,
}

impl<S> Service<Request> for Limited<S>
where
    S: Service<Request, Response = Response> + Clone,
{
    type Response = Response;
    type Error = S::Error;
    type Future = tower_governor::ResponseFuture<S::Future, Body>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let client = match request.extensions().get::<Peer>() {
            Some(peer) => client::resolve(peer.0.ip(), request.headers(), &self.limits.trusted),
            // No socket, no address: whoever comes that way shares one bucket.
            None => ClientIp(std::net::Ipv4Addr::UNSPECIFIED.into()),
        };
        request.extensions_mut().insert(client);
        request.extensions_mut().insert(ClientAddr::of(client.0));
        let table = self.limits.table(&request);
        table.tend();
        // The service that was polled ready is the one that is called; its clone stays behind.
        let next = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, next);
        table.layer.layer(ready).call(request)
    }
}

/// One bucket a client, and the watch over how many there are.
struct Table {
    layer: GovernorLayer<ClientKey, NoOpMiddleware, Body>,
    config: Arc<GovernorConfig<ClientKey, NoOpMiddleware>>,
    crowded: Arc<AtomicBool>,
    clients: usize,
    calls: AtomicU32,
}

impl Table {
    /// How many calls may add a client before the table is counted again.
    const ROUND: u32 = 256;

    fn new(quota: Quota, clients: usize) -> Self {
        let crowded = Arc::new(AtomicBool::new(false));
        let config = GovernorConfigBuilder::default()
            .period(quota.every.max(Duration::from_nanos(1)))
            .burst_size(quota.burst.get())
            .key_extractor(ClientKey { crowded: Arc::clone(&crowded) })
            .finish()
            .expect("neither period nor burst is zero");
        let config = Arc::new(config);
        let layer = GovernorLayer::new(Arc::clone(&config)).error_handler(|error| refuse(&error));
        Self { layer, config, crowded, clients, calls: AtomicU32::new(0) }
    }

    /// Forgets, every so often, the clients whose bucket is full again, and notes whether the
    /// table still has room.
    fn tend(&self) {
        if self.calls.fetch_add(1, Ordering::Relaxed) % Self::ROUND == Self::ROUND - 1 {
            let limiter = self.config.limiter();
            limiter.retain_recent();
            let crowded = limiter.len() > self.clients;
            if self.crowded.swap(crowded, Ordering::Relaxed) && !crowded {
                limiter.shrink_to_fit();
            }
        }
    }
}

/// Takes the client that [`Limited`] found.
#[derive(Clone)]
struct ClientKey {
    crowded: Arc<AtomicBool>,
}

/// Whose bucket it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Bucket {
    One(ClientAddr),
    Shared(u64),
}

impl Bucket {
    const SHARED: u64 = 4096;
}

impl KeyExtractor for ClientKey {
    type Key = Bucket;

    fn extract<T>(&self, request: &axum::http::Request<T>) -> Result<Bucket, GovernorError> {
        let client = request.extensions().get::<ClientAddr>();
        let client = client.ok_or(GovernorError::UnableToExtractKey)?;
        if !self.crowded.load(Ordering::Relaxed) {
            return Ok(Bucket::One(*client));
        }
        let mut hash = DefaultHasher::new();
        client.hash(&mut hash);
        Ok(Bucket::Shared(hash.finish() % Bucket::SHARED))
    }
}

fn refuse(error: &GovernorError) -> Response {
    let refusal = match error {
        // The wait is cut to whole seconds; asking again a moment too early would be refused.
        GovernorError::TooManyRequests { wait_time, .. } => {
            Refusal::TooManyRequests { retry_after: Duration::from_secs(*wait_time + 1) }
        }
        GovernorError::UnableToExtractKey | GovernorError::Other { .. } => Refusal::Crashed,
    };
    refusal.into_response()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::net::{IpAddr, SocketAddr};

    use axum::http::StatusCode;
    use tower::{ServiceExt, service_fn};

    use super::*;

    fn quotas(clients: usize) -> Quotas {
        let quota = |burst| Quota {
            burst: NonZeroU32::new(burst).unwrap(),
            every: Duration::from_hours(1),
        };
        Quotas { read: quota(3), write: quota(1), download: quota(5), clients }
    }

    fn layer(clients: usize) -> LimitLayer {
        LimitLayer::new(&quotas(clients), TrustedProxies::parse(&["127.0.0.1"]).unwrap())
    }

    async fn ask(
        limits: &LimitLayer,
        method: &str,
        path: &str,
        peer: IpAddr,
        xff: &str,
    ) -> Response {
        let inner = service_fn(|_: Request| async { Ok::<_, Infallible>(Response::default()) });
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-forwarded-for", xff)
            .extension(Peer(SocketAddr::new(peer, 1)))
            .body(Body::empty())
            .unwrap();
        limits.layer(inner).oneshot(request).await.unwrap()
    }

    async fn passed(limits: &LimitLayer, method: &str, path: &str, peer: &str, tries: u32) -> u32 {
        let mut passed = 0;
        for n in 0..tries {
            let spoof = format!("203.0.113.{n}");
            let answer = ask(limits, method, path, peer.parse().unwrap(), &spoof).await;
            passed += u32::from(answer.status() == StatusCode::OK);
        }
        passed
    }

    #[tokio::test]
    async fn reads_writes_and_downloads_have_quotas_of_their_own() {
        let limits = layer(100);
        assert_eq!(passed(&limits, "GET", "/", "192.0.2.1", 9).await, 3);
        assert_eq!(passed(&limits, "POST", "/requests", "192.0.2.1", 9).await, 1);
        assert_eq!(passed(&limits, "GET", "/downloads/s/R-7F3K9Q2M.zip", "192.0.2.1", 9).await, 5);
        assert_eq!(passed(&limits, "BREW", "/", "192.0.2.2", 9).await, 1);
        assert_eq!(passed(&limits, "POST", "/downloads/s/x", "192.0.2.3", 9).await, 1);
    }

    #[tokio::test]
    async fn a_new_forwarded_header_does_not_make_a_new_client() {
        assert_eq!(passed(&layer(100), "GET", "/", "192.0.2.1", 20).await, 3);
        assert_eq!(
            passed(&layer(100), "GET", "/", "127.0.0.1", 20).await,
            20,
            "clients of a proxy"
        );
    }

    #[tokio::test]
    async fn all_addresses_of_a_64_share_a_quota() {
        let limits = layer(100);
        for n in 0..3 {
            assert_eq!(passed(&limits, "GET", "/", &format!("2001:db8::{n:x}"), 1).await, 1);
        }
        assert_eq!(passed(&limits, "GET", "/", "2001:db8::ffff", 1).await, 0);
        assert_eq!(passed(&limits, "GET", "/", "2001:db8:0:1::1", 1).await, 1);
    }

    #[tokio::test]
    async fn who_is_refused_is_told_when_to_come_back() {
        let limits = layer(100);
        assert_eq!(passed(&limits, "POST", "/", "192.0.2.1", 1).await, 1);
        let answer = ask(&limits, "POST", "/", "192.0.2.1".parse().unwrap(), "").await;
        let Some(Refusal::TooManyRequests { retry_after }) = answer.extensions().get() else {
            panic!("no refusal: {}", answer.status());
        };
        assert!(retry_after.as_secs() > 3500 && retry_after.as_secs() <= 3600);
    }

    #[tokio::test]
    async fn a_flood_of_addresses_does_not_grow_the_table_without_bound() {
        let limits = layer(100);
        for n in 0..20_000_u32 {
            ask(&limits, "GET", "/", IpAddr::from(n.to_be_bytes()), "").await;
        }
        let held = limits.read.config.limiter().len();
        assert!(held <= 100 + 256 + 4096, "{held} buckets");
    }

    #[tokio::test]
    async fn full_buckets_are_forgotten() {
        let quick = Quota { burst: NonZeroU32::MIN, every: Duration::ZERO };
        let quotas = Quotas { read: quick, ..quotas(100) };
        let limits = LimitLayer::new(&quotas, TrustedProxies::default());
        for n in 0..1024_u32 {
            ask(&limits, "GET", "/", IpAddr::from(n.to_be_bytes()), "").await;
        }
        assert!(limits.read.config.limiter().len() <= 256);
    }
}
