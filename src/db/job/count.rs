//! What stands in the queue, all of it, as tests want to know it.

use std::time::Duration;

use ::entity::job::Entity;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

use super::{DEAD, READY, RUNNING, now};
use crate::db::{Db, DbError};

/// The jobs of one lane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaneCount {
    /// The lane.
    pub lane: String,
    /// Waiting, also for a time to come.
    pub ready: u64,
    /// Handed out.
    pub running: u64,
    /// Given up.
    pub dead: u64,
    /// For how long the first in the row could have run already.
    pub late_by: Duration,
}

/// Every lane with jobs in it, by name.
pub async fn counts(db: &Db) -> Result<Vec<LaneCount>, DbError> {
    let select = Query::select()
        .columns(["lane", "state"])
        .expr_as(Expr::col("id").count(), "jobs")
        .expr_as(now(db.backend()).sub(Expr::col("run_at").min()), "late_by")
        .from(Entity)
        .group_by_columns(["lane", "state"])
        .to_owned();
    let mut lanes: Vec<LaneCount> = Vec::new();
    for row in db.pool().query_all(&select).await? {
        let lane: String = row.try_get("", "lane")?;
        let state: String = row.try_get("", "state")?;
        let jobs = u64::try_from(row.try_get::<i64>("", "jobs")?).unwrap_or(0);
        let late_by = u64::try_from(row.try_get::<i64>("", "late_by")?).unwrap_or(0);
        let at = lanes.iter().position(|known| known.lane == lane).unwrap_or_else(|| {
            lanes.push(LaneCount { lane, ..LaneCount::default() });
            lanes.len() - 1
        });
        let count = &mut lanes[at];
        match state.as_str() {
            READY => {
                count.ready = jobs;
                count.late_by = Duration::from_millis(late_by);
            }
            RUNNING => count.running = jobs,
            DEAD => count.dead = jobs,
            _ => return Err(DbError::Unreadable("job.state")),
        }
    }
    lanes.sort_by(|one, other| one.lane.cmp(&other.lane));
    Ok(lanes)
}
