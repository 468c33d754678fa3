//! Calls with an idempotency key: what was answered is answered again.

use ::entity::api_call;
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::convert::ms;
use super::{DbError, Tx};
use crate::ids::{ApiTokenId, RequestId};

/// Names the hashes of bodies among those of one key.
const BODY: &str = "api call";

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
        let row = api_call::Entity::find_by_id((token.0, key.to_owned())).one(self.conn()).await?;
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
            key: Set(call.key.to_owned()),
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
