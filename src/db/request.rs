//! Requests and their events.

use std::sync::atomic::Ordering;

use ::entity::{event, intake, request};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

use super::convert::{at, from_json, json, maybe_at, ms, set, span, span_ms, word};
use super::{DbError, Tx};
use crate::domain::decision::{Hold, PauseGround, RefusalGround};
use crate::domain::event::{ActorKind, Event};
use crate::domain::request::{AnswerWay, Assurance, Channel, NewRequest, Outcome, Request};
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::{ApiTokenId, Entropy, IntakeId, Reference, RequestId, StaffId};

/// A request as it was read, with what it needs to be written back safely.
#[derive(Debug, Clone)]
pub struct Stored<T> {
    /// The thing itself.
    pub value: T,
    version: i32,
}

/// One event, as it was kept.
#[derive(Debug, Clone)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: ActorKind,
    /// Which member of staff, or which token.
    pub by: Option<Uuid>,
    /// What, a stable word.
    pub kind: String,
    /// What belongs to it.
    pub data: serde_json::Value,
}

impl Tx {
    /// Draws a reference that no request has. Among a million of them a draw meets one once in
    /// 650,000 times.
    pub async fn new_reference(&self, entropy: &dyn Entropy) -> Result<Reference, DbError> {
        loop {
            let drawn = Reference::draw(entropy);
            if self.request_by_reference(&drawn).await?.is_none() {
                return Ok(drawn);
            }
        }
    }

    /// Writes a new request.
    pub async fn insert_request(&self, request: &Request) -> Result<(), DbError> {
        let row = active(request, 1);
        request::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// Writes a changed request. Somebody else's change in between is [`DbError::Busy`].
    pub async fn update_request(&self, stored: &Stored<Request>) -> Result<(), DbError> {
        let row = active(&stored.value, stored.version + 1);
        let done = request::Entity::update_many()
            .set(row)
            .filter(request::Column::Id.eq(stored.value.id.0))
            .filter(request::Column::Version.eq(stored.version))
            .exec(self.conn())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(DbError::Busy { code: None }) }
    }

    /// Reads one by id.
    pub async fn request(&self, id: RequestId) -> Result<Option<Stored<Request>>, DbError> {
        let row = request::Entity::find_by_id(id.0).one(self.conn()).await?;
        row.map(read).transpose()
    }

    /// Reads one by its public name.
    pub async fn request_by_reference(
        &self,
        reference: &Reference,
    ) -> Result<Option<Stored<Request>>, DbError> {
        let row = request::Entity::find()
            .filter(request::Column::Reference.eq(reference.as_str()))
            .one(self.conn())
            .await?;
        row.map(read).transpose()
    }

    /// All that came with one form, in a stable order.
    pub async fn requests_of(&self, intake: IntakeId) -> Result<Vec<Stored<Request>>, DbError> {
        let rows = request::Entity::find()
            .filter(request::Column::IntakeId.eq(intake.0))
            .order_by_asc(request::Column::Right)
            .all(self.conn())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Intakes with a request in `status` that waits for the person since before `since`.
    pub async fn intakes_waiting_since(
        &self,
        since: Timestamp,
        limit: u64,
    ) -> Result<Vec<IntakeId>, DbError> {
        let rows = request::Entity::find()
            .filter(request::Column::Status.eq(Status::AwaitingVerification.as_str()))
            .filter(request::Column::WaitingSince.lte(ms(since)))
            .order_by_asc(request::Column::WaitingSince)
            .limit(limit)
            .all(self.conn())
            .await?;
        let mut intakes: Vec<_> = rows.into_iter().map(|row| IntakeId(row.intake_id)).collect();
        intakes.dedup();
        Ok(intakes)
    }

    /// Intakes whose last request was closed before `before` and that still hold a contact.
    pub async fn intakes_closed_before(
        &self,
        before: Timestamp,
        limit: u64,
    ) -> Result<Vec<IntakeId>, DbError> {
        let rows = closed_before(before)
            .filter(intake::Column::Contact.is_not_null())
            .limit(limit)
            .all(self.conn())
            .await?;
        Ok(rows.into_iter().map(|row| IntakeId(row.id)).collect())
    }

    /// Keeps an event of `request`.
    pub async fn insert_event(
        &self,
        request: RequestId,
        now: Timestamp,
        what: &Event,
    ) -> Result<(), DbError> {
        let row = event::ActiveModel {
            id: Set(self.next_event(now)),
            request_id: Set(request.0),
            at: Set(ms(now)),
            actor: Set(what.actor.as_str().to_owned()),
            actor_name: Set(what.by.map(|id| id.to_string())),
            kind: Set(what.kind.to_owned()),
            data: Set(json(&what.data)),
            sealed: Set(false),
        };
        event::Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// How many requests a token has created since `since`.
    pub async fn requests_created_by(
        &self,
        token: ApiTokenId,
        since: Timestamp,
    ) -> Result<u64, DbError> {
        let count = request::Entity::find()
            .filter(request::Column::CreatedBy.eq(token.0))
            .filter(request::Column::ReceivedAt.gt(ms(since)))
            .count(self.conn())
            .await?;
        Ok(count)
    }

    /// The id of an event, behind those of this transaction.
    pub(super) fn next_event(&self, now: Timestamp) -> Uuid {
        let place = self.events.fetch_add(1, Ordering::Relaxed);
        self.sealer().entropy().uuid_at(now, place)
    }

    /// How many events of `kind` a member of staff has caused since `since`.
    pub async fn events_by(
        &self,
        by: StaffId,
        kind: &str,
        since: Timestamp,
    ) -> Result<u64, DbError> {
        let count = event::Entity::find()
            .filter(event::Column::ActorName.eq(by.to_string()))
            .filter(event::Column::At.gt(ms(since)))
            .filter(event::Column::Kind.eq(kind))
            .count(self.conn())
            .await?;
        Ok(count)
    }

    /// What happened to a request, oldest first.
    pub async fn history_of(&self, request: RequestId) -> Result<Vec<Happened>, DbError> {
        let rows = event::Entity::find()
            .filter(event::Column::RequestId.eq(request.0))
            .order_by_asc(event::Column::At)
            .order_by_asc(event::Column::Id)
            .all(self.conn())
            .await?;
        let read = |row: event::Model| {
            Ok(Happened {
                at: at(row.at)?,
                actor: word(ActorKind::parse(&row.actor), "event.actor")?,
                by: row.actor_name.and_then(|name| name.parse().ok()),
                kind: row.kind,
                data: from_json(&row.data, "event.data")?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// When something of one of `kinds` last happened to a request.
    pub async fn last_event_at(
        &self,
        request: RequestId,
        kinds: &[&str],
    ) -> Result<Option<Timestamp>, DbError> {
        let last: Option<Option<i64>> = event::Entity::find()
            .select_only()
            .column_as(event::Column::At.max(), "last")
            .filter(event::Column::RequestId.eq(request.0))
            .filter(event::Column::Kind.is_in(kinds.iter().copied()))
            .into_tuple()
            .one(self.conn())
            .await?;
        maybe_at(last.flatten())
    }
}

/// The intakes from before `before` whose requests were all closed before it too, oldest first.
/// Read along an index on the time of receipt, so only old ones are looked at.
pub(super) fn closed_before(before: Timestamp) -> Select<intake::Entity> {
    let closed = request::Column::CompletedAt;
    let open_or_closed_after = Query::select()
        .expr(Expr::value(1))
        .from(request::Entity)
        .and_where(
            Expr::col((request::Entity, request::Column::IntakeId))
                .equals((intake::Entity, intake::Column::Id)),
        )
        .and_where(closed.is_null().or(closed.gt(ms(before))))
        .to_owned();
    intake::Entity::find()
        .filter(intake::Column::ReceivedAt.lte(ms(before)))
        .filter(Expr::exists(open_or_closed_after).not())
        .filter(Expr::exists(super::flag::restricted_of_intake()).not())
        .order_by_asc(intake::Column::ReceivedAt)
}

fn active(request: &Request, version: i32) -> request::ActiveModel {
    request::ActiveModel {
        id: Set(request.id.0),
        intake_id: Set(request.intake.0),
        reference: Set(request.reference.as_str().to_owned()),
        right: Set(request.right.as_str().to_owned()),
        scope: Set(json(&request.scope)),
        channel: Set(request.channel.as_str().to_owned()),
        on_behalf: Set(request.on_behalf),
        assurance: Set(request.assurance.as_str().to_owned()),
        purposes: Set(json(&request.purposes)),
        regime: Set(None),
        status: Set(request.status.as_str().to_owned()),
        outcome: Set(request.outcome.map(|outcome| outcome.as_str().to_owned())),
        blockers: Set(json(&request.blockers)),
        follow_ups: Set(json(&request.follow_ups)),
        received_at: Set(ms(request.received_at())),
        verified_at: Set(request.verified_at.map(ms)),
        answered_at: Set(request.answered_at.map(ms)),
        completed_at: Set(request.completed_at.map(ms)),
        waiting_since: Set(request.waiting_since.map(ms)),
        waited_ms: Set(span_ms(request.waited)),
        stage: Set(request.queue_stage().as_str().to_owned()),
        turn: Set(request.turn().as_str().to_owned()),
        blocked: Set(!request.blockers.is_empty()),
        spam: Set(request.spam),
        assignee: Set(request.assignee.map(|staff| staff.0)),
        cleared: Set(json(&request.cleared)),
        held_at: Set(request.hold.map(|hold| ms(hold.at))),
        hold_review_at: Set(request.hold.map(|hold| ms(hold.review_at))),
        paused_at: Set(request.pause.map(|(since, _)| ms(since))),
        pause_ground: Set(request.pause.map(|(_, ground)| ground.as_str().to_owned())),
        refusal_ground: Set(request.refusal.map(|ground| ground.as_str().to_owned())),
        extended_to: Set(request.extended_to.map(ms)),
        alerted: Set(i32::try_from(request.alerted).unwrap_or(i32::MAX)),
        late_told_at: Set(request.late_told_at.map(ms)),
        by_letter: Set(request.answers_by == AnswerWay::Letter),
        created_by: Set(request.created_by.map(|token| token.0)),
        by_app: Set(request.answers_by == AnswerWay::App),
        version: Set(version),
    }
}

pub(super) fn read(row: request::Model) -> Result<Stored<Request>, DbError> {
    let mut value = Request::open(NewRequest {
        id: RequestId(row.id),
        intake: IntakeId(row.intake_id),
        reference: word(Reference::parse(&row.reference), "request.reference")?,
        right: word(Right::parse(&row.right), "request.right")?,
        on_behalf: row.on_behalf,
        channel: word(Channel::parse(&row.channel), "request.channel")?,
        received_at: at(row.received_at)?,
    });
    value.scope = from_json(&row.scope, "request.scope")?;
    value.assurance = word(Assurance::parse(&row.assurance), "request.assurance")?;
    value.purposes = from_json(&row.purposes, "request.purposes")?;
    value.status = word(Status::parse(&row.status), "request.status")?;
    value.outcome = match row.outcome {
        None => None,
        Some(outcome) => Some(word(Outcome::parse(&outcome), "request.outcome")?),
    };
    value.blockers = set(&row.blockers, "request.blockers")?;
    value.follow_ups = from_json(&row.follow_ups, "request.follow_ups")?;
    value.verified_at = maybe_at(row.verified_at)?;
    value.answered_at = maybe_at(row.answered_at)?;
    value.completed_at = maybe_at(row.completed_at)?;
    value.waiting_since = maybe_at(row.waiting_since)?;
    value.waited = span(row.waited_ms);
    value.assignee = row.assignee.map(StaffId);
    value.cleared = set(&row.cleared, "request.cleared")?;
    value.spam = row.spam;
    value.hold = match (maybe_at(row.held_at)?, maybe_at(row.hold_review_at)?) {
        (Some(at), Some(review_at)) => Some(Hold { at, review_at }),
        _ => None,
    };
    value.pause = match (maybe_at(row.paused_at)?, row.pause_ground) {
        (Some(since), Some(ground)) => {
            Some((since, word(PauseGround::parse(&ground), "request.pause_ground")?))
        }
        _ => None,
    };
    value.refusal = match row.refusal_ground {
        None => None,
        Some(ground) => Some(word(RefusalGround::parse(&ground), "request.refusal_ground")?),
    };
    value.extended_to = maybe_at(row.extended_to)?;
    value.alerted = u32::try_from(row.alerted).unwrap_or(0);
    value.late_told_at = maybe_at(row.late_told_at)?;
    value.answers_by = match (row.by_letter, row.by_app) {
        (_, true) => AnswerWay::App,
        (true, false) => AnswerWay::Letter,
        (false, false) => AnswerWay::Mail,
    };
    value.created_by = row.created_by.map(ApiTokenId);
    Ok(Stored { value, version: row.version })
}

#[cfg(test)]
mod plan_tests {
    use sea_orm::{ConnectionTrait as _, DbBackend, QueryTrait as _, Statement};

    use super::super::testing::{TestDb, db_test};
    use super::*;

    async fn plan(db: &TestDb, query: Select<intake::Entity>) -> String {
        let backend = db.pool().get_database_backend();
        let mut query = query.limit(200).build(backend);
        let sqlite = backend == DbBackend::Sqlite;
        query.sql =
            format!("{} {}", if sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" }, query.sql);
        let tx = db.begin_read().await.unwrap();
        if !sqlite {
            // What is empty is read whole, and joined by a hash, at no cost.
            for way in ["seqscan", "hashjoin", "mergejoin"] {
                let off = format!("SET LOCAL enable_{way} = off");
                tx.conn().execute_raw(Statement::from_string(backend, off)).await.unwrap();
            }
        }
        let rows = tx.conn().query_all_raw(query).await.unwrap();
        let column = if sqlite { "detail" } else { "QUERY PLAN" };
        let lines: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
        lines.join("\n")
    }

    db_test!(the_end_of_old_records_is_found_by_indexes, |db| async move {
        let before = Timestamp::UNIX_EPOCH;
        let skeletons = plan(&db, closed_before(before)).await;
        let contacts = closed_before(before).filter(intake::Column::Contact.is_not_null());
        let contacts = plan(&db, contacts).await;
        assert!(skeletons.contains("intake_received_at"), "{skeletons}");
        assert!(contacts.contains("intake_contact_held"), "{contacts}");
        for plan in [skeletons, contacts] {
            assert!(plan.contains("request_intake_id"), "{plan}");
            assert!(!plan.contains("Seq Scan") && !plan.contains("SCAN request"), "{plan}");
        }
    });
}
