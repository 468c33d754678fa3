//! The end of jobs that were given up.

use ::entity::{job, request};
use jiff::Timestamp;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::super::convert::ms;
use super::super::{DbError, Tx};
use super::DEAD;
use crate::domain::state::Status;

impl Tx {
    /// Drops dead jobs from before `before`, save those of an open request: they say what is wrong
    /// with it.
    pub async fn purge_dead_jobs(&self, before: Timestamp) -> Result<u64, DbError> {
        let closed = Status::ALL.iter().filter(|status| status.is_closed());
        let open = Query::select()
            .column(request::Column::Id)
            .from(request::Entity)
            .and_where(request::Column::Status.is_not_in(closed.map(|status| status.as_str())))
            .to_owned();
        let done = job::Entity::delete_many()
            .filter(job::Column::State.eq(DEAD))
            .filter(job::Column::CreatedAt.lt(ms(before)))
            .filter(
                Condition::any()
                    .add(job::Column::RequestId.is_null())
                    .add(job::Column::RequestId.not_in_subquery(open)),
            )
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected)
    }
}
