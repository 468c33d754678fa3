//! The plan of a deletion.

use sea_orm::entity::prelude::*;

/// One plan.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erase_plan")]
pub struct Model {
    /// The request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its fingerprint.
    pub digest: String,
    /// When it was made.
    pub made_at: i64,
    /// When cooling-off ends.
    pub cooled_at: i64,
    /// When the last approval came.
    pub approved_at: Option<i64>,
    /// Which plan of the request it is, from 1.
    pub round: i32,
    /// Stores, collections, methods and counts, as JSON.
    pub outline: String,
    /// What it says otherwise than the one before, as JSON.
    pub differences: String,
    /// The plan with its rows, sealed; gone once nothing needs it.
    pub body: Option<Vec<u8>>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
