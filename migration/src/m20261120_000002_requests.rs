//! Requests and everything that hangs on them.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, Index, IndexCreateStatement,
    MigrationTrait, SchemaManager, Table, TableCreateStatement,
};
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, boolean, integer, text, text_null, uuid,
};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        create(schema, tables(), indexes()).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, NAMES).await
    }
}

/// In the order of creation.
const NAMES: &[&str] = &[
    "meta",
    "intake",
    "request",
    "event",
    "challenge",
    "link_token",
    "status_session",
    "task",
    "subject_key",
    "found_person",
];

/// As [`NAMES`].
fn tables() -> Vec<TableCreateStatement> {
    vec![
        meta(),
        intake(),
        request(),
        event(),
        challenge(),
        link_token(),
        status_session(),
        task(),
        subject_key(),
        found_person(),
    ]
}

fn meta() -> TableCreateStatement {
    Table::create()
        .table("meta")
        .col(text("key"))
        .col(text("value"))
        .primary_key(Index::create().col("key"))
        .to_owned()
}

fn intake() -> TableCreateStatement {
    Table::create()
        .table("intake")
        .col(uuid("id"))
        .col(big_integer("received_at"))
        .col(text("language"))
        .col(text_null("country"))
        .col(blob_null("contact"))
        .col(blob_null("contact_tag"))
        .col(big_integer_null("reminded_at"))
        .col(big_integer_null("resumable_until"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

fn request() -> TableCreateStatement {
    Table::create()
        .table("request")
        .col(uuid("id"))
        .col(uuid("intake_id"))
        .col(text("reference").unique_key().take())
        .col(text("right"))
        .col(text("scope"))
        .col(text("channel"))
        .col(boolean("on_behalf"))
        .col(text("assurance"))
        .col(text("purposes"))
        .col(text_null("regime"))
        .col(text("status"))
        .col(text_null("outcome"))
        .col(text("blockers"))
        .col(text("follow_ups"))
        .col(big_integer("received_at"))
        .col(big_integer_null("verified_at"))
        .col(big_integer_null("answered_at"))
        .col(big_integer_null("completed_at"))
        .col(big_integer_null("waiting_since"))
        .col(big_integer("waited_ms"))
        .col(integer("version"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("request", "intake_id")
                .to("intake", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn event() -> TableCreateStatement {
    Table::create()
        .table("event")
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(big_integer("at"))
        .col(text("actor"))
        .col(text_null("actor_name"))
        .col(text("kind"))
        .col(text("data"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("event", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn challenge() -> TableCreateStatement {
    Table::create()
        .table("challenge")
        .col(uuid("id"))
        .col(uuid("intake_id"))
        .col(text("purpose"))
        .col(blob("mac"))
        .col(integer("tries"))
        .col(big_integer("created_at"))
        .col(big_integer_null("expires_at"))
        .col(big_integer_null("spent_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("challenge", "intake_id")
                .to("intake", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn link_token() -> TableCreateStatement {
    Table::create()
        .table("link_token")
        .col(blob("hash"))
        .col(uuid("intake_id"))
        .col(text("purpose"))
        .col(big_integer("created_at"))
        .col(big_integer_null("expires_at"))
        .primary_key(Index::create().col("hash"))
        .foreign_key(
            ForeignKey::create()
                .from("link_token", "intake_id")
                .to("intake", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn status_session() -> TableCreateStatement {
    Table::create()
        .table("status_session")
        .col(blob("hash"))
        .col(uuid("intake_id"))
        .col(big_integer("expires_at"))
        .primary_key(Index::create().col("hash"))
        .foreign_key(
            ForeignKey::create()
                .from("status_session", "intake_id")
                .to("intake", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn task() -> TableCreateStatement {
    Table::create()
        .table("task")
        .col(uuid("id"))
        .col(uuid("request_id"))
        .col(text("store"))
        .col(text("status"))
        .col(text("phase"))
        .col(integer("keys_asked"))
        .col(blob_null("cursor"))
        .col(text("tally"))
        .col(integer("attempts"))
        .col(text_null("last_error"))
        .col(big_integer_null("retry_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("task", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn subject_key() -> TableCreateStatement {
    Table::create()
        .table("subject_key")
        .col(uuid("request_id"))
        .col(integer("seq"))
        .col(text("kind"))
        .col(blob("value"))
        .col(blob("tag"))
        .col(integer("round"))
        .col(text_null("found_in"))
        .primary_key(Index::create().col("request_id").col("seq"))
        .foreign_key(
            ForeignKey::create()
                .from("subject_key", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn found_person() -> TableCreateStatement {
    Table::create()
        .table("found_person")
        .col(uuid("request_id"))
        .col(text("store"))
        .col(text("collection"))
        .col(blob("row_tag"))
        .col(boolean("proven"))
        .primary_key(
            Index::create().col("request_id").col("store").col("collection").col("row_tag"),
        )
        .foreign_key(
            ForeignKey::create()
                .from("found_person", "request_id")
                .to("request", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        on("intake", &["contact_tag"], false),
        on("request", &["intake_id"], false),
        on("request", &["status"], false),
        on("request", &["completed_at"], false),
        on("event", &["request_id"], false),
        on("challenge", &["intake_id"], false),
        on("link_token", &["intake_id"], false),
        on("status_session", &["intake_id"], false),
        on("task", &["request_id", "store"], true),
        on("subject_key", &["request_id", "kind", "tag"], true),
    ]
}
