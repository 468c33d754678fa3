//! A well-known sample database behind `serve`: exactly one customer's rows, and nobody else's.

use std::fs;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::support::archive::Downloaded;
use crate::support::folder::Folder;
use crate::support::journey::Journey;
use crate::support::process::{Running, run};
use crate::support::setting;

const MAP: &str = include_str!("chinook.toml");
const WHO: &str = "luisg@embraer.com.br";

#[tokio::test]
async fn one_customer_of_chinook_gets_their_1_7_and_38_rows() {
    let Some(source) = setting("RIGHTSDESK_TEST_CHINOOK") else {
        println!("not run: RIGHTSDESK_TEST_CHINOOK names no folder with chinook.sqlite");
        return;
    };
    let folder = Folder::new();
    folder.write("maps/chinook.toml", MAP);
    let database = folder.dir.join("maps/chinook.sqlite");
    fs::copy(Path::new(&source).join("chinook.sqlite"), &database).unwrap();
    run(&folder.dir, &["map", "check"]).expect(0, &["fits its stores"]);
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut luis = Journey::ask(&desk, &["access"], WHO, "en").await;
    let archive = Downloaded::new(&luis.download().await);
    let counts = [("Customer".into(), 1), ("Invoice".into(), 7), ("InvoiceLine".into(), 38)];
    assert_eq!(archive.counts("chinook"), counts.into());
    archive.verify(&folder.dir).expect(0, &[]);
    let text = archive.all_text();
    let others = "SELECT Email FROM Customer WHERE Email <> ?1 UNION SELECT Email FROM Employee";
    for other in column(&database, others).await {
        assert!(!text.contains(&other), "somebody else's address is in the archive");
    }
    let tracks = "SELECT DISTINCT t.Name FROM InvoiceLine l JOIN Invoice i USING (InvoiceId) \
                  JOIN Track t USING (TrackId) JOIN Customer c USING (CustomerId) \
                  WHERE c.Email = ?1";
    for track in column(&database, tracks).await {
        let quoted = serde_json::Value::from(track).to_string();
        assert!(text.contains(&quoted), "no track {quoted}");
    }
}

async fn column(database: &Path, sql: &'static str) -> Vec<String> {
    let file = SqliteConnectOptions::new().filename(database).read_only(true);
    let mut open = file.connect().await.unwrap();
    let found = sqlx::query_scalar(sql).bind(WHO).fetch_all(&mut open).await.unwrap();
    open.close().await.unwrap();
    assert!(!found.is_empty());
    found
}
