//! Tokens of programs. The secret is nowhere here: its hash is.

use std::collections::BTreeSet;

use ::entity::{api_token, assertion};
use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::convert::{at, from_json, json, maybe_at, ms, word};
use super::{DbError, Tx};
use crate::domain::token::{Grant, TokenScope};
use crate::ids::{ApiTokenId, Token, TokenPurpose};

/// That a token was used is written down at most this often.
const NOTE_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// A token, with all that the operator decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// What it may do.
    pub grant: Grant,
    /// What the operator calls it.
    pub name: String,
    /// From where it may be used; empty for anywhere.
    pub networks: Vec<IpNet>,
    /// The public key of its assertions, as a JWK.
    pub assertion_key: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, within an hour.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl ApiToken {
    /// Whether it can be used at `now`.
    pub fn lives(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

impl Tx {
    /// Keeps a new token. `false` when another one has the name, be it revoked or over.
    pub async fn insert_api_token(
        &self,
        token: &ApiToken,
        secret: &Token,
    ) -> Result<bool, DbError> {
        let scopes: Vec<&str> = token.grant.scopes.iter().map(|scope| scope.as_str()).collect();
        let networks: Vec<String> = token.networks.iter().map(ToString::to_string).collect();
        let row = api_token::ActiveModel {
            id: Set(token.grant.id.0),
            name: Set(token.name.clone()),
            hash: Set(secret.hash(TokenPurpose::Api).0.to_vec()),
            scopes: Set(json(&scopes)),
            all_requests: Set(token.grant.all_requests),
            networks: Set(json(&networks)),
            requests_a_day: Set(i32::try_from(token.grant.requests_a_day).unwrap_or(i32::MAX)),
            assertion_key: Set(token.assertion_key.clone()),
            created_at: Set(ms(token.created_at)),
            expires_at: Set(ms(token.expires_at)),
            used_at: Set(None),
            revoked_at: Set(None),
        };
        let same_name = OnConflict::column(api_token::Column::Name).do_nothing().to_owned();
        let inserted = api_token::Entity::insert(row)
            .on_conflict(same_name)
            .exec_without_returning(self.conn())
            .await?;
        Ok(inserted > 0)
    }

    /// The token with this secret, whatever became of it.
    pub async fn api_token(&self, secret: &Token) -> Result<Option<ApiToken>, DbError> {
        let hash = secret.hash(TokenPurpose::Api).0.to_vec();
        let row = api_token::Entity::find()
            .filter(api_token::Column::Hash.eq(hash))
            .one(self.conn())
            .await?;
        row.map(read).transpose()
    }

    /// The token of this name.
    pub async fn api_token_named(&self, name: &str) -> Result<Option<ApiToken>, DbError> {
        let row = api_token::Entity::find()
            .filter(api_token::Column::Name.eq(name))
            .one(self.conn())
            .await?;
        row.map(read).transpose()
    }

    /// All tokens, by name.
    pub async fn api_tokens(&self) -> Result<Vec<ApiToken>, DbError> {
        let rows = api_token::Entity::find()
            .order_by_asc(api_token::Column::Name)
            .all(self.conn())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Ends a token for good.
    pub async fn revoke_api_token(&self, id: ApiTokenId, now: Timestamp) -> Result<(), DbError> {
        api_token::Entity::update_many()
            .col_expr(api_token::Column::RevokedAt, Expr::value(ms(now)))
            .filter(api_token::Column::Id.eq(id.0))
            .filter(api_token::Column::RevokedAt.is_null())
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Writes down that a token was used.
    pub async fn note_api_token_used(&self, id: ApiTokenId, now: Timestamp) -> Result<(), DbError> {
        api_token::Entity::update_many()
            .col_expr(api_token::Column::UsedAt, Expr::value(ms(now)))
            .filter(api_token::Column::Id.eq(id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Uses up a signed assertion. `false` when it was used before.
    pub async fn use_assertion(
        &self,
        token: ApiTokenId,
        jti: &str,
        expires_at: Timestamp,
    ) -> Result<bool, DbError> {
        let row = assertion::ActiveModel {
            token_id: Set(token.0),
            jti: Set(jti.to_owned()),
            expires_at: Set(ms(expires_at)),
        };
        let used = OnConflict::columns([assertion::Column::TokenId, assertion::Column::Jti])
            .do_nothing()
            .to_owned();
        let inserted = assertion::Entity::insert(row)
            .on_conflict(used)
            .exec_without_returning(self.conn())
            .await?;
        Ok(inserted > 0)
    }

    /// Forgets assertions that have ended by themselves.
    pub async fn forget_assertions(&self, now: Timestamp) -> Result<u64, DbError> {
        let done = assertion::Entity::delete_many()
            .filter(assertion::Column::ExpiresAt.lte(ms(now)))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected)
    }
}

/// Whether its use is to be written down again.
pub fn is_to_be_noted(token: &ApiToken, now: Timestamp) -> bool {
    token.used_at.is_none_or(|used| now.duration_since(used) >= NOTE_EVERY)
}

fn read(row: api_token::Model) -> Result<ApiToken, DbError> {
    let scopes: Vec<String> = from_json(&row.scopes, "api_token.scopes")?;
    let scopes: Option<BTreeSet<TokenScope>> =
        scopes.iter().map(|scope| TokenScope::parse(scope)).collect();
    let networks: Vec<String> = from_json(&row.networks, "api_token.networks")?;
    let networks: Option<Vec<IpNet>> =
        networks.iter().map(|network| network.parse().ok()).collect();
    Ok(ApiToken {
        grant: Grant {
            id: ApiTokenId(row.id),
            scopes: word(scopes, "api_token.scopes")?,
            all_requests: row.all_requests,
            requests_a_day: u32::try_from(row.requests_a_day).unwrap_or(0),
        },
        name: row.name,
        networks: word(networks, "api_token.networks")?,
        assertion_key: row.assertion_key,
        created_at: at(row.created_at)?,
        expires_at: at(row.expires_at)?,
        used_at: maybe_at(row.used_at)?,
        revoked_at: maybe_at(row.revoked_at)?,
    })
}
