//! Tasks: one store's share of one request, with the keys and people it has led to.

use ::entity::{found_person, subject_key, task};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::convert::{from_json, json, maybe_at, ms, word};
use super::{DbError, Tx};
use crate::domain::code::stored_words;
use crate::domain::gather::{SkipReason, Tally, TaskStatus};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::{RequestId, TaskId};

stored_words!(Phase {
    Locate = "locate",
    Gather = "gather",
    Plan = "plan",
    Correct = "correct",
});

/// What a store is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Who the person is there.
    Locate,
    /// What is held.
    Gather,
    /// What a deletion would touch.
    Plan,
    /// To put right what was approved.
    Correct,
}

/// One store's share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The request.
    pub request: RequestId,
    /// The store, by its name in the maps.
    pub store: String,
    /// How far it is.
    pub status: TaskStatus,
    /// What is being asked.
    pub phase: Phase,
    /// How many of the request's keys it has been asked.
    pub keys_asked: usize,
    /// Where to go on. May hold identifiers; sealed at rest.
    pub cursor: Option<Vec<u8>>,
    /// What it amounts to so far.
    pub tally: Tally,
    /// Tries without success since the last success.
    pub attempts: u32,
    /// The code of the last trouble.
    pub last_error: Option<String>,
    /// When it is tried again.
    pub retry_at: Option<Timestamp>,
    /// Why staff left the store out.
    pub skip_reason: Option<SkipReason>,
}

impl Task {
    /// Goes well: nothing counts any more that went wrong before.
    pub fn goes_well(&mut self) {
        (self.attempts, self.last_error, self.retry_at) = (0, None, None);
    }
}

/// A key of a request and how it came there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// The key.
    pub key: SubjectKey,
    /// In which round it was found; 0 is the verified address.
    pub round: u32,
}

impl Tx {
    /// Writes a fresh task for each store, in the phase of finding the person.
    pub async fn insert_task(
        &self,
        request: RequestId,
        store: &str,
        now: Timestamp,
    ) -> Result<TaskId, DbError> {
        let id = self.sealer().entropy().uuid(now);
        let row = task::ActiveModel {
            id: Set(id),
            request_id: Set(request.0),
            store: Set(store.to_owned()),
            status: Set(TaskStatus::Waiting.as_str().to_owned()),
            phase: Set(Phase::Locate.as_str().to_owned()),
            keys_asked: Set(0),
            cursor: Set(None),
            tally: Set(json(&Tally::default())),
            attempts: Set(0),
            last_error: Set(None),
            retry_at: Set(None),
            skip_reason: Set(None),
        };
        task::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(TaskId(id))
    }

    /// Reads one.
    pub async fn task(&self, id: TaskId) -> Result<Option<Task>, DbError> {
        let row = task::Entity::find_by_id(id.0).one(self.conn()).await?;
        row.map(|row| self.read_task(row)).transpose()
    }

    /// All tasks of a request, by store.
    pub async fn tasks_of(&self, request: RequestId) -> Result<Vec<Task>, DbError> {
        let rows = task::Entity::find()
            .filter(task::Column::RequestId.eq(request.0))
            .order_by_asc(task::Column::Store)
            .all(self.conn())
            .await?;
        rows.into_iter().map(|row| self.read_task(row)).collect()
    }

    /// Writes a task back.
    pub async fn update_task(&self, task: &Task) -> Result<(), DbError> {
        let cursor = task
            .cursor
            .as_ref()
            .map(|cursor| self.sealer().seal_bytes(&cursor_place(task.id), cursor));
        let row = task::ActiveModel {
            status: Set(task.status.as_str().to_owned()),
            phase: Set(task.phase.as_str().to_owned()),
            keys_asked: Set(i32::try_from(task.keys_asked).unwrap_or(i32::MAX)),
            cursor: Set(cursor),
            tally: Set(json(&task.tally)),
            attempts: Set(i32::try_from(task.attempts).unwrap_or(i32::MAX)),
            last_error: Set(task.last_error.clone()),
            retry_at: Set(task.retry_at.map(ms)),
            skip_reason: Set(task.skip_reason.map(|reason| reason.as_str().to_owned())),
            ..Default::default()
        };
        task::Entity::update_many()
            .set(row)
            .filter(task::Column::Id.eq(task.id.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Forgets tasks, keys and people of a request, before it starts over or when it is closed.
    pub async fn drop_tasks(&self, request: RequestId) -> Result<(), DbError> {
        task::Entity::delete_many()
            .filter(task::Column::RequestId.eq(request.0))
            .exec(self.conn())
            .await?;
        self.drop_keys(request).await
    }

    /// Forgets the keys and people of a request; its tasks stay with their counts.
    pub async fn drop_keys(&self, request: RequestId) -> Result<(), DbError> {
        subject_key::Entity::delete_many()
            .filter(subject_key::Column::RequestId.eq(request.0))
            .exec(self.conn())
            .await?;
        found_person::Entity::delete_many()
            .filter(found_person::Column::RequestId.eq(request.0))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    /// Adds a key unless the request has it. True when it is new.
    pub async fn add_key(
        &self,
        request: RequestId,
        key: &SubjectKey,
        round: u32,
        found_in: Option<&str>,
    ) -> Result<bool, DbError> {
        let tags = self.sealer().keys().blinds(key.kind.as_str(), key.value().as_bytes());
        let tags: Vec<Vec<u8>> = tags.into_iter().map(Vec::from).collect();
        let known = subject_key::Entity::find()
            .filter(subject_key::Column::RequestId.eq(request.0))
            .filter(subject_key::Column::Kind.eq(key.kind.as_str()))
            .filter(subject_key::Column::Tag.is_in(tags.clone()))
            .count(self.conn())
            .await?;
        if known > 0 {
            return Ok(false);
        }
        let have = subject_key::Entity::find()
            .filter(subject_key::Column::RequestId.eq(request.0))
            .count(self.conn())
            .await?;
        let seq = i32::try_from(have + 1).unwrap_or(i32::MAX);
        let place = key_place(request, seq);
        let row = subject_key::ActiveModel {
            request_id: Set(request.0),
            seq: Set(seq),
            kind: Set(key.kind.as_str().to_owned()),
            value: Set(self.sealer().seal_bytes(&place, key.value().as_bytes())),
            tag: Set(tags.into_iter().next().unwrap_or_default()),
            round: Set(i32::try_from(round).unwrap_or(i32::MAX)),
            found_in: Set(found_in.map(str::to_owned)),
        };
        subject_key::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(true)
    }

    /// Every key by which the person of a request is known.
    pub async fn person_keys(&self, request: RequestId) -> Result<Vec<SubjectKey>, DbError> {
        Ok(self.keys_of(request).await?.into_iter().map(|known| known.key).collect())
    }

    /// All keys of a request, in the order in which they were found.
    pub async fn keys_of(&self, request: RequestId) -> Result<Vec<KnownKey>, DbError> {
        let rows = subject_key::Entity::find()
            .filter(subject_key::Column::RequestId.eq(request.0))
            .order_by_asc(subject_key::Column::Seq)
            .all(self.conn())
            .await?;
        rows.into_iter()
            .map(|row| {
                let unreadable = || DbError::Unreadable("subject_key.value");
                let plain = self.sealer().open_bytes(&key_place(request, row.seq), &row.value)?;
                let value = String::from_utf8(plain.to_vec()).map_err(|_| unreadable())?;
                let key = SubjectKey::new(KeyKind::new(row.kind), value).ok_or_else(unreadable)?;
                Ok(KnownKey { key, round: u32::try_from(row.round).unwrap_or(0) })
            })
            .collect()
    }

    /// Which stores told of keys, and of which kinds.
    pub async fn key_sources(&self, request: RequestId) -> Result<Vec<(String, KeyKind)>, DbError> {
        let rows: Vec<(Option<String>, String)> = subject_key::Entity::find()
            .select_only()
            .columns([subject_key::Column::FoundIn, subject_key::Column::Kind])
            .filter(subject_key::Column::RequestId.eq(request.0))
            .into_tuple()
            .all(self.conn())
            .await?;
        let told = rows.into_iter().filter_map(|(store, kind)| Some((store?, KeyKind::new(kind))));
        Ok(told.collect())
    }

    /// Notes a row that is the person.
    pub async fn add_person(
        &self,
        request: RequestId,
        store: &str,
        collection: &str,
        row: &str,
        proven: bool,
    ) -> Result<(), DbError> {
        let tags = self.sealer().keys().blinds("person row", row.as_bytes());
        let mut tags: Vec<Vec<u8>> = tags.into_iter().map(Vec::from).collect();
        // Found under an older root key, it is the same row and not a second person.
        let known = found_person::Entity::find()
            .filter(found_person::Column::RequestId.eq(request.0))
            .filter(found_person::Column::Store.eq(store))
            .filter(found_person::Column::Collection.eq(collection))
            .filter(found_person::Column::RowTag.is_in(tags.clone()))
            .one(self.conn())
            .await?;
        let tag = known.map_or_else(|| tags.swap_remove(0), |known| known.row_tag);
        let row = found_person::ActiveModel {
            request_id: Set(request.0),
            store: Set(store.to_owned()),
            collection: Set(collection.to_owned()),
            row_tag: Set(tag),
            proven: Set(proven),
        };
        let conflict = OnConflict::columns([
            found_person::Column::RequestId,
            found_person::Column::Store,
            found_person::Column::Collection,
            found_person::Column::RowTag,
        ])
        .update_column(found_person::Column::Proven)
        .to_owned();
        found_person::Entity::insert(row)
            .on_conflict(conflict)
            .exec_without_returning(self.conn())
            .await?;
        Ok(())
    }

    /// How many rows are the person, a table each: store, table, rows, rows never confirmed.
    pub async fn people_of(
        &self,
        request: RequestId,
    ) -> Result<Vec<(String, String, usize, usize)>, DbError> {
        let rows = found_person::Entity::find()
            .filter(found_person::Column::RequestId.eq(request.0))
            .order_by_asc(found_person::Column::Store)
            .order_by_asc(found_person::Column::Collection)
            .all(self.conn())
            .await?;
        let mut tables: Vec<(String, String, usize, usize)> = Vec::new();
        for row in rows {
            let unproven = usize::from(!row.proven);
            match tables.last_mut() {
                Some((store, table, all, open))
                    if *store == row.store && *table == row.collection =>
                {
                    *all += 1;
                    *open += unproven;
                }
                _ => tables.push((row.store, row.collection, 1, unproven)),
            }
        }
        Ok(tables)
    }

    /// Counts files of one store that another store's rows named.
    pub async fn count_files(
        &self,
        request: RequestId,
        store: &str,
        many: u64,
    ) -> Result<(), DbError> {
        let row = task::Entity::find()
            .filter(task::Column::RequestId.eq(request.0))
            .filter(task::Column::Store.eq(store))
            .one(self.conn())
            .await?;
        let Some(row) = row else { return Ok(()) };
        let mut tally: Tally = from_json(&row.tally, "task.tally")?;
        tally.files += many;
        task::Entity::update_many()
            .col_expr(task::Column::Tally, Expr::value(json(&tally)))
            .filter(task::Column::Id.eq(row.id))
            .exec(self.conn())
            .await?;
        Ok(())
    }

    fn read_task(&self, row: task::Model) -> Result<Task, DbError> {
        let id = TaskId(row.id);
        let cursor = match row.cursor {
            None => None,
            Some(sealed) => Some(self.sealer().open_bytes(&cursor_place(id), &sealed)?.to_vec()),
        };
        Ok(Task {
            id,
            request: RequestId(row.request_id),
            store: row.store,
            status: word(TaskStatus::parse(&row.status), "task.status")?,
            phase: word(Phase::parse(&row.phase), "task.phase")?,
            keys_asked: usize::try_from(row.keys_asked).unwrap_or(0),
            cursor,
            tally: from_json(&row.tally, "task.tally")?,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            last_error: row.last_error,
            retry_at: maybe_at(row.retry_at)?,
            skip_reason: match row.skip_reason {
                None => None,
                Some(reason) => Some(word(SkipReason::parse(&reason), "task.skip_reason")?),
            },
        })
    }
}

fn cursor_place(task: TaskId) -> String {
    format!("task.cursor/{task}")
}

fn key_place(request: RequestId, seq: i32) -> String {
    format!("subject_key.value/{request}/{seq}")
}
