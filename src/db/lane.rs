//! Lanes: how many jobs of one kind of work run at once in the whole installation, and how often
//! one may start.

use std::time::Duration;

use ::entity::lane::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, EntityTrait};

use super::job::millis;
use super::{DbError, Tx};

/// Makes a lane, or changes it: at most `width` of its jobs run at once, and from the start of one
/// to the start of the next at least `min_interval` passes (zero for none). A lane that was never
/// declared gives no jobs.
pub async fn declare(
    tx: &Tx,
    name: &str,
    width: u16,
    min_interval: Duration,
) -> Result<(), DbError> {
    let lane = ActiveModel {
        name: ActiveValue::Set(name.to_owned()),
        width: ActiveValue::Set(i32::from(width)),
        next_free_at: ActiveValue::Set(0),
        min_interval_ms: ActiveValue::Set(millis(min_interval)),
    };
    // The moment when it is free again stays as it is.
    let change = OnConflict::column(Column::Name)
        .update_columns([Column::Width, Column::MinIntervalMs])
        .to_owned();
    Entity::insert(lane).on_conflict(change).exec_without_returning(tx.inner()).await?;
    Ok(())
}
