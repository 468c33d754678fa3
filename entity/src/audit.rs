//! The audit trail: what happened, line by line, never changed.

use sea_orm::entity::prelude::*;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    /// Its place, from 0 on, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// What happened, as JSON, without personal data.
    pub line: String,
    /// The hash of the line: a leaf of the tree (RFC 6962).
    pub hash: Vec<u8>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
