//! Deletions that are done again after a restore.

use sea_orm::entity::prelude::*;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "replay")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Deletions from then on.
    pub since: i64,
    /// When the stores were looked at.
    pub made_at: i64,
    /// The fingerprint of its steps.
    pub digest: String,
    /// How far it is.
    pub state: String,
    /// Its steps without their rows, as JSON.
    pub lines: String,
    /// What is left as it is, as JSON.
    pub left_alone: String,
    /// Who approved it.
    pub approved_by: Option<Uuid>,
    /// When.
    pub approved_at: Option<i64>,
    /// When the last step was over.
    pub done_at: Option<i64>,
    /// The steps with their rows, sealed; gone once nothing needs them.
    pub body: Option<Vec<u8>>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
