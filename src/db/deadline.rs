//! The clocks of requests and their statutory dates.

use std::collections::HashMap;

use ::entity::{clock, deadline, request};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::convert::{at, from_json, json, maybe_at, ms, word};
use super::{DbError, Tx};
use crate::domain::deadline::calendar::VERSION;
use crate::domain::deadline::{Course, Kept, Kind, Regime};
use crate::domain::queue::QueueStage;
use crate::ids::RequestId;

/// The clock of one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock {
    /// What happened.
    pub course: Course,
    /// The first moment at which the answer is too late.
    pub due_at: Option<Timestamp>,
    /// How many days before that staff was told last; `None` for not yet.
    pub alerted: Option<u32>,
    /// Whether staff was told that what is left does not fit.
    pub forecast_told: bool,
}

impl Tx {
    /// The clock of a request; `None` for one from before there were clocks.
    pub async fn clock(&self, request: RequestId) -> Result<Option<Clock>, DbError> {
        let row = clock::Entity::find_by_id(request.0).one(self.conn()).await?;
        let read = |row: clock::Model| {
            Ok(Clock {
                course: from_json(&row.course, "clock.course")?,
                due_at: maybe_at(row.due_at)?,
                alerted: u32::try_from(row.alerted).ok().filter(|days| *days > 0),
                forecast_told: row.forecast_told,
            })
        };
        row.map(read).transpose()
    }

    /// Writes a clock, whether or not there is one.
    pub async fn save_clock(
        &self,
        request: RequestId,
        clock: &Clock,
        now: Timestamp,
    ) -> Result<(), DbError> {
        use clock::Column as C;
        let row = clock::ActiveModel {
            request_id: Set(request.0),
            course: Set(json(&clock.course)),
            due_at: Set(clock.due_at.map(ms)),
            alerted: Set(clock.alerted.and_then(|days| i32::try_from(days).ok()).unwrap_or(0)),
            forecast_told: Set(clock.forecast_told),
            computed_at: Set(ms(now)),
        };
        let again = OnConflict::column(C::RequestId)
            .update_columns([C::Course, C::DueAt, C::Alerted, C::ForecastTold, C::ComputedAt])
            .to_owned();
        clock::Entity::insert(row).on_conflict(again).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// Writes the dates of a request in place of those that it had.
    pub async fn save_deadlines(&self, request: RequestId, dates: &[Kept]) -> Result<(), DbError> {
        deadline::Entity::delete_many()
            .filter(deadline::Column::RequestId.eq(request.0))
            .exec(self.conn())
            .await?;
        let rows: Vec<deadline::ActiveModel> = (0..)
            .zip(dates)
            .map(|(place, one)| deadline::ActiveModel {
                request_id: Set(request.0),
                regime: Set(one.regime.as_str().to_owned()),
                kind: Set(one.kind.as_str().to_owned()),
                place: Set(place),
                rule: Set(one.rule.clone()),
                holidays: Set(VERSION.into()),
                date: Set(one.date.map(|date| date.to_string())),
                end_at: Set(one.end.map(ms)),
                binds: Set(one.binds),
                trace: Set(json(&one.trace)),
            })
            .collect();
        if !rows.is_empty() {
            deadline::Entity::insert_many(rows).exec_without_returning(self.conn()).await?;
        }
        Ok(())
    }

    /// The dates of several requests, in the order in which they were computed.
    pub async fn deadlines_of(
        &self,
        requests: impl Iterator<Item = RequestId>,
    ) -> Result<HashMap<RequestId, Vec<Kept>>, DbError> {
        let rows = deadline::Entity::find()
            .filter(deadline::Column::RequestId.is_in(requests.map(|id| id.0)))
            .order_by_asc(deadline::Column::Place)
            .all(self.conn())
            .await?;
        let mut all: HashMap<RequestId, Vec<Kept>> = HashMap::new();
        for row in rows {
            all.entry(RequestId(row.request_id)).or_default().push(Kept {
                regime: word(Regime::parse(&row.regime), "deadline.regime")?,
                kind: word(Kind::parse(&row.kind), "deadline.kind")?,
                rule: row.rule,
                date: match row.date {
                    None => None,
                    Some(date) => Some(word(date.parse().ok(), "deadline.date")?),
                },
                end: row.end_at.map(at).transpose()?,
                binds: row.binds,
                trace: from_json(&row.trace, "deadline.trace")?,
            });
        }
        Ok(all)
    }

    /// Open requests without an answer whose answer is due before `until`, and of which staff was
    /// not told that `days` are left, or fewer. Those that are over already are left out.
    pub async fn deadlines_to_alert(
        &self,
        days: u32,
        now: Timestamp,
        until: Timestamp,
        limit: u64,
    ) -> Result<Vec<RequestId>, DbError> {
        use clock::Column as C;
        let told = C::Alerted.gt(0).and(C::Alerted.lte(i32::try_from(days).unwrap_or(i32::MAX)));
        let due = C::DueAt.gt(ms(now)).and(C::DueAt.lte(ms(until)));
        self.clocks(due.and(told.not()), limit).await
    }

    /// Open requests without an answer that is due after `now` and before `until`, and of which
    /// staff was not told that what is left may not fit.
    pub async fn deadlines_to_forecast(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: u64,
    ) -> Result<Vec<RequestId>, DbError> {
        use clock::Column as C;
        let due = C::DueAt.gt(ms(now)).and(C::DueAt.lte(ms(until)));
        self.clocks(due.and(C::ForecastTold.eq(false)), limit).await
    }

    async fn clocks(
        &self,
        due: sea_orm::sea_query::SimpleExpr,
        limit: u64,
    ) -> Result<Vec<RequestId>, DbError> {
        let open = Query::select()
            .expr(Expr::value(1))
            .from(request::Entity)
            .and_where(
                Expr::col((request::Entity, request::Column::Id))
                    .equals((clock::Entity, clock::Column::RequestId)),
            )
            .and_where(request::Column::Stage.eq(QueueStage::Open.as_str()))
            .and_where(request::Column::AnsweredAt.is_null())
            .to_owned();
        let ids: Vec<uuid::Uuid> = clock::Entity::find()
            .select_only()
            .column(clock::Column::RequestId)
            .filter(due)
            .filter(Expr::exists(open))
            .order_by_asc(clock::Column::DueAt)
            .limit(limit)
            .into_tuple()
            .all(self.conn())
            .await?;
        Ok(ids.into_iter().map(RequestId).collect())
    }

    /// Open requests that have no clock yet: from before there were any.
    pub async fn requests_without_clock(&self, limit: u64) -> Result<Vec<RequestId>, DbError> {
        let clock = Query::select()
            .expr(Expr::value(1))
            .from(clock::Entity)
            .and_where(
                Expr::col((clock::Entity, clock::Column::RequestId))
                    .equals((request::Entity, request::Column::Id)),
            )
            .to_owned();
        let stages = [QueueStage::Open.as_str(), QueueStage::Unverified.as_str()];
        let ids: Vec<uuid::Uuid> = request::Entity::find()
            .select_only()
            .column(request::Column::Id)
            .filter(request::Column::Stage.is_in(stages))
            .filter(Expr::exists(clock).not())
            .limit(limit)
            .into_tuple()
            .all(self.conn())
            .await?;
        Ok(ids.into_iter().map(RequestId).collect())
    }
}
