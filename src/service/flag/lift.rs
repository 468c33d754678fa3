//! The end of a restriction, after it was announced.

use super::keys_of;
use crate::db::Tx;
use crate::db::outbox::MailStatus;
use crate::domain::event::Event;
use crate::domain::flag::{Flag, FlagKind};
use crate::domain::gather::Blocker;
use crate::domain::mail::MailKind;
use crate::ids::RequestId;
use crate::service::{Desk, ServiceError};

/// What came of a restriction whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifting {
    /// Done, put off until staff decides anew, or there was nothing to lift.
    Over,
    /// The mail that tells of it still waits, or its hour has not come.
    NotYet,
}

impl Desk {
    /// Lifts a restriction whose announced hour has come and whose announcement was accepted. One
    /// that could not be delivered stays, and staff is told.
    pub(crate) async fn lift_due(
        &self,
        tx: &Tx,
        request: RequestId,
    ) -> Result<Lifting, ServiceError> {
        let now = self.now();
        let Some((intake, stored)) = self.lock_request(tx, request).await? else {
            return Ok(Lifting::Over);
        };
        let flags = tx.flags_of(request).await?;
        let standing = |flag: &&Flag| flag.kind == FlagKind::Restriction && flag.until.is_none();
        let Some(lifts_at) = flags.iter().find(standing).and_then(|flag| flag.lifts_at) else {
            return Ok(Lifting::Over);
        };
        if now < lifts_at {
            return Ok(Lifting::NotYet);
        }
        if intake.contact.as_ref().is_some_and(|contact| contact.email.is_some()) {
            match tx.last_mail(request, MailKind::RestrictionEnds).await? {
                Some(MailStatus::Queued) => return Ok(Lifting::NotYet),
                Some(MailStatus::Sent) => {}
                Some(MailStatus::Failed) | None => {
                    tx.announce_lift(request, None).await?;
                    let event = Event::by_system("restriction.lift_put_off");
                    tx.insert_event(request, now, &event).await?;
                    self.block(tx, stored, Blocker::MailFailed, now).await?;
                    return Ok(Lifting::Over);
                }
            }
        }
        tx.lift_restriction(request, now).await?;
        let event = Event::by_system("restriction.lifted");
        tx.insert_event(request, now, &event).await?;
        self.list_recipients_again(tx, request, now).await?;
        if let Some(contact) = &intake.contact {
            self.tell_stores(tx, request, &keys_of(contact), now).await?;
        }
        tx.update_request(&stored).await?;
        Ok(Lifting::Over)
    }
}
