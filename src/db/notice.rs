//! What staff are to be told by mail, and which requests are due for it.

use ::entity::{request, staff_notice};
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::convert::{from_json, json, ms};
use super::{DbError, Tx};
use crate::domain::notice::Notice;
use crate::domain::queue::QueueStage;
use crate::ids::{NoticeId, Reference, RequestId, StaffId};

/// One line of a mail to staff that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingNotice {
    /// Its id.
    pub id: NoticeId,
    /// Of which request.
    pub reference: Reference,
    /// What happened to it.
    pub notice: Notice,
}

#[derive(Serialize, Deserialize)]
struct Data {
    reference: String,
    #[serde(flatten)]
    notice: Notice,
}

impl Tx {
    /// Open requests of whose promise staff was told at `told` percent last, received no later than
    /// `until` and not answered.
    pub async fn requests_to_alert(
        &self,
        told: u32,
        until: Timestamp,
        limit: u64,
    ) -> Result<Vec<RequestId>, DbError> {
        use request::Column as C;
        let ids: Vec<uuid::Uuid> = request::Entity::find()
            .select_only()
            .column(C::Id)
            .filter(C::Stage.eq(QueueStage::Open.as_str()))
            .filter(C::Alerted.eq(i32::try_from(told).unwrap_or(i32::MAX)))
            .filter(C::ReceivedAt.lte(ms(until)))
            .filter(C::AnsweredAt.is_null())
            .order_by_asc(C::ReceivedAt)
            .limit(limit)
            .into_tuple()
            .all(self.conn())
            .await?;
        Ok(ids.into_iter().map(RequestId).collect())
    }

    /// Writes down what a member of staff is to be told.
    pub async fn insert_notice(
        &self,
        staff: StaffId,
        reference: &Reference,
        notice: Notice,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let data = Data { reference: reference.as_str().to_owned(), notice };
        let row = staff_notice::ActiveModel {
            id: Set(self.sealer().entropy().uuid(now)),
            staff_id: Set(staff.0),
            kind: Set(notice.kind().to_owned()),
            data: Set(json(&data)),
            created_at: Set(ms(now)),
            sent_at: Set(None),
            error: Set(None),
        };
        staff_notice::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// Whom something waits for.
    pub async fn staff_to_tell(&self) -> Result<Vec<StaffId>, DbError> {
        let ids: Vec<uuid::Uuid> = staff_notice::Entity::find()
            .select_only()
            .column(staff_notice::Column::StaffId)
            .distinct()
            .filter(staff_notice::Column::SentAt.is_null())
            .filter(staff_notice::Column::Error.is_null())
            .into_tuple()
            .all(self.conn())
            .await?;
        Ok(ids.into_iter().map(StaffId).collect())
    }

    /// What waits for one member of staff, oldest first.
    pub async fn waiting_notices(
        &self,
        staff: StaffId,
        limit: u64,
    ) -> Result<Vec<WaitingNotice>, DbError> {
        let rows = staff_notice::Entity::find()
            .filter(staff_notice::Column::SentAt.is_null())
            .filter(staff_notice::Column::Error.is_null())
            .filter(staff_notice::Column::StaffId.eq(staff.0))
            .order_by_asc(staff_notice::Column::Id)
            .limit(limit)
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                let data: Data = from_json(&row.data, "staff_notice.data")?;
                let reference = Reference::parse(&data.reference)
                    .ok_or(DbError::Unreadable("staff_notice.data"))?;
                Ok(WaitingNotice { id: NoticeId(row.id), reference, notice: data.notice })
            })
            .collect()
    }

    /// The mail server has them; or, with the code of the trouble, will not have them.
    pub async fn notices_sent(
        &self,
        notices: &[NoticeId],
        trouble: Option<&str>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let sent = trouble.is_none().then(|| ms(now));
        staff_notice::Entity::update_many()
            .col_expr(staff_notice::Column::SentAt, Expr::value(sent))
            .col_expr(staff_notice::Column::Error, Expr::value(trouble.map(ToOwned::to_owned)))
            .filter(staff_notice::Column::Id.is_in(notices.iter().map(|notice| notice.0)))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Forgets notices from before `before`, sent or not.
    pub async fn purge_notices(&self, before: Timestamp) -> Result<u64, DbError> {
        let done = staff_notice::Entity::delete_many()
            .filter(staff_notice::Column::CreatedAt.lt(ms(before)))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected)
    }
}
