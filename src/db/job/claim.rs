//! Handing out jobs, and knowing when there will be some.

use std::cmp;
use std::time::Duration;

use ::entity::{job, lane};
use sea_orm::sea_query::{
    CommonTableExpression, Condition, Expr, ExprTrait, LockBehavior, LockType, Order, Query,
    WithClause,
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};

use super::{Claimed, READY, RUNNING, millis, now};
use crate::db::{Db, DbError, Tx};

/// What a worker asks for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// From these lanes, the first of them first.
    pub lanes: &'a [String],
    /// Who asks; shown to the operator.
    pub owner: &'a str,
    /// For how long.
    pub lease: Duration,
    /// At most so many jobs.
    pub most: usize,
}

/// Hands out jobs that are due, and those whose lease has run out. A lane with all its width
/// running gives none, nor does one that started a job a moment ago.
pub async fn claim(db: &Db, wanted: Wanted<'_>) -> Result<Vec<Claimed>, DbError> {
    let mut claimed = Vec::new();
    for lane in promising(db, wanted.lanes).await? {
        let room = wanted.most.saturating_sub(claimed.len());
        if room == 0 {
            break;
        }
        claimed.extend(claim_in(db, &lane, wanted, room).await?);
    }
    Ok(claimed)
}

/// Lanes with a job to hand out and room for it. Only read, so that an idle worker never asks for
/// the right to write.
async fn promising(db: &Db, lanes: &[String]) -> Result<Vec<String>, DbError> {
    let backend = db.backend();
    let waiting = |due: Condition| {
        let job = Query::select().expr(Expr::val(1)).from(job::Entity).to_owned();
        Expr::exists(job.clone().and_where(of_this_lane()).cond_where(due).to_owned())
    };
    let select = Query::select()
        .column("name")
        .from(lane::Entity)
        .and_where(Expr::col("name").is_in(lanes))
        .and_where(Expr::col("next_free_at").lte(now(backend)))
        .and_where(Expr::col("width").gt(count(of_this_lane(), held(backend))))
        .and_where(waiting(ready(backend)).or(waiting(left(backend))))
        .to_owned();
    let rows = db.pool().query_all(&select).await?;
    let found: Vec<String> =
        rows.iter().map(|row| row.try_get("", "name")).collect::<Result<_, _>>()?;
    Ok(lanes.iter().filter(|lane| found.contains(lane)).cloned().collect())
}

/// The lock on the lane comes first, in a statement of its own: only so does the claim see every
/// job that others are running, and two workers never fill the last place twice.
async fn claim_in(
    db: &Db,
    name: &str,
    wanted: Wanted<'_>,
    room: usize,
) -> Result<Vec<Claimed>, DbError> {
    let tx = db.begin().await?;
    let (on, backend) = (tx.inner(), db.backend());
    let lock = Query::select()
        .columns(["name", "width", "next_free_at", "min_interval_ms"])
        .from(lane::Entity)
        .and_where(Expr::col("name").eq(name))
        .and_where(Expr::col("next_free_at").lte(now(backend)))
        // Left out on SQLite, where only one writes anyway.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .to_owned();
    let Some(row) = on.query_one(&lock).await? else { return Ok(Vec::new()) };
    let lane = lane::Model::from_query_result(&row, "")?;

    let this_lane = || Expr::col("lane").eq(name);
    let counts = Query::select()
        .expr_as(count(this_lane(), held(backend)), "held")
        .expr_as(count(this_lane(), left(backend)), "left_behind")
        .to_owned();
    let Some(row) = on.query_one(&counts).await? else { return Ok(Vec::new()) };
    let free = i64::from(lane.width).saturating_sub(row.try_get("", "held")?);
    let most = if lane.min_interval_ms > 0 { 1 } else { room };
    let most = cmp::min(most, usize::try_from(free).unwrap_or(0));

    let mut taken = Vec::new();
    if row.try_get::<i64>("", "left_behind")? > 0 {
        taken.extend(take(&tx, name, left(backend), wanted, most).await?);
    }
    let most = most.saturating_sub(taken.len());
    taken.extend(take(&tx, name, ready(backend), wanted, most).await?);
    if !taken.is_empty() && lane.min_interval_ms > 0 {
        let pace = Query::update()
            .table(lane::Entity)
            .value("next_free_at", now(backend).add(lane.min_interval_ms))
            .and_where(Expr::col("name").eq(name))
            .to_owned();
        on.execute(&pace).await?;
    }
    tx.commit().await?;
    Ok(taken)
}

/// Takes up to `most` of the jobs of a lane that are `due`. Apart for those that are ready and
/// those left behind, since only so an index gives them in order.
async fn take(
    tx: &Tx,
    lane: &str,
    due: Condition,
    wanted: Wanted<'_>,
    most: usize,
) -> Result<Vec<Claimed>, DbError> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let pick = Query::select()
        .column("id")
        .from(job::Entity)
        .and_where(Expr::col("lane").eq(lane))
        .cond_where(due)
        .order_by("run_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(most as u64)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .to_owned();
    // As a CTE, so that no plan runs the picking twice and takes more than it may.
    let picked = CommonTableExpression::new().table_name("picked").query(pick).to_owned();
    let picked_ids = Query::select().column("id").from("picked").to_owned();
    let on = tx.inner();
    let until = now(on.get_database_backend()).add(millis(wanted.lease));
    let take = Query::update()
        .table(job::Entity)
        .value("state", RUNNING)
        .value("lease_owner", wanted.owner)
        .value("lease_until", until)
        .value("lease_token", Expr::col("lease_token").add(1))
        .value("attempts", Expr::col("attempts").add(1))
        .and_where(Expr::col("id").in_subquery(picked_ids))
        .returning_all()
        .to_owned()
        .with(WithClause::new().cte(picked).to_owned());
    let mut taken = Vec::new();
    for row in on.query_all(&take).await? {
        taken.push(job::Model::from_query_result(&row, "")?);
    }
    // RETURNING knows no order.
    taken.sort_by_key(|job| (job.run_at, job.id));
    Ok(taken.into_iter().map(claimed).collect())
}

/// How long until there may be something to claim in `lanes`: a job becomes due, a lane is free to
/// start the next one, or a lease runs out. Zero when that is now; `None` when only a new job can
/// change anything.
pub async fn next_due(db: &Db, lanes: &[String]) -> Result<Option<Duration>, DbError> {
    let backend = db.backend();
    let select = Query::select()
        .columns(["name", "width", "next_free_at"])
        .expr_as(now(backend), "now")
        .expr_as(earliest(READY, "run_at"), "ready_at")
        .expr_as(earliest(RUNNING, "lease_until"), "lease_ends")
        .expr_as(count(of_this_lane(), held(backend)), "running")
        .from(lane::Entity)
        .and_where(Expr::col("name").is_in(lanes))
        .to_owned();
    let mut soonest: Option<i64> = None;
    for row in db.pool().query_all(&select).await? {
        let now: i64 = row.try_get("", "now")?;
        let width: i32 = row.try_get("", "width")?;
        let running: i64 = row.try_get("", "running")?;
        let free_at: i64 = row.try_get("", "next_free_at")?;
        let ready_at: Option<i64> = row.try_get("", "ready_at")?;
        let lease_ends: Option<i64> = row.try_get("", "lease_ends")?;
        // A full lane is free again when a job ends, and its worker looks by itself then.
        let ready_at = ready_at.filter(|_| running < i64::from(width));
        for at in ready_at.into_iter().chain(lease_ends) {
            let wait = cmp::max(at, free_at) - now;
            soonest = Some(soonest.map_or(wait, |other| cmp::min(other, wait)));
        }
    }
    Ok(soonest.map(|wait| Duration::from_millis(u64::try_from(wait).unwrap_or(0))))
}

/// Its time has come.
fn ready(backend: DbBackend) -> Condition {
    Condition::all().add(Expr::col("state").eq(READY)).add(Expr::col("run_at").lte(now(backend)))
}

/// Somebody is at it.
fn held(backend: DbBackend) -> Condition {
    Condition::all()
        .add(Expr::col("state").eq(RUNNING))
        .add(Expr::col("lease_until").gt(now(backend)))
}

/// Somebody was at it and has not been heard of for a whole lease.
fn left(backend: DbBackend) -> Condition {
    Condition::all()
        .add(Expr::col("state").eq(RUNNING))
        .add(Expr::col("lease_until").lte(now(backend)))
}

/// Of the lane of the outer query.
fn of_this_lane() -> Expr {
    Expr::col(("job", "lane")).equals(("lane", "name"))
}

fn count(lane: Expr, which: Condition) -> Expr {
    let select = Query::select()
        .expr(Expr::col("id").count())
        .from(job::Entity)
        .and_where(lane)
        .cond_where(which)
        .to_owned();
    Expr::from(select)
}

fn earliest(state: &'static str, column: &'static str) -> Expr {
    let select = Query::select()
        .expr(Expr::col(column).min())
        .from(job::Entity)
        .and_where(of_this_lane())
        .and_where(Expr::col("state").eq(state))
        .to_owned();
    Expr::from(select)
}

fn claimed(row: job::Model) -> Claimed {
    let count = |number: i32| u16::try_from(number).unwrap_or(u16::MAX);
    Claimed {
        id: row.id,
        lane: row.lane,
        kind: row.kind,
        payload: row.payload,
        attempt: count(row.attempts),
        max_attempts: count(row.max_attempts),
        request: row.request_id,
        fence: row.lease_token,
    }
}
