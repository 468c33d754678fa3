//! Gives events their place in the audit trail within a second, and signs a checkpoint of it every
//! minute and at the end. Every process compares the trail with what was signed before anything
//! leaves it; where it does not agree, nothing gets a place and nothing is signed.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::domain::audit::{AuditTree, Checkpoint};
use crate::ledger::Ledger;
use crate::service::outlet::Agreement;
use crate::service::{Desk, ServiceError};

/// Between two looks for events without a place.
const LOOK: Duration = Duration::from_secs(1);
/// A comparison, and a checkpoint, every so many looks where there is something new.
const LOOKS_A_CHECKPOINT: u32 = 60;
/// A comparison every so many looks while it does not agree.
const LOOKS_A_TRY: u32 = 10;

/// Compares, seals and signs. As many as there are processes may do so.
#[derive(Debug)]
pub struct Sealer {
    desk: Desk,
    ledger: Ledger,
    /// Whether it seals and signs, or only compares.
    signs: bool,
    /// The tree that agreed when last compared.
    agreed: Option<AuditTree>,
    /// What was last said to be wrong.
    said: Option<String>,
}

impl Sealer {
    /// Of one service. Nothing leaves it before the trail was compared.
    pub fn new(desk: Desk, ledger: Ledger) -> Self {
        desk.await_audit();
        Self { desk, ledger, signs: true, agreed: None, said: None }
    }

    /// One that only compares, for a process without workers.
    pub fn watching(desk: Desk, ledger: Ledger) -> Self {
        Self { signs: false, ..Self::new(desk, ledger) }
    }

    /// Works until it is told to stop, and then once more.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut looks = 0;
        while !stop.is_cancelled() {
            let often = if self.agreed.is_some() { LOOKS_A_CHECKPOINT } else { LOOKS_A_TRY };
            if looks % often == 0 {
                self.compare().await;
            }
            self.seal().await;
            looks += 1;
            tokio::select! {
                () = stop.cancelled() => {}
                () = sleep(LOOK) => {}
            }
        }
        self.seal().await;
        self.compare().await;
    }

    async fn seal(&self) {
        if !self.signs || self.agreed.is_none() {
            return;
        }
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

    /// Reads what is new against what was signed, and signs it.
    pub async fn compare(&mut self) {
        let outcome: Result<(), ServiceError> = async {
            if self.agreed.is_some() && self.agreed == Some(self.desk.audit_tree().await?) {
                return Ok(());
            }
            match self.desk.compare_audit(&self.ledger).await? {
                Agreement::Agrees { stretch, tree, signed } => {
                    self.desk.meter().signed(signed);
                    if self.signs && tree.size() > signed {
                        sign(&self.desk, &self.ledger, stretch, &tree).await?;
                    }
                    (self.agreed, self.said) = (Some(tree), None);
                    let lost = self.desk.lost_waiting().await?;
                    if lost > 0 {
                        tracing::error!(
                            lost,
                            "a restore has lost requests, and nothing is let out until an officer \
                             has settled them in the console, under \"After a restore\""
                        );
                    }
                }
                Agreement::Differs(fault) => {
                    self.agreed = None;
                    self.desk.meter().trail_broken();
                    let fault = fault.to_string();
                    if self.said.as_ref() != Some(&fault) {
                        tracing::error!(
                            fault,
                            "the audit trail does not hold, and nothing is let out; see \
                             `rightsdesk audit verify`"
                        );
                        self.said = Some(fault);
                    }
                }
            }
            Ok(())
        }
        .await;
        if let Err(error) = outcome {
            tracing::error!(%error, "the audit trail cannot be compared or signed");
        }
    }
}

/// Seals and signs everything up to now, before something is done that cannot be undone.
///
/// # Errors
/// [`ServiceError::AuditFirst`] when the trail does not agree with what was signed of it.
pub(super) async fn sign_now(desk: &Desk, ledger: &Ledger) -> Result<(), ServiceError> {
    desk.seal_events().await?;
    match desk.compare_audit(ledger).await? {
        Agreement::Agrees { stretch, tree, signed } if tree.size() > signed => {
            sign(desk, ledger, stretch, &tree).await
        }
        Agreement::Agrees { .. } => Ok(()),
        Agreement::Differs(_) => Err(ServiceError::AuditFirst),
    }
}

async fn sign(
    desk: &Desk,
    ledger: &Ledger,
    stretch: u32,
    tree: &AuditTree,
) -> Result<(), ServiceError> {
    let origin = ledger.origin(stretch);
    let checkpoint = Checkpoint { origin, size: tree.size(), root: tree.root() };
    ledger.keep(stretch, &checkpoint).await?;
    desk.meter().signed(tree.size());
    desk.meter().signed_at(desk.now());
    desk.audit_signed(stretch, tree).await
}
