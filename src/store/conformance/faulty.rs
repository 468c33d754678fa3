//! A store that fails on purpose.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{StreamExt, iter};

use crate::domain::erase::{Changed, Done, ErasePlan, EraseScope, RowId, Seen, Verdict};
use crate::domain::facts::StoreFacts;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::store::erase::{Erase, Look, Reach, Step};
use crate::store::{
    Cursor, Export, Finding, Located, OpenFile, Page, Store, StoreError, StoreErrorCode,
};

/// How it fails.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Before it has done anything, with this trouble.
    Refuses(StoreErrorCode),
    /// After the work is done, so that the answer is lost.
    Dies,
    /// Gives a file without its last byte, and says nothing of it.
    Shortens,
    /// Gives the cursor back that it was given.
    StandsStill,
    /// Says that it has done a step, and has done nothing.
    Lies,
}

/// Fails at its `at`th call, from 0, and only there.
#[derive(Debug)]
pub(crate) struct Faulty {
    inner: Arc<dyn Store>,
    fault: Fault,
    at: usize,
    calls: AtomicUsize,
}

impl Faulty {
    pub(crate) fn new(inner: Arc<dyn Store>, fault: Fault, at: usize) -> Self {
        Self { inner, fault, at, calls: AtomicUsize::new(0) }
    }

    /// How often it was called.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    fn fault(&self) -> Option<Fault> {
        (self.calls.fetch_add(1, Ordering::SeqCst) == self.at).then_some(self.fault)
    }

    fn eraser(&self) -> &dyn Erase {
        self.inner.erase().expect("the suite tests stores that erase")
    }

    fn inner(&self) -> &dyn Export {
        self.inner.export().expect("the suite tests stores that export")
    }
}

fn before(fault: Option<Fault>) -> Result<(), StoreError> {
    match fault {
        Some(Fault::Refuses(code)) => Err(StoreError::new(code)),
        _ => Ok(()),
    }
}

fn after(fault: Option<Fault>) -> Result<(), StoreError> {
    match fault {
        Some(Fault::Dies) => Err(StoreError::new(StoreErrorCode::Unreachable)),
        _ => Ok(()),
    }
}

#[async_trait]
impl Store for Faulty {
    fn facts(&self) -> &StoreFacts {
        self.inner.facts()
    }

    async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        self.inner.check().await
    }

    fn export(&self) -> Option<&dyn Export> {
        Some(self)
    }

    fn erase(&self) -> Option<&dyn Erase> {
        self.inner.erase().map(|_| self as &dyn Erase)
    }
}

#[async_trait]
impl Erase for Faulty {
    async fn plan(&self, reach: &Reach<'_>) -> Result<ErasePlan, StoreError> {
        let fault = self.fault();
        before(fault)?;
        let plan = self.eraser().plan(reach).await;
        after(fault)?;
        plan
    }

    async fn execute(&self, reach: &Reach<'_>, step: &Step<'_>) -> Result<Done, StoreError> {
        let fault = self.fault();
        before(fault)?;
        if matches!(fault, Some(Fault::Lies)) {
            let rows = step.part.rows.clone();
            return Ok(Done::Changed(Changed { rows, ..Changed::default() }));
        }
        let done = self.eraser().execute(reach, step).await;
        after(fault)?;
        done
    }

    async fn verify(&self, reach: &Reach<'_>, look: &Look<'_>) -> Result<Verdict, StoreError> {
        let fault = self.fault();
        before(fault)?;
        let verdict = self.eraser().verify(reach, look).await;
        after(fault)?;
        verdict
    }

    async fn names(
        &self,
        collection: &str,
        from: Option<&RowId>,
    ) -> Result<Vec<RowId>, StoreError> {
        let fault = self.fault();
        before(fault)?;
        let names = self.eraser().names(collection, from).await;
        after(fault)?;
        names
    }

    async fn sight(&self, scope: &EraseScope, look: &Look<'_>) -> Result<Vec<Seen>, StoreError> {
        let fault = self.fault();
        before(fault)?;
        let seen = self.eraser().sight(scope, look).await;
        after(fault)?;
        seen
    }
}

#[async_trait]
impl Export for Faulty {
    fn asks_for(&self) -> Vec<KeyKind> {
        self.inner().asks_for()
    }

    async fn locate(&self, keys: &[SubjectKey]) -> Result<Located, StoreError> {
        let fault = self.fault();
        before(fault)?;
        let found = self.inner().locate(keys).await;
        after(fault)?;
        found
    }

    async fn page(&self, keys: &[SubjectKey], from: Option<&Cursor>) -> Result<Page, StoreError> {
        let fault = self.fault();
        before(fault)?;
        let page = self.inner().page(keys, from).await;
        after(fault)?;
        match (fault, page) {
            (Some(Fault::StandsStill), Ok(page)) => Ok(Page { next: from.cloned(), ..page }),
            (_, page) => page,
        }
    }

    async fn open(&self, key: &str) -> Result<Option<OpenFile>, StoreError> {
        let fault = self.fault();
        before(fault)?;
        let found = self.inner().open(key).await;
        after(fault)?;
        let Ok(Some(OpenFile { size, mut bytes })) = found else { return found };
        if !matches!(fault, Some(Fault::Shortens)) {
            return Ok(Some(OpenFile { size, bytes }));
        }
        let mut whole = Vec::new();
        while let Some(piece) = bytes.next().await {
            whole.extend_from_slice(&piece?);
        }
        whole.pop();
        Ok(Some(OpenFile { size, bytes: iter([Ok(Bytes::from(whole))]).boxed() }))
    }
}
