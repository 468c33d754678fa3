//! Maps beside real databases, rights, and servers that cannot answer.

use std::time::Duration;

use sqlx::{Connection, PgConnection};

use super::{Fresh, run, store};
use crate::store::postgres::value::trouble;
use crate::store::testing::{key, lines, pages};
use crate::store::{Export, Store, StoreErrorCode};

const SQL: &str = "
    CREATE SCHEMA crm;
    CREATE TABLE staff(id int PRIMARY KEY, name text);
    CREATE TABLE customer(id int PRIMARY KEY, region int, email text, UNIQUE (id, region));
    CREATE TABLE crm.ticket(id int PRIMARY KEY, customer int, region int,
        helper int REFERENCES staff, body text,
        FOREIGN KEY (customer, region) REFERENCES customer(id, region));
    INSERT INTO customer VALUES (1, 1, 'ada@example.org');
    INSERT INTO crm.ticket VALUES (1, 1, 1, NULL, 'help');";
const MAP: &str = "[store.shop.table.customer]
person = true
who = { email = \"email\" }
ignore = [\"region\"]
[store.shop.table.\"crm.ticket\"]
via = \"(customer, region) -> customer(id, region)\"
third_party.helper = { on = \"helper -> staff.id\" }
field = { body = \"user.content\" }
";

fn ada() -> Vec<crate::domain::subject::SubjectKey> {
    vec![key("email", "ada@example.org")]
}

#[tokio::test]
async fn what_the_map_leaves_out_is_found_across_schemas_and_composite_keys() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    assert_eq!(fresh.store(MAP).check().await.unwrap(), []);
    assert_eq!(lines(&pages(&fresh.store(MAP), &ada()).await), ["crm.ticket [Text(\"help\")]"]);
    let spelled = MAP.replace("table.customer]", "table.\"public.customer\"]");
    let spelled = spelled.replace("-> customer(", "-> public.customer(");
    assert_eq!(fresh.store(&spelled).check().await.unwrap(), []);
    let (customer, ticket) = MAP.split_at(MAP.find("[store.shop.table.\"crm").unwrap());
    for (map, code, help) in [
        (
            customer.to_owned(),
            "unmapped_table",
            "[store.shop.table.\"crm.ticket\"] with via = \"(customer, region) -> customer(id, region)\"",
        ),
        (MAP.replace("ignore = [\"region\"]", ""), "unmapped_column", "region"),
        (MAP.replace("body =", "bodi ="), "missing_column", "\"body\""),
        (MAP.replace("crm.ticket", "crm.tickets"), "missing_table", "\"crm.ticket\""),
        (
            format!(
                "{customer}{}",
                ticket.replace("third_party.helper = { on = \"helper -> staff.id\" }", "")
            ),
            "outward_reference",
            "helper -> staff.id",
        ),
    ] {
        let found = fresh.store(&map).check().await.unwrap();
        let hit = found.iter().find(|f| f.code == code && f.line > 0 && f.message.contains(help));
        assert!(hit.is_some(), "{code}: {found:#?}");
    }
    run(
        &fresh.url,
        "CREATE TABLE visit(c int REFERENCES customer, at int) PARTITION BY LIST (at);
         CREATE TABLE visit_1 PARTITION OF visit FOR VALUES IN (1);
         ALTER TABLE customer ADD api_key text, ADD raw bytea",
    )
    .await;
    let map = MAP.replace("ignore = [\"region\"]", "field = { region = \"user.contact\" }");
    let map = map.replace("email = \"email\"", "email = \"email\", raw = \"raw\"");
    let found = fresh.store(&map).check().await.unwrap();
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["secret_column", "unmapped_table", "key_type"], "{found:#?}");
}

#[tokio::test]
async fn a_role_with_select_alone_is_enough_and_missing_rights_are_told() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let url = fresh.role("").await;
    let reader = store(&url, MAP);
    let found = reader.check().await.unwrap();
    let told = |table: &str| {
        let of = |f: &&crate::store::Finding| f.code == "no_select" && f.message.contains(table);
        found.iter().any(|finding| of(&finding))
    };
    assert!(told("crm.ticket") && told("customer"), "{found:#?}");
    assert_eq!(reader.page(&ada(), None).await.unwrap_err().to_string(), "denied (42501)");
    run(
        &fresh.url,
        &format!(
            "GRANT USAGE ON SCHEMA crm TO {0}; GRANT SELECT ON crm.ticket TO {0};
             GRANT SELECT (id, region, email) ON customer TO {0}",
            fresh.name
        ),
    )
    .await;
    assert_eq!(reader.check().await.unwrap(), []);
    assert_eq!(lines(&pages(&reader, &ada()).await).len(), 1);
    run(
        &fresh.url,
        &format!(
            "REVOKE ALL ON crm.ticket FROM {}; REVOKE USAGE ON SCHEMA crm FROM {0}",
            fresh.name
        ),
    )
    .await;
}

#[tokio::test]
async fn row_security_is_an_error_and_never_rows_that_are_missing() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let grants =
        "GRANT USAGE ON SCHEMA crm TO $ROLE; GRANT SELECT ON crm.ticket, customer TO $ROLE;
        ALTER TABLE crm.ticket ENABLE ROW LEVEL SECURITY;
        CREATE POLICY none ON crm.ticket USING (false);";
    let url = fresh.role(grants).await;
    let reader = store(&url, MAP);
    let codes: Vec<&str> =
        reader.check().await.unwrap().iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["row_security"]);
    assert_eq!(reader.page(&ada(), None).await.unwrap_err().to_string(), "denied (42501)");
    run(&fresh.url, &format!("ALTER ROLE {} BYPASSRLS", fresh.name)).await;
    assert_eq!(reader.check().await.unwrap(), []);
    assert_eq!(lines(&pages(&reader, &ada()).await).len(), 1);
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_a_passing_trouble() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let hurried = fresh.store(MAP).patient(Duration::from_millis(200));
    let mut holder = PgConnection::connect(fresh.url.as_str()).await.unwrap();
    let lock = sqlx::raw_sql("BEGIN; LOCK TABLE customer");
    lock.execute(&mut holder).await.unwrap();
    let error = hurried.page(&ada(), None).await.unwrap_err();
    assert_eq!(error.to_string(), "timeout (57014)");
    assert!(error.code.is_passing());
}

#[tokio::test]
async fn who_is_not_known_and_who_is_not_there_are_told_by_code() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let mut url = fresh.url.clone();
    url.set_username("rightsdesk_nobody_canary").unwrap();
    let error = store(&url, MAP).check().await.unwrap_err();
    assert_eq!(error.code, StoreErrorCode::Denied);
    assert!(error.detail.as_deref().is_some_and(|state| state.starts_with("28")), "{error}");
    url.set_path("canary");
    url.set_username(fresh.url.username()).unwrap();
    assert_eq!(store(&url, MAP).check().await.unwrap_err().to_string(), "schema (3D000)");
    url.set_port(Some(1)).unwrap();
    let away = store(&url, MAP).check().await.unwrap_err();
    assert_eq!(away.code, StoreErrorCode::Unreachable);
}

#[tokio::test]
async fn nothing_can_be_written_through_the_adapter() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let store = fresh.store(MAP);
    let mut tx = store.begin().await.unwrap();
    let error = sqlx::query("DELETE FROM public.customer").execute(&mut *tx).await.unwrap_err();
    assert_eq!(trouble(&error).to_string(), "denied (25006)");
}

#[tokio::test]
async fn a_schema_that_changed_under_a_running_service_is_noticed() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let store = fresh.store(MAP);
    assert_eq!(lines(&pages(&store, &ada()).await).len(), 1);
    run(&fresh.url, "ALTER TABLE crm.ticket ALTER body TYPE bytea USING body::bytea").await;
    assert_eq!(lines(&pages(&store, &ada()).await), ["crm.ticket [Bytes([104, 101, 108, 112])]"]);
    run(&fresh.url, "ALTER TABLE customer RENAME COLUMN email TO mail").await;
    let error = store.page(&ada(), None).await.unwrap_err();
    assert_eq!(error.code, StoreErrorCode::Schema);
}

#[tokio::test]
async fn a_view_or_a_table_without_a_key_is_told_by_the_check() {
    let sql = "CREATE TABLE loose(mail text, v text); CREATE VIEW seen AS SELECT * FROM loose;
        CREATE TABLE tight(mail text, v text, n int NOT NULL); CREATE UNIQUE INDEX ON tight(n);
        CREATE MATERIALIZED VIEW kept AS SELECT 1 AS n, 'a@b.c' AS mail, 'x' AS v;";
    let Some(fresh) = Fresh::new(sql).await else { return };
    for (table, code) in [
        ("loose", Some("no_key")),
        ("seen", Some("no_key")),
        ("kept", Some("no_key")),
        ("tight", None),
    ] {
        let map = format!(
            "[store.shop.table.{table}]\nwho = {{ email = \"mail\" }}\n\
             field = {{ v = \"user.content\" }}\n{}",
            if matches!(table, "tight" | "kept") { "ignore = [\"n\"]\n" } else { "" }
        );
        let found = fresh.store(&map).check().await.unwrap();
        assert_eq!(found.first().map(|finding| finding.code), code, "{table}: {found:?}");
    }
}
