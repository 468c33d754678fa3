//! The statutory dates of requests, each with its rule and how it was counted.

use sea_orm::entity::prelude::*;

/// One date of one law.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deadline")]
pub struct Model {
    /// The request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    /// The law.
    #[sea_orm(primary_key, auto_increment = false)]
    pub regime: String,
    /// What has to be done.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// Its place among the dates of the request.
    pub place: i32,
    /// The rule with its version.
    pub rule: String,
    /// The version of the holidays.
    pub holidays: i32,
    /// The last day, where the organisation is.
    pub date: Option<String>,
    /// The first moment at which it is too late.
    pub end_at: Option<i64>,
    /// Whether it binds under its law.
    pub binds: bool,
    /// The steps by which it was counted, as JSON.
    pub trace: String,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
