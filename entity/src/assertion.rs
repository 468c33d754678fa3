//! Signed assertions that were used: each is good once.

use sea_orm::entity::prelude::*;

/// One assertion.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assertion")]
pub struct Model {
    /// The token it came with.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_id: Uuid,
    /// Its own id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub jti: String,
    /// When it ends by itself, and this row with it.
    pub expires_at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
