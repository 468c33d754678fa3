//! The audit trail, and which events still wait for their place in it.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    ConditionalStatement as _, DbErr, DeriveMigrationName, Expr, ExprTrait as _, Index,
    IndexCreateStatement, MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{big_integer, blob, boolean, text};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let mut sealed = boolean("sealed");
        sealed.default(false);
        let add = Table::alter().table("event").add_column(sealed).to_owned();
        schema.alter_table(add).await?;
        create(schema, vec![audit()], vec![unsealed()]).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.drop_index(Index::drop().name("event_unsealed").table("event").to_owned()).await?;
        let drop = Table::alter().table("event").drop_column("sealed").to_owned();
        schema.alter_table(drop).await?;
        drop_all(schema, &["audit"]).await
    }
}

/// It stands alone: what it tells of may be gone one day, it stays.
fn audit() -> TableCreateStatement {
    Table::create()
        .table("audit")
        .col(big_integer("seq"))
        .col(text("line"))
        .col(blob("hash"))
        .primary_key(Index::create().col("seq"))
        .to_owned()
}

/// Few at any moment.
fn unsealed() -> IndexCreateStatement {
    let mut unsealed = on("event", &["at", "id"], false);
    unsealed.name("event_unsealed").and_where(Expr::col("sealed").eq(false));
    unsealed
}
