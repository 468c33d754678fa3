//! Stores whose data are not given, with the ground.

use sea_orm::entity::prelude::*;

/// One store of one request.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "withheld_store")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which request.
    pub request_id: Uuid,
    /// The store's name.
    pub store: String,
    /// Why.
    pub ground: String,
    /// What that rests on, sealed.
    pub facts: Vec<u8>,
    /// Who decided so.
    pub decided_by: Option<Uuid>,
    /// When.
    pub at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
