//! What people have said about the use of their data.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, Index, MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, text, text_null, uuid, uuid_null,
};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            on("flag", &["tag"], false),
            on("flag", &["request_id"], false),
            on("flag", &["kind", "until_at"], false),
        ];
        create(schema, vec![flag(), flag_key()], indexes).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["flag", "flag_key"]).await
    }
}

/// It refers to nothing: it has to outlive the request that it came with.
fn flag() -> TableCreateStatement {
    Table::create()
        .table("flag")
        .col(uuid("id"))
        .col(blob("tag"))
        .col(text("key_kind"))
        .col(text("kind"))
        .col(text_null("purpose"))
        .col(big_integer("from_at"))
        .col(big_integer_null("until_at"))
        .col(big_integer_null("lifts_at"))
        .col(text("source"))
        .col(uuid_null("request_id"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

/// One row: the key of the tags, sealed. It outlives changes of the root key, since of a person who
/// said no nothing is kept that new tags could be made of.
fn flag_key() -> TableCreateStatement {
    Table::create()
        .table("flag_key")
        .col(uuid("id"))
        .col(blob("secret"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}
