//! What comes to real stores after people approved: a database and a folder, with everything of ours
//! between the form and the rows.

use sqlx::AssertSqlSafe;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::erase::BOB;
use super::*;
use crate::db::testing::db_test;
use crate::domain::request::Outcome;
use crate::domain::state::Status;

const FACTS: &str = "label = { en = \"It\", de = \"Es\" }\ncontroller = \"self\"\n\
    purposes = [\"contract\"]\nbasis = \"GDPR 6(1)(b)\"\nsource = \"the person\"\n\
    recipients = []\ncountry = \"DE\"\nretention = \"a year\"\nbackup = \"30d\"\n";
const SQL: &str = "CREATE TABLE account(id INTEGER PRIMARY KEY, email TEXT);
    CREATE TABLE visit(id INTEGER PRIMARY KEY, account INTEGER, page TEXT);
    CREATE TABLE ticket(id INTEGER PRIMARY KEY, account INTEGER, words TEXT);
    INSERT INTO account VALUES (1, 'ada@example.org'), (2, 'bob@example.org');
    INSERT INTO visit VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c');
    INSERT INTO ticket VALUES (1, 2, 'd');";

/// A shop in a file and pictures in a folder, below one folder.
struct Place {
    folder: TempDir,
}

impl Place {
    async fn make() -> Self {
        let this = Self { folder: tempfile::tempdir().unwrap() };
        this.run(SQL).await;
        for name in ["uploads/1/a.png", "uploads/2/b.png"] {
            this.lay(name);
        }
        this
    }

    fn open(&self) -> Stores {
        let map = format!(
            "[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{FACTS}\
             [store.shop.table.account]\nperson = true\nerase = \"delete\"\n\
             who = {{ email = \"email\", user = \"id\" }}\nfield = {{ email = \"user.contact.email\" }}\n\
             [store.shop.table.visit]\nvia = \"account -> account.id\"\nerase = \"delete\"\n\
             field = {{ page = \"user.behavior\" }}\n\
             [store.shop.table.ticket]\nvia = \"account -> account.id\"\nerase = \"delete\"\n\
             field = {{ words = \"user.content\" }}\n\
             [store.pictures]\nkind = \"objects\"\nurl = \"file:pictures\"\n{FACTS}\
             [store.pictures.prefix.uploads]\nkey = \"uploads/{{user}}/\"\nis = \"user.content\"\n\
             erase = \"delete\"\n\
             [store.pictures.prefix.made]\nkey = \"made/{{user}}/\"\nis = \"user.content\"\n\
             erase = \"delete\"\n"
        );
        opened(self.folder.path(), &map)
    }

    async fn session(&self) -> SqliteConnection {
        let file = self.folder.path().join("shop.db");
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    async fn run(&self, sql: &str) {
        let mut session = self.session().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut session).await.unwrap();
        session.close().await.unwrap();
    }

    fn lay(&self, name: &str) {
        let file = self.folder.path().join("pictures").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, name).unwrap();
    }

    /// Everything there is, row by row and file by file.
    async fn all(&self) -> Vec<String> {
        let sql = "SELECT 'account ' || id || email FROM account
            UNION SELECT 'visit ' || id || page || account FROM visit
            UNION SELECT 'ticket ' || id || words || account FROM ticket ORDER BY 1";
        let mut session = self.session().await;
        let mut all: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut session).await.unwrap();
        session.close().await.unwrap();
        for name in ["uploads/1/a.png", "uploads/2/b.png", "made/1/c.png"] {
            let file = self.folder.path().join("pictures").join(name);
            all.extend(std::fs::read_to_string(file).ok());
        }
        all
    }
}

/// Nothing is touched after `sql` has run and `file` was laid there, until people have approved that
/// too; then all of Ada goes and nothing of Bob.
async fn stops(db: &TestDb, sql: &str, file: Option<&str>) {
    let stores = Place::make().await;
    let house = House::new(db, stores.open()).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    stores.run(sql).await;
    if let Some(file) = file {
        stores.lay(file);
    }
    let before = stores.all().await;
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    assert_eq!(stores.all().await, before, "nothing was touched");
    assert!(house.notes().await.is_empty());
    house.agreed(&by, &reference).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
    let bobs = ["account 2bob@example.org", "ticket 1d2", "visit 3c2", "uploads/2/b.png"];
    assert_eq!(stores.all().await, bobs, "{BOB} is as he was");
}

db_test!(a_row_in_a_table_that_was_not_approved_stops_a_deletion, |db| async move {
    stops(&db, "INSERT INTO ticket VALUES (9, 1, 'mine')", None).await;
});

db_test!(a_file_below_a_prefix_that_was_not_approved_stops_a_deletion, |db| async move {
    stops(&db, "", Some("made/1/c.png")).await;
});

db_test!(a_second_person_in_a_real_store_stops_a_deletion, |db| async move {
    let stores = Place::make().await;
    let house = House::new(&db, stores.open()).await;
    let by = house.two().await;
    let (reference, _) = house.answered(&[Right::Deletion], ADA).await;
    house.agreed(&by, &reference).await;
    stores.run("INSERT INTO account VALUES (9, 'ada@example.org')").await;
    let before = stores.all().await;
    house.cools_off().await;
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    let two = (Status::Gathering, [Blocker::TwoPeople].into());
    assert_eq!((request.status, request.blockers), two);
    assert_eq!(stores.all().await, before, "nothing was touched");
});
