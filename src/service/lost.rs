//! After a restore of our own database: requests that it has lost, and what it brought along that may
//! have been spent since. Nothing is let out until somebody has seen to every lost request.

use jiff::{SignedDuration, Timestamp};

use super::case::Deed;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::domain::audit::Restore;
use crate::domain::deletion_note::NoteKind;
use crate::domain::event::Event;
use crate::domain::policy::Action;
use crate::domain::received::{Lost, LostState, ReceivedNote};
use crate::domain::staff::Member;
use crate::ids::{IntakeId, Reference};
use crate::ledger::Ledger;

/// Under which word hashes of addresses are made.
const ADDRESS: &str = "address";
/// What came in so long before the newest line that was kept may be lost too.
const MARGIN: SignedDuration = SignedDuration::from_hours(1);

impl Desk {
    /// What the ledger keeps of the requests of a form.
    pub async fn received_notes(
        &self,
        intake: IntakeId,
    ) -> Result<Vec<ReceivedNote>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let contact = tx.intake(intake).await?.and_then(|intake| intake.contact);
        let email = contact.and_then(|contact| contact.email);
        let address =
            email.map(|email| self.db.ledger_tag(ADDRESS, email.as_str())).unwrap_or_default();
        let requests = tx.requests_of(intake).await?;
        Ok(requests
            .into_iter()
            .map(|stored| ReceivedNote {
                reference: stored.value.reference.to_string(),
                right: stored.value.right,
                received_at: stored.value.received_at(),
                address: address.clone(),
            })
            .collect())
    }

    /// The requests that the ledger knows from the time after `kept_until` and that are not here.
    pub(super) async fn find_lost(
        &self,
        ledger: &Ledger,
        kept_until: Option<Timestamp>,
    ) -> Result<Vec<Lost>, ServiceError> {
        let unknown = {
            let all = ledger.received().await?;
            self.db.begin_read().await?.unknown_references(&all).await?
        };
        let mut notes = ledger.received_as(unknown).await?;
        let since = kept_until.map(|at| at - MARGIN);
        notes.retain(|note| since.is_none_or(|since| note.received_at >= since));
        if notes.is_empty() {
            return Ok(Vec::new());
        }
        let deletions = ledger.deletions().await?;
        let lost = |note: ReceivedNote| {
            let done = |one: &&crate::domain::deletion_note::DeletionNote| {
                one.kind == NoteKind::Done && one.reference == note.reference
            };
            Some(Lost {
                reference: Reference::parse(&note.reference)?,
                right: note.right,
                received_at: note.received_at,
                address: note.address.clone(),
                deleted: deletions.iter().any(|one| done(&one)),
                state: LostState::Waiting,
                entered: None,
                settled_by: None,
                settled_at: None,
            })
        };
        Ok(notes.into_iter().filter_map(lost).collect())
    }

    /// Until when the database that was put back knows what happened: the time of its last line
    /// before the restore.
    pub(super) async fn kept_until(
        &self,
        restore: &Restore,
    ) -> Result<Option<Timestamp>, ServiceError> {
        let Some(last) = restore.kept.size.checked_sub(1) else { return Ok(None) };
        let lines = self.db.begin_read().await?.audit_lines(last, 1).await?;
        let at = lines.first().and_then(|line| {
            let read: serde_json::Value = serde_json::from_str(&line.line).ok()?;
            read["at"].as_str()?.parse().ok()
        });
        Ok(at)
    }

    /// Writes down what a restore has lost, and takes back what may have been spent since.
    pub(super) async fn tell_restore(
        &self,
        tx: &Tx,
        restore: &Restore,
        lost: &[Lost],
    ) -> Result<(), ServiceError> {
        for one in lost {
            tx.insert_lost(one).await?;
        }
        tx.void_what_may_be_spent().await?;
        let event = Event::by_system("audit.restored")
            .with("restore", restore.number)
            .with("from", restore.kept.size)
            .with("to", restore.signed.size)
            .with("lost", lost.len());
        Ok(tx.insert_house_event(self.now(), &event).await?)
    }

    /// Requests that a restore has lost.
    pub async fn lost_requests(&self) -> Result<Vec<Lost>, ServiceError> {
        Ok(self.db.begin_read().await?.lost().await?)
    }

    /// How many of them nobody has seen to.
    pub async fn lost_waiting(&self) -> Result<u64, ServiceError> {
        Ok(self.db.begin_read().await?.lost_waiting().await?)
    }

    /// Somebody has entered a lost request anew, as `entered`, or says that there is nothing to
    /// enter.
    pub async fn settle_lost(
        &self,
        by: &Member,
        reference: &Reference,
        entered: Option<&Reference>,
    ) -> Result<Deed, ServiceError> {
        let now = self.now();
        if let Err(denied) = by.may(Action::Clear, now) {
            return Ok(Deed::Denied(denied));
        }
        let tx = self.db.begin().await?;
        let lost = tx.lost().await?.into_iter().find(|lost| lost.reference == *reference);
        let Some(lost) = lost else { return Ok(Deed::NoSuchRequest) };
        let mut same_address = None;
        if let Some(entered) = entered {
            let Some(anew) = tx.request_by_reference(entered).await? else {
                return Ok(Deed::NoSuchRequest);
            };
            let contact = tx.intake(anew.value.intake).await?.and_then(|intake| intake.contact);
            let email = contact.and_then(|contact| contact.email);
            same_address = email
                .map(|email| self.db.ledger_tags(ADDRESS, email.as_str()).contains(&lost.address));
        }
        let state = if entered.is_some() { LostState::Entered } else { LostState::GivenUp };
        if !tx.settle_lost(reference, state, entered, by.id, now).await? {
            return Ok(Deed::NotNow);
        }
        let event = Event::by_staff(by.id, "restore.settled")
            .with("lost", reference.as_str())
            .with("state", state)
            .with("entered", entered.map(Reference::as_str))
            .with("same_address", same_address);
        tx.insert_house_event(now, &event).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
