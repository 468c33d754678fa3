//! The end of what has been kept long enough. The table is `docs/retention.md`.

use jiff::{SignedDuration, Timestamp};

use super::tick::{BATCH, pass_over};
use super::{Desk, ServiceError};
use crate::domain::staff::IDLE;
use crate::ids::IntakeId;

/// Spent codes stay so long, for counting tries and for questions.
const CODES: SignedDuration = SignedDuration::from_hours(48);
/// A call with an idempotency key is answered again for so long.
const CALLS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What endpoints were told stays so long, for replay.
const DELIVERIES: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Desk {
    /// Ends what has been kept long enough. Each look finds its rows by an index, however many
    /// requests there are.
    pub(super) async fn purge(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let zone = &self.settings.organisation.zone;
        let kept = &self.settings.retention;
        let tx = self.db.begin_read().await?;
        let old = tx.intakes_closed_before(kept.closed.before(now, zone), BATCH).await?;
        drop(tx);
        let mut purged = 0;
        for id in old {
            purged += self.forget_closed(id).await.or_else(pass_over)?;
        }
        let tx = self.db.begin().await?;
        purged += tx.purge_intakes(kept.skeleton.before(now, zone), BATCH).await?;
        purged += tx.purge_challenges(now - CODES).await?;
        purged += tx.purge_links(now).await?;
        purged += tx.purge_downloads(kept.downloads.before(now, zone)).await?;
        purged += tx.purge_mails(kept.mails.before(now, zone), now).await?;
        purged += tx.purge_notices(kept.mails.before(now, zone)).await?;
        purged += tx.purge_deliveries(now - DELIVERIES).await?;
        purged += tx.purge_staff(now - IDLE, now).await?;
        purged += tx.forget_api_calls(now - CALLS).await?;
        purged += tx.forget_assertions(now).await?;
        purged += tx.purge_dead_jobs(kept.dead_jobs.before(now, zone)).await?;
        tx.commit().await?;
        let copies = self.db.remove_upgrade_copies(kept.upgrade_copies.before(now, zone)).await?;
        Ok(purged + copies)
    }

    /// Only the register line of a form stays. An archive that was being made again and never
    /// finished would else keep its key, and its week's, for ever.
    async fn forget_closed(&self, id: IntakeId) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        tx.lock_intake(id).await?;
        let requests = tx.requests_of(id).await?;
        if !requests.iter().all(|stored| stored.value.status.is_closed()) {
            return Ok(0);
        }
        tx.forget_contact(id, None).await?;
        tx.drop_messages(id).await?;
        for stored in requests {
            self.destroy_gathered(&tx, stored.value.id).await?;
        }
        tx.commit().await?;
        Ok(1)
    }
}
