//! Lets the archive out.

use jiff::Timestamp;

use super::{Case, Deed, case};
use crate::db::Tx;
use crate::db::archive::ArchiveState;
use crate::db::request::Stored;
use crate::domain::event::Event;
use crate::domain::gather::Blocker;
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::policy::Action;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::domain::token::By;
use crate::ids::Reference;
use crate::service::assurance::kinds_found;
use crate::service::gather::found_for;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Lets out what was gathered: the archive is finished and the person told, or told that nothing
    /// was found. Not while it is held, paused, or something keeps it from going on; nor while the
    /// proof of who asks is too old for what was found.
    pub async fn release(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let opened = case!(self.open_case(by, Action::Release, at).await?);
        if opened.stored.value.right == Right::Correction {
            return self.release_changes(opened, &by.event("request.released")).await;
        }
        let Case { tx, mut intake, stored, now } = opened;
        if !is_releasable(&stored.value) {
            return Ok(Deed::NotNow);
        }
        let kinds = kinds_found(&tx.tasks_of(stored.value.id).await?);
        if self.lacks_proof(&tx, &intake, &stored.value, kinds, now).await? {
            tx.commit().await?;
            return Ok(Deed::ProofFirst);
        }
        let event = by.event("request.released");
        if !self.let_out(&tx, &mut intake, stored, &event, now).await? {
            return Ok(Deed::NotNow);
        }
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Lets out what nothing keeps back any more. False where something does after all.
    pub(in crate::service) async fn let_out(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        stored: Stored<Request>,
        event: &Event,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        if stored.value.status == Status::InReview {
            let step = if stored.value.right.sets_flags() {
                if let Some(contact) = &intake.contact
                    && self.stands_in_the_way(tx, contact, &stored.value, now).await?
                {
                    return Ok(false);
                }
                Move::Agreed
            } else {
                Move::Released(found_for(&stored.value, &tx.tasks_of(stored.value.id).await?))
            };
            self.advance(tx, intake, &mut [stored], step, event, now).await?;
        } else {
            // Made again after its answer.
            let id = stored.value.id;
            let Some(mut archive) = tx.archive_of(id).await? else { return Ok(false) };
            if archive.state != ArchiveState::InReview {
                return Ok(false);
            }
            archive.state = ArchiveState::Building;
            tx.update_archive(&archive).await?;
            tx.insert_event(id, now, event).await?;
            let job = Job::FinishArchive { archive: archive.id, request: id };
            self.enqueue(tx, &job, Some(id)).await?;
            tx.update_request(&stored).await?;
        }
        Ok(true)
    }
}

/// Whether nothing but a decision keeps it from going out. A mail that bounced is no reason to keep
/// the archive back.
pub(in crate::service) fn is_releasable(request: &Request) -> bool {
    request.right != Right::Deletion
        && !request.right.is_answered_in_words()
        && matches!(request.status, Status::InReview | Status::Fulfilled)
        && !request.is_at_rest()
        && request.blockers.iter().all(|blocker| *blocker == Blocker::MailFailed)
}
