//! Secrets in links, as hashes.

use sea_orm::entity::prelude::*;

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_token")]
pub struct Model {
    /// Hash of purpose and secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// Whose.
    pub intake_id: Uuid,
    /// What it opens.
    pub purpose: String,
    /// When it was minted.
    pub created_at: i64,
    /// When it dies; empty while the request is open.
    pub expires_at: Option<i64>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
