//! Archives, their segments, and the sessions in which they are fetched.

use ::entity::{archive, segment};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::convert::{at, count, hash, maybe_at, ms, stored, word};
use super::{DbError, Tx};
use crate::domain::code::stored_words;
use crate::ids::{ArchiveId, RequestId, TaskId};

stored_words!(ArchiveState {
    Building = "building",
    InReview = "in_review",
    Ready = "ready",
    Gone = "gone",
});

/// How far an archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArchiveState {
    /// Segments are being gathered or put together.
    Building,
    /// Made again, and waiting for staff to look.
    InReview,
    /// It can be fetched.
    Ready,
    /// Its key is destroyed.
    Gone,
}

/// One archive of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Its id.
    pub id: ArchiveId,
    /// The request.
    pub request: RequestId,
    /// How far it is.
    pub state: ArchiveState,
    /// Its key, wrapped; `None` before anything is sealed with it, and once it is destroyed.
    pub wrapped_key: Option<Vec<u8>>,
    /// The epoch key that wraps it.
    pub epoch: Option<String>,
    /// The sealed object, as archive storage remembers it.
    pub object: Option<String>,
    /// Size of the zip in bytes.
    pub size: u64,
    /// Hash of the zip.
    pub sha256: Option<[u8; 32]>,
    /// When the first row was read.
    pub read_from: Timestamp,
    /// The time printed in it.
    pub made_at: Option<Timestamp>,
    /// When its key is destroyed.
    pub expires_at: Option<Timestamp>,
    /// When the person was reminded.
    pub reminded_at: Option<Timestamp>,
    /// How often it was fetched to the last byte.
    pub downloads: u64,
}

/// One sealed piece.
#[derive(Debug, Clone)]
pub struct StoredSegment<D> {
    /// Its number within the archive.
    pub part: u32,
    /// The task that gathered it.
    pub task: TaskId,
    /// What is in it, and where it lies.
    pub detail: D,
}

impl Tx {
    /// Writes a new archive that is being built, without a key yet.
    pub async fn insert_archive(
        &self,
        id: ArchiveId,
        request: RequestId,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let row = archive::ActiveModel {
            id: Set(id.0),
            request_id: Set(request.0),
            state: Set(ArchiveState::Building.as_str().to_owned()),
            wrapped_key: Set(None),
            epoch: Set(None),
            object: Set(None),
            size: Set(None),
            sha256: Set(None),
            read_from: Set(ms(now)),
            made_at: Set(None),
            expires_at: Set(None),
            reminded_at: Set(None),
            downloads: Set(0),
            parts: Set(0),
        };
        archive::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// Reads one.
    pub async fn archive(&self, id: ArchiveId) -> Result<Option<Archive>, DbError> {
        let row = archive::Entity::find_by_id(id.0).one(self.conn()).await?;
        row.map(read).transpose()
    }

    /// The newest archive of a request.
    pub async fn archive_of(&self, request: RequestId) -> Result<Option<Archive>, DbError> {
        let row = archive::Entity::find()
            .filter(archive::Column::RequestId.eq(request.0))
            .order_by_desc(archive::Column::Id)
            .one(self.conn())
            .await?;
        row.map(read).transpose()
    }

    /// Writes an archive back.
    pub async fn update_archive(&self, archive: &Archive) -> Result<(), DbError> {
        let row = archive::ActiveModel {
            state: Set(archive.state.as_str().to_owned()),
            wrapped_key: Set(archive.wrapped_key.clone()),
            epoch: Set(archive.epoch.clone()),
            object: Set(archive.object.clone()),
            size: Set(Some(stored(archive.size))),
            sha256: Set(archive.sha256.map(|hash| hash.to_vec())),
            made_at: Set(archive.made_at.map(ms)),
            expires_at: Set(archive.expires_at.map(ms)),
            reminded_at: Set(archive.reminded_at.map(ms)),
            ..Default::default()
        };
        archive::Entity::update_many()
            .set(row)
            .filter(archive::Column::Id.eq(archive.id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Ready archives whose time ends before `when` and whose person was not reminded yet.
    pub async fn archives_to_remind(
        &self,
        when: Timestamp,
        limit: u64,
    ) -> Result<Vec<Archive>, DbError> {
        let rows = archive::Entity::find()
            .filter(archive::Column::State.eq(ArchiveState::Ready.as_str()))
            .filter(archive::Column::RemindedAt.is_null())
            .filter(archive::Column::ExpiresAt.lte(ms(when)))
            .order_by_asc(archive::Column::ExpiresAt)
            .limit(limit)
            .all(self.conn())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Ready archives whose time ends before `when`, soonest first.
    pub async fn archives_expiring(
        &self,
        when: Timestamp,
        limit: u64,
    ) -> Result<Vec<Archive>, DbError> {
        let rows = archive::Entity::find()
            .filter(archive::Column::State.eq(ArchiveState::Ready.as_str()))
            .filter(archive::Column::ExpiresAt.lte(ms(when)))
            .order_by_asc(archive::Column::ExpiresAt)
            .limit(limit)
            .all(self.conn())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Whether any archive still needs the epoch key `epoch`.
    pub async fn epoch_is_needed(&self, epoch: &str) -> Result<bool, DbError> {
        let left = archive::Entity::find()
            .filter(archive::Column::Epoch.eq(epoch))
            .filter(archive::Column::WrappedKey.is_not_null())
            .count(self.conn())
            .await?;
        Ok(left > 0)
    }

    /// Takes the next number for a segment. Each is given out once, so that no two writers ever
    /// write to the same sealed object.
    pub async fn take_part(&self, archive: ArchiveId) -> Result<u32, DbError> {
        archive::Entity::update_many()
            .col_expr(archive::Column::Parts, Expr::col(archive::Column::Parts).add(1))
            .filter(archive::Column::Id.eq(archive.0))
            .exec(self.conn())
            .await?;
        let row = archive::Entity::find_by_id(archive.0).one(self.conn()).await?;
        Ok(row.map_or(0, |row| u32::try_from(row.parts).unwrap_or(0)))
    }

    /// Records a segment. False when the same file is there already.
    pub async fn insert_segment(
        &self,
        archive: ArchiveId,
        piece: &StoredSegment<impl Serialize>,
        item: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let tag = item.map(|item| self.sealer().keys().blind("archive item", item).to_vec());
        let detail = self.sealer().seal_json(&segment_place(archive, piece.part), &piece.detail);
        let row = segment::ActiveModel {
            id: Set(self.sealer().entropy().uuid(now)),
            archive_id: Set(archive.0),
            part: Set(i32::try_from(piece.part).unwrap_or(i32::MAX)),
            task_id: Set(piece.task.0),
            item_tag: Set(tag),
            detail: Set(detail),
        };
        let conflict = OnConflict::columns([segment::Column::ArchiveId, segment::Column::ItemTag])
            .do_nothing()
            .to_owned();
        let done = segment::Entity::insert(row)
            .on_conflict(conflict)
            .exec_without_returning(self.conn())
            .await?;
        Ok(done == 1)
    }

    /// Whether a file is in the archive already.
    pub async fn has_item(&self, archive: ArchiveId, item: &[u8]) -> Result<bool, DbError> {
        let tags = self.sealer().keys().blinds("archive item", item);
        let found = segment::Entity::find()
            .filter(segment::Column::ArchiveId.eq(archive.0))
            .filter(segment::Column::ItemTag.is_in(tags.into_iter().map(Vec::from)))
            .count(self.conn())
            .await?;
        Ok(found > 0)
    }

    /// All segments of an archive, in the order of their numbers.
    pub async fn segments_of<D: DeserializeOwned>(
        &self,
        archive: ArchiveId,
    ) -> Result<Vec<StoredSegment<D>>, DbError> {
        let rows = segment::Entity::find()
            .filter(segment::Column::ArchiveId.eq(archive.0))
            .order_by_asc(segment::Column::Part)
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                let part = u32::try_from(row.part).unwrap_or(0);
                let detail = self.sealer().open_json(&segment_place(archive, part), &row.detail)?;
                Ok(StoredSegment { part, task: TaskId(row.task_id), detail })
            })
            .collect()
    }

    /// Forgets the segments of an archive.
    pub async fn drop_segments(&self, archive: ArchiveId) -> Result<(), DbError> {
        segment::Entity::delete_many()
            .filter(segment::Column::ArchiveId.eq(archive.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }
}

fn segment_place(archive: ArchiveId, part: u32) -> String {
    format!("segment.detail/{archive}/{part}")
}

pub(super) fn read(row: archive::Model) -> Result<Archive, DbError> {
    Ok(Archive {
        id: ArchiveId(row.id),
        request: RequestId(row.request_id),
        state: word(ArchiveState::parse(&row.state), "archive.state")?,
        wrapped_key: row.wrapped_key,
        epoch: row.epoch,
        object: row.object,
        size: count(row.size.unwrap_or(0)),
        sha256: row.sha256.map(|bytes| hash(&bytes, "archive.sha256")).transpose()?,
        read_from: at(row.read_from)?,
        made_at: maybe_at(row.made_at)?,
        expires_at: maybe_at(row.expires_at)?,
        reminded_at: maybe_at(row.reminded_at)?,
        downloads: count(i64::from(row.downloads)),
    })
}
