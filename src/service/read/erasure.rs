//! A deletion as pages and programs show it: its plan by counts, who approved, how far each step is.

use jiff::Timestamp;

use crate::db::Tx;
pub use crate::db::erase_step::Receipt;
use crate::db::plan::PlanFacts;
use crate::domain::erase::EraseBlocker;
use crate::domain::erasure::Step;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::ids::{Reference, RequestId, StaffId, Token};
use crate::service::{Desk, ServiceError};

/// Everything about one deletion but its rows.
#[derive(Debug, Clone)]
pub struct ErasureRead {
    /// The plan.
    pub plan: PlanFacts,
    /// What forbids to begin, with the store's name.
    pub blockers: Vec<(String, EraseBlocker)>,
    /// Who approved the plan as it stands.
    pub approved_by: Vec<StaffId>,
    /// How many have to.
    pub needed: usize,
    /// Its steps, of this plan and of those before.
    pub steps: Vec<Step>,
    /// When the receipt was made.
    pub receipt_at: Option<Timestamp>,
}

impl Desk {
    /// What there is to show of a deletion; `None` for other rights, and before it is planned.
    pub(super) async fn erasure_read(
        &self,
        tx: &Tx,
        request: &Request,
    ) -> Result<Option<ErasureRead>, ServiceError> {
        if request.right != Right::Deletion {
            return Ok(None);
        }
        let Some(plan) = tx.plan_facts(request.id).await? else { return Ok(None) };
        let mut blockers = Vec::new();
        if let Some(whole) = tx.plan(request.id).await? {
            for (store, blocker) in whole.blockers() {
                blockers.push((store.to_owned(), blocker.clone()));
            }
        }
        let approvals = tx.approvals(request.id).await?;
        let approved = approvals.iter().filter(|approval| approval.digest == plan.digest);
        Ok(Some(ErasureRead {
            blockers,
            approved_by: approved.map(|approval| approval.by).collect(),
            needed: self.approvals_needed(),
            steps: tx.steps(request.id).await?,
            receipt_at: tx.receipt(request.id).await?.map(|receipt| receipt.made_at),
            plan,
        }))
    }

    /// The plan of a request by counts, where there is one.
    pub async fn plan_of(&self, request: RequestId) -> Result<Option<PlanFacts>, ServiceError> {
        let tx = self.db.begin_read().await?;
        Ok(tx.plan_facts(request).await?)
    }

    /// Whether a request is a deletion.
    pub async fn is_deletion(&self, at: &Reference) -> Result<bool, ServiceError> {
        let tx = self.db.begin_read().await?;
        let stored = tx.request_by_reference(at).await?;
        Ok(stored.is_some_and(|stored| stored.value.right == Right::Deletion))
    }

    /// The receipt of a deletion, for its person. `None` when the private part is not open, or there
    /// is none.
    pub async fn receipt(
        &self,
        token: &Token,
        cookie: Option<&Token>,
        reference: &Reference,
    ) -> Result<Option<Receipt>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some((id, true)) = self.status_of(&tx, token, cookie).await? else { return Ok(None) };
        let requests = tx.requests_of(id).await?;
        let of = |one: &&crate::db::request::Stored<Request>| one.value.reference == *reference;
        let Some(stored) = requests.iter().find(of) else { return Ok(None) };
        Ok(tx.receipt(stored.value.id).await?)
    }

    /// The receipt of a deletion, for staff who may see the request.
    pub async fn receipt_for_staff(
        &self,
        reference: &Reference,
    ) -> Result<Option<Receipt>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(stored) = tx.request_by_reference(reference).await? else { return Ok(None) };
        Ok(tx.receipt(stored.value.id).await?)
    }
}
