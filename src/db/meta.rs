//! Facts about this database itself.

use ::entity::meta;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{DbError, Tx};

/// Whose database this is: `demo`, or nothing.
pub const STAMP: &str = "stamp";

impl Tx {
    /// Reads a fact.
    pub async fn fact(&self, key: &str) -> Result<Option<String>, DbError> {
        let row = meta::Entity::find_by_id(key.to_owned()).one(self.conn()).await?;
        Ok(row.map(|row| row.value))
    }

    /// Writes a fact, in place of what was there.
    pub async fn set_fact(&self, key: &str, value: &str) -> Result<(), DbError> {
        let row = meta::ActiveModel { key: Set(key.to_owned()), value: Set(value.to_owned()) };
        meta::Entity::insert(row)
            .on_conflict(
                OnConflict::column(meta::Column::Key).update_column(meta::Column::Value).to_owned(),
            )
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }
}
