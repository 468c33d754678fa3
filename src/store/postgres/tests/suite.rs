use std::sync::Arc;

use async_trait::async_trait;

use super::{Fresh, server, store};
use crate::store::conformance::{Bench, CANARY, Seeded};
use crate::store::sql::Bounds;
use crate::store::testing::key;

const MAP: &str = "[store.shop.table.person]\nperson = true\n\
    who = { email = \"mail\", user = \"id\" }\nfield = { secret = \"user.authorization\" }\n\
    [store.shop.table.note]\nvia = \"owner -> person.id\"\n\
    field = { n = \"user.content\", body = \"user.content\" }\n\
    [store.shop.table.picture]\nwho = { picture_of = \"owner\" }\n\
    field = { path = { is = \"user.content\", blob = \"images:p/{value}\" } }\n";

struct PostgresBench;

#[async_trait]
impl Bench for PostgresBench {
    fn is_ready(&self) -> bool {
        server().is_some()
    }

    async fn seeded(&self, count: usize, page: Option<usize>) -> Seeded {
        // Ada's rows and her neighbour's stand mixed, and their addresses are equal to the database.
        let sql = format!(
            "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2',
                 deterministic = false);
             CREATE TABLE person(id int PRIMARY KEY, mail text COLLATE any_case, secret text);
             CREATE TABLE note(k bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                 owner int REFERENCES person, n int, body text);
             CREATE INDEX ON note(owner);
             CREATE TABLE picture(k uuid PRIMARY KEY DEFAULT gen_random_uuid(), owner text, path text);
             INSERT INTO picture(owner, path) VALUES ('h', '../out.png');
             INSERT INTO person VALUES (1, 'ada@example.org', 'grace-canary'),
                 (10, 'ADA@example.org', 'grace-canary'), (11, 'grace-canary@example.org', '');
             INSERT INTO note(owner, n, body)
                 SELECT o, i, CASE o WHEN 1 THEN 'ada' ELSE '{CANARY}' END
                 FROM generate_series(0, {count}) AS i, (VALUES (1), (10)) AS v(o)
                 WHERE i > 0 OR o = 10;
             ANALYZE"
        );
        stand(Fresh::new(&sql).await.unwrap(), page, None)
    }

    async fn broken(&self) -> Seeded {
        // PostgreSQL's own words for this: database "grace-canary" does not exist.
        stand(Fresh::new("").await.unwrap(), None, Some(CANARY))
    }

    fn many(&self) -> usize {
        100_000
    }
}

fn stand(fresh: Fresh, page: Option<usize>, database: Option<&str>) -> Seeded {
    let mut url = fresh.url.clone();
    url.set_path(database.unwrap_or(&fresh.name));
    let rows = page.map_or(Bounds::default(), |rows| Bounds { rows, ..Bounds::default() });
    let store = || store(&url, MAP).bounded(rows);
    Seeded {
        store: Arc::new(store()),
        again: Arc::new(store()),
        ada: vec![key("email", "ada@example.org"), key("user", "1")],
        nobody: vec![key("email", "ada@example.or"), key("user", "100"), key("user", "' OR ''='")],
        hidden: vec![key("picture_of", "h")],
        _data: Box::new(fresh),
    }
}

store_conformance!(PostgresBench);
