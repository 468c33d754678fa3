//! Who is found, and what belongs to them.

use super::{Fresh, map, run};
use crate::domain::record::{Gap, GapReason, Withheld};
use crate::store::postgres::PostgresStore;
use crate::store::sql::Bounds;
use crate::store::sql::check::Wanted;
use crate::store::testing::{key, lines, pages};
use crate::store::{Export, Store};

const CUSTOMER: &str = "[store.shop.table.customer]\nperson = true\n\
    who = { email = \"email\", user = \"id\", device = \"device\" }\ncase_insensitive = true\n\
    proven_by = \"proven\"\nfield = { email = \"user.contact.email\", id = \"user.unique_id\" }\n";
const DEVICE: &str = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";

/// `of` is the type of the address.
async fn customers(of: &str, before: &str) -> Option<Fresh> {
    Fresh::new(&format!(
        "{before} CREATE TABLE customer(id int PRIMARY KEY, email {of}, proven timestamptz,
             device uuid);
         CREATE INDEX ON customer(email);
         INSERT INTO customer VALUES (1, 'ada@example.org', now(), '{DEVICE}'),
             (2, 'Ada@example.org', NULL, NULL), (10, 'grace@example.org', NULL, NULL);"
    ))
    .await
}

/// Types whose `=` takes more for the same than we may.
async fn databases() -> Vec<Fresh> {
    let icu = "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2',
        deterministic = false);";
    let citext = "CREATE SCHEMA \"ex t\"; CREATE EXTENSION citext SCHEMA \"ex t\";
        SET search_path = public, \"ex t\";";
    let address = "CREATE DOMAIN address AS text CHECK (VALUE LIKE '%@%');";
    let mut all = Vec::new();
    for (of, before) in [
        ("text", ""),
        ("varchar(60)", ""),
        ("char(40)", ""),
        ("address", address),
        ("text COLLATE any_case", icu),
        ("citext", citext),
    ] {
        all.extend(customers(of, before).await);
    }
    all
}

#[tokio::test]
async fn keys_are_compared_byte_for_byte_whatever_the_type_and_collation() {
    for fresh in databases().await {
        let store = fresh.store(CUSTOMER);
        for (kind, value, rows) in [
            ("email", "ada@example.org", 1),
            ("email", "Ada@example.org", 1),
            ("email", "ADA@example.org", 0),
            ("email", "ada@example.org ", 0),
            ("email", "ada@example.org\0", 0),
            ("email", "ada", 0),
            ("user", "1", 1),
            ("user", "01", 0),
            ("user", "1.0", 0),
            ("user", " 1", 0),
            ("user", "99999999999", 0),
            ("user", "' OR 1=1 --", 0),
            ("device", DEVICE, 1),
            ("device", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", 0),
            ("device", "x", 0),
            ("nickname", "ada", 0),
        ] {
            let keys = [key(kind, value)];
            assert_eq!(lines(&pages(&store, &keys).await).len(), rows, "{kind}={value}");
            let people = store.locate(&keys).await.unwrap().people.len();
            assert_eq!(people, rows, "{kind}={value}");
        }
    }
}

#[tokio::test]
async fn a_second_look_ignores_ascii_case_and_gives_no_keys() {
    for fresh in databases().await {
        let store = fresh.store(CUSTOMER);
        let found = store.locate(&[key("email", "ADA@example.org")]).await.unwrap();
        assert!(found.people.is_empty() && found.keys.is_empty());
        let mut stored: Vec<&str> =
            found.variants.iter().map(|variant| variant.stored.as_str()).collect();
        stored.sort_unstable();
        assert_eq!(stored, ["Ada@example.org", "ada@example.org"]);
        let found = store.locate(&[key("email", "ada@example.org")]).await.unwrap();
        assert_eq!(found.keys[1..], [key("email", "ada@example.org"), key("user", "1")]);
        assert!(found.people[0].proven && found.variants.is_empty());
        let found = store.locate(&[key("user", "2")]).await.unwrap();
        assert!(!found.people[0].proven);
    }
}

const WAYS: &str = r#"
[store.shop.table.person]
person = true
who = { email = "mail" }
field = { rowid = "user.name", password_hash = "user.authorization" }
[store.shop.table."sales.Order ""x"" ß"]
via = "(year, no) -> membership(year, no)"
lookup.item = { on = "sku -> sales.item.sku", columns = ["title"] }
third_party.seller = { on = "seller -> staff.id" }
field = { sku = "user.payment", picture = { is = "user.content", blob = "images:art/{value}" } }
[store.shop.table.membership]
via = ["owner -> person.rowid", "payer -> person.rowid"]
field = { year = "user.account", no = "user.account" }
"#;
const WAYS_SEED: &str = r#"
    CREATE SCHEMA sales;
    CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TABLE person(rowid text PRIMARY KEY, mail text, password_hash text);
    CREATE TABLE staff(id int PRIMARY KEY);
    CREATE TABLE membership(year int, no text, owner varchar COLLATE any_case, payer text,
        PRIMARY KEY(year, no));
    CREATE TABLE sales.item(sku text, title text);
    CREATE TABLE sales."Order ""x"" ß"(k int PRIMARY KEY, year bigint, no text COLLATE any_case,
        sku text COLLATE any_case, seller int REFERENCES staff, picture text);
    INSERT INTO person VALUES ('a', 'ada@example.org', 'canary'), ('A', 'other@example.org', 'x');
    INSERT INTO staff VALUES (5), (6), (7);
    INSERT INTO membership VALUES (1, 'x', 'a', 'a'), (2, 'x', 'A', NULL), (3, 'y', 'z', 'a');
    INSERT INTO sales.item VALUES ('s1', 'One'), ('s1', 'One'), ('S2', 'Two');
    INSERT INTO sales."Order ""x"" ß" VALUES (1, 1, 'x', 's1', 5, 'p/1.png'),
        (2, 1, 'X', 's1', 5, NULL), (3, 3, 'y', 'S1', 6, '../../2.png'),
        (4, 2, 'x', 's1', 7, 'p/3.png'), (5, 3, 'y', 's2', NULL, 'p/4.png');"#;

#[tokio::test]
async fn ways_over_several_tables_and_schemas_keep_to_the_person() {
    let Some(fresh) = Fresh::new(WAYS_SEED).await else { return };
    let ways = WAYS.replace(r#""sales.Order ""x"" ß""#, r#"'sales.Order "x" ß'"#);
    let store = fresh.store(&ways);
    assert_eq!(store.check().await.unwrap(), []);
    let keys = [key("email", "ada@example.org")];
    let whole = pages(&store, &keys).await;
    let expected = [
        "person [Text(\"a\")]",
        "sales.Order \"x\" ß [Text(\"s1\"), Text(\"p/1.png\"), Text(\"One\")]",
        "sales.Order \"x\" ß [Text(\"S1\"), Text(\"../../2.png\"), Null]",
        "sales.Order \"x\" ß [Text(\"s2\"), Text(\"p/4.png\"), Null]",
        "file images:art/p/1.png",
        "file images:art/p/4.png",
        "membership [Int(1), Text(\"x\")]",
        "membership [Int(3), Text(\"y\")]",
    ];
    assert_eq!(lines(&whole), expected);
    let (collection, what) = ("sales.Order \"x\" ß".to_owned(), "seller".into());
    let place = format!("{collection}.picture");
    assert_eq!(whole[0].withheld, [Withheld { collection, what, count: 2 }]);
    assert_eq!(whole[0].gaps, [Gap { place, reason: GapReason::NotSearchable, count: 1 }]);
    let names = format!("{whole:?}");
    assert!(!names.contains("canary") && !names.contains("password_hash"), "secrets stay");

    let tiny = store.bounded(Bounds { rows: 1, bytes: usize::MAX });
    let tiny = pages(&tiny, &keys).await;
    assert_eq!(tiny.iter().map(|page| page.withheld.len()).sum::<usize>(), 1, "counted once");
    let (mut small, mut large) = (lines(&tiny), lines(&whole));
    small.sort();
    large.sort();
    assert_eq!(small, large);

    let wanted =
        Wanted { table: "membership".into(), column: "no".into(), file: String::new(), line: 1 };
    let store = PostgresStore::new(&map(&fresh.url, &ways).stores[0], vec![wanted]).unwrap();
    let found = store.locate(&keys).await.unwrap();
    let kind = "shop:membership.no";
    assert_eq!(found.keys, [keys[0].clone(), key(kind, "x"), key(kind, "y")]);
}

const EVENTS: &str = "[store.shop.table.event]\nwho = { email = \"mail\" }\n\
    field = { at = \"user.behavior\", what = \"user.behavior\" }\n";

#[tokio::test]
async fn a_partitioned_table_is_read_once_and_its_partitions_need_no_map() {
    let sql = "CREATE TABLE event(id int, at date, mail text, what text, PRIMARY KEY(id, at))
            PARTITION BY RANGE (at);
        CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        INSERT INTO event SELECT i, '2024-12-20'::date + i, 'a@b.c', 'w' || i
            FROM generate_series(1, 30) AS i;
        CREATE VIEW seen AS SELECT * FROM event;";
    let Some(fresh) = Fresh::new(sql).await else { return };
    let store = fresh.store(EVENTS).bounded(Bounds { rows: 7, bytes: usize::MAX });
    assert_eq!(store.check().await.unwrap(), []);
    let found = lines(&pages(&store, &[key("email", "a@b.c")]).await);
    let mut once = found.clone();
    once.sort();
    once.dedup();
    assert_eq!((found.len(), once.len()), (30, 30));
}

#[tokio::test]
async fn children_that_inherit_are_read_through_their_parent_even_with_equal_keys() {
    let sql = "CREATE TABLE event(id int PRIMARY KEY, at date, mail text, what text);
        CREATE TABLE old_event() INHERITS (event);
        INSERT INTO event SELECT i, '2024-12-20', 'a@b.c', 'new' FROM generate_series(1, 5) AS i;
        INSERT INTO old_event SELECT i, '2023-12-20', 'a@b.c', 'old' FROM generate_series(1, 5) AS i;";
    let Some(fresh) = Fresh::new(sql).await else { return };
    let store = fresh.store(EVENTS).bounded(Bounds { rows: 1, bytes: usize::MAX });
    let found = lines(&pages(&store, &[key("email", "a@b.c")]).await);
    assert_eq!(found.len(), 10, "{found:?}");
}

#[tokio::test]
async fn keys_of_every_type_walk_in_order() {
    let sql = "CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('b', 'a', 'c');
        CREATE TABLE event(m mood, c citext, b bytea, f float8, h char(3), mail text, at date,
            what text, PRIMARY KEY (m, c, b, f, h));
        INSERT INTO event SELECT m, c, b, f, h, 'a@b.c', '2024-01-01', concat_ws('-', m, c, b, f, h)
            FROM unnest(enum_range(NULL::mood)) AS m, unnest(ARRAY['x', 'Y', 'ß']::citext[]) AS c,
            unnest(ARRAY['\\x00'::bytea, '\\xff5c']) AS b,
            unnest(ARRAY[0.1, -1e300, 'NaN']::float8[]) AS f, unnest(ARRAY['k', 'kk']) AS h";
    let Some(fresh) = Fresh::new(sql).await else { return };
    let store = fresh.store(EVENTS).bounded(Bounds { rows: 4, bytes: usize::MAX });
    let mut found = lines(&pages(&store, &[key("email", "a@b.c")]).await);
    assert_eq!(found.len(), 108);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 108);
}

#[tokio::test]
async fn rows_that_come_and_go_between_pages_disturb_no_other() {
    let sql = "CREATE TABLE event(id int PRIMARY KEY, at date, mail text, what text);
        INSERT INTO event SELECT i * 10, '2024-12-20', 'a@b.c', 'w' || i
            FROM generate_series(1, 9) AS i;";
    let Some(fresh) = Fresh::new(sql).await else { return };
    let store = fresh.store(EVENTS).bounded(Bounds { rows: 3, bytes: usize::MAX });
    let keys = [key("email", "a@b.c")];
    let first = store.page(&keys, None).await.unwrap();
    run(
        &fresh.url,
        "DELETE FROM event WHERE id IN (10, 30, 50);
         INSERT INTO event VALUES (5, NULL, 'a@b.c', 'before'), (95, NULL, 'a@b.c', 'behind')",
    )
    .await;
    let mut found = vec![first];
    while let Some(next) = found.last().and_then(|page| page.next.clone()) {
        found.push(store.page(&keys, Some(&next)).await.unwrap());
    }
    let words: Vec<String> =
        lines(&found).iter().map(|line| line.split('"').rev().nth(1).unwrap().into()).collect();
    assert_eq!(words, ["w1", "w2", "w3", "w4", "w6", "w7", "w8", "w9", "behind"]);
}
