//! A consent that the person gave in the company's own program.

use jiff::Timestamp;

use crate::db::flag::{FlagSource, NewFlag};
use crate::domain::flag::{FlagKind, Purpose, may};
use crate::domain::subject::SubjectKey;
use crate::domain::token::{By, Grant};
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Writes down that the person under `keys` consented at `given_at`. True unless it changes
    /// nothing: the same was recorded before, or the person has said otherwise since.
    pub async fn record_consent(
        &self,
        by: &Grant,
        keys: &[SubjectKey],
        purpose: &Purpose,
        given_at: Timestamp,
    ) -> Result<bool, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let with = tx.make_flag_key().await?;
        let before = tx.flags_under(&with, keys).await?;
        let known = before.iter().any(|flag| {
            let same = flag.kind == FlagKind::Consent && flag.purpose.as_ref() == Some(purpose);
            same && flag.from == given_at
        });
        if !known {
            let new = NewFlag {
                kind: FlagKind::Consent,
                purpose: Some(purpose),
                from: given_at,
                source: FlagSource::Program,
                request: None,
            };
            for key in keys {
                tx.insert_flag(&with, key, &new).await?;
            }
            let event = By::Token(by).event("consent.recorded").with("purpose", purpose);
            tx.insert_house_event(now, &event).await?;
        }
        let flags = tx.flags_under(&with, keys).await?;
        tx.commit().await?;
        Ok(!known && may(purpose, &flags, now) != may(purpose, &before, now))
    }
}
