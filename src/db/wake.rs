//! Wakes runners when there may be work: in this process at once, in others through PostgreSQL's
//! LISTEN and NOTIFY.
//!
//! A notice is sent after the commit and not in the transaction: PostgreSQL lets transactions with
//! a NOTIFY commit one after the other only, and databases that merely speak its protocol refuse
//! it. A notice that gets lost costs a runner one slow poll and never a job.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::{DatabaseConnection, DbBackend};
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::DbError;

const CHANNEL: &str = "rightsdesk_job";
/// After a lost connection, until the next try to listen.
const LISTEN_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Tells runners that there may be work.
#[derive(Clone)]
pub struct Waker {
    pokes: watch::Sender<u64>,
    remote: Option<Arc<Remote>>,
}

struct Remote {
    pool: PgPool,
    notices: TaskTracker,
    /// A notice is waiting to be sent, and will do for whoever comes meanwhile.
    waiting: AtomicBool,
    /// Notices of other processes reach us.
    listening: AtomicBool,
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waker").field("hears_all", &self.hears_all()).finish()
    }
}

impl Waker {
    pub(super) fn new(pool: &DatabaseConnection) -> Self {
        let remote = (pool.get_database_backend() == DbBackend::Postgres).then(|| {
            Arc::new(Remote {
                pool: pool.get_postgres_connection_pool().clone(),
                notices: TaskTracker::new(),
                waiting: AtomicBool::new(false),
                listening: AtomicBool::new(false),
            })
        });
        Self { pokes: watch::Sender::new(0), remote }
    }

    /// Wakes every runner of this process now and those of other processes soon. A transaction in
    /// which jobs became ready does it by itself when it commits.
    pub fn poke(&self) {
        self.poke_here();
        let Some(remote) = &self.remote else { return };
        if remote.waiting.swap(true, Ordering::AcqRel) {
            return;
        }
        let sender = Arc::clone(remote);
        remote.notices.spawn(async move {
            sender.waiting.store(false, Ordering::Release);
            let notify = sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL);
            if let Err(error) = notify.execute(&sender.pool).await {
                let error = DbError::from(error);
                tracing::debug!(%error, "other workers hear of new jobs at their next look");
            }
        });
    }

    /// Changes with every poke from now on.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.pokes.subscribe()
    }

    /// Whether every poke reaches this process by now. On SQLite there is no second service.
    pub fn hears_all(&self) -> bool {
        self.remote.as_ref().is_none_or(|remote| remote.listening.load(Ordering::Acquire))
    }

    /// Passes on the notices of other processes until it is dropped. On SQLite there are none.
    pub async fn listen(&self) {
        let Some(remote) = &self.remote else { return std::future::pending().await };
        loop {
            let error = self.listen_once(remote).await;
            remote.listening.store(false, Ordering::Release);
            tracing::info!(%error, "not listening for new jobs of other workers, looking instead");
            tokio::time::sleep(LISTEN_AGAIN_AFTER).await;
        }
    }

    async fn listen_once(&self, remote: &Remote) -> DbError {
        let mut listener = match PgListener::connect_with(&remote.pool).await {
            Ok(listener) => listener,
            Err(error) => return error.into(),
        };
        if let Err(error) = listener.listen(CHANNEL).await {
            return error.into();
        }
        loop {
            remote.listening.store(true, Ordering::Release);
            // Also after a lost connection (`None`): a notice may have been missed meanwhile.
            self.poke_here();
            if let Err(error) = listener.try_recv().await {
                return error.into();
            }
        }
    }

    pub(super) async fn close(&self) {
        if let Some(remote) = &self.remote {
            remote.notices.close();
            remote.notices.wait().await;
        }
    }

    fn poke_here(&self) {
        self.pokes.send_modify(|count| *count = count.wrapping_add(1));
    }
}

#[cfg(test)]
mod tests {
    use super::super::job::{NewJob, enqueue};
    use super::super::testing::{db_test, on_postgres};
    use super::*;

    fn a_job() -> NewJob<'static> {
        NewJob {
            id: uuid::Uuid::from_u128(1),
            lane: "mail",
            kind: "send_mail",
            payload: "{}",
            delay: Duration::ZERO,
            max_attempts: 1,
            dedup_key: None,
            request: None,
        }
    }

    db_test!(runners_are_woken_by_the_commit_alone, |db| async move {
        let pokes = db.waker().subscribe();
        let tx = db.begin().await.unwrap();
        enqueue(&tx, a_job()).await.unwrap();
        assert!(!pokes.has_changed().unwrap(), "before the commit nobody could see the job");
        drop(tx);
        assert!(!pokes.has_changed().unwrap());
        let tx = db.begin().await.unwrap();
        enqueue(&tx, a_job()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(pokes.has_changed().unwrap());
    });

    #[tokio::test]
    async fn runners_of_another_process_are_woken_through_postgres() {
        on_postgres(async |db| {
            let mut pokes = db.waker().subscribe();
            let woken = async {
                while !db.waker().hears_all() {
                    pokes.changed().await.unwrap();
                }
                pokes.mark_unchanged();
                let other = db.again().await;
                let tx = other.begin().await.unwrap();
                enqueue(&tx, a_job()).await.unwrap();
                tx.commit().await.unwrap();
                pokes.changed().await.unwrap();
                other.close().await.unwrap();
            };
            let patient = tokio::time::timeout(Duration::from_mins(1), woken);
            tokio::select! {
                () = db.waker().listen() => {}
                in_time = patient => in_time.expect("a notice comes"),
            }
        })
        .await;
    }
}
