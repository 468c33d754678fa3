//! `rightsdesk map check`.

use crate::support::folder::{Folder, SHOP_MAP};
use crate::support::process::run;

/// The line of a map where `text` begins.
fn line_of(map: &str, text: &str) -> usize {
    1 + map.lines().position(|line| line.starts_with(text)).unwrap()
}

#[tokio::test]
async fn a_map_that_fits_is_told_so() {
    let folder = Folder::shop().await;
    run(&folder.dir, &["map", "check"]).expect(0, &["shop.toml", "fits its stores"]);
    let script = run(&folder.dir, &["map", "check", "maps/shop.toml", "--json"]);
    assert_eq!(script.expect(0, &[]).json()["ok"], true);
}

#[tokio::test]
async fn what_does_not_fit_is_named_with_file_and_line() {
    let (customer, invoice) = ("[store.shop.table.customer]", "[store.shop.table.invoice]");
    let link = "via = \"customer_id -> customer.customer_id\"";
    let cases: &[(&str, &str, &str, &str, &[&str])] = &[
        // From, to, more SQL, the line that is named, what is said.
        (invoice, "[store.shop.table.invoices]", "", "[store.shop.table.invoices]", &["no table"]),
        (
            "name = \"user.name\"",
            "nmae = \"user.name\"",
            "",
            "field = { email",
            &["nmae", "\"name\""],
        ),
        ("", "", "ALTER TABLE customer ADD phone TEXT", customer, &["phone", "ignore"]),
        (
            "password_hash = \"user.authorization\"",
            "password_hash = \"user.content\"",
            "",
            "field = { email",
            &["password_hash", "user.authorization"],
        ),
        ("", "", "ALTER TABLE customer ADD api_token TEXT", customer, &["api_token", "secret"]),
        (link, "via = \"customer_id -> invoice.invoice_id\"", "", "via", &["invoice"]),
        ("controller = \"self\"\n", "", "", "[store.shop]", &["controller"]),
        ("user.payment", "user.payed", "", "field = { total", &["user.payed"]),
        (
            "",
            "",
            "CREATE TABLE review(id INTEGER PRIMARY KEY, c INT REFERENCES customer(customer_id))",
            "[store.shop]",
            &["review", "via = "],
        ),
    ];
    for (from, to, sql, line, said) in cases {
        let folder = Folder::shop().await;
        folder.sql(sql).await;
        let map = SHOP_MAP.replacen(from, to, 1);
        folder.write("maps/shop.toml", &map);
        let place = format!("maps/shop.toml:{}", line_of(&map, line));
        let answer = run(&folder.dir, &["map", "check"]);
        answer.expect(1, said).expect(1, &[&place]);
        let script = run(&folder.dir, &["map", "check", "--json"]).expect(1, &[]).json();
        assert_eq!(script["ok"], false);
        let named = |check: &serde_json::Value| check["name"].as_str().unwrap().ends_with(&place);
        let checks = script["checks"].as_array().unwrap();
        assert!(checks.iter().any(|check| named(check) && check["ok"] == false), "{script}");
    }
}

#[test]
fn without_a_map_it_says_where_one_is() {
    let folder = Folder::new();
    run(&folder.dir, &["map", "check"]).expect(0, &["maps/example.toml.txt"]);
}
