//! Rows that refer to rows that go, and keys of all sorts.

use std::fmt::Write as _;

use super::everywhere;
use super::town::{Kind, Town, blockers, changed_rows, steps, stop};
use crate::domain::erase::{Stop, Verdict};
use crate::store::testing::key;

const PERSON: &str = "
    CREATE TABLE person(id INTEGER PRIMARY KEY, email TEXT, boss INTEGER REFERENCES person(id),
        home INTEGER);
    INSERT INTO person VALUES (2, 'grace@example.org', NULL, NULL);
    INSERT INTO person VALUES (1, 'ada@example.org', 2, NULL);";
const MAP: &str = "[store.shop.table.person]\nperson = true\nwho = { email = \"email\" }\n\
    ignore = [\"boss\", \"home\"]\nerase = \"delete\"\n";

everywhere!(
    rows_that_stay_and_refer_stand_in_the_way,
    what_the_database_would_take_along_stands_in_the_way_unless_it_is_a_step,
    references_in_a_circle_are_emptied_first,
    a_circle_that_cannot_be_opened_stands_in_the_way,
    rows_of_one_table_that_refer_to_each_other_go_together,
    a_row_that_refers_since_the_plan_stops_the_step,
    keys_of_every_sort_lead_to_exactly_their_row,
    what_a_database_forbids_leaves_everything_as_it_was,
    ten_thousand_rows_go_in_one_step,
);

async fn rows_that_stay_and_refer_stand_in_the_way(kind: Kind) {
    let sql = format!("{PERSON} UPDATE person SET boss = 1 WHERE id = 2");
    let Some(town) = Town::open(kind, &sql, MAP).await else { return };
    let plan = town.plan().await;
    assert_eq!(blockers(&plan), ["referenced person person.boss 1"]);
    let before = town.dump(&[("person", &["id", "email", "boss"])]).await;
    let done = town.step(&plan.steps[0], &plan.people, 0).await.unwrap();
    assert_eq!(stop(&done), Some(Stop::Blocked));
    assert_eq!(town.dump(&[("person", &["id", "email", "boss"])]).await, before);
    town.run(
        "CREATE TABLE badge(id INTEGER PRIMARY KEY, p INTEGER REFERENCES person(id));
        INSERT INTO badge VALUES (1, 1), (2, 1), (3, 2); UPDATE person SET boss = NULL",
    )
    .await;
    let unmapped = town.plan().await;
    assert_eq!(blockers(&unmapped), ["referenced person badge.p 2"]);
}

async fn what_the_database_would_take_along_stands_in_the_way_unless_it_is_a_step(kind: Kind) {
    let sql = format!(
        "{PERSON} CREATE TABLE note(id INTEGER PRIMARY KEY,
            p INTEGER REFERENCES person(id) ON DELETE CASCADE, body TEXT);
        CREATE TABLE like_(id INTEGER PRIMARY KEY, p INTEGER REFERENCES person(id) ON DELETE SET NULL);
        INSERT INTO note VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c'); INSERT INTO like_ VALUES (1, 1)"
    );
    let Some(town) = Town::open(kind, &sql, MAP).await else { return };
    let plan = town.plan().await;
    let expected = ["cascades person like_.p 1", "cascades person note.p 2"];
    assert_eq!(blockers(&plan), expected);
    let done = town.step(&plan.steps[0], &plan.people, 0).await.unwrap();
    assert_eq!(stop(&done), Some(Stop::Blocked));

    let masked = format!(
        "{MAP}[store.shop.table.note]\nvia = \"p -> person.id\"\nfield.body = \"user.content\"\n\
         erase = \"mask\"\n[store.shop.table.like_]\nvia = \"p -> person.id\"\nerase = \"mask\"\n"
    );
    let Some(town) = Town::open(kind, &sql, &masked).await else { return };
    assert_eq!(blockers(&town.plan().await), expected, "a row that is masked must not go");

    let mapped = format!(
        "{MAP}[store.shop.table.note]\nvia = \"p -> person.id\"\nfield.body = \"user.content\"\n\
         erase = \"delete\"\n[store.shop.table.like_]\nvia = \"p -> person.id\"\nerase = \"delete\"\n"
    );
    let Some(town) = Town::open(kind, &sql, &mapped).await else { return };
    let plan = town.plan().await;
    assert_eq!(steps(&plan), ["note delete 2", "like_ delete 1", "person delete 1"]);
    town.run("INSERT INTO note VALUES (9, 1, 'new')").await;
    let last = plan.steps.last().unwrap();
    let done = town.step(last, &plan.people, 0).await.unwrap();
    assert_eq!(changed_rows(&done).rows.len(), 1, "the note is a step's own, and it went along");
    assert_eq!(town.dump(&[("note", &["id"])]).await, ["note|3"]);
}

const CIRCLE: &str = "
    CREATE TABLE person(id INTEGER PRIMARY KEY, email TEXT, home INTEGER $NULL);
    CREATE TABLE address(id INTEGER PRIMARY KEY, p INTEGER REFERENCES person(id), street TEXT);";
const CIRCLE_MAP: &str = "[store.shop.table.person]\nperson = true\nwho = { email = \"email\" }\n\
    ignore = [\"home\"]\nerase = \"delete\"\n[store.shop.table.address]\nvia = \"p -> person.id\"\n\
    field.street = \"user.contact.address\"\nerase = \"delete\"\n";

/// SQLite cannot add a reference to a table that is there.
fn circle(kind: Kind, null: &str) -> String {
    let seed = "INSERT INTO address VALUES (7, NULL, 'a'), (8, NULL, 'b');
        INSERT INTO person VALUES (1, 'ada@example.org', 7), (2, 'grace@example.org', 8);
        UPDATE address SET p = id - 6;";
    let tables = CIRCLE.replace("$NULL", null);
    match kind {
        Kind::Sqlite => {
            let home = format!("home INTEGER {null} REFERENCES address(id)");
            format!("{}{seed}", tables.replace(&format!("home INTEGER {null}"), &home))
        }
        Kind::Postgres => format!(
            "{tables}{seed} ALTER TABLE person ADD FOREIGN KEY (home) REFERENCES address(id)"
        ),
    }
}

async fn references_in_a_circle_are_emptied_first(kind: Kind) {
    let Some(town) = Town::open(kind, &circle(kind, ""), CIRCLE_MAP).await else { return };
    let plan = town.plan().await;
    assert_eq!(steps(&plan), ["address delete 1", "person delete 1"]);
    assert_eq!(town.carry_out(&plan).await, 2);
    let tables: &[(&str, &[&str])] =
        &[("person", &["id", "email", "home"]), ("address", &["id", "p", "street"])];
    assert_eq!(town.dump(tables).await, ["person|2|grace@example.org|8", "address|8|2|b"]);
}

async fn a_circle_that_cannot_be_opened_stands_in_the_way(kind: Kind) {
    let Some(town) = Town::open(kind, &circle(kind, "NOT NULL"), CIRCLE_MAP).await else { return };
    assert_eq!(blockers(&town.plan().await), ["referenced address person.home 1"]);
}

async fn rows_of_one_table_that_refer_to_each_other_go_together(kind: Kind) {
    let sql = format!(
        "{PERSON} CREATE TABLE post(id INTEGER PRIMARY KEY, p INTEGER REFERENCES person(id),
            answers INTEGER REFERENCES post(id) $RESTRICT, body TEXT);
        INSERT INTO post VALUES (1, 1, NULL, 'a'), (2, 1, 1, 'b'), (3, 1, 2, 'c'), (4, 2, NULL, 'd')"
    );
    let map = format!(
        "{MAP}[store.shop.table.post]\nvia = \"p -> person.id\"\nignore = [\"answers\"]\n\
         field.body = \"user.content\"\nerase = \"delete\"\n"
    );
    for restrict in ["", "ON DELETE RESTRICT"] {
        let sql = sql.replace("$RESTRICT", restrict);
        let Some(town) = Town::open(kind, &sql, &map).await else { return };
        let plan = town.plan().await;
        assert_eq!(town.carry_out(&plan).await, 4, "{restrict}");
        assert_eq!(town.dump(&[("post", &["id", "body"])]).await, ["post|4|d"]);
    }
}

async fn a_row_that_refers_since_the_plan_stops_the_step(kind: Kind) {
    let Some(town) = Town::open(kind, PERSON, MAP).await else { return };
    let plan = town.plan().await;
    town.run("UPDATE person SET boss = 1 WHERE id = 2").await;
    let done = town.step(&plan.steps[0], &plan.people, 0).await.unwrap();
    assert_eq!(stop(&done), Some(Stop::Blocked));
    assert_eq!(town.verify(&plan.steps[0]).await, Verdict::Remains(1));
    town.run("UPDATE person SET boss = NULL").await;
    let done = town.step(&plan.steps[0], &plan.people, 0).await.unwrap();
    assert_eq!(changed_rows(&done).rows.len(), 1);
}

async fn keys_of_every_sort_lead_to_exactly_their_row(kind: Kind) {
    let big = i64::MAX;
    let bytes = if kind == Kind::Sqlite { "x'00ff'" } else { "'\\x00ff'" };
    let sql = format!(
        "CREATE TABLE person(id TEXT PRIMARY KEY, email TEXT);
         CREATE TABLE t_text(k TEXT PRIMARY KEY, p TEXT, v TEXT);
         CREATE TABLE t_bytes(k $BYTES PRIMARY KEY, p TEXT, v TEXT);
         CREATE TABLE t_number(k NUMERIC(30,4) PRIMARY KEY, p TEXT, v TEXT);
         CREATE TABLE t_real(k DOUBLE PRECISION PRIMARY KEY, p TEXT, v TEXT);
         CREATE TABLE t_big(k BIGINT, l TEXT, m INTEGER, p TEXT, v TEXT, PRIMARY KEY(l, k, m));
         INSERT INTO person VALUES ('a''b', 'ada@example.org'), ('a', 'grace@example.org');
         INSERT INTO t_text VALUES ('x;''\"--', 'a''b', 'ada'), ('X;''\"--', 'a', 'o'), ('ß', 'a''b', 'ada');
         INSERT INTO t_bytes VALUES ({bytes}, 'a''b', 'ada');
         INSERT INTO t_number VALUES (12345678901234.5, 'a''b', 'ada'), (1, 'a', 'o');
         INSERT INTO t_real VALUES (0.1, 'a''b', 'ada'), (0.30000000000000004, 'a''b', 'ada'), (0.3, 'a', 'o');
         INSERT INTO t_big VALUES ({big}, 'x', 1, 'a''b', 'ada'), ({big}, 'X', 1, 'a', 'o'),
            ({big}, 'x', 2, 'a', 'o'), (-1, 'x', 1, 'a', 'o')"
    );
    let sql = if kind == Kind::Sqlite { sql.replace("DOUBLE PRECISION", "REAL") } else { sql };
    for erase in ["delete", "mask"] {
        let mut map = "[store.shop.table.person]\nperson = true\nwho = { email = \"email\" }\n\
            erase = \"mask\"\n"
            .to_owned();
        for table in ["t_text", "t_bytes", "t_number", "t_real", "t_big"] {
            write!(
                map,
                "[store.shop.table.{table}]\nvia = \"p -> person.id\"\n\
                 field.v = \"user.content\"\nerase = \"{erase}\"\n"
            )
            .unwrap();
        }
        let Some(town) = Town::open(kind, &sql, &map).await else { return };
        let plan = town.plan().await;
        assert_eq!(town.carry_out(&plan).await, 8, "{erase}");
        for table in ["t_text", "t_bytes", "t_number", "t_real", "t_big"] {
            let left = town.lines(&format!("SELECT v FROM {table} WHERE v = 'ada'")).await;
            assert!(left.is_empty(), "{table} {erase}");
        }
        let others = "SELECT v FROM t_text UNION ALL SELECT v FROM t_number UNION ALL SELECT v FROM \
            t_real UNION ALL SELECT v FROM t_big";
        let others = town.lines(&format!("SELECT v FROM ({others}) AS o WHERE v = 'o'")).await;
        assert_eq!(others.len(), 6, "{erase}");
    }
}

async fn what_a_database_forbids_leaves_everything_as_it_was(kind: Kind) {
    let sql = "CREATE TABLE person(id INTEGER PRIMARY KEY, email TEXT,
            name TEXT CHECK (name <> 'erased'), nick TEXT);
        INSERT INTO person VALUES (1, 'ada@example.org', 'Ada', 'a'), (2, 'g@example.org', 'G', 'g')";
    let map = "[store.shop.table.person]\nperson = true\nwho = { email = \"email\", user = \"id\" }\n\
        field = { nick = \"user.name\", name = { is = \"user.name\", erase = { constant = \"erased\" } } }\n\
        erase = \"mask\"\n";
    let Some(mut town) = Town::open(kind, sql, map).await else { return };
    town.keys.push(key("user", "1"));
    let plan = town.plan().await;
    let done = town.step(&plan.steps[0], &plan.people, 0).await.unwrap();
    assert_eq!(stop(&done), Some(Stop::Blocked));
    let rows = town.dump(&[("person", &["id", "email", "name", "nick"])]).await;
    assert_eq!(rows, ["person|1|ada@example.org|Ada|a", "person|2|g@example.org|G|g"]);
}

async fn ten_thousand_rows_go_in_one_step(kind: Kind) {
    let sql = format!(
        "{PERSON} CREATE TABLE event(id INTEGER PRIMARY KEY, p INTEGER, ip TEXT, kind TEXT);
         INSERT INTO event WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10010)
         SELECT i, CASE WHEN i <= 10000 THEN 1 ELSE 2 END, '192.0.2.' || (i % 250), 'k' FROM n"
    );
    for (erase, left) in [("delete", 10), ("mask", 10_010)] {
        let map = format!(
            "{MAP}[store.shop.table.event]\nvia = \"p -> person.id\"\nerase = \"{erase}\"\n\
             field = {{ ip = {{ is = \"user.device.ip_address\", erase = {{ hmac = \"ip\" }} }}, \
             kind = \"user.behavior\" }}\n"
        );
        let Some(town) = Town::open(kind, &sql, &map).await else { return };
        let plan = town.plan().await;
        assert_eq!(town.carry_out(&plan).await, 10_001);
        let rows = town.lines("SELECT cast(count(*) AS text) FROM event").await;
        assert_eq!(rows, [left.to_string()]);
        let others = town.lines("SELECT ip FROM event WHERE p = 2 AND kind = 'k'").await;
        assert!(others.len() == 10 && others.iter().all(|ip| ip.starts_with("192.0.2.")));
    }
}
