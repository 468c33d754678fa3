//! Hands one mail to the mail server.

use sha2::{Digest, Sha256};

use super::Worker;
use crate::db::job::{self, Claimed, Finished};
use crate::ids::MailId;
use crate::job::runner::JobError;
use crate::mail::{Fault, MessageId, Outgoing};

/// A mail may go out twice when the server's answer is lost; its Message-ID is the same then.
pub(super) async fn run(
    worker: &Worker,
    claimed: &Claimed,
    id: MailId,
) -> Result<Finished, JobError> {
    let Some(mail) = worker.desk.queued_mail(id).await? else { return worker.done(claimed).await };
    let message_id =
        MessageId::parse(&mail.message_id).ok_or(JobError::Fail { code: "bad_message_id" })?;
    let hash = Sha256::new()
        .chain_update(&mail.letter.subject)
        .chain_update([0])
        .chain_update(&mail.letter.text)
        .chain_update([0])
        .chain_update(&mail.letter.html)
        .finalize();
    let outgoing = Outgoing::new(
        mail.letter.clone(),
        message_id,
        worker.desk.settings().sender.clone(),
        mail.to.clone(),
        worker.desk.now(),
    );
    match worker.mailer.send(&outgoing).await {
        Ok(()) => {
            let tx = worker.db.begin().await?;
            worker.desk.mail_sent(&tx, &mail, hash.into()).await?;
            Ok(job::finish(tx, claimed).await?)
        }
        Err(error) if error.fault() == Fault::Recipient => {
            let tx = worker.db.begin().await?;
            worker.desk.mail_failed(&tx, &mail, error.code()).await?;
            Ok(job::finish(tx, claimed).await?)
        }
        Err(error) => Err(JobError::Retry { code: error.code(), after: None }),
    }
}
