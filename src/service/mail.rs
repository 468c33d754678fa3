//! What the mail job tells: sent, or not to be sent.

use super::{Desk, ServiceError};
use crate::db::outbox::QueuedMail;
use crate::domain::event::Event;
use crate::domain::gather::Blocker;
use crate::ids::MailId;

impl Desk {
    /// A mail that still waits to be sent.
    pub async fn queued_mail(&self, id: MailId) -> Result<Option<QueuedMail>, ServiceError> {
        let tx = self.db.begin_read().await?;
        Ok(tx.queued_mail(id).await?)
    }

    /// The mail server has it: a code's ten minutes begin, an answer stops the promise.
    pub(crate) async fn mail_sent(
        &self,
        tx: &crate::db::Tx,
        mail: &QueuedMail,
        content_hash: [u8; 32],
    ) -> Result<(), ServiceError> {
        let now = self.now();
        tx.mail_sent(mail.id, content_hash, now).await?;
        if let Some(challenge) = mail.challenge {
            tx.start_challenge(challenge, now).await?;
        }
        let Some(id) = mail.request else { return Ok(()) };
        let kind = mail.letter.kind;
        if let Some(mut stored) = tx.request(id).await? {
            let event = Event::by_system("mail.sent").with("kind", kind);
            tx.insert_event(id, now, &event).await?;
            if kind.is_answer() && stored.value.answered_at.is_none() {
                stored.value.answered_at = Some(now);
                tx.update_request(&stored).await?;
            }
        }
        Ok(())
    }

    /// The mail server will not have it: staff has to find another way to answer.
    pub(crate) async fn mail_failed(
        &self,
        tx: &crate::db::Tx,
        mail: &QueuedMail,
        code: &str,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        tx.mail_failed(mail.id, code).await?;
        let Some(id) = mail.request else { return Ok(()) };
        if let Some(mut stored) = tx.request(id).await? {
            let event =
                Event::by_system("mail.failed").with("kind", mail.letter.kind).with("code", code);
            tx.insert_event(id, now, &event).await?;
            stored.value.blockers.insert(Blocker::MailFailed);
            tx.update_request(&stored).await?;
        }
        Ok(())
    }
}
