//! Flags: found by keyed hashes of a person's keys, kept without the keys themselves.

use ::entity::{flag, flag_key, intake, request};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query, SelectStatement};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::convert::{at, hash, maybe_at, ms, word};
use super::{DbError, Tx};
use crate::domain::code::stored_words;
use crate::domain::flag::{Flag, FlagKind, Purpose};
use crate::domain::subject::SubjectKey;
use crate::ids::RequestId;
use crate::keys::flags::FlagKey;

stored_words!(FlagSource {
    Request = "request",
    Signal = "signal",
    Program = "program",
});

/// Where a flag came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlagSource {
    /// A request of the person.
    Request,
    /// A browser that sends Global Privacy Control.
    Signal,
    /// A program of the company that recorded a consent.
    Program,
}

/// A flag with the tag that it is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedFlag {
    /// Of one key of the person.
    pub tag: [u8; 32],
    /// What was said.
    pub flag: Flag,
}

/// What is written down for each key of a person.
#[derive(Debug, Clone)]
pub struct NewFlag<'f> {
    /// What was said.
    pub kind: FlagKind,
    /// About which purpose; none for a restriction.
    pub purpose: Option<&'f Purpose>,
    /// From when on.
    pub from: Timestamp,
    /// Where it came from.
    pub source: FlagSource,
    /// The request that it came with.
    pub request: Option<RequestId>,
}

const KEY: Uuid = Uuid::nil();

fn key_place() -> String {
    format!("flag_key.secret/{KEY}")
}

impl Tx {
    /// The key of the tags; `None` before the first flag.
    pub async fn flag_key(&self) -> Result<Option<FlagKey>, DbError> {
        let Some(row) = flag_key::Entity::find_by_id(KEY).one(self.conn()).await? else {
            return Ok(None);
        };
        let plain = self.sealer().open_bytes(&key_place(), &row.secret)?;
        FlagKey::from_bytes(&plain).map(Some).ok_or(DbError::Unreadable("flag_key.secret"))
    }

    /// The key of the tags, drawn now if there is none. Two that draw at once come to the same.
    pub async fn make_flag_key(&self) -> Result<FlagKey, DbError> {
        if let Some(key) = self.flag_key().await? {
            return Ok(key);
        }
        let key = FlagKey::draw(self.sealer().entropy());
        let secret = self.sealer().seal_bytes(&key_place(), key.as_bytes());
        let row = flag_key::ActiveModel { id: Set(KEY), secret: Set(secret) };
        flag_key::Entity::insert(row)
            .on_conflict(OnConflict::column(flag_key::Column::Id).do_nothing().to_owned())
            .exec_without_returning(self.conn())
            .await?;
        self.flag_key().await?.ok_or(DbError::Unreadable("flag_key.secret"))
    }

    /// Writes a flag down under one key. True unless the same request wrote it before.
    pub async fn insert_flag(
        &self,
        with: &FlagKey,
        key: &SubjectKey,
        new: &NewFlag<'_>,
    ) -> Result<bool, DbError> {
        let tag = with.tag(key.kind.as_str(), key.value()).to_vec();
        if let Some(request) = new.request {
            let purpose = flag::Column::Purpose;
            let about = match new.purpose {
                Some(word) => purpose.eq(word.as_str()),
                None => purpose.is_null(),
            };
            let before = flag::Entity::find()
                .filter(flag::Column::RequestId.eq(request.0))
                .filter(flag::Column::Tag.eq(tag.clone()))
                .filter(flag::Column::Kind.eq(new.kind.as_str()))
                .filter(about)
                .one(self.conn())
                .await?;
            if before.is_some() {
                return Ok(false);
            }
        }
        let row = flag::ActiveModel {
            id: Set(self.sealer().entropy().uuid(new.from)),
            tag: Set(tag),
            key_kind: Set(key.kind.as_str().to_owned()),
            kind: Set(new.kind.as_str().to_owned()),
            purpose: Set(new.purpose.map(|purpose| purpose.as_str().to_owned())),
            from_at: Set(ms(new.from)),
            until_at: Set(None),
            lifts_at: Set(None),
            source: Set(new.source.as_str().to_owned()),
            request_id: Set(new.request.map(|request| request.0)),
        };
        flag::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(true)
    }

    /// All that was said under any of `keys`. The same work whether or not they are known.
    pub async fn flags_under(
        &self,
        with: &FlagKey,
        keys: &[SubjectKey],
    ) -> Result<Vec<Flag>, DbError> {
        let tags = keys.iter().map(|key| with.tag(key.kind.as_str(), key.value()).to_vec());
        let rows = flag::Entity::find().filter(flag::Column::Tag.is_in(tags));
        rows.all(self.conn()).await?.into_iter().map(|row| Ok(read(&row)?.flag)).collect()
    }

    /// As [`Tx::flags_under`], with the key of the tags that there is; nobody said anything before
    /// there is one.
    pub async fn said_under(&self, keys: &[SubjectKey]) -> Result<Vec<Flag>, DbError> {
        match self.flag_key().await? {
            Some(with) => self.flags_under(&with, keys).await,
            None => Ok(Vec::new()),
        }
    }

    /// What was written down for a request: the same word stands once for each key.
    pub async fn flags_of(&self, request: RequestId) -> Result<Vec<Flag>, DbError> {
        let rows = flag::Entity::find()
            .filter(flag::Column::RequestId.eq(request.0))
            .order_by_asc(flag::Column::Id)
            .all(self.conn())
            .await?;
        let mut flags: Vec<Flag> = Vec::new();
        for row in rows {
            let flag = read(&row)?.flag;
            let known =
                |other: &&mut Flag| other.kind == flag.kind && other.purpose == flag.purpose;
            if flags.iter_mut().find(known).is_none() {
                flags.push(flag);
            }
        }
        Ok(flags)
    }

    /// The next flags in the order of their tags, at most `limit`, after `after`. All of one tag
    /// stand together, and none is cut in two.
    pub async fn flags_by_tag(
        &self,
        after: Option<[u8; 32]>,
        limit: u64,
    ) -> Result<Vec<TaggedFlag>, DbError> {
        let mut tags = flag::Entity::find()
            .select_only()
            .column(flag::Column::Tag)
            .distinct()
            .order_by_asc(flag::Column::Tag)
            .limit(limit);
        if let Some(after) = after {
            tags = tags.filter(flag::Column::Tag.gt(after.to_vec()));
        }
        let tags: Vec<Vec<u8>> = tags.into_tuple().all(self.conn()).await?;
        let (Some(first), Some(last)) = (tags.first(), tags.last()) else { return Ok(Vec::new()) };
        let rows = flag::Entity::find()
            .filter(flag::Column::Tag.gte(first.clone()))
            .filter(flag::Column::Tag.lte(last.clone()))
            .order_by_asc(flag::Column::Tag)
            .all(self.conn())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Announces when the restriction that came with a request will be lifted, or takes that back.
    pub async fn announce_lift(
        &self,
        request: RequestId,
        lifts_at: Option<Timestamp>,
    ) -> Result<(), DbError> {
        self.change_restriction(request, flag::Column::LiftsAt, lifts_at).await
    }

    /// Lifts the restriction that came with a request.
    pub async fn lift_restriction(
        &self,
        request: RequestId,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.change_restriction(request, flag::Column::UntilAt, Some(now)).await
    }

    async fn change_restriction(
        &self,
        request: RequestId,
        column: flag::Column,
        value: Option<Timestamp>,
    ) -> Result<(), DbError> {
        flag::Entity::update_many()
            .col_expr(column, Expr::value(value.map(ms)))
            .filter(flag::Column::RequestId.eq(request.0))
            .filter(flag::Column::Kind.eq(FlagKind::Restriction.as_str()))
            .filter(flag::Column::UntilAt.is_null())
            .exec(self.conn())
            .await?;
        Ok(())
    }
}

/// Restrictions that stand and came with the form of the query around this one. Who asked for one
/// has to be told before it is lifted (GDPR Art. 18(3)), so their form is kept.
pub(super) fn restricted_of_intake() -> SelectStatement {
    use flag::Column as C;
    Query::select()
        .expr(Expr::value(1))
        .from(flag::Entity)
        .inner_join(
            request::Entity,
            Expr::col((flag::Entity, C::RequestId)).equals((request::Entity, request::Column::Id)),
        )
        .and_where(
            Expr::col((request::Entity, request::Column::IntakeId))
                .equals((intake::Entity, intake::Column::Id)),
        )
        .and_where(Expr::col((flag::Entity, C::Kind)).eq(FlagKind::Restriction.as_str()))
        .and_where(Expr::col((flag::Entity, C::UntilAt)).is_null())
        .to_owned()
}

fn read(row: &flag::Model) -> Result<TaggedFlag, DbError> {
    let purpose = match &row.purpose {
        Some(purpose) => Some(word(Purpose::parse(purpose), "flag.purpose")?),
        None => None,
    };
    let flag = Flag {
        kind: word(FlagKind::parse(&row.kind), "flag.kind")?,
        purpose,
        from: at(row.from_at)?,
        until: maybe_at(row.until_at)?,
        lifts_at: maybe_at(row.lifts_at)?,
    };
    Ok(TaggedFlag { tag: hash(&row.tag, "flag.tag")?, flag })
}
