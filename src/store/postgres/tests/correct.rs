use std::sync::Arc;

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{Fresh, map, run, server, store};
use crate::domain::change::{Applied, Edit, Unfit};
use crate::store::conformance::{CORRECT_MAP, CORRECT_SQL, CorrectBench, CorrectSeeded, Database};
use crate::store::correct::Correct;
use crate::store::postgres::PostgresStore;
use crate::store::testing::key;
use crate::store::{Store, StoreErrorCode};

struct PostgresBench;

#[async_trait]
impl Database for Fresh {
    async fn run(&self, sql: &str) {
        run(&self.url, sql).await;
    }

    async fn lines(&self, sql: &str) -> Vec<String> {
        let mut session = PgConnection::connect(self.url.as_str()).await.unwrap();
        let query = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        let lines = query.fetch_all(&mut session).await.unwrap();
        session.close().await.unwrap();
        lines
    }
}

#[async_trait]
impl CorrectBench for PostgresBench {
    fn is_ready(&self) -> bool {
        server().is_some()
    }

    async fn seeded(&self) -> CorrectSeeded {
        let fresh = Fresh::new(CORRECT_SQL).await.unwrap();
        let store = store(&fresh.url, CORRECT_MAP);
        CorrectSeeded { store: Arc::new(store), database: Box::new(fresh) }
    }
}

correct_conformance!(PostgresBench);

async fn of(store: &PostgresStore, column: &str, new: &str) -> Edit {
    let fields = store.current(&[key("user", "1")]).await.unwrap().fields;
    let field = fields.into_iter().find(|field| field.spot.column == column).unwrap();
    Edit { spot: field.spot, expected: field.value, new: Some(new.into()) }
}

#[tokio::test]
async fn values_of_every_plain_type_are_put_right_as_the_server_writes_them() {
    let Some(fresh) = Fresh::new(
        "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE DOMAIN short AS varchar(5);
         CREATE TABLE p(id uuid PRIMARY KEY, user_id int, total numeric(10, 2), born date, at timestamptz,
             feels mood, brief short, flag bool, prefs jsonb, tags text[]);
         INSERT INTO p VALUES ('00000000-0000-0000-0000-000000000001', 1, 1.50, '1990-05-04',
             '2020-01-01T10:00:00Z', 'sad', 'abc', false, '{\"a\": 1}', '{x}');",
    )
    .await
    else {
        return;
    };
    let tables = "[store.shop.table.p]\nwho = { user = \"user_id\" }\nperson = true\n\
        correct = [\"total\", \"born\", \"at\", \"feels\", \"brief\", \"flag\", \"prefs\", \"tags\"]\n\
        field = { total = \"user.payment\", born = \"user.demographic.date_of_birth\", at = \"user.account\", \
        feels = \"user.account\", brief = \"user.account\", flag = \"user.account\", prefs = \"user.account\", \
        tags = \"user.account\" }\n";
    let store = store(&fresh.url, tables);
    let codes: Vec<_> = store.check().await.unwrap().into_iter().map(|one| one.code).collect();
    assert_eq!(codes, ["correct_type"], "of the list");
    let keys = [key("user", "1")];
    for (column, new, then) in [
        ("total", "2.5", "2.50"),
        ("born", "1991-06-05", "1991-06-05"),
        ("at", "2021-02-03T04:05:06Z", "2021-02-03T04:05:06Z"),
        ("feels", "glad", "glad"),
        ("brief", "abcde", "abcde"),
        ("flag", "true", "true"),
        ("prefs", "{\"b\":2}", "{\"b\": 2}"),
    ] {
        let edit = of(&store, column, new).await;
        for _ in 0..2 {
            assert_eq!(
                store.apply(&keys, std::slice::from_ref(&edit)).await,
                Ok(Applied::Done),
                "{column}"
            );
        }
        let now = of(&store, column, "").await.expected;
        assert_eq!(now.as_deref(), Some(then), "{column}");
    }
    for (column, new) in [
        ("total", "x"),
        ("born", "yesterday?"),
        ("at", "tomorrow 10:00"),
        ("feels", "odd"),
        ("brief", "abcdef"),
        ("prefs", "{"),
    ] {
        let edit = of(&store, column, new).await;
        let applied = store.apply(&keys, &[edit]).await;
        assert_eq!(applied, Ok(Applied::Unfit(Unfit::Type, vec![0])), "{column}");
    }
}

#[tokio::test]
async fn a_role_that_may_not_write_is_found_by_the_check_and_denied_and_triggers_run_as_ever() {
    let Some(fresh) = Fresh::new(CORRECT_SQL).await else { return };
    let url = fresh
        .role("GRANT SELECT ON person, place TO $ROLE; GRANT UPDATE (name) ON person TO $ROLE")
        .await;
    let weak = store(&url, CORRECT_MAP);
    let codes: Vec<_> = weak.check().await.unwrap().into_iter().map(|one| one.code).collect();
    assert_eq!(codes, ["no_update"; 4]);
    let keys = [key("user", "1")];
    let edit = of(&weak, "note", "x").await;
    assert_eq!(weak.apply(&keys, &[edit]).await.unwrap_err().code, StoreErrorCode::Denied);
    run(
        &fresh.url,
        "CREATE TABLE log(what text);
         CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN INSERT INTO log VALUES (NEW.name); RETURN NEW; END $$;
         CREATE TRIGGER noting AFTER UPDATE ON person FOR EACH ROW EXECUTE FUNCTION noted();",
    )
    .await;
    let store = store(&fresh.url, CORRECT_MAP);
    let edit = of(&store, "name", "Ada L.").await;
    assert_eq!(store.apply(&keys, &[edit]).await, Ok(Applied::Done));
    assert_eq!(fresh.lines("SELECT what FROM log").await, ["Ada L."]);
    let map = map(&fresh.url, CORRECT_MAP);
    assert_eq!(map.stores[0].table("person").unwrap().correct.len(), 4);
}
