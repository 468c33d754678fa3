//! Opened downloads.

use sea_orm::entity::prelude::*;

/// One download session.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "download")]
pub struct Model {
    /// Its id, part of the address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The archive.
    pub archive_id: Uuid,
    /// Hash of its cookie.
    pub cookie_hash: Vec<u8>,
    /// When the code was typed.
    pub opened_at: i64,
    /// When the last byte left.
    pub last_byte_at: i64,
    /// How many bytes have left.
    pub bytes: i64,
    /// Whether the last byte of the archive was among them.
    pub completed: bool,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
