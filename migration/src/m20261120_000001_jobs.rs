//! The job queue: what is to be done, and the lanes it is done in.

use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer, pk_uuid, string_len, string_len_null, text, uuid_null,
};
use sea_orm_migration::sea_orm::{self, DbErr, DeriveIden, DeriveMigrationName};
use sea_orm_migration::sea_query::{Index, Table};
use sea_orm_migration::{MigrationTrait, SchemaManager};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Job {
    Table,
    Id,
    Lane,
    Kind,
    Payload,
    State,
    RunAt,
    LeaseUntil,
    LeaseOwner,
    LeaseToken,
    Attempts,
    MaxAttempts,
    DedupKey,
    LastError,
    RequestId,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Lane {
    Table,
    Name,
    Width,
    NextFreeAt,
    MinIntervalMs,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let lane = Table::create()
            .table(Lane::Table)
            .col(string_len(Lane::Name, 128).primary_key())
            .col(integer(Lane::Width))
            .col(big_integer(Lane::NextFreeAt).default(0))
            .col(big_integer(Lane::MinIntervalMs).default(0))
            .to_owned();
        schema.create_table(lane).await?;

        // No foreign key to `lane`: each enqueue would lock the lane's row against a claim.
        let job = Table::create()
            .table(Job::Table)
            .col(pk_uuid(Job::Id))
            .col(string_len(Job::Lane, 128))
            .col(string_len(Job::Kind, 64))
            .col(text(Job::Payload))
            .col(string_len(Job::State, 16))
            .col(big_integer(Job::RunAt))
            .col(big_integer_null(Job::LeaseUntil))
            .col(string_len_null(Job::LeaseOwner, 128))
            .col(big_integer(Job::LeaseToken).default(0))
            .col(integer(Job::Attempts).default(0))
            .col(integer(Job::MaxAttempts))
            // Finished jobs are deleted, so this holds among unfinished ones; a dead one keeps it.
            .col(string_len_null(Job::DedupKey, 255).unique_key())
            .col(string_len_null(Job::LastError, 64))
            .col(uuid_null(Job::RequestId))
            .col(big_integer(Job::CreatedAt))
            .to_owned();
        schema.create_table(job).await?;

        let due = Index::create()
            .name("job_due")
            .table(Job::Table)
            .col(Job::Lane)
            .col(Job::State)
            .col(Job::RunAt)
            .to_owned();
        schema.create_index(due).await?;
        let of_request =
            Index::create().name("job_of_request").table(Job::Table).col(Job::RequestId).to_owned();
        schema.create_index(of_request).await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema.drop_table(Table::drop().table(Job::Table).to_owned()).await?;
        schema.drop_table(Table::drop().table(Lane::Table).to_owned()).await
    }
}
