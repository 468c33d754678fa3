//! Three stores that know everybody: a shop in a database, a file of contacts, and a folder. What they
//! hold of whom, what is gone of it, and whether anything went twice.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::check::bounds::files;
use crate::database::Database;
use crate::house::House;
use crate::people::{MARK, Person};

/// Everybody has something in each of these.
pub(super) const PLACES: [&str; 6] = [
    "pictures/files",
    "pictures/uploads",
    "shop/invoice",
    "shop/customer",
    "crm/ticket",
    "crm/contact",
];
/// Contacts go by other numbers than customers.
const APART: u32 = 5_000;
/// What is left of a contact.
const MASKED: &str = "-|erased";

/// What stands where: by place, owner and row.
pub(super) type Held = BTreeMap<(String, u32, String), String>;

/// The map of a house, with ways to erase; what it was built with is gone.
fn map(shop: &str) -> String {
    let facts = |label: &str| {
        format!(
            "label = {{ en = \"{label}\", de = \"{label}\" }}\ncontroller = \"self\"\n\
             purposes = [\"contract\"]\nbasis = \"GDPR 6(1)(b)\"\nsource = \"the person\"\n\
             recipients = []\ncountry = \"DE\"\nretention = \"until the account is closed\"\n\
             backup = \"30d\"\n"
        )
    };
    format!(
        "format = \"rightsdesk-map/1\"\n[store.shop]\n{shop}{}\
         [store.shop.table.customer]\nperson = true\nerase = \"delete\"\n\
         who = {{ email = \"email\", user = \"customer_id\" }}\n\
         [store.shop.table.customer.field]\nemail = \"user.contact.email\"\nname = \"user.name\"\n\
         password_hash = \"user.authorization\"\n\
         picture = {{ is = \"user.content\", blob = \"pictures:{{value}}\" }}\n\
         [store.shop.table.invoice]\nvia = \"customer_id -> customer.customer_id\"\n\
         erase = \"delete\"\nfield = {{ total = \"user.payment\", note = \"user.content\" }}\n\
         [store.crm]\nkind = \"sqlite\"\nurl = \"sqlite:../stores/crm.db\"\n{}\
         [store.crm.table.contact]\nperson = true\nerase = \"mask\"\nwho = {{ email = \"email\" }}\n\
         [store.crm.table.contact.field]\nemail = \"user.contact.email\"\n\
         name = {{ is = \"user.name\", erase = {{ constant = \"erased\" }} }}\n\
         [store.crm.table.ticket]\nvia = \"contact_id -> contact.contact_id\"\nerase = \"delete\"\n\
         field = {{ text = \"user.content\" }}\n\
         [store.pictures]\nkind = \"objects\"\nurl = \"file:../stores/pictures\"\n{}\
         [store.pictures.prefix.uploads]\nkey = \"uploads/{{user}}/\"\nis = \"user.content\"\n\
         erase = \"delete\"\n",
        facts("Shop"),
        facts("Contacts"),
        facts("Pictures"),
    )
}

/// A line for every row that the database takes away or changes, whoever asks for it.
fn watch(table: &str, id: &str, what: &str, postgres: bool) -> String {
    if postgres {
        format!(
            "CREATE TRIGGER {table}_gone AFTER {what} ON {table} FOR EACH ROW
             EXECUTE FUNCTION note_gone('{id}');"
        )
    } else {
        format!(
            "CREATE TRIGGER {table}_gone AFTER {what} ON {table} BEGIN
             INSERT INTO gone VALUES ('{table}', OLD.{id}); END;"
        )
    }
}

fn log(postgres: bool) -> &'static str {
    if postgres {
        "CREATE TABLE gone(what text, id bigint);
         CREATE FUNCTION note_gone() RETURNS trigger LANGUAGE plpgsql AS
         'BEGIN INSERT INTO public.gone VALUES
          (TG_TABLE_NAME, (to_jsonb(OLD) ->> TG_ARGV[0])::bigint); RETURN OLD; END';"
    } else {
        "CREATE TABLE gone(what TEXT, id INTEGER);"
    }
}

fn shop(house: &House) -> Database {
    house.shop.clone().unwrap_or_else(|| Database::Sqlite(house.dir.join("stores/shop.db")))
}

fn crm(house: &House) -> Database {
    Database::Sqlite(house.dir.join("stores/crm.db"))
}

/// Makes the stores of a house that was built and does not run yet.
pub(super) async fn fill(house: &House) {
    let postgres = house.database.is_postgres();
    let way = if postgres {
        "kind = \"postgres\"\nurl = { env = \"CRASH_SHOP\" }\n"
    } else {
        "kind = \"sqlite\"\nurl = \"sqlite:../stores/shop.db\"\n"
    };
    fs::write(house.dir.join("maps/people.toml"), map(way)).unwrap();
    let watched = [("customer", "customer_id"), ("invoice", "invoice_id")];
    let watched = watched.map(|(table, id)| watch(table, id, "DELETE", postgres));
    shop(house).run(&format!("{}{}", log(postgres), watched.concat())).await;
    let mut rows = String::new();
    for number in 1..=house.people {
        rows += &contact(number);
        let folder = house.dir.join(format!("stores/pictures/uploads/{number}"));
        fs::create_dir_all(&folder).unwrap();
        for name in ["a.png", "b.png"] {
            fs::write(folder.join(name), format!("{MARK}{number}- {name}")).unwrap();
        }
    }
    let watched = [
        watch("contact", "contact_id", "UPDATE", false),
        watch("ticket", "ticket_id", "DELETE", false),
    ];
    let sql = format!(
        "CREATE TABLE contact(contact_id INTEGER PRIMARY KEY, email TEXT, name TEXT);
         CREATE TABLE ticket(ticket_id INTEGER PRIMARY KEY, contact_id INTEGER, text TEXT);
         {}{}BEGIN;{rows}COMMIT;",
        log(false),
        watched.concat()
    );
    crm(house).run(&sql).await;
}

/// What the contacts hold of somebody at the beginning.
fn contact(number: u32) -> String {
    let person = Person { number, known: true };
    let (id, email) = (number + APART, person.address());
    let mut rows =
        format!("INSERT INTO contact VALUES ({id}, '{email}', '{MARK}{number}- Ada');\n");
    for ticket in [2 * id, 2 * id + 1] {
        writeln!(rows, "INSERT INTO ticket VALUES ({ticket}, {id}, '{}');", person.words())
            .unwrap();
    }
    rows
}

/// Puts the contacts of somebody back from a backup. Gives the lines of what goes when they are
/// deleted again.
pub(super) async fn put_back(house: &House, number: u32) -> Vec<(String, String)> {
    let id = number + APART;
    let sql = format!("DELETE FROM contact WHERE contact_id = {id};\n{}", contact(number));
    crm(house).run(&sql).await;
    let places = [("crm/ticket", 2 * id), ("crm/ticket", 2 * id + 1), ("crm/contact", id)];
    places.map(|(place, id)| (place.to_owned(), id.to_string())).into()
}

/// All that the stores hold.
pub(super) async fn look(house: &House) -> Held {
    let mut held = Held::new();
    let (shop, crm) = (shop(house), crm(house));
    let tables = [
        (
            &shop,
            "shop/customer",
            "customer_id AS TEXT), CAST(customer_id AS TEXT), email || name || password_hash \
             || picture FROM customer",
            0,
        ),
        (
            &shop,
            "shop/invoice",
            "customer_id AS TEXT), CAST(invoice_id AS TEXT), total || substr(note, 1, 60) \
             FROM invoice",
            0,
        ),
        (
            &crm,
            "crm/contact",
            "contact_id AS TEXT), CAST(contact_id AS TEXT), COALESCE(email, '-') || '|' || name \
             FROM contact",
            APART,
        ),
        (
            &crm,
            "crm/ticket",
            "contact_id AS TEXT), CAST(ticket_id AS TEXT), text FROM ticket",
            APART,
        ),
    ];
    for (store, place, columns, apart) in tables {
        for row in store.rows(&format!("SELECT CAST({columns}")).await {
            let [owner, id, value] = row.try_into().unwrap();
            let owner = owner.parse::<u32>().unwrap() - apart;
            held.insert((place.to_owned(), owner, id), value);
        }
    }
    let folder = house.dir.join("stores/pictures");
    for file in files(&folder) {
        let name = file.strip_prefix(&folder).unwrap().display().to_string();
        let upload = name.strip_prefix("uploads/").and_then(|rest| rest.split('/').next());
        let place = if upload.is_some() { "pictures/uploads" } else { "pictures/files" };
        let owner = upload.unwrap_or(name.trim_end_matches(".jpg")).parse().unwrap();
        held.insert((place.to_owned(), owner, name), hash(&file));
    }
    held
}

fn hash(file: &Path) -> String {
    use sha2::{Digest as _, Sha256};
    data_encoding::HEXLOWER.encode(&Sha256::digest(fs::read(file).unwrap()))
}

/// What the databases say that was taken away or changed, one line each time.
pub(super) async fn gone(house: &House) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for (store, name) in [(shop(house), "shop"), (crm(house), "crm")] {
        for row in store.rows("SELECT what, CAST(id AS TEXT) FROM gone").await {
            lines.push((format!("{name}/{}", row[0]), row[1].clone()));
        }
    }
    lines
}

/// What became of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    There,
    Gone,
    /// It is there, and neither as it was nor as it should be.
    Spoilt,
}

/// What became of a row that was there at the beginning.
pub(super) fn fate(place: &str, before: &str, now: Option<&String>) -> Fate {
    match now {
        Some(now) if now == before => Fate::There,
        Some(now) if place == "crm/contact" && now == MASKED => Fate::Gone,
        None if place != "crm/contact" => Fate::Gone,
        _ => Fate::Spoilt,
    }
}
