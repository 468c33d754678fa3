//! What stores say that may be corrected.

use sea_orm::entity::prelude::*;

/// One store's share of one request.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "current_field")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which request.
    pub request_id: Uuid,
    /// The store.
    pub store: String,
    /// The values with their places, sealed.
    pub fields: Vec<u8>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
