//! What metrics tell of the tables: every count has a limit and an index, and all of them are one
//! statement.

use std::time::Duration;

use ::entity::{event, job, lane, request};
use jiff::Timestamp;
use sea_orm::sea_query::{
    Alias, Asterisk, Expr, ExprTrait as _, Func, Order, Query, SelectStatement, UnionType,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait as _, Select,
};

use super::convert::ms;
use super::job::{DEAD, READY, RUNNING, now};
use super::{Db, DbError, Tx};
use crate::domain::job::{Job, MAIL_LANE};
use crate::domain::promise::PromiseState;
use crate::domain::queue::QueueStage;
use crate::domain::state::Status;
use crate::ids::MailId;
use crate::meter::gauges::{Gauges, LaneGauge};

/// SQLite joins five hundred statements into one at most.
const JOINED: usize = 200;

/// When an unanswered request was received whose promise stands so: after, and until.
pub(crate) type Received = (PromiseState, Option<Timestamp>, Option<Timestamp>);

/// A number to be read, and where it goes.
pub(super) struct Part {
    pub(super) select: SelectStatement,
    goes: Goes,
}

#[cfg(test)]
impl Part {
    /// The index that serves it.
    pub(super) fn index(&self) -> &'static str {
        match self.goes {
            Goes::Request(_) => "request_sta",
            Goes::Promise(_) => "request_stage",
            Goes::Unsealed => "event_unsealed",
            // By its state and lane, or by the index of the dead.
            Goes::Dead(_) => "job_d",
            _ => "job_due",
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Goes {
    Waiting(usize),
    Running(usize),
    Dead(usize),
    Oldest(usize),
    MailsWaiting,
    OldestMail,
    Request(Status),
    Promise(PromiseState),
    Unsealed,
}

impl Db {
    /// Connections that are in use, and those that wait for somebody.
    pub(crate) fn connections(&self) -> (u32, u32) {
        let (all, idle) = if self.backend() == DbBackend::Sqlite {
            let pool = self.pool().get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let pool = self.pool().get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        };
        let idle = u32::try_from(idle).unwrap_or(u32::MAX);
        (all.saturating_sub(idle), idle)
    }
}

impl Tx {
    /// Reads all gauges, each counted no further than `most`.
    pub(crate) async fn gauges(&self, promise: &[Received], most: u64) -> Result<Gauges, DbError> {
        let lanes = lane::Entity::find().select_only().column(lane::Column::Name);
        let lanes: Vec<String> = lanes.into_tuple().all(self.conn()).await?;
        let parts = parts(self.conn().get_database_backend(), &lanes, promise, most);
        let mut gauges = Gauges {
            lanes: lanes
                .into_iter()
                .map(|lane| LaneGauge { lane, ..LaneGauge::default() })
                .collect(),
            trail: self.audit_tree().await?.size(),
            ..Gauges::default()
        };
        for parts in parts.chunks(JOINED) {
            let Some(select) = joined(parts) else { continue };
            for row in self.conn().query_all(&select).await? {
                let place: i64 = row.try_get("", "place")?;
                let number: Option<i64> = row.try_get("", "number")?;
                let number = u64::try_from(number.unwrap_or(0)).unwrap_or(0);
                let part = usize::try_from(place).ok().and_then(|place| parts.get(place));
                if let Some(part) = part {
                    put(&mut gauges, part.goes, number);
                }
            }
        }
        Ok(gauges)
    }
}

fn put(gauges: &mut Gauges, goes: Goes, number: u64) {
    let age = Duration::from_millis(number);
    match goes {
        Goes::Waiting(lane) => gauges.lanes[lane].waiting = number,
        Goes::Running(lane) => gauges.lanes[lane].running = number,
        Goes::Dead(lane) => gauges.lanes[lane].dead = number,
        Goes::Oldest(lane) => gauges.lanes[lane].oldest = age,
        Goes::MailsWaiting => gauges.mails_waiting = number,
        Goes::OldestMail => gauges.oldest_mail = age,
        Goes::Request(status) => match gauges.requests.iter_mut().find(|(of, _)| *of == status) {
            Some((_, count)) => *count += number,
            None => gauges.requests.push((status, number)),
        },
        Goes::Promise(state) => gauges.promise.push((state, number)),
        Goes::Unsealed => gauges.unsealed = number,
    }
}

/// Several numbers in one statement.
fn joined(parts: &[Part]) -> Option<SelectStatement> {
    let mut all = parts.iter().enumerate().map(|(place, part)| {
        // A literal, whose type needs no guess.
        let place = Expr::cust(format!("CAST({place} AS BIGINT)"));
        let number = Expr::col("number");
        let part = part.select.clone();
        Query::select()
            .expr_as(place, "place")
            .expr_as(number, "number")
            .from_subquery(part, "part")
            .to_owned()
    });
    let mut first = all.next()?;
    for other in all {
        first.union(UnionType::All, other);
    }
    Some(first)
}

/// Every number that metrics tell, of the `lanes` by their place.
pub(super) fn parts(
    backend: DbBackend,
    lanes: &[String],
    promise: &[Received],
    most: u64,
) -> Vec<Part> {
    let mut parts = Vec::new();
    for (place, lane) in lanes.iter().enumerate() {
        for (state, goes) in [
            (READY, Goes::Waiting(place)),
            (RUNNING, Goes::Running(place)),
            (DEAD, Goes::Dead(place)),
        ] {
            parts.push(Part { select: count(&jobs(lane, state), most), goes });
        }
        // By the index the first of them, without a look at the others.
        let first = Query::select()
            .expr_as(now(backend).sub(Expr::col("run_at")), "number")
            .from(job::Entity)
            .and_where(Expr::col("lane").eq(lane.as_str()))
            .and_where(Expr::col("state").eq(READY))
            .order_by("run_at", Order::Asc)
            .limit(1)
            .to_owned();
        parts.push(Part { select: first, goes: Goes::Oldest(place) });
    }
    let mails = jobs(MAIL_LANE, READY).filter(job::Column::Kind.eq(send_mail()));
    parts.push(Part { select: count(&mails, most), goes: Goes::MailsWaiting });
    parts.push(Part { select: oldest(backend, mails, most), goes: Goes::OldestMail });
    for stage in [QueueStage::Unverified, QueueStage::Open] {
        for status in Status::ALL {
            let of = requests(stage).filter(request::Column::Status.eq(status.as_str()));
            parts.push(Part { select: count(&of, most), goes: Goes::Request(*status) });
        }
    }
    for (state, after, until) in promise {
        let mut of = requests(QueueStage::Open).filter(request::Column::AnsweredAt.is_null());
        if let Some(after) = after {
            of = of.filter(request::Column::ReceivedAt.gt(ms(*after)));
        }
        if let Some(until) = until {
            of = of.filter(request::Column::ReceivedAt.lte(ms(*until)));
        }
        parts.push(Part { select: count(&of, most), goes: Goes::Promise(*state) });
    }
    // As the index has it, so that both databases recognise it.
    let unsealed = event::Entity::find()
        .select_only()
        .column(event::Column::Id)
        .filter(Expr::cust("\"sealed\" = FALSE"));
    parts.push(Part { select: count(&unsealed, most), goes: Goes::Unsealed });
    parts
}

/// The word of the job that sends a mail.
fn send_mail() -> &'static str {
    Job::SendMail { mail: MailId(uuid::Uuid::nil()) }.kind()
}

fn jobs(lane: &str, state: &str) -> Select<job::Entity> {
    job::Entity::find()
        .select_only()
        .column(job::Column::Id)
        .filter(job::Column::Lane.eq(lane))
        .filter(job::Column::State.eq(state))
}

fn requests(stage: QueueStage) -> Select<request::Entity> {
    request::Entity::find()
        .select_only()
        .column(request::Column::Id)
        .filter(request::Column::Stage.eq(stage.as_str()))
}

fn count<E: EntityTrait>(of: &Select<E>, most: u64) -> SelectStatement {
    Query::select()
        .expr_as(Expr::col(Asterisk).count(), "number")
        .from_subquery(of.clone().limit(most).into_query(), "some")
        .to_owned()
}

/// For how long the oldest of `most` jobs has been there.
fn oldest(backend: DbBackend, of: Select<job::Entity>, most: u64) -> SelectStatement {
    let some = of.column(job::Column::CreatedAt).limit(most).into_query();
    let first = Func::min(Expr::col(Alias::new("created_at")));
    Query::select()
        .expr_as(now(backend).sub(first), "number")
        .from_subquery(some, "some")
        .to_owned()
}
