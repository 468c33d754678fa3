//! Who received data and has to be told: listed with what was done, told by people, asked for in time.

use super::erase::{shelves, shop};
use super::flags::stores;
use super::restrictions::reason;
use super::shelf::Shelf;
use super::*;
use crate::db::testing::db_test;
use crate::domain::duration::Period;
use crate::domain::erase::{Method, Verdict};
use crate::domain::policy::Denied;
use crate::domain::recipient::{How, Recipient};
use crate::domain::request::Outcome;
use crate::domain::staff::{Member, Role};
use crate::domain::telling::{Progress, Topic};
use crate::service::case::Deed;
use crate::service::read::recipient::TellingRead;

fn pay() -> Recipient {
    Recipient {
        id: "pay".into(),
        role: Some("payment provider".into()),
        how: How::parse("mail:privacy@pay.example"),
        acknowledge: Period::parse("30d").ok(),
        ..Recipient::named("Example Payments Ltd")
    }
}

impl House {
    pub(super) async fn listed(&self, by: &Member, at: &Reference) -> Vec<TellingRead> {
        self.desk().tellings(by, at).await.unwrap().unwrap().lines
    }

    pub(super) async fn topics(
        &self,
        by: &Member,
        at: &Reference,
    ) -> Vec<(String, Topic, Progress)> {
        let lines = self.listed(by, at).await.into_iter().map(|line| line.telling);
        lines.map(|one| (one.name.clone(), one.topic, one.progress())).collect()
    }

    /// Time has passed. How many mails to staff say one thing by now.
    pub(super) async fn reminded(&self, hours: i64, words: &str) -> usize {
        self.later(hours);
        self.desk().tick().await.unwrap();
        assert_eq!(self.run_until_idle().await, []);
        let sent = self.mails.sent.lock().unwrap();
        let told = sent.iter().filter(|mail| mail.kind == MailKind::StaffNotice);
        told.filter(|mail| mail.text.contains(words)).count()
    }
}

db_test!(
    whoever_got_what_was_deleted_is_told_by_people_and_the_receipt_says_when,
    |db| async move {
        let mut shop = shop();
        shop.facts.recipients = vec!["pay".into(), "Parcel service".into()];
        shop.facts.described = vec![pay()];
        let mut other = Shelf::new("other", &[("visit", Method::Delete)]);
        other.facts.recipients = vec!["Whoever got nothing".into()];
        let (shop, other) = (Arc::new(shop), Arc::new(other));
        let house = House::new(&db, shelves(&[&shop, &other])).await;
        let by = house.two().await;
        let agent = house.works("agent@example.com", Role::Agent).await;
        let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
        house.agreed(&by, &reference).await;
        assert_eq!(house.topics(&agent, &reference).await, [], "nothing is deleted yet");
        let later = house.desk().now() + SignedDuration::from_hours(24 * 3);
        shop.says.lock().unwrap().push(Verdict::NotBefore(later));
        house.cools_off().await;
        assert_eq!(house.run_until_idle().await, []);
        assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Pending));
        let one = |name: &str, progress| (name.to_owned(), Topic::Deletion, progress);
        assert_eq!(
            house.topics(&agent, &reference).await,
            [
                one("Example Payments Ltd", Progress::Untold),
                one("Parcel service", Progress::Untold)
            ]
        );
        let receipt = house.receipt(&reference).await;
        let named = &receipt["recipients"];
        assert_eq!(named[0]["name"], "Example Payments Ltd");
        assert_eq!(
            (&named[1]["name"], &named[1]["told_at"]),
            (&"Parcel service".into(), &().into())
        );
        assert_eq!(named[2], serde_json::Value::Null);

        let lines = house.listed(&agent, &reference).await;
        assert_eq!(lines[0].how, How::parse("mail:privacy@pay.example"));
        assert_eq!((&lines[1].how, lines[0].role.as_deref()), (&None, Some("payment provider")));
        let (payments, parcels) = (lines[0].telling.id, lines[1].telling.id);
        let desk = house.desk();
        let auditor = house.works("auditor@example.com", Role::Auditor).await;
        let denied = desk.recipient_told(&auditor, &reference, payments).await.unwrap();
        assert_eq!(denied, Deed::Denied(Denied::Role));
        let early = desk.recipient_acknowledged(&agent, &reference, parcels).await.unwrap();
        assert_eq!(early, Deed::NotNow, "it knows nothing yet");
        assert_eq!(desk.recipient_told(&agent, &reference, payments).await.unwrap(), Deed::Done);
        assert_eq!(desk.recipient_told(&agent, &reference, payments).await.unwrap(), Deed::NotNow);

        // What had to wait is looked at, and the receipt made anew.
        let untold = "wurde nicht unterrichtet";
        assert_eq!(house.reminded(71, untold).await, 0, "there is an hour left");
        assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
        let named = &house.receipt(&reference).await["recipients"];
        assert!(named[0]["told_at"].is_string() && named[1]["told_at"].is_null(), "{named}");
        assert_eq!(house.topics(&agent, &reference).await.len(), 2, "nobody is listed twice");
        assert_eq!(house.reminded(24, untold).await, 3, "two officers and an agent");
        assert_eq!(house.reminded(24 * 7, untold).await, 6, "again after a week");
        assert_eq!(desk.recipient_told(&agent, &reference, parcels).await.unwrap(), Deed::Done);
        let silent = "nicht bestätigt";
        assert_eq!(house.reminded(24 * 8, silent).await, 0);
        assert_eq!(house.reminded(24 * 20, silent).await, 3, "thirty days are over");
        assert_eq!(house.reminded(24 * 20, silent).await, 3, "once");
        let deed = desk.recipient_acknowledged(&agent, &reference, payments).await.unwrap();
        assert_eq!(deed, Deed::Done);
        assert_eq!(
            house.topics(&agent, &reference).await,
            [
                one("Example Payments Ltd", Progress::Acknowledged),
                one("Parcel service", Progress::Told)
            ]
        );
        assert_eq!(house.reminded(24 * 30, untold).await, 6);
        let sent = house.mails.sent.lock().unwrap();
        assert!(
            sent.iter().all(|mail| mail.to.as_str() != "privacy@pay.example"),
            "people tell it"
        );
    }
);

db_test!(whoever_hears_of_a_restriction_hears_of_its_end, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, stores(dir.path()).await).await;
    let by = house.officer();
    let reference = house.says_and_proves(Right::Restriction, &[], ADA).await;
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    let one = |topic, progress| ("Parcel service".to_owned(), topic, progress);
    // The club holds no column for it: nothing was changed there.
    let listed = [one(Topic::Restriction, Progress::Untold)];
    assert_eq!(house.topics(&by, &reference).await, listed);
    let id = house.listed(&by, &reference).await[0].telling.id;
    assert_eq!(house.desk().recipient_told(&by, &reference, id).await.unwrap(), Deed::Done);
    house.desk().announce_lift(&by, &reference, &reason()).await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.topics(&by, &reference).await.len(), 1, "announced, not lifted");
    house.later(80);
    house.lift(&reference).await;
    assert_eq!(house.run_until_idle().await, []);
    let listed = [one(Topic::Restriction, Progress::Told), one(Topic::Lifting, Progress::Untold)];
    assert_eq!(house.topics(&by, &reference).await, listed);
});
