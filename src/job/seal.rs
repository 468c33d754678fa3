//! Gives events their place in the audit trail within a second, and signs a checkpoint of it every
//! minute and at the end.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::domain::audit::Checkpoint;
use crate::ledger::Ledger;
use crate::service::{Desk, ServiceError};

/// Between two looks for events without a place.
const LOOK: Duration = Duration::from_secs(1);
/// A checkpoint every so many looks, where there is something new to sign.
const LOOKS_A_CHECKPOINT: u32 = 60;

/// Seals and signs. As many as there are processes may do so.
#[derive(Debug)]
pub struct Sealer {
    desk: Desk,
    ledger: Ledger,
    /// Lines that the last checkpoint is of; `None` until the trail was read against the ledger.
    signed: Option<u64>,
    /// The trail does not hold, and nothing more is signed.
    broken: bool,
}

impl Sealer {
    /// Of one service.
    pub fn new(desk: Desk, ledger: Ledger) -> Self {
        Self { desk, ledger, signed: None, broken: false }
    }

    /// Works until it is told to stop, and then once more.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut looks = 0;
        while !stop.is_cancelled() {
            self.seal().await;
            if looks % LOOKS_A_CHECKPOINT == 0 {
                self.sign().await;
            }
            looks += 1;
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(LOOK) => {}
            }
        }
        self.seal().await;
        self.sign().await;
    }

    async fn seal(&self) {
        let sealed: Result<(), ServiceError> = async {
            if self.desk.has_unsealed_events().await? {
                self.desk.seal_events().await?;
            }
            Ok(())
        }
        .await;
        if let Err(error) = sealed {
            tracing::warn!(code = error.word(), "events wait for their place in the audit trail");
        }
    }

    /// Signs what is there. What does not agree with what was signed before is never signed.
    async fn sign(&mut self) {
        if self.broken {
            return;
        }
        if self.signed.is_none() {
            self.compare().await;
        }
        let Some(signed) = self.signed else { return };
        let tree = match self.desk.audit_tree().await {
            Ok(tree) if tree.size() > signed => tree,
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(code = error.word(), "no checkpoint of the audit trail");
                return;
            }
        };
        let origin = self.ledger.origin().to_owned();
        let checkpoint = Checkpoint { origin, size: tree.size(), root: tree.root() };
        match self.ledger.keep(&checkpoint).await {
            Ok(()) => {
                self.signed = Some(tree.size());
                self.desk.meter().signed(tree.size());
                self.desk.meter().signed_at(self.desk.now());
            }
            Err(error) => tracing::error!(%error, "no checkpoint of the audit trail"),
        }
    }

    /// Reads the trail against all that was signed before.
    async fn compare(&mut self) {
        let checkpoints = match self.ledger.checkpoints().await {
            Ok(checkpoints) => checkpoints,
            Err(error) => {
                tracing::error!(%error, "the audit trail cannot be compared");
                return;
            }
        };
        let newest = checkpoints.iter().map(|checkpoint| checkpoint.size).max().unwrap_or(0);
        match self.desk.read_audit(checkpoints, |_| ()).await {
            Ok(Ok(_)) => {
                self.signed = Some(newest);
                self.desk.meter().signed(newest);
            }
            Ok(Err(fault)) => {
                self.broken = true;
                self.desk.meter().trail_broken();
                tracing::error!(%fault, "the audit trail does not hold; see `rightsdesk audit verify`");
            }
            Err(error) => {
                tracing::warn!(code = error.word(), "the audit trail cannot be compared");
            }
        }
    }
}
