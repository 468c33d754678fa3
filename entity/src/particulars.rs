//! What belongs to a request beside its right.

use sea_orm::entity::prelude::*;

/// One request's.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "particulars")]
pub struct Model {
    /// Of which request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    /// What is to be confirmed.
    pub of: String,
    /// The request that it is about.
    pub about: Option<Uuid>,
    /// In which quality somebody asks for somebody else.
    pub acting: Option<String>,
    /// What was decided in words.
    pub verdict: Option<String>,
    /// Who decided so.
    pub decided_by: Option<Uuid>,
    /// Whether the company opened it itself, since it holds data of a child.
    pub child_data: bool,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
