//! Requests that a restore of this database has lost, by what the ledger knows of them.

use sea_orm::entity::prelude::*;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lost_request")]
pub struct Model {
    /// The public name that it had.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reference: String,
    /// What was asked for.
    pub right: String,
    /// When it came in.
    pub received_at: i64,
    /// A keyed hash of the address; empty where there is none.
    pub address: String,
    /// Whether a deletion was carried out for it.
    pub deleted: bool,
    /// Whether somebody has seen to it.
    pub state: String,
    /// Under which reference it was entered anew.
    pub entered: Option<String>,
    /// Who has seen to it.
    pub settled_by: Option<Uuid>,
    /// When.
    pub settled_at: Option<i64>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
