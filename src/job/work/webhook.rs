//! Tells one endpoint of something that happened.

use super::Worker;
use crate::db::job::{self, Claimed, Finished};
use crate::ids::DeliveryId;
use crate::job::runner::JobError;
use crate::webhook::Message;

/// An endpoint may be told twice when its answer is lost; id and bytes are the same then.
pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    id: DeliveryId,
) -> Result<Finished, JobError> {
    let Some(delivery) = worker.desk.waiting_delivery(id).await? else {
        return worker.done(claimed).await;
    };
    let webhook_id = id.to_string();
    let message = Message { id: &webhook_id, body: &delivery.body };
    let now = worker.desk.now();
    let Some(answer) = worker.webhooks.send(&delivery.endpoint, message, now).await else {
        let tx = worker.db.begin().await?;
        worker.desk.webhook_skipped(&tx, id).await?;
        return Ok(job::finish(tx, claimed).await?);
    };
    let tx = worker.db.begin().await?;
    let Some(wait) = worker.desk.webhook_answered(&tx, id, answer).await? else {
        return Ok(job::finish(tx, claimed).await?);
    };
    job::hold(&tx, claimed).await?;
    tx.commit().await?;
    Err(JobError::Retry { code: answer.code(), after: Some(wait) })
}
