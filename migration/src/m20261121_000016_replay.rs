//! After a restore: deletions that are done again in a store, and requests that our own database has
//! lost.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, Index, MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob_null, boolean, text, text_null, uuid, uuid_null,
};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let indexes =
            vec![on("replay", &["made_at"], false), on("lost_request", &["state"], false)];
        create(schema, vec![replay(), lost_request()], indexes).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["replay", "lost_request"]).await
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

/// What the ledger knows of a request that is not here any more.
fn lost_request() -> TableCreateStatement {
    Table::create()
        .table("lost_request")
        .col(text("reference"))
        .col(text("right"))
        .col(big_integer("received_at"))
        .col(text("address"))
        .col(boolean("deleted"))
        .col(text("state"))
        .col(text_null("entered"))
        .col(uuid_null("settled_by"))
        .col(big_integer_null("settled_at"))
        .primary_key(Index::create().col("reference"))
        .to_owned()
}
