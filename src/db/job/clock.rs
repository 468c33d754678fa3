//! What becomes of the queue when the database's clock is set back, as on a machine that started
//! with a wrong one and found the right time on the network.

use std::time::Duration;

use ::entity::{job, lane};
use sea_orm::sea_query::{Expr, ExprTrait, Query, TableRef};
use sea_orm::{ConnectionTrait, EntityName};

use super::now;
use crate::db::{Db, DbError};

/// In milliseconds; clocks that are kept right by small steps stay below it.
const SLACK: i64 = 5_000;

/// Moves waits and leases back by as much as the clock was: what was written by a clock ahead of the
/// present one would otherwise wait until that one's time has come. Gives by how much; `None` when
/// no job was written in the future.
pub async fn follow_clock(db: &Db) -> Result<Option<Duration>, DbError> {
    let backend = db.backend();
    let ahead = Query::select()
        .expr_as(Expr::col("created_at").max().sub(now(backend)), "ahead")
        .from(job::Entity)
        .to_owned();
    let row = db.pool().query_one(&ahead).await?;
    let ahead: Option<i64> = row.map(|row| row.try_get("", "ahead")).transpose()?.flatten();
    let Some(ahead) = ahead.filter(|ahead| *ahead > SLACK) else { return Ok(None) };
    let tx = db.begin().await?;
    let back = |table: TableRef, column: &'static str| {
        Query::update()
            .table(table)
            .value(column, Expr::col(column).sub(ahead))
            .and_where(Expr::col(column).gt(now(backend)))
            .to_owned()
    };
    let (job, lane) = (|| job::Entity.table_ref(), || lane::Entity.table_ref());
    // Whoever comes second waits here and finds nothing left of it.
    if tx.inner().execute(&back(job(), "created_at")).await?.rows_affected() == 0 {
        return Ok(None);
    }
    let rest = [(job(), "run_at"), (job(), "lease_until"), (lane(), "next_free_at")];
    for (table, column) in rest {
        tx.inner().execute(&back(table, column)).await?;
    }
    tx.commit().await?;
    Ok(Some(Duration::from_millis(ahead.unsigned_abs())))
}
