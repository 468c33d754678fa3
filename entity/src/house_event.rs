//! Events that concern no request, until they have their place in the audit trail.

use sea_orm::entity::prelude::*;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "house_event")]
pub struct Model {
    /// Its id, in the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When.
    pub at: i64,
    /// Who did it, by kind.
    pub actor: String,
    /// Who did it, by name, where that is staff or a program.
    pub actor_name: Option<String>,
    /// What happened.
    pub kind: String,
    /// What belongs to it, as JSON, without personal data.
    pub data: String,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
