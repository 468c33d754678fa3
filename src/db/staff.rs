//! Staff accounts, invitations and sessions.

use std::collections::BTreeSet;

use ::entity::{staff, staff_invite, staff_session};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use zeroize::Zeroizing;

use super::convert::{at, json, maybe_at, ms, set, word};
use super::{DbError, Tx};
use crate::domain::address::EmailAddress;
use crate::domain::language::Language;
use crate::domain::staff::{AccountState, Role};
use crate::ids::{SessionId, StaffId, Token, TokenPurpose};
use crate::keys::totp::SECRET;

/// One account.
#[derive(Clone)]
pub struct Account {
    /// Its id.
    pub id: StaffId,
    /// Where mails go; what is typed to sign in.
    pub email: EmailAddress,
    /// How colleagues call them; empty before enrolment.
    pub name: String,
    /// What they are here for.
    pub roles: BTreeSet<Role>,
    /// Whether it can be used.
    pub state: AccountState,
    /// The language of pages and mails.
    pub language: Language,
    /// The hash of the password.
    pub password: Option<String>,
    /// The secret of the second factor.
    pub totp: Option<Zeroizing<Vec<u8>>>,
    /// The last time step whose code was taken.
    pub totp_step: Option<i64>,
    /// Right passwords with a wrong code since the last good sign-in.
    pub failures: u32,
    /// When the last of them was.
    pub failed_at: Option<Timestamp>,
    /// When they were invited.
    pub created_at: Timestamp,
    /// When they were disabled.
    pub disabled_at: Option<Timestamp>,
}

impl Account {
    /// Somebody who has not chosen a password yet.
    pub fn invited(
        id: StaffId,
        email: EmailAddress,
        roles: BTreeSet<Role>,
        language: Language,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            email,
            name: String::new(),
            roles,
            state: AccountState::Invited,
            language,
            password: None,
            totp: None,
            totp_step: None,
            failures: 0,
            failed_at: None,
            created_at: now,
            disabled_at: None,
        }
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSession {
    /// Its name in lists.
    pub id: SessionId,
    /// Whose.
    pub staff: StaffId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// When the second factor was last shown.
    pub stepped_up_at: Timestamp,
    /// Its absolute end.
    pub expires_at: Timestamp,
    /// The browser, in two words.
    pub agent: String,
}

impl Tx {
    /// Writes a new account.
    pub async fn insert_account(&self, account: &Account) -> Result<(), DbError> {
        staff::Entity::insert(self.active_account(account))
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// Writes a changed account.
    pub async fn update_account(&self, account: &Account) -> Result<(), DbError> {
        staff::Entity::update_many()
            .set(self.active_account(account))
            .filter(staff::Column::Id.eq(account.id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Reads one.
    pub async fn account(&self, id: StaffId) -> Result<Option<Account>, DbError> {
        let row = staff::Entity::find_by_id(id.0).one(self.conn()).await?;
        row.map(|row| self.read_account(row)).transpose()
    }

    /// Reads one and holds its row until the transaction ends.
    pub async fn lock_account(&self, id: StaffId) -> Result<Option<Account>, DbError> {
        let row = staff::Entity::find_by_id(id.0).lock_exclusive().one(self.conn()).await?;
        row.map(|row| self.read_account(row)).transpose()
    }

    /// Reads all and holds their rows until the transaction ends, so that what is decided about one
    /// from the others stays true.
    pub async fn lock_accounts(&self) -> Result<Vec<Account>, DbError> {
        let rows = staff::Entity::find()
            .order_by_asc(staff::Column::Id)
            .lock_exclusive()
            .all(self.conn())
            .await?;
        rows.into_iter().map(|row| self.read_account(row)).collect()
    }

    /// Whose address it is.
    pub async fn account_by_email(&self, email: &EmailAddress) -> Result<Option<Account>, DbError> {
        let row = staff::Entity::find()
            .filter(staff::Column::EmailTag.is_in(self.staff_tags(email)))
            .one(self.conn())
            .await?;
        row.map(|row| self.read_account(row)).transpose()
    }

    /// Everybody, in the order in which they were invited.
    pub async fn accounts(&self) -> Result<Vec<Account>, DbError> {
        let rows =
            staff::Entity::find().order_by_asc(staff::Column::CreatedAt).all(self.conn()).await?;
        rows.into_iter().map(|row| self.read_account(row)).collect()
    }

    /// Whether there is any account, whatever its state.
    pub async fn has_accounts(&self) -> Result<bool, DbError> {
        Ok(staff::Entity::find().limit(1).count(self.conn()).await? > 0)
    }

    /// Mints an invitation; those before it are void.
    pub async fn new_invite(
        &self,
        staff: StaffId,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<Token, DbError> {
        self.drop_invites(staff).await?;
        let token = Token::draw(self.sealer().entropy());
        let row = staff_invite::ActiveModel {
            hash: Set(token.hash(TokenPurpose::StaffInvite).0.to_vec()),
            staff_id: Set(staff.0),
            created_at: Set(ms(now)),
            expires_at: Set(ms(expires)),
        };
        staff_invite::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(token)
    }

    /// Whose invitation it is, while it lives.
    pub async fn invited(&self, token: &Token, now: Timestamp) -> Result<Option<StaffId>, DbError> {
        let row =
            staff_invite::Entity::find_by_id(token.hash(TokenPurpose::StaffInvite).0.to_vec())
                .filter(staff_invite::Column::ExpiresAt.gt(ms(now)))
                .one(self.conn())
                .await?;
        Ok(row.map(|row| StaffId(row.staff_id)))
    }

    /// Voids all invitations of an account.
    pub async fn drop_invites(&self, staff: StaffId) -> Result<(), DbError> {
        staff_invite::Entity::delete_many()
            .filter(staff_invite::Column::StaffId.eq(staff.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// The secret that an invitation's page shows.
    pub fn enrolment_secret(&self, token: &Token) -> Zeroizing<[u8; SECRET]> {
        self.sealer().keys().enrolment_secret(token)
    }

    /// Writes a new session and gives the secret of its cookie.
    pub async fn new_staff_session(&self, session: &StaffSession) -> Result<Token, DbError> {
        let token = Token::draw(self.sealer().entropy());
        let row = staff_session::ActiveModel {
            hash: Set(token.hash(TokenPurpose::StaffCookie).0.to_vec()),
            id: Set(session.id.0),
            staff_id: Set(session.staff.0),
            created_at: Set(ms(session.created_at)),
            seen_at: Set(ms(session.seen_at)),
            stepped_up_at: Set(ms(session.stepped_up_at)),
            expires_at: Set(ms(session.expires_at)),
            agent: Set(session.agent.clone()),
        };
        staff_session::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(token)
    }

    /// The session of a cookie, whatever its age.
    pub async fn staff_session(&self, cookie: &Token) -> Result<Option<StaffSession>, DbError> {
        let hash = cookie.hash(TokenPurpose::StaffCookie).0.to_vec();
        let row = staff_session::Entity::find_by_id(hash).one(self.conn()).await?;
        row.map(read_session).transpose()
    }

    /// The sessions of one account, the newest first.
    pub async fn sessions_of(&self, staff: StaffId) -> Result<Vec<StaffSession>, DbError> {
        let rows = staff_session::Entity::find()
            .filter(staff_session::Column::StaffId.eq(staff.0))
            .order_by_desc(staff_session::Column::CreatedAt)
            .all(self.conn())
            .await?;
        rows.into_iter().map(read_session).collect()
    }

    /// Notes that a session was used.
    pub async fn session_seen(&self, id: SessionId, now: Timestamp) -> Result<(), DbError> {
        staff_session::Entity::update_many()
            .col_expr(staff_session::Column::SeenAt, Expr::value(ms(now)))
            .filter(staff_session::Column::Id.eq(id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Ends one session of an account. True when there was one.
    pub async fn end_session(&self, staff: StaffId, id: SessionId) -> Result<bool, DbError> {
        let done = staff_session::Entity::delete_many()
            .filter(staff_session::Column::StaffId.eq(staff.0))
            .filter(staff_session::Column::Id.eq(id.0))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Ends all sessions of an account, but `save`.
    pub async fn end_sessions(
        &self,
        staff: StaffId,
        save: Option<SessionId>,
    ) -> Result<(), DbError> {
        let mut end =
            staff_session::Entity::delete_many().filter(staff_session::Column::StaffId.eq(staff.0));
        if let Some(save) = save {
            end = end.filter(staff_session::Column::Id.ne(save.0));
        }
        end.exec(self.conn()).await?;
        Ok(())
    }

    /// Forgets sessions and invitations whose time is over.
    pub async fn purge_staff(
        &self,
        idle_before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, DbError> {
        let sessions = staff_session::Entity::delete_many()
            .filter(
                staff_session::Column::ExpiresAt
                    .lte(ms(now))
                    .or(staff_session::Column::SeenAt.lt(ms(idle_before))),
            )
            .exec(self.conn())
            .await?;
        let invites = staff_invite::Entity::delete_many()
            .filter(staff_invite::Column::ExpiresAt.lte(ms(now)))
            .exec(self.conn())
            .await?;
        Ok(sessions.rows_affected + invites.rows_affected)
    }

    /// As [`Tx::staff_tag`], under every root key at hand.
    fn staff_tags(&self, email: &EmailAddress) -> Vec<Vec<u8>> {
        let tags = self.sealer().keys().blinds("staff email", email.folded().as_bytes());
        tags.into_iter().map(Vec::from).collect()
    }

    fn staff_tag(&self, email: &EmailAddress) -> Vec<u8> {
        // Staff sign in with case ignored: it is no key of anybody's data.
        self.sealer().keys().blind("staff email", email.folded().as_bytes()).to_vec()
    }

    fn active_account(&self, account: &Account) -> staff::ActiveModel {
        let seal = |column: &str, plain: &[u8]| {
            self.sealer().seal_bytes(&format!("staff.{column}/{}", account.id), plain)
        };
        staff::ActiveModel {
            id: Set(account.id.0),
            email: Set(seal("email", account.email.as_str().as_bytes())),
            email_tag: Set(self.staff_tag(&account.email)),
            name: Set(seal("name", account.name.as_bytes())),
            roles: Set(json(&account.roles)),
            state: Set(account.state.as_str().to_owned()),
            language: Set(account.language.as_str().to_owned()),
            password: Set(account.password.clone()),
            totp: Set(account.totp.as_ref().map(|secret| seal("totp", secret))),
            totp_step: Set(account.totp_step),
            failures: Set(i32::try_from(account.failures).unwrap_or(i32::MAX)),
            failed_at: Set(account.failed_at.map(ms)),
            created_at: Set(ms(account.created_at)),
            disabled_at: Set(account.disabled_at.map(ms)),
        }
    }

    fn read_account(&self, row: staff::Model) -> Result<Account, DbError> {
        let id = StaffId(row.id);
        let open = |column: &'static str, sealed: &[u8]| {
            self.sealer().open_bytes(&format!("staff.{column}/{id}"), sealed)
        };
        let text = |column: &'static str, sealed: &[u8]| -> Result<String, DbError> {
            String::from_utf8(open(column, sealed)?.to_vec())
                .map_err(|_| DbError::Unreadable("staff"))
        };
        Ok(Account {
            id,
            email: word(EmailAddress::parse(&text("email", &row.email)?).ok(), "staff.email")?,
            name: text("name", &row.name)?,
            roles: set(&row.roles, "staff.roles")?,
            state: word(AccountState::parse(&row.state), "staff.state")?,
            language: word(Language::parse(&row.language), "staff.language")?,
            password: row.password,
            totp: match row.totp {
                None => None,
                Some(sealed) => Some(open("totp", &sealed)?),
            },
            totp_step: row.totp_step,
            failures: u32::try_from(row.failures).unwrap_or(0),
            failed_at: maybe_at(row.failed_at)?,
            created_at: at(row.created_at)?,
            disabled_at: maybe_at(row.disabled_at)?,
        })
    }
}

fn read_session(row: staff_session::Model) -> Result<StaffSession, DbError> {
    Ok(StaffSession {
        id: SessionId(row.id),
        staff: StaffId(row.staff_id),
        created_at: at(row.created_at)?,
        seen_at: at(row.seen_at)?,
        stepped_up_at: at(row.stepped_up_at)?,
        expires_at: at(row.expires_at)?,
        agent: row.agent,
    })
}
