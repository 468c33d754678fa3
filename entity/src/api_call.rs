//! Calls with an idempotency key, and what was answered.

use sea_orm::entity::prelude::*;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_call")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_id: Uuid,
    /// The key that came with it, as a keyed hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The hash of its body.
    pub body_hash: Vec<u8>,
    /// The request that it created.
    pub request_id: Uuid,
    /// What was answered, without personal data.
    pub answer: String,
    /// When.
    pub at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
