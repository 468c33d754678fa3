//! Marks in PostgreSQL databases.

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;

use super::{Fresh, server, store};
use crate::store::Store;
use crate::store::conformance::marks::{MarkBench, People};

const MAP: &str = "[store.shop.table.person]\nperson = true\n\
    who = { email = \"mail\", user = \"id\" }\nfield = { rest = \"user.name\" }\n\
    restrict = { column = \"frozen\" }\nopt_out.marketing = { column = \"no_ads\" }\n\
    opt_out.profiling = { column = \"no_profiles\" }\n";

const PEOPLE: &str = "CREATE TABLE person(id int PRIMARY KEY, mail text, frozen timestamptz,
        no_ads boolean NOT NULL DEFAULT false, no_profiles smallint, rest text);
    INSERT INTO person(id, mail, rest) VALUES (1, 'ada@example.org', 'a'),
        (10, 'ADA@example.org', 'b'), (11, 'grace@example.org', 'c');
    INSERT INTO person(id, mail, rest)
        SELECT i, 'shared@example.org', 'd' FROM generate_series(100, 159) AS i;";

struct PostgresBench;

#[async_trait]
impl MarkBench for PostgresBench {
    fn is_ready(&self) -> bool {
        server().is_some()
    }

    async fn people(&self) -> People {
        let fresh = Fresh::new(PEOPLE).await.unwrap();
        let one = || Arc::new(store(&fresh.url, MAP));
        People { store: one(), again: one(), data: Box::new(fresh) }
    }

    async fn rows(&self, of: &People) -> Vec<String> {
        let rows = "SELECT concat_ws('|', id, coalesce(frozen::text, ''), no_ads, \
            coalesce(no_profiles::text, ''), mail || rest) FROM person ORDER BY id";
        let fresh = of.data.downcast_ref::<Fresh>().unwrap();
        let mut to = PgConnection::connect(fresh.url.as_str()).await.unwrap();
        sqlx::query_scalar(rows).fetch_all(&mut to).await.unwrap()
    }

    async fn meddle(&self, of: &People) {
        let fresh = of.data.downcast_ref::<Fresh>().unwrap();
        super::run(&fresh.url, "UPDATE person SET no_ads = false WHERE id = 1").await;
    }
}

restrict_conformance!(PostgresBench);

#[tokio::test]
async fn a_column_that_cannot_say_it_or_may_not_be_set_is_found() {
    let Some(fresh) = Fresh::new(PEOPLE).await else { return };
    let wrong = MAP.replace("\"no_profiles\"", "\"rest\"").replace("rest = ", "mail = ");
    let map = format!("{wrong}ignore = [\"no_profiles\"]\n")
        .replace("field = { mail = \"user.name\" }\n", "");
    let codes = |findings: Vec<crate::store::Finding>| -> Vec<&'static str> {
        findings.into_iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(fresh.store(&map).check().await.unwrap()), ["mark_type"]);
    let reader = fresh.role("GRANT SELECT ON person TO $ROLE").await;
    let found = codes(store(&reader, MAP).check().await.unwrap());
    assert_eq!(found, ["no_update"; 3]);
    let writer = "GRANT UPDATE (frozen, no_ads, no_profiles) ON person TO $ROLE";
    super::run(&fresh.url, &writer.replace("$ROLE", &fresh.name)).await;
    assert_eq!(codes(store(&reader, MAP).check().await.unwrap()), Vec::<&str>::new());
}
