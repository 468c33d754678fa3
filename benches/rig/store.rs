//! One person with many rows among other people, the same for the same number of rows.

use std::path::Path;

use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

/// Whose rows are asked for.
pub(crate) const ADDRESS: &str = "many@example.org";
/// How many others there are, with one row for every ten of the person's.
const OTHERS: u32 = 200;
/// Their number in the store.
pub(crate) const PERSON: u32 = 77;
const ROWS_A_STATEMENT: usize = 500;

const SCHEMA: [&str; 3] = [
    "CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT)",
    "CREATE TABLE event (event_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, kind TEXT, \
     occurred_at TEXT, amount REAL, quantity INTEGER, country TEXT, ip TEXT, settings TEXT, \
     message TEXT, note TEXT)",
    "CREATE INDEX event_customer ON event (customer_id)",
];

/// The map of the store, which lies at `path`.
pub(crate) fn map(path: &Path) -> String {
    format!(
        r#"format = "rightsdesk-map/1"
[store.shop]
kind = "sqlite"
url = "sqlite:{}"
label = {{ en = "Shop", de = "Laden" }}
controller = "self"
purposes = ["contract"]
basis = "GDPR 6(1)(b)"
source = "the person"
recipients = []
country = "DE"
retention = "until the account is closed"
backup = "30d"
[store.shop.table.customer]
person = true
who = {{ email = "email", user = "customer_id" }}
field = {{ email = "user.contact.email", name = "user.name" }}
[store.shop.table.event]
via = "customer_id -> customer.customer_id"
field = {{ kind = "user.behavior", occurred_at = "user.behavior", amount = "user.payment", quantity = "user.payment", country = "user.location", ip = "user.device.ip_address", settings = "user.content", message = "user.content", note = "user.content" }}
"#,
        path.display()
    )
}

/// Makes the store with `rows` events of the person.
pub(crate) async fn make(path: &Path, rows: u32) {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut db = options.connect().await.expect("the folder takes a database");
    for statement in SCHEMA {
        sqlx::query(statement).execute(&mut db).await.expect("the schema is right");
    }
    let people = (1..=OTHERS).map(|id| {
        let address = if id == PERSON { ADDRESS.to_owned() } else { format!("p{id}@example.org") };
        json!([id, address, format!("Person {id}")])
    });
    insert(&mut db, "customer", 3, &people.collect::<Vec<_>>()).await;
    let mut dice = Dice(42);
    let mut batch = Vec::with_capacity(ROWS_A_STATEMENT);
    let (mut id, mut of_person) = (0, 0);
    while of_person < rows {
        id += 1;
        let other = id % 11 == 0;
        of_person += u32::from(!other);
        let customer = if other { 1 + dice.below(PERSON - 1) } else { PERSON };
        batch.push(event(id, customer, &mut dice));
        if batch.len() == ROWS_A_STATEMENT {
            insert(&mut db, "event", 11, &batch).await;
            batch.clear();
        }
    }
    insert(&mut db, "event", 11, &batch).await;
    db.close().await.expect("the database closes");
}

async fn insert(db: &mut SqliteConnection, table: &str, columns: usize, rows: &[Value]) {
    let columns: Vec<String> = (0..columns).map(|at| format!("value ->> {at}")).collect();
    let sql = format!("INSERT INTO {table} SELECT {} FROM json_each(?1)", columns.join(", "));
    let rows = Value::from(rows).to_string();
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(rows);
    query.execute(db).await.expect("the rows fit the schema");
}

fn event(id: u32, customer: u32, dice: &mut Dice) -> Value {
    let words: Vec<&str> = WORDS.split(' ').collect();
    let message: Vec<&str> = (0..15 + dice.below(20)).map(|_| dice.of(&words)).collect();
    let second = dice.below(60);
    json!([
        id,
        customer,
        dice.of(&["order", "message", "sign_in", "refund"]),
        format!(
            "2026-{:02}-{:02}T{:02}:{:02}:{second:02}Z",
            1 + dice.below(12),
            1 + dice.below(28),
            dice.below(24),
            dice.below(60)
        ),
        f64::from(dice.below(1_000_000)) / 100.0,
        dice.below(20),
        dice.of(&["DE", "FR", "AT", "GB", "US"]),
        format!("203.0.{}.{}", dice.below(256), dice.below(256)),
        json!({ "theme": dice.of(&["light", "dark"]), "size": dice.below(100) }).to_string(),
        message.join(" "),
        (dice.below(3) == 0).then(|| format!("=note {}", dice.below(1_000_000))),
    ])
}

const WORDS: &str = "the order arrived late again and nobody answered my question about delivery \
    please send invoice to new address in Köln or refund blue lamp which was broken when it came \
    thanks for quick help yesterday customer service very friendly still waiting since Monday \
    picture export settings password window";

/// `SplitMix64`: enough for made-up rows, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let z = u128::from(z ^ (z >> 31));
        u32::try_from((z * u128::from(end)) >> 64).expect("it is below `end`")
    }

    fn of(&mut self, all: &[&'static str]) -> &'static str {
        let many = u32::try_from(all.len()).expect("a short list");
        all[self.below(many) as usize]
    }
}
