//! The queue: what is due, found by an index for every filter.

use ::entity::{intake, request};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

use super::convert::ms;
use super::request::read;
use super::{DbError, Tx};
use crate::domain::address::EmailAddress;
use crate::domain::queue::{Owner, QueueFilter, View};
use crate::domain::request::{QueueStage, Request, Turn};
use crate::ids::{Reference, StaffId};

/// Where a page of the queue begins: after this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueKey {
    /// When it was received.
    pub received_at: Timestamp,
    /// Its id, among those received at once.
    pub id: crate::ids::RequestId,
}

impl Tx {
    /// A page of requests, what is due first, and what was closed last first.
    pub async fn queue(
        &self,
        filter: &QueueFilter,
        me: StaffId,
        received: (Option<Timestamp>, Option<Timestamp>),
        after: Option<QueueKey>,
        limit: u64,
    ) -> Result<Vec<Request>, DbError> {
        let rows = page(filter, me, received, after, limit).all(self.conn()).await?;
        rows.into_iter().map(|row| Ok(read(row)?.value)).collect()
    }

    /// How many there are, counted no further than `most`.
    pub async fn queue_count(
        &self,
        filter: &QueueFilter,
        me: StaffId,
        most: u64,
    ) -> Result<u64, DbError> {
        let some = request::Entity::find()
            .select_only()
            .column(request::Column::Id)
            .filter(condition(filter, me, (None, None)))
            .limit(most);
        let count = Query::select()
            .expr_as(Expr::col(sea_orm::sea_query::Asterisk).count(), "found")
            .from_subquery(sea_orm::QueryTrait::into_query(some), "some")
            .to_owned();
        let row = self.conn().query_one(&count).await?;
        let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "found"))?;
        Ok(u64::try_from(found).unwrap_or(0))
    }

    /// The request of a reference, in whatever state.
    pub async fn find_by_reference(&self, at: &Reference) -> Result<Vec<Request>, DbError> {
        Ok(self.request_by_reference(at).await?.map(|stored| stored.value).into_iter().collect())
    }

    /// The requests made with exactly this address, the newest first.
    pub async fn find_by_address(
        &self,
        address: &EmailAddress,
        limit: u64,
    ) -> Result<Vec<Request>, DbError> {
        let tag = self.contact_tag(address).to_vec();
        let theirs = Query::select()
            .column(intake::Column::Id)
            .from(intake::Entity)
            .and_where(intake::Column::ContactTag.eq(tag))
            .to_owned();
        let rows = request::Entity::find()
            .filter(request::Column::IntakeId.in_subquery(theirs))
            .order_by_desc(request::Column::ReceivedAt)
            .limit(limit)
            .all(self.conn())
            .await?;
        rows.into_iter().map(|row| Ok(read(row)?.value)).collect()
    }
}

/// The statement of one page.
pub(super) fn page(
    filter: &QueueFilter,
    me: StaffId,
    received: (Option<Timestamp>, Option<Timestamp>),
    after: Option<QueueKey>,
    limit: u64,
) -> Select<request::Entity> {
    let newest_first = filter.view.is_newest_first();
    let mut select = request::Entity::find().filter(condition(filter, me, received));
    if let Some(after) = after {
        let (at, id) = (ms(after.received_at), after.id.0);
        let key =
            Expr::tuple([Expr::col(request::Column::ReceivedAt), Expr::col(request::Column::Id)]);
        let from = Expr::tuple([Expr::value(at), Expr::value(id)]);
        select = select.filter(if newest_first { key.lt(from) } else { key.gt(from) });
    }
    ordered(select, newest_first).limit(limit)
}

fn ordered(select: Select<request::Entity>, newest_first: bool) -> Select<request::Entity> {
    if newest_first {
        select.order_by_desc(request::Column::ReceivedAt).order_by_desc(request::Column::Id)
    } else {
        select.order_by_asc(request::Column::ReceivedAt).order_by_asc(request::Column::Id)
    }
}

fn condition(
    filter: &QueueFilter,
    me: StaffId,
    (from, until): (Option<Timestamp>, Option<Timestamp>),
) -> Condition {
    use request::Column as C;
    let stage = match filter.view {
        View::Unverified => QueueStage::Unverified,
        View::Closed | View::Spam => QueueStage::Closed,
        _ => QueueStage::Open,
    };
    let mut all = Condition::all().add(C::Stage.eq(stage.as_str()));
    all = match filter.view {
        View::Open | View::Unverified | View::Closed => all,
        View::Spam => all.add(C::Spam.eq(true)),
        View::Mine => all.add(C::Assignee.eq(me.0)),
        View::Unowned => all.add(C::Assignee.is_null()),
        View::ForStaff => all.add(C::Turn.eq(Turn::Staff.as_str())),
        View::Waiting => all.add(C::Turn.eq(Turn::Person.as_str())),
        View::Blocked => all.add(C::Blocked.eq(true)),
    };
    if let Some(right) = filter.right {
        all = all.add(C::Right.eq(right.as_str()));
    }
    if let Some(channel) = filter.channel {
        all = all.add(C::Channel.eq(channel.as_str()));
    }
    if let Some(status) = filter.status {
        all = all.add(C::Status.eq(status.as_str()));
    }
    all = match filter.owner {
        None => all,
        Some(Owner::Nobody) => all.add(C::Assignee.is_null()),
        Some(Owner::Staff(id)) => all.add(C::Assignee.eq(id.0)),
    };
    if filter.promise.is_some() {
        all = all.add(C::AnsweredAt.is_null());
    }
    if let Some(from) = from {
        all = all.add(C::ReceivedAt.gt(ms(from)));
    }
    if let Some(until) = until {
        all = all.add(C::ReceivedAt.lte(ms(until)));
    }
    all
}
