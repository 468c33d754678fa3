//! The archive lies ready, or its time is over.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::forward::Forwarded;
use super::{Desk, ServiceError};
use crate::archive::finish::Finished;
use crate::archive::segment::Segment;
use crate::archive::vault::SealedObject;
use crate::crash;
use crate::db::Tx;
use crate::db::archive::{Archive, ArchiveState};
use crate::db::job;
pub use crate::db::particulars::WithheldStore;
use crate::db::task::Task;
use crate::domain::event::Event;
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::particulars::Particulars;
use crate::domain::request::Request;
use crate::domain::state::{Move, Status};
use crate::domain::webhook::WebhookKind;
use crate::ids::{ArchiveId, RequestId};
use crate::keys::epoch::{Epoch, EpochKeys};
use crate::keys::stream::ArchiveKey;

/// What finishing an archive needs.
#[derive(Debug)]
pub struct FinishWork {
    /// The form.
    pub intake: Intake,
    /// The request.
    pub request: Request,
    /// What belongs to it beside its right.
    pub particulars: Particulars,
    /// By which kinds of keys the person was searched for, sorted.
    pub kinds: Vec<String>,
    /// Stores whose data are not given.
    pub withheld: Vec<WithheldStore>,
    /// Other controllers to whom the request is forwarded, by name.
    pub forwarded: Vec<Forwarded>,
    /// What each store amounts to.
    pub tasks: Vec<Task>,
    /// The archive.
    pub archive: Archive,
    /// Its key.
    pub key: ArchiveKey,
    /// The time to print in it: fixed at the first try, so that every try gives the same bytes.
    pub made_at: Timestamp,
}

/// What of an archive can be removed from storage.
#[derive(Debug)]
pub enum Droppable {
    /// It is still being made.
    Nothing,
    /// All but the archive itself: the segments, which are copied into it, and what jobs left that
    /// were cut off.
    AllBut(SealedObject),
    /// Everything.
    All,
}

impl Desk {
    /// What is to be finished; `None` when there is nothing to finish any more.
    pub async fn finish_work(&self, id: ArchiveId) -> Result<Option<FinishWork>, ServiceError> {
        let tx = self.db.begin().await?;
        let Some(seen) = tx.archive(id).await? else { return Ok(None) };
        let Some((intake, stored)) = self.lock_request(&tx, seen.request).await? else {
            return Ok(None);
        };
        // A key that was destroyed meanwhile must not be written back.
        let Some(mut archive) = tx.archive(id).await? else { return Ok(None) };
        let wanted = matches!(stored.value.status, Status::Executing | Status::Fulfilled);
        if archive.state != ArchiveState::Building || !wanted {
            return Ok(None);
        }
        self.require_outlet(&tx).await?;
        let request = stored.value.id;
        let tasks = tx.tasks_of(request).await?;
        let particulars = tx.particulars_of(request).await?;
        let withheld = tx.withheld_stores(request).await?;
        let forwarded = self.forwarded(&tx, request).await?;
        let keys = tx.keys_of(request).await?;
        let kinds: BTreeSet<String> = keys.iter().map(|known| known.key.kind.to_string()).collect();
        let kinds = kinds.into_iter().collect();
        let made_at = if let Some(at) = archive.made_at {
            at
        } else {
            let now = self.now();
            archive.made_at = Some(now);
            tx.update_archive(&archive).await?;
            now
        };
        tx.commit().await?;
        let Some(key) = self.building_key(id).await? else { return Ok(None) };
        let request = stored.value;
        Ok(Some(FinishWork {
            intake,
            request,
            particulars,
            kinds,
            withheld,
            forwarded,
            tasks,
            archive,
            key,
            made_at,
        }))
    }

    /// The key of an archive that is being built, drawn when it is first asked for; `None` when the
    /// archive is not being built any more. No transaction is open meanwhile: what wraps it may lie
    /// on another machine.
    pub(super) async fn building_key(
        &self,
        id: ArchiveId,
    ) -> Result<Option<ArchiveKey>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let archive = tx.archive(id).await?.filter(is_building);
        drop(tx);
        let Some(archive) = archive else { return Ok(None) };
        let wrapped = match archive.wrapped_key {
            Some(wrapped) => wrapped,
            None => match self.draw_key(id).await? {
                Some(wrapped) => wrapped,
                None => return Ok(None),
            },
        };
        Ok(Some(self.epochs.unwrap(id.0, &wrapped).await?))
    }

    /// Gives an archive its key, unless another job was first. Returns what there is, wrapped.
    async fn draw_key(&self, id: ArchiveId) -> Result<Option<Vec<u8>>, ServiceError> {
        let now = self.now();
        let key = ArchiveKey::draw(id.0, &*self.entropy);
        let wrapped = self.epochs.wrap(now, &*self.entropy, &key).await?;
        let tx = self.db.begin().await?;
        let Some((_, _, mut archive)) = self.lock_archive(&tx, id).await? else { return Ok(None) };
        if !is_building(&archive) || archive.wrapped_key.is_some() {
            return Ok(archive.wrapped_key.filter(|_| archive.state == ArchiveState::Building));
        }
        archive.epoch = EpochKeys::epoch_of(&wrapped).map(|epoch| epoch.to_string());
        archive.wrapped_key = Some(wrapped.clone());
        tx.update_archive(&archive).await?;
        tx.commit().await?;
        Ok(Some(wrapped))
    }

    /// The segments of an archive, in the order of their numbers.
    pub async fn segments(&self, id: ArchiveId) -> Result<Vec<Segment>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let stored = tx.segments_of::<Segment>(id).await?;
        Ok(stored.into_iter().map(|stored| stored.detail).collect())
    }

    /// The archive is stored: it can be fetched from now on, and the person is told. `false` when
    /// it is not wanted any more; then the object is the caller's to remove.
    pub(crate) async fn archive_finished(
        &self,
        tx: &Tx,
        id: ArchiveId,
        finished: &Finished,
    ) -> Result<bool, ServiceError> {
        let now = self.now();
        let Some(seen) = tx.archive(id).await? else { return Ok(false) };
        let Some((mut intake, stored)) = self.lock_request(tx, seen.request).await? else {
            return Ok(false);
        };
        let Some(mut archive) = tx.archive(id).await? else { return Ok(false) };
        let wanted = matches!(stored.value.status, Status::Executing | Status::Fulfilled);
        if archive.state != ArchiveState::Building || !wanted {
            return Ok(false);
        }
        archive.state = ArchiveState::Ready;
        archive.object = serde_json::to_string(&finished.object).ok();
        archive.size = finished.size;
        archive.sha256 = Some(finished.sha256.0);
        archive.expires_at = Some(self.ends(self.settings.keep, now));
        tx.update_archive(&archive).await?;
        // The keys under which the person was found have served.
        tx.drop_keys(archive.request).await?;
        // Segments are copied into the archive; what they stand in can go.
        self.enqueue(tx, &Job::DropArchive { archive: id, gone: false }, Some(archive.request))
            .await?;
        let event = Event::by_system("archive.ready").with("size", finished.size);
        let mut one = [stored];
        if one[0].value.status == Status::Executing {
            self.advance(tx, &mut intake, &mut one, Move::ArchiveReady, &event, now).await?;
        } else {
            tx.insert_event(archive.request, now, &event).await?;
            self.say_archive_ready(tx, &intake, &mut one[0], now).await?;
            self.announce(tx, &one[0].value, &[WebhookKind::ArchiveReady], now).await?;
            tx.update_request(&one[0]).await?;
        }
        Ok(true)
    }

    /// What of an archive nothing needs any more.
    pub async fn droppable(&self, id: ArchiveId) -> Result<Droppable, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(archive) = tx.archive(id).await? else { return Ok(Droppable::All) };
        Ok(match archive.state {
            ArchiveState::Building | ArchiveState::InReview => Droppable::Nothing,
            ArchiveState::Gone => Droppable::All,
            ArchiveState::Ready => {
                let object = archive.object.as_deref();
                let object = object.and_then(|text| serde_json::from_str(text).ok());
                object.map_or(Droppable::Nothing, Droppable::AllBut)
            }
        })
    }

    /// Whether a job of the request may still put an object where others are being removed.
    pub async fn is_being_gathered(&self, request: RequestId) -> Result<bool, ServiceError> {
        let tx = self.db.begin_read().await?;
        Ok(job::has_unfinished(&tx, request.0, &Job::THAT_WRITE_ARCHIVES).await?)
    }

    /// The objects are removed.
    pub(crate) async fn dropped(&self, tx: &Tx, id: ArchiveId) -> Result<(), ServiceError> {
        if let Some(seen) = tx.archive(id).await? {
            self.lock_request(tx, seen.request).await?;
        }
        tx.drop_segments(id).await?;
        if let Some(mut archive) = tx.archive(id).await?
            && archive.state == ArchiveState::Gone
        {
            archive.object = None;
            tx.update_archive(&archive).await?;
        }
        Ok(())
    }

    /// Destroys the key of an archive whose time is over, or is cut short; a job removes the object.
    pub(super) async fn expire(
        &self,
        tx: &Tx,
        mut archive: Archive,
        event: Event,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        archive.state = ArchiveState::Gone;
        archive.wrapped_key = None;
        tx.update_archive(&archive).await?;
        tx.drop_keys(archive.request).await?;
        let event = event.with("downloads", archive.downloads);
        tx.insert_event(archive.request, now, &event).await?;
        self.enqueue(
            tx,
            &Job::DropArchive { archive: archive.id, gone: true },
            Some(archive.request),
        )
        .await?;
        Ok(())
    }

    /// Wipes the epoch keys that this process holds in memory, so that none that another process
    /// destroys lives on in it for longer than between two calls.
    pub fn forget_keys(&self) {
        self.epochs.forget();
    }

    /// Destroys epoch keys that no archive needs any more; the present one stays.
    pub(super) async fn destroy_epochs(&self) -> Result<u64, ServiceError> {
        let now = self.now();
        // The last hour's week too: an archive whose key is wrapped may not be written down yet. And
        // a coming one, which a machine whose clock is ahead may have begun. Any number of nodes may
        // do this at once.
        let present = Epoch::of(now - SignedDuration::from_hours(1));
        let mut destroyed = 0;
        for epoch in self.epochs.list().await? {
            if epoch >= present {
                continue;
            }
            let tx = self.db.begin_read().await?;
            let needed = tx.epoch_is_needed(&epoch.to_string()).await?;
            drop(tx);
            if !needed {
                crash::point("epoch key before");
                self.epochs.destroy(epoch).await?;
                crash::point("epoch key after");
                destroyed += 1;
            }
        }
        Ok(destroyed)
    }
}

fn is_building(archive: &Archive) -> bool {
    archive.state == ArchiveState::Building
}
