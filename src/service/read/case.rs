//! One request as staff see it: no address, no name, no record.

use jiff::Timestamp;

use super::erasure::ErasureRead;
use super::{Archive, ArchiveState, Message, Task};
use crate::archive::segment::{self, Format, Segment};
pub use crate::db::particulars::WithheldStore;
pub use crate::db::request::Happened;
use crate::domain::deadline::{Course, Kept, extendable_to};
use crate::domain::decision::RefusalGround;
use crate::domain::flag::Flag;
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::intake::Contact;
use crate::domain::language::Language;
use crate::domain::particulars::Particulars;
use crate::domain::policy::{Action, Denied};
use crate::domain::promise::Promise;
use crate::domain::request::{AnswerWay, Request};
use crate::domain::right::Right;
use crate::domain::staff::Member;
use crate::domain::state::{Move, Status};
use crate::domain::token::By;
use crate::ids::{Reference, RequestId};
use crate::service::case::{
    can_be_lifted, can_be_restricted, has_looked, holds_segments, is_refusable,
    is_to_be_mailed_again, is_to_be_replied_to, is_withholdable, shown,
};
use crate::service::child::can_be_of_child;
use crate::service::correction::corrects;
use crate::service::deadline::due_at;
use crate::service::flag::apply::tells_stores;
use crate::service::locate::gathers;
use crate::service::{Desk, ServiceError};

/// Everything that the page of one request can show.
#[derive(Debug)]
pub struct CaseRead {
    /// The request.
    pub request: Request,
    /// The language of the person's pages and mails.
    pub language: Language,
    /// The country chosen on the form.
    pub country: Option<String>,
    /// Who asks, masked; `None` once forgotten, and of people without a mailbox.
    pub who: Option<String>,
    /// Who was warned of the deletion and has said "stop, and call me", masked.
    pub called: Vec<String>,
    /// Whether it is still known who asks; with a mailbox or without.
    pub is_known: bool,
    /// Its promise.
    pub promise: Promise,
    /// The first moment at which the answer is too late by law, an extension included.
    pub statutory_until: Timestamp,
    /// Every statutory date, with its steps.
    pub dates: Vec<Kept>,
    /// What the dates follow from.
    pub course: Course,
    /// Each store's share.
    pub tasks: Vec<Task>,
    /// Its newest archive.
    pub archive: Option<Archive>,
    /// What was gathered: collections by rows, files by name and size. No content.
    pub contents: Vec<Content>,
    /// Whether single things of it can be opened: for an hour after this member looked at who asks.
    pub can_look: bool,
    /// What happened, oldest first.
    pub history: Vec<Happened>,
    /// What was written, notes among them, oldest first.
    pub thread: Vec<Message>,
    /// What belongs to it beside its right.
    pub particulars: Particulars,
    /// The request that it is about.
    pub about: Option<Reference>,
    /// Complaints, appeals and reviews that are about it.
    pub about_it: Vec<Reference>,
    /// The grounds on which it can be refused, whole or in part.
    pub grounds: Vec<RefusalGround>,
    /// Stores whose data are not given.
    pub withheld: Vec<WithheldStore>,
    /// Other open requests of the same address for the same right.
    pub duplicates: Vec<Reference>,
    /// What else this member can decide just now.
    pub also: AlsoPossible,
    /// Others that came with the same form.
    pub siblings: Vec<Reference>,
    /// Of a deletion: its plan and how far it is.
    pub erasure: Option<ErasureRead>,
    /// What this member can do with it now, their second factor left aside.
    pub can: Vec<Action>,
    /// What was written down for it about the use of data.
    pub flags: Vec<Flag>,
    /// Whether a restriction that came with it can be announced to end.
    pub can_lift: bool,
}

/// What can be decided that is no action of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlsoPossible {
    /// Asking for a further proof of who asks.
    pub proof: bool,
    /// Keeping a store's data back, or giving them after all.
    pub withhold: bool,
}

/// A part of what was gathered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The store.
    pub store: String,
    /// The collection, or the file's name.
    pub name: String,
    /// Rows; zero for a file.
    pub rows: u64,
    /// Bytes: of a file, or of the rows as NDJSON.
    pub size: u64,
    /// Whether it is a file.
    pub is_file: bool,
    /// Its first part that staff can open; none of what they are not shown.
    pub part: Option<u32>,
}

impl Desk {
    /// One request for its page; `None` when there is none.
    pub async fn case(
        &self,
        by: &Member,
        at: &Reference,
    ) -> Result<Result<Option<CaseRead>, Denied>, ServiceError> {
        let now = self.now();
        if let Err(denied) = by.may(Action::SeeRequest, now) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin_read().await?;
        let Some(stored) = tx.request_by_reference(at).await? else { return Ok(Ok(None)) };
        let request = stored.value;
        let Some(intake) = tx.intake(request.intake).await? else { return Ok(Ok(None)) };
        let dates = self.dates_of_one(&tx, &request).await?;
        let course = tx.clock(request.id).await?.unwrap_or_default().course;
        let tasks = tx.tasks_of(request.id).await?;
        let archive = tx.archive_of(request.id).await?;
        let segments: Vec<Segment> = match &archive {
            Some(archive) => {
                tx.segments_of(archive.id).await?.into_iter().map(|stored| stored.detail).collect()
            }
            None => Vec::new(),
        };
        let history = tx.history_of(request.id).await?;
        let thread = tx.thread_of(intake.id).await?;
        let particulars = tx.particulars_of(request.id).await?;
        let about = match particulars.about {
            Some(id) => tx.request(id).await?.map(|stored| stored.value.reference),
            None => None,
        };
        let duplicates = self.duplicates(&tx, &intake, &request).await?;
        let laws = self.laws(intake.country.as_deref());
        let siblings = tx.requests_of(intake.id).await?;
        let siblings = siblings.into_iter().map(|stored| stored.value);
        Ok(Ok(Some(CaseRead {
            duplicates: duplicates.into_iter().map(|other| other.reference).collect(),
            also: AlsoPossible {
                proof: by.is_entitled(Action::Clear).is_ok()
                    && matches!(request.status, Status::Gathering | Status::InReview)
                    && request.pause.is_none()
                    && history.iter().all(|one| one.kind != "proof.asked"),
                withhold: by.is_entitled(Action::Refuse).is_ok() && is_withholdable(&request),
            },
            particulars,
            about,
            about_it: tx.about(request.id).await?,
            grounds: RefusalGround::for_request(request.right, &laws),
            withheld: tx.withheld_stores(request.id).await?,
            can: possible(by.into(), &request, &tasks, archive.as_ref(), now, &dates),
            promise: Promise::at(&request.promise_facts(), self.settings.promise_hours, now),
            statutory_until: due_at(&request, &dates),
            dates,
            course,
            language: intake.language,
            country: intake.country,
            is_known: intake.contact.is_some(),
            called: called(intake.contact.as_ref(), request.id),
            who: intake.contact.and_then(|contact| contact.email).map(|email| email.masked()),
            contents: contents(self, &segments),
            can_look: by.is_entitled(Action::Reveal).is_ok()
                && archive.as_ref().is_some_and(holds_segments)
                && has_looked(&history, by, now),
            can_lift: by.is_entitled(Action::Restrict).is_ok()
                && can_be_lifted(&tx, &request).await?,
            flags: tx.flags_of(request.id).await?,
            history,
            thread: thread
                .into_iter()
                .filter(|message| message.request.is_none_or(|about| about == request.id))
                .collect(),
            siblings: siblings
                .filter(|other| other.id != request.id)
                .map(|other| other.reference)
                .collect(),
            erasure: self.erasure_read(&tx, &request).await?,
            tasks,
            archive,
            request,
        })))
    }
}

/// What is possible with a request in this state, for somebody who may decide so.
pub(super) fn possible(
    by: By<'_>,
    request: &Request,
    tasks: &[Task],
    archive: Option<&Archive>,
    now: Timestamp,
    dates: &[Kept],
) -> Vec<Action> {
    let status = request.status;
    let open = !status.is_closed();
    let failed = tasks.iter().any(|task| task.status == TaskStatus::Failed);
    let remade = archive.is_some_and(|archive| archive.state == ArchiveState::InReview);
    let is = |action: Action| match action {
        Action::Release => {
            crate::service::case::is_releasable(request) && (status == Status::InReview || remade)
        }
        Action::Approve => {
            request.right == Right::Deletion && status == Status::InReview && !request.is_at_rest()
        }
        Action::Refuse => request.hold.is_none() && !corrects(request) && is_refusable(request),
        Action::Reply => is_to_be_replied_to(request),
        Action::MarkSpam => request.hold.is_none() && status.on(Move::TakenForSpam).is_ok(),
        Action::Pause => {
            request.pause.is_some() || matches!(status, Status::Gathering | Status::InReview)
        }
        Action::Hold => request.hold.is_some() || open,
        Action::Extend => {
            open && request.verified_at.is_some()
                && request.extended_to.is_none()
                && request.answered_at.is_none()
                && extendable_to(dates, now).is_some()
        }
        Action::SetRegime => open && request.answered_at.is_none(),
        Action::Retry => {
            let asks = gathers(request) || corrects(request) || tells_stores(request);
            (failed && asks)
                || request.blockers.contains(&Blocker::JobDead)
                || request.blockers.contains(&Blocker::Remains)
                || (request.right == Right::Deletion
                    && matches!(status, Status::InReview | Status::CoolingOff)
                    && !request.is_at_rest())
                || is_to_be_mailed_again(request)
        }
        Action::Skip => {
            (gathers(request) || tells_stores(request))
                && tasks.iter().any(|task| !task.status.is_over())
        }
        Action::Clear => request.blockers.iter().any(|blocker| blocker.is_about_identity()),
        Action::Answer => {
            request.answers_by == AnswerWay::Letter
                && request.answered_at.is_none()
                && matches!(status, Status::Fulfilled | Status::Refused)
        }
        Action::Revoke => archive.is_some_and(|archive| archive.state == ArchiveState::Ready),
        Action::Write => request.verified_at.is_some(),
        Action::Restrict => can_be_restricted(request),
        Action::ChildData => can_be_of_child(request),
        Action::Note | Action::Assign | Action::Reveal => true,
        _ => false,
    };
    let entitled = |action: &Action| by.is_entitled(*action).is_ok() && is(*action);
    Action::ALL.iter().copied().filter(entitled).collect()
}

/// Segments by what they hold: pages of one collection are one line.
fn contents(desk: &Desk, segments: &[Segment]) -> Vec<Content> {
    let mut contents: Vec<Content> = Vec::new();
    // Each row stands in it twice, as NDJSON and as CSV.
    let entries = segments
        .iter()
        .flat_map(|segment| segment.entries.iter().map(move |entry| (segment, entry)));
    for (segment, entry) in entries {
        let (store, part) = (&segment.store, shown(desk, segment).map(|_| segment.object.part));
        let size = entry.size;
        let (name, rows, is_file) = match &entry.content {
            segment::Content::Rows { collection, format: Format::Ndjson, rows, .. } => {
                (collection.clone(), *rows, false)
            }
            segment::Content::Rows { .. } => continue,
            segment::Content::File { original, .. } => (original.clone(), 0, true),
        };
        let known = contents.iter_mut().find(|content| {
            !is_file && !content.is_file && content.store == *store && content.name == name
        });
        match known {
            Some(content) => {
                content.rows += rows;
                content.size += size;
            }
            None => {
                contents.push(Content { store: store.clone(), name, rows, size, is_file, part });
            }
        }
    }
    contents
}

/// The addresses, masked, whose owners want to be contacted before anything is deleted.
fn called(contact: Option<&Contact>, request: RequestId) -> Vec<String> {
    let warned = contact.iter().flat_map(|contact| &contact.warned);
    let called = warned.filter(|one| one.called && one.request == request);
    called.map(|one| one.address.masked()).collect()
}
