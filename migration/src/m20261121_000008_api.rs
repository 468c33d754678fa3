//! Programs that speak to the API: their tokens, what they asked for, and what they vouched for.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, DeriveMigrationName, Index, IndexCreateStatement, MigrationTrait,
    SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, boolean, integer, text, text_null, uuid, uuid_null,
};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            let add = Table::alter().table("request").add_column(column).to_owned();
            schema.alter_table(add).await?;
        }
        create(schema, vec![token(), call(), assertion()], indexes()).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for (name, table) in INDEXES {
            schema.drop_index(Index::drop().name(*name).table(*table).to_owned()).await?;
        }
        drop_all(schema, &["api_token", "api_call", "assertion"]).await?;
        for column in columns() {
            let name = Alias::new(column.get_column_name());
            let drop = Table::alter().table("request").drop_column(name).to_owned();
            schema.alter_table(drop).await?;
        }
        Ok(())
    }
}

fn columns() -> Vec<ColumnDef> {
    vec![uuid_null("created_by").take(), boolean("by_app").default(false).take()]
}

fn token() -> TableCreateStatement {
    Table::create()
        .table("api_token")
        .col(uuid("id"))
        .col(text("name").unique_key().take())
        .col(blob("hash").unique_key().take())
        .col(text("scopes"))
        .col(boolean("all_requests"))
        .col(text("networks"))
        .col(integer("requests_a_day"))
        .col(text_null("assertion_key"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .col(big_integer_null("used_at"))
        .col(big_integer_null("revoked_at"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

/// Answers that are given again when the same call comes again.
fn call() -> TableCreateStatement {
    Table::create()
        .table("api_call")
        .col(uuid("token_id"))
        .col(text("key"))
        .col(blob("body_hash"))
        .col(uuid("request_id"))
        .col(text("answer"))
        .col(big_integer("at"))
        .primary_key(Index::create().col("token_id").col("key"))
        .to_owned()
}

/// Signed assertions that were used once.
fn assertion() -> TableCreateStatement {
    Table::create()
        .table("assertion")
        .col(uuid("token_id"))
        .col(text("jti"))
        .col(big_integer("expires_at"))
        .primary_key(Index::create().col("token_id").col("jti"))
        .to_owned()
}

/// Names and tables, as [`indexes`].
const INDEXES: &[(&str, &str)] = &[
    ("request_created_by_received_at", "request"),
    ("request_status_id", "request"),
    ("api_call_at", "api_call"),
    ("assertion_expires_at", "assertion"),
];

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        on("request", &["created_by", "received_at"], false),
        on("request", &["status", "id"], false),
        on("api_call", &["at"], false),
        on("assertion", &["expires_at"], false),
    ]
}
