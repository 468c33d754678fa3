//! Papers attached to a request that staff entered.

use sea_orm::entity::prelude::*;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which form.
    pub intake_id: Uuid,
    /// Who attached it.
    pub staff_id: Uuid,
    /// Its name, sealed.
    pub name: Vec<u8>,
    /// Its bytes, sealed.
    pub body: Vec<u8>,
    /// Bytes before sealing.
    pub size: i32,
    /// When.
    pub at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
