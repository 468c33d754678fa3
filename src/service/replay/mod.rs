//! Deletions that are done again after a store was restored from a backup. The ledger says what was
//! deleted, by keyed hashes; what of it is there again, and holds what it held then, goes once an
//! officer has approved it. Whoever came anew since is not touched.

mod find;
mod past;
mod step;

pub use find::ReplayFound;
pub use step::{BeginReplay, ReplayWork};

use super::case::Deed;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::domain::event::Event;
use crate::domain::job::Job;
use crate::domain::plan::PlanDigest;
use crate::domain::policy::Action;
use crate::domain::replay::{REPLAY_LIFE, Replay, ReplayState};
use crate::domain::staff::Member;
use crate::ids::{Reference, ReplayId};

/// How many a page shows.
const SHOWN: u64 = 20;

impl Desk {
    /// Plans of deletions to be done again, the newest first.
    pub async fn replays(&self) -> Result<Vec<Replay>, ServiceError> {
        Ok(self.db.begin_read().await?.replays(SHOWN).await?)
    }

    /// Approves one by its fingerprint, and begins with it.
    pub async fn approve_replay(
        &self,
        by: &Member,
        id: ReplayId,
        digest: &PlanDigest,
    ) -> Result<Deed, ServiceError> {
        let now = self.now();
        if let Err(denied) = by.may(Action::Approve, now) {
            return Ok(Deed::Denied(denied));
        }
        let tx = self.db.begin().await?;
        if self.is_shut(&tx).await? {
            return Ok(Deed::AuditFirst);
        }
        let Some(mut replay) = tx.lock_replay(id).await? else { return Ok(Deed::NoSuchRequest) };
        let over = replay.made_at + REPLAY_LIFE <= now;
        if replay.state != ReplayState::Waiting || replay.digest != *digest || over {
            return Ok(Deed::NotNow);
        }
        replay.state = ReplayState::Running;
        replay.approved_by = Some(by.id);
        replay.approved_at = Some(now);
        tx.update_replay(&replay).await?;
        let event = Event::by_staff(by.id, "replay.approved")
            .with("replay", replay.id)
            .with("plan", replay.digest.as_str())
            .with("rows", replay.rows());
        tx.insert_house_event(now, &event).await?;
        self.next_replay_step(&tx, &mut replay).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Enqueues the next step, or says that it is over.
    async fn next_replay_step(&self, tx: &Tx, replay: &mut Replay) -> Result<(), ServiceError> {
        if let Some(step) = replay.next() {
            let store = replay.lines[step].store.clone();
            let job = Job::ReplayStep { replay: replay.id, step, store };
            return Ok(self.enqueue_anew(tx, &job, None).await?);
        }
        let now = self.now();
        replay.state = ReplayState::Done;
        replay.done_at = Some(now);
        tx.update_replay(replay).await?;
        let well = replay.lines.iter().filter(|line| line.fate.is_well()).count();
        let event = Event::by_system("replay.done")
            .with("replay", replay.id)
            .with("steps", replay.lines.len())
            .with("well", well);
        Ok(tx.insert_house_event(now, &event).await?)
    }

    /// Whether the person of a deletion is held by now.
    async fn is_deletion_held(&self, tx: &Tx, reference: &str) -> Result<bool, ServiceError> {
        let Some(reference) = Reference::parse(reference) else { return Ok(false) };
        let Some(stored) = tx.request_by_reference(&reference).await? else { return Ok(false) };
        Ok(tx.is_person_held(stored.value.intake).await?)
    }
}
