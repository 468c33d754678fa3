//! Codes that were mailed.

use ::entity::{challenge, outbox};
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use subtle::ConstantTimeEq;

use super::convert::ms;
use super::outbox::MailStatus;
use super::{DbError, Tx};
use crate::domain::code::stored_words;
use crate::ids::{ChallengeId, Code, IntakeId};

/// How long a code is good, from the hand-over of its mail.
pub const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How often it may be typed.
pub const CODE_TRIES: i32 = 5;

stored_words!(ChallengePurpose {
    Verify = "verify",
    Unlock = "unlock",
    Download = "download",
});

/// What a code opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChallengePurpose {
    /// Proves the address.
    Verify,
    /// Opens the private part of the status page.
    Unlock,
    /// Opens a download.
    Download,
}

/// What came of a typed code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeCheck {
    /// Right; it is spent now.
    Right,
    /// Wrong; so many tries are left.
    Wrong {
        /// Tries left, at least one.
        left: u32,
    },
    /// Wrong too often; a fresh code is needed.
    TooMany,
    /// Right or wrong, it is too late; a fresh code is needed.
    Expired,
    /// There is no code to compare with; a fresh one is needed.
    NoneOpen,
}

impl Tx {
    /// Draws a fresh code, in place of any before it for the same purpose.
    pub async fn new_challenge(
        &self,
        intake: IntakeId,
        purpose: ChallengePurpose,
        now: Timestamp,
    ) -> Result<(ChallengeId, Code), DbError> {
        self.void_challenges(intake, Some(purpose), now).await?;
        let code = Code::draw(self.sealer().entropy());
        let id = self.sealer().entropy().uuid(now);
        let row = challenge::ActiveModel {
            id: Set(id),
            intake_id: Set(intake.0),
            purpose: Set(purpose.as_str().to_owned()),
            mac: Set(self.sealer().keys().code_mac(id.as_bytes(), &code).to_vec()),
            tries: Set(0),
            created_at: Set(ms(now)),
            expires_at: Set(None),
            spent_at: Set(None),
        };
        challenge::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok((ChallengeId(id), code))
    }

    /// Voids the open codes of an intake, of one purpose or of all.
    pub async fn void_challenges(
        &self,
        intake: IntakeId,
        purpose: Option<ChallengePurpose>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut update = challenge::Entity::update_many()
            .col_expr(challenge::Column::SpentAt, Expr::value(ms(now)))
            .filter(challenge::Column::IntakeId.eq(intake.0))
            .filter(challenge::Column::SpentAt.is_null());
        if let Some(purpose) = purpose {
            update = update.filter(challenge::Column::Purpose.eq(purpose.as_str()));
        }
        update.exec(self.conn()).await?;
        Ok(())
    }

    /// Starts a code's ten minutes: its mail was handed over at `now`.
    pub async fn start_challenge(&self, id: ChallengeId, now: Timestamp) -> Result<(), DbError> {
        challenge::Entity::update_many()
            .col_expr(challenge::Column::ExpiresAt, Expr::value(ms(now + CODE_LIFE)))
            .filter(challenge::Column::Id.eq(id.0))
            .filter(challenge::Column::ExpiresAt.is_null())
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Compares a typed code with the open one, in constant time. A right one is spent, a wrong one
    /// costs a try; both in one conditional statement, so that parallel posts cannot share a try.
    pub async fn check_code(
        &self,
        intake: IntakeId,
        purpose: ChallengePurpose,
        typed: Option<&Code>,
        now: Timestamp,
    ) -> Result<CodeCheck, DbError> {
        let open = challenge::Entity::find()
            .filter(challenge::Column::IntakeId.eq(intake.0))
            .filter(challenge::Column::Purpose.eq(purpose.as_str()))
            // At most one is not spent, and that is the last one.
            .order_by_desc(challenge::Column::SpentAt.is_null())
            .order_by_desc(challenge::Column::CreatedAt)
            .one(self.conn())
            .await?;
        let Some(open) = open else { return Ok(CodeCheck::NoneOpen) };
        if open.tries >= CODE_TRIES {
            return Ok(CodeCheck::TooMany);
        }
        if open.spent_at.is_some() {
            return Ok(CodeCheck::NoneOpen);
        }
        if open.expires_at.is_some_and(|expires| expires <= ms(now)) {
            return Ok(CodeCheck::Expired);
        }
        let right = typed.is_some_and(|code| {
            let mac = self.sealer().keys().code_mac(open.id.as_bytes(), code);
            bool::from(mac.ct_eq(&open.mac))
        });
        let mut update = challenge::Entity::update_many()
            .filter(challenge::Column::Id.eq(open.id))
            .filter(challenge::Column::SpentAt.is_null())
            .filter(challenge::Column::Tries.eq(open.tries));
        update = if right {
            update.col_expr(challenge::Column::SpentAt, Expr::value(ms(now)))
        } else {
            update.col_expr(challenge::Column::Tries, Expr::col(challenge::Column::Tries).add(1))
        };
        if update.exec(self.conn()).await?.rows_affected != 1 {
            return Err(DbError::Busy { code: None });
        }
        Ok(match (right, u32::try_from(CODE_TRIES - open.tries - 1).unwrap_or(0)) {
            (true, _) => CodeCheck::Right,
            (false, 0) => CodeCheck::TooMany,
            (false, left) => CodeCheck::Wrong { left },
        })
    }

    /// Drops codes drawn before `before`. One whose mail still waits for the mail server stays: it
    /// would arrive dead.
    pub async fn purge_challenges(&self, before: Timestamp) -> Result<u64, DbError> {
        let waiting = Query::select()
            .column(outbox::Column::ChallengeId)
            .from(outbox::Entity)
            .and_where(outbox::Column::Status.eq(MailStatus::Queued.as_str()))
            .and_where(outbox::Column::ChallengeId.is_not_null())
            .to_owned();
        let done = challenge::Entity::delete_many()
            .filter(challenge::Column::CreatedAt.lt(ms(before)))
            .filter(challenge::Column::Id.not_in_subquery(waiting))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected)
    }
}
