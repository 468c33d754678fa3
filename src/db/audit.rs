//! The audit trail: events with their place, behind which nothing is put in between.

use ::entity::{audit, event, house_event, meta};
use jiff::Timestamp;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::convert::{at, from_json, json, ms};
use super::{DbError, Tx};
use crate::domain::audit::{AuditHash, AuditLine, AuditTree};
use crate::domain::event::Event;

/// The fact that holds the tree over all lines.
const TREE: &str = "audit";
/// The fact that holds the stretch and the tree that were last compared with the ledger.
const COMPARED: &str = "audit.compared";
/// The fact that says that the trail does not agree with what was signed, and how.
const DIFFERS: &str = "audit.differs";
/// The fact that says of how many restores there is an event.
const RESTORES: &str = "audit.restores";

/// An event that waits for its place.
struct Waiting {
    id: Uuid,
    at: i64,
    request: Option<Uuid>,
    actor: String,
    actor_name: Option<String>,
    kind: String,
    data: String,
}

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
        let rows = self.waiting_events(most).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let data: serde_json::Value = from_json(&row.data, "event.data")?;
            let line = AuditLine {
                seq: tree.size(),
                at: at(row.at)?.to_string(),
                request: row.request.map(|request| request.to_string()),
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
        house_event::Entity::delete_many()
            .filter(house_event::Column::Id.is_in(rows.iter().map(|row| row.id)))
            .exec(self.conn())
            .await?;
        self.set_fact(TREE, &tree.to_text()).await?;
        Ok(rows.len() as u64)
    }

    /// The oldest events that have no place yet, of requests and of the house.
    async fn waiting_events(&self, most: u64) -> Result<Vec<Waiting>, DbError> {
        let of_requests = event::Entity::find()
            .filter(event::Column::Sealed.eq(false))
            .order_by_asc(event::Column::At)
            .order_by_asc(event::Column::Id)
            .limit(most)
            .all(self.conn())
            .await?;
        let of_the_house = house_event::Entity::find()
            .order_by_asc(house_event::Column::At)
            .order_by_asc(house_event::Column::Id)
            .limit(most)
            .all(self.conn())
            .await?;
        let of_requests = of_requests.into_iter().map(|row| {
            let event::Model { id, request_id, at, actor, actor_name, kind, data, sealed: _ } = row;
            Waiting { id, at, request: Some(request_id), actor, actor_name, kind, data }
        });
        let of_the_house = of_the_house.into_iter().map(|row| {
            let house_event::Model { id, at, actor, actor_name, kind, data } = row;
            Waiting { id, at, request: None, actor, actor_name, kind, data }
        });
        let mut all: Vec<Waiting> = of_requests.chain(of_the_house).collect();
        all.sort_by_key(|row| (row.at, row.id));
        all.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(all)
    }

    /// Keeps an event that concerns no request. Once it has its place, the trail alone tells of it.
    pub async fn insert_house_event(&self, now: Timestamp, what: &Event) -> Result<(), DbError> {
        let row = house_event::ActiveModel {
            id: Set(self.next_event(now)),
            at: Set(ms(now)),
            actor: Set(what.actor.as_str().to_owned()),
            actor_name: Set(what.by.map(|staff| staff.to_string())),
            kind: Set(what.kind.to_owned()),
            data: Set(json(&what.data)),
        };
        house_event::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// The stretch and the tree that were last compared with what was signed.
    pub async fn compared_audit(&self) -> Result<Option<(u32, AuditTree)>, DbError> {
        let Some(text) = self.fact(COMPARED).await? else { return Ok(None) };
        let (stretch, tree) = text.split_once(' ').unwrap_or_default();
        // What cannot be read is compared anew.
        Ok(stretch.parse().ok().zip(AuditTree::parse(tree)))
    }

    /// Notes what was compared.
    pub async fn set_compared_audit(&self, stretch: u32, tree: &AuditTree) -> Result<(), DbError> {
        self.set_fact(COMPARED, &format!("{stretch} {}", tree.to_text())).await
    }

    /// How the trail differs from what was signed, if anybody found it does.
    pub async fn audit_differs(&self) -> Result<Option<String>, DbError> {
        self.fact(DIFFERS).await
    }

    /// Notes how the trail differs from what was signed, or that it does not.
    pub async fn set_audit_differs(&self, how: Option<&str>) -> Result<(), DbError> {
        match how {
            Some(how) => self.set_fact(DIFFERS, how).await,
            None => self.drop_fact(DIFFERS).await,
        }
    }

    /// Of how many accepted restores there is an event, held until the transaction ends.
    pub async fn restores_told(&self) -> Result<u32, DbError> {
        self.lock_tree().await?;
        self.restores_seen().await
    }

    /// The same, for a look.
    pub async fn restores_seen(&self) -> Result<u32, DbError> {
        let told = self.fact(RESTORES).await?;
        Ok(told.and_then(|told| told.parse().ok()).unwrap_or(0))
    }

    /// Notes of how many there is.
    pub async fn set_restores_told(&self, told: u32) -> Result<(), DbError> {
        self.set_fact(RESTORES, &told.to_string()).await
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
        let of_the_house = house_event::Entity::find().count(self.conn()).await?;
        Ok(waiting.count(self.conn()).await? + of_the_house)
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
