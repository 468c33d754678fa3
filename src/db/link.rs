//! Secrets in links and cookies, as hashes.

use ::entity::{link_token, status_session};
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::convert::ms;
use super::{DbError, Tx};
use crate::ids::{IntakeId, Token, TokenPurpose};

impl Tx {
    /// Mints a link of one purpose. The secret is in the result and nowhere else.
    pub async fn new_link(
        &self,
        intake: IntakeId,
        purpose: TokenPurpose,
        now: Timestamp,
    ) -> Result<Token, DbError> {
        let token = Token::draw(self.sealer().entropy());
        let row = link_token::ActiveModel {
            hash: Set(token.hash(purpose).0.to_vec()),
            intake_id: Set(intake.0),
            purpose: Set(purpose.as_str().to_owned()),
            created_at: Set(ms(now)),
            expires_at: Set(None),
        };
        link_token::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(token)
    }

    /// Whose link it is, if it lives.
    pub async fn link(
        &self,
        token: &Token,
        purpose: TokenPurpose,
        now: Timestamp,
    ) -> Result<Option<IntakeId>, DbError> {
        let row = link_token::Entity::find_by_id(token.hash(purpose).0.to_vec())
            .filter(link_token::Column::Purpose.eq(purpose.as_str()))
            .one(self.conn())
            .await?;
        Ok(row
            .filter(|row| row.expires_at.is_none_or(|expires| expires > ms(now)))
            .map(|row| IntakeId(row.intake_id)))
    }

    /// Sets when all links of an intake die.
    pub async fn expire_links(&self, intake: IntakeId, when: Timestamp) -> Result<(), DbError> {
        link_token::Entity::update_many()
            .col_expr(link_token::Column::ExpiresAt, Expr::value(ms(when)))
            .filter(link_token::Column::IntakeId.eq(intake.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Links of an open intake live on.
    pub async fn revive_links(&self, intake: IntakeId) -> Result<(), DbError> {
        link_token::Entity::update_many()
            .col_expr(link_token::Column::ExpiresAt, Expr::value(Option::<i64>::None))
            .filter(link_token::Column::IntakeId.eq(intake.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Opens the private part of a status page until `until`.
    pub async fn new_status_session(
        &self,
        intake: IntakeId,
        until: Timestamp,
    ) -> Result<Token, DbError> {
        let token = Token::draw(self.sealer().entropy());
        let row = status_session::ActiveModel {
            hash: Set(token.hash(TokenPurpose::StatusCookie).0.to_vec()),
            intake_id: Set(intake.0),
            expires_at: Set(ms(until)),
        };
        status_session::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(token)
    }

    /// Whether `cookie` opens the status page of `intake` at `now`.
    pub async fn has_status_session(
        &self,
        intake: IntakeId,
        cookie: &Token,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let hash = cookie.hash(TokenPurpose::StatusCookie).0.to_vec();
        let row = status_session::Entity::find_by_id(hash)
            .filter(status_session::Column::IntakeId.eq(intake.0))
            .filter(status_session::Column::ExpiresAt.gt(ms(now)))
            .one(self.conn())
            .await?;
        Ok(row.is_some())
    }

    /// Closes every status page of an intake.
    pub async fn end_status_sessions(&self, intake: IntakeId) -> Result<(), DbError> {
        status_session::Entity::delete_many()
            .filter(status_session::Column::IntakeId.eq(intake.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Drops what has died before `before`.
    pub async fn purge_links(&self, before: Timestamp) -> Result<u64, DbError> {
        let links = link_token::Entity::delete_many()
            .filter(link_token::Column::ExpiresAt.lt(ms(before)))
            .exec(self.conn())
            .await?;
        let sessions = status_session::Entity::delete_many()
            .filter(status_session::Column::ExpiresAt.lt(ms(before)))
            .exec(self.conn())
            .await?;
        Ok(links.rows_affected + sessions.rows_affected)
    }
}
