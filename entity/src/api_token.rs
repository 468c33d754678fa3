//! Tokens of programs that speak to the API.

use sea_orm::entity::prelude::*;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What the operator calls it.
    #[sea_orm(unique)]
    pub name: String,
    /// The hash of the secret.
    #[sea_orm(unique)]
    pub hash: Vec<u8>,
    /// What it may do, as a JSON list.
    pub scopes: String,
    /// Whether it reads archives of requests that it did not create.
    pub all_requests: bool,
    /// From where it may be used, as a JSON list of networks; empty for anywhere.
    pub networks: String,
    /// How many requests it may create within 24 hours.
    pub requests_a_day: i32,
    /// The public key of its assertions, as a JWK.
    pub assertion_key: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// When it was last used, within an hour.
    pub used_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
