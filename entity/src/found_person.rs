//! Rows of stores that are the person; two in one table are two people.

use sea_orm::entity::prelude::*;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "found_person")]
pub struct Model {
    /// The request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    /// The store.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store: String,
    /// The table.
    #[sea_orm(primary_key, auto_increment = false)]
    pub collection: String,
    /// Keyed hash of the row's name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_tag: Vec<u8>,
    /// Whether the store says that the address was confirmed.
    pub proven: bool,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
