//! Invitations: a link that is good once, behind which a password and a second factor are chosen.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::accounts::{account_event, is_last_admin, words};
use super::issuer;
use crate::db::staff::Account;
use crate::domain::address::EmailAddress;
use crate::domain::event::Event;
use crate::domain::language::Language;
use crate::domain::policy::{Action, Denied};
use crate::domain::staff::{AccountState, Member, Role};
use crate::domain::text::TypedText;
use crate::ids::{StaffId, Token};
use crate::keys::password::{Password, PasswordError};
use crate::keys::totp::SecondFactor;
use crate::service::{Desk, ServiceError};

/// An invitation is good for so long.
pub const INVITE_LIFE: SignedDuration = SignedDuration::from_hours(72);

/// A new invitation.
#[derive(Debug)]
pub struct Invitation {
    /// The account.
    pub staff: StaffId,
    /// The secret of the link; it is nowhere else.
    pub token: Token,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What the page of an invitation shows.
#[derive(Debug)]
pub struct Enrolment {
    /// Whose account.
    pub email: EmailAddress,
    /// The name that is there already.
    pub name: String,
    /// The second factor that is being offered.
    pub factor: SecondFactor,
}

/// What came of an enrolment.
#[derive(Debug)]
pub enum Enrolled {
    /// The account can be used.
    Done,
    /// The link is spent or over.
    Gone,
    /// The password is not taken.
    Password(PasswordError),
    /// The code is not that of the offered second factor.
    WrongCode,
    /// Too many are at it; in a moment again.
    Busy,
}

impl Desk {
    /// Whether there is any account.
    pub async fn has_staff(&self) -> Result<bool, ServiceError> {
        let tx = self.db.begin_read().await?;
        Ok(tx.has_accounts().await?)
    }

    /// Invites somebody; without `by`, for the command line. Or invites them anew: then the password
    /// and second factor that they had are void, and so are their sessions. Nobody can choose a
    /// password for somebody else, and nobody invites themselves or the last admin anew.
    pub async fn invite(
        &self,
        by: Option<&Member>,
        email: &EmailAddress,
        roles: &BTreeSet<Role>,
        language: Language,
    ) -> Result<Result<Invitation, Denied>, ServiceError> {
        let now = self.now();
        if let Some(Err(denied)) = by.map(|by| by.may(Action::ChangeAccounts, now)) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin().await?;
        let all = tx.lock_accounts().await?;
        let known = all.iter().find(|known| known.email.folded() == email.folded());
        let id = if let Some(known) = known {
            if by.is_some_and(|by| by.id == known.id || is_last_admin(&all, known.id)) {
                return Ok(Err(Denied::Role));
            }
            let mut account = known.clone();
            account.state = AccountState::Invited;
            account.roles.clone_from(roles);
            account.password = None;
            account.totp = None;
            account.disabled_at = None;
            tx.update_account(&account).await?;
            tx.end_sessions(account.id, None).await?;
            let event = account_event(by, "account.invited_anew", account.id);
            let event = event.with("was", known.state.as_str()).with("roles", words(roles));
            tx.insert_house_event(now, &event).await?;
            account.id
        } else {
            let id = StaffId(self.entropy.uuid(now));
            let account = Account::invited(id, email.clone(), roles.clone(), language, now);
            tx.insert_account(&account).await?;
            let event = account_event(by, "account.invited", id).with("roles", words(roles));
            tx.insert_house_event(now, &event).await?;
            id
        };
        let expires_at = now + INVITE_LIFE;
        let token = tx.new_invite(id, now, expires_at).await?;
        tx.commit().await?;
        Ok(Ok(Invitation { staff: id, token, expires_at }))
    }

    /// What the page of an invitation shows; `None` when it is spent or over. Writes nothing.
    pub async fn enrolment(&self, token: &Token) -> Result<Option<Enrolment>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(id) = tx.invited(token, self.now()).await? else { return Ok(None) };
        let Some(account) = tx.account(id).await? else { return Ok(None) };
        let secret = tx.enrolment_secret(token);
        let factor = SecondFactor::new(&secret[..], issuer(&self.settings), account.email.as_str());
        Ok(factor.map(|factor| Enrolment { email: account.email, name: account.name, factor }))
    }

    /// Makes an account usable: name, password, and the first code of the second factor.
    pub async fn enrol(
        &self,
        token: &Token,
        name: &TypedText,
        password: &str,
        code: &str,
        language: Language,
    ) -> Result<Enrolled, ServiceError> {
        let now = self.now();
        let Some(offered) = self.enrolment(token).await? else { return Ok(Enrolled::Gone) };
        let local = offered.email.local().to_owned();
        let words = [issuer(&self.settings), offered.email.as_str(), local.as_str(), name.as_str()];
        let password = match Password::new(password, &words) {
            Ok(password) => password,
            Err(error) => return Ok(Enrolled::Password(error)),
        };
        let Some(step) = offered.factor.step_of(code, now) else { return Ok(Enrolled::WrongCode) };
        let salt = self.entropy.bytes::<16>();
        let Some(hash) = self.gate.pass(&password, move |password| password.hash(&salt)).await
        else {
            return Ok(Enrolled::Busy);
        };
        let tx = self.db.begin().await?;
        let Some(id) = tx.invited(token, now).await? else { return Ok(Enrolled::Gone) };
        let Some(mut account) = tx.lock_account(id).await? else { return Ok(Enrolled::Gone) };
        // Another page with the same link may have been faster.
        if tx.invited(token, now).await?.is_none() || account.state == AccountState::Disabled {
            return Ok(Enrolled::Gone);
        }
        name.as_str().clone_into(&mut account.name);
        account.state = AccountState::Active;
        account.language = language;
        account.password = Some(hash);
        account.totp = Some(zeroize::Zeroizing::new(tx.enrolment_secret(token).to_vec()));
        account.totp_step = Some(step);
        account.failures = 0;
        account.failed_at = None;
        tx.update_account(&account).await?;
        tx.drop_invites(id).await?;
        let event = Event::by_staff(id, "account.enabled").with("account", id);
        tx.insert_house_event(now, &event).await?;
        tx.commit().await?;
        Ok(Enrolled::Done)
    }
}
