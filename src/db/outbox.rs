//! The outbox: mails stand sealed until the mail server has them. And how many there may be.

use ::entity::{mail_block, mail_budget, outbox};
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};

use super::convert::{at, ms, word};
use super::{DbError, Tx};
use crate::domain::address::EmailAddress;
use crate::domain::code::stored_words;
use crate::domain::mail::{
    Budget, CODES_AN_HOUR, Letter, MAILS_A_DAY, MailKind, TOKEN_CODES_AN_HOUR,
};
use crate::ids::{ChallengeId, IntakeId, MailId, RequestId};

stored_words!(MailStatus {
    Queued = "queued",
    Sent = "sent",
    Failed = "failed",
});

/// How far a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailStatus {
    /// Not yet with the mail server.
    Queued,
    /// The mail server has it.
    Sent,
    /// The mail server will not have it.
    Failed,
}

/// What stands in the sealed column.
#[derive(Serialize, Deserialize)]
struct SealedMail {
    to: String,
    letter: Letter,
}

/// A mail to be queued.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// To whose address.
    pub intake: IntakeId,
    /// The request whose answer it is.
    pub request: Option<RequestId>,
    /// The code in it, whose ten minutes start when the server has the mail.
    pub challenge: Option<ChallengeId>,
    /// To whom.
    pub to: EmailAddress,
    /// Its words.
    pub letter: Letter,
}

/// A mail that waits for the mail server.
#[derive(Debug, Clone)]
pub struct QueuedMail {
    /// Its id.
    pub id: MailId,
    /// To whose address.
    pub intake: IntakeId,
    /// The request whose answer it is.
    pub request: Option<RequestId>,
    /// Its Message-ID, in brackets.
    pub message_id: String,
    /// The code in it.
    pub challenge: Option<ChallengeId>,
    /// When it was written.
    pub created_at: Timestamp,
    /// To whom.
    pub to: EmailAddress,
    /// Its words.
    pub letter: Letter,
}

impl Tx {
    /// Whether one more mail of `kind` may go to `to`. Locks the mailbox's row until the
    /// transaction ends, so that parallel posts cannot share the last place.
    pub async fn mail_is_allowed(
        &self,
        kind: MailKind,
        to: &EmailAddress,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let tag = self.budget_tag(to);
        // Who holds a status link has proved the mailbox, and is no stranger to it.
        if kind.budget() == Budget::Anyone && self.is_blocked(to, now).await? {
            return Ok(false);
        }
        self.lock_budget(&tag, now).await?;
        let counted = async |budget: Budget, kinds: &[MailKind], span: SignedDuration| {
            outbox::Entity::find()
                .filter(outbox::Column::BudgetTag.is_in(self.budget_tags(to)))
                .filter(outbox::Column::CreatedAt.gt(ms(now - span)))
                .filter(outbox::Column::Budget.eq(budget_word(budget)))
                .filter(outbox::Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
                .count(self.conn())
                .await
        };
        let (hour, day) = (SignedDuration::from_hours(1), SignedDuration::from_hours(24));
        Ok(match kind.budget() {
            Budget::Uncapped => true,
            Budget::TokenHolder => {
                let codes = [MailKind::DownloadCode, MailKind::StatusCode];
                counted(Budget::TokenHolder, &codes, hour).await? < TOKEN_CODES_AN_HOUR
            }
            Budget::Anyone => {
                let all =
                    [MailKind::Verify, MailKind::Reminder, MailKind::Lapsed, MailKind::OptedOut];
                let codes_left = kind != MailKind::Verify
                    || counted(Budget::Anyone, &all[..1], hour).await? < CODES_AN_HOUR;
                codes_left && counted(Budget::Anyone, &all, day).await? < MAILS_A_DAY
            }
        })
    }

    /// Queues a mail. The caller enqueues the job that sends it in the same transaction.
    pub async fn queue_mail(
        &self,
        mail: &NewMail,
        domain: &str,
        now: Timestamp,
    ) -> Result<MailId, DbError> {
        let id = MailId(self.sealer().entropy().uuid(now));
        let sealed = SealedMail { to: mail.to.as_str().to_owned(), letter: mail.letter.clone() };
        let row = outbox::ActiveModel {
            id: Set(id.0),
            intake_id: Set(mail.intake.0),
            request_id: Set(mail.request.map(|request| request.0)),
            kind: Set(mail.letter.kind.as_str().to_owned()),
            status: Set(MailStatus::Queued.as_str().to_owned()),
            message_id: Set(format!("<{id}@{domain}>")),
            sealed: Set(Some(self.sealer().seal_json(&mail_place(id), &sealed))),
            content_hash: Set(None),
            budget: Set(budget_word(mail.letter.kind.budget()).to_owned()),
            budget_tag: Set(self.budget_tag(&mail.to).to_vec()),
            challenge_id: Set(mail.challenge.map(|challenge| challenge.0)),
            created_at: Set(ms(now)),
            sent_at: Set(None),
            error: Set(None),
        };
        outbox::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(id)
    }

    /// A mail that still waits; `None` once it is sent, failed or gone.
    pub async fn queued_mail(&self, id: MailId) -> Result<Option<QueuedMail>, DbError> {
        let row = outbox::Entity::find_by_id(id.0)
            .filter(outbox::Column::Status.eq(MailStatus::Queued.as_str()))
            .one(self.conn())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let Some(sealed) = row.sealed else { return Ok(None) };
        let sealed: SealedMail = self.sealer().open_json(&mail_place(id), &sealed)?;
        let to = EmailAddress::parse(&sealed.to).ok();
        Ok(Some(QueuedMail {
            id,
            intake: IntakeId(row.intake_id),
            request: row.request_id.map(RequestId),
            message_id: row.message_id,
            challenge: row.challenge_id.map(ChallengeId),
            created_at: at(row.created_at)?,
            to: word(to, "outbox.sealed")?,
            letter: sealed.letter,
        }))
    }

    /// The server has it: its words are destroyed, hash and time stay.
    pub async fn mail_sent(
        &self,
        id: MailId,
        content_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<(), DbError> {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::Status, Expr::value(MailStatus::Sent.as_str()))
            .col_expr(outbox::Column::Sealed, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(outbox::Column::ContentHash, Expr::value(content_hash.to_vec()))
            .col_expr(outbox::Column::SentAt, Expr::value(ms(now)))
            .col_expr(outbox::Column::Error, Expr::value(Option::<String>::None))
            .filter(outbox::Column::Id.eq(id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// The server will not have it, or not any more: shown to staff, words destroyed.
    pub async fn mail_failed(&self, id: MailId, code: &str) -> Result<(), DbError> {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::Status, Expr::value(MailStatus::Failed.as_str()))
            .col_expr(outbox::Column::Sealed, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(outbox::Column::Error, Expr::value(code))
            .filter(outbox::Column::Id.eq(id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Whether a mail about this request still waits.
    pub async fn has_queued_mail(
        &self,
        intake: IntakeId,
        request: RequestId,
    ) -> Result<bool, DbError> {
        let queued = outbox::Entity::find()
            .filter(outbox::Column::IntakeId.eq(intake.0))
            .filter(outbox::Column::RequestId.eq(request.0))
            .filter(outbox::Column::Status.eq(MailStatus::Queued.as_str()))
            .count(self.conn())
            .await?;
        Ok(queued > 0)
    }

    /// How far the newest mail of a kind about this request is; `None` where there is none.
    pub async fn last_mail(
        &self,
        request: RequestId,
        kind: MailKind,
    ) -> Result<Option<MailStatus>, DbError> {
        let row = outbox::Entity::find()
            .filter(outbox::Column::RequestId.eq(request.0))
            .filter(outbox::Column::Kind.eq(kind.as_str()))
            .order_by_desc(outbox::Column::Id)
            .one(self.conn())
            .await?;
        row.map(|row| word(MailStatus::parse(&row.status), "outbox.status")).transpose()
    }

    /// Mails of an intake that still wait are not sent any more.
    pub async fn drop_queued_mails(&self, intake: IntakeId) -> Result<(), DbError> {
        outbox::Entity::update_many()
            .col_expr(outbox::Column::Status, Expr::value(MailStatus::Failed.as_str()))
            .col_expr(outbox::Column::Sealed, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(outbox::Column::Error, Expr::value("withdrawn"))
            .filter(outbox::Column::IntakeId.eq(intake.0))
            .filter(outbox::Column::Status.eq(MailStatus::Queued.as_str()))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// No mail that strangers can cause goes to this mailbox until `until`.
    pub async fn block_mailbox(
        &self,
        email: &EmailAddress,
        until: Timestamp,
    ) -> Result<(), DbError> {
        let row = mail_block::ActiveModel {
            tag: Set(self.budget_tag(email).to_vec()),
            until: Set(ms(until)),
        };
        mail_block::Entity::insert(row)
            .on_conflict(
                OnConflict::column(mail_block::Column::Tag)
                    .update_column(mail_block::Column::Until)
                    .to_owned(),
            )
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// Drops rows of sent and failed mails from before `before`, and blocks and counters that are
    /// over.
    pub async fn purge_mails(&self, before: Timestamp, now: Timestamp) -> Result<u64, DbError> {
        let mails = outbox::Entity::delete_many()
            .filter(outbox::Column::CreatedAt.lt(ms(before)))
            .filter(outbox::Column::Status.ne(MailStatus::Queued.as_str()))
            .exec(self.conn())
            .await?;
        mail_block::Entity::delete_many()
            .filter(mail_block::Column::Until.lt(ms(now)))
            .exec(self.conn())
            .await?;
        mail_budget::Entity::delete_many()
            .filter(mail_budget::Column::TouchedAt.lt(ms(now - SignedDuration::from_hours(48))))
            .exec(self.conn())
            .await?;
        Ok(mails.rows_affected)
    }

    async fn is_blocked(&self, to: &EmailAddress, now: Timestamp) -> Result<bool, DbError> {
        let blocked = mail_block::Entity::find()
            .filter(mail_block::Column::Tag.is_in(self.budget_tags(to)))
            .filter(mail_block::Column::Until.gt(ms(now)))
            .count(self.conn())
            .await?;
        Ok(blocked > 0)
    }

    async fn lock_budget(&self, tag: &[u8; 32], now: Timestamp) -> Result<(), DbError> {
        let row = mail_budget::ActiveModel { tag: Set(tag.to_vec()), touched_at: Set(ms(now)) };
        mail_budget::Entity::insert(row)
            .on_conflict(
                OnConflict::column(mail_budget::Column::Tag)
                    .update_column(mail_budget::Column::TouchedAt)
                    .to_owned(),
            )
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// As [`Tx::budget_tag`], under every root key at hand: a block outlives a new key.
    fn budget_tags(&self, to: &EmailAddress) -> Vec<Vec<u8>> {
        let tags = self.sealer().keys().limit_tags("mailbox", to.budget_key().as_bytes());
        tags.into_iter().map(Vec::from).collect()
    }

    fn budget_tag(&self, to: &EmailAddress) -> [u8; 32] {
        self.sealer().keys().limit_tag("mailbox", to.budget_key().as_bytes())
    }
}

fn mail_place(id: MailId) -> String {
    format!("outbox.sealed/{id}")
}

const fn budget_word(budget: Budget) -> &'static str {
    match budget {
        Budget::Anyone => "anyone",
        Budget::TokenHolder => "token_holder",
        Budget::Uncapped => "uncapped",
    }
}
