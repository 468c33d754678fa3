//! The papers that came with a request that staff entered.

use zeroize::Zeroizing;

use std::collections::HashMap;

use jiff::Timestamp;

use crate::domain::event::Event;
use crate::domain::policy::{Action, Denied};
use crate::domain::staff::Member;
use crate::ids::{EvidenceId, Reference, StaffId};
use crate::service::case::has_looked;
use crate::service::{Desk, ServiceError};

/// One paper, closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedPaper {
    /// Its id.
    pub id: EvidenceId,
    /// Who attached it.
    pub by: StaffId,
    /// In bytes.
    pub size: u64,
    /// When it was attached.
    pub at: Timestamp,
    /// Its name, which may name people: for an hour after this member looked at who asks.
    pub name: Option<String>,
}

/// One paper, opened.
pub struct OpenPaper {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub body: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for OpenPaper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenPaper(…)")
    }
}

impl Desk {
    /// The papers of a request's form, in the order in which they were attached.
    pub async fn papers(
        &self,
        by: &Member,
        at: &Reference,
    ) -> Result<Result<Vec<ClosedPaper>, Denied>, ServiceError> {
        let now = self.now();
        if let Err(denied) = by.may(Action::SeeRequest, now) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin_read().await?;
        let Some(stored) = tx.request_by_reference(at).await? else { return Ok(Ok(Vec::new())) };
        let request = stored.value;
        let papers = tx.evidence_of(request.intake).await?;
        let sees_names = !papers.is_empty()
            && by.is_entitled(Action::Reveal).is_ok()
            && has_looked(&tx.history_of(request.id).await?, by, now);
        let mut names =
            if sees_names { tx.evidence_names(request.intake).await? } else { HashMap::new() };
        let papers = papers.into_iter().map(|facts| ClosedPaper {
            id: facts.id,
            by: facts.by,
            size: facts.size,
            at: facts.at,
            name: names.remove(&facts.id),
        });
        Ok(Ok(papers.collect()))
    }

    /// Opens one paper, which is kept as an event. It shows who asks, so it needs what a reveal
    /// needs.
    pub async fn open_paper(
        &self,
        by: &Member,
        at: &Reference,
        paper: EvidenceId,
    ) -> Result<Result<Option<OpenPaper>, Denied>, ServiceError> {
        let now = self.now();
        if let Err(denied) = by.may(Action::Reveal, now) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin().await?;
        self.require_outlet(&tx).await?;
        let Some(stored) = tx.request_by_reference(at).await? else { return Ok(Ok(None)) };
        let request = stored.value;
        let Some((name, body)) = tx.evidence(request.intake, paper).await? else {
            return Ok(Ok(None));
        };
        let event = Event::by_staff(by.id, "evidence.opened").with("paper", paper);
        tx.insert_event(request.id, now, &event).await?;
        tx.commit().await?;
        Ok(Ok(Some(OpenPaper { name, body })))
    }
}
