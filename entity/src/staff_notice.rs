//! Mails to staff. They hold no personal data of those who ask.

use sea_orm::entity::prelude::*;

/// One notice to one member of staff.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_notice")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// To whom.
    pub staff_id: Uuid,
    /// What it is about.
    pub kind: String,
    /// References, counts and words, as JSON.
    pub data: String,
    /// When.
    pub created_at: i64,
    /// When the mail server had it.
    pub sent_at: Option<i64>,
    /// The code of the last trouble.
    pub error: Option<String>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
