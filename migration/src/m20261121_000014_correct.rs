//! Corrections: what a person wants put right, what stands there now, and when whom was told.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index,
    MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{big_integer_null, blob, integer, text, uuid};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            on("change", &["request_id"], false),
            on("current_field", &["request_id", "store"], true),
        ];
        create(schema, vec![change(), current_field(), correction()], indexes).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["change", "current_field", "correction"]).await
    }
}

/// What was asked for and what became of it, sealed in one piece.
fn change() -> TableCreateStatement {
    Table::create()
        .table("change")
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(integer("place"))
        .col(blob("detail"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to_request("change"))
        .to_owned()
}

/// What one store says, sealed; only while a request is worked on.
fn current_field() -> TableCreateStatement {
    Table::create()
        .table("current_field")
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(text("store"))
        .col(blob("fields"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to_request("current_field"))
        .to_owned()
}

fn correction() -> TableCreateStatement {
    Table::create()
        .table("correction")
        .col(uuid("request_id"))
        .col(big_integer_null("notified_at"))
        .col(big_integer_null("recipients_told_at"))
        .primary_key(Index::create().col("request_id"))
        .foreign_key(&mut to_request("correction"))
        .to_owned()
}

fn to_request(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "request_id")
        .to("request", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}
