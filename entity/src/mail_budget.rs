//! One row a mailbox, locked while its mails are counted.

use sea_orm::entity::prelude::*;

/// One mailbox.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_budget")]
pub struct Model {
    /// Keyed hash of the mailbox.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag: Vec<u8>,
    /// When it was last counted.
    pub touched_at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
