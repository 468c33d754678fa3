//! Puts letters into the outbox, with the links and codes that stand in them.

use jiff::Timestamp;

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::challenge::{CODE_LIFE, ChallengePurpose};
use crate::db::outbox::NewMail;
use crate::domain::address::EmailAddress;
use crate::domain::intake::{Contact, Intake};
use crate::domain::job::Job;
use crate::domain::mail::MailKind;
use crate::domain::request::Request;
use crate::ids::{ChallengeId, RequestId, Token, TokenPurpose};
use crate::mail::messages::{Asked, CountryCode, Message, Verify};

/// Minutes that a code is good for, as mails say it.
pub(super) const CODE_MINUTES: u64 = CODE_LIFE.as_secs().unsigned_abs() / 60;

impl Desk {
    /// Queues a letter to the person. Nothing where the address is forgotten, or there is none.
    pub(super) async fn post(
        &self,
        tx: &Tx,
        intake: &Intake,
        request: Option<RequestId>,
        challenge: Option<ChallengeId>,
        message: &impl Message,
    ) -> Result<(), ServiceError> {
        let Some(to) = intake.contact.as_ref().and_then(|contact| contact.email.clone()) else {
            return Ok(());
        };
        self.post_to(tx, intake, to, request, challenge, message).await
    }

    /// As [`Desk::post`], to an address that a store knows.
    pub(super) async fn post_to(
        &self,
        tx: &Tx,
        intake: &Intake,
        to: EmailAddress,
        request: Option<RequestId>,
        challenge: Option<ChallengeId>,
        message: &impl Message,
    ) -> Result<(), ServiceError> {
        let letter = message.render(&self.speaker(intake.language), &self.sender_facts());
        let mail = NewMail { intake: intake.id, request, challenge, to, letter };
        let id = tx.queue_mail(&mail, self.settings.sender.address().domain(), self.now()).await?;
        self.enqueue(tx, &Job::SendMail { mail: id }, request).await?;
        Ok(())
    }

    /// Mails a link and a code that prove the address, unless the cap for it is reached: pages look
    /// the same then. True when it was queued.
    pub(super) async fn post_verification(
        &self,
        tx: &Tx,
        intake: &Intake,
        requests: &[&Request],
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let Some(contact) = &intake.contact else { return Ok(false) };
        if !self.mail_is_allowed(tx, MailKind::Verify, contact, now).await? {
            return Ok(false);
        }
        let (challenge, code) = tx.new_challenge(intake.id, ChallengePurpose::Verify, now).await?;
        let token = tx.new_link(intake.id, TokenPurpose::Verify, now).await?;
        let message = Verify {
            asked: asked(requests),
            received_at: intake.received_at,
            country: intake.country.as_deref().and_then(CountryCode::parse),
            code,
            code_minutes: CODE_MINUTES,
            verify_link: self.verify_link(&token),
        };
        self.post(tx, intake, None, Some(challenge), &message).await?;
        Ok(true)
    }

    /// Whether one more mail of `kind` may go to a contact; never where there is no address.
    pub(super) async fn mail_is_allowed(
        &self,
        tx: &Tx,
        kind: MailKind,
        contact: &Contact,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        match &contact.email {
            Some(email) => Ok(tx.mail_is_allowed(kind, email, now).await?),
            None => Ok(false),
        }
    }

    /// A fresh link to the status page.
    pub(super) async fn mint_status_link(
        &self,
        tx: &Tx,
        intake: &Intake,
        now: Timestamp,
    ) -> Result<String, ServiceError> {
        let token = tx.new_link(intake.id, TokenPurpose::Status, now).await?;
        self.time_links(tx, intake.id).await?;
        Ok(self.settings.base_url.link(&format!("/status/{}", token.as_str())))
    }

    /// Where a verification mail leads.
    pub(super) fn verify_link(&self, token: &Token) -> String {
        self.settings.base_url.link(&format!("/verify/{}", token.as_str()))
    }
}

/// The requests as mails name them.
pub(super) fn asked(requests: &[&Request]) -> Vec<Asked> {
    requests.iter().map(|request| asked_one(request)).collect()
}

/// One request as mails name it.
pub(super) fn asked_one(request: &Request) -> Asked {
    Asked { reference: request.reference.clone(), right: request.right }
}
