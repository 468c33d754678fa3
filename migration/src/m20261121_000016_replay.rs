//! Deletions that are done again after a store was restored from a backup.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, Index, MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{big_integer, big_integer_null, blob_null, text, uuid, uuid_null};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        create(schema, vec![replay()], vec![on("replay", &["made_at"], false)]).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["replay"]).await
    }
}

/// It refers to no request: what it repeats may stand in the ledger alone.
fn replay() -> TableCreateStatement {
    Table::create()
        .table("replay")
        .col(uuid("id"))
        .col(big_integer("since"))
        .col(big_integer("made_at"))
        .col(text("digest"))
        .col(text("state"))
        .col(text("lines"))
        .col(text("left_alone"))
        .col(uuid_null("approved_by"))
        .col(big_integer_null("approved_at"))
        .col(big_integer_null("done_at"))
        .col(blob_null("body"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}
