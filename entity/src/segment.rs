//! Sealed pieces of an archive.

use sea_orm::entity::prelude::*;

/// One segment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "segment")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The archive.
    pub archive_id: Uuid,
    /// Its number within the archive.
    pub part: i32,
    /// The task that gathered it.
    pub task_id: Uuid,
    /// Keyed hash of the file's place, so that one file is fetched once.
    pub item_tag: Option<Vec<u8>>,
    /// What is in it, sealed.
    pub detail: Vec<u8>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
