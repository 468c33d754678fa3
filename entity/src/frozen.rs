//! Accounts that rest while a deletion is approved and not over.

use sea_orm::entity::prelude::*;

/// One store that was told so.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "frozen")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which deletion.
    pub request_id: Uuid,
    /// The store.
    pub store: String,
    /// The keys that the person is known by, sealed: they are needed once more when the deletion is
    /// taken back, and nothing else holds them then.
    pub keys: Vec<u8>,
    /// Whether it is to be undone.
    pub ends: bool,
    /// Since when.
    pub at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
