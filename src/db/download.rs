//! Opened downloads: who may read an archive for how long, and what has left.

use ::entity::{archive, download};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::convert::{at, ms, stored};
use super::{DbError, Tx};
use crate::ids::{ArchiveId, DownloadId, RequestId, Token, TokenPurpose};

/// An opened download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Its id.
    pub id: DownloadId,
    /// The archive.
    pub archive: ArchiveId,
    /// When the code was typed.
    pub opened_at: Timestamp,
    /// When the last byte left.
    pub last_byte_at: Timestamp,
}

impl Tx {
    /// Opens a download; the cookie's secret is in the result and nowhere else.
    pub async fn new_download(
        &self,
        archive: ArchiveId,
        now: Timestamp,
    ) -> Result<(DownloadId, Token), DbError> {
        let token = Token::draw(self.sealer().entropy());
        let id = self.sealer().entropy().uuid(now);
        let row = download::ActiveModel {
            id: Set(id),
            archive_id: Set(archive.0),
            cookie_hash: Set(token.hash(TokenPurpose::DownloadCookie).0.to_vec()),
            opened_at: Set(ms(now)),
            last_byte_at: Set(ms(now)),
            bytes: Set(0),
            completed: Set(false),
        };
        download::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok((DownloadId(id), token))
    }

    /// The download that `cookie` opens.
    pub async fn download(
        &self,
        id: DownloadId,
        cookie: &Token,
    ) -> Result<Option<Download>, DbError> {
        let row = download::Entity::find_by_id(id.0)
            .filter(
                download::Column::CookieHash
                    .eq(cookie.hash(TokenPurpose::DownloadCookie).0.to_vec()),
            )
            .one(self.conn())
            .await?;
        row.map(|row| {
            Ok(Download {
                id: DownloadId(row.id),
                archive: ArchiveId(row.archive_id),
                opened_at: at(row.opened_at)?,
                last_byte_at: at(row.last_byte_at)?,
            })
        })
        .transpose()
    }

    /// How many downloads of an archive were opened since `since`.
    pub async fn downloads_since(
        &self,
        archive: ArchiveId,
        since: Timestamp,
    ) -> Result<u64, DbError> {
        let opened = download::Entity::find()
            .filter(download::Column::ArchiveId.eq(archive.0))
            .filter(download::Column::OpenedAt.gt(ms(since)))
            .count(self.conn())
            .await?;
        Ok(opened)
    }

    /// Records that `bytes` have left at `now`, and whether the archive's last byte was among them.
    /// True the first time it was; the archive counts one download more then.
    pub async fn record_download(
        &self,
        download: &Download,
        bytes: u64,
        reached_end: bool,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        download::Entity::update_many()
            .col_expr(
                download::Column::Bytes,
                Expr::col(download::Column::Bytes).add(stored(bytes)),
            )
            .col_expr(download::Column::LastByteAt, Expr::value(ms(now)))
            .filter(download::Column::Id.eq(download.id.0))
            .exec(self.conn())
            .await?;
        let whole = archive::Entity::find_by_id(download.archive.0).one(self.conn()).await?;
        let whole = whole.and_then(|row| row.size);
        let Some(size) = whole.filter(|_| reached_end) else { return Ok(false) };
        let first = download::Entity::update_many()
            .col_expr(download::Column::Completed, Expr::value(true))
            .filter(download::Column::Id.eq(download.id.0))
            .filter(download::Column::Completed.eq(false))
            // The last bytes alone are no download.
            .filter(download::Column::Bytes.gte(size))
            .exec(self.conn())
            .await?;
        if first.rows_affected == 0 {
            return Ok(false);
        }
        self.count_download(download.archive).await?;
        Ok(true)
    }

    /// Counts one more download of an archive, and says of which request it is.
    pub async fn count_download(&self, id: ArchiveId) -> Result<Option<RequestId>, DbError> {
        archive::Entity::update_many()
            .col_expr(archive::Column::Downloads, Expr::col(archive::Column::Downloads).add(1))
            .filter(archive::Column::Id.eq(id.0))
            .exec(self.conn())
            .await?;
        let row = archive::Entity::find_by_id(id.0).one(self.conn()).await?;
        Ok(row.map(|row| RequestId(row.request_id)))
    }

    /// Drops download sessions opened before `before`.
    pub async fn purge_downloads(&self, before: Timestamp) -> Result<u64, DbError> {
        let done = download::Entity::delete_many()
            .filter(download::Column::OpenedAt.lt(ms(before)))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected)
    }
}
