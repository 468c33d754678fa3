//! Deletions that the company opens itself, since it holds data of a child that it must not hold.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    Alias, DbErr, DeriveMigrationName, Index, MigrationTrait, SchemaManager, Table,
};
use sea_orm_migration::schema::boolean;

use super::create::on;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let child = boolean("child_data").default(false).to_owned();
        let add = Table::alter().table("particulars").add_column(child).to_owned();
        schema.alter_table(add).await?;
        schema.create_index(on("particulars", &["child_data"], false)).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("particulars_child_data").table("particulars").to_owned();
        schema.drop_index(index).await?;
        let drop =
            Table::alter().table("particulars").drop_column(Alias::new("child_data")).to_owned();
        schema.alter_table(drop).await
    }
}
