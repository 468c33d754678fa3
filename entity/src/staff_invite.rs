//! Links that make an account usable.

use sea_orm::entity::prelude::*;

/// One link, good once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_invite")]
pub struct Model {
    /// The hash of the link's token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// Whose account.
    pub staff_id: Uuid,
    /// When.
    pub created_at: i64,
    /// Until when.
    pub expires_at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
