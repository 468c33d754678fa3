//! Accounts that rest while a deletion is approved and not over.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, MigrationTrait, SchemaManager,
    Table,
};
use sea_orm_migration::schema::{big_integer, blob, boolean, text, uuid};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let frozen = Table::create()
            .table("frozen")
            .col(uuid("id"))
            .col(uuid("request_id"))
            .col(text("store"))
            .col(blob("keys"))
            .col(boolean("ends"))
            .col(big_integer("at"))
            .primary_key(Index::create().col("id"))
            .foreign_key(
                ForeignKey::create()
                    .from("frozen", "request_id")
                    .to("request", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        create(schema, vec![frozen], vec![on("frozen", &["request_id", "store"], true)]).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["frozen"]).await
    }
}
