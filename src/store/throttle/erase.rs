//! Erasing behind limits. A step may be tried again after trouble: taken twice it changes nothing more.

use async_trait::async_trait;

use super::Throttled;
use crate::domain::erase::{Done, ErasePlan, EraseScope, RowId, Seen, Verdict};
use crate::meter::label::StoreOp;
use crate::store::erase::{Erase, Look, Reach, Step};
use crate::store::{StoreError, StoreErrorCode};

impl Throttled {
    fn eraser(&self) -> Result<&dyn Erase, StoreError> {
        self.inner.erase().ok_or(StoreError::new(StoreErrorCode::Unsupported))
    }
}

#[async_trait]
impl Erase for Throttled {
    async fn plan(&self, reach: &Reach<'_>) -> Result<ErasePlan, StoreError> {
        let (part, _permit) = (self.eraser()?, self.permit().await?);
        self.call(StoreOp::Plan, || part.plan(reach)).await
    }

    async fn execute(&self, reach: &Reach<'_>, step: &Step<'_>) -> Result<Done, StoreError> {
        let (part, _permit) = (self.eraser()?, self.permit().await?);
        self.call(StoreOp::Erase, || part.execute(reach, step)).await
    }

    async fn verify(&self, reach: &Reach<'_>, look: &Look<'_>) -> Result<Verdict, StoreError> {
        let (part, _permit) = (self.eraser()?, self.permit().await?);
        self.call(StoreOp::Verify, || part.verify(reach, look)).await
    }

    async fn names(
        &self,
        collection: &str,
        after: Option<&RowId>,
    ) -> Result<Vec<RowId>, StoreError> {
        let (part, _permit) = (self.eraser()?, self.permit().await?);
        let names = self.call(StoreOp::Names, || part.names(collection, after)).await?;
        // A stretch that ends where it began would be asked for ever.
        if after.is_some() && names.last() == after {
            return Err(StoreError::new(StoreErrorCode::BadData));
        }
        Ok(names)
    }

    async fn sight(&self, scope: &EraseScope, look: &Look<'_>) -> Result<Vec<Seen>, StoreError> {
        let (part, _permit) = (self.eraser()?, self.permit().await?);
        self.call(StoreOp::Sight, || part.sight(scope, look)).await
    }
}
