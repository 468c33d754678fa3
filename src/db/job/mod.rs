//! The job queue: a thin table of leases.
//!
//! A job is written in the transaction of the change that caused it and deleted in the transaction
//! of its own effect. It is handed out with a lease and a *fence*, a number that grows with every
//! claim: who has lost the lease can no longer finish, and what they did is rolled back. Leases and
//! delays use the database's clock, so that machines with skewed clocks agree.

mod claim;
mod clock;
#[cfg(test)]
mod count;
mod purge;
#[cfg(test)]
mod tests;

use std::cmp;
use std::time::Duration;

use ::entity::job::Entity;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, UpdateStatement};
use sea_orm::{ConnectionTrait, DbBackend};
use uuid::Uuid;

pub use claim::{Wanted, claim, next_due};
pub use clock::follow_clock;
#[cfg(test)]
pub use count::{LaneCount, counts};

use super::{Db, DbError, Tx};

pub(super) const READY: &str = "ready";
pub(super) const RUNNING: &str = "running";
pub(super) const DEAD: &str = "dead";

/// A job to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob<'a> {
    /// From `ids`, time-ordered.
    pub id: Uuid,
    /// The lane it waits in.
    pub lane: &'a str,
    /// Names the handler.
    pub kind: &'a str,
    /// What the handler needs to know, as JSON. No personal data: ids of rows that hold it sealed.
    pub payload: &'a str,
    /// Not before this time has passed.
    pub delay: Duration,
    /// After how many attempts it is given up; at least one.
    pub max_attempts: u16,
    /// While an unfinished job has the same key (a dead one too), no second one is written. The one
    /// that is there may be running already and may have read the state before this change.
    pub dedup_key: Option<&'a str>,
    /// The request it belongs to.
    pub request: Option<Uuid>,
}

/// A job that was handed out, with the lease on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its id, the same at every attempt: good as a key for effects that must happen once.
    pub id: Uuid,
    /// The lane it came from.
    pub lane: String,
    /// Names the handler.
    pub kind: String,
    /// What the handler needs to know, as JSON.
    pub payload: String,
    /// Which attempt this is, from 1. More than `max_attempts` when the last allowed one ended
    /// without a word, with its process.
    pub attempt: u16,
    /// After how many it is given up.
    pub max_attempts: u16,
    /// The request it belongs to.
    pub request: Option<Uuid>,
    fence: i64,
}

impl Claimed {
    /// The number that grows with every claim, to be passed on to whoever can refuse an older one.
    pub const fn fence(&self) -> i64 {
        self.fence
    }
}

/// Proof that a job has ended in the transaction of its effect. Only [`finish`] makes one.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Finished(());

/// What became of a job that could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It will run again after the delay.
    Again,
    /// That was the last attempt: it stays as dead until a person looks at it.
    Dead,
}

/// Writes a job. False when an unfinished one of the same key is there already.
pub async fn enqueue(tx: &Tx, job: NewJob<'_>) -> Result<bool, DbError> {
    let now = now(tx.inner().get_database_backend());
    let insert = Query::insert()
        .into_table(Entity)
        .columns([
            "id",
            "lane",
            "kind",
            "payload",
            "state",
            "run_at",
            "max_attempts",
            "dedup_key",
            "request_id",
            "created_at",
        ])
        .values_panic([
            job.id.into(),
            job.lane.into(),
            job.kind.into(),
            job.payload.into(),
            READY.into(),
            now.clone().add(millis(job.delay)),
            i32::from(cmp::max(job.max_attempts, 1)).into(),
            job.dedup_key.into(),
            job.request.into(),
            now,
        ])
        .on_conflict(OnConflict::column("dedup_key").do_nothing().to_owned())
        .to_owned();
    let written = tx.inner().execute(&insert).await?.rows_affected() == 1;
    if written {
        tx.poke_on_commit();
    }
    Ok(written)
}

/// Ends a job together with its effect: deletes its row in `tx` and commits.
///
/// # Errors
/// [`DbError::LeaseLost`] when somebody else holds the job by now. Nothing of `tx` has happened
/// then, nor with any other error.
pub async fn finish(tx: Tx, job: &Claimed) -> Result<Finished, DbError> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Expr::col("id").eq(job.id))
        .and_where(Expr::col("state").eq(RUNNING))
        .and_where(Expr::col("lease_token").eq(job.fence))
        .to_owned();
    if tx.inner().execute(&delete).await?.rows_affected() != 1 {
        return Err(DbError::LeaseLost);
    }
    tx.commit().await?;
    Ok(Finished(()))
}

/// Holds a job until `tx` ends, so that nobody takes it over before its effect is saved. For a
/// transaction in the middle of a job; the last one has [`finish`].
///
/// # Errors
/// [`DbError::LeaseLost`] when somebody else holds the job by now.
pub async fn hold(tx: &Tx, job: &Claimed) -> Result<(), DbError> {
    let select = Query::select()
        .column("id")
        .from(Entity)
        .and_where(Expr::col("id").eq(job.id))
        .and_where(Expr::col("state").eq(RUNNING))
        .and_where(Expr::col("lease_token").eq(job.fence))
        .lock_exclusive()
        .to_owned();
    tx.inner().query_one(&select).await?.map(drop).ok_or(DbError::LeaseLost)
}

/// Whether `request` has jobs of these kinds that are still to run, or running.
pub async fn has_unfinished(tx: &Tx, request: Uuid, kinds: &[&str]) -> Result<bool, DbError> {
    let select = Query::select()
        .column("id")
        .from(Entity)
        .and_where(Expr::col("request_id").eq(request))
        .and_where(Expr::col("kind").is_in(kinds.iter().copied()))
        .and_where(Expr::col("state").ne(DEAD))
        .limit(1)
        .to_owned();
    Ok(tx.inner().query_one(&select).await?.is_some())
}

/// Gives a job back that could not be done: it runs again after `delay`, or is dead when this was
/// the last attempt. Whoever must know about a dead one writes that in the same transaction.
/// `code` is a short word of ours.
pub async fn retry(
    tx: &Tx,
    job: &Claimed,
    code: &'static str,
    delay: Duration,
) -> Result<Fate, DbError> {
    if job.attempt >= job.max_attempts {
        bury(tx, job, code).await?;
        return Ok(Fate::Dead);
    }
    let run_at = now(tx.inner().get_database_backend()).add(millis(delay));
    let again = held(job)
        .value("state", READY)
        .value("run_at", run_at)
        .value("last_error", code)
        .value("lease_until", Option::<i64>::None)
        .to_owned();
    let_go(tx, &again).await?;
    Ok(Fate::Again)
}

/// As [`retry`], for a job that must not be done now for no fault of its own: this was no attempt.
pub async fn put_off(
    tx: &Tx,
    job: &Claimed,
    code: &'static str,
    delay: Duration,
) -> Result<(), DbError> {
    let run_at = now(tx.inner().get_database_backend()).add(millis(delay));
    let again = held(job)
        .value("state", READY)
        .value("run_at", run_at)
        .value("attempts", Expr::col("attempts").sub(1))
        .value("last_error", code)
        .value("lease_until", Option::<i64>::None)
        .to_owned();
    let_go(tx, &again).await
}

/// Declares a job dead: it is not tried again and keeps its dedup key.
pub async fn bury(tx: &Tx, job: &Claimed, code: &'static str) -> Result<(), DbError> {
    let dead = held(job)
        .value("state", DEAD)
        .value("last_error", code)
        .value("lease_until", Option::<i64>::None)
        .to_owned();
    let_go(tx, &dead).await
}

/// Puts a job back as if it had not been claimed; for a worker that shuts down.
pub async fn release(tx: &Tx, job: &Claimed) -> Result<(), DbError> {
    let back = held(job)
        .value("state", READY)
        .value("attempts", Expr::col("attempts").sub(1))
        .value("lease_until", Option::<i64>::None)
        .to_owned();
    let_go(tx, &back).await
}

/// Lets the dead jobs of a request run again, each with all its attempts, and tells how many there
/// are.
pub async fn revive(tx: &Tx, request: Uuid) -> Result<u64, DbError> {
    let ready = Query::update()
        .table(Entity)
        .value("state", READY)
        .value("attempts", 0)
        .value("run_at", now(tx.inner().get_database_backend()))
        .and_where(Expr::col("request_id").eq(request))
        .and_where(Expr::col("state").eq(DEAD))
        .to_owned();
    let revived = tx.inner().execute(&ready).await?.rows_affected();
    if revived > 0 {
        tx.poke_on_commit();
    }
    Ok(revived)
}

/// Forgets the dead job of this key, so that a fresh one can be written. True when there was one.
pub async fn clear_dead(tx: &Tx, dedup_key: &str) -> Result<bool, DbError> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Expr::col("dedup_key").eq(dedup_key))
        .and_where(Expr::col("state").eq(DEAD))
        .to_owned();
    Ok(tx.inner().execute(&delete).await?.rows_affected() > 0)
}

/// Forgets the job of this key unless somebody is at it. True when there was one.
pub async fn withdraw(tx: &Tx, dedup_key: &str) -> Result<bool, DbError> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(Expr::col("dedup_key").eq(dedup_key))
        .and_where(Expr::col("state").ne(RUNNING))
        .to_owned();
    Ok(tx.inner().execute(&delete).await?.rows_affected() > 0)
}

/// Lengthens the lease to `lease` from now.
///
/// # Errors
/// [`DbError::LeaseLost`] when somebody else holds the job by now.
pub async fn heartbeat(db: &Db, job: &Claimed, lease: Duration) -> Result<(), DbError> {
    let tx = db.begin().await?;
    let until = now(tx.inner().get_database_backend()).add(millis(lease));
    let longer = held(job).value("lease_until", until).to_owned();
    if tx.inner().execute(&longer).await?.rows_affected() != 1 {
        return Err(DbError::LeaseLost);
    }
    tx.commit().await
}

/// An update of a job by whoever holds it.
fn held(job: &Claimed) -> UpdateStatement {
    Query::update()
        .table(Entity)
        .and_where(Expr::col("id").eq(job.id))
        .and_where(Expr::col("state").eq(RUNNING))
        .and_where(Expr::col("lease_token").eq(job.fence))
        .to_owned()
}

async fn let_go(tx: &Tx, update: &UpdateStatement) -> Result<(), DbError> {
    if tx.inner().execute(update).await?.rows_affected() != 1 {
        return Err(DbError::LeaseLost);
    }
    tx.poke_on_commit();
    Ok(())
}

/// The database's clock, whole milliseconds since the epoch. Of PostgreSQL's clocks the one that
/// stands still within a statement, so that an index can be used.
pub(super) fn now(backend: DbBackend) -> Expr {
    Expr::cust(match backend {
        DbBackend::Postgres => "(extract(epoch FROM statement_timestamp()) * 1000)::bigint",
        _ => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    })
}

/// Whole milliseconds, for a column.
pub(super) fn millis(of: Duration) -> i64 {
    i64::try_from(of.as_millis()).unwrap_or(i64::MAX / 4)
}
