//! Deletions that are done again after a store was restored. What names rows is sealed, and goes with
//! the last step; counts and dates stay.

use ::entity::replay;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::convert::{at, from_json, json, maybe_at, ms, word};
use super::{DbError, Tx};
use crate::domain::plan::PlanDigest;
use crate::domain::replay::{Replay, ReplayState, ReplayStep};
use crate::ids::{ReplayId, StaffId};

impl Tx {
    /// Keeps a new one. Those that still wait are void.
    pub async fn insert_replay(
        &self,
        replay: &Replay,
        steps: &[ReplayStep],
    ) -> Result<(), DbError> {
        self.void_replays().await?;
        let row = replay::ActiveModel {
            body: Set(Some(self.sealed(&place(replay.id), &steps))),
            ..row(replay)
        };
        replay::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    async fn void_replays(&self) -> Result<(), DbError> {
        let void = ReplayState::Void.as_str();
        replay::Entity::update_many()
            .col_expr(replay::Column::State, Expr::value(void))
            .col_expr(replay::Column::Body, Expr::value(Option::<Vec<u8>>::None))
            .filter(replay::Column::State.eq(ReplayState::Waiting.as_str()))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// One of them, its row held until the transaction ends.
    pub async fn lock_replay(&self, id: ReplayId) -> Result<Option<Replay>, DbError> {
        let row = replay::Entity::find_by_id(id.0).lock_exclusive().one(self.conn()).await?;
        row.as_ref().map(read).transpose()
    }

    /// Its steps, as long as they are kept.
    pub async fn replay_steps(&self, id: ReplayId) -> Result<Option<Vec<ReplayStep>>, DbError> {
        let row = replay::Entity::find_by_id(id.0).one(self.conn()).await?;
        let body = row.and_then(|row| row.body);
        body.map(|body| self.opened(&place(id), &body)).transpose()
    }

    /// Writes one back; when it is over its rows are forgotten.
    pub async fn update_replay(&self, replay: &Replay) -> Result<(), DbError> {
        let mut row = row(replay);
        if matches!(replay.state, ReplayState::Done | ReplayState::Void) {
            row.body = Set(None);
        }
        row.update(self.conn()).await?;
        Ok(())
    }

    /// All of them, the newest first.
    pub async fn replays(&self, limit: u64) -> Result<Vec<Replay>, DbError> {
        let rows = replay::Entity::find()
            .order_by_desc(replay::Column::MadeAt)
            .order_by_desc(replay::Column::Id)
            .limit(limit)
            .all(self.conn())
            .await?;
        rows.iter().map(read).collect()
    }
}

fn row(replay: &Replay) -> replay::ActiveModel {
    replay::ActiveModel {
        id: Set(replay.id.0),
        since: Set(ms(replay.since)),
        made_at: Set(ms(replay.made_at)),
        digest: Set(replay.digest.as_str().to_owned()),
        state: Set(replay.state.as_str().to_owned()),
        lines: Set(json(&replay.lines)),
        left_alone: Set(json(&replay.left)),
        approved_by: Set(replay.approved_by.map(|by| by.0)),
        approved_at: Set(replay.approved_at.map(ms)),
        done_at: Set(replay.done_at.map(ms)),
        body: NotSet,
    }
}

fn read(row: &replay::Model) -> Result<Replay, DbError> {
    Ok(Replay {
        id: ReplayId(row.id),
        since: at(row.since)?,
        made_at: at(row.made_at)?,
        digest: word(PlanDigest::parse(&row.digest), "replay.digest")?,
        state: word(ReplayState::parse(&row.state), "replay.state")?,
        lines: from_json(&row.lines, "replay.lines")?,
        left: from_json(&row.left_alone, "replay.left_alone")?,
        approved_by: row.approved_by.map(StaffId),
        approved_at: maybe_at(row.approved_at)?,
        done_at: maybe_at(row.done_at)?,
    })
}

fn place(id: ReplayId) -> String {
    format!("replay.body/{id}")
}
