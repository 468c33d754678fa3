//! Messages to webhook endpoints.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, Index, IndexCreateStatement, MigrationTrait, SchemaManager, Table,
    TableCreateStatement,
};
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, text, text_null, uuid};

use super::create::{create, drop_all, on};

const TABLE: &str = "webhook_delivery";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        create(schema, vec![delivery()], indexes()).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &[TABLE]).await
    }
}

/// It stands alone: it is gone long before its request.
fn delivery() -> TableCreateStatement {
    Table::create()
        .table(TABLE)
        .col(uuid("id"))
        .col(text("endpoint"))
        .col(text("kind"))
        .col(uuid("request_id"))
        .col(text("reference"))
        .col(text("body"))
        .col(big_integer("created_at"))
        .col(integer("attempts"))
        .col(big_integer_null("next_attempt_at"))
        .col(big_integer_null("last_attempt_at"))
        .col(text_null("last_answer"))
        .col(text("state"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        on(TABLE, &["created_at"], false),
        on(TABLE, &["endpoint", "created_at"], false),
        on(TABLE, &["endpoint", "state", "last_attempt_at"], false),
        on(TABLE, &["state", "next_attempt_at"], false),
    ]
}
