//! Rows that we hold on behalf of another controller: never given, never touched, always named, and
//! the request forwarded by people.

use super::*;
use crate::db::testing::db_test;
use crate::domain::correction::DeclineGround;
use crate::domain::recipient::How;
use crate::domain::request::Outcome;
use crate::domain::staff::Role;
use crate::domain::state::Status;
use crate::domain::telling::{Progress, Topic};
use crate::service::case::Deed;
use crate::service::correction::Decision;
use crate::store::testing::{FACTS, seed};

/// Stands in everything that is Acme's.
const THEIRS: &str = "ACMES";
const ALL: &str = "SELECT group_concat(line, ';') FROM (
    SELECT 'customer ' || id || email || name AS line FROM customer
    UNION SELECT 'upload ' || id || path FROM upload
    UNION SELECT 'member ' || id || email || note FROM member
    UNION SELECT 'badge ' || id || member || word FROM badge ORDER BY 1)";
const BADGES: &str = "badge 11ACMES;badge 21ACMES;badge 32ACMES";
const MEMBERS: &str =
    "member 1ada@example.orgACMES;member 2bob@example.orgACMES;member 3acme@example.orgACMES";
const TABLES: &str = "[store.shop.table.customer]\nperson = true\n\
    who = { email = \"email\", user = \"id\" }\nerase = \"delete\"\ncorrect = [\"name\"]\n\
    field = { email = \"user.contact.email\", name = \"user.name\" }\n\
    [store.shop.table.upload]\nvia = \"customer_id -> customer.id\"\nerase = \"delete\"\n\
    field = { path = { is = \"user.content\", blob = \"images:{value}\" } }\n\
    [store.shop.table.member]\ncontroller = \"acme\"\nperson = true\n\
    who = { email = \"email\" }\nfield = { note = \"user.content\" }\n\
    [store.shop.table.badge]\ncontroller = \"acme\"\nvia = \"member -> member.id\"\n\
    third_party.member = { on = \"member -> member.id\" }\n\
    field = { word = \"user.content\" }\n";

/// A shop with customers of its own, and the members of a club that Acme runs with it.
async fn shop(dir: &Path) -> Stores {
    seed(
        &dir.join("shop.db"),
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT, name TEXT);
         CREATE TABLE upload(id INTEGER PRIMARY KEY, customer_id INTEGER, path TEXT);
         CREATE TABLE member(id INTEGER PRIMARY KEY, email TEXT, note TEXT);
         CREATE TABLE badge(id INTEGER PRIMARY KEY, member INTEGER, word TEXT);
         INSERT INTO customer VALUES (1, 'ada@example.org', 'Ada'), (2, 'bob@example.org', 'Bob');
         INSERT INTO upload VALUES (1, 1, 'up/1/a.txt'), (2, 1, 'club/1/hers.txt');
         INSERT INTO member VALUES (1, 'ada@example.org', 'ACMES'), (2, 'bob@example.org', 'ACMES'),
             (3, 'acme@example.org', 'ACMES');
         INSERT INTO badge VALUES (1, 1, 'ACMES'), (2, 1, 'ACMES'), (3, 2, 'ACMES');",
    )
    .await;
    for (path, text) in [("up/1/a.txt", "mine"), ("club/1/hers.txt", THEIRS)] {
        let path = dir.join("images").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    opened(
        dir,
        &format!(
            "[controller.acme]\nname = \"Acme GmbH\"\ncontact = \"mail:privacy@acme.example\"\n\
             how = \"the ticket queue of Acme\"\nacknowledge = \"10d\"\n\
             [store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{FACTS}{TABLES}\
             [store.images]\nkind = \"objects\"\nurl = \"file:images\"\n{FACTS}\
             [store.images.prefix.up]\nkey = \"up/{{user}}/\"\nis = \"user.content\"\n\
             erase = \"delete\"\n\
             [store.images.prefix.club]\nkey = \"club/{{user}}/\"\nis = \"user.content\"\n\
             controller = \"acme\"\n"
        ),
    )
}

/// Everything in the database and the folder.
async fn all(dir: &Path) -> (String, Vec<String>) {
    let mut files = Vec::new();
    for path in ["up/1/a.txt", "club/1/hers.txt"] {
        files.extend(std::fs::read_to_string(dir.join("images").join(path)).ok());
    }
    (super::corrections::say(dir, "shop.db", ALL).await, files)
}

db_test!(
    rows_of_another_controller_stay_out_of_a_copy_and_the_request_is_forwarded,
    |db| async move {
        let dir = tempfile::tempdir().unwrap();
        let house = House::new(&db, shop(dir.path()).await).await;
        let agent = house.works("agent@example.com", Role::Agent).await;
        for right in [Right::Access, Right::Export, Right::Confirmation, Right::Recipients] {
            house.later(2);
            let (reference, opened) = house.answered(&[right], ADA).await;
            assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
            let unpacked = house.downloads(&reference, &opened).await;
            assert!(!unpacked.holds(THEIRS), "{right}");
            assert_eq!(unpacked.holds("mine"), right.gives_data(), "{right}");
            let stores = &unpacked.manifest.stores;
            let held: Vec<(&str, u64)> = (stores.iter().flat_map(|store| &store.held))
                .map(|held| (&*held.collection, held.rows))
                .collect();
            let expected = [("club", 1), ("badge", 2), ("member", 1), ("upload", 1)];
            assert_eq!(held, expected, "{right}");
            assert!(stores.iter().all(|store| store.withheld.is_empty()), "theirs to say");
            let letter = unpacked.text("letter.html");
            for words in
                ["on behalf of Acme GmbH", "privacy@acme.example", "We forward your request"]
            {
                assert!(letter.contains(words), "{right}: {words} in {letter}");
            }
            assert!(
                unpacked.text("missing.html").contains("badge: 2 entries that we hold on behalf")
            );
            let one = ("Acme GmbH".to_owned(), Topic::Forward, Progress::Untold);
            assert_eq!(house.topics(&agent, &reference).await, [one], "{right}: once");
        }
        assert_eq!(all(dir.path()).await.1, ["mine", THEIRS]);
    }
);

db_test!(
    who_is_held_on_behalf_of_others_alone_is_told_so_and_is_not_told_nothing,
    |db| async move {
        let dir = tempfile::tempdir().unwrap();
        let house = House::new(&db, shop(dir.path()).await).await;
        let (reference, opened) = house.answered(&[Right::Confirmation], "acme@example.org").await;
        let letter = house.downloads(&reference, &opened).await;
        let letter = letter.text("letter.html");
        assert!(letter.contains("Of our own we found no personal data about you"), "{letter}");
        assert!(letter.contains("on behalf of Acme GmbH"), "{letter}");
        let (reference, opened) = house.answered(&[Right::Access], "acme@example.org").await;
        assert_eq!(house.sent(MailKind::NothingFound), 0);
        let unpacked = house.downloads(&reference, &opened).await;
        assert!(!unpacked.holds(THEIRS) && unpacked.data().is_empty());
        assert!(
            unpacked.text("letter.html").contains("Of our own we found no personal data about you")
        );
        let (nobody, _) = house.answered(&[Right::Access], "nobody@example.net").await;
        let agent = house.works("agent@example.com", Role::Agent).await;
        assert_eq!(
            house.topics(&agent, &nobody).await,
            [],
            "nothing of theirs, nothing to forward"
        );
        assert_eq!(house.sent(MailKind::NothingFound), 1);
    }
);

db_test!(staff_note_that_it_was_forwarded_and_are_reminded_where_it_was_not, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let agent = house.works("agent@example.com", Role::Agent).await;
    let (reference, opened) = house.answered(&[Right::Access], ADA).await;
    let lines = house.listed(&agent, &reference).await;
    assert_eq!(lines[0].how, How::parse("the ticket queue of Acme"));
    let id = lines[0].telling.id;
    let late = "wurde nicht dorthin weitergeleitet";
    assert_eq!(house.reminded(71, late).await, 0, "there is an hour left");
    assert_eq!(house.reminded(2, late).await, 1);
    let desk = house.desk();
    assert_eq!(desk.recipient_told(&agent, &reference, id).await.unwrap(), Deed::Done);
    assert_eq!(house.reminded(24 * 11, "nicht bestätigt").await, 1, "ten days are over");
    // Made again, the letter says when, and nobody has to forward it anew.
    house.later(24 * 8);
    desk.tick().await.unwrap();
    house.run_until_idle().await;
    let cookie = house.unlock(&opened.token).await;
    desk.renew(&opened.token, Some(&cookie), &reference).await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    let unpacked = house.downloads(&reference, &opened).await;
    assert!(
        unpacked.text("letter.html").contains("We forwarded your request there on 5 March 2026")
    );
    assert_eq!(house.topics(&agent, &reference).await.len(), 1);
    let deed = desk.recipient_acknowledged(&agent, &reference, id).await.unwrap();
    assert_eq!(deed, Deed::Done);
});

db_test!(a_deletion_leaves_them_as_they_are_and_names_them_everywhere, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    let words = "Acme GmbH (privacy@acme.example), who decides about it";
    let planned = house.newest(MailKind::ErasurePlanned).text;
    assert!(
        planned.contains("member: one entry. The reason: we hold this") && planned.contains(words)
    );
    let one = |progress| ("Acme GmbH".to_owned(), Topic::Forward, progress);
    assert_eq!(house.topics(&by[0], &reference).await, [one(Progress::Untold)]);
    house.agreed(&by, &reference).await;
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::KeptInPart)));
    let (rows, files) = all(dir.path()).await;
    assert_eq!(rows, format!("{BADGES};customer 2bob@example.orgBob;{MEMBERS}"));
    assert_eq!(files, [THEIRS]);
    assert!(house.newest(MailKind::ErasureDecided).text.contains(words));
    assert!(house.newest(MailKind::Erased).text.contains(words));
    let receipt = house.receipt(&reference).await;
    let kept: Vec<_> = (receipt["stores"].as_array().unwrap().iter())
        .flat_map(|store| store["kept"].as_array().unwrap())
        .map(|kept| {
            format!("{} {} {}", kept["collection"], kept["rows"], kept["controller"]["name"])
        })
        .collect();
    let named = |place: &str, rows| format!("\"{place}\" {rows} \"Acme GmbH\"");
    assert_eq!(kept, [named("club", 1), named("badge", 2), named("member", 1)]);
    assert_eq!(house.topics(&by[0], &reference).await, [one(Progress::Untold)], "once");
});

db_test!(a_withdrawn_request_is_not_forwarded, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let by = house.two().await;
    let (reference, opened) = house.answered(&[Right::Deletion], ADA).await;
    assert_eq!(house.topics(&by[0], &reference).await.len(), 1);
    house.desk().withdraw(&opened.token, Some(&opened.cookie), &reference).await.unwrap();
    assert_eq!(house.topics(&by[0], &reference).await, []);
});

db_test!(nothing_of_theirs_is_offered_to_be_corrected, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let before = all(dir.path()).await;
    let (reference, _) = house.wants(&[("other", "my note at the club")]).await;
    let id = house.request(&reference).await.id;
    let fields = db.begin_read().await.unwrap().fields_of(id).await.unwrap();
    let offered: Vec<&str> = (fields.iter().flat_map(|(_, fields)| fields))
        .map(|field| field.spot.collection.as_str())
        .collect();
    assert_eq!(offered, ["customer"]);
    let by = house.officer();
    assert_eq!(house.topics(&by, &reference).await[0].1, Topic::Forward);
    let words = super::corrections::words("Acme runs the club.");
    let decline = Decision::Decline(DeclineGround::NotController, words);
    house.decide(&reference, 0, decline).await;
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    let mail = house.newest(MailKind::Corrected).text;
    for words in ["Acme runs the club.", "You can also turn to Acme GmbH directly"] {
        assert!(mail.contains(words), "{words}: {mail}");
    }
    assert_eq!(house.topics(&by, &reference).await.len(), 1, "refused, and still to be forwarded");
    assert_eq!(all(dir.path()).await, before);
});

db_test!(a_restriction_is_forwarded_and_sets_nothing_there, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let before = all(dir.path()).await;
    let reference = house.says_and_proves(Right::Restriction, &[], ADA).await;
    let by = house.officer();
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.topics(&by, &reference).await[0].1, Topic::Forward);
    assert!(house.newest(MailKind::Applied).text.contains("on behalf of Acme GmbH"));
    assert_eq!(all(dir.path()).await, before);
});
