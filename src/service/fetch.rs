//! A program fetches the archive of a request: no code, a token, and a record.

use jiff::SignedDuration;

use super::download::{OpenArchive, is_fetchable};
use super::read::asked::{RequestName, named};
use super::{Desk, ServiceError};
use crate::db::archive::ArchiveState;
use crate::domain::event::{ActorKind, Event};
use crate::domain::state::Status;
use crate::domain::token::Grant;
use crate::ids::{ArchiveId, Reference};

/// That a program reads an archive is written down once in so long, however many parts it asks for.
const NOTE_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// What is written down then.
const OPENED: &str = "download.opened";

/// What there is to fetch.
#[derive(Debug)]
pub enum Fetched {
    /// The archive may be read.
    Open(Box<OpenArchive>, Reference),
    /// It is being made, or waits for somebody.
    NotReady(Status),
    /// There is none any more, or there never will be one.
    Gone,
    /// The token reads the archives of its own requests only.
    NotYours,
    /// There is no such request.
    NoSuchRequest,
}

impl Desk {
    /// Opens the archive of a request for a program, and writes down that it did. Looked at anew for
    /// every request of every range.
    pub async fn fetch(&self, by: &Grant, name: &RequestName) -> Result<Fetched, ServiceError> {
        let now = self.now();
        let tx = self.db.begin_read().await?;
        let Some(request) = named(&tx, name).await? else { return Ok(Fetched::NoSuchRequest) };
        if !by.reads(request.created_by) {
            return Ok(Fetched::NotYours);
        }
        let archive = tx.archive_of(request.id).await?;
        let opened = tx.history_of(request.id).await?.into_iter().any(|one| {
            let ours = one.actor == ActorKind::Token && one.by == Some(by.id.0);
            ours && one.kind == OPENED && one.at + NOTE_EVERY > now
        });
        self.require_outlet(&tx).await?;
        drop(tx);
        let open = !request.status.is_closed();
        let made = matches!(
            archive.as_ref().map(|archive| archive.state),
            Some(ArchiveState::Building | ArchiveState::InReview)
        );
        let ready = archive.filter(|archive| is_fetchable(archive, now));
        let Some(archive) = ready else {
            let coming = open || (made && request.status == Status::Fulfilled);
            return Ok(if coming { Fetched::NotReady(request.status) } else { Fetched::Gone });
        };
        let Some(wrapped) = &archive.wrapped_key else { return Ok(Fetched::Gone) };
        let key = self.epochs.unwrap(archive.id.0, wrapped).await?;
        if !opened {
            let tx = self.db.begin().await?;
            tx.insert_event(request.id, now, &Event::by_token(by.id, OPENED)).await?;
            tx.commit().await?;
        }
        Ok(Fetched::Open(Box::new(OpenArchive { archive, key }), request.reference))
    }

    /// Records that the last byte of an archive has left for a program.
    pub async fn record_fetched(&self, by: &Grant, id: ArchiveId) -> Result<(), ServiceError> {
        let tx = self.db.begin().await?;
        if let Some(request) = tx.count_download(id).await? {
            let event = Event::by_token(by.id, "download.completed");
            tx.insert_event(request, self.now(), &event).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
