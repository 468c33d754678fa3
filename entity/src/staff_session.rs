//! Signed-in staff.

use sea_orm::entity::prelude::*;

/// One session.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_session")]
pub struct Model {
    /// The hash of the cookie.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// Its name in the list of sessions.
    pub id: Uuid,
    /// Whose.
    pub staff_id: Uuid,
    /// When it began.
    pub created_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// When the second factor was last shown.
    pub stepped_up_at: i64,
    /// Its absolute end.
    pub expires_at: i64,
    /// The browser's family and system, in two words.
    pub agent: String,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
