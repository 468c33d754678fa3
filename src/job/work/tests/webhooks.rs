//! Webhooks, from what happened to what an endpoint hears.

use super::fake::{Fake, stores};
use super::*;
use crate::db::testing::db_test;
use crate::db::webhook::Delivery;
use crate::domain::job::webhook_lane;
use crate::domain::webhook::{DeliveryState, Subscription, WebhookKind};
use crate::webhook::testing::{Receiver, Says, local};

impl House {
    /// A house with one store of Ada's, that tells these endpoints everything.
    async fn that_tells(db: &TestDb, receivers: &[(&str, &Receiver)]) -> Self {
        let mut house = House::new(db, stores(&[&Arc::new(Fake::of_ada("shop", &["x"]))])).await;
        let subscription = |(name, _): &(&str, &Receiver)| Subscription {
            name: (*name).to_owned(),
            kinds: WebhookKind::ALL.to_vec(),
        };
        let settings =
            Settings { webhooks: receivers.iter().map(subscription).collect(), ..settings() };
        house.worker.desk = Desk::new(
            Db::clone(db),
            Arc::<FixedClock>::clone(&house.clock),
            Arc::clone(&house.worker.entropy),
            Arc::new(EpochKeys::open(&house.folder.path().join("keys")).unwrap()),
            Arc::new(house.desk().stores().clone()),
            Arc::new(settings),
        );
        house.worker.webhooks = local(receivers);
        let tx = db.begin().await.unwrap();
        for (name, _) in receivers {
            lane::declare(&tx, &webhook_lane(name), 2, Duration::ZERO).await.unwrap();
        }
        tx.commit().await.unwrap();
        house
    }

    /// Does the job of an endpoint that is due; what went wrong, and when it is to be tried again.
    async fn delivers(&self, endpoint: &str) -> Option<(&'static str, Duration)> {
        let claimed = self.one(&webhook_lane(endpoint)).await;
        match self.attend(&claimed).await? {
            JobError::Retry { code, after } => Some((code, after.unwrap())),
            other => panic!("{other:?}"),
        }
    }

    /// The newest delivery.
    async fn delivery(&self) -> Delivery {
        let tx = self.worker.db.begin_read().await.unwrap();
        tx.newest_deliveries(None, 1).await.unwrap().remove(0)
    }

    /// Whether the first endpoint counts as dead.
    async fn is_dead(&self) -> bool {
        self.desk().webhooks(None).await.unwrap().unwrap().endpoints[0].is_dead
    }
}

db_test!(
    an_endpoint_hears_of_a_request_from_beginning_to_end_and_never_who_it_is,
    |db| async move {
        let receiver = Receiver::new(&[]).await;
        let house = House::that_tells(&db, &[("crm", &receiver)]).await;
        let (at, _) = house.answered(&[Right::Access], ADA).await;
        assert_eq!(house.run_lane(&webhook_lane("crm")).await, []);
        let id = house.request(&at).await.id.to_string();
        let mut told = Vec::new();
        for heard in receiver.heard() {
            // By chance an id has a name in it.
            let words = heard.body.replace(&id, "");
            for word in ["ada", "example.org", "shop", "Ada"] {
                assert!(!words.contains(word), "{}", heard.body);
            }
            let body: serde_json::Value = serde_json::from_str(&heard.body).unwrap();
            assert_eq!(body["data"]["reference"], at.as_str());
            assert_eq!(body["data"]["id"], id);
            told.push((body["type"].as_str().unwrap().to_owned(), body["data"]["status"].clone()));
        }
        told.sort_by(|one, other| one.0.cmp(&other.0));
        let expected = [
            ("archive.ready", "fulfilled"),
            ("request.fulfilled", "fulfilled"),
            ("request.received", "awaiting_verification"),
            ("request.verified", "gathering"),
        ];
        assert_eq!(told, expected.map(|(kind, status)| (kind.to_owned(), status.into())));
    }
);

db_test!(what_failed_is_sent_again_with_the_same_id_and_the_same_bytes, |db| async move {
    let receiver = Receiver::new(&[Says::Status(500), Says::Status(302)]).await;
    let house = House::that_tells(&db, &[("crm", &receiver)]).await;
    house.asks(&[Right::Access], ADA).await;
    let (code, wait) = house.delivers("crm").await.unwrap();
    assert_eq!(code, "webhook_status");
    assert!((Duration::from_secs(5)..=Duration::from_millis(5_500)).contains(&wait), "{wait:?}");
    let seen = house.delivery().await;
    let wait = SignedDuration::try_from(wait).unwrap();
    assert_eq!((seen.attempts, seen.last_answer.as_deref()), (1, Some("500")));
    assert_eq!(seen.next_attempt_at, Some(house.clock.now() + wait));
    house.a_second_passes();
    let (_, wait) = house.delivers("crm").await.unwrap();
    assert!((Duration::from_mins(5)..=Duration::from_secs(330)).contains(&wait), "{wait:?}");
    house.a_second_passes();
    assert_eq!(house.delivers("crm").await, None);
    let seen = house.delivery().await;
    assert_eq!((seen.state, seen.attempts), (DeliveryState::Delivered, 3));
    assert_eq!(seen.next_attempt_at, None);
    let heard = receiver.heard();
    let of = |name: &str| -> Vec<String> {
        heard.iter().map(|heard| heard.headers[name].clone()).collect()
    };
    assert_eq!(of("webhook-id"), [seen.id.to_string(), seen.id.to_string(), seen.id.to_string()]);
    assert!(heard.iter().all(|heard| heard.body == seen.body));
    let mut seconds = of("webhook-timestamp");
    seconds.dedup();
    assert_eq!(seconds.len(), 3, "each try has its own time");
    assert_eq!(db.number("SELECT count(*) FROM job WHERE kind = 'deliver_webhook'").await, 0);
});

db_test!(after_ten_tries_it_is_given_up_and_the_endpoint_is_dead_until_something_arrives, |db| {
    async move {
        let receiver = Receiver::new(&vec![Says::Status(503); 10]).await;
        let house = House::that_tells(&db, &[("crm", &receiver)]).await;
        house.asks(&[Right::Access], ADA).await;
        for try_ in 1..10 {
            assert!(house.delivers("crm").await.is_some(), "{try_}");
            assert!(!house.is_dead().await);
        }
        assert_eq!(house.delivers("crm").await, None, "the tenth is the last");
        let dead = house.delivery().await;
        assert_eq!((dead.state, dead.attempts), (DeliveryState::Dead, 10));
        assert!(house.is_dead().await);
        assert_eq!(db.number("SELECT count(*) FROM job WHERE lane = 'webhook:crm'").await, 0);
        house.a_second_passes();
        assert_eq!(
            house.desk().replay_webhook(None, dead.id).await.unwrap(),
            crate::service::webhook::Replayed::Done
        );
        assert_eq!(house.delivers("crm").await, None);
        let again = house.delivery().await;
        assert_eq!((again.id, again.state), (dead.id, DeliveryState::Delivered));
        assert!(!house.is_dead().await);
        let heard = receiver.heard();
        assert_eq!(heard.len(), 11);
        assert!(heard.iter().all(|heard| heard.body == dead.body));
    }
});

db_test!(an_endpoint_that_is_gone_is_not_asked_again, |db| async move {
    let receiver = Receiver::new(&[Says::Status(410)]).await;
    let house = House::that_tells(&db, &[("crm", &receiver)]).await;
    house.asks(&[Right::Access], ADA).await;
    assert_eq!(house.delivers("crm").await, None);
    let dead = house.delivery().await;
    assert_eq!((dead.state, dead.attempts), (DeliveryState::Dead, 1));
    assert!(house.is_dead().await);
    house.a_second_passes();
    house.asks(&[Right::Access], "bob@example.org").await;
    assert_eq!(house.delivers("crm").await, None);
    assert!(!house.is_dead().await, "it came back");
});

db_test!(endpoints_do_not_wait_for_each_other, |db| async move {
    let (slow, quick) = (Receiver::new(&[]).await, Receiver::new(&[]).await);
    let house = House::that_tells(&db, &[("slow", &slow), ("quick", &quick)]).await;
    for number in 0..4 {
        house.asks(&[Right::Access], &format!("person{number}@example.org")).await;
    }
    let lanes = ["slow", "quick"].map(webhook_lane);
    let mut held = Vec::new();
    while let Some(claimed) = house.claim(&lanes[..1], HOUR).await {
        held.push(claimed);
    }
    assert_eq!(held.len(), 2, "as many as its lane is wide");
    assert_eq!(house.run(&lanes).await, []);
    assert_eq!((slow.heard().len(), quick.heard().len()), (0, 4));
});

db_test!(a_delivery_whose_job_dies_is_given_up, |db| async move {
    let receiver = Receiver::new(&[]).await;
    let house = House::that_tells(&db, &[("crm", &receiver)]).await;
    house.asks(&[Right::Access], ADA).await;
    let claimed = house.one(&webhook_lane("crm")).await;
    let tx = db.begin().await.unwrap();
    house.worker.died(&tx, &claimed, "crashed").await.unwrap();
    job::bury(&tx, &claimed, "crashed").await.unwrap();
    tx.commit().await.unwrap();
    let dead = house.delivery().await;
    assert_eq!((dead.state, dead.last_answer.as_deref()), (DeliveryState::Dead, Some("crashed")));
    // A replay takes the dead job's place.
    house.desk().replay_webhook(None, dead.id).await.unwrap();
    assert_eq!(house.delivers("crm").await, None);
    assert_eq!(house.delivery().await.state, DeliveryState::Delivered);
});
