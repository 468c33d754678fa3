//! Takes jobs from the queue and has them done.
//!
//! The runner knows nothing of what a job is about: a [`Handler`] does. A job may run twice, so
//! each is repeatable; its effect and its end are one transaction, for which [`Finished`] is the
//! proof. Nobody polls busily: the runner sleeps until the next job is due, a lease ends or
//! somebody pokes it.

#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::FutureExt;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use super::backoff::backoff;
use crate::db::job::{self, Claimed, Finished, Wanted};
use crate::db::{Db, DbError, Tx};
use crate::ids::Entropy;
use crate::meter::Meter;
use crate::meter::label::JobEnd;

/// Between two looks when a job is due and yet another worker is just taking it.
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);
/// Between two looks while notices of other processes do not reach us, and after trouble with the
/// database.
const DEAF_PAUSE: Duration = Duration::from_secs(2);

/// Does jobs.
#[async_trait]
pub trait Handler: fmt::Debug + Send + Sync {
    /// Does one job. It opens transactions of its own, none of them across network I/O, and ends
    /// the last one with [`job::finish`]. It may be dropped at any `await`, when the lease is lost
    /// or the service stops.
    async fn run(&self, job: &Claimed) -> Result<Finished, JobError>;

    /// The kind of a job, for metrics: a word of ours, not what stands in the table.
    fn kind(&self, _job: &Claimed) -> &'static str {
        "other"
    }

    /// A job was not done and is tried again after `wait`. What a person may want to know about it is
    /// written in `tx`, the transaction in which it is put back.
    async fn delayed(&self, tx: &Tx, job: &Claimed, wait: Duration) -> Result<(), DbError>;

    /// A job has died and will not be tried again. What a person must know about it is written in
    /// `tx`, the transaction in which it dies.
    async fn died(&self, tx: &Tx, job: &Claimed, code: &'static str) -> Result<(), DbError>;
}

/// Why a job was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// It may well work later.
    #[error("try again: {code}")]
    Retry {
        /// A short word of ours.
        code: &'static str,
        /// How long whoever refused asks us to wait; else the wait grows with each attempt.
        after: Option<Duration>,
    },
    /// It must not be done now, for no fault of its own: tried again after this, as often as it takes.
    #[error("not now: {code}")]
    Wait {
        /// A short word of ours.
        code: &'static str,
        /// How long.
        after: Duration,
    },
    /// It will never work.
    #[error("given up: {code}")]
    Fail {
        /// A short word of ours.
        code: &'static str,
    },
    /// Another worker holds the job by now.
    #[error("another worker has taken over this job")]
    LeaseLost,
}

impl From<DbError> for JobError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::LeaseLost => Self::LeaseLost,
            other => Self::Retry { code: other.word(), after: None },
        }
    }
}

/// How a runner works.
#[derive(Debug, Clone)]
pub struct RunnerSettings {
    /// The lanes it takes jobs from, the first of them first.
    pub lanes: Vec<String>,
    /// Names this worker in the table, for the operator.
    pub owner: String,
    /// How many jobs it runs at once.
    pub at_once: usize,
    /// For how long it holds a job without a sign of life; prolonged at every third of it.
    pub lease: Duration,
    /// It looks for jobs at least this often, whatever it is told.
    pub look_every: Duration,
    /// How long running jobs may go on after a stop.
    pub grace: Duration,
}

impl RunnerSettings {
    /// What suits a service: eight at once, a lease of half a minute, a look as often, ten
    /// seconds to come to an end.
    pub fn usual(owner: String, lanes: Vec<String>) -> Self {
        Self {
            lanes,
            owner,
            at_once: 8,
            lease: Duration::from_secs(30),
            look_every: Duration::from_secs(30),
            grace: Duration::from_secs(10),
        }
    }
}

/// Takes jobs and has them done.
#[derive(Debug, Clone)]
pub struct Runner {
    db: Db,
    handler: Arc<dyn Handler>,
    entropy: Arc<dyn Entropy>,
    settings: Arc<RunnerSettings>,
    meter: Meter,
    places: Arc<Semaphore>,
    ended: Arc<Notify>,
    /// Jobs still running after the grace are put back.
    cut: CancellationToken,
}

impl Runner {
    /// A runner at rest.
    pub fn new(
        db: Db,
        handler: Arc<dyn Handler>,
        settings: RunnerSettings,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self {
            db,
            handler,
            entropy,
            places: Arc::new(Semaphore::new(settings.at_once)),
            settings: Arc::new(settings),
            meter: Meter::default(),
            ended: Arc::new(Notify::new()),
            cut: CancellationToken::new(),
        }
    }

    /// Measures what it does with `meter`.
    #[must_use]
    pub fn metered(self, meter: Meter) -> Self {
        Self { meter, ..self }
    }

    /// Runs until `stop`. Then it takes no more jobs, gives those that run their grace, puts back
    /// the rest and returns.
    pub async fn run(self, stop: CancellationToken) {
        let jobs = TaskTracker::new();
        tokio::select! {
            () = self.take_turns(&jobs, &stop) => {}
            () = self.db.waker().listen() => {}
        }
        jobs.close();
        if timeout(self.settings.grace, jobs.wait()).await.is_err() {
            self.cut.cancel();
            jobs.wait().await;
        }
    }

    /// Stops between two looks only: jobs that were handed out are set going.
    async fn take_turns(&self, jobs: &TaskTracker, stop: &CancellationToken) {
        let mut pokes = self.db.waker().subscribe();
        let mut look_at_clock = Instant::now();
        while !stop.is_cancelled() {
            // A poke from here on is about something that the coming look may not see.
            pokes.mark_unchanged();
            if look_at_clock <= Instant::now() {
                look_at_clock += self.settings.look_every;
                self.follow_clock().await;
            }
            let pause = match self.take(jobs).await {
                // There may be more.
                Ok(taken) if taken > 0 => continue,
                Ok(_) => self.pause().await,
                Err(error) => Err(error),
            };
            let pause = pause.unwrap_or_else(|error| {
                tracing::warn!(%error, "cannot look for jobs");
                self.jittered(DEAF_PAUSE)
            });
            tokio::select! {
                () = stop.cancelled() => {}
                _ = pokes.changed() => {}
                () = self.ended.notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// A clock that was set back must not keep jobs waiting.
    async fn follow_clock(&self) {
        match job::follow_clock(&self.db).await {
            Ok(None) => {}
            Ok(Some(by)) => {
                let seconds = by.as_secs();
                tracing::warn!(seconds, "the database's clock was set back, and jobs follow it");
            }
            Err(error) => tracing::warn!(%error, "cannot look at the database's clock"),
        }
    }

    /// Takes as many jobs as there are places and sets them going.
    async fn take(&self, jobs: &TaskTracker) -> Result<usize, DbError> {
        let most = self.places.available_permits();
        if most == 0 {
            return Ok(0);
        }
        let RunnerSettings { lanes, owner, lease, .. } = &*self.settings;
        let wanted = Wanted { lanes, owner, lease: *lease, most };
        let claimed = job::claim(&self.db, wanted).await?;
        let taken = claimed.len();
        for job in claimed {
            let place = Arc::clone(&self.places)
                .try_acquire_owned()
                .expect("only this loop takes places, and it saw them free");
            jobs.spawn(self.clone().attend(job, place));
        }
        Ok(taken)
    }

    async fn pause(&self) -> Result<Duration, DbError> {
        let longest = if self.db.waker().hears_all() {
            self.settings.look_every
        } else {
            self.settings.look_every.min(DEAF_PAUSE)
        };
        let longest = self.jittered(longest);
        if self.places.available_permits() == 0 {
            return Ok(longest);
        }
        let due = job::next_due(&self.db, &self.settings.lanes).await?;
        Ok(match due {
            None => longest,
            Some(Duration::ZERO) => SHORTEST_PAUSE,
            Some(due) => due.min(longest),
        })
    }

    async fn attend(self, job: Claimed, place: OwnedSemaphorePermit) {
        let (kind, lane, id, attempt) = (&job.kind, &job.lane, job.id, job.attempt);
        let measured = self.meter.job(self.handler.kind(&job), lane, attempt);
        let outcome = self.outcome(&job).instrument(measured.span()).await;
        measured.ended(outcome.end(&job));
        match outcome {
            Outcome::Done(Finished { .. }) => tracing::debug!(kind, lane, %id, attempt, "job done"),
            Outcome::NotDone(error) => {
                tracing::info!(kind, lane, %id, attempt, %error, "job not done");
                if let Err(error) = self.settle(&job, error).await {
                    // The lease will end and somebody will take it.
                    tracing::warn!(kind, lane, %id, %error, "cannot put a job back");
                }
            }
            Outcome::Cut => {
                if let Err(error) = self.put_back(&job).await {
                    tracing::warn!(kind, lane, %id, %error, "cannot put a job back");
                }
            }
        }
        drop(place);
        self.ended.notify_one();
    }

    async fn outcome(&self, job: &Claimed) -> Outcome {
        if job.attempt > job.max_attempts {
            return Outcome::NotDone(JobError::Fail { code: "crashed" });
        }
        let work = AssertUnwindSafe(self.handler.run(job)).catch_unwind();
        tokio::select! {
            biased;
            done = work => match done {
                Ok(Ok(finished)) => Outcome::Done(finished),
                Ok(Err(error)) => Outcome::NotDone(error),
                // What it says may quote data; the panic hook decides about that.
                Err(_) => Outcome::NotDone(JobError::Retry { code: "panic", after: None }),
            },
            () = self.hold(job) => Outcome::NotDone(JobError::LeaseLost),
            () = self.cut.cancelled() => Outcome::Cut,
        }
    }

    /// Prolongs the lease until it is lost.
    async fn hold(&self, job: &Claimed) {
        let lease = self.settings.lease;
        let mut sure_until = Instant::now() + lease;
        loop {
            sleep(lease / 3).await;
            let asked = Instant::now();
            match timeout(lease / 3, job::heartbeat(&self.db, job, lease)).await {
                Ok(Ok(())) => sure_until = asked + lease,
                Ok(Err(DbError::LeaseLost)) => return,
                // The database may be back in time.
                Ok(Err(_)) | Err(_) if Instant::now() < sure_until => {}
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }

    async fn settle(&self, job: &Claimed, error: JobError) -> Result<(), DbError> {
        let (code, wait) = match error {
            JobError::LeaseLost => return Ok(()),
            JobError::Wait { code, after } => {
                let tx = self.db.begin().await?;
                self.handler.delayed(&tx, job, after).await?;
                job::put_off(&tx, job, code, after).await?;
                return tx.commit().await;
            }
            JobError::Retry { code, after } if job.attempt < job.max_attempts => {
                (code, Some(after.unwrap_or_else(|| backoff(job.attempt, self.random()))))
            }
            JobError::Retry { code, .. } | JobError::Fail { code } => (code, None),
        };
        let tx = self.db.begin().await?;
        // What it is about is locked before the job, as by whoever enqueues one; the other way round
        // the two could wait for each other.
        if let Some(wait) = wait {
            self.handler.delayed(&tx, job, wait).await?;
            job::retry(&tx, job, code, wait).await?;
        } else {
            self.handler.died(&tx, job, code).await?;
            job::bury(&tx, job, code).await?;
        }
        tx.commit().await
    }

    async fn put_back(&self, job: &Claimed) -> Result<(), DbError> {
        let tx = self.db.begin().await?;
        job::release(&tx, job).await?;
        tx.commit().await
    }

    /// Half of it or more, so that many workers do not look at once.
    fn jittered(&self, longest: Duration) -> Duration {
        let half = longest / 2;
        let span = u64::try_from(half.as_millis()).unwrap_or(u64::MAX - 1) + 1;
        half + Duration::from_millis(self.random() % span)
    }

    fn random(&self) -> u64 {
        u64::from_be_bytes(self.entropy.bytes())
    }
}

enum Outcome {
    Done(Finished),
    NotDone(JobError),
    /// The service stops.
    Cut,
}

impl Outcome {
    fn end(&self, job: &Claimed) -> JobEnd {
        match self {
            Self::Done(_) => JobEnd::Done,
            Self::NotDone(JobError::LeaseLost) => JobEnd::LeaseLost,
            Self::NotDone(JobError::Retry { .. }) if job.attempt < job.max_attempts => {
                JobEnd::Retry
            }
            Self::NotDone(_) => JobEnd::Dead,
            Self::Cut => JobEnd::Cut,
        }
    }
}
