//! One store's share of one request.

use sea_orm::entity::prelude::*;

/// One task.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The request.
    pub request_id: Uuid,
    /// The store, by its name in the maps.
    pub store: String,
    /// How far it is.
    pub status: String,
    /// What is being asked: who the person is, or what is held.
    pub phase: String,
    /// How many of the request's keys the store has been asked.
    pub keys_asked: i32,
    /// Where to go on, sealed.
    pub cursor: Option<Vec<u8>>,
    /// Counts, gaps and withheld things, as JSON without personal data.
    pub tally: String,
    /// How often it was tried without success.
    pub attempts: i32,
    /// The code of the last trouble.
    pub last_error: Option<String>,
    /// When it is tried again.
    pub retry_at: Option<i64>,
    /// Why staff left the store out.
    pub skip_reason: Option<String>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
