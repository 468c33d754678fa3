//! The queue: what is due, found by an index for every filter.

use ::entity::{intake, particulars, request};
use jiff::Timestamp;
use sea_orm::sea_query::{
    Asterisk, Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait as _, Select, Value,
};

use super::convert::{at, ms};
use super::request::read;
use super::{DbError, Tx};
use crate::domain::address::EmailAddress;
use crate::domain::queue::{Owner, QueueFilter, QueueStage, Turn, View};
use crate::domain::request::{Channel, Request};
use crate::domain::state::Status;
use crate::ids::{Reference, RequestId, StaffId};

/// Where a page of the queue begins: after this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueKey {
    /// When it was received.
    pub received_at: Timestamp,
    /// Its id, among those received at once.
    pub id: RequestId,
}

/// A part of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueFound {
    /// The requests.
    pub requests: Vec<Request>,
    /// The last request that was looked at, where the look ended before the queue and the page did.
    pub looked_until: Option<QueueKey>,
}

impl Tx {
    /// A page of requests, what is due first, and what was closed last first. Where filters come
    /// together that no index has together, no more than `most` requests are looked at.
    pub async fn queue(
        &self,
        filter: &QueueFilter,
        me: StaffId,
        received: (Option<Timestamp>, Option<Timestamp>),
        after: Option<QueueKey>,
        limit: u64,
        most: u64,
    ) -> Result<QueueFound, DbError> {
        let last = match look_ends(filter, me, received, after, most) {
            Some(statement) => self.conn().query_one(&statement).await?,
            None => None,
        };
        let last = last.map(|row| key(&row)).transpose()?;
        let rows = page(filter, me, received, (after, last), limit).all(self.conn()).await?;
        let requests: Result<Vec<Request>, DbError> =
            rows.into_iter().map(|row| Ok(read(row)?.value)).collect();
        let requests = requests?;
        let is_full = requests.len() as u64 == limit;
        Ok(QueueFound { requests, looked_until: last.filter(|_| !is_full) })
    }

    /// What of a view is to be done first: open requests about data of a child, the oldest first.
    pub async fn urgent(
        &self,
        filter: &QueueFilter,
        me: StaffId,
        received: (Option<Timestamp>, Option<Timestamp>),
        most: usize,
    ) -> Result<Vec<Request>, DbError> {
        if filter.view.stage() != QueueStage::Open {
            return Ok(Vec::new());
        }
        let rows = of_children(filter, me, received).all(self.conn()).await?;
        let found: Result<Vec<Request>, DbError> =
            rows.into_iter().map(|row| Ok(read(row)?.value)).collect();
        let mut found = found?;
        found.sort_by_key(|request| (request.received_at(), request.id));
        found.truncate(most);
        Ok(found)
    }

    /// How many a view has, counted no further than `most`.
    pub async fn queue_count(&self, view: View, me: StaffId, most: u64) -> Result<u64, DbError> {
        let count = counted(view, me, most);
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
        let rows = of_contact(self.contact_tags(address), limit).all(self.conn()).await?;
        rows.into_iter().map(|row| Ok(read(row)?.value)).collect()
    }
}

fn key(row: &QueryResult) -> Result<QueueKey, DbError> {
    Ok(QueueKey {
        received_at: at(row.try_get("", "received_at")?)?,
        id: RequestId(row.try_get("", "id")?),
    })
}

/// The statement of one page: after a request, and until one.
pub(super) fn page(
    filter: &QueueFilter,
    me: StaffId,
    received: (Option<Timestamp>, Option<Timestamp>),
    (after, until): (Option<QueueKey>, Option<QueueKey>),
    limit: u64,
) -> Select<request::Entity> {
    let newest_first = filter.view.is_newest_first();
    let (first, rest) = narrowed(filter, me);
    let mut all = within(filter, first, received);
    for (column, value) in rest {
        // The first one leads.
        all = all.add(is(aside(column), value));
    }
    let mut select = past(request::Entity::find().filter(all), after, newest_first);
    if let Some(until) = until {
        let (here, to) = (place(), placed(until));
        select = select.filter(if newest_first { here.gte(to) } else { here.lte(to) });
    }
    ordered(select, newest_first).limit(limit)
}

/// The statement of the last request that a page looks at; none where an index has all its filters.
pub(super) fn look_ends(
    filter: &QueueFilter,
    me: StaffId,
    received: (Option<Timestamp>, Option<Timestamp>),
    after: Option<QueueKey>,
    most: u64,
) -> Option<SelectStatement> {
    let (first, rest) = narrowed(filter, me);
    if rest.is_empty() {
        return None;
    }
    let newest_first = filter.view.is_newest_first();
    let select = request::Entity::find().filter(within(filter, first, received));
    let select = ordered(past(select, after, newest_first), newest_first)
        .select_only()
        .columns([request::Column::ReceivedAt, request::Column::Id])
        .offset(most.saturating_sub(1))
        .limit(1);
    Some(select.into_query())
}

/// The statement that counts, no further than `most`.
pub(super) fn counted(view: View, me: StaffId, most: u64) -> SelectStatement {
    let filter = &QueueFilter::of(view);
    let some = request::Entity::find()
        .select_only()
        .column(request::Column::Id)
        .filter(within(filter, narrowed(filter, me).0, (None, None)))
        .limit(most);
    Query::select()
        .expr_as(Expr::col(Asterisk).count(), "found")
        .from_subquery(some.into_query(), "some")
        .to_owned()
}

/// The statement of what was asked with an address of one of these tags.
pub(super) fn of_contact(tags: Vec<Vec<u8>>, limit: u64) -> Select<request::Entity> {
    let theirs = Query::select()
        .column(intake::Column::Id)
        .from(intake::Entity)
        .and_where(intake::Column::ContactTag.is_in(tags))
        .to_owned();
    request::Entity::find()
        .filter(request::Column::IntakeId.in_subquery(theirs))
        .order_by_desc(request::Column::ReceivedAt)
        .limit(limit)
}

/// The statement of what is open about data of a child, as far as a filter shows it.
pub(super) fn of_children(
    filter: &QueueFilter,
    me: StaffId,
    received: (Option<Timestamp>, Option<Timestamp>),
) -> Select<request::Entity> {
    use request::Column as C;
    let children = particulars::Entity::find()
        .select_only()
        .column(particulars::Column::RequestId)
        .filter(particulars::Column::ChildData.eq(true));
    let (first, rest) = narrowed(filter, me);
    let stage = (C::Stage, Some(Value::from(QueueStage::Open.as_str())));
    // They are few: they lead, whatever else has an index.
    let mut all = Condition::all().add(C::Id.in_subquery(children.into_query()));
    for (column, value) in [stage].into_iter().chain(first).chain(rest) {
        all = all.add(is(aside(column), value));
    }
    request::Entity::find().filter(in_time(all, filter, received))
}

/// What comes after a request.
fn past(
    select: Select<request::Entity>,
    after: Option<QueueKey>,
    newest_first: bool,
) -> Select<request::Entity> {
    let Some(after) = after else { return select };
    let (here, from) = (place(), placed(after));
    select.filter(if newest_first { here.lt(from) } else { here.gt(from) })
}

fn ordered(select: Select<request::Entity>, newest_first: bool) -> Select<request::Entity> {
    if newest_first {
        select.order_by_desc(request::Column::ReceivedAt).order_by_desc(request::Column::Id)
    } else {
        select.order_by_asc(request::Column::ReceivedAt).order_by_asc(request::Column::Id)
    }
}

/// A column and what stands in it.
type Narrow = (request::Column, Option<Value>);

/// What of the view and the filters an index has beside the stage, and what is left: what is rarest
/// leads.
fn narrowed(filter: &QueueFilter, me: StaffId) -> (Option<Narrow>, Vec<Narrow>) {
    use request::Column as C;
    let word = |word: &str| Some(Value::from(word));
    let owner = |staff: StaffId| Some(Value::from(staff.0));
    let view = match filter.view {
        View::Open | View::Unverified | View::Closed => None,
        View::Spam => Some((C::Spam, Some(true.into()))),
        View::Blocked => Some((C::Blocked, Some(true.into()))),
        View::Mine => Some((C::Assignee, owner(me))),
        View::Unowned => Some((C::Assignee, None)),
        View::ForStaff => Some((C::Turn, word(Turn::Staff.as_str()))),
        View::Waiting => Some((C::Turn, word(Turn::Person.as_str()))),
    };
    let status = filter.status.map(|status| (C::Status, word(status.as_str())));
    let channel = filter.channel.map(|channel| (C::Channel, word(channel.as_str())));
    let right = filter.right.map(|right| (C::Right, word(right.as_str())));
    let assignee = filter.owner.map(|owned| match owned {
        Owner::Nobody => (C::Assignee, None),
        Owner::Staff(id) => (C::Assignee, owner(id)),
    });
    let mut all: Vec<Narrow> =
        [view, assignee, status, channel, right].into_iter().flatten().collect();
    let is_common = |(column, value): &Narrow| match column {
        C::Spam | C::Blocked => 0,
        C::Assignee if value.is_some() => 1,
        C::Status if filter.status != Some(Status::Fulfilled) => 2,
        C::Channel if filter.channel != Some(Channel::Form) => 3,
        C::Turn => 4,
        C::Right => 5,
        _ => 6,
    };
    all.sort_by_key(is_common);
    let mut all = all.into_iter();
    (all.next(), all.collect())
}

/// What is in the view and received then, by one index.
fn within(
    filter: &QueueFilter,
    narrow: Option<Narrow>,
    received: (Option<Timestamp>, Option<Timestamp>),
) -> Condition {
    let stage = request::Column::Stage.eq(filter.view.stage().as_str());
    let mut all = Condition::all().add(stage);
    if let Some((column, value)) = narrow {
        all = all.add(is(Expr::col(column), value));
    }
    in_time(all, filter, received)
}

/// What is received then, and unanswered where the filter is about promises.
fn in_time(
    mut all: Condition,
    filter: &QueueFilter,
    (from, until): (Option<Timestamp>, Option<Timestamp>),
) -> Condition {
    use request::Column as C;
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

/// A column by which no index is led.
fn aside(column: request::Column) -> SimpleExpr {
    let column = Expr::col(column);
    Func::coalesce([column.clone(), column]).into()
}

fn is(column: SimpleExpr, value: Option<Value>) -> SimpleExpr {
    match value {
        Some(value) => column.eq(value),
        None => column.is_null(),
    }
}

/// Where a request stands in the order.
fn place() -> SimpleExpr {
    Expr::tuple([Expr::col(request::Column::ReceivedAt), Expr::col(request::Column::Id)])
}

fn placed(key: QueueKey) -> SimpleExpr {
    Expr::tuple([Expr::value(ms(key.received_at)), Expr::value(key.id.0)])
}
