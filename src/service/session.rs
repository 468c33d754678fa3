//! The private part of a status page: opened by a code, for half an hour.

use jiff::{SignedDuration, Timestamp};

use super::post::CODE_MINUTES;
use super::verify::{Typed, is_reference};
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::challenge::{ChallengePurpose, CodeCheck};
use crate::domain::mail::MailKind;
use crate::ids::{Code, IntakeId, Token, TokenPurpose};
use crate::mail::messages::StatusCode;

/// How long the private part stays open.
pub const STATUS_SESSION: SignedDuration = SignedDuration::from_mins(30);

/// A status page that has just been opened.
#[derive(Debug)]
pub struct Opened {
    /// The secret of its address.
    pub token: Token,
    /// The secret of its cookie.
    pub cookie: Token,
}

impl Desk {
    /// Mints a status link and opens its private part.
    pub(super) async fn open_status(
        &self,
        tx: &Tx,
        intake: IntakeId,
        now: Timestamp,
    ) -> Result<Opened, ServiceError> {
        let token = tx.new_link(intake, TokenPurpose::Status, now).await?;
        let cookie = tx.new_status_session(intake, now + STATUS_SESSION).await?;
        Ok(Opened { token, cookie })
    }

    /// Whose status page it is, and whether `cookie` opens its private part.
    pub(super) async fn status_of(
        &self,
        tx: &Tx,
        token: &Token,
        cookie: Option<&Token>,
    ) -> Result<Option<(IntakeId, bool)>, ServiceError> {
        let now = self.now();
        let Some(id) = tx.link(token, TokenPurpose::Status, now).await? else {
            return Ok(None);
        };
        let open = match cookie {
            Some(cookie) => tx.has_status_session(id, cookie, now).await?,
            None => false,
        };
        Ok(Some((id, open)))
    }

    /// Mails a code that opens the private part, as far as the cap allows. `false` only when the
    /// link leads nowhere.
    pub async fn send_status_code(&self, token: &Token) -> Result<bool, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some((id, _)) = self.status_of(&tx, token, None).await? else { return Ok(false) };
        let Some(intake) = tx.lock_intake(id).await? else { return Ok(false) };
        let requests = tx.requests_of(id).await?;
        let (Some(contact), Some(first)) = (&intake.contact, requests.first()) else {
            return Ok(true);
        };
        if self.mail_is_allowed(&tx, MailKind::StatusCode, contact, now).await? {
            let (challenge, code) = tx.new_challenge(id, ChallengePurpose::Unlock, now).await?;
            let message = StatusCode {
                reference: first.value.reference.clone(),
                code,
                code_minutes: CODE_MINUTES,
            };
            self.post(&tx, &intake, None, Some(challenge), &message).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Tries a typed code; a right one opens the private part.
    pub async fn unlock(&self, token: &Token, typed: &str) -> Result<Typed, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some((id, _)) = self.status_of(&tx, token, None).await? else {
            return Ok(Typed::Gone);
        };
        tx.lock_intake(id).await?;
        let requests = tx.requests_of(id).await?;
        if requests.iter().any(|stored| is_reference(typed, &stored.value.reference)) {
            return Ok(Typed::IsReference);
        }
        let code = Code::parse(typed);
        let typed = match tx.check_code(id, ChallengePurpose::Unlock, code.as_ref(), now).await? {
            CodeCheck::Right => {
                self.proved_again(&tx, id, now).await?;
                let cookie = tx.new_status_session(id, now + STATUS_SESSION).await?;
                Typed::Opened(Opened { token: token.clone(), cookie })
            }
            CodeCheck::Wrong { left } => Typed::Wrong { left },
            CodeCheck::TooMany => Typed::TooMany,
            CodeCheck::Expired => Typed::Expired,
            CodeCheck::NoneOpen => Typed::NoneOpen,
        };
        tx.commit().await?;
        Ok(typed)
    }
}
