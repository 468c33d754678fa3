use std::path::Path;

use tempfile::tempdir;

use super::{Draft, Heading, Place, draft};
use crate::store::map::{StoreMap, TableErase, parse};
use crate::store::sqlite::{SqliteStore, look};
use crate::store::testing::{key, lines, pages, seed};
use crate::store::{Export, Store};

/// A studio with all that makes drafting hard: two tables of people, a composite key, references
/// that no foreign key declares, secrets under harmless names.
const SQL: &str = "
CREATE TABLE users(id INTEGER PRIMARY KEY, email TEXT UNIQUE, full_name TEXT, password_hash TEXT,
    recovery TEXT, email_verified_at TEXT, plan_id INT REFERENCES plans(id),
    helper_agent_id INT REFERENCES agents(id), last_ip TEXT);
CREATE TABLE agents(id INTEGER PRIMARY KEY, email TEXT UNIQUE, full_name TEXT,
    manager_id INT REFERENCES agents(id));
CREATE TABLE plans(id INTEGER PRIMARY KEY, name TEXT, secret_key TEXT);
CREATE TABLE pictures(id INTEGER PRIMARY KEY, user_id INT REFERENCES users(id), prompt TEXT,
    file_key TEXT, thumbnail BLOB, copied_from_id INT REFERENCES pictures(id));
CREATE TABLE comments(id INTEGER PRIMARY KEY, picture_id INT REFERENCES pictures(id),
    author_id INT REFERENCES users(id), body TEXT);
CREATE TABLE orders(region TEXT, number INT, user_id INT REFERENCES users(id), ordered_on TEXT,
    total NUMERIC, approved_by INT REFERENCES agents(id), PRIMARY KEY(region, number));
CREATE TABLE order_lines(region TEXT, number INT, line INT, what TEXT, price NUMERIC,
    PRIMARY KEY(region, number, line),
    FOREIGN KEY(region, number) REFERENCES orders(region, number));
CREATE TABLE sign_ins(id INTEGER PRIMARY KEY, user_id INT, at TEXT);
CREATE TABLE holidays(id INTEGER PRIMARY KEY, entered_by_agent_id INT REFERENCES agents(id), day TEXT);
CREATE TABLE moods(id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE \"odd table\"(id INTEGER PRIMARY KEY, \"the user\" INT REFERENCES users(id), \"a note\" TEXT);
CREATE VIEW everybody AS SELECT * FROM users;
INSERT INTO plans VALUES (1, 'Gold', 'sk_live_plan');
INSERT INTO agents VALUES (1, 'ann@studio.example', 'Ann Agent', NULL),
    (2, 'max@studio.example', 'Max Manager', 1);
INSERT INTO users VALUES
    (1, 'ada@example.org', 'Ada A', '$argon2id$x', 'eyJh.eyJz.c2ln', '2026-01-01', 1, 1, '192.0.2.1'),
    (2, 'bob@example.org', 'Bob B', '$argon2id$y', 'eyJh.eyJz.c2l0', '2026-01-02', 1, 2, '192.0.2.2');
INSERT INTO pictures VALUES (1, 1, 'a cat', 'made/1.png', x'00ff', NULL), (2, 2, 'a dog', 'made/2.png', x'01', 1);
INSERT INTO comments VALUES (1, 1, 2, 'bob says hello'), (2, 2, 1, 'ada says hello');
INSERT INTO orders VALUES ('eu', 1, 1, '2026-02-01', 10, 1), ('us', 1, 2, '2026-02-02', 20, 1);
INSERT INTO order_lines VALUES ('eu', 1, 1, 'frame of ada', 10), ('us', 1, 1, 'frame of bob', 20);
INSERT INTO sign_ins VALUES (1, 1, '2026-03-01'), (2, 2, '2026-03-02');
INSERT INTO \"odd table\" VALUES (1, 1, 'of ada'), (2, 2, 'of bob');";

async fn drafted(dir: &Path, sql: &str) -> Draft {
    seed(&dir.join("shop.db"), sql).await;
    let heading = Heading {
        name: "shop".to_owned(),
        kind: "sqlite",
        place: Place::Url("sqlite:shop.db".to_owned()),
    };
    let seen = look(&dir.join("shop.db")).await.unwrap();
    let first = draft(&heading, &seen);
    assert_eq!(draft(&heading, &look(&dir.join("shop.db")).await.unwrap()), first);
    first
}

/// What a person does with the lines that begin with `#`.
fn filled(draft: &Draft) -> String {
    const FACTS: [&str; 10] = [
        "label",
        "controller",
        "purposes",
        "basis",
        "source",
        "recipients",
        "country",
        "retention",
        "backup",
        "keep",
    ];
    let fact = |line: &str| FACTS.iter().any(|fact| line.starts_with(&format!("#{fact} = ")));
    let lines = draft.text.lines().map(|line| if fact(line) { &line[1..] } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

fn store_map(dir: &Path, text: &str) -> StoreMap {
    let map =
        parse(&dir.join("shop.toml"), text, &|_| None).unwrap_or_else(|e| panic!("{e:#?}\n{text}"));
    map.stores[0].clone()
}

#[tokio::test]
async fn a_draft_with_its_facts_filled_in_fits_and_finds_one_person_s_rows_alone() {
    let dir = tempdir().unwrap();
    let text = filled(&drafted(dir.path(), SQL).await);
    let store = SqliteStore::new(&store_map(dir.path(), &text), Vec::new()).unwrap();
    assert_eq!(store.check().await.unwrap(), [], "{text}");
    let found = store.locate(&[key("email", "ada@example.org")]).await.unwrap();
    assert_eq!(found.people.len(), 1);
    let all = lines(&pages(&store, &found.keys).await);
    let of = |table: &str| all.iter().filter(|line| line.starts_with(&format!("{table} "))).count();
    let tables =
        ["users", "pictures", "comments", "orders", "order_lines", "sign_ins", "odd table"];
    assert_eq!(tables.map(of), [1; 7], "{all:#?}");
    assert_eq!(all.len(), 7, "{all:#?}");
    let said = all.join("\n");
    for word in ["Ada A", "a cat", "ada says", "frame of ada", "Gold", "of ada", "2026-03-01"] {
        assert!(said.contains(word), "no {word} in {said}");
    }
    for word in ["bob", "Bob", "Agent", "max@", "argon2", "eyJh", "sk_live"] {
        assert!(!said.contains(word), "{word} in {said}");
    }
}

#[tokio::test]
async fn somebody_who_helps_is_a_person_of_their_own_and_shows_nobody_else() {
    let dir = tempdir().unwrap();
    let text = filled(&drafted(dir.path(), SQL).await);
    let store = SqliteStore::new(&store_map(dir.path(), &text), Vec::new()).unwrap();
    let found = store.locate(&[key("email", "ann@studio.example")]).await.unwrap();
    // The numbers of users and of agents are keys of different kinds.
    assert!(found.keys.contains(&key("agent", "1")) && !found.keys.contains(&key("user", "1")));
    let all = lines(&pages(&store, &found.keys).await);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(all[0].starts_with("agents "));
}

#[tokio::test]
async fn every_table_and_column_gets_what_its_place_asks_for() {
    let dir = tempdir().unwrap();
    let draft = drafted(dir.path(), SQL).await;
    assert_eq!(draft.people, ["agents", "users"]);
    assert_eq!(draft.aside, ["holidays"]);
    assert_eq!(draft.unreached, ["moods", "everybody"]);
    let map = store_map(dir.path(), &filled(&draft));
    let users = map.table("users").unwrap();
    assert_eq!(users.proven_by.as_ref().unwrap().value, "email_verified_at");
    for secret in ["password_hash", "recovery"] {
        assert!(users.field(secret).unwrap().category.is_secret(), "{secret}");
    }
    assert_eq!(users.lookups[0].columns, ["name"]);
    assert_eq!(users.third_party[0].on.table, "agents");
    assert_eq!(map.table("agents").unwrap().third_party[0].on.table, "agents");
    let via = |table: &str| {
        let via = &map.table(table).unwrap().via;
        via.iter().map(|via| (via.table.clone(), via.from.join("+"))).collect::<Vec<_>>()
    };
    assert_eq!(via("comments"), [("users".to_owned(), "author_id".to_owned())]);
    assert_eq!(via("order_lines"), [("orders".to_owned(), "region+number".to_owned())]);
    assert_eq!(via("sign_ins"), [("users".to_owned(), "user_id".to_owned())]);
    let erase = |table: &str| map.table(table).unwrap().erase.as_ref().unwrap().value;
    assert_eq!(erase("orders"), TableErase::Keep);
    assert_eq!(erase("order_lines"), TableErase::Keep);
    assert_eq!(erase("users"), TableErase::Mask);
    assert_eq!(erase("agents"), TableErase::Mask);
    assert_eq!(erase("sign_ins"), TableErase::Delete);
    assert_eq!(
        map.table("orders").unwrap().keep.as_ref().unwrap().from.as_deref(),
        Some("ordered_on")
    );
    for said in ["blob = ", "base64", "no foreign key says so", "# not reached: moods"] {
        assert!(draft.text.contains(said), "no {said} in {}", draft.text);
    }
}

#[tokio::test]
async fn no_value_of_the_database_stands_in_a_draft() {
    let dir = tempdir().unwrap();
    let text = drafted(dir.path(), SQL).await.text;
    for value in ["example.org", "studio.example", "Ada", "Gold", "argon2", "192.0.2", "a cat"] {
        assert!(!text.contains(value), "{value}");
    }
}

#[tokio::test]
async fn every_fact_that_is_missing_is_named_until_it_is_there() {
    let dir = tempdir().unwrap();
    let draft = drafted(dir.path(), SQL).await;
    let findings = parse(Path::new("shop.toml"), &draft.text, &|_| None).unwrap_err();
    for fact in [
        "label",
        "controller",
        "purposes",
        "basis",
        "source",
        "recipients",
        "country",
        "retention",
        "backup",
    ] {
        let named = |message: &str| message.contains(&format!("has no `{fact}`; write:"));
        assert!(findings.iter().any(|finding| named(&finding.message)), "{fact}: {findings:#?}");
    }
    assert_eq!(findings.len(), 9, "{findings:#?}");
}

#[tokio::test]
async fn a_database_about_nobody_says_so() {
    let dir = tempdir().unwrap();
    let draft = drafted(dir.path(), "CREATE TABLE moods(id INTEGER PRIMARY KEY, name TEXT)").await;
    assert_eq!((draft.people.len(), draft.unreached.len()), (0, 1));
    assert!(draft.text.contains("No table looks as if it held people"));
    assert!(parse(Path::new("shop.toml"), &filled(&draft), &|_| None).is_ok());
}
