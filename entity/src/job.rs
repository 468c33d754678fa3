//! Table `job`.

use sea_orm::entity::prelude::*;

/// One unit of background work, written in the transaction of the change that caused it. A finished
/// job has no row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Time-ordered.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Where it waits for its turn, for example `mail` or `store:shop`.
    pub lane: String,
    /// Names the handler. Renaming one needs a migration.
    pub kind: String,
    /// What the handler needs to know, as JSON.
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    /// `ready`, `running` or `dead`.
    pub state: String,
    /// Not before this; milliseconds of the database's clock.
    pub run_at: i64,
    /// Until when a worker holds it; milliseconds of the database's clock. Past means free.
    pub lease_until: Option<i64>,
    /// Which worker holds it.
    pub lease_owner: Option<String>,
    /// The fence: one more with every claim.
    pub lease_token: i64,
    /// How often it was claimed.
    pub attempts: i32,
    /// After how many it is given up.
    pub max_attempts: i32,
    /// At most one row has it.
    #[sea_orm(unique)]
    pub dedup_key: Option<String>,
    /// Why the last attempt did not do, a code of ours.
    pub last_error: Option<String>,
    /// The request it belongs to.
    pub request_id: Option<Uuid>,
    /// When it was written; milliseconds of the database's clock.
    pub created_at: i64,
}

/// None: jobs are found by what stands in them.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
