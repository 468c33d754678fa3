//! Moves requests along the table and writes what belongs to the move, all in one transaction.

use jiff::{SignedDuration, Timestamp};

use super::post::asked;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::archive::ArchiveState;
use crate::db::request::Stored;
use crate::domain::course::asks_no_store;
use crate::domain::duration::Period;
use crate::domain::event::Event;
use crate::domain::gather::Blocker;
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::mail::MailKind;
use crate::domain::request::Request;
use crate::domain::state::{Effect, Move, Status};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::domain::webhook::news_of;
use crate::ids::{ArchiveId, IntakeId, RequestId, TokenPurpose};
use crate::mail::messages::{Lapsed, Verified, Withdrawn};

/// Links die this long after the last request of a form was closed.
const LINKS_LIVE_ON: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A mailbox that disowned a request is left in peace for so long.
const BLOCK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A withdrawal can be undone for so long.
pub(super) const UNDO: SignedDuration = SignedDuration::from_hours(24);

impl Desk {
    /// Takes one step with every request of `requests` that can take it, keeps the event, and
    /// carries out the effects. Returns how many moved.
    pub(super) async fn advance(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        requests: &mut [Stored<Request>],
        step: Move,
        event: &Event,
        now: Timestamp,
    ) -> Result<usize, ServiceError> {
        let mut shared: Vec<Effect> = Vec::new();
        let mut moved: Vec<usize> = Vec::new();
        for (index, stored) in requests.iter_mut().enumerate() {
            let Ok(effects) = stored.value.step(step, now) else { continue };
            moved.push(index);
            tx.insert_event(stored.value.id, now, event).await?;
            for effect in effects {
                if is_shared(*effect) {
                    if !shared.contains(effect) {
                        shared.push(*effect);
                    }
                } else {
                    self.carry_out(tx, intake, stored, *effect, now).await?;
                }
            }
            // After the effects, which may have said how it ended.
            if matches!(step, Move::Verified | Move::Vouched | Move::Asserted) {
                // It moves no date, and where somebody could think so the steps say it.
                self.recount(tx, &stored.value, now, |_| ()).await?;
            }
            if is_taken_back(step) {
                tx.drop_unforwarded(stored.value.id).await?;
            }
            let news = news_of(step, stored.value.status);
            self.announce(tx, &stored.value, news, now).await?;
            tx.update_request(stored).await?;
        }
        let those: Vec<&Request> = moved.iter().map(|index| &requests[*index].value).collect();
        for effect in shared {
            self.carry_out_shared(tx, intake, &those, effect, now).await?;
        }
        if !moved.is_empty() {
            self.time_links(tx, intake.id).await?;
        }
        for index in moved.iter().filter(|_| begins(step)) {
            self.settle_without_stores(tx, intake, requests[*index].value.id, now).await?;
        }
        Ok(moved.len())
    }

    /// Sets when the links of a form die: never while one of its requests is open, else 90 days
    /// after the last was closed, and not before an archive that still lies ready.
    pub(super) async fn time_links(&self, tx: &Tx, intake: IntakeId) -> Result<(), ServiceError> {
        let mut end = None;
        for stored in tx.requests_of(intake).await? {
            let request = stored.value;
            let Some(closed) = request.completed_at else {
                tx.revive_links(intake).await?;
                return Ok(());
            };
            let archive = tx.archive_of(request.id).await?;
            let lies_until = archive.and_then(|archive| archive.expires_at);
            end = end.max(Some(closed + LINKS_LIVE_ON)).max(lies_until);
        }
        if let Some(end) = end {
            tx.expire_links(intake, end).await?;
        }
        Ok(())
    }

    /// An effect that concerns one request.
    async fn carry_out(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        effect: Effect,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        match effect {
            Effect::StartGathering if stored.value.right.sets_flags() => {
                self.ripen(tx, intake, stored, now).await
            }
            Effect::SetFlags => self.set_flags(tx, intake, stored, now).await,
            Effect::SayApplied => self.say_applied(tx, intake, stored, now).await,
            Effect::StartGathering => self.start_gathering(tx, intake, stored, now).await,
            Effect::FinishArchive => self.finish_archive(tx, &stored.value).await,
            Effect::DestroyGathered => self.destroy_gathered(tx, stored.value.id).await,
            Effect::SayArchiveReady => self.say_archive_ready(tx, intake, stored, now).await,
            Effect::SayNothingFound => self.say_nothing_found(tx, intake, stored, now).await,
            Effect::SayRefused => self.say_refused(tx, intake, stored, now).await,
            Effect::SayReplied => self.say_replied(tx, intake, stored, now).await,
            Effect::SayPlanned => self.say_planned(tx, intake, stored, now).await,
            Effect::SayDecided => self.say_decided(tx, intake, stored, now).await,
            Effect::SayErased => {
                tx.drop_frozen(stored.value.id, None).await?;
                self.say_erased(tx, intake, stored, now).await
            }
            Effect::StartErasing => self.start_erasing(tx, stored.value.id, now).await,
            Effect::PlanAnew => self.plan_anew(tx, &stored.value).await,
            Effect::StartCorrecting => self.start_correcting(tx, intake, stored, now).await,
            Effect::SayCorrected => self.say_corrected(tx, intake, stored, now).await,
            Effect::SendVerification
            | Effect::SayVerified
            | Effect::SayWithdrawn
            | Effect::SayLodged
            | Effect::SayLapsedAndForget
            | Effect::ForgetAndBlock => Ok(()),
        }
    }

    /// An effect that concerns the person: one mail for all the requests of a form.
    async fn carry_out_shared(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        requests: &[&Request],
        effect: Effect,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        match effect {
            Effect::SendVerification => {
                self.post_verification(tx, intake, requests, now).await?;
            }
            Effect::SayVerified => {
                let status_link = self.mint_status_link(tx, intake, now).await?;
                let also = self.proved_duplicates(tx, intake, requests).await?;
                let hours = i64::from(self.settings.promise_hours);
                let message = Verified {
                    asked: asked(requests),
                    received_at: intake.received_at,
                    promised_by: intake.received_at + SignedDuration::from_hours(hours),
                    also,
                    status_link,
                };
                self.post(tx, intake, None, None, &message).await?;
            }
            Effect::SayLodged => self.say_lodged(tx, intake, requests, now).await?,
            Effect::SayWithdrawn => {
                let status_link = self.mint_status_link(tx, intake, now).await?;
                let message =
                    Withdrawn { asked: asked(requests), undo_until: now + UNDO, status_link };
                self.post(tx, intake, None, None, &message).await?;
            }
            Effect::SayLapsedAndForget => {
                if self.is_needed_elsewhere(tx, intake.id).await? {
                    return Ok(());
                }
                let until = self.first_due_at(tx, requests, now).await?;
                tx.drop_messages(intake.id).await?;
                tx.end_status_sessions(intake.id).await?;
                if until <= now {
                    // Resumed late and lapsed again: there is no way on to tell of.
                    tx.forget_contact(intake.id, None).await?;
                    intake.contact = None;
                    return Ok(());
                }
                let Some(contact) = &intake.contact else { return Ok(()) };
                if !self.mail_is_allowed(tx, MailKind::Lapsed, contact, now).await? {
                    tx.forget_contact(intake.id, Some(until)).await?;
                    intake.contact = None;
                    return Ok(());
                }
                let token = tx.new_link(intake.id, TokenPurpose::Verify, now).await?;
                let message = Lapsed {
                    asked: asked(requests),
                    received_at: intake.received_at,
                    resumable_until: until,
                    verify_link: self.verify_link(&token),
                };
                self.post(tx, intake, None, None, &message).await?;
                tx.forget_contact(intake.id, Some(until)).await?;
                intake.contact = None;
            }
            Effect::ForgetAndBlock => {
                if let Some(email) = intake.contact.as_ref().and_then(|to| to.email.as_ref()) {
                    tx.block_mailbox(email, now + BLOCK).await?;
                }
                tx.drop_queued_mails(intake.id).await?;
                tx.end_status_sessions(intake.id).await?;
                tx.drop_messages(intake.id).await?;
                tx.forget_contact(intake.id, None).await?;
                intake.contact = None;
            }
            Effect::StartGathering
            | Effect::SayPlanned
            | Effect::SayDecided
            | Effect::SayErased
            | Effect::StartErasing
            | Effect::PlanAnew
            | Effect::StartCorrecting
            | Effect::SayCorrected
            | Effect::FinishArchive
            | Effect::DestroyGathered
            | Effect::SayArchiveReady
            | Effect::SayRefused
            | Effect::SayReplied
            | Effect::SayNothingFound
            | Effect::SetFlags
            | Effect::SayApplied => {}
        }
        Ok(())
    }

    /// Whether a request of the form is still to be answered, or was answered, so that its address
    /// stays when another one lapses.
    async fn is_needed_elsewhere(&self, tx: &Tx, intake: IntakeId) -> Result<bool, ServiceError> {
        let requests = tx.requests_of(intake).await?;
        let gone = |status: Status| matches!(status, Status::Lapsed | Status::Withdrawn);
        Ok(requests.iter().any(|stored| !gone(stored.value.status)))
    }

    /// A task a store, the verified address as first key, and an archive. Its own key is drawn by
    /// the first job that seals something, since what wraps it may lie on another machine.
    pub(super) async fn start_gathering(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        let Some(contact) = &intake.contact else { return Ok(()) };
        if stored.value.right.is_answered_in_words() {
            return Ok(());
        }
        tx.drop_tasks(id).await?;
        if stored.value.right.makes_archive() {
            tx.insert_archive(ArchiveId(self.entropy.uuid(now)), id, now).await?;
        }
        self.reopen_changes(tx, &stored.value).await?;
        if asks_no_store(stored.value.right, &tx.particulars_of(id).await?) {
            return Ok(());
        }
        let mut keys = 0;
        for email in contact.email.iter().chain(&contact.proved) {
            if let Some(key) = SubjectKey::new(KeyKind::email(), email.as_str()) {
                keys += usize::from(tx.add_key(id, &key, 0, None).await?);
            }
        }
        for key in &contact.identifiers {
            keys += usize::from(tx.add_key(id, key, 0, None).await?);
        }
        let mut asked = 0;
        for (name, store) in &*self.stores {
            if store.export().is_none() {
                continue;
            }
            let task = tx.insert_task(id, name, now).await?;
            let job = Job::Locate { task, store: name.clone(), keys };
            self.enqueue(tx, &job, Some(id)).await?;
            asked += 1;
        }
        if asked == 0 {
            // Nobody may be told "nothing found" by a service that asks nobody.
            stored.value.blockers.insert(Blocker::StoreFailed);
        }
        Ok(())
    }

    async fn finish_archive(&self, tx: &Tx, request: &Request) -> Result<(), ServiceError> {
        if let Some(archive) = tx.archive_of(request.id).await? {
            let job = Job::FinishArchive { archive: archive.id, request: request.id };
            self.enqueue_anew(tx, &job, Some(request.id)).await?;
        }
        Ok(())
    }

    /// Destroys the key of what was gathered; a job removes the sealed objects.
    pub(super) async fn destroy_gathered(
        &self,
        tx: &Tx,
        request: RequestId,
    ) -> Result<(), ServiceError> {
        self.thaw(tx, request).await?;
        tx.drop_approvals(request).await?;
        self.stop_erasing(tx, request).await?;
        tx.drop_store_plans(request).await?;
        tx.drop_tasks(request).await?;
        tx.drop_fields(request).await?;
        if let Some(mut archive) = tx.archive_of(request).await?
            && archive.state != ArchiveState::Gone
        {
            archive.state = ArchiveState::Gone;
            archive.wrapped_key = None;
            archive.expires_at = None;
            tx.update_archive(&archive).await?;
            let job = Job::DropArchive { archive: archive.id, gone: true };
            self.enqueue(tx, &job, Some(request)).await?;
        }
        Ok(())
    }

    /// When something kept for `period` from `at` ends, on the organisation's calendar.
    pub(super) fn ends(&self, period: Period, at: Timestamp) -> Timestamp {
        period.after(at, &self.settings.organisation.zone)
    }
}

/// Whether a step begins the work.
const fn begins(step: Move) -> bool {
    matches!(step, Move::Verified | Move::Vouched | Move::Asserted)
}

/// Whether nobody who is known to be the person asks any more.
const fn is_taken_back(step: Move) -> bool {
    matches!(step, Move::Withdrawn | Move::Disowned | Move::AddressDiffers | Move::TakenForSpam)
}

/// Whether an effect concerns the person rather than one request.
const fn is_shared(effect: Effect) -> bool {
    matches!(
        effect,
        Effect::SendVerification
            | Effect::SayVerified
            | Effect::SayWithdrawn
            | Effect::SayLodged
            | Effect::SayLapsedAndForget
            | Effect::ForgetAndBlock
    )
}
