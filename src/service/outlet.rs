//! What leaves the house leaves only while the audit trail agrees with what was signed of it. People
//! can ask all the same, and what they ask for is gathered.
//!
//! Whether it agrees is a fact of the database, so that all processes know. A database that was put
//! back brings its own fact along; hence a process that serves lets nothing out before it has
//! compared for itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Desk, ServiceError};
use crate::db::{DbError, Tx};
use crate::domain::audit::{AuditFault, AuditTree, Head, Restore};
use crate::ledger::Ledger;

/// Whether this process has compared yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Outlet {
    waits: Arc<AtomicBool>,
}

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// The trail is what was signed, and perhaps more.
    Agrees {
        /// The stretch that is being written.
        stretch: u32,
        /// The tree over all lines.
        tree: AuditTree,
        /// How many of them are signed for.
        signed: u64,
    },
    /// It is not.
    Differs(AuditFault),
}

/// A database that has every sign of a restored backup: whole in itself, what was signed up to its
/// end, and behind the newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restorable {
    /// The number of the restore that this would be.
    pub number: u32,
    /// What the database has.
    pub kept: Head,
    /// Its newest line.
    pub newest: Option<String>,
    /// What was signed for.
    pub signed: Head,
}

/// Why there is no restore to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRestorable {
    /// Nothing is lost.
    #[error("the trail has every line that was signed for; there is nothing to accept")]
    Agrees,
    /// No backup looks like this.
    #[error("no restore explains this: {0}; keep database, ledger and logs as they are")]
    Fault(AuditFault),
}

impl Desk {
    /// From now on this process lets nothing out before it has compared the trail with what was
    /// signed.
    pub fn await_audit(&self) {
        self.outlet.waits.store(true, Ordering::SeqCst);
    }

    /// Whether nothing is let out.
    pub(super) async fn is_shut(&self, tx: &Tx) -> Result<bool, DbError> {
        let waits = self.outlet.waits.load(Ordering::SeqCst);
        Ok(waits || tx.audit_differs().await?.is_some() || tx.lost_waiting().await? > 0)
    }

    /// Refuses while nothing is let out.
    pub(super) async fn require_outlet(&self, tx: &Tx) -> Result<(), ServiceError> {
        if self.is_shut(tx).await? { Err(ServiceError::AuditFirst) } else { Ok(()) }
    }

    /// Compares the trail with what was signed, from where it was last compared on, and lets things
    /// out or not. What was compared before stands in the database, but counts only when the ledger
    /// has signed for it.
    ///
    /// # Errors
    /// When the ledger or the database cannot be read; then nothing changes.
    pub async fn compare_audit(&self, ledger: &Ledger) -> Result<Agreement, ServiceError> {
        let restores = ledger.restores().await?;
        let stretch = restores.last().map_or(0, |restore| restore.number);
        let read = match self.known_audit(ledger, &restores).await? {
            Some(known) => {
                let newer = ledger.checkpoints_after(stretch, known.size()).await?;
                self.read_audit_from(known, newer, |_| ()).await?
            }
            None => self.read_audit(ledger.signed().await?.binding(), |_| ()).await?,
        };
        match read {
            Ok(read) => {
                self.agrees(ledger, &restores, &read.held).await?;
                Ok(Agreement::Agrees { stretch, tree: read.tree, signed: read.held.size() })
            }
            Err(fault) => {
                let how = fault.to_string();
                let tx = self.db.begin().await?;
                if tx.audit_differs().await?.as_ref() != Some(&how) {
                    tx.set_audit_differs(Some(&how)).await?;
                    tx.commit().await?;
                }
                Ok(Agreement::Differs(fault))
            }
        }
    }

    /// A checkpoint was signed: the next comparison begins behind it.
    pub async fn audit_signed(&self, stretch: u32, tree: &AuditTree) -> Result<(), ServiceError> {
        let tx = self.db.begin().await?;
        tx.set_compared_audit(stretch, tree).await?;
        Ok(tx.commit().await?)
    }

    /// What was compared before, where the ledger has signed for it in this stretch.
    async fn known_audit(
        &self,
        ledger: &Ledger,
        restores: &[Restore],
    ) -> Result<Option<AuditTree>, ServiceError> {
        let kept = self.db.begin_read().await?.compared_audit().await?;
        let stretch = restores.last().map_or(0, |restore| restore.number);
        let Some((_, tree)) = kept.filter(|(of, _)| *of == stretch) else { return Ok(None) };
        let begun = restores.last().map(|restore| restore.kept);
        let root = match begun.filter(|kept| kept.size == tree.size()) {
            Some(kept) => Some(kept.root),
            None => ledger.checkpoint(stretch, tree.size()).await?.map(|there| there.root),
        };
        Ok((root == Some(tree.root())).then_some(tree))
    }

    async fn agrees(
        &self,
        ledger: &Ledger,
        restores: &[Restore],
        held: &AuditTree,
    ) -> Result<(), ServiceError> {
        let stretch = restores.last().map_or(0, |restore| restore.number);
        let tx = self.db.begin_read().await?;
        let seen = tx.restores_seen().await?;
        drop(tx);
        let mut lost = Vec::new();
        if let Some(first) = restores.iter().find(|one| one.number > seen) {
            lost = self.find_lost(ledger, self.kept_until(first).await?).await?;
        }
        let tx = self.db.begin().await?;
        // Nothing else can be told of a restore in the database that was put back by it.
        let told = tx.restores_told().await?;
        for restore in restores.iter().filter(|one| one.number > told) {
            self.tell_restore(&tx, restore, &lost).await?;
            tx.set_restores_told(restore.number).await?;
        }
        if tx.compared_audit().await?.as_ref() != Some(&(stretch, held.clone())) {
            tx.set_compared_audit(stretch, held).await?;
        }
        tx.set_audit_differs(None).await?;
        tx.commit().await?;
        self.outlet.waits.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// Whether the database is a restored backup, and what was lost with it.
    pub async fn restorable(
        &self,
        ledger: &Ledger,
    ) -> Result<Result<Restorable, NotRestorable>, ServiceError> {
        let all = ledger.signed().await?;
        let (number, mut binding) = (all.stretch() + 1, all.binding());
        let size = self.audit_tree().await?.size();
        let last = binding.iter().max_by_key(|checkpoint| checkpoint.size);
        let signed = last.map(|last| Head { size: last.size, root: last.root });
        binding.retain(|checkpoint| checkpoint.size <= size);
        let mut newest = None;
        let read = self.read_audit(binding, |line| newest = Some(line.to_owned())).await?;
        let tree = match read {
            Ok(read) => read.tree,
            Err(fault) => return Ok(Err(NotRestorable::Fault(fault))),
        };
        let kept = Head { size: tree.size(), root: tree.root() };
        Ok(match signed.filter(|signed| signed.size > kept.size) {
            Some(signed) => Ok(Restorable { number, kept, newest, signed }),
            None => Err(NotRestorable::Agrees),
        })
    }

    /// Signs that the database is a restored backup: a new stretch of the trail begins at its end,
    /// and things are let out again.
    pub async fn accept_restore(
        &self,
        ledger: &Ledger,
        found: &Restorable,
    ) -> Result<Agreement, ServiceError> {
        let restore = Restore {
            origin: ledger.origin(0),
            number: found.number,
            accepted_at: self.now(),
            kept: found.kept,
            signed: found.signed,
        };
        ledger.keep_restore(&restore).await?;
        self.compare_audit(ledger).await
    }
}
