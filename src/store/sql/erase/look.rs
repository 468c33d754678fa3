//! What became of rows: a look at them by their own keys, since what led to them may be gone.

use super::plan::leaves;
use super::{Eraser, Session};
use crate::domain::erase::{RowId, Verdict};
use crate::store::erase::{Look, Reach};
use crate::store::{StoreError, StoreErrorCode};

impl<'e> Eraser<'e> {
    /// Looks at all of the rows.
    pub async fn verify(
        &self,
        session: &mut dyn Session,
        reach: &'e Reach<'e>,
        look: &Look<'_>,
    ) -> Result<Verdict, StoreError> {
        let schema = || StoreError::new(StoreErrorCode::Schema);
        let at = self.plan.position(look.collection).ok_or_else(schema)?;
        let rule = self.rule(at, reach.scope).ok_or_else(schema)?;
        let rows: Vec<&RowId> = look.rows.iter().collect();
        if !leaves(look.method) {
            let there = self.there(session, &rule, &[], &rows).await?;
            return Ok(remains(there.len(), Verdict::Gone));
        }
        let masks = rule.masks_of(look.fields)?;
        let there = self.there(session, &rule, masks, &rows).await?;
        let good = if there.is_empty() { Verdict::Gone } else { Verdict::Masked };
        Ok(remains(there.iter().filter(|(_, done)| !done).count(), good))
    }
}

fn remains(left: usize, good: Verdict) -> Verdict {
    if left == 0 { good } else { Verdict::Remains(u64::try_from(left).unwrap_or(u64::MAX)) }
}
