//! A new root key while there are requests.

use std::sync::Arc;

use super::*;
use crate::clock::Clock as _;
use crate::db::reseal::tests::{add_rare_values, values};
use crate::db::testing::{db_test, root_key};
use crate::ids::OsEntropy;
use crate::keys::Keys;
use crate::keys::root::RootKey;
use crate::keys::sealer::Sealer;

db_test!(every_value_is_readable_at_every_point_of_a_rotation, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access, Right::Export]).await;
    office.gather(case.id).await;
    let words = TypedText::line("where is it?", 100).unwrap().unwrap();
    office.desk.write_message(&case.token, Some(&case.cookie), &words).await.unwrap();
    let tx = office.db.begin_read().await.unwrap();
    let stored = tx.request(case.id).await.unwrap().unwrap();
    drop(tx);
    add_rare_values(&office.db, stored.value.intake).await;
    let before = values(&office.db).await;
    for place in [
        "intake.contact",
        "outbox.sealed",
        "message.body",
        "change.detail",
        "current_field.fields",
        "segment.detail",
        "task.cursor",
        "subject_key.value",
        "evidence.name",
        "evidence.body",
    ] {
        assert!(before.iter().any(|(at, _)| at.starts_with(place)), "nothing at {place}");
    }

    let (old, new) = (root_key(), RootKey::draw(&OsEntropy));
    let sealer = |older: &[RootKey]| Sealer::new(Keys::new(&new, older), Arc::new(OsEntropy));
    let mut steps = 0;
    loop {
        // Each turn is a process of its own that is stopped after three rows.
        let turned = office.db.again_with(sealer(std::slice::from_ref(&old))).await;
        let done = turned.reseal(2, 3).await.unwrap();
        assert_eq!(values(&turned).await, before);
        let tx = turned.begin_read().await.unwrap();
        assert_eq!(tx.keys_of(case.id).await.unwrap().len(), 1);
        drop(tx);
        turned.close().await.unwrap();
        steps += 1;
        if done < 3 {
            break;
        }
    }
    assert!(steps > 2, "it was broken off between batches");
    let turned = office.db.again_with(sealer(&[])).await;
    assert_eq!(turned.sealed_under(old.id()).await, Ok(0));
    assert_eq!(turned.sealed_under_others().await, Ok(0));
    assert_eq!(turned.reseal(2, 3).await, Ok(0));
    assert_eq!(values(&turned).await, before, "the new key alone opens everything");
});

db_test!(what_was_hashed_under_the_old_key_is_still_found, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    let email = EmailAddress::parse(ADA).unwrap();
    let now = office.clock.now();
    let tx = office.db.begin().await.unwrap();
    let intake = tx.request(case.id).await.unwrap().unwrap().value.intake;
    tx.add_person(case.id, "shop", "customer", "1", true).await.unwrap();
    let rows = tx.people_of(case.id).await.unwrap();
    tx.forget_contact(intake, Some(now + days(30))).await.unwrap();
    tx.commit().await.unwrap();

    let sealer = |older: &[RootKey]| {
        Sealer::new(Keys::new(&RootKey::draw(&OsEntropy), older), Arc::new(OsEntropy))
    };
    let turned = office.db.again_with(sealer(&[root_key()])).await;
    turned.reseal(10, 100).await.unwrap();
    let tx = turned.begin().await.unwrap();
    assert!(tx.can_resume(intake, &email, now).await.unwrap());
    tx.add_person(case.id, "shop", "customer", "1", true).await.unwrap();
    assert_eq!(tx.people_of(case.id).await.unwrap(), rows, "the same row is one person");
    drop(tx);
    let alone = office.db.again_with(sealer(&[])).await;
    let tx = alone.begin_read().await.unwrap();
    assert!(!tx.can_resume(intake, &email, now).await.unwrap());
});
