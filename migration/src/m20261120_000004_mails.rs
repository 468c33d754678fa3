//! Mails, how many there may be, and messages.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement,
    MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, text, text_null, uuid, uuid_null,
};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        create(schema, tables(), indexes()).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, NAMES).await
    }
}

/// In the order of creation.
const NAMES: &[&str] = &["outbox", "mail_block", "mail_budget", "message"];

/// As [`NAMES`].
fn tables() -> Vec<TableCreateStatement> {
    vec![outbox(), mail_block(), mail_budget(), message()]
}

fn outbox() -> TableCreateStatement {
    Table::create()
        .table("outbox")
        .col(uuid("id"))
        .col(uuid("intake_id"))
        .col(uuid_null("request_id"))
        .col(text("kind"))
        .col(text("status"))
        .col(text("message_id"))
        .col(blob_null("sealed"))
        .col(blob_null("content_hash"))
        .col(text("budget"))
        .col(blob("budget_tag"))
        .col(uuid_null("challenge_id"))
        .col(big_integer("created_at"))
        .col(big_integer_null("sent_at"))
        .col(text_null("error"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("outbox", "intake_id")
                .to("intake", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn mail_block() -> TableCreateStatement {
    Table::create()
        .table("mail_block")
        .col(blob("tag"))
        .col(big_integer("until"))
        .primary_key(Index::create().col("tag"))
        .to_owned()
}

fn mail_budget() -> TableCreateStatement {
    Table::create()
        .table("mail_budget")
        .col(blob("tag"))
        .col(big_integer("touched_at"))
        .primary_key(Index::create().col("tag"))
        .to_owned()
}

fn message() -> TableCreateStatement {
    Table::create()
        .table("message")
        .col(uuid("id"))
        .col(uuid("intake_id"))
        .col(text("author"))
        .col(blob("body"))
        .col(big_integer("at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("message", "intake_id")
                .to("intake", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        on("outbox", &["intake_id"], false),
        on("outbox", &["budget_tag", "created_at"], false),
        on("outbox", &["created_at"], false),
        on("message", &["intake_id"], false),
    ]
}
