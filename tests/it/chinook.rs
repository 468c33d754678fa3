//! A well-known sample database behind `serve`: exactly one customer's rows, and nobody else's.

use std::fs;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;

use futures::FutureExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use crate::support::archive::Downloaded;
use crate::support::folder::Folder;
use crate::support::journey::Journey;
use crate::support::process::{Running, run};
use crate::support::{not_run, setting};

const MAP: &str = include_str!("chinook.toml");
const WHO: &str = "luisg@embraer.com.br";

/// Where the sample lies.
fn sample() -> Option<String> {
    let folder = setting("RIGHTSDESK_TEST_CHINOOK");
    if folder.is_none() {
        println!("not run: RIGHTSDESK_TEST_CHINOOK names no folder with the sample");
    }
    folder
}

#[tokio::test]
async fn one_customer_of_chinook_gets_their_1_7_and_38_rows() {
    let Some(source) = sample() else { return };
    let folder = Folder::new();
    folder.write("maps/chinook.toml", MAP);
    let database = folder.dir.join("maps/chinook.sqlite");
    fs::copy(Path::new(&source).join("chinook.sqlite"), &database).unwrap();
    let archive = ask(&folder).await;
    let counts = [("Customer".into(), 1), ("Invoice".into(), 7), ("InvoiceLine".into(), 38)];
    assert_eq!(archive.counts("chinook"), counts.into());
    let others = "SELECT Email FROM Customer WHERE Email <> ?1 UNION SELECT Email FROM Employee";
    let tracks = "SELECT DISTINCT t.Name FROM InvoiceLine l JOIN Invoice i USING (InvoiceId) \
                  JOIN Track t USING (TrackId) JOIN Customer c USING (CustomerId) \
                  WHERE c.Email = ?1";
    let others = column(&database, others).await;
    holds_these_tracks_and_no_others(&archive, &others, column(&database, tracks).await);
}

#[tokio::test]
async fn the_same_customer_in_postgresql_gets_the_same_rows() {
    let Some(source) = sample() else { return };
    let Some(server) = setting("RIGHTSDESK_TEST_POSTGRES") else {
        return not_run("RIGHTSDESK_TEST_POSTGRES");
    };
    let name = format!("rightsdesk_chinook_{}", std::process::id());
    execute(&server, format!("CREATE DATABASE {name}")).await;
    let mut url: url::Url = server.parse().unwrap();
    url.set_path(&name);
    let outcome = AssertUnwindSafe(in_postgresql(&source, url)).catch_unwind().await;
    execute(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

async fn in_postgresql(source: &str, url: url::Url) {
    let script = fs::read_to_string(Path::new(source).join("chinook-postgresql.sql")).unwrap();
    // What stands before it makes a database and is for psql alone.
    let (_, script) = script.split_once("\\c chinook;").unwrap();
    execute(url.as_str(), script.to_owned()).await;
    let folder = Folder::new();
    folder.write("maps/chinook.toml", &postgresql_map());
    folder.write("maps/chinook.url", url.as_str());
    let archive = ask(&folder).await;
    let counts = [("customer".into(), 1), ("invoice".into(), 7), ("invoice_line".into(), 38)];
    assert_eq!(archive.counts("chinook"), counts.into());
    let mut session = PgConnection::connect(url.as_str()).await.unwrap();
    let others = "SELECT email FROM customer WHERE email <> $1 UNION SELECT email FROM employee";
    let tracks = "SELECT DISTINCT t.name FROM invoice_line l JOIN invoice i USING (invoice_id) \
                  JOIN track t USING (track_id) JOIN customer c USING (customer_id) \
                  WHERE c.email = $1";
    let others: Vec<String> =
        sqlx::query_scalar(others).bind(WHO).fetch_all(&mut session).await.unwrap();
    let tracks: Vec<String> =
        sqlx::query_scalar(tracks).bind(WHO).fetch_all(&mut session).await.unwrap();
    holds_these_tracks_and_no_others(&archive, &others, tracks);
}

/// The same map over the names as PostgreSQL's flavour of the sample spells them.
fn postgresql_map() -> String {
    let mut map = MAP
        .replace("kind = \"sqlite\"", "kind = \"postgres\"")
        .replace("\"sqlite:chinook.sqlite\"", "{ file = \"chinook.url\" }");
    let capitals: std::collections::BTreeSet<&str> = MAP
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| word.len() > 2 && word.starts_with(|first: char| first.is_ascii_uppercase()))
        .collect();
    let (head, tables) = map.split_at(map.find("[store.chinook.table").unwrap());
    let mut tables = tables.to_owned();
    // Longer names first, since shorter ones stand within them.
    let mut capitals: Vec<&str> = capitals.into_iter().collect();
    capitals.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in capitals {
        tables = tables.replace(word, &snake(word));
    }
    map = head.to_owned() + &tables;
    map
}

/// `InvoiceLine` is `invoice_line`.
fn snake(word: &str) -> String {
    let mut snake = String::new();
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

async fn execute(url: &str, sql: String) {
    let mut session = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await.unwrap();
}

/// Checks the map, serves, and asks for everything of one customer.
async fn ask(folder: &Folder) -> Downloaded {
    run(&folder.dir, &["map", "check"]).expect(0, &["fits its stores"]);
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut luis = Journey::ask(&desk, &["access"], WHO, "en").await;
    let archive = Downloaded::new(&luis.download().await);
    archive.verify(&folder.dir).expect(0, &[]);
    archive
}

fn holds_these_tracks_and_no_others(archive: &Downloaded, others: &[String], tracks: Vec<String>) {
    assert!(!others.is_empty() && !tracks.is_empty());
    let text = archive.all_text();
    for other in others {
        assert!(!text.contains(other), "somebody else's address is in the archive");
    }
    for track in tracks {
        let quoted = serde_json::Value::from(track).to_string();
        assert!(text.contains(&quoted), "no track {quoted}");
    }
}

async fn column(database: &Path, sql: &'static str) -> Vec<String> {
    let file = SqliteConnectOptions::new().filename(database).read_only(true);
    let mut open = file.connect().await.unwrap();
    let found = sqlx::query_scalar(sql).bind(WHO).fetch_all(&mut open).await.unwrap();
    open.close().await.unwrap();
    found
}
