//! Putting right what is stored: read what stands there, have it decided field by field, write it,
//! look again, answer.

mod answer;
mod decide;
mod execute;
mod notice;
mod read;

pub(super) use decide::is_in_review;
pub use decide::{ChangeFault, Decision, Target, Weighed};
pub(super) use execute::corrects;
pub use execute::{CorrectWork, ToCorrect};
pub use read::FieldsWork;

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::domain::correction::Change;
use crate::domain::job::Job;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::ids::{RequestId, TaskId};

/// What is done with a store once it is known who the person is there.
pub(super) fn gather_job(right: Right, task: TaskId, store: String) -> Job {
    match right {
        Right::Correction => Job::ReadFields { task, store },
        // A deletion plans instead and never comes here, nor do words about the use of data.
        _ => Job::Gather { task, store },
    }
}

impl Desk {
    /// What was decided and not done is forgotten, before a request starts over.
    pub(super) async fn reopen_changes(
        &self,
        tx: &Tx,
        request: &Request,
    ) -> Result<(), ServiceError> {
        if request.right != Right::Correction {
            return Ok(());
        }
        for mut change in tx.changes_of(request.id).await? {
            change.reopen();
            tx.update_change(&change).await?;
        }
        tx.set_told(request.id, crate::db::correction::Told::default()).await?;
        Ok(())
    }

    /// Whether something was written for a request already.
    pub(super) async fn has_written(
        &self,
        tx: &Tx,
        request: RequestId,
    ) -> Result<bool, ServiceError> {
        use crate::domain::correction::EditState;
        let changes = tx.changes_of(request).await?;
        let mut steps = changes.iter().flat_map(|change| &change.steps);
        Ok(steps.any(|step| step.state == EditState::Done))
    }

    async fn save(&self, tx: &Tx, changes: &[Change]) -> Result<(), ServiceError> {
        for change in changes {
            tx.update_change(change).await?;
        }
        Ok(())
    }
}
