//! Messages between a person and staff.

use sea_orm::entity::prelude::*;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    /// Its id, in the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose thread.
    pub intake_id: Uuid,
    /// The request it is about; none for all of the form.
    pub request_id: Option<Uuid>,
    /// The member of staff who wrote it.
    pub staff_id: Option<Uuid>,
    /// person, staff, or note among staff.
    pub author: String,
    /// The words, sealed.
    pub body: Vec<u8>,
    /// When.
    pub at: i64,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
