//! Table `lane`.

use sea_orm::entity::prelude::*;

/// A lane of jobs: how many of them run at once in the whole installation, and how often one starts.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lane")]
pub struct Model {
    /// For example `mail` or `store:shop`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// How many of its jobs run at once.
    pub width: i32,
    /// No job starts before this; milliseconds of the database's clock.
    pub next_free_at: i64,
    /// From one start to the next at least; milliseconds.
    pub min_interval_ms: i64,
}

/// None: a job names its lane.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
