use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::join_all;
use futures::stream::pending;

use super::*;
use crate::ids::SeededEntropy;
use crate::meter::process::Process;
use crate::store::conformance::{Bench, Seeded};
use crate::store::sqlite::tests::suite::SqliteBench;

/// The SQLite store behind limits obeys the rules of any store.
struct ThrottledBench;

fn around(inner: Arc<dyn Store>) -> Arc<dyn Store> {
    let limits = Limits { retries: 0, ..Limits::default() };
    Arc::new(Throttled::new(inner, limits, Arc::new(SeededEntropy::new(1)), &Meter::default()))
}

#[async_trait]
impl Bench for ThrottledBench {
    async fn seeded(&self, count: usize, page: Option<usize>) -> Seeded {
        let seeded = SqliteBench.seeded(count, page).await;
        Seeded { store: around(seeded.store), again: around(seeded.again), ..seeded }
    }

    async fn broken(&self) -> Seeded {
        let seeded = SqliteBench.broken().await;
        Seeded { store: around(seeded.store), ..seeded }
    }

    fn many(&self) -> usize {
        10_000
    }
}

store_conformance!(ThrottledBench);

/// Answers as told, and notes when it was asked.
#[derive(Debug)]
struct Told {
    facts: StoreFacts,
    /// The errors of the first calls; the calls after them go well.
    errors: Vec<StoreError>,
    /// How long each call takes.
    takes: Duration,
    asked: Mutex<Vec<Instant>>,
    now: AtomicU32,
    most: AtomicU32,
}

impl Told {
    fn new(errors: Vec<StoreError>, takes: Duration) -> Arc<Self> {
        let map = crate::store::testing::shop_map(
            std::path::Path::new(""),
            "[store.shop.table.t]\nwho = { email = \"m\" }\n",
        );
        let facts = map.stores[0].facts.clone();
        let (asked, now, most) = (Mutex::default(), AtomicU32::new(0), AtomicU32::new(0));
        Arc::new(Self { facts, errors, takes, asked, now, most })
    }

    fn pauses(&self) -> Vec<Duration> {
        let asked = self.asked.lock().unwrap();
        asked.windows(2).map(|two| two[1] - two[0]).collect()
    }
}

#[async_trait]
impl Store for Told {
    fn facts(&self) -> &StoreFacts {
        &self.facts
    }

    async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        let call = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(Instant::now());
            asked.len() - 1
        };
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        sleep(self.takes).await;
        self.now.fetch_sub(1, Ordering::SeqCst);
        self.errors.get(call).map_or(Ok(Vec::new()), |error| Err(error.clone()))
    }
}

fn throttled(inner: &Arc<Told>, limits: Limits) -> Throttled {
    let entropy = Arc::new(SeededEntropy::new(3));
    Throttled::new(Arc::clone(inner) as Arc<dyn Store>, limits, entropy, &Meter::default())
}

const BUSY: StoreError = StoreError::new(StoreErrorCode::Busy);

#[tokio::test(start_paused = true)]
async fn passing_trouble_is_tried_again_with_growing_pauses() {
    let inner = Told::new(vec![BUSY; 3], Duration::ZERO);
    assert_eq!(throttled(&inner, Limits::default()).check().await, Ok(Vec::new()));
    let pauses = inner.pauses();
    for (at, whole) in [250, 500, 1000].into_iter().enumerate() {
        let (least, most) = (Duration::from_millis(whole / 2), Duration::from_millis(whole + 2));
        assert!(pauses[at] >= least && pauses[at] <= most, "{pauses:?}");
    }
    let inner = Told::new(vec![BUSY; 9], Duration::ZERO);
    assert_eq!(throttled(&inner, Limits::default()).check().await, Err(BUSY));
    assert_eq!(inner.pauses().len(), 3, "and given up after three");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_asks_for_a_pause_gets_it_or_the_call_goes_back() {
    let asking = |seconds| StoreError { retry_after: Some(Duration::from_secs(seconds)), ..BUSY };
    let inner = Told::new(vec![asking(7)], Duration::ZERO);
    throttled(&inner, Limits::default()).check().await.unwrap();
    assert!(inner.pauses()[0] >= Duration::from_secs(7));
    let inner = Told::new(vec![asking(600)], Duration::ZERO);
    assert_eq!(throttled(&inner, Limits::default()).check().await, Err(asking(600)));
    assert!(inner.pauses().is_empty());
}

#[tokio::test(start_paused = true)]
async fn lasting_trouble_is_not_tried_again() {
    let denied = StoreError::new(StoreErrorCode::Denied);
    let inner = Told::new(vec![denied.clone()], Duration::ZERO);
    assert_eq!(throttled(&inner, Limits::default()).check().await, Err(denied));
    assert!(inner.pauses().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_a_timeout() {
    let inner = Told::new(Vec::new(), Duration::from_hours(1));
    let limits = Limits { retries: 1, ..Limits::default() };
    let error = throttled(&inner, limits).check().await.unwrap_err();
    assert_eq!(error.code, StoreErrorCode::Timeout);
    assert_eq!(inner.pauses().len(), 1, "tried twice");
}

#[tokio::test(start_paused = true)]
async fn calls_keep_to_their_number_and_their_distance() {
    let inner = Told::new(Vec::new(), Duration::from_secs(1));
    let limits = Limits { at_once: 2, interval: Duration::from_millis(400), ..Limits::default() };
    let store = throttled(&inner, limits);
    join_all((0..6).map(|_| store.check())).await;
    assert_eq!(inner.most.load(Ordering::SeqCst), 2);
    assert!(inner.pauses().iter().all(|pause| *pause >= limits.interval), "{:?}", inner.pauses());
}

#[tokio::test(start_paused = true)]
async fn a_file_that_stalls_ends_and_gives_its_place_back() {
    let gate = Arc::new(Semaphore::new(1));
    let permit = Arc::clone(&gate).acquire_owned().await.unwrap();
    let meter = Meter::default();
    let call = meter.store(&Told::new(Vec::new(), Duration::ZERO).facts).call(StoreOp::File);
    let mut bytes = timed(pending().boxed(), Duration::from_secs(5), permit, call);
    let error = bytes.next().await.unwrap().unwrap_err();
    assert_eq!(error.code, StoreErrorCode::Timeout);
    assert!(bytes.next().await.is_none());
    assert_eq!(gate.available_permits(), 1);
    let told = meter.render(None, &Process::default());
    let line = r#"store_errors_total{store="shop",operation="file",code="timeout"} 1"#;
    assert!(told.contains(line), "{told}");
}

#[tokio::test(start_paused = true)]
async fn every_try_is_counted_with_its_time_and_its_trouble() {
    let (inner, meter) = (Told::new(vec![BUSY; 2], Duration::from_secs(2)), Meter::default());
    let entropy = Arc::new(SeededEntropy::new(3));
    let store = Throttled::new(inner as Arc<dyn Store>, Limits::default(), entropy, &meter);
    store.check().await.unwrap();
    let told = meter.render(None, &Process::default());
    for line in [
        r#"store_errors_total{store="shop",operation="check",code="busy"} 2"#,
        r#"store_call_duration_seconds_count{store="shop",operation="check"} 3"#,
        r#"store_call_duration_seconds_bucket{le="1.0",store="shop",operation="check"} 0"#,
        r#"store_call_duration_seconds_bucket{le="2.5",store="shop",operation="check"} 3"#,
    ] {
        assert!(told.contains(line), "no {line} in {told}");
    }
}
