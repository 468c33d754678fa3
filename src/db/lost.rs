//! Requests that a restore of this database has lost, and what else a restore makes void.

use std::collections::BTreeSet;

use ::entity::{
    approval, challenge, erase_plan, lost_request, request, staff_session, status_session,
};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use super::convert::{at, maybe_at, ms, word};
use super::{DbError, Tx};
use crate::domain::received::{Lost, LostState};
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::{Reference, StaffId};

/// References looked up at a time.
const BATCH: usize = 500;

impl Tx {
    /// Those of the references that no request here has.
    pub async fn unknown_references(
        &self,
        references: &[Reference],
    ) -> Result<Vec<Reference>, DbError> {
        let mut unknown = Vec::new();
        for some in references.chunks(BATCH) {
            let words = some.iter().map(|reference| reference.as_str().to_owned());
            let known: Vec<String> = request::Entity::find()
                .select_only()
                .column(request::Column::Reference)
                .filter(request::Column::Reference.is_in(words))
                .into_tuple()
                .all(self.conn())
                .await?;
            let known: BTreeSet<String> = known.into_iter().collect();
            let lost = some.iter().filter(|reference| !known.contains(reference.as_str()));
            unknown.extend(lost.cloned());
        }
        Ok(unknown)
    }

    /// Keeps that a request was lost. One that is known to be stays as it is.
    pub async fn insert_lost(&self, lost: &Lost) -> Result<(), DbError> {
        let row = lost_request::ActiveModel {
            reference: Set(lost.reference.as_str().to_owned()),
            right: Set(lost.right.as_str().to_owned()),
            received_at: Set(ms(lost.received_at)),
            address: Set(lost.address.clone()),
            deleted: Set(lost.deleted),
            state: Set(lost.state.as_str().to_owned()),
            entered: Set(None),
            settled_by: Set(None),
            settled_at: Set(None),
        };
        let conflict = OnConflict::column(lost_request::Column::Reference).do_nothing().to_owned();
        lost_request::Entity::insert(row)
            .on_conflict(conflict)
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// All that were lost, the oldest first.
    pub async fn lost(&self) -> Result<Vec<Lost>, DbError> {
        let rows = lost_request::Entity::find()
            .order_by_asc(lost_request::Column::ReceivedAt)
            .order_by_asc(lost_request::Column::Reference)
            .all(self.conn())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// How many nobody has seen to.
    pub async fn lost_waiting(&self) -> Result<u64, DbError> {
        Ok(lost_request::Entity::find()
            .filter(lost_request::Column::State.eq(LostState::Waiting.as_str()))
            .count(self.conn())
            .await?)
    }

    /// Somebody has seen to one. False when somebody was faster, or there is none.
    pub async fn settle_lost(
        &self,
        reference: &Reference,
        state: LostState,
        entered: Option<&Reference>,
        by: StaffId,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        use lost_request::Column as C;
        let done = lost_request::Entity::update_many()
            .col_expr(C::State, Expr::value(state.as_str()))
            .col_expr(C::Entered, Expr::value(entered.map(|one| one.as_str().to_owned())))
            .col_expr(C::SettledBy, Expr::value(Some(by.0)))
            .col_expr(C::SettledAt, Expr::value(Some(ms(now))))
            .filter(C::Reference.eq(reference.as_str()))
            .filter(C::State.eq(LostState::Waiting.as_str()))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// What a database that was put back brings along and that may have been spent, taken back or
    /// ended since: sessions, codes, and approvals of deletions that are not through.
    pub async fn void_what_may_be_spent(&self) -> Result<(), DbError> {
        staff_session::Entity::delete_many().exec(self.conn()).await?;
        status_session::Entity::delete_many().exec(self.conn()).await?;
        challenge::Entity::delete_many().exec(self.conn()).await?;
        let open = [Status::InReview, Status::CoolingOff, Status::Executing].map(Status::as_str);
        let undone = || {
            request::Entity::find()
                .select_only()
                .column(request::Column::Id)
                .filter(request::Column::Status.is_in(open))
                .into_query()
        };
        approval::Entity::delete_many()
            .filter(approval::Column::RequestId.in_subquery(undone()))
            .exec(self.conn())
            .await?;
        erase_plan::Entity::update_many()
            .col_expr(erase_plan::Column::ApprovedAt, Expr::value(Option::<i64>::None))
            .filter(erase_plan::Column::Id.in_subquery(undone()))
            .exec(self.conn())
            .await?;
        Ok(())
    }
}

fn read(row: lost_request::Model) -> Result<Lost, DbError> {
    Ok(Lost {
        reference: word(Reference::parse(&row.reference), "lost_request.reference")?,
        right: word(Right::parse(&row.right), "lost_request.right")?,
        received_at: at(row.received_at)?,
        address: row.address,
        deleted: row.deleted,
        state: word(LostState::parse(&row.state), "lost_request.state")?,
        entered: row.entered.as_deref().and_then(Reference::parse),
        settled_by: row.settled_by.map(StaffId),
        settled_at: maybe_at(row.settled_at)?,
    })
}
