//! The audit trail: events get their place, and the whole is read against what was signed.

use super::{Desk, ServiceError};
use crate::domain::audit::{AuditFault, AuditReader, AuditTree, Checkpoint, ReadTrail};

/// Events that get their place in one transaction.
const BATCH: u64 = 500;
/// Lines read at a time.
const PAGE: u64 = 2_000;

/// A trail that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRead {
    /// The tree over its lines.
    pub tree: AuditTree,
    /// The tree over those that a checkpoint has vouched for.
    pub held: AuditTree,
    /// Events that have no place yet.
    pub unsealed: u64,
}

impl Desk {
    /// Gives every event that has none its place in the trail.
    pub async fn seal_events(&self) -> Result<u64, ServiceError> {
        let mut sealed = 0;
        loop {
            let tx = self.db.begin().await?;
            let some = tx.seal_events(BATCH).await?;
            tx.commit().await?;
            sealed += some;
            if some < BATCH {
                return Ok(sealed);
            }
        }
    }

    /// Whether any event waits for its place.
    pub async fn has_unsealed_events(&self) -> Result<bool, ServiceError> {
        Ok(self.db.begin_read().await?.unsealed_events().await? > 0)
    }

    /// The tree over all lines so far.
    pub async fn audit_tree(&self) -> Result<AuditTree, ServiceError> {
        Ok(self.db.begin_read().await?.audit_tree().await?)
    }

    /// Reads the trail from its first line to its last, against checkpoints. `each` is given every
    /// line that holds, in order.
    pub async fn read_audit(
        &self,
        checkpoints: Vec<Checkpoint>,
        each: impl FnMut(&str),
    ) -> Result<Result<AuditRead, AuditFault>, ServiceError> {
        self.read_audit_from(AuditTree::default(), checkpoints, each).await
    }

    /// As [`Desk::read_audit`], from the line behind `known` on, which a checkpoint has vouched for.
    pub async fn read_audit_from(
        &self,
        known: AuditTree,
        checkpoints: Vec<Checkpoint>,
        mut each: impl FnMut(&str),
    ) -> Result<Result<AuditRead, AuditFault>, ServiceError> {
        let mut reader = match AuditReader::from(known, checkpoints) {
            Ok(reader) => reader,
            Err(fault) => return Ok(Err(fault)),
        };
        let tx = self.db.begin_read().await?;
        // The tree that is carried on is read behind the lines, or lines that get their place
        // meanwhile would seem to have none.
        let kept = loop {
            let before = reader.size();
            loop {
                let lines = tx.audit_lines(reader.size(), PAGE).await?;
                for line in &lines {
                    if let Err(fault) = reader.line(line.seq, &line.line, Some(line.hash)) {
                        return Ok(Err(fault));
                    }
                    each(&line.line);
                }
                if lines.is_empty() {
                    break;
                }
            }
            let kept = tx.audit_tree().await?;
            if kept.size() <= reader.size() || reader.size() == before {
                break kept;
            }
        };
        let unsealed = tx.unsealed_events().await?;
        // It binds the end where no checkpoint does yet.
        Ok(reader.end().and_then(|ReadTrail { tree, held }| match kept.size() {
            size if size > tree.size() => Err(AuditFault::Cut { size: tree.size(), signed: size }),
            _ if kept != tree => Err(AuditFault::Rewritten { from: held.size(), to: tree.size() }),
            _ => Ok(AuditRead { tree, held, unsealed }),
        }))
    }
}
