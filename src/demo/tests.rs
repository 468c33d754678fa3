use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row;

use super::*;
use crate::domain::address::EmailAddress;
use crate::domain::category::Category;

async fn open(dir: &Path) -> SqliteConnection {
    let file = dir.join("company/studio.db");
    SqliteConnectOptions::new().filename(file).read_only(true).connect().await.unwrap()
}

async fn column(studio: &mut SqliteConnection, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(studio).await.unwrap()
}

async fn number(studio: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(studio).await.unwrap()
}

/// The database alone, for tests that look at no picture.
async fn rows_only() -> (tempfile::TempDir, SqliteConnection) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("company")).unwrap();
    fill(dir.path().join("company/studio.db"), Books::draw().tables).await.unwrap();
    let studio = open(dir.path()).await;
    (dir, studio)
}

/// Every file below `dir`, by its path from there.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[tokio::test]
async fn two_companies_are_the_same_byte_for_byte_and_every_picture_opens() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert_eq!(make(one.path()).await.unwrap(), make(two.path()).await.unwrap());
    let files = files(one.path());
    assert!(files == self::files(two.path()), "the same seed gives the same files");
    let pictures: Vec<_> =
        files.iter().filter(|(name, _)| name.starts_with("company/images/")).collect();
    assert!((200..400).contains(&pictures.len()), "{} pictures", pictures.len());
    for (name, bytes) in pictures {
        let mut reader = png::Decoder::new(io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap_or_else(|_| panic!("{name} opens"));
    }
}

#[tokio::test]
async fn a_company_that_stands_is_left_alone_and_half_a_one_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let half = dir.path().join("company.part");
    std::fs::create_dir_all(half.join("images")).unwrap();
    std::fs::write(half.join("studio.db"), "torn").unwrap();
    make(dir.path()).await.unwrap();
    assert!(!half.exists());
    let (picture, map) =
        (dir.path().join("company/images/uploads"), dir.path().join("maps/studio.toml"));
    std::fs::remove_dir_all(&picture).unwrap();
    std::fs::write(&map, "edited").unwrap();
    make(dir.path()).await.unwrap();
    assert!(!picture.exists(), "what a deletion took does not come back");
    assert_eq!(std::fs::read_to_string(&map).unwrap(), "edited");
}

#[tokio::test]
async fn the_database_is_sound_and_of_the_size_that_it_says() {
    let (_dir, mut studio) = rows_only().await;
    let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut studio).await.unwrap();
    assert!(broken.is_empty(), "{} rows point to nothing", broken.len());
    assert_eq!(column(&mut studio, "PRAGMA integrity_check").await, ["ok"]);
    assert_eq!(number(&mut studio, "SELECT count(*) FROM account").await, people::ACCOUNTS);
    let made = number(&mut studio, "SELECT count(*) FROM generation").await;
    assert!((1_000..3_000).contains(&made), "{made} generations");
    let most = "SELECT max(n) FROM (SELECT count(*) n FROM generation JOIN prompt \
                USING (prompt_id) GROUP BY account_id)";
    assert!((30..=60).contains(&number(&mut studio, most).await));
    let hashes = column(&mut studio, "SELECT password_hash FROM account").await;
    assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_eq!(hashes.iter().collect::<BTreeSet<_>>().len(), hashes.len());
}

#[tokio::test]
async fn nobody_is_real() {
    let (_dir, mut studio) = rows_only().await;
    let addresses =
        column(&mut studio, "SELECT email FROM account UNION ALL SELECT email FROM staff").await;
    for address in addresses {
        let domain = EmailAddress::parse(&address).unwrap().domain().to_owned();
        let reserved = ["example", "example.com", "example.org", "example.net"];
        let inside = |top: &&str| domain == **top || domain.ends_with(&format!(".{top}"));
        assert!(reserved.iter().any(inside), "{address}");
    }
    let documentation = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"];
    for ip in column(&mut studio, "SELECT DISTINCT ip_address FROM sign_in").await {
        assert!(documentation.iter().any(|range| ip.starts_with(range)), "{ip}");
        ip.parse::<std::net::IpAddr>().unwrap();
    }
}

/// Tables whose rows lead to a person, and how.
const OF_A_PERSON: [(&str, &str); 10] = [
    ("account", ""),
    ("profile", ""),
    ("consent", ""),
    ("sign_in", ""),
    ("prompt", ""),
    ("generation", "JOIN prompt USING (prompt_id)"),
    ("credit_entry", ""),
    ("payment_method", ""),
    ("invoice", ""),
    ("invoice_line", "JOIN invoice USING (invoice_no)"),
];

/// How many rows of each table lead to the accounts with exactly this address.
async fn rows_of(studio: &mut SqliteConnection, email: &str) -> BTreeMap<&'static str, i64> {
    let mut counts = BTreeMap::new();
    for (table, join) in OF_A_PERSON {
        let mut count = QueryBuilder::<Sqlite>::new("SELECT count(*) FROM ");
        count.push(table).push(" ").push(join);
        count.push(" WHERE account_id IN (SELECT account_id FROM account WHERE email = ");
        count.push_bind(email.to_owned()).push(")");
        let row = count.build().fetch_one(&mut *studio).await.unwrap();
        counts.insert(table, row.get(0));
    }
    counts
}

#[tokio::test]
async fn the_first_address_has_rows_everywhere_and_every_file() {
    let dir = tempfile::tempdir().unwrap();
    let company = make(dir.path()).await.unwrap();
    assert!(company.try_addresses.len() >= 3);
    let mut studio = open(dir.path()).await;
    let ready = &company.try_addresses[0];
    for (table, rows) in rows_of(&mut studio, ready).await {
        assert!(rows > 0, "{table} has no rows");
        assert!(table != "account" || rows == 1);
    }
    let keys: Vec<String> = sqlx::query_scalar(
        "SELECT image_key FROM generation JOIN prompt USING (prompt_id) JOIN account USING \
         (account_id) WHERE email = ? AND image_key IS NOT NULL",
    )
    .bind(ready)
    .fetch_all(&mut studio)
    .await
    .unwrap();
    assert_eq!(keys.len(), 12);
    let images = dir.path().join("company/images");
    assert!(keys.iter().all(|key| images.join("made").join(key).is_file()));
    let id: i64 = sqlx::query_scalar(
        "SELECT account_id FROM account WHERE email = ? AND email_confirmed_at IS NOT NULL AND \
         internal_note <> '' AND support_agent_id IS NOT NULL",
    )
    .bind(ready)
    .fetch_one(&mut studio)
    .await
    .unwrap();
    assert_eq!(std::fs::read_dir(images.join(format!("uploads/{id}"))).unwrap().count(), 2);
}

#[tokio::test]
async fn each_trouble_is_there() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path()).await.unwrap();
    let mut studio = open(dir.path()).await;
    let folded = |email: &str| email.to_ascii_lowercase();
    let stored = column(&mut studio, "SELECT email FROM account").await;
    let exactly = |wanted: &str| stored.iter().filter(|email| *email == wanted).count();
    let loosely =
        |wanted: &str| stored.iter().filter(|email| folded(email) == folded(wanted)).count();
    for plain in [people::READY, people::PLAIN, people::PICTURES_MISSING, people::UNCONFIRMED] {
        assert_eq!((exactly(plain), loosely(plain)), (1, 1), "{plain}");
    }
    assert_eq!((exactly(people::STORED_OTHERWISE), loosely(people::STORED_OTHERWISE)), (0, 1));
    assert_eq!((exactly(people::CASE_TWINS), loosely(people::CASE_TWINS)), (0, 2));
    assert_eq!((exactly(people::SHARED), loosely(people::SHARED)), (2, 2));
    let unused = rows_of(&mut studio, people::UNUSED).await;
    assert_eq!(unused.values().sum::<i64>(), 1, "its own row and no other");
    let unproven =
        column(&mut studio, "SELECT email FROM account WHERE email_confirmed_at IS NULL");
    assert!(unproven.await.contains(&people::UNCONFIRMED.to_owned()));
    let images = dir.path().join("company/images/made");
    let named = column(
        &mut studio,
        "SELECT email || '|' || image_key FROM generation JOIN prompt USING (prompt_id) JOIN \
         account USING (account_id) WHERE image_key IS NOT NULL",
    )
    .await;
    let missing: Vec<_> = named
        .iter()
        .filter_map(|row| row.split_once('|'))
        .filter(|(_, key)| !images.join(key).exists())
        .map(|(email, _)| email)
        .collect();
    assert_eq!(missing, [people::PICTURES_MISSING; 2], "no picture is missing elsewhere");
}

#[tokio::test]
async fn the_values_that_are_easily_spoiled_are_there() {
    let (_dir, mut studio) = rows_only().await;
    for sql in [
        "SELECT count(*) FROM prompt WHERE text LIKE '=%'",
        "SELECT count(*) FROM prompt WHERE text LIKE '<script>%'",
        "SELECT count(*) FROM prompt WHERE text LIKE '%' || char(13, 10) || '%'",
        "SELECT count(*) FROM prompt WHERE negative_text = ''",
        "SELECT count(*) FROM prompt WHERE negative_text IS NULL",
        "SELECT count(*) FROM generation WHERE seed > 9007199254740992",
        "SELECT count(*) FROM generation WHERE safety_score < -1e308",
        "SELECT count(*) FROM generation WHERE typeof(fingerprint) = 'blob'",
        "SELECT count(*) FROM invoice WHERE typeof(total) = 'text' AND total LIKE '%.%0'",
        "SELECT count(*) FROM payment_method WHERE last4 LIKE '0%'",
    ] {
        assert!(number(&mut studio, sql).await > 0, "{sql}");
    }
}

#[tokio::test]
async fn the_map_speaks_of_every_column_of_every_table_that_leads_to_a_person() {
    let (_dir, mut studio) = rows_only().await;
    let map: toml::Table = MAPS[0].1.parse().unwrap();
    let tables = map["store"]["studio"]["table"].as_table().unwrap();
    assert_eq!(tables.len(), OF_A_PERSON.len());
    for (table, _) in OF_A_PERSON {
        let spoken = &tables[table];
        let names = |of: Option<&toml::Value>| -> Vec<String> {
            let keys = |t: &toml::Table| t.keys().cloned().collect();
            of.and_then(toml::Value::as_table).map(keys).unwrap_or_default()
        };
        let mut known = names(spoken.get("field"));
        for rule in ["lookup", "third_party"] {
            for (_, rule) in spoken.get(rule).and_then(toml::Value::as_table).into_iter().flatten()
            {
                let on = rule["on"].as_str().unwrap();
                known.push(on.split(" -> ").next().unwrap().to_owned());
            }
        }
        known.extend(
            spoken
                .get("via")
                .map(|via| via.as_str().unwrap().split(" -> ").next().unwrap().to_owned()),
        );
        let ignored = spoken.get("ignore").and_then(toml::Value::as_array).into_iter().flatten();
        known.extend(ignored.map(|column| column.as_str().unwrap().to_owned()));
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
            .bind(table)
            .fetch_all(&mut studio)
            .await
            .unwrap();
        for column in &columns {
            assert!(known.contains(column), "{table}.{column} is not spoken of");
        }
        assert!(known.iter().all(|column| columns.contains(column)), "{table}: {known:?}");
        for (field, is) in spoken["field"].as_table().unwrap() {
            let category = is.get("is").unwrap_or(is).as_str().unwrap();
            assert!(Category::parse(category).is_some(), "{table}.{field} is {category}");
        }
        assert!(spoken.get("erase").is_some() || spoken.get("keep").is_some(), "{table}");
    }
}

#[test]
fn every_map_gives_the_facts_that_the_law_wants() {
    for (name, text) in MAPS {
        let map: toml::Table = text.parse().unwrap();
        assert_eq!(map["format"].as_str(), Some("rightsdesk-map/1"));
        for (_, store) in map["store"].as_table().unwrap() {
            for fact in ["purposes", "basis", "source", "recipients", "country", "retention"] {
                assert!(store.get(fact).is_some(), "{name} lacks {fact}");
            }
            assert!(store.get("controller").is_some() && store.get("backup").is_some());
            let label = store["label"].as_table().unwrap();
            assert!(label.contains_key("en") && label.contains_key("de"));
        }
    }
}
