//! Views, and whatever else has no key but the one that the map names.

use super::{Fresh, run, store};
use crate::store::sql::Bounds;
use crate::store::testing::{key, lines, pages};
use crate::store::{Export, Finding, Store};

const SQL: &str = "
    CREATE SCHEMA shop;
    CREATE TABLE customer(id int PRIMARY KEY, email text, region text);
    CREATE TABLE invoice(id int PRIMARY KEY, customer int REFERENCES customer, total numeric);
    INSERT INTO customer SELECT i, 'c' || i || '@example.org', 'r' || i % 2
        FROM generate_series(1, 20) AS i;
    INSERT INTO invoice SELECT i, i % 20 + 1, i FROM generate_series(1, 200) AS i;
    CREATE VIEW shop.people AS SELECT * FROM customer;
    CREATE VIEW bills AS SELECT c.region, i.* FROM invoice i JOIN customer c ON c.id = i.customer;";
const MAP: &str = "[store.shop.table.\"shop.people\"]
key = \"id\"
person = true
who = { email = \"email\", user = \"id\" }
field = { region = \"user.contact\" }
[store.shop.table.bills]
key = [\"region\", \"id\"]
via = \"customer -> shop.people.id\"
field = { total = \"user.payment\" }
";
const BEHIND: &str = "[store.shop.table.customer]\nignore = [\"*\"]\n\
    [store.shop.table.invoice]\nignore = [\"*\"]\n";

fn of(number: u32) -> Vec<crate::domain::subject::SubjectKey> {
    vec![key("email", &format!("c{number}@example.org"))]
}

fn codes(found: &[Finding]) -> Vec<&'static str> {
    found.iter().map(|finding| finding.code).collect()
}

fn few(rows: usize) -> Bounds {
    Bounds { rows, ..Bounds::default() }
}

#[tokio::test]
async fn a_view_is_walked_by_the_key_that_the_map_names() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let map = format!("{MAP}{BEHIND}");
    assert_eq!(fresh.store(&map).check().await.unwrap(), []);
    let whole = lines(&pages(&fresh.store(&map), &of(3)).await);
    assert_eq!(whole.len(), 11, "{whole:?}");
    for rows in [1, 3] {
        let store = fresh.store(&map).bounded(few(rows));
        assert_eq!(lines(&pages(&store, &of(3)).await), whole);
    }
    let found = fresh.store(&map).locate(&of(3)).await.unwrap();
    assert_eq!((found.people.len(), found.people[0].row.as_str()), (1, "[{\"T\":\"3\"}]"));
    assert_eq!(found.keys.len(), 2);
    assert_eq!(lines(&pages(&fresh.store(&map), &of(99)).await), [""; 0]);
}

#[tokio::test]
async fn what_stands_behind_a_view_of_people_has_to_be_settled() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let found = fresh.store(MAP).check().await.unwrap();
    assert_eq!(codes(&found), ["unmapped_table", "unmapped_table"], "{found:#?}");
    assert!(
        found.iter().any(|f| f.message.contains("customer stands behind the view shop.people"))
    );
    assert!(found.iter().any(|f| f.message.contains("invoice leads to a person")), "{found:#?}");
}

#[tokio::test]
async fn a_view_and_the_table_behind_it_are_of_one_controller() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let acme = "[controller.acme]\nname = \"Acme\"\nhow = \"call them\"\n";
    let theirs = MAP.replace("person = true\n", "person = true\ncontroller = \"acme\"\n");
    let theirs =
        theirs.replace("[\"region\", \"id\"]\n", "[\"region\", \"id\"]\ncontroller = \"acme\"\n");
    let settled = fresh.store(&format!("{theirs}{BEHIND}{acme}")).check().await.unwrap();
    assert_eq!(codes(&settled), [""; 0], "{settled:#?}");
    let ours = "[store.shop.table.customer]\nperson = true\nwho = { email = \"email\" }\n\
        field = { region = \"user.contact\" }\nerase = \"delete\"\n\
        [store.shop.table.invoice]\nignore = [\"*\"]\n";
    let found = fresh.store(&format!("{theirs}{ours}{acme}")).check().await.unwrap();
    assert_eq!(codes(&found), ["controller_view", "controller_view"], "{found:#?}");
    assert!(found[0].message.contains("customer, whose rows belong to you and not to Acme"));
}

#[tokio::test]
async fn rows_are_refused_rather_than_lost_where_the_key_is_none() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let map = format!("{MAP}{BEHIND}").replace("[\"region\", \"id\"]", "\"region\"");
    let map = map.replace("total =", "id = \"user.unique_id\", total =");
    let store = fresh.store(&map).bounded(few(4));
    let found = store.check().await.unwrap();
    assert_eq!(codes(&found), ["key_not_unique"], "{found:#?}");
    let bills = super::map(&fresh.url, &map).stores[0].table("bills").unwrap().line;
    assert_eq!(found[0].line, bills + 1);
    // The person is on the first page; the bills begin there too.
    let error = store.page(&of(3), None).await.unwrap_err();
    assert_eq!(error.to_string(), "schema (23505)");
    assert!(!error.code.is_passing());

    run(&fresh.url, "UPDATE customer SET region = NULL WHERE id = 7").await;
    let store = fresh.store(&format!("{MAP}{BEHIND}"));
    let found = store.check().await.unwrap();
    assert_eq!(codes(&found), ["key_empty"], "{found:#?}");
    assert_eq!(store.page(&of(7), None).await.unwrap_err().to_string(), "schema (23502)");
    // Whoever has whole keys is answered.
    assert_eq!(lines(&pages(&store, &of(3)).await).len(), 11);
}

#[tokio::test]
async fn people_whose_rows_have_one_key_are_never_taken_for_one() {
    let sql = format!(
        "{SQL} UPDATE customer SET email = 'c1@example.org', region = 'r'
        WHERE id IN (1, 2, 3); UPDATE customer SET region = NULL WHERE id = 4;"
    );
    let Some(fresh) = Fresh::new(&sql).await else { return };
    let map = MAP.replace("key = \"id\"", "key = \"region\"").replace("{ region", "{ id");
    let map = map.replace("user = \"id\" }", "}").replace(", }", " }");
    let store = fresh.store(&map);
    assert_eq!(store.locate(&of(1)).await.unwrap_err().to_string(), "schema (23505)");
    assert_eq!(store.locate(&of(4)).await.unwrap_err().to_string(), "schema (23502)");
    assert_eq!(store.locate(&of(5)).await.unwrap().people.len(), 1);
}

#[tokio::test]
async fn a_key_is_named_where_there_is_none_and_nowhere_else() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let whole = format!("{MAP}{BEHIND}");
    let invoice = "[store.shop.table.invoice]\nkey = \"id\"\nvia = \"customer -> shop.people.id\"\n\
        field = { total = \"user.payment\" }\n";
    for (from, to, code, said) in [
        ("key = \"id\"\n", "", "no_key", "key = ["),
        ("key = \"id\"\n", "key = \"number\"\n", "missing_column", "number"),
        ("[store.shop.table.invoice]\nignore = [\"*\"]\n", invoice, "key", "take `key` out"),
        (
            "[\"region\", \"id\"]",
            "[\"region\", \"id\"]\nerase = \"delete\"",
            "view_erase",
            "behind",
        ),
    ] {
        let map = whole.replace(from, to);
        assert_ne!(map, whole);
        let found = fresh.store(&map).check().await.unwrap();
        let hit = found.iter().any(|f| f.code == code && f.message.contains(said));
        assert!(hit, "{code}: {found:#?}");
    }
}

#[tokio::test]
async fn materialized_views_and_tables_without_a_key_are_walked_alike() {
    let sql = "CREATE TABLE loose(mail text, n int, v text);
        INSERT INTO loose SELECT 'a@example.org', i, 'v' FROM generate_series(1, 9) AS i;
        CREATE MATERIALIZED VIEW kept AS SELECT * FROM loose WITH NO DATA;";
    let Some(fresh) = Fresh::new(sql).await else { return };
    let ada = [key("email", "a@example.org")];
    for table in ["loose", "kept"] {
        let map = format!(
            "[store.shop.table.{table}]\nwho = {{ email = \"mail\" }}\nkey = \"n\"\n\
             field = {{ v = \"user.content\" }}\n"
        );
        let map = if table == "kept" {
            format!("{map}[store.shop.table.loose]\nignore = [\"*\"]\n")
        } else {
            map
        };
        let store = fresh.store(&map).bounded(few(2));
        if table == "kept" {
            assert_eq!(codes(&store.check().await.unwrap()), ["not_populated"]);
            assert_eq!(store.page(&ada, None).await.unwrap_err().to_string(), "bad_data (55000)");
            run(&fresh.url, "REFRESH MATERIALIZED VIEW kept; CREATE UNIQUE INDEX ON kept(n)").await;
        }
        assert_eq!(store.check().await.unwrap(), []);
        assert_eq!(lines(&pages(&store, &ada).await).len(), 9);
    }
}

#[tokio::test]
async fn a_foreign_table_is_walked_and_told_when_its_server_is_away() {
    let sql = "CREATE SCHEMA far; CREATE EXTENSION postgres_fdw SCHEMA far;
        CREATE TABLE note(n int PRIMARY KEY, mail text, v text);
        INSERT INTO note SELECT i, 'a@example.org', 'v' || i FROM generate_series(1, 9) AS i;
        DO $$ BEGIN EXECUTE format('CREATE SERVER there FOREIGN DATA WRAPPER postgres_fdw
            OPTIONS (host ''127.0.0.1'', port %L, dbname %L)', current_setting('port'), current_database());
            EXECUTE format('CREATE USER MAPPING FOR %I SERVER there OPTIONS (user %1$L)', current_user);
        END $$;
        CREATE FOREIGN TABLE far.note(n int, mail text, v text) SERVER there
            OPTIONS (schema_name 'public');";
    let Some(fresh) = Fresh::new(sql).await else { return };
    let map = "[store.shop.table.\"far.note\"]\nwho = { email = \"mail\" }\nkey = \"n\"\n\
        field = { v = \"user.content\" }\n";
    let store = fresh.store(map).bounded(few(4));
    assert_eq!(store.check().await.unwrap(), []);
    assert_eq!(lines(&pages(&store, &[key("email", "a@example.org")]).await).len(), 9);
    run(&fresh.url, "ALTER SERVER there OPTIONS (SET port '1')").await;
    let found = store.check().await.unwrap();
    assert_eq!(codes(&found), ["view_trouble"], "{found:#?}");
    assert!(found[0].message.contains("unreachable (08001)"), "{found:#?}");
}

#[tokio::test]
async fn a_partition_behind_a_view_stands_for_its_whole_table() {
    let sql = "CREATE TABLE visit(id int, mail text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
        CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM (0) TO (10);
        CREATE VIEW visits AS SELECT * FROM visit_1; CREATE VIEW lately AS SELECT * FROM visits;";
    let Some(fresh) = Fresh::new(sql).await else { return };
    let map = "[store.shop.table.lately]\nkey = \"id\"\nwho = { email = \"mail\" }\n";
    let found = fresh.store(map).check().await.unwrap();
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert!(one.message.starts_with("table visit stands behind the view lately"), "{one:?}");
}

/// A role that may select from the views and, where `behind` says so, from the tables.
async fn reader(fresh: &Fresh, behind: &str) -> url::Url {
    let grants =
        "GRANT USAGE ON SCHEMA shop TO $ROLE; GRANT SELECT ON bills, shop.people TO $ROLE;";
    fresh.role(&format!("{grants}{behind}")).await
}

#[tokio::test]
async fn row_security_behind_a_view_is_told_and_never_hides_rows() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let url = reader(
        &fresh,
        "ALTER TABLE invoice ENABLE ROW LEVEL SECURITY;
         CREATE POLICY none ON invoice USING (false);",
    )
    .await;
    let reading = store(&url, &format!("{MAP}{BEHIND}"));
    // The view's owner stands above row security, and the view reads with the owner's rights.
    assert_eq!(reading.check().await.unwrap(), []);
    assert_eq!(lines(&pages(&reading, &of(3)).await).len(), 11);
    if is_older_than(&fresh, 150_000).await {
        return;
    }
    run(&fresh.url, "ALTER VIEW bills SET (security_invoker = true)").await;
    let found = reading.check().await.unwrap();
    assert_eq!(codes(&found), ["no_select"], "{found:#?}");
    run(&fresh.url, &format!("GRANT SELECT ON customer, invoice TO {}", fresh.name)).await;
    let found = reading.check().await.unwrap();
    assert_eq!(codes(&found), ["row_security"], "{found:#?}");
    assert!(found[0].message.starts_with("bills "), "{found:#?}");
    assert_eq!(reading.page(&of(3), None).await.unwrap_err().to_string(), "denied (42501)");
    run(&fresh.url, &format!("ALTER ROLE {} BYPASSRLS", fresh.name)).await;
    assert_eq!(reading.check().await.unwrap(), []);
    assert_eq!(lines(&pages(&reading, &of(3)).await).len(), 11);
}

#[tokio::test]
async fn a_view_that_fails_when_it_is_read_is_told_without_the_servers_words() {
    let sql = format!(
        "{SQL} DROP VIEW bills;
         CREATE VIEW bills AS SELECT region, i.id, customer, total / (i.id - 5) AS total
         FROM invoice i JOIN customer c ON c.id = customer WHERE 1 / (i.id - 6) < 2"
    );
    let Some(fresh) = Fresh::new(&sql).await else { return };
    let found = fresh.store(&format!("{MAP}{BEHIND}")).check().await.unwrap();
    assert_eq!(codes(&found), ["view_trouble"], "{found:#?}");
    assert!(found[0].message.contains("bad_data (22012)"), "{found:#?}");
    assert!(!found[0].message.contains("division"));
}

async fn is_older_than(fresh: &Fresh, version: i32) -> bool {
    use sqlx::{Connection, PgConnection};
    let mut session = PgConnection::connect(fresh.url.as_str()).await.unwrap();
    let asked = "SELECT current_setting('server_version_num')::int";
    let number: i32 = sqlx::query_scalar(asked).fetch_one(&mut session).await.unwrap();
    session.close().await.unwrap();
    number < version
}
