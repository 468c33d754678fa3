//! Signing in: one form with address, password and code, and one answer to all that is wrong.

use jiff::{SignedDuration, Timestamp};

use super::issuer;
use super::session::lives;
use crate::db::Tx;
use crate::db::staff::{Account, StaffSession};
use crate::domain::address::EmailAddress;
use crate::domain::staff::{ABSOLUTE, AccountState};
use crate::ids::{SessionId, StaffId, Token};
use crate::keys::password::{NOBODY, Password};
use crate::keys::totp::SecondFactor;
use crate::service::{Desk, ServiceError};

/// Who knows the password and guesses codes may try five times, then has to wait, twice as long each
/// time, up to this. Nobody else can bring it about, so nobody can lock a colleague out.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);
const FREE_TRIES: u32 = 5;

/// What was typed to sign in.
#[derive(Debug)]
pub struct Credentials {
    /// The address.
    pub email: String,
    /// The password.
    pub password: Password,
    /// The code of the second factor.
    pub code: String,
    /// The browser, in two words.
    pub agent: String,
}

/// What came of it.
#[derive(Debug)]
pub enum SignIn {
    /// Signed in.
    In {
        /// The secret of the session's cookie.
        cookie: Token,
    },
    /// Something is wrong; what, is not said.
    Wrong,
    /// Too many are at it; in a moment again.
    Busy,
}

impl Desk {
    /// Signs somebody in. An unknown address, a wrong password, a wrong code, an account that cannot
    /// be used and one that has to wait look the same and take as long.
    pub async fn sign_in(&self, typed: &Credentials) -> Result<SignIn, ServiceError> {
        let account = match EmailAddress::parse(&typed.email) {
            Ok(email) => self.db.begin_read().await?.account_by_email(&email).await?,
            Err(_) => None,
        };
        let hash = account.as_ref().and_then(|account| account.password.clone());
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let matches =
            self.gate.pass(&typed.password, move |password| password.matches(&hash)).await;
        let Some(matches) = matches else { return Ok(SignIn::Busy) };
        let Some(account) = account.filter(|_| known && matches) else { return Ok(SignIn::Wrong) };
        let now = self.now();
        let tx = self.db.begin().await?;
        let good =
            self.take_code(&tx, account.id, account.password.as_deref(), &typed.code, now).await?;
        let answer = if good {
            let session = StaffSession {
                id: SessionId(self.entropy.uuid(now)),
                staff: account.id,
                created_at: now,
                seen_at: now,
                stepped_up_at: now,
                expires_at: now + ABSOLUTE,
                agent: typed.agent.clone(),
            };
            SignIn::In { cookie: tx.new_staff_session(&session).await? }
        } else {
            SignIn::Wrong
        };
        tx.commit().await?;
        Ok(answer)
    }

    /// Shows the second factor anew: the session goes on under a new cookie, with its old end. `None`
    /// when the code is not taken or the session is over.
    pub async fn step_up(&self, cookie: &Token, code: &str) -> Result<Option<Token>, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(mut session) = tx.staff_session(cookie).await? else { return Ok(None) };
        if !lives(&session, now) {
            return Ok(None);
        }
        if !self.take_code(&tx, session.staff, None, code, now).await? {
            tx.commit().await?;
            return Ok(None);
        }
        if !tx.end_session(session.staff, session.id).await? {
            // Ended meanwhile, or gone on elsewhere.
            return Ok(None);
        }
        session.id = SessionId(self.entropy.uuid(now));
        session.seen_at = now;
        session.stepped_up_at = now;
        let cookie = tx.new_staff_session(&session).await?;
        tx.commit().await?;
        Ok(Some(cookie))
    }

    /// Who of the staff stands by with a code and may decide; `None` when nobody does.
    pub async fn second_person(
        &self,
        email: &EmailAddress,
        code: &str,
    ) -> Result<Option<StaffId>, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(account) = tx.account_by_email(email).await? else { return Ok(None) };
        let officer = account.roles.contains(&crate::domain::staff::Role::Officer);
        let good = officer && self.take_code(&tx, account.id, None, code, now).await?;
        tx.commit().await?;
        Ok(good.then_some(account.id))
    }

    /// Takes a code of an active account's second factor, each step once. `password` is the hash that
    /// was compared: one that was replaced meanwhile is none.
    async fn take_code(
        &self,
        tx: &Tx,
        id: StaffId,
        password: Option<&str>,
        code: &str,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let Some(mut account) = tx.lock_account(id).await? else { return Ok(false) };
        let replaced = password.is_some() && account.password.as_deref() != password;
        if account.state != AccountState::Active || replaced || must_wait(&account, now) {
            return Ok(false);
        }
        let factor = account.totp.as_ref().and_then(|secret| {
            SecondFactor::new(secret, issuer(&self.settings), account.email.as_str())
        });
        let step = factor.and_then(|factor| factor.step_of(code, now));
        let fresh = step.filter(|step| account.totp_step.is_none_or(|last| *step > last));
        if let Some(step) = fresh {
            account.totp_step = Some(step);
            account.failures = 0;
            account.failed_at = None;
        } else {
            account.failures += 1;
            account.failed_at = Some(now);
        }
        tx.update_account(&account).await?;
        Ok(fresh.is_some())
    }
}

fn must_wait(account: &Account, now: Timestamp) -> bool {
    let (Some(last), Some(over)) = (account.failed_at, account.failures.checked_sub(FREE_TRIES))
    else {
        return false;
    };
    let wait = SignedDuration::from_secs(1_i64 << over.min(20)).min(LONGEST_WAIT);
    now.duration_since(last) < wait
}
