//! What metrics tell of the records: how much waits, how long, and how the promise stands.

use std::time::Duration;

use tokio::time::timeout;

use crate::db::DbError;
use crate::domain::promise::PromiseState;
use crate::meter::gauges::Gauges;
use crate::service::{Desk, ServiceError};

/// Counts go no further than this; who has more of anything knows by then.
pub const GAUGE_MOST: u64 = 10_000;
/// A database that takes longer does not answer, as far as metrics go.
const PATIENCE: Duration = Duration::from_secs(5);

impl Desk {
    /// One look at everything that is counted, by indexes and within limits: a million requests cost
    /// no more than ten thousand.
    pub async fn gauges(&self) -> Result<Gauges, ServiceError> {
        let now = self.now();
        let open = [PromiseState::OnTime, PromiseState::AtRisk, PromiseState::Overdue];
        let promise = open.map(|state| {
            let (after, until) = self.received_within(Some(state), now);
            (state, after, until)
        });
        let look = async {
            let tx = self.db.begin_read().await?;
            tx.gauges(&promise, GAUGE_MOST).await
        };
        let mut gauges =
            timeout(PATIENCE, look).await.map_err(|_| DbError::Unreachable { code: None })??;
        gauges.connections = self.db.connections();
        Ok(gauges)
    }
}
