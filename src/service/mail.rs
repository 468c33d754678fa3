//! What the mail job tells: sent, or not to be sent.

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::outbox::QueuedMail;
use crate::domain::event::Event;
use crate::domain::gather::Blocker;
use crate::domain::mail::MailKind;
use crate::domain::notice::Notice;
use crate::ids::{MailId, RequestId};

impl Desk {
    /// A mail that still waits to be sent. An answer does not go out while nothing is let out.
    pub async fn queued_mail(&self, id: MailId) -> Result<Option<QueuedMail>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let mail = tx.queued_mail(id).await?;
        if mail.as_ref().is_some_and(|mail| mail.letter.kind.is_answer()) {
            self.require_outlet(&tx).await?;
        }
        Ok(mail)
    }

    /// The mail server has it: a code's ten minutes begin, an answer stops the promise.
    pub(crate) async fn mail_sent(
        &self,
        tx: &Tx,
        mail: &QueuedMail,
        content_hash: [u8; 32],
    ) -> Result<(), ServiceError> {
        let now = self.now();
        // Not to be undone by somebody else's change of the request: the mail would go out twice.
        tx.lock_intake(mail.intake).await?;
        tx.mail_sent(mail.id, content_hash, now).await?;
        if let Some(challenge) = mail.challenge {
            tx.start_challenge(challenge, now).await?;
        }
        let Some(id) = mail.request else { return Ok(()) };
        let kind = mail.letter.kind;
        if let Some(mut stored) = tx.request(id).await? {
            let event = Event::by_system("mail.sent").with("kind", kind);
            tx.insert_event(id, now, &event).await?;
            // Mail gets through again. While the answer itself has not, staff still has to look.
            let answered = kind.is_answer() || stored.value.answered_at.is_some();
            let cleared = answered && stored.value.blockers.remove(&Blocker::MailFailed);
            let first = kind.is_answer() && stored.value.answered_at.is_none();
            if first {
                stored.value.answered_at = Some(now);
                self.count_answer(&stored.value);
            }
            let told = kind == MailKind::Extended && stored.value.extended_to.is_some();
            if told {
                self.extension_told(tx, &mut stored.value, now).await?;
            }
            if first || cleared || told {
                tx.update_request(&stored).await?;
            }
        }
        Ok(())
    }

    /// The mail server will not have it: staff has to find another way to answer.
    pub(crate) async fn mail_failed(
        &self,
        tx: &Tx,
        mail: &QueuedMail,
        code: &str,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        tx.lock_intake(mail.intake).await?;
        tx.mail_failed(mail.id, code).await?;
        let Some(id) = mail.request else { return Ok(()) };
        if let Some(mut stored) = tx.request(id).await? {
            let event =
                Event::by_system("mail.failed").with("kind", mail.letter.kind).with("code", code);
            tx.insert_event(id, now, &event).await?;
            if mail.letter.kind == MailKind::Extended && stored.value.extended_to.is_some() {
                self.extension_lost(tx, &mut stored.value, now).await?;
            }
            if stored.value.blockers.insert(Blocker::MailFailed) {
                let notice = Notice::Blocked(Blocker::MailFailed);
                self.tell_staff(tx, &stored.value, notice, now).await?;
            }
            tx.update_request(&stored).await?;
        }
        Ok(())
    }

    /// The mail server was out of reach for too long.
    pub(crate) async fn mail_given_up(
        &self,
        tx: &Tx,
        id: MailId,
        code: &str,
    ) -> Result<(), ServiceError> {
        match tx.queued_mail(id).await? {
            Some(mail) => self.mail_failed(tx, &mail, code).await,
            None => Ok(()),
        }
    }

    /// Something of a request was given up: staff has to look.
    pub(crate) async fn raise_hand(
        &self,
        tx: &Tx,
        request: RequestId,
        blocker: Blocker,
        code: &str,
    ) -> Result<(), ServiceError> {
        let Some((_, stored)) = self.lock_request(tx, request).await? else { return Ok(()) };
        let event = Event::by_system("job.died").with("code", code);
        tx.insert_event(request, self.now(), &event).await?;
        self.block(tx, stored, blocker, self.now()).await
    }
}
