//! A deletion from its plan to its receipt. Every store says what it would do; people approve exactly
//! that; each step is written down before the store is told, and looked at afresh afterwards.

mod approve;
mod around;
mod dry;
mod freeze;
pub(super) mod note;
mod plan;
mod receipt;
mod say;
mod step;
mod verify;
mod warn;

pub use around::{Around, AroundWork};
pub use dry::DryPlan;
pub use freeze::FreezeWork;
pub use plan::PlanWork;
pub use receipt::ReceiptWork;
pub use step::{Begin, StepWork};
pub use verify::VerifyWork;
pub use warn::StopPage;

use jiff::SignedDuration;

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::staff::Account;
use crate::domain::erase::{EraseScope, ItemName};
use crate::domain::gather::Blocker;
use crate::domain::policy::{Action, allows};
use crate::domain::request::{Request, Scope};
use crate::domain::right::Right;
use crate::domain::settings::DeletionReview;
use crate::domain::staff::{AccountState, Role};
use crate::domain::state::Status;

/// An approval is good for so long after it was given, or after cooling-off where that is later.
pub const APPROVAL_LIFE: SignedDuration = SignedDuration::from_hours(72);

impl Desk {
    /// How many people have to approve a deletion.
    pub fn approvals_needed(&self) -> usize {
        match self.settings.review.deletion {
            DeletionReview::TwoPerson => 2,
            DeletionReview::Staff => 1,
        }
    }

    /// Whether enough people can approve a deletion at all.
    async fn has_approvers(&self, tx: &Tx) -> Result<bool, ServiceError> {
        let accounts = tx.accounts().await?;
        Ok(accounts.iter().filter(|account| can_approve(account)).count()
            >= self.approvals_needed())
    }
}

/// Whether somebody's account lets them approve a deletion.
fn can_approve(account: &Account) -> bool {
    let may = |role: &Role| allows(*role, Action::Approve);
    account.state == AccountState::Active && account.roles.iter().any(may)
}

/// The scope of a request as stores understand it. Names of things that cannot be read lead nowhere.
pub(super) fn scope_of(request: &Request) -> EraseScope {
    match &request.scope {
        Scope::Everything => EraseScope::Everything,
        Scope::Categories(categories) => {
            EraseScope::Categories(categories.iter().cloned().collect())
        }
        Scope::Items(items) => {
            EraseScope::Items(items.iter().filter_map(|item| ItemName::parse(item)).collect())
        }
    }
}

/// Whether a deletion is being carried out and nothing keeps it back.
fn is_erasing(request: &Request) -> bool {
    request.right == Right::Deletion && request.status == Status::Executing && !request.is_at_rest()
}

/// What only concerns plans: another plan may do without.
const OF_PLANS: [Blocker; 3] = [Blocker::PlanBlocked, Blocker::Protected, Blocker::TooFewApprovers];
