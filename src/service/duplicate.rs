//! Open requests of one person for the same: linked, never dropped.

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::domain::intake::Intake;
use crate::domain::request::{Request, Scope};
use crate::ids::Reference;

/// As many of one address are looked at.
const MOST: u64 = 100;

impl Desk {
    /// The other open requests of the same address for the same right, about the same or about
    /// everything, oldest first.
    pub(super) async fn duplicates(
        &self,
        tx: &Tx,
        intake: &Intake,
        request: &Request,
    ) -> Result<Vec<Request>, ServiceError> {
        let email = intake.contact.as_ref().and_then(|contact| contact.email.as_ref());
        let Some(email) = email.filter(|_| !request.status.is_closed()) else {
            return Ok(Vec::new());
        };
        let mut found = tx.find_by_address(email, MOST).await?;
        // A deletion of one thing does not answer that of another.
        let covers = |scope: &Scope| *scope == Scope::Everything || *scope == request.scope;
        found.retain(|other| {
            other.right == request.right
                && covers(&other.scope)
                && other.intake != request.intake
                && !other.status.is_closed()
        });
        found.sort_by_key(|other| (other.received_at(), other.id));
        Ok(found)
    }

    /// The references of those that the person has proved, for a mail to them: of the others they
    /// may know nothing.
    pub(super) async fn proved_duplicates(
        &self,
        tx: &Tx,
        intake: &Intake,
        requests: &[&Request],
    ) -> Result<Vec<Reference>, ServiceError> {
        let mut all = Vec::new();
        for request in requests {
            for other in self.duplicates(tx, intake, request).await? {
                if other.verified_at.is_some() {
                    all.push(other.reference);
                }
            }
        }
        Ok(all)
    }
}
