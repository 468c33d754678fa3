//! Posted forms: who asked, in which language, reachable how.

use sea_orm::entity::prelude::*;

/// One posted form.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "intake")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When it was accepted.
    pub received_at: i64,
    /// The language of pages and mails.
    pub language: String,
    /// The country chosen on the form.
    pub country: Option<String>,
    /// Address, name and words, sealed in one piece; empty once forgotten.
    pub contact: Option<Vec<u8>>,
    /// Keyed hash of the canonical address.
    pub contact_tag: Option<Vec<u8>>,
    /// When the reminder was sent.
    pub reminded_at: Option<i64>,
    /// Until when the link of a lapsed request resumes it.
    pub resumable_until: Option<i64>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
