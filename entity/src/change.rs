//! What people want put right.

use sea_orm::entity::prelude::*;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which request.
    pub request_id: Uuid,
    /// Its place among the changes of the request.
    pub place: i32,
    /// What was asked for and what became of it, sealed.
    pub detail: Vec<u8>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
