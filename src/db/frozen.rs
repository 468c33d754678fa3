//! Accounts that rest while a deletion is approved and not over.

use ::entity::frozen;
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::convert::{at, ms};
use super::{DbError, Tx};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::RequestId;

/// A store in which an account rests, or is to rest no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The store.
    pub store: String,
    /// The keys that the person is known by.
    pub keys: Vec<SubjectKey>,
    /// Whether it is to be undone.
    pub ends: bool,
    /// Since when.
    pub at: Timestamp,
}

impl Tx {
    /// Notes that an account is to rest in a store, instead of what was noted before.
    pub async fn freeze(&self, request: RequestId, frozen: &Frozen) -> Result<(), DbError> {
        self.drop_frozen(request, Some(&frozen.store)).await?;
        let id = self.sealer().entropy().uuid(frozen.at);
        let keys: Vec<(&str, &str)> =
            frozen.keys.iter().map(|key| (key.kind.as_str(), key.value())).collect();
        let row = frozen::ActiveModel {
            id: Set(id),
            request_id: Set(request.0),
            store: Set(frozen.store.clone()),
            keys: Set(self.sealer().seal_json(&format!("frozen.keys/{id}"), &keys)),
            ends: Set(frozen.ends),
            at: Set(ms(frozen.at)),
        };
        frozen::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// Notes that it is to be undone everywhere.
    pub async fn end_frozen(&self, request: RequestId) -> Result<(), DbError> {
        frozen::Entity::update_many()
            .col_expr(frozen::Column::Ends, Expr::value(true))
            .filter(frozen::Column::RequestId.eq(request.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Where an account rests because of a deletion, by store.
    pub async fn frozen_of(&self, request: RequestId) -> Result<Vec<Frozen>, DbError> {
        let rows = frozen::Entity::find()
            .filter(frozen::Column::RequestId.eq(request.0))
            .order_by_asc(frozen::Column::Store)
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                let place = format!("frozen.keys/{}", row.id);
                let keys: Vec<(String, String)> = self.sealer().open_json(&place, &row.keys)?;
                let keys = keys
                    .into_iter()
                    .map(|(kind, value)| SubjectKey::new(KeyKind::new(kind), value));
                Ok(Frozen {
                    store: row.store,
                    keys: keys.collect::<Option<_>>().ok_or(DbError::Unreadable("frozen.keys"))?,
                    ends: row.ends,
                    at: at(row.at)?,
                })
            })
            .collect()
    }

    /// Forgets that an account rests: in one store, or in all of them.
    pub async fn drop_frozen(
        &self,
        request: RequestId,
        store: Option<&str>,
    ) -> Result<(), DbError> {
        let mut delete =
            frozen::Entity::delete_many().filter(frozen::Column::RequestId.eq(request.0));
        if let Some(store) = store {
            delete = delete.filter(frozen::Column::Store.eq(store));
        }
        delete.exec(self.conn()).await?;
        Ok(())
    }
}
