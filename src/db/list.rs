//! All requests, the newest first, as programs page through them.

use std::collections::HashMap;

use ::entity::{archive, request, task};
use jiff::Timestamp;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait as _,
};

use super::convert::ms;
use super::request::read;
use super::{DbError, Tx};
use crate::db::archive::Archive;
use crate::domain::gather::TaskStatus;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::{RequestId, StaffId};

/// What of all requests somebody wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// In this status.
    pub status: Option<Status>,
    /// Of this right.
    pub right: Option<Right>,
    /// Of this colleague.
    pub assignee: Option<StaffId>,
    /// Without an answer, and received before this.
    pub unanswered_since: Option<Timestamp>,
}

/// A part of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The requests.
    pub requests: Vec<Request>,
    /// The last request that was looked at, where the look ended before the list and the page did.
    pub looked_until: Option<RequestId>,
}

impl Tx {
    /// A page of all requests. The status is led by an index; what further filters leave over is
    /// looked for among `most` requests.
    pub async fn list(
        &self,
        filter: &ListFilter,
        after: Option<RequestId>,
        limit: u64,
        most: u64,
    ) -> Result<Listed, DbError> {
        let last = self.conn().query_one(&look_ends(filter, after, most)).await?;
        let last = last.map(|row| row.try_get("", "id").map(RequestId)).transpose()?;
        let mut select = request::Entity::find().filter(led(filter, after)).filter(rest(filter));
        if let Some(last) = last {
            select = select.filter(request::Column::Id.gte(last.0));
        }
        let rows = select.order_by_desc(request::Column::Id).limit(limit).all(self.conn()).await?;
        let requests: Result<Vec<Request>, DbError> =
            rows.into_iter().map(|row| Ok(read(row)?.value)).collect();
        let requests = requests?;
        let is_full = requests.len() as u64 == limit;
        Ok(Listed { requests, looked_until: last.filter(|_| !is_full) })
    }

    /// Of each request, how many of its tasks are over, and how many there are.
    pub async fn task_counts(
        &self,
        of: impl IntoIterator<Item = RequestId>,
    ) -> Result<HashMap<RequestId, (u64, u64)>, DbError> {
        let rows: Vec<(uuid::Uuid, String)> = task::Entity::find()
            .select_only()
            .columns([task::Column::RequestId, task::Column::Status])
            .filter(task::Column::RequestId.is_in(of.into_iter().map(|id| id.0)))
            .into_tuple()
            .all(self.conn())
            .await?;
        let mut counts: HashMap<RequestId, (u64, u64)> = HashMap::new();
        for (request, status) in rows {
            let (over, all) = counts.entry(RequestId(request)).or_default();
            *over += u64::from(TaskStatus::parse(&status).is_some_and(TaskStatus::is_over));
            *all += 1;
        }
        Ok(counts)
    }

    /// The newest archive of each request.
    pub async fn archives_of(
        &self,
        of: impl IntoIterator<Item = RequestId>,
    ) -> Result<HashMap<RequestId, Archive>, DbError> {
        let rows = archive::Entity::find()
            .filter(archive::Column::RequestId.is_in(of.into_iter().map(|id| id.0)))
            .order_by_asc(archive::Column::Id)
            .all(self.conn())
            .await?;
        let kept = |row| super::archive::read(row).map(|archive| (archive.request, archive));
        rows.into_iter().map(kept).collect()
    }
}

/// The filter that an index leads.
fn led(filter: &ListFilter, after: Option<RequestId>) -> Condition {
    let mut all = Condition::all();
    if let Some(status) = filter.status {
        all = all.add(request::Column::Status.eq(status.as_str()));
    }
    all.add_option(after.map(|after| request::Column::Id.lt(after.0)))
}

/// The other filters.
fn rest(filter: &ListFilter) -> Condition {
    let mut all = Condition::all();
    if let Some(assignee) = filter.assignee {
        all = all.add(request::Column::Assignee.eq(assignee.0));
    }
    if let Some(right) = filter.right {
        all = all.add(request::Column::Right.eq(right.as_str()));
    }
    if let Some(since) = filter.unanswered_since {
        all = all
            .add(request::Column::ReceivedAt.lt(ms(since)))
            .add(request::Column::AnsweredAt.is_null());
    }
    all
}

/// The statement of the last request that a page looks at.
pub(super) fn look_ends(
    filter: &ListFilter,
    after: Option<RequestId>,
    most: u64,
) -> SelectStatement {
    request::Entity::find()
        .filter(led(filter, after))
        .order_by_desc(request::Column::Id)
        .select_only()
        .column(request::Column::Id)
        .offset(most.saturating_sub(1))
        .limit(1)
        .into_query()
}
