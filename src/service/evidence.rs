//! The papers that came with a request that staff entered.

use zeroize::Zeroizing;

pub use crate::db::evidence::EvidenceFacts;
use crate::domain::event::Event;
use crate::domain::policy::{Action, Denied};
use crate::domain::staff::Member;
use crate::ids::{EvidenceId, Reference};
use crate::service::{Desk, ServiceError};

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
    /// The papers of a request's form, without their names, which may name people.
    pub async fn papers(
        &self,
        by: &Member,
        at: &Reference,
    ) -> Result<Result<Vec<EvidenceFacts>, Denied>, ServiceError> {
        if let Err(denied) = by.may(Action::SeeRequest, self.now()) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin_read().await?;
        let Some(stored) = tx.request_by_reference(at).await? else { return Ok(Ok(Vec::new())) };
        Ok(Ok(tx.evidence_of(stored.value.intake).await?))
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
