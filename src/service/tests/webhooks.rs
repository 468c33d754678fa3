//! What endpoints are told, by which steps, and what can be done about it.

use super::*;
use crate::clock::Clock as _;
use crate::db::testing::db_test;
use crate::db::webhook::Delivery;
use crate::domain::decision::RefusalGround;
use crate::domain::policy::Denied;
use crate::domain::staff::Role;
use crate::domain::webhook::{DeliveryState, Subscription, WebhookKind};
use crate::service::webhook::Replayed;

/// An office that tells these endpoints of these events.
fn telling(db: TestDb, endpoints: &[(&str, &[WebhookKind])]) -> Office {
    let mut settings = settings();
    settings.webhooks = endpoints
        .iter()
        .map(|(name, kinds)| Subscription { name: (*name).to_owned(), kinds: kinds.to_vec() })
        .collect();
    Office::with(db, settings)
}

const ALL: &[WebhookKind] = WebhookKind::ALL;

impl Office {
    async fn deliveries(&self) -> Vec<Delivery> {
        self.db.begin_read().await.unwrap().newest_deliveries(None, 100).await.unwrap()
    }

    /// The kinds that were told, sorted.
    async fn news(&self) -> Vec<&'static str> {
        let mut kinds: Vec<&str> =
            self.deliveries().await.iter().map(|one| one.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds
    }

    async fn jobs(&self) -> i64 {
        self.count("job", "kind = 'deliver_webhook'").await
    }

    /// As if everything that waits had arrived.
    async fn all_arrive(&self) {
        self.db
            .run("UPDATE webhook_delivery SET state = 'delivered', next_attempt_at = NULL")
            .await;
        self.db.run("DELETE FROM job WHERE kind = 'deliver_webhook'").await;
    }
}

db_test!(each_endpoint_is_told_of_what_it_asked_for, |db| async move {
    let office = telling(
        db,
        &[("all", ALL), ("some", &[WebhookKind::RequestReceived, WebhookKind::ArchiveReady])],
    );
    office.ask(ADA, &[Right::Access, Right::Export]).await;
    let told = office.deliveries().await;
    let mut to: Vec<(&str, &str)> =
        told.iter().map(|one| (&*one.endpoint, one.kind.as_str())).collect();
    to.sort_unstable();
    let received = "request.received";
    assert_eq!(
        to,
        [("all", received), ("all", received), ("some", received), ("some", received)],
        "for each request"
    );
    assert_eq!(office.jobs().await, 4, "a job each");
    let mut ids: Vec<_> = told.iter().map(|one| one.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 4);
});

db_test!(without_endpoints_nothing_is_written, |db| async move {
    let office = Office::over(db);
    office.fulfilled(ADA).await;
    assert_eq!(office.deliveries().await, []);
});

db_test!(no_message_holds_an_address_or_a_name, |db| async move {
    let office = telling(db, &[("all", ALL)]);
    office.fulfilled(ADA).await;
    let case = office.open("bob@example.org", &[Right::Access]).await;
    office.pass(hours(72));
    office.tick().await;
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let facts = TypedText::line("Bob never was a customer", 100).unwrap().unwrap();
    let ground = RefusalGround::NotIdentified;
    office.desk.refuse(&officer, &case.reference, ground, &facts).await.unwrap();
    assert_eq!(
        office.news().await,
        [
            "archive.ready",
            "deadline.at_risk",
            "request.fulfilled",
            "request.received",
            "request.received",
            "request.refused",
            "request.verified",
            "request.verified",
        ],
        "every kind there is"
    );
    for one in office.deliveries().await {
        let body = one.body.to_lowercase();
        // By chance an id or a reference has a name in it.
        let words = body.replace(&one.request.to_string(), "");
        let words = words.replace(&one.reference.as_str().to_lowercase(), "");
        for word in ["ada", "bob", "example", "@", "officer", "colleague", "customer", "link"] {
            assert!(!words.contains(word), "{body}");
        }
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let data = body["data"].as_object().unwrap();
        let mut fields: Vec<&str> = data.keys().map(String::as_str).collect();
        fields.retain(|field| !matches!(*field, "due_at" | "state"));
        fields.sort_unstable();
        assert_eq!(
            fields,
            ["channel", "id", "outcome", "received_at", "reference", "right", "status"]
        );
    }
});

db_test!(nothing_is_told_of_what_did_not_happen, |db| async move {
    let office = telling(db, &[("all", ALL)]);
    let reference = office.ask(ADA, &[Right::Access]).await;
    office.all_arrive().await;
    let request = office.request(&reference).await;
    let kinds = [WebhookKind::RequestVerified];
    let now = office.clock.now();
    let tx = office.db.begin().await.unwrap();
    office.desk.announce(&tx, &request, &kinds, now).await.unwrap();
    drop(tx);
    assert_eq!((office.deliveries().await.len(), office.jobs().await), (1, 0), "rolled back");
    let tx = office.db.begin().await.unwrap();
    office.desk.announce(&tx, &request, &kinds, now).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((office.deliveries().await.len(), office.jobs().await), (2, 1));
});

db_test!(a_deadline_is_told_when_it_is_at_risk_and_when_it_is_over, |db| async move {
    let office = telling(db, &[("all", &[WebhookKind::DeadlineAtRisk])]);
    office.open(ADA, &[Right::Access]).await;
    let states = async || -> Vec<String> {
        let told = office.deliveries().await;
        let state = |one: &Delivery| {
            let body: serde_json::Value = serde_json::from_str(&one.body).unwrap();
            assert_eq!(body["data"]["due_at"], "2026-03-05T10:00:00Z");
            body["data"]["state"].as_str().unwrap().to_owned()
        };
        told.iter().rev().map(state).collect()
    };
    for (passed, expected) in [
        (36, &[][..]),
        (18, &["at_risk"]),
        (11, &["at_risk"]),
        (7, &["at_risk", "overdue"]),
        (24, &["at_risk", "overdue"]),
    ] {
        office.pass(hours(passed));
        office.tick().await;
        assert_eq!(states().await, expected, "{passed} hours later");
    }
});

db_test!(an_archive_made_again_is_told_and_the_request_is_not_fulfilled_twice, |db| async move {
    let office = telling(db, &[("all", ALL)]);
    let case = office.fulfilled(ADA).await;
    office.pass(days(15));
    office.tick().await;
    let cookie = office.unlock(&case).await;
    office.desk.renew(&case.token, Some(&cookie), &case.reference).await.unwrap();
    office.gather(case.id).await;
    office.finish(case.id).await;
    let news = office.news().await;
    let count = |kind: &str| news.iter().filter(|one| **one == kind).count();
    assert_eq!((count("archive.ready"), count("request.fulfilled")), (2, 1), "{news:?}");
});

db_test!(a_replay_keeps_id_and_bytes_and_stands_in_the_timeline, |db| async move {
    let office = telling(db, &[("all", ALL)]);
    let admin = office.works("admin@example.com", &[Role::Admin]).await;
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let reference = office.ask(ADA, &[Right::Access]).await;
    let request = office.request(&reference).await;
    office.all_arrive().await;
    let before = office.deliveries().await.remove(0);
    let denied = office.desk.replay_webhook(Some(&officer), before.id).await.unwrap();
    assert_eq!(denied, Replayed::Denied(Denied::Role));
    assert!(office.desk.webhooks(Some(&officer)).await.unwrap().is_err());
    assert_eq!(office.jobs().await, 0);
    office.pass(hours(1));
    for _ in 0..2 {
        let done = office.desk.replay_webhook(Some(&admin), before.id).await.unwrap();
        assert_eq!(done, Replayed::Done);
    }
    assert_eq!(office.jobs().await, 1, "twice is once");
    let after = office.deliveries().await.remove(0);
    let expected = Delivery {
        state: DeliveryState::Waiting,
        next_attempt_at: Some(office.clock.now()),
        ..before.clone()
    };
    assert_eq!(after, expected);
    let events = office.events(request.id).await;
    assert_eq!(events.iter().filter(|kind| *kind == "webhook.replayed").count(), 2);
    let tx = office.db.begin_read().await.unwrap();
    let history = tx.history_of(request.id).await.unwrap();
    let replay = history.iter().find(|one| one.kind == "webhook.replayed").unwrap();
    assert_eq!(replay.by, Some(admin.id.0));
    assert_eq!(replay.data["endpoint"], "all");
    let nothing = crate::ids::DeliveryId(uuid::Uuid::nil());
    assert_eq!(office.desk.replay_webhook(None, nothing).await.unwrap(), Replayed::Unknown);
});

db_test!(an_endpoint_that_lost_something_gets_all_of_it_again, |db| async move {
    let office = telling(db, &[("all", ALL), ("other", ALL)]);
    office.ask(ADA, &[Right::Access]).await;
    office.pass(hours(2));
    office.ask("bob@example.org", &[Right::Access, Right::Export]).await;
    office.all_arrive().await;
    let since = office.clock.now() - hours(1);
    assert_eq!(office.desk.replay_webhooks_since("all", since).await.unwrap(), Some(2));
    assert_eq!(office.desk.replay_webhooks_since("none", since).await.unwrap(), None);
    assert_eq!(office.jobs().await, 2);
});

db_test!(what_waits_for_a_withdrawn_endpoint_is_set_aside_after_a_while, |db| async move {
    let office = telling(db, &[("old", ALL), ("new", ALL)]);
    office.ask(ADA, &[Right::Access]).await;
    // The same service after a restart with another configuration.
    let office = telling(office.db, &[("new", ALL)]);
    let states = async || -> Vec<(String, DeliveryState)> {
        let told = office.deliveries().await;
        let mut states: Vec<_> = told.into_iter().map(|one| (one.endpoint, one.state)).collect();
        states.sort_by(|one, other| one.0.cmp(&other.0));
        states
    };
    let both = |old| vec![("new".to_owned(), DeliveryState::Waiting), ("old".to_owned(), old)];
    office.pass(hours(1));
    office.tick().await;
    assert_eq!(states().await, both(DeliveryState::Waiting), "others may not have heard of it");
    office.pass(minutes(1));
    office.tick().await;
    assert_eq!(states().await, both(DeliveryState::Skipped));
    assert_eq!(office.jobs().await, 1);
    let old = office.deliveries().await.into_iter().find(|one| one.endpoint == "old").unwrap();
    assert_eq!(office.desk.replay_webhook(None, old.id).await.unwrap(), Replayed::Withdrawn);
});

db_test!(deliveries_go_after_30_days, |db| async move {
    let office = telling(db, &[("all", ALL)]);
    office.ask(ADA, &[Right::Access]).await;
    office.all_arrive().await;
    office.pass(days(30));
    office.tick().await;
    assert_eq!(office.count("webhook_delivery", "kind = 'request.received'").await, 1);
    office.pass(minutes(1));
    office.tick().await;
    assert_eq!(office.count("webhook_delivery", "kind = 'request.received'").await, 0);
});
