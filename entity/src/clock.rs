//! The clock of a request: what happened that a law looks at, and when the answer is due.

use sea_orm::entity::prelude::*;

/// One clock, one request.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clock")]
pub struct Model {
    /// The request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    /// What happened, as JSON, without personal data.
    pub course: String,
    /// The first moment at which the answer is too late.
    pub due_at: Option<i64>,
    /// The last number of days before that of which staff was told; 0 for none.
    pub alerted: i32,
    /// Whether staff was told that what is left does not fit.
    pub forecast_told: bool,
    /// When the dates were computed.
    pub computed_at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
