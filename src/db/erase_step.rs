//! The steps of deletions and their receipts.

use ::entity::{erase_step, receipt};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::convert::{at, count, from_json, json, maybe_at, ms, stored, word};
use super::{DbError, Tx};
use crate::domain::erase::Method;
use crate::domain::erasure::{Step, StepRows, StepState};
use crate::ids::{RequestId, StepId};

/// A signed receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When it was made.
    pub made_at: Timestamp,
    /// What is signed, as JSON.
    pub body: String,
    /// The signature, as minisign writes it.
    pub signature: String,
}

impl Tx {
    /// Writes a step, or writes it back.
    pub async fn put_step(&self, step: &Step, rows: &StepRows) -> Result<(), DbError> {
        use erase_step::Column as C;
        let row = row(step, self.sealed(&place(step.id), rows));
        let conflict = OnConflict::column(C::Id)
            .update_columns([
                C::State,
                C::Changed,
                C::Grown,
                C::Strayed,
                C::Tries,
                C::Verdict,
                C::BegunAt,
                C::DoneAt,
                C::LookedAt,
                C::LookAt,
                C::Body,
            ])
            .to_owned();
        erase_step::Entity::insert(row)
            .on_conflict(conflict)
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// A step.
    pub async fn step(&self, id: StepId) -> Result<Option<Step>, DbError> {
        let row = erase_step::Entity::find_by_id(id.0).one(self.conn()).await?;
        row.map(read).transpose()
    }

    /// The rows of a step, as long as they are kept.
    pub async fn step_rows(&self, id: StepId) -> Result<Option<StepRows>, DbError> {
        let row = erase_step::Entity::find_by_id(id.0).one(self.conn()).await?;
        let body = row.and_then(|row| row.body);
        body.map(|body| self.opened(&place(id), &body)).transpose()
    }

    /// All steps of a request, in the order in which they are taken.
    pub async fn steps(&self, request: RequestId) -> Result<Vec<Step>, DbError> {
        let rows = erase_step::Entity::find()
            .filter(erase_step::Column::RequestId.eq(request.0))
            .order_by_asc(erase_step::Column::Round)
            .order_by_asc(erase_step::Column::Position)
            .all(self.conn())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Steps that have to be looked at again by `now`.
    pub async fn steps_to_look_at(&self, now: Timestamp, limit: u64) -> Result<Vec<Step>, DbError> {
        let rows = erase_step::Entity::find()
            .filter(erase_step::Column::LookAt.lte(ms(now)))
            .limit(limit)
            .all(self.conn())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// How many requests have had a step begun since then.
    pub async fn erasing_since(&self, since: Timestamp) -> Result<u64, DbError> {
        Ok(erase_step::Entity::find()
            .select_only()
            .column(erase_step::Column::RequestId)
            .filter(erase_step::Column::BegunAt.gte(ms(since)))
            .distinct()
            .count(self.conn())
            .await?)
    }

    /// Keeps a receipt.
    pub async fn put_receipt(&self, request: RequestId, made: &Receipt) -> Result<(), DbError> {
        use receipt::Column as C;
        let row = receipt::ActiveModel {
            id: Set(request.0),
            made_at: Set(ms(made.made_at)),
            body: Set(made.body.clone()),
            signature: Set(made.signature.clone()),
        };
        let conflict =
            OnConflict::column(C::Id).update_columns([C::MadeAt, C::Body, C::Signature]).to_owned();
        receipt::Entity::insert(row)
            .on_conflict(conflict)
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// The receipt of a request.
    pub async fn receipt(&self, request: RequestId) -> Result<Option<Receipt>, DbError> {
        let row = receipt::Entity::find_by_id(request.0).one(self.conn()).await?;
        row.map(|row| {
            let made_at = at(row.made_at)?;
            Ok(Receipt { made_at, body: row.body, signature: row.signature })
        })
        .transpose()
    }
}

fn row(step: &Step, body: Vec<u8>) -> erase_step::ActiveModel {
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    erase_step::ActiveModel {
        id: Set(step.id.0),
        request_id: Set(step.request.0),
        round: Set(number(step.round)),
        position: Set(number(step.position)),
        store: Set(step.store.clone()),
        collection: Set(step.collection.clone()),
        method: Set(step.method.as_str().to_owned()),
        state: Set(step.state.as_str().to_owned()),
        planned: Set(stored(step.planned)),
        changed: Set(stored(step.changed)),
        grown: Set(stored(step.grown)),
        strayed: Set(stored(step.strayed)),
        tries: Set(number(step.tries)),
        verdict: Set(step.verdict.as_ref().map(json)),
        begun_at: Set(step.begun_at.map(ms)),
        done_at: Set(step.done_at.map(ms)),
        looked_at: Set(step.looked_at.map(ms)),
        look_at: Set(step.look_at.map(ms)),
        body: Set(Some(body)),
    }
}

fn read(row: erase_step::Model) -> Result<Step, DbError> {
    let number = |number: i32| u32::try_from(number).unwrap_or(0);
    let verdict = row.verdict.map(|text| from_json(&text, "erase_step.verdict")).transpose()?;
    Ok(Step {
        id: StepId(row.id),
        request: RequestId(row.request_id),
        round: number(row.round),
        position: number(row.position),
        store: row.store,
        collection: row.collection,
        method: word(Method::parse(&row.method), "erase_step.method")?,
        state: word(StepState::parse(&row.state), "erase_step.state")?,
        planned: count(row.planned),
        changed: count(row.changed),
        grown: count(row.grown),
        strayed: count(row.strayed),
        tries: number(row.tries),
        verdict,
        begun_at: maybe_at(row.begun_at)?,
        done_at: maybe_at(row.done_at)?,
        looked_at: maybe_at(row.looked_at)?,
        look_at: maybe_at(row.look_at)?,
    })
}

fn place(step: StepId) -> String {
    format!("erase_step.body/{step}")
}
