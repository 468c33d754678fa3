//! What one store would do for a deletion.

use sea_orm::entity::prelude::*;

/// One store.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "store_plan")]
pub struct Model {
    /// The task.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The request.
    pub request_id: Uuid,
    /// A hash of the files of other stores' rows that it was asked about.
    pub files: String,
    /// The plan, sealed; gone once nothing needs it.
    pub body: Option<Vec<u8>>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
