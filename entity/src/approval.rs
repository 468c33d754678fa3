//! Who approved a plan.

use sea_orm::entity::prelude::*;

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval")]
pub struct Model {
    /// The request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub staff_id: Uuid,
    /// Of which plan.
    pub digest: String,
    /// When.
    pub at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
