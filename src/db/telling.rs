//! Recipients that have to be told, and how far that is.

use ::entity::recipient_notice as row;
use jiff::Timestamp;
use sea_orm::sea_query::{Condition, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::convert::{at, maybe_at, ms, word};
use super::{DbError, Tx};
use crate::domain::duration::Period;
use crate::domain::recipient::How;
use crate::domain::telling::{REMIND_EVERY, Telling, Topic};
use crate::ids::{RequestId, StaffId, TellingId};

impl Tx {
    /// Writes one down. False when the same recipient is to be told of the same already.
    pub async fn insert_telling(&self, one: &Telling) -> Result<bool, DbError> {
        let known = OnConflict::columns([
            row::Column::RequestId,
            row::Column::Recipient,
            row::Column::Topic,
        ])
        .do_nothing()
        .to_owned();
        let inserted = row::Entity::insert(model(one))
            .on_conflict(known)
            .exec_without_returning(self.conn())
            .await?;
        Ok(inserted > 0)
    }

    /// Writes one back.
    pub async fn update_telling(&self, one: &Telling) -> Result<(), DbError> {
        row::Entity::update(model(one)).exec(self.conn()).await?;
        Ok(())
    }

    /// Everybody who has to be told of a request, by name, and of the same the oldest first.
    pub async fn tellings_of(&self, request: RequestId) -> Result<Vec<Telling>, DbError> {
        let rows = row::Entity::find()
            .filter(row::Column::RequestId.eq(request.0))
            .order_by_asc(row::Column::Name)
            .order_by_asc(row::Column::MadeAt)
            .order_by_asc(row::Column::Id)
            .all(self.conn())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Forgets to whom a request was still to be forwarded: nobody asks any more.
    pub async fn drop_unforwarded(&self, request: RequestId) -> Result<(), DbError> {
        row::Entity::delete_many()
            .filter(row::Column::RequestId.eq(request.0))
            .filter(row::Column::Topic.eq(Topic::Forward.as_str()))
            .filter(row::Column::ToldAt.is_null())
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Requests of which staff are to be reminded that somebody was not told or has not
    /// acknowledged.
    pub async fn tellings_to_remind(
        &self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<RequestId>, DbError> {
        let never = row::Column::AlertedAt.is_null();
        let again = Condition::all()
            .add(row::Column::ToldAt.is_null())
            .add(row::Column::AlertedAt.lte(ms(now - REMIND_EVERY)));
        let ids: Vec<uuid::Uuid> = row::Entity::find()
            .select_only()
            .column(row::Column::RequestId)
            .distinct()
            .filter(row::Column::DueAt.lte(ms(now)))
            .filter(Condition::any().add(never).add(again))
            .limit(limit)
            .into_tuple()
            .all(self.conn())
            .await?;
        Ok(ids.into_iter().map(RequestId).collect())
    }
}

fn model(one: &Telling) -> row::ActiveModel {
    row::ActiveModel {
        id: Set(one.id.0),
        request_id: Set(one.request.0),
        recipient: Set(one.recipient.clone()),
        name: Set(one.name.clone()),
        topic: Set(one.topic.as_str().to_owned()),
        how: Set(one.how.as_ref().map(How::to_text)),
        acknowledge: Set(one.acknowledge.map(|within| within.to_string())),
        made_at: Set(ms(one.made_at)),
        due_at: Set(one.due_at.map(ms)),
        told_at: Set(one.told_at.map(ms)),
        told_by: Set(one.told_by.map(|staff| staff.0)),
        acknowledged_at: Set(one.acknowledged_at.map(ms)),
        alerted_at: Set(one.alerted_at.map(ms)),
    }
}

fn read(row: row::Model) -> Result<Telling, DbError> {
    let how = row.how.map(|text| word(How::parse(&text), "recipient_notice.how"));
    let within =
        row.acknowledge.map(|text| word(Period::parse(&text).ok(), "recipient_notice.acknowledge"));
    Ok(Telling {
        id: TellingId(row.id),
        request: RequestId(row.request_id),
        recipient: row.recipient,
        name: row.name,
        topic: word(Topic::parse(&row.topic), "recipient_notice.topic")?,
        how: how.transpose()?,
        acknowledge: within.transpose()?,
        made_at: at(row.made_at)?,
        due_at: maybe_at(row.due_at)?,
        told_at: maybe_at(row.told_at)?,
        told_by: row.told_by.map(StaffId),
        acknowledged_at: maybe_at(row.acknowledged_at)?,
        alerted_at: maybe_at(row.alerted_at)?,
    })
}
