//! Indexes by which the end of old records is found without reading every request.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::prelude::{
    ConditionalStatement as _, DbErr, DeriveMigrationName, Expr, ExprTrait as _, Index,
    IndexCreateStatement, MigrationTrait, SchemaManager,
};

use super::create::on;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for (_, index) in indexes() {
            schema.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for (table, index) in indexes() {
            let Some(name) = index.get_index_spec().get_name() else { continue };
            schema.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// Each with its table.
fn indexes() -> Vec<(&'static str, IndexCreateStatement)> {
    let plain = [
        ("intake", "received_at"),
        ("intake", "resumable_until"),
        ("request", "waiting_since"),
        ("challenge", "created_at"),
        ("link_token", "expires_at"),
        ("status_session", "expires_at"),
        ("download", "opened_at"),
        ("mail_block", "until"),
        ("mail_budget", "touched_at"),
    ];
    let mut all: Vec<_> =
        plain.into_iter().map(|(table, column)| (table, on(table, &[column], false))).collect();
    // Register lines stay for years; those that still hold a contact are few.
    let mut held = on("intake", &["received_at"], false);
    held.name("intake_contact_held").and_where(Expr::col("contact").is_not_null());
    let mut dead = on("job", &["created_at"], false);
    dead.name("job_dead").and_where(Expr::col("state").eq("dead"));
    all.extend([("intake", held), ("job", dead)]);
    all
}
