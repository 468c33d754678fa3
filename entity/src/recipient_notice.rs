//! Recipients that have to be told what was done with data.

use sea_orm::entity::prelude::*;

/// One recipient, to be told of one thing.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recipient_notice")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which request.
    pub request_id: Uuid,
    /// The recipient's id in the data maps.
    pub recipient: String,
    /// Its name.
    pub name: String,
    /// What it is to be told of.
    pub topic: String,
    /// How, as a data map writes it.
    pub how: Option<String>,
    /// Within which time it has to acknowledge.
    pub acknowledge: Option<String>,
    /// When it came up.
    pub made_at: i64,
    /// Until when the next thing has to have happened.
    pub due_at: Option<i64>,
    /// When it was told.
    pub told_at: Option<i64>,
    /// Which member of staff says so.
    pub told_by: Option<Uuid>,
    /// When it acknowledged.
    pub acknowledged_at: Option<i64>,
    /// When staff were last reminded.
    pub alerted_at: Option<i64>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
