//! What belongs to a request beside its right, and stores that are withheld with a ground.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, MigrationTrait, SchemaManager,
    Table, TableCreateStatement,
};
use sea_orm_migration::schema::{big_integer, blob, text, text_null, uuid, uuid_null};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            on("particulars", &["about"], false),
            on("withheld_store", &["request_id", "store"], true),
        ];
        create(schema, vec![particulars(), withheld_store()], indexes).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["particulars", "withheld_store"]).await
    }
}

/// `about` refers to nothing: what it names may be gone before it.
fn particulars() -> TableCreateStatement {
    Table::create()
        .table("particulars")
        .col(uuid("request_id"))
        .col(text("of"))
        .col(uuid_null("about"))
        .col(text_null("acting"))
        .col(text_null("verdict"))
        .col(uuid_null("decided_by"))
        .primary_key(Index::create().col("request_id"))
        .foreign_key(
            ForeignKey::create()
                .from("particulars", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn withheld_store() -> TableCreateStatement {
    Table::create()
        .table("withheld_store")
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(text("store"))
        .col(text("ground"))
        .col(blob("facts"))
        .col(uuid_null("decided_by"))
        .col(big_integer("at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("withheld_store", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
