//! Messages to webhook endpoints, and how each endpoint fares.

use ::entity::webhook_delivery::{ActiveModel, Column as C, Entity, Model};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::convert::{at, maybe_at, ms, word};
use super::{DbError, Tx};
use crate::domain::webhook::{DeliveryState, WebhookKind};
use crate::ids::{DeliveryId, Reference, RequestId};

/// One message to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, which the endpoint gets with every try.
    pub id: DeliveryId,
    /// The endpoint's name in the configuration.
    pub endpoint: String,
    /// What happened.
    pub kind: WebhookKind,
    /// To which request.
    pub request: RequestId,
    /// That request's public name.
    pub reference: Reference,
    /// The bytes that are sent and signed.
    pub body: String,
    /// When it happened.
    pub created_at: Timestamp,
    /// Tries since it was written, or replayed.
    pub attempts: u16,
    /// When it is tried next.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was tried last.
    pub last_attempt_at: Option<Timestamp>,
    /// What the endpoint said then: a status, or a word of ours.
    pub last_answer: Option<String>,
    /// Where it is.
    pub state: DeliveryState,
}

/// How an endpoint fares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EndpointFacts {
    /// Messages that wait.
    pub waiting: u64,
    /// Messages that were given up.
    pub dead: u64,
    /// When a message arrived last.
    pub delivered_at: Option<Timestamp>,
    /// When one was given up last.
    pub given_up_at: Option<Timestamp>,
}

impl Tx {
    /// Writes a new message.
    pub async fn insert_delivery(&self, delivery: &Delivery) -> Result<(), DbError> {
        let row = ActiveModel {
            id: Set(delivery.id.0),
            endpoint: Set(delivery.endpoint.clone()),
            kind: Set(delivery.kind.as_str().to_owned()),
            request_id: Set(delivery.request.0),
            reference: Set(delivery.reference.as_str().to_owned()),
            body: Set(delivery.body.clone()),
            created_at: Set(ms(delivery.created_at)),
            ..changing(delivery)
        };
        Entity::insert(row).exec_without_returning(self.conn()).await?;
        Ok(())
    }

    /// Reads one.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, DbError> {
        Entity::find_by_id(id.0).one(self.conn()).await?.map(read).transpose()
    }

    /// The same, held until the transaction ends.
    pub async fn lock_delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, DbError> {
        let row = Entity::find_by_id(id.0).lock_exclusive().one(self.conn()).await?;
        row.map(read).transpose()
    }

    /// Writes what changes about one: where it is, its tries, and what was said to them.
    pub async fn update_delivery(&self, delivery: &Delivery) -> Result<(), DbError> {
        let row = ActiveModel { id: Unchanged(delivery.id.0), ..changing(delivery) };
        Entity::update_many().set(row).filter(C::Id.eq(delivery.id.0)).exec(self.conn()).await?;
        Ok(())
    }

    /// The newest messages, of one state or of all.
    pub async fn newest_deliveries(
        &self,
        state: Option<DeliveryState>,
        limit: u64,
    ) -> Result<Vec<Delivery>, DbError> {
        let mut rows = Entity::find();
        if let Some(state) = state {
            rows = rows.filter(C::State.eq(state.as_str()));
        }
        let rows = rows.order_by_desc(C::CreatedAt).order_by_desc(C::Id).limit(limit);
        rows.all(self.conn()).await?.into_iter().map(read).collect()
    }

    /// Messages to an endpoint from `since` on, oldest first: those after `after`.
    pub async fn deliveries_since(
        &self,
        endpoint: &str,
        since: Timestamp,
        after: Option<DeliveryId>,
        limit: u64,
    ) -> Result<Vec<DeliveryId>, DbError> {
        let mut ids = Entity::find()
            .select_only()
            .column(C::Id)
            .filter(C::Endpoint.eq(endpoint))
            .filter(C::CreatedAt.gte(ms(since)));
        if let Some(after) = after {
            ids = ids.filter(C::Id.gt(after.0));
        }
        let ids: Vec<uuid::Uuid> =
            ids.order_by_asc(C::Id).limit(limit).into_tuple().all(self.conn()).await?;
        Ok(ids.into_iter().map(DeliveryId).collect())
    }

    /// Messages that were due before `before` and are for none of `endpoints`.
    pub async fn unclaimed_deliveries(
        &self,
        endpoints: &[&str],
        before: Timestamp,
        limit: u64,
    ) -> Result<Vec<DeliveryId>, DbError> {
        let ids: Vec<uuid::Uuid> = Entity::find()
            .select_only()
            .column(C::Id)
            .filter(C::State.eq(DeliveryState::Waiting.as_str()))
            .filter(C::NextAttemptAt.lt(ms(before)))
            .filter(C::Endpoint.is_not_in(endpoints.iter().copied()))
            .limit(limit)
            .into_tuple()
            .all(self.conn())
            .await?;
        Ok(ids.into_iter().map(DeliveryId).collect())
    }

    /// How an endpoint fares.
    pub async fn endpoint_facts(&self, endpoint: &str) -> Result<EndpointFacts, DbError> {
        let of = |state: DeliveryState| {
            Entity::find().filter(C::Endpoint.eq(endpoint)).filter(C::State.eq(state.as_str()))
        };
        let last = async |state| {
            let last: Option<Option<i64>> = of(state)
                .select_only()
                .column_as(C::LastAttemptAt.max(), "last")
                .into_tuple()
                .one(self.conn())
                .await?;
            maybe_at(last.flatten())
        };
        Ok(EndpointFacts {
            waiting: of(DeliveryState::Waiting).count(self.conn()).await?,
            dead: of(DeliveryState::Dead).count(self.conn()).await?,
            delivered_at: last(DeliveryState::Delivered).await?,
            given_up_at: last(DeliveryState::Dead).await?,
        })
    }

    /// Forgets messages from before `before`, save those that still wait.
    pub async fn purge_deliveries(&self, before: Timestamp) -> Result<u64, DbError> {
        let done = Entity::delete_many()
            .filter(C::CreatedAt.lt(ms(before)))
            .filter(C::State.ne(DeliveryState::Waiting.as_str()))
            .exec(self.conn())
            .await?;
        Ok(done.rows_affected)
    }
}

/// The columns that change.
fn changing(delivery: &Delivery) -> ActiveModel {
    ActiveModel {
        attempts: Set(delivery.attempts.into()),
        next_attempt_at: Set(delivery.next_attempt_at.map(ms)),
        last_attempt_at: Set(delivery.last_attempt_at.map(ms)),
        last_answer: Set(delivery.last_answer.clone()),
        state: Set(delivery.state.as_str().to_owned()),
        ..ActiveModel::default()
    }
}

fn read(row: Model) -> Result<Delivery, DbError> {
    Ok(Delivery {
        id: DeliveryId(row.id),
        kind: word(WebhookKind::parse(&row.kind), "webhook_delivery.kind")?,
        request: RequestId(row.request_id),
        reference: word(Reference::parse(&row.reference), "webhook_delivery.reference")?,
        created_at: at(row.created_at)?,
        attempts: word(u16::try_from(row.attempts).ok(), "webhook_delivery.attempts")?,
        next_attempt_at: maybe_at(row.next_attempt_at)?,
        last_attempt_at: maybe_at(row.last_attempt_at)?,
        state: word(DeliveryState::parse(&row.state), "webhook_delivery.state")?,
        endpoint: row.endpoint,
        body: row.body,
        last_answer: row.last_answer,
    })
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use uuid::Uuid;

    use super::*;
    use crate::db::testing::db_test;

    fn at_hour(hour: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour)
    }

    /// Written in the hour of its number.
    fn delivery(number: u128, endpoint: &str, state: DeliveryState) -> Delivery {
        let hour = at_hour(i64::try_from(number).unwrap());
        Delivery {
            id: DeliveryId(Uuid::from_u128(number)),
            endpoint: endpoint.to_owned(),
            kind: WebhookKind::ArchiveReady,
            request: RequestId(Uuid::from_u128(9)),
            reference: Reference::parse("R-7F3K9Q2M").unwrap(),
            body: "{\"ä\": 1}".to_owned(),
            created_at: hour,
            attempts: 0,
            next_attempt_at: (state == DeliveryState::Waiting).then_some(hour),
            last_attempt_at: (state != DeliveryState::Waiting).then_some(hour),
            last_answer: None,
            state,
        }
    }

    db_test!(a_delivery_is_kept_as_it_is, |db| async move {
        let tx = db.begin().await.unwrap();
        let mut one = delivery(1, "crm", DeliveryState::Waiting);
        tx.insert_delivery(&one).await.unwrap();
        assert_eq!(tx.delivery(one.id).await.unwrap(), Some(one.clone()));
        one.attempts = 3;
        one.last_attempt_at = Some(at_hour(2));
        one.next_attempt_at = Some(at_hour(3));
        one.last_answer = Some("500".to_owned());
        tx.update_delivery(&one).await.unwrap();
        assert_eq!(tx.lock_delivery(one.id).await.unwrap(), Some(one.clone()));
        one.next_attempt_at = None;
        one.state = DeliveryState::Dead;
        tx.update_delivery(&one).await.unwrap();
        tx.commit().await.unwrap();
        let tx = db.begin_read().await.unwrap();
        assert_eq!(tx.delivery(one.id).await.unwrap(), Some(one));
        assert_eq!(tx.delivery(DeliveryId(Uuid::nil())).await.unwrap(), None);
    });

    db_test!(deliveries_are_found_by_endpoint_state_and_time, |db| async move {
        use DeliveryState::{Dead, Delivered, Skipped, Waiting};
        let tx = db.begin().await.unwrap();
        for (number, endpoint, state) in [
            (1, "crm", Delivered),
            (2, "crm", Dead),
            (3, "crm", Waiting),
            (4, "crm", Delivered),
            (5, "old", Waiting),
            (6, "old", Skipped),
        ] {
            tx.insert_delivery(&delivery(number, endpoint, state)).await.unwrap();
        }
        let numbers = |found: Vec<Delivery>| -> Vec<u128> {
            found.iter().map(|one| one.id.0.as_u128()).collect()
        };
        assert_eq!(numbers(tx.newest_deliveries(None, 3).await.unwrap()), [6, 5, 4]);
        assert_eq!(numbers(tx.newest_deliveries(Some(Dead), 9).await.unwrap()), [2]);
        let facts = tx.endpoint_facts("crm").await.unwrap();
        assert_eq!(
            facts,
            EndpointFacts {
                waiting: 1,
                dead: 1,
                delivered_at: Some(at_hour(4)),
                given_up_at: Some(at_hour(2)),
            }
        );
        assert_eq!(tx.endpoint_facts("new").await.unwrap(), EndpointFacts::default());
        let id = |number| DeliveryId(Uuid::from_u128(number));
        let since = async |after, limit| {
            tx.deliveries_since("crm", at_hour(2), after, limit).await.unwrap()
        };
        assert_eq!(since(None, 2).await, [id(2), id(3)]);
        assert_eq!(since(Some(id(3)), 2).await, [id(4)]);
        let unclaimed =
            async |names: &[&str], before| tx.unclaimed_deliveries(names, before, 9).await.unwrap();
        assert_eq!(unclaimed(&["crm"], at_hour(6)).await, [id(5)]);
        assert_eq!(unclaimed(&["crm"], at_hour(5)).await, [], "not before it was due");
        assert_eq!(unclaimed(&["crm", "old"], at_hour(9)).await, []);
        let mut all = unclaimed(&[], at_hour(9)).await;
        all.sort();
        assert_eq!(all, [id(3), id(5)]);
        assert_eq!(tx.purge_deliveries(at_hour(6)).await.unwrap(), 3);
        assert_eq!(numbers(tx.newest_deliveries(None, 9).await.unwrap()), [6, 5, 3]);
    });
}
