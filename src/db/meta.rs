//! Facts about this database itself.

use ::entity::{intake, meta};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, QueryOrder, Statement};

use super::convert::maybe_at;
use super::{Db, DbError, Tx};

/// Whose database this is: `demo`, or nothing.
pub const STAMP: &str = "stamp";

impl Db {
    /// The database's name and version, for the operator.
    pub async fn version(&self) -> Result<String, DbError> {
        let (name, query) = match self.backend() {
            DbBackend::Sqlite => ("SQLite", "SELECT sqlite_version() AS version"),
            _ => ("PostgreSQL", "SELECT current_setting('server_version') AS version"),
        };
        let query = Statement::from_string(self.backend(), query);
        let row = self.pool().query_one_raw(query).await?;
        let version: Option<String> = row.map(|row| row.try_get("", "version")).transpose()?;
        Ok(format!("{name} {}", version.unwrap_or_default()))
    }

    /// When the newest form came in.
    pub async fn newest_receipt(&self) -> Result<Option<Timestamp>, DbError> {
        let newest = intake::Entity::find()
            .order_by_desc(intake::Column::ReceivedAt)
            .one(self.pool())
            .await?;
        maybe_at(newest.map(|row| row.received_at))
    }
}

impl Tx {
    /// Reads a fact.
    pub async fn fact(&self, key: &str) -> Result<Option<String>, DbError> {
        let row = meta::Entity::find_by_id(key.to_owned()).one(self.conn()).await?;
        Ok(row.map(|row| row.value))
    }

    /// Forgets a fact.
    pub async fn drop_fact(&self, key: &str) -> Result<(), DbError> {
        meta::Entity::delete_by_id(key.to_owned()).exec(self.conn()).await?;
        Ok(())
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
