//! One customer of the published sample: pseudonymised invoices stay, and because they point to it
//! an emptied customer row; everybody else's rows stay byte for byte.

use std::path::{Path, PathBuf};

use super::everywhere;
use super::town::{Kind, Town, steps};
use crate::store::testing::key;

const MAP: &str = r#"
[store.shop.table.customer]
person = true
who = { email = "email", user = "customer_id" }
third_party.support = { on = "support_rep_id -> employee.employee_id" }
erase = "mask"
[store.shop.table.customer.field]
first_name = { is = "user.name", erase = { constant = "erased" } }
last_name = { is = "user.name", erase = { constant = "erased" } }
email = { is = "user.contact.email", erase = { constant = "erased" } }
company = "user.job_title"
address = "user.contact.address"
city = "user.contact.address.city"
state = "user.contact.address.state"
country = "user.contact.address.country"
postal_code = "user.contact.address.postal_code"
phone = "user.contact.phone_number"
fax = "user.contact.phone_number"
[store.shop.table.invoice]
via = "customer_id -> customer.customer_id"
keep = { for = "10y", from = "invoice_date", ground = "AO 147" }
[store.shop.table.invoice.field]
invoice_date = "user.payment"
billing_address = { is = "user.contact.address", erase = "null" }
billing_city = { is = "user.contact.address.city", erase = "null" }
billing_state = { is = "user.contact.address.state", erase = "null" }
billing_country = "user.contact.address.country"
billing_postal_code = { is = "user.contact.address.postal_code", erase = "null" }
total = "user.payment"
[store.shop.table.invoice_line]
via = "invoice_id -> invoice.invoice_id"
lookup.track = { on = "track_id -> track.track_id", columns = ["name"] }
field = { unit_price = "user.payment", quantity = "user.payment" }
keep = { for = "10y", ground = "AO 147" }
"#;

const TABLES: [(&str, &[&str]); 6] = [
    (
        "customer",
        &[
            "customer_id",
            "first_name",
            "last_name",
            "company",
            "address",
            "city",
            "state",
            "country",
            "postal_code",
            "phone",
            "fax",
            "email",
            "support_rep_id",
        ],
    ),
    (
        "invoice",
        &[
            "invoice_id",
            "customer_id",
            "invoice_date",
            "billing_address",
            "billing_city",
            "billing_state",
            "billing_country",
            "billing_postal_code",
            "total",
        ],
    ),
    ("invoice_line", &["invoice_line_id", "invoice_id", "track_id", "unit_price", "quantity"]),
    ("employee", &["employee_id", "last_name", "first_name", "reports_to", "email", "phone"]),
    ("track", &["track_id", "name", "album_id", "composer", "unit_price"]),
    ("playlist_track", &["playlist_id", "track_id"]),
];

everywhere!(a_customer_is_emptied_and_kept_invoices_are_pseudonymised);

/// `invoice_line` is `InvoiceLine` in the sample's other spelling.
fn spelled(kind: Kind, text: &str) -> String {
    if kind == Kind::Postgres {
        return text.to_owned();
    }
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or(String::new(), |l| l.to_uppercase().chain(letters).collect())
    };
    text.split('_').map(capital).collect()
}

fn map(kind: Kind) -> String {
    let mut map = MAP.to_owned();
    if kind == Kind::Postgres {
        return map;
    }
    let mut swap = |from: String, to: String| map = map.replace(&from, &to);
    let other = |word: &str| spelled(kind, word);
    for (table, columns) in TABLES {
        for (before, after) in [("table.", "]"), ("table.", ".field]"), ("-> ", ".")] {
            swap(format!("{before}{table}{after}"), format!("{before}{}{after}", other(table)));
        }
        for column in columns {
            let there = format!("-> {}.", other(table));
            swap(format!("{there}{column}\""), format!("{there}{}\"", other(column)));
            for (before, after) in [("\"", "\""), ("\"", " ->"), ("\n", " ="), (", ", " =")] {
                swap(
                    format!("{before}{column}{after}"),
                    format!("{before}{}{after}", other(column)),
                );
            }
        }
    }
    swap("{ unit_price =".to_owned(), "{ UnitPrice =".to_owned());
    map
}

/// Where the sample lies.
fn sample(file: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tells where the sample lies")]
    let folder = std::env::var("RIGHTSDESK_TEST_CHINOOK").ok();
    let path = folder.map(|folder| Path::new(&folder).join(file)).filter(|path| path.exists());
    if path.is_none() {
        println!("not run: RIGHTSDESK_TEST_CHINOOK names no folder with {file}");
    }
    path
}

async fn a_customer_is_emptied_and_kept_invoices_are_pseudonymised(kind: Kind) {
    let town = match kind {
        Kind::Sqlite => {
            let Some(path) = sample("chinook.sqlite") else { return };
            let town = Town::open(kind, "SELECT 1", &map(kind)).await.unwrap();
            std::fs::copy(path, town.file()).unwrap();
            town
        }
        Kind::Postgres => {
            let Some(path) = sample("chinook-postgresql.sql") else { return };
            let script = std::fs::read_to_string(path).unwrap();
            let (_, tables) = script.split_once("\\c chinook;").unwrap();
            let Some(town) = Town::open(kind, tables, &map(kind)).await else { return };
            town
        }
    };
    let town = Town { keys: vec![key("email", "luisg@embraer.com.br"), key("user", "1")], ..town };
    assert_eq!(town.store.check().await.unwrap(), []);
    let spelled = |word: &&str| spelled(kind, word);
    let tables: Vec<(String, Vec<String>)> = TABLES
        .iter()
        .map(|(table, columns)| (spelled(table), columns.iter().map(spelled).collect()))
        .collect();
    let mut before = Vec::new();
    for (table, columns) in &tables {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        before.extend(town.dump(&[(table, &columns)]).await);
    }
    let plan = town.plan().await;
    let planned: Vec<String> = steps(&plan).iter().map(|line| line.to_lowercase()).collect();
    assert!(planned[0].starts_with("invoice mask billing") && planned[0].ends_with(" 7"));
    assert!(planned[1].starts_with("customer mask ") && planned[1].ends_with(" 1"));
    let kept: Vec<u64> = plan.kept.iter().map(|kept| kept.rows).collect();
    assert_eq!((planned.len(), kept), (2, vec![38, 7]));
    assert_eq!(town.carry_out(&plan).await, 8);
    let mut after = Vec::new();
    for (table, columns) in &tables {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        after.extend(town.dump(&[(table, &columns)]).await);
    }
    let changed: Vec<&String> = after.iter().filter(|row| !before.contains(row)).collect();
    let went = before.iter().filter(|row| !after.contains(row)).count();
    assert_eq!((changed.len(), went, before.len()), (8, 8, after.len()));
    assert_eq!(changed[0].to_lowercase(), "customer|1|erased|erased|-|-|-|-|-|-|-|-|erased|3");
    for invoice in &changed[1..] {
        let cells: Vec<&str> = invoice.split('|').collect();
        assert_eq!(
            (cells[2], &cells[4..7], cells[7], cells[8]),
            ("1", &["-", "-", "-"][..], "Brazil", "-")
        );
        assert!(cells[3].starts_with("202") && cells[9].parse::<f64>().is_ok());
    }
    assert!(!after.concat().contains("luisg@"));
}
