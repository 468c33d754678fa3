//! May these data be used for that? The company's programs ask before they do.

use crate::domain::flag::{Answer, may};
use crate::domain::subject::SubjectKey;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Whether the data of the person under `keys` may be used for a purpose; `None` for a purpose
    /// that nobody here knows. The work is the same whether or not the person is known, and so is
    /// the answer where they never said anything.
    pub async fn look_up(
        &self,
        keys: &[SubjectKey],
        purpose: &str,
    ) -> Result<Option<Answer>, ServiceError> {
        let Some(purpose) = self.purposes().known(purpose) else { return Ok(None) };
        let tx = self.db.begin_read().await?;
        let flags = tx.said_under(keys).await?;
        Ok(Some(may(&purpose, &flags, self.now())))
    }
}
