//! Events that concern no request: accounts, and the audit trail itself. A row stays until the event
//! has its place in the trail, which keeps it from then on.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, Index, MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{big_integer, text, text_null, uuid};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        create(schema, vec![house_event()], vec![on("house_event", &["at"], false)]).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["house_event"]).await
    }
}

/// It refers to nothing: what it tells of may be gone before it has its place.
fn house_event() -> TableCreateStatement {
    Table::create()
        .table("house_event")
        .col(uuid("id"))
        .col(big_integer("at"))
        .col(text("actor"))
        .col(text_null("actor_name"))
        .col(text("kind"))
        .col(text("data"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}
