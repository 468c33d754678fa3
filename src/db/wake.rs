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
        f.debug_struct("Waker").field("hears_others", &self.hears_others()).finish()
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

    /// Whether a poke in another process reaches this one by now. On SQLite there is no other
    /// process that could do more than ask for work once.
    pub fn hears_others(&self) -> bool {
        self.remote.as_ref().is_some_and(|remote| remote.listening.load(Ordering::Acquire))
    }

    /// Passes on the notices of other processes until it is dropped. Ends at once on SQLite.
    pub async fn listen(&self) {
        let Some(remote) = &self.remote else { return };
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
