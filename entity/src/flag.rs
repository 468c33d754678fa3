//! What a person has said about the use of their data.

use sea_orm::entity::prelude::*;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flag")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Keyed hash of one key of the person.
    pub tag: Vec<u8>,
    /// What kind of key.
    pub key_kind: String,
    /// What was said.
    pub kind: String,
    /// About which purpose; none for a restriction.
    pub purpose: Option<String>,
    /// From when on it holds.
    pub from_at: i64,
    /// When a restriction was lifted.
    pub until_at: Option<i64>,
    /// When a restriction will be lifted, as was announced.
    pub lifts_at: Option<i64>,
    /// Where it came from: a request, a browser's signal, a program.
    pub source: String,
    /// The request that it came with.
    pub request_id: Option<Uuid>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
