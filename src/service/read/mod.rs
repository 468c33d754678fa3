//! What pages show: facts of a request, read in one go and changed by nothing.

pub mod asked;
pub mod case;
pub mod correction;
pub mod erasure;
pub mod gauges;
pub mod queue;
pub mod recipient;
pub mod report;

use jiff::Timestamp;

use super::advance::UNDO;
use super::deadline::due_at;
use super::download::is_fetchable;
use super::renew::is_renewable;
use super::{Desk, ServiceError};
pub use crate::db::archive::{Archive, ArchiveState};
pub use crate::db::download::Download;
pub use crate::db::message::{Author, Message};
pub use crate::db::task::Task;
use crate::domain::correction::Change;
use crate::domain::flag::Flag;
use crate::domain::intake::Intake;
use crate::domain::promise::Promise;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::Token;
use erasure::ErasureRead;

/// Everything that a status page can show.
#[derive(Debug)]
pub struct StatusRead {
    /// The form.
    pub intake: Intake,
    /// Its requests.
    pub requests: Vec<RequestRead>,
    /// Whether the private part is open.
    pub unlocked: bool,
    /// The thread; empty while locked.
    pub messages: Vec<Message>,
}

/// One request on a status page.
#[derive(Debug)]
pub struct RequestRead {
    /// The request.
    pub request: Request,
    /// Its promise.
    pub promise: Promise,
    /// Each store's share.
    pub tasks: Vec<Task>,
    /// Its newest archive.
    pub archive: Option<Archive>,
    /// Until when the law wants an answer, an extension included.
    pub statutory_until: Timestamp,
    /// When staff looked at who asks; empty while locked.
    pub looked_at: Vec<Timestamp>,
    /// What a correction shall put right and what became of it; empty while locked.
    pub changes: Vec<Change>,
    /// Whether that can be fetched.
    pub fetchable: bool,
    /// Whether it can be made again.
    pub renewable: bool,
    /// Until when a withdrawal can be undone.
    pub undo_until: Option<jiff::Timestamp>,
    /// Of a deletion: its plan and how far it is; `None` while locked.
    pub erasure: Option<ErasureRead>,
    /// What was written down for it about the use of data.
    pub flags: Vec<Flag>,
}

impl Desk {
    /// Reads a status page. `None` when the link leads nowhere.
    pub async fn status_page(
        &self,
        token: &Token,
        cookie: Option<&Token>,
    ) -> Result<Option<StatusRead>, ServiceError> {
        let now = self.now();
        let tx = self.db.begin_read().await?;
        let Some((id, unlocked)) = self.status_of(&tx, token, cookie).await? else {
            return Ok(None);
        };
        let Some(intake) = tx.intake(id).await? else { return Ok(None) };
        let mut requests = Vec::new();
        for stored in tx.requests_of(id).await? {
            let request = stored.value;
            let archive = tx.archive_of(request.id).await?;
            let fetchable = archive.as_ref().is_some_and(|archive| is_fetchable(archive, now));
            let gone = archive.as_ref().is_some_and(|archive| archive.state == ArchiveState::Gone);
            let withdrawn = request.status == Status::Withdrawn && intake.contact.is_some();
            let looked_at = if unlocked {
                let history = tx.history_of(request.id).await?;
                let looked = |kind: &str| matches!(kind, "identity.revealed" | "item.revealed");
                let looks = history.into_iter().filter(|one| looked(&one.kind));
                looks.map(|one| one.at).collect()
            } else {
                Vec::new()
            };
            let dates = self.dates_of_one(&tx, &request).await?;
            let erasure = if unlocked { self.erasure_read(&tx, &request).await? } else { None };
            let asks = unlocked && request.right == Right::Correction;
            let changes = if asks { tx.changes_of(request.id).await? } else { Vec::new() };
            requests.push(RequestRead {
                erasure,
                changes,
                statutory_until: due_at(&request, &dates),
                looked_at,
                promise: Promise::at(&request.promise_facts(), self.settings.promise_hours, now),
                tasks: tx.tasks_of(request.id).await?,
                renewable: gone && is_renewable(&request, now) && intake.contact.is_some(),
                undo_until: request
                    .completed_at
                    .filter(|_| withdrawn)
                    .map(|at| at + UNDO)
                    .filter(|until| *until > now),
                fetchable,
                archive,
                flags: tx.flags_of(request.id).await?,
                request,
            });
        }
        let messages = if unlocked { tx.messages_of(id).await? } else { Vec::new() };
        Ok(Some(StatusRead { intake, requests, unlocked, messages }))
    }
}
