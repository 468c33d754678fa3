//! Mails to one member of staff all that waits to be told them.

use super::Worker;
use crate::db::job::{self, Claimed, Finished};
use crate::ids::StaffId;
use crate::job::runner::JobError;
use crate::mail::Fault;

pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    staff: StaffId,
) -> Result<Finished, JobError> {
    let Some(notice) = worker.desk.notice_mail(staff).await? else {
        let tx = worker.db.begin().await?;
        worker.desk.drop_notices(&tx, staff).await?;
        return Ok(job::finish(tx, claimed).await?);
    };
    let trouble = match worker.mailer.send(&notice.mail).await {
        Ok(()) => None,
        Err(error) if error.fault() == Fault::Recipient => Some(error.code()),
        Err(error) => return Err(JobError::Retry { code: error.code(), after: None }),
    };
    let tx = worker.db.begin().await?;
    worker.desk.notices_sent(&tx, &notice.notices, trouble).await?;
    Ok(job::finish(tx, claimed).await?)
}
