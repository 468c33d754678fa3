//! Calls with an idempotency key: what was answered is answered again.

use ::entity::api_call;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::convert::ms;
use super::{DbError, Tx};
use crate::ids::{ApiTokenId, RequestId};

/// Names the hashes of bodies among those of one key.
const BODY: &str = "api call";

/// Names the hashes of keys. They are text of whoever calls, and some make them of addresses.
const KEY: &str = "api key";

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCall {
    /// Whether it had this body.
    pub is_same: bool,
    /// What was answered.
    pub answer: String,
}

/// A call and its answer.
#[derive(Debug, Clone)]
pub struct NewCall<'a> {
    /// Whose.
    pub token: ApiTokenId,
    /// The key that came with it.
    pub key: &'a str,
    /// Its body, byte for byte.
    pub body: &'a [u8],
    /// The request that it created.
    pub request: RequestId,
    /// What is answered, without personal data.
    pub answer: &'a str,
}

impl Tx {
    /// The call of a token with this key, compared with one of this body.
    pub async fn api_call(
        &self,
        token: ApiTokenId,
        key: &str,
        body: &[u8],
    ) -> Result<Option<KeptCall>, DbError> {
        let tags = self.sealer().keys().limit_tags(KEY, key.as_bytes());
        let row = api_call::Entity::find()
            .filter(api_call::Column::TokenId.eq(token.0))
            .filter(api_call::Column::Key.is_in(tags.iter().map(|tag| HEXLOWER.encode(tag))))
            .one(self.conn())
            .await?;
        let kept = |row: api_call::Model| {
            let tags = self.sealer().keys().limit_tags(BODY, body);
            let is_same = tags.iter().any(|tag| tag[..] == row.body_hash[..]);
            KeptCall { is_same, answer: row.answer }
        };
        Ok(row.map(kept))
    }

    /// Keeps a call. `false` when somebody else kept one with the same key meanwhile; what this
    /// transaction did must not be committed then.
    pub async fn keep_api_call(&self, call: &NewCall<'_>, now: Timestamp) -> Result<bool, DbError> {
        let row = api_call::ActiveModel {
            token_id: Set(call.token.0),
            key: Set(HEXLOWER.encode(&self.sealer().keys().limit_tag(KEY, call.key.as_bytes()))),
            body_hash: Set(self.sealer().keys().limit_tag(BODY, call.body).to_vec()),
            request_id: Set(call.request.0),
            answer: Set(call.answer.to_owned()),
            at: Set(ms(now)),
        };
        let kept = OnConflict::columns([api_call::Column::TokenId, api_call::Column::Key])
            .do_nothing()
            .to_owned();
        let inserted = api_call::Entity::insert(row)
            .on_conflict(kept)
            .exec_without_returning(self.conn())
            .await?;
        Ok(inserted > 0)
    }

    /// Forgets calls from before `before`.
    pub async fn forget_api_calls(&self, before: Timestamp) -> Result<u64, DbError> {
        let done = api_call::Entity::delete_many()
            .filter(api_call::Column::At.lte(ms(before)))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::db::testing::db_test;

    db_test!(a_key_leads_to_its_call_and_is_itself_not_kept, |db| async move {
        let (token, other) = (ApiTokenId(Uuid::from_u128(1)), ApiTokenId(Uuid::from_u128(2)));
        let call = NewCall {
            token,
            key: "export-of-ada@example.org",
            body: b"{}",
            request: RequestId(Uuid::from_u128(3)),
            answer: "taken",
        };
        let now = Timestamp::UNIX_EPOCH;
        let tx = db.begin().await.unwrap();
        assert!(tx.keep_api_call(&call, now).await.unwrap());
        assert!(!tx.keep_api_call(&call, now).await.unwrap(), "once");
        assert!(tx.keep_api_call(&NewCall { token: other, ..call.clone() }, now).await.unwrap());
        let kept = tx.api_call(token, call.key, b"{}").await.unwrap().unwrap();
        assert_eq!(kept, KeptCall { is_same: true, answer: "taken".to_owned() });
        let changed = tx.api_call(token, call.key, b"[]").await.unwrap().unwrap();
        assert!(!changed.is_same);
        assert_eq!(tx.api_call(token, "another", b"{}").await.unwrap(), None);
        tx.commit().await.unwrap();
        let clear = "SELECT count(*) FROM api_call WHERE key LIKE '%ada%'";
        assert_eq!(db.number(clear).await, 0);
    });
}
