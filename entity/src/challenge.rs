//! Codes that were mailed, as keyed hashes.

use sea_orm::entity::prelude::*;

/// One code.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenge")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose.
    pub intake_id: Uuid,
    /// What it opens.
    pub purpose: String,
    /// Keyed hash of the code.
    pub mac: Vec<u8>,
    /// How often it was typed wrong.
    pub tries: i32,
    /// When it was drawn.
    pub created_at: i64,
    /// Ten minutes from the hand-over of its mail; empty before.
    pub expires_at: Option<i64>,
    /// When it was used or replaced.
    pub spent_at: Option<i64>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
