//! Tokens of programs: made, revoked, and shown at the door.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Desk, ServiceError};
pub use crate::db::token::ApiToken;
use crate::db::token::is_to_be_noted;
use crate::domain::duration::Period;
use crate::domain::event::Event;
use crate::domain::token::{ALL_REQUESTS_LIFE, Bearer, Grant, LONGEST_LIFE, TokenScope};
use crate::ids::{ApiTokenId, Token};

/// What the operator decides about a new token.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub scopes: BTreeSet<TokenScope>,
    /// Whether it also reads what it did not ask for.
    pub all_requests: bool,
    /// From where it may be used; empty for anywhere.
    pub networks: Vec<IpNet>,
    /// How many requests it may create within 24 hours.
    pub requests_a_day: u32,
    /// How long it is good.
    pub life: Period,
    /// The public key of its assertions, as a JWK.
    pub assertion_key: Option<String>,
}

/// Why a token is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Another one has the name.
    #[error("another token has this name, be it in use or not; choose another")]
    Name,
    /// It would live too long.
    #[error("is good for two years at most, with --all-requests for 90 days")]
    Life,
    /// A key without the scope to use it.
    #[error("a key for assertions needs the scope requests:assert")]
    KeyWithoutScope,
    /// A scope that stands on another.
    #[error("requests:assert needs requests:create as well")]
    AssertWithoutCreate,
}

/// A token that has just been made.
#[derive(Debug)]
pub struct MadeToken {
    /// The secret; it is nowhere else.
    pub bearer: Bearer,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Why a program is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotLetIn {
    /// There is no such token, or no more.
    Unknown,
    /// It may not be used from there.
    Elsewhere,
}

impl Desk {
    /// Makes a token.
    pub async fn create_token(
        &self,
        new: NewToken,
    ) -> Result<Result<MadeToken, TokenFault>, ServiceError> {
        let now = self.now();
        let expires_at = self.ends(new.life, now);
        let most = if new.all_requests { ALL_REQUESTS_LIFE } else { LONGEST_LIFE };
        if expires_at <= now || expires_at.duration_since(now) > most {
            return Ok(Err(TokenFault::Life));
        }
        let asserts = new.scopes.contains(&TokenScope::Assert);
        if new.assertion_key.is_some() && !asserts {
            return Ok(Err(TokenFault::KeyWithoutScope));
        }
        if asserts && !new.scopes.contains(&TokenScope::Create) {
            return Ok(Err(TokenFault::AssertWithoutCreate));
        }
        let secret = Token::draw(&*self.entropy);
        let token = ApiToken {
            grant: Grant {
                id: ApiTokenId(self.entropy.uuid(now)),
                scopes: new.scopes,
                all_requests: new.all_requests,
                requests_a_day: new.requests_a_day,
            },
            name: new.name,
            networks: new.networks,
            assertion_key: new.assertion_key,
            created_at: now,
            expires_at,
            used_at: None,
            revoked_at: None,
        };
        let tx = self.db.begin().await?;
        if !tx.insert_api_token(&token, &secret).await? {
            return Ok(Err(TokenFault::Name));
        }
        let scopes: Vec<&str> = token.grant.scopes.iter().map(|scope| scope.as_str()).collect();
        let event = Event::by_system("token.created").with("token", token.grant.id);
        let event = event.with("scopes", scopes).with("all_requests", token.grant.all_requests);
        tx.insert_house_event(now, &event).await?;
        tx.commit().await?;
        Ok(Ok(MadeToken { bearer: Bearer::new(secret), expires_at }))
    }

    /// Revokes the token of this name, which holds at once. `false` when there is none, or it was
    /// revoked before.
    pub async fn revoke_token(&self, name: &str) -> Result<bool, ServiceError> {
        let tx = self.db.begin().await?;
        let Some(token) = tx.api_token_named(name).await? else { return Ok(false) };
        if token.revoked_at.is_some() {
            return Ok(false);
        }
        tx.revoke_api_token(token.grant.id, self.now()).await?;
        let event = Event::by_system("token.revoked").with("token", token.grant.id);
        tx.insert_house_event(self.now(), &event).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// All tokens, by name; never their secrets.
    pub async fn tokens(&self) -> Result<Vec<ApiToken>, ServiceError> {
        Ok(self.db.begin_read().await?.api_tokens().await?)
    }

    /// What programs are called, by the id of their token.
    pub async fn programs(&self) -> Result<BTreeMap<Uuid, String>, ServiceError> {
        let tokens = self.tokens().await?;
        Ok(tokens.into_iter().map(|token| (token.grant.id.0, token.name)).collect())
    }

    /// Lets a program in that shows a token from `client`.
    pub async fn let_in(
        &self,
        bearer: &Bearer,
        client: IpAddr,
    ) -> Result<Result<ApiToken, NotLetIn>, ServiceError> {
        let now = self.now();
        let tx = self.db.begin_read().await?;
        let token = tx.api_token(bearer.token()).await?.filter(|token| token.lives(now));
        drop(tx);
        let Some(token) = token else { return Ok(Err(NotLetIn::Unknown)) };
        let client = client.to_canonical();
        let here = token.networks.is_empty()
            || token.networks.iter().any(|network| network.contains(&client));
        if !here {
            return Ok(Err(NotLetIn::Elsewhere));
        }
        if is_to_be_noted(&token, now) {
            let tx = self.db.begin().await?;
            tx.note_api_token_used(token.grant.id, now).await?;
            tx.commit().await?;
        }
        Ok(Ok(token))
    }
}
