//! The clocks of requests: what happened that a law looks at, and every date with its steps.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, MigrationTrait, SchemaManager,
    Table, TableCreateStatement,
};
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, text, text_null, uuid,
};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        // What is due is found by its date alone, however many requests there are.
        create(schema, vec![clock(), deadline()], vec![on("clock", &["due_at"], false)]).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["clock", "deadline"]).await
    }
}

fn clock() -> TableCreateStatement {
    Table::create()
        .table("clock")
        .col(uuid("request_id"))
        .col(text("course"))
        .col(big_integer_null("due_at"))
        .col(integer("alerted"))
        .col(boolean("forecast_told"))
        .col(big_integer("computed_at"))
        .primary_key(Index::create().col("request_id"))
        .foreign_key(
            ForeignKey::create()
                .from("clock", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn deadline() -> TableCreateStatement {
    Table::create()
        .table("deadline")
        .col(uuid("request_id"))
        .col(text("regime"))
        .col(text("kind"))
        .col(integer("place"))
        .col(text("rule"))
        .col(integer("holidays"))
        .col(text_null("date"))
        .col(big_integer_null("end_at"))
        .col(boolean("binds"))
        .col(text("trace"))
        .primary_key(Index::create().col("request_id").col("regime").col("kind"))
        .foreign_key(
            ForeignKey::create()
                .from("deadline", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
