use tempfile::tempdir;

use crate::store::Store;
use crate::store::testing::shop;

const SQL: &str = "
    CREATE TABLE staff(id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE track(id INTEGER PRIMARY KEY, title TEXT, api_key TEXT);
    CREATE TABLE Customer(id INTEGER PRIMARY KEY, email TEXT, helper INT REFERENCES staff(id));
    CREATE TABLE invoice(id INTEGER PRIMARY KEY, customer INT REFERENCES customer, total REAL);
    CREATE TABLE line(id INTEGER PRIMARY KEY, invoice INT REFERENCES invoice, track INT REFERENCES track(id));
    CREATE TABLE genre(id INTEGER PRIMARY KEY, staff INT REFERENCES staff);
    CREATE VIEW overview AS SELECT * FROM Customer;
    CREATE VIEW broken AS SELECT * FROM gone;";

const MAP: &str = "[store.shop.table.Customer]
person = true
who = { email = \"email\" }
third_party.helper = { on = \"helper -> staff.id\" }
[store.shop.table.invoice]
via = \"customer -> Customer.id\"
field = { total = \"user.payment\" }
[store.shop.table.line]
via = \"invoice -> invoice.id\"
lookup.track = { on = \"track -> track.id\", columns = [\"title\"] }
";

async fn codes(map: &str, more_sql: &str) -> Vec<(usize, &'static str, String)> {
    let dir = tempdir().unwrap();
    let store = shop(dir.path(), &format!("{SQL}{more_sql}"), map).await;
    let findings = store.check().await.unwrap();
    findings.into_iter().map(|finding| (finding.line, finding.code, finding.message)).collect()
}

#[tokio::test]
async fn a_map_that_fits_has_no_findings() {
    assert_eq!(codes(MAP, "").await, []);
}

#[tokio::test]
async fn what_the_map_leaves_out_or_makes_up_is_found_with_what_to_write() {
    let line = "[store.shop.table.line]";
    let without_line = &MAP[..MAP.find(line).unwrap()];
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        ("", "", "ALTER TABLE invoice ADD note TEXT", "unmapped_column", "field.note = "),
        ("", "", "ALTER TABLE line ADD pw_salt TEXT", "secret_column", "user.authorization"),
        (
            "",
            "",
            "ALTER TABLE Customer ADD friend INT REFERENCES Customer",
            "outward_reference",
            "third_party.",
        ),
        (
            "",
            "",
            "CREATE TABLE review(c INT REFERENCES Customer)",
            "unmapped_table",
            "[store.shop.table.review]",
        ),
        (
            "",
            "",
            "CREATE TABLE vote(l INT REFERENCES line)",
            "unmapped_table",
            "via = \"l -> line.id\"",
        ),
        (
            "third_party.helper = { on = \"helper -> staff.id\" }",
            "ignore = []",
            "",
            "outward_reference",
            "helper -> staff.id",
        ),
        ("columns = [\"title\"]", "columns = [\"api_key\"]", "", "secret_column", "leave it out"),
        ("columns = [\"title\"]", "columns = [\"titel\"]", "", "missing_column", "\"title\""),
        ("email = \"email\"", "email = \"e_mail\"", "", "missing_column", "\"email\""),
        ("total = ", "totals = ", "", "missing_column", "\"total\""),
        ("table.invoice]", "table.Invoice]", "", "missing_table", "\"invoice\""),
        ("track -> track.id", "track -> tracks.id", "", "missing_table", "tracks"),
        ("table.line]", "table.overview]", "", "no_key", "a view has none"),
        ("table.line]", "table.overview]\nkey = \"id\"", "", "no_key", "map the tables behind it"),
        ("table.line]", "table.line]\nkey = \"id\"", "", "key", "take `key` out"),
    ];
    for (good, bad, sql, code, help) in cases {
        let mut map = MAP.replacen(good, bad, 1);
        if *bad == "table.Invoice]" {
            map = map.replace("-> invoice.id", "-> Invoice.id");
        }
        let found = codes(&map, sql).await;
        let hit = found
            .iter()
            .find(|(line, of, message)| of == code && *line > 0 && message.contains(help));
        assert!(hit.is_some(), "{bad}{sql}: {found:#?}");
    }
    let found = codes(without_line, "").await;
    assert_eq!(found.iter().map(|(_, code, _)| *code).collect::<Vec<_>>(), ["unmapped_table"]);
    assert!(found[0].2.contains("via = \"invoice -> invoice.id\""), "{found:?}");
}

#[tokio::test]
async fn a_table_about_nobody_is_settled_by_ignoring_it_whole() {
    let map = format!("{MAP}[store.shop.table.review]\nignore = [\"*\"]\n");
    assert_eq!(codes(&map, "CREATE TABLE review(c INT REFERENCES Customer, text TEXT)").await, []);
}

#[tokio::test]
async fn a_secret_in_a_field_needs_its_category() {
    let sql = "ALTER TABLE invoice ADD reset_token TEXT";
    let wrong = MAP.replace("total = ", "reset_token = \"user.content\", total = ");
    assert_eq!(codes(&wrong, sql).await[0].1, "secret_column");
    let right = MAP.replace("total = ", "reset_token = \"user.authorization\", total = ");
    assert_eq!(codes(&right, sql).await, []);
}
