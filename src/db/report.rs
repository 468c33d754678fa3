//! What the promise report reads of requests: a few columns, by the index of the queue.
//!
//! An index on the receipt alone would serve too, and would lead PostgreSQL to walk through all that
//! is closed in search of what is open.

use ::entity::request;
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::convert::{at, maybe_at, ms, span, word};
use super::queue::QueueKey;
use super::{DbError, Tx};
use crate::domain::promise::PromiseFacts;
use crate::domain::queue::QueueStage;
use crate::domain::report::ReportFacts;
use crate::domain::request::{Channel, Outcome};
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::RequestId;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    right: String,
    channel: String,
    status: String,
    spam: bool,
    outcome: Option<String>,
    received_at: i64,
    verified_at: Option<i64>,
    answered_at: Option<i64>,
    completed_at: Option<i64>,
    waiting_since: Option<i64>,
    waited_ms: i64,
}

impl Tx {
    /// The next `limit` requests of a stage received in `[from, until)`, in the order of receipt.
    pub async fn report_facts(
        &self,
        stage: QueueStage,
        from: Timestamp,
        until: Timestamp,
        after: Option<QueueKey>,
        limit: u64,
    ) -> Result<Vec<(QueueKey, ReportFacts)>, DbError> {
        use request::Column as C;
        let columns = [
            C::Id,
            C::Right,
            C::Channel,
            C::Status,
            C::Spam,
            C::Outcome,
            C::ReceivedAt,
            C::VerifiedAt,
            C::AnsweredAt,
            C::CompletedAt,
            C::WaitingSince,
            C::WaitedMs,
        ];
        let mut select = request::Entity::find()
            .select_only()
            .columns(columns)
            .filter(C::Stage.eq(stage.as_str()))
            .filter(C::ReceivedAt.gte(ms(from)))
            .filter(C::ReceivedAt.lt(ms(until)));
        if let Some(after) = after {
            let key = Expr::tuple([Expr::col(C::ReceivedAt), Expr::col(C::Id)]);
            let last = [Expr::value(ms(after.received_at)), Expr::value(after.id.0)];
            select = select.filter(key.gt(Expr::tuple(last)));
        }
        let rows = select
            .order_by_asc(C::ReceivedAt)
            .order_by_asc(C::Id)
            .limit(limit)
            .into_model::<Row>()
            .all(self.conn())
            .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<(QueueKey, ReportFacts), DbError> {
    let received_at = at(row.received_at)?;
    let facts = ReportFacts {
        right: word(Right::parse(&row.right), "request.right")?,
        channel: word(Channel::parse(&row.channel), "request.channel")?,
        status: word(Status::parse(&row.status), "request.status")?,
        spam: row.spam,
        outcome: match &row.outcome {
            Some(text) => Some(word(Outcome::parse(text), "request.outcome")?),
            None => None,
        },
        completed_at: maybe_at(row.completed_at)?,
        promise: PromiseFacts {
            received_at,
            verified_at: maybe_at(row.verified_at)?,
            answered_at: maybe_at(row.answered_at)?,
            waited: span(row.waited_ms),
            waiting_since: maybe_at(row.waiting_since)?,
        },
    };
    Ok((QueueKey { received_at, id: RequestId(row.id) }, facts))
}
