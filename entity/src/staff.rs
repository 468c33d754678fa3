//! Staff accounts.

use sea_orm::entity::prelude::*;

/// One account. Never deleted, so that events keep their names.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The address, sealed.
    pub email: Vec<u8>,
    /// The keyed hash under which it is found.
    #[sea_orm(unique)]
    pub email_tag: Vec<u8>,
    /// How colleagues call them, sealed.
    pub name: Vec<u8>,
    /// Their roles, as a JSON list.
    pub roles: String,
    /// invited, active or disabled.
    pub state: String,
    /// The language of pages and mails.
    pub language: String,
    /// The argon2id hash; none before enrolment.
    pub password: Option<String>,
    /// The secret of the second factor, sealed.
    pub totp: Option<Vec<u8>>,
    /// The last time step whose code was accepted; none is accepted twice.
    pub totp_step: Option<i64>,
    /// Failed sign-ins since the last good one.
    pub failures: i32,
    /// When the last one was.
    pub failed_at: Option<i64>,
    /// When they were invited.
    pub created_at: i64,
    /// When they were disabled.
    pub disabled_at: Option<i64>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
