//! Archives, their pieces, and how they are fetched.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement,
    MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, boolean, integer, text, text_null, uuid,
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
const NAMES: &[&str] = &["archive", "segment", "download"];

/// As [`NAMES`].
fn tables() -> Vec<TableCreateStatement> {
    vec![archive(), segment(), download()]
}

fn archive() -> TableCreateStatement {
    Table::create()
        .table("archive")
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(text("state"))
        .col(blob_null("wrapped_key"))
        .col(text_null("epoch"))
        .col(text_null("object"))
        .col(big_integer_null("size"))
        .col(blob_null("sha256"))
        .col(big_integer("read_from"))
        .col(big_integer_null("made_at"))
        .col(big_integer_null("expires_at"))
        .col(big_integer_null("reminded_at"))
        .col(integer("parts"))
        .col(integer("downloads"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("archive", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn segment() -> TableCreateStatement {
    Table::create()
        .table("segment")
        .col(uuid("id"))
        .col(uuid("archive_id"))
        .col(integer("part"))
        .col(uuid("task_id"))
        .col(blob_null("item_tag"))
        .col(blob("detail"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("segment", "archive_id")
                .to("archive", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn download() -> TableCreateStatement {
    Table::create()
        .table("download")
        .col(uuid("id"))
        .col(uuid("archive_id"))
        .col(blob("cookie_hash"))
        .col(big_integer("opened_at"))
        .col(big_integer("last_byte_at"))
        .col(big_integer("bytes"))
        .col(boolean("completed"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("download", "archive_id")
                .to("archive", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        on("archive", &["request_id"], false),
        on("archive", &["expires_at"], false),
        on("segment", &["archive_id", "part"], true),
        on("segment", &["archive_id", "item_tag"], true),
        on("download", &["archive_id"], false),
    ]
}
