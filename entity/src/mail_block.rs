//! Mailboxes whose owner wants no mail from us.

use sea_orm::entity::prelude::*;

/// One mailbox.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_block")]
pub struct Model {
    /// Keyed hash of the mailbox.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag: Vec<u8>,
    /// Until when.
    pub until: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
