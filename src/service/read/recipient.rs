//! Who has to be told what was done, as staff see it.

use crate::domain::policy::{Action, Denied};
use crate::domain::recipient::How;
use crate::domain::staff::Member;
use crate::domain::telling::{Progress, Telling};
use crate::ids::Reference;
use crate::service::{Desk, ServiceError};

/// Everybody who has to be told of a request.
#[derive(Debug)]
pub struct TellingsRead {
    /// One by one, by name.
    pub lines: Vec<TellingRead>,
    /// Whether this member may say that somebody was told.
    pub can_tell: bool,
}

/// One recipient.
#[derive(Debug)]
pub struct TellingRead {
    /// Who, of what, and how far it is.
    pub telling: Telling,
    /// What it does for the company, as its data map says today.
    pub role: Option<String>,
    /// Where it is, as a country code.
    pub country: Option<String>,
    /// How it was told or, before that, how the data maps say today.
    pub how: Option<How>,
}

impl Desk {
    /// Who has to be told of a request; empty where nobody is, or there is none.
    pub async fn tellings(
        &self,
        by: &Member,
        at: &Reference,
    ) -> Result<Result<TellingsRead, Denied>, ServiceError> {
        if let Err(denied) = by.may(Action::SeeRequest, self.now()) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin_read().await?;
        let all = match tx.request_by_reference(at).await? {
            Some(stored) => tx.tellings_of(stored.value.id).await?,
            None => Vec::new(),
        };
        let lines = all.into_iter().map(|telling| {
            let known = self.told_today(&telling);
            let (role, country, today) =
                known.map_or((None, None, None), |one| (one.role, one.country, one.how));
            let open = telling.progress() == Progress::Untold;
            let how = today.filter(|_| open).or_else(|| telling.how.clone());
            TellingRead { telling, role, country, how }
        });
        Ok(Ok(TellingsRead {
            lines: lines.collect(),
            can_tell: by.is_entitled(Action::Tell).is_ok(),
        }))
    }
}
