//! Who has an account, and what admins change about it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::db::staff::Account;
use crate::domain::event::Event;
use crate::domain::policy::{Action, Denied, allows};
use crate::domain::staff::{AccountState, Member, Role};
use crate::ids::StaffId;
use crate::service::{Desk, ServiceError};

/// One account, without its secrets.
#[derive(Debug, Clone)]
pub struct AccountRead {
    /// Its id.
    pub id: StaffId,
    /// Its address.
    pub email: String,
    /// How colleagues call them.
    pub name: String,
    /// What they are here for.
    pub roles: BTreeSet<Role>,
    /// Whether it can be used.
    pub state: AccountState,
    /// When they were invited.
    pub created_at: Timestamp,
}

impl From<Account> for AccountRead {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            email: account.email.as_str().to_owned(),
            name: account.name,
            roles: account.roles,
            state: account.state,
            created_at: account.created_at,
        }
    }
}

/// What can be changed about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountChange {
    /// It can no longer be used; all its sessions end.
    Disable,
    /// It has these roles from now on, at least one.
    Roles(BTreeSet<Role>),
}

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Done.
    Done,
    /// They may not.
    Denied(Denied),
    /// There is no such account.
    Unknown,
    /// It is the last admin, and nobody could undo it.
    LastAdmin,
    /// It is one's own account.
    Own,
}

impl Desk {
    /// Everybody with an account. Without `by`, for the command line.
    pub async fn accounts(
        &self,
        by: Option<&Member>,
    ) -> Result<Result<Vec<AccountRead>, Denied>, ServiceError> {
        if let Some(Err(denied)) = by.map(|by| by.may(Action::SeeAccounts, self.now())) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin_read().await?;
        Ok(Ok(tx.accounts().await?.into_iter().map(AccountRead::from).collect()))
    }

    /// Changes an account. It holds at once, on every node: each call reads the account. Without
    /// `by`, for the command line.
    pub async fn change_account(
        &self,
        by: Option<&Member>,
        id: StaffId,
        change: &AccountChange,
    ) -> Result<Changed, ServiceError> {
        let now = self.now();
        if let Some(by) = by {
            if let Err(denied) = by.may(Action::ChangeAccounts, now) {
                return Ok(Changed::Denied(denied));
            }
            if by.id == id {
                return Ok(Changed::Own);
            }
        }
        let tx = self.db.begin().await?;
        let all = tx.lock_accounts().await?;
        let Some(account) = all.iter().find(|account| account.id == id) else {
            return Ok(Changed::Unknown);
        };
        let mut account = account.clone();
        let event = match change {
            AccountChange::Disable => {
                account.state = AccountState::Disabled;
                account.disabled_at = Some(now);
                tx.drop_invites(id).await?;
                account_event(by, "account.disabled", id)
            }
            AccountChange::Roles(roles) => {
                let before = std::mem::replace(&mut account.roles, roles.clone());
                account_event(by, "account.roles_changed", id)
                    .with("from", words(&before))
                    .with("to", words(roles))
            }
        };
        if by.is_some() && is_last_admin(&all, id) && !is_admin(&account) {
            return Ok(Changed::LastAdmin);
        }
        tx.update_account(&account).await?;
        if account.state == AccountState::Disabled {
            tx.end_sessions(id, None).await?;
        }
        tx.insert_house_event(now, &event).await?;
        tx.commit().await?;
        Ok(Changed::Done)
    }

    /// How many people are able to do something, each with a second factor.
    pub async fn able_to(&self, action: Action) -> Result<usize, ServiceError> {
        let tx = self.db.begin_read().await?;
        let can = |account: &Account| {
            account.state == AccountState::Active
                && account.roles.iter().any(|role| allows(*role, action))
        };
        Ok(tx.accounts().await?.iter().filter(|account| can(account)).count())
    }
}

/// What somebody, or whoever has the command line, did to an account. It names ids alone.
pub(super) fn account_event(by: Option<&Member>, kind: &'static str, account: StaffId) -> Event {
    let event = by.map_or_else(|| Event::by_system(kind), |by| Event::by_staff(by.id, kind));
    event.with("account", account)
}

/// Roles as words, for an event.
pub(super) fn words(roles: &BTreeSet<Role>) -> Vec<&'static str> {
    roles.iter().map(|role| role.as_str()).collect()
}

fn is_admin(account: &Account) -> bool {
    account.state == AccountState::Active && account.roles.contains(&Role::Admin)
}

/// Whether `id` is the only one of `all` who can change accounts.
pub(super) fn is_last_admin(all: &[Account], id: StaffId) -> bool {
    let mut admins = all.iter().filter(|account| is_admin(account));
    admins.next().is_some_and(|first| first.id == id) && admins.next().is_none()
}
