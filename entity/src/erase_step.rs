//! What became of each step of a deletion.

use sea_orm::entity::prelude::*;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erase_step")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The request.
    pub request_id: Uuid,
    /// Of which plan of the request.
    pub round: i32,
    /// Its place in that.
    pub position: i32,
    /// The store.
    pub store: String,
    /// The table or prefix.
    pub collection: String,
    /// How.
    pub method: String,
    /// How far it is.
    pub state: String,
    /// Rows of the plan.
    pub planned: i64,
    /// Rows that went or were masked.
    pub changed: i64,
    /// How many of these were not in the plan.
    pub grown: i64,
    /// Rows of the plan that were not the person's any more.
    pub strayed: i64,
    /// How often it was done again because something remained.
    pub tries: i32,
    /// What the last look found, as JSON.
    pub verdict: Option<String>,
    /// When it was begun.
    pub begun_at: Option<i64>,
    /// When the store had done it.
    pub done_at: Option<i64>,
    /// When it was looked at last.
    pub looked_at: Option<i64>,
    /// When it has to be looked at again.
    pub look_at: Option<i64>,
    /// The rows, sealed; gone once nothing needs them.
    pub body: Option<Vec<u8>>,
}

/// No relation is followed through the ORM.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
