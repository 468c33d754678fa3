//! The audit trail: events with their place, behind which nothing is put in between.

use ::entity::{audit, event, meta};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::convert::{at, from_json};
use super::{DbError, Tx};
use crate::domain::audit::{AuditHash, AuditLine, AuditTree};

/// The fact that holds the tree over all lines.
const TREE: &str = "audit";

/// A line as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLine {
    /// Its place.
    pub seq: u64,
    /// The text.
    pub line: String,
    /// The hash beside it.
    pub hash: AuditHash,
}

impl Tx {
    /// Gives up to `most` events their place, in the order in which they happened, and says how many.
    /// One at a time does so, on however many nodes.
    pub async fn seal_events(&self, most: u64) -> Result<u64, DbError> {
        let mut tree = self.lock_tree().await?;
        let rows = event::Entity::find()
            .filter(event::Column::Sealed.eq(false))
            .order_by_asc(event::Column::At)
            .order_by_asc(event::Column::Id)
            .limit(most)
            .all(self.conn())
            .await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let data: serde_json::Value = from_json(&row.data, "event.data")?;
            let line = AuditLine {
                seq: tree.size(),
                at: at(row.at)?.to_string(),
                request: row.request_id.to_string(),
                actor: &row.actor,
                by: row.actor_name.as_deref(),
                kind: &row.kind,
                data: &data,
            };
            let text = line.to_text();
            let hash = AuditHash::of_line(&text);
            lines.push(audit::ActiveModel {
                seq: Set(place(tree.size())?),
                line: Set(text),
                hash: Set(hash.0.to_vec()),
            });
            tree.push(hash);
        }
        audit::Entity::insert_many(lines).exec_without_returning(self.conn()).await?;
        event::Entity::update_many()
            .col_expr(event::Column::Sealed, Expr::value(true))
            .filter(event::Column::Id.is_in(rows.iter().map(|row| row.id)))
            .exec(self.conn())
            .await?;
        self.set_fact(TREE, &tree.to_text()).await?;
        Ok(rows.len() as u64)
    }

    /// The tree over all lines so far.
    pub async fn audit_tree(&self) -> Result<AuditTree, DbError> {
        let Some(text) = self.fact(TREE).await? else { return Ok(AuditTree::default()) };
        AuditTree::parse(&text).ok_or(DbError::Unreadable("meta.audit"))
    }

    /// Up to `most` lines from `from` on.
    pub async fn audit_lines(&self, from: u64, most: u64) -> Result<Vec<KeptLine>, DbError> {
        let rows = audit::Entity::find()
            .filter(audit::Column::Seq.gte(place(from)?))
            .order_by_asc(audit::Column::Seq)
            .limit(most)
            .all(self.conn())
            .await?;
        let unreadable = || DbError::Unreadable("audit");
        let kept = |row: audit::Model| {
            Ok(KeptLine {
                seq: u64::try_from(row.seq).map_err(|_| unreadable())?,
                line: row.line,
                hash: AuditHash(row.hash.try_into().map_err(|_| unreadable())?),
            })
        };
        rows.into_iter().map(kept).collect()
    }

    /// How many events have no place yet.
    pub async fn unsealed_events(&self) -> Result<u64, DbError> {
        let waiting = event::Entity::find().filter(event::Column::Sealed.eq(false));
        Ok(waiting.count(self.conn()).await?)
    }

    /// The tree, held until the transaction ends.
    async fn lock_tree(&self) -> Result<AuditTree, DbError> {
        let first = meta::ActiveModel {
            key: Set(TREE.to_owned()),
            value: Set(AuditTree::default().to_text()),
        };
        meta::Entity::insert(first)
            .on_conflict(OnConflict::column(meta::Column::Key).do_nothing().to_owned())
            .exec_without_returning(self.conn())
            .await?;
        let row = meta::Entity::find_by_id(TREE.to_owned()).lock_exclusive();
        let row = row.one(self.conn()).await?;
        let tree = row.and_then(|row| AuditTree::parse(&row.value));
        tree.ok_or(DbError::Unreadable("meta.audit"))
    }
}

fn place(seq: u64) -> Result<i64, DbError> {
    i64::try_from(seq).map_err(|_| DbError::Unreadable("audit.seq"))
}
