//! Answers that are letters: they look into the stores, and give nothing of what they find.

use super::whole::{CANARY, shop};
use super::*;
use crate::db::testing::db_test;
use crate::domain::particulars::Of;
use crate::domain::request::Outcome;
use crate::domain::state::Status;
use crate::service::lodge::Wishes;
use crate::store::testing::{FACTS, seed};

impl House {
    /// Posts a form about what the company does.
    async fn asks_practices(&self, email: &str) -> Reference {
        let new = NewIntake {
            changes: Vec::new(),
            purposes: Vec::new(),
            scope: crate::domain::request::Scope::Everything,
            rights: vec![Right::Confirmation],
            contact: Contact { email: EmailAddress::parse(email).ok(), ..Contact::default() },
            country: None,
            on_behalf: false,
            wishes: Wishes { of: Of::Practices, ..Wishes::default() },
            language: Language::En,
        };
        self.desk().open_intake(new).await.unwrap()
    }
}

fn no_data(unpacked: &Unpacked) {
    let data = |name: &&String| name.starts_with("data/") || name.starts_with("files/");
    assert_eq!(unpacked.files.keys().find(data), None);
    assert!(!unpacked.holds(CANARY) && !unpacked.holds("likes cats"));
    assert!(!unpacked.holds("ada@example.org"), "not even the address");
}

db_test!(a_confirmation_says_where_something_is_held_and_gives_nothing, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let (reference, opened) = house.answered(&[Right::Confirmation], ADA).await;
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::Full)));
    let unpacked = house.downloads(&reference, &opened).await;
    no_data(&unpacked);
    let letter = unpacked.text("letter.html");
    for words in ["Yes, we process personal data about you", "e-mail address", "data about you"] {
        assert!(letter.contains(words), "{words}");
    }
    assert!(unpacked.files.contains_key("about-your-data.html"));
    let tasks = house.tasks(&reference).await;
    assert_eq!((tasks["shop"].tally.rows, tasks["images"].tally.files > 0), (4, true));
    assert_eq!(house.objects(), 1, "the letter alone was ever sealed");
});

db_test!(where_nothing_is_held_that_is_confirmed_by_a_letter_too, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let (reference, opened) = house.answered(&[Right::Confirmation], "nobody@example.net").await;
    assert_eq!((house.sent(MailKind::ArchiveReady), house.sent(MailKind::NothingFound)), (1, 0));
    let unpacked = house.downloads(&reference, &opened).await;
    no_data(&unpacked);
    let letter = unpacked.text("letter.html");
    for words in ["No. At this time", "e-mail address", "nothing found", "Nothing is missing"] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    assert!(!letter.contains("nobody@example.net"), "kinds of keys, no keys");
});

db_test!(practices_are_confirmed_from_the_maps_without_asking_a_store, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let reference = house.asks_practices(ADA).await;
    house.run_lane(MAIL_LANE).await;
    let opened = house.types_code(&reference).await;
    assert_eq!(house.run_until_idle().await, []);
    assert!(house.tasks(&reference).await.is_empty());
    let unpacked = house.downloads(&reference, &opened).await;
    no_data(&unpacked);
    let letter = unpacked.text("letter.html");
    for words in ["What we do with personal data", "contract", "Training of models", "30 days"] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    // Made again, it asks no store either.
    house.later(24 * 15);
    house.worker.desk.tick().await.unwrap();
    house.run_until_idle().await;
    let cookie = house.unlock(&opened.token).await;
    house.desk().renew(&opened.token, Some(&cookie), &reference).await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    house.downloads(&reference, &opened).await;
});

db_test!(recipients_are_named_of_the_stores_that_hold_something, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let (reference, opened) = house.answered(&[Right::Recipients], ADA).await;
    let unpacked = house.downloads(&reference, &opened).await;
    no_data(&unpacked);
    assert!(!unpacked.files.contains_key("about-your-data.html"));
    assert!(unpacked.text("letter.html").contains("Payment provider"));
    let (reference, opened) = house.answered(&[Right::Recipients], "nobody@example.net").await;
    let unpacked = house.downloads(&reference, &opened).await;
    let letter = unpacked.text("letter.html");
    assert!(letter.contains("nobody outside has received") && !letter.contains("Payment provider"));
});

db_test!(what_californian_law_forbids_stays_and_is_named, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    seed(
        &dir.path().join("shop.db"),
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT, ssn TEXT);
         INSERT INTO customer VALUES (1, 'ada@example.org', '078-05-1120');",
    )
    .await;
    let stores = opened(
        dir.path(),
        &format!(
            "[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{FACTS}\
             [store.shop.table.customer]\nperson = true\nwho = {{ email = \"email\" }}\n\
             field = {{ email = \"user.contact.email\", \
             ssn = \"user.government_id.national_identification_number\" }}\n"
        ),
    );
    let house = House::new(&db, stores).await;
    for (country, given) in [("US", false), ("DE", true)] {
        let new = NewIntake {
            changes: Vec::new(),
            purposes: Vec::new(),
            scope: crate::domain::request::Scope::Everything,
            rights: vec![Right::Access],
            contact: Contact { email: EmailAddress::parse(ADA).ok(), ..Contact::default() },
            country: Some(country.into()),
            on_behalf: false,
            wishes: Wishes::default(),
            language: Language::En,
        };
        let reference = house.desk().open_intake(new).await.unwrap();
        house.run_lane(MAIL_LANE).await;
        let opened = house.types_code(&reference).await;
        assert_eq!(house.run_until_idle().await, []);
        let unpacked = house.downloads(&reference, &opened).await;
        assert_eq!(unpacked.holds("078-05-1120"), given, "{country}");
        assert!(unpacked.holds("ada@example.org"));
        let named = unpacked.text("missing.html").contains("customer.ssn: we hold something here");
        assert_eq!(named, !given, "{country}");
    }
});
