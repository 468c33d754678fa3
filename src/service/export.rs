//! Gathers for the operator at the command line: recorded like any request, let out to a file.

use super::{Desk, ServiceError};
use crate::db::archive::{Archive, ArchiveState};
use crate::db::task::Task;
use crate::domain::event::Event;
use crate::domain::intake::{Contact, Intake};
use crate::domain::language::Language;
use crate::domain::request::{Channel, NewRequest, Request};
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::domain::text::TypedText;
use crate::ids::{IntakeId, Reference, RequestId, StaffId};
use crate::keys::stream::ArchiveKey;
use crate::mail::messages::CopyTaken;

/// What is to be gathered at the command line.
#[derive(Debug)]
pub struct NewExport {
    /// With the facts about use, or the data alone.
    pub right: Right,
    /// Whose data: the keys to search by.
    pub contact: Contact,
    /// The language of the archive.
    pub language: Language,
    /// Who lets it out although nobody has approved it, and why. Without it no account may exist.
    pub break_glass: Option<(StaffId, TypedText)>,
}

/// How far an export is.
#[derive(Debug)]
pub struct ExportRead {
    /// The request.
    pub request: Request,
    /// Each store's share.
    pub tasks: Vec<Task>,
    /// Its newest archive.
    pub archive: Option<Archive>,
}

impl Desk {
    /// Begins to gather. The person's address is taken as checked by whoever runs the command; no
    /// code is asked for, and nothing is mailed but, after a break of the glass, that it was broken.
    pub async fn open_export(&self, new: NewExport) -> Result<Reference, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let mut intake = Intake {
            id: IntakeId(self.entropy.uuid(now)),
            received_at: now,
            language: new.language,
            country: None,
            contact: Some(new.contact),
            reminded_at: None,
        };
        tx.insert_intake(&intake).await?;
        let request = Request::open(NewRequest {
            id: RequestId(self.entropy.uuid(now)),
            intake: intake.id,
            reference: tx.new_reference(&*self.entropy).await?,
            right: new.right,
            on_behalf: false,
            channel: Channel::CommandLine,
            received_at: now,
        });
        let reference = request.reference.clone();
        let received = Event::by_system("request.received");
        self.write_down(&tx, &request, None, received, now).await?;
        let vouched = match &new.break_glass {
            None => Event::by_system("request.vouched"),
            Some((by, reason)) => {
                tx.insert_event(request.id, now, &Event::by_staff(*by, "export.break_glass"))
                    .await?;
                tx.insert_staff_message(
                    &request,
                    super::read::Author::Note,
                    Some(*by),
                    reason,
                    now,
                )
                .await?;
                let message = CopyTaken { reference: reference.clone(), at: now };
                self.post(&tx, &intake, None, None, &message).await?;
                Event::by_staff(*by, "request.vouched")
            }
        };
        let mut one: Vec<_> = tx.requests_of(intake.id).await?;
        self.advance(&tx, &mut intake, &mut one, Move::Vouched, &vouched, now).await?;
        tx.commit().await?;
        Ok(reference)
    }

    /// How far the request is; `None` where there is no such one.
    pub async fn export_read(&self, at: &Reference) -> Result<Option<ExportRead>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(stored) = tx.request_by_reference(at).await? else { return Ok(None) };
        let request = stored.value;
        let tasks = tx.tasks_of(request.id).await?;
        let archive = tx.archive_of(request.id).await?;
        Ok(Some(ExportRead { request, tasks, archive }))
    }

    /// The key of a finished archive, for writing it to a file; `None` while there is none.
    pub async fn export_key(
        &self,
        at: &Reference,
    ) -> Result<Option<(Archive, ArchiveKey)>, ServiceError> {
        let Some(ExportRead { archive: Some(archive), .. }) = self.export_read(at).await? else {
            return Ok(None);
        };
        let Some(wrapped) =
            archive.wrapped_key.as_ref().filter(|_| archive.state == ArchiveState::Ready)
        else {
            return Ok(None);
        };
        let tx = self.db.begin_read().await?;
        self.require_outlet(&tx).await?;
        drop(tx);
        let key = self.epochs.unwrap(archive.id.0, wrapped).await?;
        Ok(Some((archive, key)))
    }

    /// The archive lies in a file. One that was made for the command line has served, and its
    /// sealed copy is destroyed.
    pub async fn export_taken(&self, at: &Reference) -> Result<(), ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(seen) = tx.request_by_reference(at).await? else { return Ok(()) };
        let Some((_, mut stored)) = self.lock_request(&tx, seen.value.id).await? else {
            return Ok(());
        };
        tx.insert_event(stored.value.id, now, &Event::by_system("archive.exported")).await?;
        if stored.value.channel == Channel::CommandLine && stored.value.status == Status::Fulfilled
        {
            stored.value.answered_at.get_or_insert(now);
            tx.update_request(&stored).await?;
            if let Some(archive) = tx.archive_of(stored.value.id).await? {
                self.expire(&tx, archive, Event::by_system("archive.destroyed"), now).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}
