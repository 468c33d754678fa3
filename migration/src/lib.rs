//! Rightsdesk's own schema: one set of migrations for SQLite and PostgreSQL.

use sea_orm_migration::prelude::*;

mod m20261120_000002_requests;

/// Every migration, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261120_000002_requests::Migration)]
    }
}
