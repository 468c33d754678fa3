//! Staff: accounts, sessions, notices, what they do with a request, and how the queue is found.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, DeriveMigrationName, Expr, ExprTrait as _, ForeignKey,
    ForeignKeyAction, Index, IndexCreateStatement, MigrationTrait, Query, SchemaManager, Table,
    TableCreateStatement,
};
use sea_orm_migration::schema::{
    big_integer, big_integer_null, blob, blob_null, boolean, integer, text, text_null, uuid,
    uuid_null,
};

use super::create::{create, drop_all, on};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            let add = Table::alter().table(table).add_column(column).to_owned();
            schema.alter_table(add).await?;
        }
        for (stage, statuses) in STAGES {
            let staged = Query::update()
                .table("request")
                .value("stage", *stage)
                .and_where(Expr::col("status").is_in(statuses.iter().copied()))
                .to_owned();
            schema.execute(staged).await?;
        }
        let waits = Query::update()
            .table("request")
            .value("turn", "person")
            .and_where(Expr::col("waiting_since").is_not_null())
            .to_owned();
        schema.execute(waits).await?;
        let staff = Query::update()
            .table("request")
            .value("turn", "staff")
            .and_where(Expr::col("status").eq("in_review"))
            .to_owned();
        schema.execute(staff).await?;
        create(schema, tables(), indexes()).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for index in indexes() {
            let Some(name) = index.get_index_spec().get_name() else { continue };
            let drop = Index::drop().name(name).table(table_of(name)).to_owned();
            schema.drop_index(drop).await?;
        }
        drop_all(schema, NAMES).await?;
        for (table, column) in columns() {
            let name = column.get_column_name();
            let drop = Table::alter().table(table).drop_column(Alias::new(name)).to_owned();
            schema.alter_table(drop).await?;
        }
        Ok(())
    }
}

/// Where a request of each status stands for the queue.
const STAGES: &[(&str, &[&str])] = &[
    ("open", &["gathering", "in_review", "executing"]),
    ("closed", &["fulfilled", "withdrawn", "lapsed"]),
];

/// What is added to tables that there are.
fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("request", text("stage").default("unverified").take()),
        ("request", text("turn").default("machine").take()),
        ("request", boolean("blocked").default(false).take()),
        ("request", boolean("spam").default(false).take()),
        ("request", uuid_null("assignee").take()),
        ("request", text("cleared").default("[]").take()),
        ("request", big_integer_null("held_at").take()),
        ("request", big_integer_null("hold_review_at").take()),
        ("request", big_integer_null("paused_at").take()),
        ("request", text_null("pause_ground").take()),
        ("request", text_null("refusal_ground").take()),
        ("request", big_integer_null("extended_to").take()),
        ("request", integer("alerted").default(0).take()),
        ("request", big_integer_null("late_told_at").take()),
        ("request", boolean("by_letter").default(false).take()),
        ("task", text_null("skip_reason").take()),
        ("message", uuid_null("request_id").take()),
        ("message", uuid_null("staff_id").take()),
    ]
}

/// In the order of creation.
const NAMES: &[&str] = &["staff", "staff_invite", "staff_session", "staff_notice", "evidence"];

/// As [`NAMES`].
fn tables() -> Vec<TableCreateStatement> {
    vec![staff(), staff_invite(), staff_session(), staff_notice(), evidence()]
}

fn staff() -> TableCreateStatement {
    Table::create()
        .table("staff")
        .col(uuid("id"))
        .col(blob("email"))
        .col(blob("email_tag").unique_key().take())
        .col(blob("name"))
        .col(text("roles"))
        .col(text("state"))
        .col(text("language"))
        .col(text_null("password"))
        .col(blob_null("totp"))
        .col(big_integer_null("totp_step"))
        .col(integer("failures"))
        .col(big_integer_null("failed_at"))
        .col(big_integer("created_at"))
        .col(big_integer_null("disabled_at"))
        .primary_key(Index::create().col("id"))
        .to_owned()
}

fn staff_invite() -> TableCreateStatement {
    Table::create()
        .table("staff_invite")
        .col(blob("hash"))
        .col(uuid("staff_id"))
        .col(big_integer("created_at"))
        .col(big_integer("expires_at"))
        .primary_key(Index::create().col("hash"))
        .foreign_key(&mut to_staff("staff_invite"))
        .to_owned()
}

fn staff_session() -> TableCreateStatement {
    Table::create()
        .table("staff_session")
        .col(blob("hash"))
        .col(uuid("id"))
        .col(uuid("staff_id"))
        .col(big_integer("created_at"))
        .col(big_integer("seen_at"))
        .col(big_integer("stepped_up_at"))
        .col(big_integer("expires_at"))
        .col(text("agent"))
        .primary_key(Index::create().col("hash"))
        .foreign_key(&mut to_staff("staff_session"))
        .to_owned()
}

fn staff_notice() -> TableCreateStatement {
    Table::create()
        .table("staff_notice")
        .col(uuid("id"))
        .col(uuid("staff_id"))
        .col(text("kind"))
        .col(text("data"))
        .col(big_integer("created_at"))
        .col(big_integer_null("sent_at"))
        .col(text_null("error"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to_staff("staff_notice"))
        .to_owned()
}

fn evidence() -> TableCreateStatement {
    Table::create()
        .table("evidence")
        .col(uuid("id"))
        .col(uuid("intake_id"))
        .col(uuid("staff_id"))
        .col(blob("name"))
        .col(blob("body"))
        .col(integer("size"))
        .col(big_integer("at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(
            ForeignKey::create()
                .from("evidence", "intake_id")
                .to("intake", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

fn to_staff(table: &'static str) -> sea_orm_migration::prelude::ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "staff_id")
        .to("staff", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let queue = |filter: Option<&'static str>| {
        let columns: Vec<_> =
            ["stage"].into_iter().chain(filter).chain(["received_at", "id"]).collect();
        on("request", &columns, false)
    };
    vec![
        queue(None),
        queue(Some("status")),
        queue(Some("right")),
        queue(Some("channel")),
        queue(Some("assignee")),
        queue(Some("turn")),
        queue(Some("blocked")),
        queue(Some("spam")),
        on("request", &["stage", "alerted", "received_at"], false),
        on("event", &["actor_name", "at"], false),
        on("staff_invite", &["staff_id"], false),
        on("staff_session", &["staff_id"], false),
        on("staff_notice", &["sent_at"], false),
        on("evidence", &["intake_id"], false),
    ]
}

/// The table of an index, which begins its name.
fn table_of(index: &str) -> &'static str {
    let known = ["request", "event", "staff_invite", "staff_session", "staff_notice", "evidence"];
    known
        .into_iter()
        .filter(|table| index.starts_with(table))
        .max_by_key(|table| table.len())
        .unwrap_or("request")
}
