//! A correction from the form to the changed row, as the person and the database see it.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::support::folder::Folder;
use crate::support::http::Visitor;
use crate::support::journey::Journey;
use crate::support::mail;
use crate::support::process::{Running, run};

/// All customers of the shop.
async fn customers(folder: &Folder) -> Vec<String> {
    let file = SqliteConnectOptions::new().filename(folder.dir.join("maps/shop.db"));
    let mut shop = file.connect().await.unwrap();
    let all = "SELECT email || ' ' || name || ' ' || password_hash FROM customer ORDER BY 1";
    let found = sqlx::query_scalar(all).fetch_all(&mut shop).await.unwrap();
    shop.close().await.unwrap();
    found
}

async fn open_shop() -> Folder {
    let folder = Folder::shop().await;
    folder.replace("rightsdesk.toml", "[review]\n", "[review]\ncorrection = \"auto\"\n");
    let who = "who = { email = \"email\", user = \"customer_id\" }\n";
    let open = format!("{who}correct = [\"email\", \"name\"]\n");
    folder.replace("maps/shop.toml", who, &open);
    run(&folder.dir, &["map", "check"]).expect(0, &[]);
    folder
}

#[tokio::test]
async fn what_is_wrong_is_asked_for_written_and_told() {
    let folder = open_shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut stranger = Visitor::new(&desk.base, "en");
    let form = stranger.get("/?right=correction").await;
    assert!(form.text.contains("name=\"field\"") && form.text.contains("name=\"value\""));
    let empty = [("right", "correction"), ("email", "ada@example.org"), ("lang", "en")];
    let refused = stranger.post("/requests", &empty).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let fields = [
        ("right", "correction"),
        ("field", "name"),
        ("value", "Ada King"),
        ("field", ""),
        ("value", ""),
    ];
    let mut ada = Journey::fill(&desk, &fields, "ada@example.org", "en").await;
    let told = mail::wait(&desk.mails, "corrected", "ada@example.org", 0);
    assert!(told.text.contains("Shop accounts") && !told.text.contains("King"), "{}", told.text);
    assert_eq!(
        customers(&folder).await,
        ["ada@example.org Ada King $argon2$secret", "bob@example.org Bob $argon2$other"]
    );
    let status = ada.visitor.get(&ada.status.clone()).await.text;
    assert!(status.contains("Ada King") && status.contains("Corrected"), "{status}");
    let locked = Visitor::new(&desk.base, "en").get(&ada.status.clone()).await.text;
    assert!(!locked.contains("Ada King"), "{locked}");
    assert_eq!(desk.terminate(), Some(0));
}

#[tokio::test]
async fn the_very_address_that_proves_who_asks_is_never_changed_by_itself() {
    let folder = open_shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let fields = [("right", "correction"), ("field", "email"), ("value", "mallory@example.org")];
    let mut ada = Journey::fill(&desk, &fields, "ada@example.org", "en").await;
    let path = ada.status.clone();
    let mut status = String::new();
    // What is read takes a moment.
    while !status.contains("A person is checking") {
        assert!(!status.contains("Corrected"), "{status}");
        status = ada.visitor.get(&path).await.text;
    }
    assert!(customers(&folder).await[0].starts_with("ada@example.org Ada "));
    assert_eq!(mail::sent(&desk.mails, "change_notice", "mallory@example.org").len(), 0);
}
