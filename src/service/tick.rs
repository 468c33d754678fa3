//! What time alone brings about: reminders, lapses, expiries, and the end of old records. Each step
//! is its own transaction and may run twice.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::post::asked;
use super::{Desk, ServiceError};
use crate::crash;
use crate::db::Tx;
use crate::db::archive::{Archive, ArchiveState};
use crate::db::request::Stored;
use crate::domain::event::Event;
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::mail::MailKind;
use crate::domain::request::Request;
use crate::domain::state::{Move, Status};
use crate::ids::{ArchiveId, IntakeId, TokenPurpose};
use crate::mail::messages::{ArchiveReminder, Reminder};

/// Unverified for so long: a reminder.
const REMIND_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// An archive's end is announced so long before.
const ARCHIVE_REMINDER: SignedDuration = SignedDuration::from_hours(72);
/// Rows of one kind looked at in one go.
pub(super) const BATCH: u64 = 200;
/// Between two looks.
const TICK: Duration = Duration::from_mins(1);

/// What one look brought about, for the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Reminders sent.
    pub reminded: u64,
    /// Requests that lapsed.
    pub lapsed: u64,
    /// Archives whose key was destroyed.
    pub expired: u64,
    /// Requests whose promise staff was told of.
    pub alerted: u64,
    /// Records whose retention ended.
    pub purged: u64,
}

impl Desk {
    /// Writes the job of the first look, at start. However many processes do so, there is one look
    /// a minute.
    pub async fn start_ticking(&self) -> Result<(), ServiceError> {
        let tx = self.db.begin().await?;
        let job = Job::Tick { minute: self.minute() };
        self.enqueue(&tx, &job, None).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes the job of the look after that of `minute`.
    pub(crate) async fn next_tick(&self, tx: &Tx, minute: i64) -> Result<(), ServiceError> {
        let job = Job::Tick { minute: self.minute().max(minute) + 1 };
        self.enqueue_after(tx, &job, None, TICK).await?;
        Ok(())
    }

    fn minute(&self) -> i64 {
        self.now().as_second() / 60
    }

    /// Looks at everything that is due at the present instant. What breaks off keeps nothing else
    /// from being done; the first error is returned.
    pub async fn tick(&self) -> Result<Ticked, ServiceError> {
        let now = self.now();
        // Lapses first: after an outage nobody is reminded of what is over.
        let lapsed = self.lapse(now).await;
        let reminded = self.remind(now).await;
        let archives_reminded = self.remind_of_archives(now).await;
        let expired = self.expire_archives(now).await;
        let cooled = self.cool_off(now).await;
        let looked = self.look_again(now).await;
        let alerted = self.alert(now).await;
        let skipped = self.skip_withdrawn(now).await;
        let purged = self.purge(now).await;
        let epochs = self.destroy_epochs().await;
        let kept = [&lapsed, &expired, &purged, &epochs].iter().all(|done| matches!(done, Ok(0)));
        let emptied = if kept { Ok(true) } else { self.db.truncate_wal().await };
        let ticked = Ticked {
            alerted: alerted?,
            reminded: reminded? + archives_reminded?,
            lapsed: lapsed?,
            expired: expired?,
            purged: purged? + epochs?,
        };
        cooled?;
        looked?;
        skipped?;
        emptied?;
        Ok(ticked)
    }

    async fn remind(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin_read().await?;
        let due = tx.intakes_to_remind(now - REMIND_AFTER, BATCH).await?;
        drop(tx);
        let mut reminded = 0;
        for id in due {
            reminded += self.remind_one(id, now).await.or_else(pass_over)?;
        }
        Ok(reminded)
    }

    async fn remind_one(&self, id: IntakeId, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        let Some(intake) = tx.lock_intake(id).await? else { return Ok(0) };
        let requests = tx.requests_of(id).await?;
        let waiting: Vec<&Request> = requests
            .iter()
            .map(|stored| &stored.value)
            .filter(|request| request.status == Status::AwaitingVerification)
            .collect();
        let since = waiting.iter().filter_map(|request| request.waiting_since).min();
        let (Some(contact), Some(since)) = (&intake.contact, since) else { return Ok(0) };
        tx.set_reminded(id, now).await?;
        let allowed = intake.reminded_at.is_none()
            && self.mail_is_allowed(&tx, MailKind::Reminder, contact, now).await?;
        if allowed {
            let token = tx.new_link(id, TokenPurpose::Verify, now).await?;
            let message = Reminder {
                asked: asked(&waiting),
                received_at: intake.received_at,
                lapses_at: self.ends(self.settings.lapse, since),
                verify_link: self.verify_link(&token),
            };
            self.post(&tx, &intake, None, None, &message).await?;
        }
        tx.commit().await?;
        Ok(allowed.into())
    }

    async fn lapse(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let before = self.settings.lapse.before(now, &self.settings.organisation.zone);
        let tx = self.db.begin_read().await?;
        let due = tx.intakes_waiting_since(before, BATCH).await?;
        let over = tx.intakes_past_resuming(now, BATCH).await?;
        drop(tx);
        let mut lapsed = 0;
        for id in due {
            lapsed += self.lapse_one(id, before, now).await.or_else(pass_over)?;
        }
        for id in over {
            self.forget_lapsed(id, now).await.or_else(pass_over)?;
        }
        Ok(lapsed)
    }

    async fn lapse_one(
        &self,
        id: IntakeId,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        let Some(mut intake) = tx.lock_intake(id).await? else { return Ok(0) };
        let mut requests = tx.requests_of(id).await?;
        // Others of the form may wait since later, or may have been taken up again meanwhile.
        requests.retain(|stored| stored.value.waiting_since.is_some_and(|since| since <= before));
        let event = Event::by_system("request.lapsed");
        let moved =
            self.advance(&tx, &mut intake, &mut requests, Move::Lapsed, &event, now).await?;
        tx.commit().await?;
        Ok(moved as u64)
    }

    /// The time to resume is over; unless the person just came back.
    async fn forget_lapsed(&self, id: IntakeId, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        tx.lock_intake(id).await?;
        if tx.resumable_until(id).await?.is_none_or(|until| until > now) {
            return Ok(0);
        }
        tx.forget_contact(id, None).await?;
        tx.expire_links(id, now).await?;
        tx.commit().await?;
        Ok(1)
    }

    async fn remind_of_archives(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin_read().await?;
        let due = tx.archives_to_remind(now + ARCHIVE_REMINDER, BATCH).await?;
        drop(tx);
        let mut reminded = 0;
        for archive in due {
            reminded += self.remind_of(archive.id, now).await.or_else(pass_over)?;
        }
        Ok(reminded)
    }

    async fn remind_of(&self, id: ArchiveId, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        let Some((intake, stored, mut archive)) = self.lock_archive(&tx, id).await? else {
            return Ok(0);
        };
        let Some(expires) = archive.expires_at else { return Ok(0) };
        if archive.state != ArchiveState::Ready || archive.reminded_at.is_some() {
            return Ok(0);
        }
        archive.reminded_at = Some(now);
        tx.update_archive(&archive).await?;
        // A person who has it already need not be told, nor one whose keep is short.
        let young = archive.made_at.is_some_and(|made| made + ARCHIVE_REMINDER > now);
        let told = expires > now && archive.downloads == 0 && !young;
        if told {
            let message = ArchiveReminder {
                asked: super::post::asked_one(&stored.value),
                available_until: expires,
                status_link: self.mint_status_link(&tx, &intake, now).await?,
            };
            self.post(&tx, &intake, None, None, &message).await?;
        }
        tx.commit().await?;
        Ok(told.into())
    }

    async fn expire_archives(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin_read().await?;
        let due = tx.archives_expiring(now, BATCH).await?;
        drop(tx);
        let mut expired = 0;
        for archive in due {
            expired += self.expire_one(archive.id, now).await.or_else(pass_over)?;
        }
        Ok(expired)
    }

    async fn expire_one(&self, id: ArchiveId, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        let Some((_, _, archive)) = self.lock_archive(&tx, id).await? else { return Ok(0) };
        let over = archive.expires_at.is_some_and(|expires| expires <= now);
        if archive.state != ArchiveState::Ready || !over {
            return Ok(0);
        }
        self.expire(&tx, archive, Event::by_system("archive.destroyed"), now).await?;
        crash::point("archive key before");
        tx.commit().await?;
        crash::point("archive key after");
        Ok(1)
    }

    /// An archive as it is once its form is held: a key that was destroyed before that must not be
    /// written back.
    pub(super) async fn lock_archive(
        &self,
        tx: &Tx,
        id: ArchiveId,
    ) -> Result<Option<(Intake, Stored<Request>, Archive)>, ServiceError> {
        let Some(seen) = tx.archive(id).await? else { return Ok(None) };
        let Some(owner) = tx.request(seen.request).await? else { return Ok(None) };
        let Some(intake) = tx.lock_intake(owner.value.intake).await? else { return Ok(None) };
        let Some(stored) = tx.request(seen.request).await? else { return Ok(None) };
        Ok(tx.archive(id).await?.map(|archive| (intake, stored, archive)))
    }
}

/// One that cannot be dealt with must not keep the others waiting. Trouble that passes is the
/// database's as a whole and ends the look.
pub(super) fn pass_over(error: ServiceError) -> Result<u64, ServiceError> {
    match error {
        ServiceError::Db(error) if error.is_passing() => Err(error.into()),
        other => {
            tracing::error!(code = other.word(), "something that is due was passed over");
            Ok(0)
        }
    }
}
