//! What only a server has: roles, triggers, views, deferred rules, others at work.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::town::{Kind, Town, blockers, changed_rows, keys, steps, stop};
use crate::domain::erase::{EraseScope, Stop};
use crate::store::erase::{Erase as _, Reach, Step};
use crate::store::postgres::tests::{Fresh, store};
use crate::store::testing::key;
use crate::store::{StoreError, StoreErrorCode};

const SQL: &str = "CREATE TABLE person(id INTEGER PRIMARY KEY, email TEXT, name TEXT);
    INSERT INTO person VALUES (1, 'ada@example.org', 'Ada'), (2, 'grace@example.org', 'G');";
const MAP: &str = "[store.shop.table.person]\nperson = true\nwho = { email = \"email\" }\n\
    field.name = \"user.name\"\nerase = \"delete\"\n";

async fn town(sql: &str, map: &str) -> Option<Town> {
    Town::open(Kind::Postgres, sql, map).await
}

#[tokio::test]
async fn a_role_that_may_not_change_stands_in_the_way_and_one_that_may_delete_is_enough() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let reader = fresh.role("GRANT SELECT ON person TO $ROLE").await;
    let keys = [key("email", "ada@example.org")];
    let now = "2026-11-21T00:00:00Z".parse().unwrap();
    let reach = Reach { keys: &keys, scope: &EraseScope::Everything, files: &[], now, most: 10 };
    let plan = store(&reader, MAP).plan(&reach).await.unwrap();
    assert_eq!(blockers(&plan), ["read_only person - 1"]);
    let step = Step { part: &plan.steps[0], people: &plan.people, new: 0 };
    let error = store(&reader, MAP).execute(&reach, &step).await.unwrap_err();
    assert_eq!(error, StoreError::new(StoreErrorCode::Denied).detail("42501"));
    let grant = format!("GRANT DELETE ON person TO {}", fresh.name);
    crate::store::postgres::tests::run(&fresh.url, &grant).await;
    let plan = store(&reader, MAP).plan(&reach).await.unwrap();
    assert_eq!(blockers(&plan), [""; 0]);
    let done = store(&reader, MAP).execute(&reach, &step).await.unwrap();
    assert_eq!(changed_rows(&done).rows.len(), 1);
}

#[tokio::test]
async fn a_trigger_finds_its_own_tables() {
    let sql = format!(
        "{SQL} CREATE TABLE gone(n INTEGER);
         CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN INSERT INTO gone VALUES (OLD.id); RETURN OLD; END';
         CREATE TRIGGER note AFTER DELETE ON person FOR EACH ROW EXECUTE FUNCTION note()"
    );
    let Some(town) = town(&sql, MAP).await else { return };
    let plan = town.plan().await;
    assert_eq!(town.carry_out(&plan).await, 1);
    assert_eq!(town.lines("SELECT n::text FROM gone").await, ["1"]);
}

#[tokio::test]
async fn a_trigger_that_keeps_a_row_stops_the_step() {
    let sql = format!(
        "{SQL} CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE TRIGGER stay BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION stay()"
    );
    let Some(town) = town(&sql, MAP).await else { return };
    let plan = town.plan().await;
    let done = town.step(&plan.steps[0], &plan.people, 0).await.unwrap();
    assert_eq!(stop(&done), Some(Stop::Blocked));
}

#[tokio::test]
async fn a_rule_that_waits_for_the_end_stops_the_step_there() {
    let sql = format!(
        "{SQL} CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RAISE EXCEPTION USING errcode = ''23514''; END';
         CREATE CONSTRAINT TRIGGER no AFTER DELETE ON person DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION no()"
    );
    let Some(town) = town(&sql, MAP).await else { return };
    let plan = town.plan().await;
    let done = town.step(&plan.steps[0], &plan.people, 0).await.unwrap();
    assert_eq!(stop(&done), Some(Stop::Blocked));
    assert_eq!(town.lines("SELECT name FROM person ORDER BY id").await, ["Ada", "G"]);
}

#[tokio::test]
async fn a_view_is_erased_at_the_tables_behind_it_or_stands_in_the_way() {
    let sql = format!("{SQL} CREATE VIEW shown AS SELECT * FROM person");
    let view = "[store.shop.table.shown]\nwho = { email = \"email\" }\nkey = \"id\"\n\
        field.name = \"user.name\"\n";
    let Some(both) = town(&sql, &format!("{MAP}{view}")).await else { return };
    let plan = both.plan().await;
    assert_eq!((steps(&plan), blockers(&plan).len()), (vec!["person delete 1".to_owned()], 0));
    let alone = format!("{view}[store.shop.table.person]\nignore = [\"*\"]\n");
    let alone = town(&sql, &alone).await.unwrap();
    assert_eq!(blockers(&alone.plan().await), ["no_method shown - 1"]);
    let wrong = town(&sql, &format!("{view}erase = \"delete\"\n")).await.unwrap();
    let plan = wrong.plan().await;
    assert!(plan.steps.is_empty());
    assert_eq!(blockers(&plan), ["read_only shown - 1"]);
}

#[tokio::test]
async fn a_view_of_rows_of_another_controller_is_listed_and_nothing_behind_it_is_touched() {
    let sql = format!("{SQL} CREATE VIEW theirs AS SELECT * FROM person");
    let map = "[store.shop.table.theirs]\nwho = { email = \"email\" }\nkey = \"id\"\n\
        field.name = \"user.name\"\ncontroller = \"acme\"\n\
        [store.shop.table.person]\nignore = [\"*\"]\n\
        [controller.acme]\nname = \"Acme GmbH\"\nhow = \"call them\"\n";
    let Some(town) = town(&sql, map).await else { return };
    let plan = town.plan().await;
    assert!(plan.steps.is_empty() && plan.blockers.is_empty());
    let [kept] = &plan.kept[..] else { panic!("{:?}", plan.kept) };
    let whose = kept.controller.as_ref().map(|of| of.name.as_str());
    assert_eq!((&*kept.collection, kept.rows, whose), ("theirs", 1, Some("Acme GmbH")));
}

#[tokio::test]
async fn somebody_else_at_the_same_row_is_waited_for_and_seen() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let mut other = PgConnection::connect(fresh.url.as_str()).await.unwrap();
    let shop = store(&fresh.url, MAP).peppered(Some(keys().peppers()));
    let keys = [key("email", "ada@example.org")];
    let now = "2026-11-21T00:00:00Z".parse().unwrap();
    let reach = Reach { keys: &keys, scope: &EraseScope::Everything, files: &[], now, most: 10 };
    let plan = shop.plan(&reach).await.unwrap();
    let step = Step { part: &plan.steps[0], people: &plan.people, new: 0 };
    let begin = "BEGIN; UPDATE person SET email = 'new@example.org' WHERE id = 1";
    sqlx::raw_sql(AssertSqlSafe(begin.to_owned())).execute(&mut other).await.unwrap();
    let (done, ()) = tokio::join!(shop.execute(&reach, &step), async {
        tokio::task::yield_now().await;
        sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    });
    match done {
        // It came after the change, or was cut off by it; never over it.
        Ok(done) => assert!(changed_rows(&done).rows.is_empty()),
        Err(error) => assert_eq!(error.code, StoreErrorCode::Busy),
    }
    let done = shop.execute(&reach, &step).await.unwrap();
    assert_eq!(changed_rows(&done).strayed, plan.steps[0].rows);
}
