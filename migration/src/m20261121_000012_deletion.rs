//! Deletions: what each store would do, the plan of all of them, who approved it, and what became of
//! each step.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index,
    MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob_null, integer, text, text_null, uuid,
};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![store_plan(), erase_plan(), approval(), erase_step(), receipt()];
        let indexes = vec![
            on("store_plan", &["request_id"], false),
            on("erase_step", &["request_id", "round", "position"], true),
            on("erase_step", &["begun_at"], false),
            on("erase_step", &["look_at"], false),
        ];
        create(schema, tables, indexes).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let names = &["store_plan", "erase_plan", "approval", "erase_step", "receipt"];
        drop_all(schema, names).await
    }
}

fn of_request(table: &'static str, column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to("request", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// One store's own plan; its id is the task's.
fn store_plan() -> TableCreateStatement {
    Table::create()
        .table("store_plan")
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(text("files"))
        .col(blob_null("body"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut of_request("store_plan", "request_id"))
        .to_owned()
}

/// The plan of a request, whose id it has.
fn erase_plan() -> TableCreateStatement {
    Table::create()
        .table("erase_plan")
        .col(uuid("id"))
        .col(text("digest"))
        .col(big_integer("made_at"))
        .col(big_integer("cooled_at"))
        .col(big_integer_null("approved_at"))
        .col(integer("round"))
        .col(text("outline"))
        .col(text("differences"))
        .col(blob_null("body"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut of_request("erase_plan", "id"))
        .to_owned()
}

fn approval() -> TableCreateStatement {
    Table::create()
        .table("approval")
        .col(uuid("request_id"))
        .col(uuid("staff_id"))
        .col(text("digest"))
        .col(big_integer("at"))
        .primary_key(Index::create().col("request_id").col("staff_id"))
        .foreign_key(&mut of_request("approval", "request_id"))
        .to_owned()
}

fn erase_step() -> TableCreateStatement {
    Table::create()
        .table("erase_step")
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(integer("round"))
        .col(integer("position"))
        .col(text("store"))
        .col(text("collection"))
        .col(text("method"))
        .col(text("state"))
        .col(big_integer("planned"))
        .col(big_integer("changed"))
        .col(big_integer("grown"))
        .col(big_integer("strayed"))
        .col(integer("tries"))
        .col(text_null("verdict"))
        .col(big_integer_null("begun_at"))
        .col(big_integer_null("done_at"))
        .col(big_integer_null("looked_at"))
        .col(big_integer_null("look_at"))
        .col(blob_null("body"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut of_request("erase_step", "request_id"))
        .to_owned()
}

/// What is signed at the end; counts and dates, and nobody's name.
fn receipt() -> TableCreateStatement {
    Table::create()
        .table("receipt")
        .col(uuid("id"))
        .col(big_integer("made_at"))
        .col(text("body"))
        .col(text("signature"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut of_request("receipt", "id"))
        .to_owned()
}
