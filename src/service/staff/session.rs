//! Sessions of staff: read at every call, so that what an admin ends is over at once on every node.

use jiff::{SignedDuration, Timestamp};

use crate::db::Tx;
use crate::db::staff::StaffSession;
use crate::domain::event::Event;
use crate::domain::language::Language;
use crate::domain::staff::{AccountState, IDLE, Member};
use crate::ids::{SessionId, StaffId, Token};
use crate::service::{Desk, ServiceError};

pub use crate::db::staff::StaffSession as Session;

/// A session's last use is written down no more often than this.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Whoever is signed in, as of this very call.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// What they may do.
    pub member: Member,
    /// Their session.
    pub session: SessionId,
    /// How colleagues call them.
    pub name: String,
    /// The language of their pages.
    pub language: Language,
    /// Whether nothing is let out at present.
    pub is_shut: bool,
}

impl Desk {
    /// Whose cookie it is; `None` when the session has ended, was idle for too long, or the account
    /// cannot be used.
    pub async fn member(&self, cookie: &Token) -> Result<Option<SignedIn>, ServiceError> {
        let now = self.now();
        let tx = self.db.begin_read().await?;
        let Some(session) = tx.staff_session(cookie).await? else { return Ok(None) };
        let Some(account) = tx.account(session.staff).await? else { return Ok(None) };
        let is_shut = self.is_shut(&tx).await?;
        drop(tx);
        if account.state != AccountState::Active || !lives(&session, now) {
            return Ok(None);
        }
        if now.duration_since(session.seen_at) >= SEEN_EVERY {
            let tx = self.db.begin().await?;
            tx.session_seen(session.id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(SignedIn {
            member: Member {
                id: account.id,
                roles: account.roles,
                state: account.state,
                stepped_up_at: session.stepped_up_at,
            },
            session: session.id,
            name: account.name,
            language: account.language,
            is_shut,
        }))
    }

    /// The live sessions of one account, the newest first.
    pub async fn sessions(&self, staff: StaffId) -> Result<Vec<StaffSession>, ServiceError> {
        let now = self.now();
        let tx = self.db.begin_read().await?;
        let mut sessions = tx.sessions_of(staff).await?;
        sessions.retain(|session| lives(session, now));
        Ok(sessions)
    }

    /// Ends one session of an account. True when there was one.
    pub async fn end_session(&self, staff: StaffId, id: SessionId) -> Result<bool, ServiceError> {
        let tx = self.db.begin().await?;
        let ended = tx.end_session(staff, id).await?;
        if ended {
            self.tell_of_sessions(&tx, staff, "account.session_ended").await?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// Ends all sessions of an account but one.
    pub async fn end_other_sessions(
        &self,
        staff: StaffId,
        save: SessionId,
    ) -> Result<(), ServiceError> {
        let tx = self.db.begin().await?;
        tx.end_sessions(staff, Some(save)).await?;
        self.tell_of_sessions(&tx, staff, "account.other_sessions_ended").await?;
        tx.commit().await?;
        Ok(())
    }

    async fn tell_of_sessions(
        &self,
        tx: &Tx,
        staff: StaffId,
        kind: &'static str,
    ) -> Result<(), ServiceError> {
        let event = Event::by_staff(staff, kind).with("account", staff);
        Ok(tx.insert_house_event(self.now(), &event).await?)
    }

    /// Names of everybody who ever had an account, for timelines; and who can be given a request.
    pub async fn colleagues(&self) -> Result<Vec<Colleague>, ServiceError> {
        use crate::domain::policy::{Action, allows};
        let tx = self.db.begin_read().await?;
        let accounts = tx.accounts().await?;
        Ok(accounts
            .into_iter()
            .map(|account| Colleague {
                id: account.id,
                takes_requests: account.state == AccountState::Active
                    && account.roles.iter().any(|role| allows(*role, Action::SeeRequest)),
                name: if account.name.is_empty() { account.email.masked() } else { account.name },
            })
            .collect())
    }
}

/// Somebody who has or had an account.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// Who.
    pub id: StaffId,
    /// How they are called.
    pub name: String,
    /// Whether requests can be theirs.
    pub takes_requests: bool,
}

/// Whether a session has neither reached its end nor been idle for too long.
pub(super) fn lives(session: &StaffSession, now: Timestamp) -> bool {
    session.expires_at > now && now.duration_since(session.seen_at) < IDLE
}
