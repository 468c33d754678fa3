//! Archives and what becomes of them.

use sea_orm::entity::prelude::*;

/// One archive.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "archive")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The request.
    pub request_id: Uuid,
    /// How far it is.
    pub state: String,
    /// Its key, wrapped by an epoch key; empty once destroyed.
    pub wrapped_key: Option<Vec<u8>>,
    /// The epoch key.
    pub epoch: Option<String>,
    /// The sealed object.
    pub object: Option<String>,
    /// Size of the zip in bytes.
    pub size: Option<i64>,
    /// Hash of the zip.
    pub sha256: Option<Vec<u8>>,
    /// When the first row was read.
    pub read_from: i64,
    /// The time printed in it.
    pub made_at: Option<i64>,
    /// When its key is destroyed.
    pub expires_at: Option<i64>,
    /// When the person was reminded.
    pub reminded_at: Option<i64>,
    /// How many numbers for segments were given out.
    pub parts: i32,
    /// How often it was fetched whole.
    pub downloads: i32,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
