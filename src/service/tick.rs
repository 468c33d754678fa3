//! What time alone brings about: reminders, lapses, expiries, and the end of old records. Each step
//! is its own transaction and may run twice.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::post::asked;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::archive::ArchiveState;
use crate::domain::event::Event;
use crate::domain::job::Job;
use crate::domain::mail::MailKind;
use crate::domain::request::Request;
use crate::domain::state::{Move, Status};
use crate::ids::{IntakeId, TokenPurpose};
use crate::mail::messages::{ArchiveReminder, Reminder};

/// Unverified for so long: a reminder.
const REMIND_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// An archive's end is announced so long before.
const ARCHIVE_REMINDER: SignedDuration = SignedDuration::from_hours(72);
/// Rows of one kind looked at in one go.
const BATCH: u64 = 200;
/// Between two looks.
const TICK: Duration = Duration::from_mins(1);
/// Short-lived rows (codes, sessions, sent mails) stay so long, for counting and for questions.
const SHORT_LIVED: SignedDuration = SignedDuration::from_hours(48);
const SENT_MAILS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What one look brought about, for the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Reminders sent.
    pub reminded: u64,
    /// Requests that lapsed.
    pub lapsed: u64,
    /// Archives whose key was destroyed.
    pub expired: u64,
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

    /// Looks at everything that is due at the present instant.
    pub async fn tick(&self) -> Result<Ticked, ServiceError> {
        let now = self.now();
        let mut ticked = Ticked::default();
        // Lapses first: after an outage nobody is reminded of what is over.
        ticked.lapsed += self.lapse(now).await?;
        ticked.reminded += self.remind(now).await?;
        ticked.reminded += self.remind_of_archives(now).await?;
        ticked.expired += self.expire_archives(now).await?;
        ticked.purged += self.purge(now).await?;
        ticked.purged += self.destroy_epochs().await?;
        if ticked.purged + ticked.expired + ticked.lapsed > 0 {
            self.db.truncate_wal().await?;
        }
        Ok(ticked)
    }

    async fn remind(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let mut reminded = 0;
        let tx = self.db.begin_read().await?;
        let due = tx.intakes_to_remind(now - REMIND_AFTER, BATCH).await?;
        drop(tx);
        for id in due {
            let tx = self.db.begin().await?;
            let Some(intake) = tx.lock_intake(id).await? else { continue };
            let requests = tx.requests_of(id).await?;
            let waiting: Vec<&Request> = requests
                .iter()
                .map(|stored| &stored.value)
                .filter(|request| request.status == Status::AwaitingVerification)
                .collect();
            let since = waiting.iter().filter_map(|request| request.waiting_since).min();
            let (Some(contact), Some(since)) = (&intake.contact, since) else { continue };
            tx.set_reminded(id, now).await?;
            if intake.reminded_at.is_none()
                && tx.mail_is_allowed(MailKind::Reminder, &contact.email, now).await?
            {
                let token = tx.new_link(id, TokenPurpose::Verify, now).await?;
                let message = Reminder {
                    asked: asked(&waiting),
                    received_at: intake.received_at,
                    lapses_at: self.ends(self.settings.lapse, since),
                    verify_link: self.verify_link(&token),
                };
                self.post(&tx, &intake, None, None, &message).await?;
                reminded += 1;
            }
            tx.commit().await?;
        }
        Ok(reminded)
    }

    async fn lapse(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let before = self.settings.lapse.before(now, &self.settings.organisation.zone);
        let tx = self.db.begin_read().await?;
        let due = tx.intakes_waiting_since(before, BATCH).await?;
        drop(tx);
        let mut lapsed = 0;
        for id in due {
            let tx = self.db.begin().await?;
            let Some(mut intake) = tx.lock_intake(id).await? else { continue };
            let mut requests = tx.requests_of(id).await?;
            let event = Event::by_system("request.lapsed");
            let moved =
                self.advance(&tx, &mut intake, &mut requests, Move::Lapsed, &event, now).await?;
            if moved > 0 {
                lapsed += moved as u64;
                tx.commit().await?;
            }
        }
        let tx = self.db.begin().await?;
        let over = tx.intakes_past_resuming(now, BATCH).await?;
        for id in &over {
            tx.forget_contact(*id, None).await?;
            tx.expire_links(*id, now).await?;
        }
        if !over.is_empty() {
            tx.commit().await?;
        }
        Ok(lapsed)
    }

    async fn remind_of_archives(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin_read().await?;
        let due = tx.archives_to_remind(now + ARCHIVE_REMINDER, BATCH).await?;
        drop(tx);
        let mut reminded = 0;
        for archive in due {
            let tx = self.db.begin().await?;
            let Some(stored) = tx.request(archive.request).await? else { continue };
            let Some(intake) = tx.lock_intake(stored.value.intake).await? else { continue };
            let Some(mut archive) = tx.archive(archive.id).await? else { continue };
            if archive.state != ArchiveState::Ready {
                continue;
            }
            let Some(expires) = archive.expires_at else { continue };
            let fresh = archive.reminded_at.is_none() && expires > now;
            archive.reminded_at = Some(now);
            tx.update_archive(&archive).await?;
            // A person who has it already need not be told, nor one whose keep is short.
            let young = archive.made_at.is_some_and(|made| made + ARCHIVE_REMINDER > now);
            if fresh && archive.downloads == 0 && !young {
                let message = ArchiveReminder {
                    asked: super::post::asked_one(&stored.value),
                    available_until: expires,
                    status_link: self.mint_status_link(&tx, &intake, now).await?,
                };
                self.post(&tx, &intake, None, None, &message).await?;
                reminded += 1;
            }
            tx.commit().await?;
        }
        Ok(reminded)
    }

    async fn expire_archives(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin_read().await?;
        let due = tx.archives_expiring(now, BATCH).await?;
        drop(tx);
        let mut expired = 0;
        for archive in due {
            let tx = self.db.begin().await?;
            let Some(stored) = tx.request(archive.request).await? else { continue };
            tx.lock_intake(stored.value.intake).await?;
            let Some(archive) = tx.archive(archive.id).await? else { continue };
            if archive.state != ArchiveState::Ready {
                continue;
            }
            self.expire(&tx, archive, &stored, now).await?;
            tx.commit().await?;
            expired += 1;
        }
        Ok(expired)
    }

    /// Ends what has been kept long enough; see the table in `docs/retention.md`.
    async fn purge(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let zone = &self.settings.organisation.zone;
        let closed = self.settings.retention.closed.before(now, zone);
        let skeleton = self.settings.retention.skeleton.before(now, zone);
        let tx = self.db.begin().await?;
        let mut purged = 0;
        let old: Vec<IntakeId> = tx.intakes_closed_before(closed, BATCH).await?;
        for id in &old {
            tx.forget_contact(*id, None).await?;
            tx.drop_messages(*id).await?;
            for stored in tx.requests_of(*id).await? {
                self.destroy_gathered(&tx, stored.value.id).await?;
            }
            purged += 1;
        }
        purged += tx.purge_intakes(skeleton, BATCH).await?;
        purged += tx.purge_challenges(now - SHORT_LIVED).await?;
        purged += tx.purge_links(now).await?;
        purged += tx.purge_downloads(now - SHORT_LIVED).await?;
        purged += tx.purge_mails(now - SENT_MAILS, now).await?;
        tx.commit().await?;
        Ok(purged)
    }
}
