//! Corrections: what was asked for, what stands there now, and when whom was told.

use ::entity::{change, correction, current_field, request};
use jiff::Timestamp;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use super::convert::{maybe_at, ms};
use super::{DbError, Tx};
use crate::domain::change::Field;
use crate::domain::correction::{Asked, Change, DeclineGround, Step, Verdict};
use crate::ids::{ChangeId, IntakeId, RequestId};

/// When whom was told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// When the last notice about a change of identity went out.
    pub notified_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct Detail {
    asked: Asked,
    verdict: Option<Verdict>,
    ground: Option<DeclineGround>,
    facts: Option<String>,
    steps: Vec<Step>,
}

impl Tx {
    /// Writes down what is asked for, in this order.
    pub async fn insert_changes(
        &self,
        request: RequestId,
        asked: &[Asked],
        now: Timestamp,
    ) -> Result<(), DbError> {
        for (place, asked) in (0..).zip(asked) {
            let id = ChangeId(self.sealer().entropy().uuid_at(now, place));
            let row = change::ActiveModel {
                id: Set(id.0),
                request_id: Set(request.0),
                place: Set(i32::from(place)),
                detail: Set(self.seal_change(&Change::new(id, asked.clone()))),
            };
            change::Entity::insert(row).exec_without_returning(self.conn()).await?;
        }
        Ok(())
    }

    /// The changes of a request, in the order in which they were asked for.
    pub async fn changes_of(&self, request: RequestId) -> Result<Vec<Change>, DbError> {
        let rows = change::Entity::find()
            .filter(change::Column::RequestId.eq(request.0))
            .order_by_asc(change::Column::Place)
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                let id = ChangeId(row.id);
                let Detail { asked, verdict, ground, facts, steps } =
                    self.sealer().open_json(&place(id), &row.detail)?;
                Ok(Change { id, asked, verdict, ground, facts, steps })
            })
            .collect()
    }

    /// Writes a change back.
    pub async fn update_change(&self, change: &Change) -> Result<(), DbError> {
        let row =
            change::ActiveModel { detail: Set(self.seal_change(change)), ..Default::default() };
        change::Entity::update_many()
            .set(row)
            .filter(change::Column::Id.eq(change.id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    fn seal_change(&self, change: &Change) -> Vec<u8> {
        let Change { id, asked, verdict, ground, facts, steps } = change.clone();
        self.sealer().seal_json(&place(id), &Detail { asked, verdict, ground, facts, steps })
    }

    /// Forgets what was asked for with a form, and what stands in its stores.
    pub(super) async fn drop_changes(&self, intake: IntakeId) -> Result<(), DbError> {
        let of = || {
            Query::select()
                .column(request::Column::Id)
                .from(request::Entity)
                .and_where(request::Column::IntakeId.eq(intake.0))
                .to_owned()
        };
        change::Entity::delete_many()
            .filter(change::Column::RequestId.in_subquery(of()))
            .exec(self.conn())
            .await?;
        current_field::Entity::delete_many()
            .filter(current_field::Column::RequestId.in_subquery(of()))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Keeps what one store says, instead of what it said before.
    pub async fn set_fields(
        &self,
        request: RequestId,
        store: &str,
        fields: &[Field],
        now: Timestamp,
    ) -> Result<(), DbError> {
        use current_field::Column as C;
        current_field::Entity::delete_many()
            .filter(C::RequestId.eq(request.0))
            .filter(C::Store.eq(store))
            .exec(self.conn())
            .await?;
        let id = self.sealer().entropy().uuid(now);
        let sealed = self.sealer().seal_json(&format!("current_field.fields/{id}"), &fields);
        let row = current_field::ActiveModel {
            id: Set(id),
            request_id: Set(request.0),
            store: Set(store.to_owned()),
            fields: Set(sealed),
        };
        current_field::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// What the stores say, by store.
    pub async fn fields_of(
        &self,
        request: RequestId,
    ) -> Result<Vec<(String, Vec<Field>)>, DbError> {
        let rows = current_field::Entity::find()
            .filter(current_field::Column::RequestId.eq(request.0))
            .order_by_asc(current_field::Column::Store)
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                let place = format!("current_field.fields/{}", row.id);
                Ok((row.store, self.sealer().open_json(&place, &row.fields)?))
            })
            .collect()
    }

    /// Forgets what the stores say.
    pub async fn drop_fields(&self, request: RequestId) -> Result<(), DbError> {
        current_field::Entity::delete_many()
            .filter(current_field::Column::RequestId.eq(request.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// When whom was told of a request.
    pub async fn told_of(&self, request: RequestId) -> Result<Told, DbError> {
        let row = correction::Entity::find_by_id(request.0).one(self.conn()).await?;
        let Some(row) = row else { return Ok(Told::default()) };
        Ok(Told { notified_at: maybe_at(row.notified_at)? })
    }

    /// Notes when whom was told.
    pub async fn set_told(&self, request: RequestId, told: Told) -> Result<(), DbError> {
        let row = correction::ActiveModel {
            request_id: Set(request.0),
            notified_at: Set(told.notified_at.map(ms)),
        };
        let conflict = OnConflict::column(correction::Column::RequestId)
            .update_column(correction::Column::NotifiedAt)
            .to_owned();
        correction::Entity::insert(row)
            .on_conflict(conflict)
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }
}

fn place(id: ChangeId) -> String {
    format!("change.detail/{id}")
}
