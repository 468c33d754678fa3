//! Destroys an archive before its time is over.

use super::{Case, Deed, case};
use crate::db::archive::ArchiveState;
use crate::domain::policy::Action;
use crate::domain::token::By;
use crate::ids::Reference;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Destroys the key of an archive that lies ready. Whoever fetches it just now gets no further
    /// byte; the person can have it made again, as after its time.
    pub async fn revoke(
        &self,
        by: impl Into<By<'_>>,
        at: &Reference,
    ) -> Result<Deed, ServiceError> {
        let by = by.into();
        let Case { tx, intake, stored, now } = case!(self.open_case(by, Action::Revoke, at).await?);
        let archive = tx.archive_of(stored.value.id).await?;
        let Some(archive) = archive.filter(|archive| archive.state == ArchiveState::Ready) else {
            return Ok(Deed::NotNow);
        };
        self.expire(&tx, archive, by.event("archive.revoked"), now).await?;
        self.time_links(&tx, intake.id).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
