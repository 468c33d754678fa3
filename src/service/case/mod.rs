//! What staff decide about one request, one verb a file. Each looks at the permission first, holds
//! the form, and writes one event with the name of whoever decided.

mod assign;
mod bulk;
mod clear;
mod extend;
mod hold;
mod item;
mod letter;
mod proof;
mod refuse;
mod regime;
mod release;
mod reply;
mod restrict;
mod retry;
mod reveal;
mod revoke;
mod skip;
mod spam;
mod withdraw;
mod withhold;
mod write;

pub use bulk::{BULK_MOST, BulkGround};
pub use item::OpenItem;
pub(in crate::service) use item::{has_looked, holds_segments, shown};
pub(in crate::service) use refuse::is_refusable;
pub(in crate::service) use release::is_releasable;
pub(in crate::service) use reply::is_to_be_replied_to;
pub(in crate::service) use restrict::{can_be_lifted, can_be_restricted};
pub(in crate::service) use retry::is_to_be_mailed_again;
pub use reveal::Identity;
pub(in crate::service) use withhold::is_withholdable;

use jiff::Timestamp;

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::intake::Intake;
use crate::domain::policy::{Action, Denied};
use crate::domain::refusal::Lacking;
use crate::domain::request::Request;
use crate::domain::token::By;
use crate::ids::Reference;

/// Characters of a reason, of facts, or of a message.
pub const TEXT_LENGTH: usize = 4_000;

/// What came of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Done.
    Done,
    /// There is no such request.
    NoSuchRequest,
    /// They may not.
    Denied(Denied),
    /// The request is not where it would have to be; somebody was faster, or something stands in the
    /// way.
    NotNow,
    /// A part that the law wants in the decision is missing.
    Lacking(Lacking),
    /// Whoever refused does not decide about the appeal.
    OtherOfficer,
    /// The proof of who asks is too old for the data concerned; the person has been asked for a fresh
    /// one, where they have a mailbox.
    ProofFirst,
    /// Nothing is let out: the audit trail does not agree with its checkpoints.
    AuditFirst,
}

/// A request that somebody is about to decide on.
pub(in crate::service) struct Case {
    pub(in crate::service) tx: Tx,
    pub(in crate::service) intake: Intake,
    pub(in crate::service) stored: Stored<Request>,
    pub(in crate::service) now: Timestamp,
}

impl Desk {
    /// Opens a request for a decision, its form held; or what stands in the way.
    pub(in crate::service) async fn open_case(
        &self,
        by: impl Into<By<'_>>,
        action: Action,
        at: &Reference,
    ) -> Result<Result<Case, Deed>, ServiceError> {
        let now = self.now();
        if let Err(denied) = by.into().may(action, now) {
            return Ok(Err(Deed::Denied(denied)));
        }
        let tx = self.db.begin().await?;
        if action == Action::Release && self.is_shut(&tx).await? {
            return Ok(Err(Deed::AuditFirst));
        }
        let Some(seen) = tx.request_by_reference(at).await? else {
            return Ok(Err(Deed::NoSuchRequest));
        };
        let Some((intake, stored)) = self.lock_request(&tx, seen.value.id).await? else {
            return Ok(Err(Deed::NoSuchRequest));
        };
        Ok(Ok(Case { tx, intake, stored, now }))
    }
}

/// Unwraps an opened case, or answers with what stood in the way.
macro_rules! case {
    ($opened:expr) => {
        match $opened {
            Ok(case) => case,
            Err(deed) => return Ok(deed),
        }
    };
}
pub(in crate::service) use case;
