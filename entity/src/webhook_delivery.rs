//! Messages to webhook endpoints. They hold no personal data.

use sea_orm::entity::prelude::*;

/// One message to one endpoint.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    /// Its id, which the endpoint gets with every try.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The endpoint's name in the configuration.
    pub endpoint: String,
    /// What happened.
    pub kind: String,
    /// To which request.
    pub request_id: Uuid,
    /// That request's public name.
    pub reference: String,
    /// The bytes that are sent and signed, as they were at first.
    pub body: String,
    /// When it happened.
    pub created_at: i64,
    /// Tries since it was written, or replayed.
    pub attempts: i32,
    /// When it is tried next.
    pub next_attempt_at: Option<i64>,
    /// When it was tried last.
    pub last_attempt_at: Option<i64>,
    /// What the endpoint said then: a status, or a word of ours.
    pub last_answer: Option<String>,
    /// Where it is.
    pub state: String,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
