//! Mails: sealed until the mail server has them.

use sea_orm::entity::prelude::*;

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// To whose address.
    pub intake_id: Uuid,
    /// The request whose answer it is.
    pub request_id: Option<Uuid>,
    /// Which mail.
    pub kind: String,
    /// queued, sent or failed.
    pub status: String,
    /// Its Message-ID, minted here.
    pub message_id: String,
    /// Recipient and words, sealed; empty once sent.
    pub sealed: Option<Vec<u8>>,
    /// SHA-256 of what was sent.
    pub content_hash: Option<Vec<u8>>,
    /// Under which cap it falls.
    pub budget: String,
    /// Keyed hash of the mailbox, for counting.
    pub budget_tag: Vec<u8>,
    /// The code in it.
    pub challenge_id: Option<Uuid>,
    /// When it was written.
    pub created_at: i64,
    /// When the server took it.
    pub sent_at: Option<i64>,
    /// The code of the last trouble.
    pub error: Option<String>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
