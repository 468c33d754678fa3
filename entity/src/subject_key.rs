//! The keys under which a person was found.

use sea_orm::entity::prelude::*;

/// One key of one request.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subject_key")]
pub struct Model {
    /// The request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    /// What kind.
    pub kind: String,
    /// The value, sealed.
    pub value: Vec<u8>,
    /// Keyed hash of kind and value.
    pub tag: Vec<u8>,
    /// In which round it was found; 0 is the verified address.
    pub round: i32,
    /// The store that told it.
    pub found_in: Option<String>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
