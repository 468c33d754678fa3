//! Methods, scopes and files.

use std::collections::BTreeSet;

use super::everywhere;
use super::town::{Kind, Town, blockers, keys, steps, stop};
use crate::domain::erase::{EraseScope, Stop};
use crate::domain::record::FileRef;
use crate::store::testing::key;

const SQL: &str = "
    CREATE TABLE account(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, vault $BYTES NOT NULL);
    CREATE TABLE picture(id INTEGER PRIMARY KEY, owner INTEGER REFERENCES account(id), path TEXT,
        title TEXT, shot_at TEXT);
    CREATE TABLE usage(id INTEGER PRIMARY KEY, owner INTEGER REFERENCES account(id), day TEXT, ip TEXT);
    CREATE TABLE usage_by_day(day TEXT, count INTEGER);
    INSERT INTO account VALUES (1, 'ada@example.org', 'Ada', $K1), (2, 'grace@example.org', 'G', $K2);
    INSERT INTO picture VALUES (1, 1, 'a/1.png', 'one', '2026-04-05'), (2, 1, 'default.png', 'two', NULL),
        (3, 1, '../../etc', 'three', NULL), (4, 2, 'default.png', 'four', '2026-04-05'), (5, 1, '', 'five', NULL);
    INSERT INTO usage VALUES (1, 1, 'mon', '192.0.2.1'), (2, 1, 'mon', '192.0.2.2'), (3, 1, 'tue', '192.0.2.1'),
        (4, 2, 'mon', '192.0.2.9'), (5, 1, NULL, 'x'), (6, 2, NULL, 'y'), (7, 2, NULL, 'z');
    INSERT INTO usage_by_day VALUES ('mon', 40);";
const MAP: &str = r#"
[store.shop.table.account]
person = true
who = { email = "email" }
field = { name = "user.name", vault = "user.authorization" }
erase = "$ACCOUNT"
[store.shop.table.picture]
via = "owner -> account.id"
field = { path = { is = "user.content", blob = "images:art/{value}" }, title = { is = "user.name", erase = { hmac = "titles" } }, shot_at = { is = "user.content", erase = { generalise = "year" } } }
erase = "$PICTURE"
[store.shop.table.usage]
via = "owner -> account.id"
field = { day = "user.behavior", ip = { is = "user.device.ip_address", erase = { generalise = "prefix" } } }
$USAGE
"#;

async fn town(kind: Kind, account: &str, picture: &str, usage: &str) -> Option<Town> {
    let bytes = |digits: &str| match kind {
        Kind::Sqlite => format!("x'{digits}'"),
        Kind::Postgres => format!("'\\x{digits}'"),
    };
    let sql = SQL.replace("$K1", &bytes("c0ffee")).replace("$K2", &bytes("ba5e"));
    let map = MAP.replace("$ACCOUNT", account).replace("$PICTURE", picture);
    let town = Town::open(kind, &sql, &map.replace("$USAGE", usage)).await?;
    Some(Town { keys: vec![key("email", "ada@example.org")], ..town })
}

everywhere!(
    fields_become_hashes_and_coarser_and_stay_so,
    a_column_that_must_differ_from_row_to_row_becomes_a_hash_of_its_key,
    shredding_destroys_the_keys_alone,
    rows_are_counted_in_groups_that_are_large_enough,
    files_that_rows_name_go_along_unless_others_name_them_too,
    a_scope_of_categories_masks_what_it_names,
    a_scope_of_items_takes_these_and_never_the_account,
    a_table_without_a_word_on_erasing_stands_in_the_way,
    a_field_that_cannot_be_empty_stands_in_the_way,
    two_people_in_one_plan_are_both_known,
);

async fn fields_become_hashes_and_coarser_and_stay_so(kind: Kind) {
    let Some(town) = town(kind, "mask", "mask", "erase = \"mask\"").await else { return };
    let plan = town.plan().await;
    let expected = [
        "picture mask path+shot_at+title 4",
        "usage mask day+ip 4",
        "account mask email+name+vault 1",
    ];
    assert_eq!(blockers(&plan), ["not_nullable account vault 1"]);
    assert_eq!(steps(&plan), [expected[0], expected[1], "account mask email+name 1"]);
    for part in &plan.steps[..2] {
        assert_eq!(stop(&town.step(part, &plan.people, 0).await.unwrap()), None);
        let again = town.step(part, &plan.people, 0).await.unwrap();
        assert!(super::town::changed_rows(&again).rows.is_empty(), "{}", part.collection);
    }
    let refused = town.step(&plan.steps[2], &plan.people, 0).await.unwrap();
    assert_eq!(stop(&refused), Some(Stop::Blocked), "a fault of the map stops it");
    let peppers = keys().peppers();
    let titles = town.lines("SELECT title FROM picture WHERE owner = 1").await;
    assert!(titles.iter().all(|title| peppers.is_text("titles", title)));
    assert!(titles.contains(&peppers.text("titles", &[b"one"])));
    assert_eq!(town.lines("SELECT shot_at FROM picture WHERE id = 1").await, ["2026"]);
    let ips = town.lines("SELECT ip FROM usage WHERE owner = 1 ORDER BY id").await;
    assert_eq!(ips, ["192.0.2.0/24", "192.0.2.0/24", "192.0.2.0/24", ""]);
    let others =
        town.lines("SELECT title || coalesce(path, '') FROM picture WHERE owner = 2").await;
    assert_eq!(others, ["fourdefault.png"]);
}

async fn a_column_that_must_differ_from_row_to_row_becomes_a_hash_of_its_key(kind: Kind) {
    let Some(town) = town(kind, "mask", "delete", "erase = \"delete\"").await else { return };
    let town = Town { scope: EraseScope::Categories(BTreeSet::from(["user".into()])), ..town };
    let plan = town.plan().await;
    assert_eq!(plan.steps.last().unwrap().fields, ["name"], "who is no field of the scope");
    let sql = "CREATE TABLE a(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
        INSERT INTO a VALUES (1, 'ada@example.org'), (2, 'grace@example.org')";
    let map =
        "[store.shop.table.a]\nperson = true\nwho = { email = \"email\" }\nerase = \"mask\"\n";
    let Some(town) = Town::open(kind, sql, map).await else { return };
    let plan = town.plan().await;
    assert_eq!(town.carry_out(&plan).await, 1);
    let emails = town.lines("SELECT email FROM a ORDER BY id").await;
    assert!(emails[0].len() == 32 && emails[1] == "grace@example.org", "{emails:?}");
}

async fn shredding_destroys_the_keys_alone(kind: Kind) {
    let Some(town) = town(kind, "shred", "delete", "erase = \"delete\"").await else { return };
    let plan = town.plan().await;
    assert_eq!(steps(&plan)[2], "account shred vault 1");
    town.carry_out(&plan).await;
    let vault = match kind {
        Kind::Sqlite => "hex(vault)",
        Kind::Postgres => "upper(encode(vault, 'hex'))",
    };
    let accounts =
        format!("SELECT email || ' ' || name || ' ' || {vault} FROM account ORDER BY id");
    let accounts = town.lines(&accounts).await;
    assert!(accounts[0].starts_with("ada@example.org Ada ") && !accounts[0].ends_with("C0FFEE"));
    assert_eq!(accounts[1], "grace@example.org G BA5E");
}

async fn rows_are_counted_in_groups_that_are_large_enough(kind: Kind) {
    let usage = "aggregate = { into = \"usage_by_day\", group = [\"day\"], min = 3 }";
    let Some(town) = town(kind, "delete", "delete", usage).await else { return };
    let plan = town.plan().await;
    assert_eq!(steps(&plan)[1], "usage aggregate 4");
    town.carry_out(&plan).await;
    let counts = town.dump(&[("usage_by_day", &["day", "count"])]).await;
    assert_eq!(counts, ["usage_by_day|-|1", "usage_by_day|mon|42"], "tuesday had one row");
    assert_eq!(town.dump(&[("usage", &["id"])]).await, ["usage|4", "usage|6", "usage|7"]);
}

async fn files_that_rows_name_go_along_unless_others_name_them_too(kind: Kind) {
    let Some(town) = town(kind, "delete", "delete", "erase = \"delete\"").await else { return };
    let plan = town.plan().await;
    let file = FileRef { store: "images".into(), key: "art/a/1.png".into() };
    assert_eq!(plan.files, [file]);
    assert_eq!((plan.kept[0].collection.as_str(), plan.kept[0].rows), ("picture.path", 1));
    assert_eq!(plan.gaps.len(), 1, "one leads out of its folder");
    let masked = self::town(kind, "delete", "mask", "erase = \"delete\"").await.unwrap();
    assert_eq!(masked.plan().await.files, plan.files, "a masked path takes its file along");
}

async fn a_scope_of_categories_masks_what_it_names(kind: Kind) {
    let Some(mut town) = town(kind, "delete", "delete", "erase = \"delete\"").await else { return };
    let scope = |words: &[&str]| {
        EraseScope::Categories(words.iter().map(|word| (*word).to_owned()).collect())
    };
    town.scope = scope(&["user.content"]);
    let plan = town.plan().await;
    assert_eq!(steps(&plan), ["picture mask path+shot_at 4"], "a title is no content");
    assert_eq!(plan.files.len(), 1);
    town.scope = scope(&["user.behavior", "user.device"]);
    let plan = town.plan().await;
    assert_eq!(steps(&plan), ["usage delete 4"], "all that it holds");
    town.carry_out(&plan).await;
    town.scope = scope(&["user.financial"]);
    assert!(town.plan().await.steps.is_empty());
}

async fn a_scope_of_items_takes_these_and_never_the_account(kind: Kind) {
    let Some(mut town) = town(kind, "delete", "delete", "erase = \"delete\"").await else { return };
    town.items(&[
        "shop/picture/1",
        "shop/picture/4",
        "shop/account/1",
        "other/picture/2",
        "shop/usage/9",
    ]);
    let plan = town.plan().await;
    assert_eq!(steps(&plan), ["picture delete 1"], "four is somebody else's");
    assert_eq!(plan.files.len(), 1);
    town.carry_out(&plan).await;
    let left = town.dump(&[("picture", &["id"]), ("account", &["id"])]).await;
    let expected = ["picture|2", "picture|3", "picture|4", "picture|5", "account|1", "account|2"];
    assert_eq!(left, expected);
}

async fn a_table_without_a_word_on_erasing_stands_in_the_way(kind: Kind) {
    let Some(town) = town(kind, "delete", "delete", "").await else { return };
    let plan = town.plan().await;
    assert_eq!(blockers(&plan), ["referenced account usage.owner 4", "no_method usage - 4"]);
    assert_eq!(steps(&plan), ["picture delete 4", "account delete 1"]);
}

async fn a_field_that_cannot_be_empty_stands_in_the_way(kind: Kind) {
    let sql = "CREATE TABLE a(id INTEGER PRIMARY KEY, email TEXT, name TEXT NOT NULL);
        INSERT INTO a VALUES (1, 'ada@example.org', 'Ada')";
    let map = "[store.shop.table.a]\nperson = true\nwho = { email = \"email\" }\n\
        field.name = \"user.name\"\nerase = \"mask\"\n";
    let Some(town) = Town::open(kind, sql, map).await else { return };
    assert_eq!(blockers(&town.plan().await), ["not_nullable a name 1"]);
    let findings = town.store.check().await.unwrap();
    let codes: Vec<(&str, usize)> = findings.iter().map(|f| (f.code, f.line)).collect();
    assert_eq!(codes.iter().filter(|(code, _)| *code == "not_nullable").count(), 1, "{codes:?}");
}

async fn two_people_in_one_plan_are_both_known(kind: Kind) {
    let sql = "CREATE TABLE a(id INTEGER PRIMARY KEY, email TEXT); CREATE TABLE b(id INTEGER \
        PRIMARY KEY, email TEXT); INSERT INTO a VALUES (1, 'ada@example.org'), (2, 'ada@example.org');
        INSERT INTO b VALUES (1, 'ada@example.org')";
    let table = |name| {
        format!(
            "[store.shop.table.{name}]\nperson = true\nwho = {{ email = \"email\" }}\n\
             erase = \"delete\"\n"
        )
    };
    let Some(town) = Town::open(kind, sql, &format!("{}{}", table("a"), table("b"))).await else {
        return;
    };
    let plan = town.plan().await;
    assert_eq!(plan.people.len(), 3, "a row of each table is one of its own");
    assert_eq!(town.carry_out(&plan).await, 3);
}
