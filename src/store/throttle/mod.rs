//! Limits, retries and measuring around any store, as a store.

mod erase;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt, unfold};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tracing::Instrument as _;

use crate::domain::facts::StoreFacts;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::Entropy;
use crate::meter::label::StoreOp;
use crate::meter::{Meter, StoreCall, StoreMeter};
use crate::store::erase::Erase;
use crate::store::exact::exactly;
use crate::store::{
    Cursor, Export, Finding, Located, OpenFile, Page, Store, StoreError, StoreErrorCode,
};

/// How much a store is asked at once, and how patiently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls at the same time; a file being read is a call.
    pub at_once: usize,
    /// Least time from the start of one call to the start of the next.
    pub interval: Duration,
    /// Longest time for one try, and for one piece of a file.
    pub timeout: Duration,
    /// Tries again after trouble that passes.
    pub retries: u32,
    /// Pause before the first of them; each further one is twice as long.
    pub pause: Duration,
    /// Longest pause within a call. A store that asks for more gets the call back as an error.
    pub longest_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            at_once: 4,
            interval: Duration::ZERO,
            timeout: Duration::from_mins(1),
            retries: 3,
            pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(10),
        }
    }
}

/// A store behind limits.
pub struct Throttled {
    inner: Arc<dyn Store>,
    limits: Limits,
    gate: Arc<Semaphore>,
    next: Mutex<Option<Instant>>,
    entropy: Arc<dyn Entropy>,
    meter: StoreMeter,
}

impl fmt::Debug for Throttled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttled").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl Throttled {
    /// Puts `limits` around `inner`. `entropy` spreads the retries of many workers; `meter` counts
    /// and times each try.
    pub fn new(
        inner: Arc<dyn Store>,
        limits: Limits,
        entropy: Arc<dyn Entropy>,
        meter: &Meter,
    ) -> Self {
        let gate = Arc::new(Semaphore::new(limits.at_once.max(1)));
        let meter = meter.store(inner.facts());
        Self { inner, limits, gate, next: Mutex::new(None), entropy, meter }
    }

    fn part(&self) -> Result<&dyn Export, StoreError> {
        self.inner.export().ok_or(StoreError::new(StoreErrorCode::Unsupported))
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        let permit = Arc::clone(&self.gate).acquire_owned().await;
        permit.map_err(|_| StoreError::new(StoreErrorCode::Unreachable))
    }

    /// Waits until the next call may start.
    async fn turn(&self) {
        let at = {
            let mut next = self.next.lock().expect("no holder of this lock panics");
            let now = Instant::now();
            let at = next.map_or(now, |next| next.max(now));
            *next = Some(at + self.limits.interval);
            at
        };
        sleep_until(at).await;
    }

    /// Calls until it goes well, the trouble is of the lasting kind, or the tries are used up.
    async fn call<T, F>(&self, op: StoreOp, call: impl Fn() -> F + Send) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>> + Send,
    {
        let mut tried = 0;
        loop {
            self.turn().await;
            let late = || Err(StoreError::new(StoreErrorCode::Timeout));
            let measured = self.meter.call(op);
            let tried_now = timeout(self.limits.timeout, call()).instrument(measured.span());
            let answer = tried_now.await.unwrap_or_else(|_| late());
            measured.ended(word(&answer));
            let error = match answer {
                Ok(good) => return Ok(good),
                Err(error) => error,
            };
            let asked = error.retry_after.unwrap_or_default();
            let patient = asked <= self.limits.longest_pause;
            if !error.code.is_passing() || tried >= self.limits.retries || !patient {
                return Err(error);
            }
            sleep(self.pause(tried).max(asked)).await;
            tried += 1;
        }
    }

    /// Doubles with each try; between half and all of that, so that workers do not come in step.
    fn pause(&self, tried: u32) -> Duration {
        let whole = self.limits.pause.saturating_mul(1 << tried.min(16));
        let whole = whole.min(self.limits.longest_pause);
        let [random] = self.entropy.bytes::<1>();
        whole / 2 + whole * u32::from(random) / 510
    }
}

#[async_trait]
impl Store for Throttled {
    fn facts(&self) -> &StoreFacts {
        self.inner.facts()
    }

    async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        let _permit = self.permit().await?;
        self.call(StoreOp::Check, || self.inner.check()).await
    }

    fn export(&self) -> Option<&dyn Export> {
        self.inner.export().map(|_| self as &dyn Export)
    }

    fn erase(&self) -> Option<&dyn Erase> {
        self.inner.erase().map(|_| self as &dyn Erase)
    }
}

#[async_trait]
impl Export for Throttled {
    fn asks_for(&self) -> Vec<KeyKind> {
        self.inner.export().map_or(Vec::new(), Export::asks_for)
    }

    async fn locate(&self, keys: &[SubjectKey]) -> Result<Located, StoreError> {
        let (part, _permit) = (self.part()?, self.permit().await?);
        self.call(StoreOp::Locate, || part.locate(keys)).await
    }

    async fn page(&self, keys: &[SubjectKey], from: Option<&Cursor>) -> Result<Page, StoreError> {
        let (part, _permit) = (self.part()?, self.permit().await?);
        let page = self.call(StoreOp::Page, || part.page(keys, from)).await?;
        // A cursor that stands still would be asked for ever.
        if from.is_some() && page.next.as_ref() == from {
            return Err(StoreError::new(StoreErrorCode::BadData));
        }
        Ok(page)
    }

    /// Retries the opening. A stream that breaks is the caller's to open again, since some of it is
    /// used already; one that stalls ends in `timeout`.
    async fn open(&self, key: &str) -> Result<Option<OpenFile>, StoreError> {
        let (part, permit) = (self.part()?, self.permit().await?);
        let found = self.call(StoreOp::Open, || part.open(key)).await?;
        let limit = self.limits.timeout;
        let measured = self.meter.call(StoreOp::File);
        Ok(found.map(|OpenFile { size, bytes }| {
            let bytes = exactly(size, timed(bytes, limit, permit, measured));
            OpenFile { size, bytes }
        }))
    }
}

type Bytes = Result<bytes::Bytes, StoreError>;

/// The kind of trouble, if any.
fn word<T>(answer: &Result<T, StoreError>) -> Option<&'static str> {
    answer.as_ref().err().map(|error| error.code.as_str())
}

/// `bytes` with a limit on each piece; the permit is given back and the call is over at the end.
fn timed(
    bytes: BoxStream<'static, Bytes>,
    limit: Duration,
    permit: OwnedSemaphorePermit,
    call: StoreCall,
) -> BoxStream<'static, Bytes> {
    unfold(Some((bytes, permit, call)), move |state| async move {
        let (mut bytes, permit, call) = state?;
        let error = match timeout(limit, bytes.next()).await {
            Ok(Some(Ok(piece))) => return Some((Ok(piece), Some((bytes, permit, call)))),
            Ok(Some(Err(error))) => error,
            Ok(None) => {
                call.ended(None);
                return None;
            }
            Err(_) => StoreError::new(StoreErrorCode::Timeout),
        };
        call.ended(Some(error.code.as_str()));
        Some((Err(error), None))
    })
    .boxed()
}
