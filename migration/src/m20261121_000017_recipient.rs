//! Recipients of data that have to be told what was done with them, one by one.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, MigrationTrait, SchemaManager,
    Table, TableCreateStatement,
};
use sea_orm_migration::schema::{big_integer, big_integer_null, text, text_null, uuid, uuid_null};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            on("recipient_notice", &["request_id", "recipient", "topic"], true),
            on("recipient_notice", &["due_at"], false),
        ];
        create(schema, vec![recipient_notice()], indexes).await?;
        // Each recipient has a line of its own now.
        let told = Table::alter().table("correction").drop_column("recipients_told_at").to_owned();
        schema.alter_table(told).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let told = Table::alter()
            .table("correction")
            .add_column(big_integer_null("recipients_told_at"))
            .to_owned();
        schema.alter_table(told).await?;
        drop_all(schema, &["recipient_notice"]).await
    }
}

/// Who they are and how they are told stands in the data maps in the clear, and so it does here.
fn recipient_notice() -> TableCreateStatement {
    Table::create()
        .table("recipient_notice")
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(text("recipient"))
        .col(text("name"))
        .col(text("topic"))
        .col(text_null("how"))
        .col(text_null("acknowledge"))
        .col(big_integer("made_at"))
        .col(big_integer_null("due_at"))
        .col(big_integer_null("told_at"))
        .col(uuid_null("told_by"))
        .col(big_integer_null("acknowledged_at"))
        .col(big_integer_null("alerted_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("recipient_notice", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}
