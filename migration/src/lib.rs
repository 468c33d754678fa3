//! Rightsdesk's own schema, one set of migrations for SQLite and PostgreSQL.
//!
//! Instants are whole milliseconds since the epoch in UTC, as `big_integer`; ids are UUIDs; JSON is
//! text; what is sealed is a blob. All pending migrations run in one transaction, so a file here
//! does nothing that cannot be rolled back.

#![expect(
    elided_lifetimes_in_paths,
    reason = "async_trait takes the signatures of MigrationTrait letter by letter"
)]

use sea_orm_migration::async_trait::async_trait;
pub use sea_orm_migration::{MigrationTrait, MigratorTrait};

mod create;
mod m20261120_000001_jobs;
mod m20261120_000002_requests;
mod m20261120_000003_archives;
mod m20261120_000004_mails;
mod m20261121_000005_staff;
mod m20261121_000006_retention;
mod m20261121_000007_audit;
mod m20261121_000008_api;
mod m20261121_000009_webhooks;
mod m20261121_000010_house_event;
mod m20261121_000011_deadline;
mod m20261121_000012_deletion;
mod m20261121_000013_flags;
mod m20261121_000014_correct;
mod m20261121_000015_letters;
mod m20261121_000016_replay;
mod m20261121_000017_recipient;
mod m20261121_000018_frozen;
mod m20261121_000020_child;

/// Every migration there is, the oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261120_000001_jobs::Migration),
            Box::new(m20261120_000002_requests::Migration),
            Box::new(m20261120_000003_archives::Migration),
            Box::new(m20261120_000004_mails::Migration),
            Box::new(m20261121_000005_staff::Migration),
            Box::new(m20261121_000006_retention::Migration),
            Box::new(m20261121_000007_audit::Migration),
            Box::new(m20261121_000008_api::Migration),
            Box::new(m20261121_000009_webhooks::Migration),
            Box::new(m20261121_000010_house_event::Migration),
            Box::new(m20261121_000011_deadline::Migration),
            Box::new(m20261121_000012_deletion::Migration),
            Box::new(m20261121_000013_flags::Migration),
            Box::new(m20261121_000014_correct::Migration),
            Box::new(m20261121_000015_letters::Migration),
            Box::new(m20261121_000016_replay::Migration),
            Box::new(m20261121_000017_recipient::Migration),
            Box::new(m20261121_000018_frozen::Migration),
            Box::new(m20261121_000020_child::Migration),
        ]
    }
}
