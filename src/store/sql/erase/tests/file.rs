//! What only a file has: what is left in it and in the log beside it.

use std::fs;

use super::town::{Kind, Town, blockers};

const SQL: &str = "PRAGMA journal_mode = WAL;
    CREATE TABLE person(id INTEGER PRIMARY KEY, email TEXT, name TEXT);
    INSERT INTO person VALUES (1, 'ada@example.org', 'canary-of-ada'), (2, 'g@example.org', 'G');";
const MAP: &str = "[store.shop.table.person]\nperson = true\nwho = { email = \"email\" }\n\
    field.name = \"user.name\"\nerase = \"$ERASE\"\n";

#[tokio::test]
async fn nothing_of_what_went_is_left_in_the_file_or_beside_it() {
    for erase in ["delete", "mask"] {
        let map = MAP.replace("$ERASE", erase);
        let town = Town::open(Kind::Sqlite, SQL, &map).await.unwrap();
        let found = || {
            let wal = town.file().with_extension("db-wal");
            let bytes =
                [fs::read(town.file()).unwrap(), fs::read(wal).unwrap_or_default()].concat();
            bytes.windows(13).any(|bytes| bytes == b"canary-of-ada")
        };
        assert!(found());
        let plan = town.plan().await;
        town.carry_out(&plan).await;
        assert!(!found(), "{erase}");
    }
}

#[tokio::test]
async fn a_row_that_its_program_does_not_look_after_is_looked_after_here() {
    let sql = format!(
        "{SQL} CREATE TABLE note(p INTEGER REFERENCES person(id)); INSERT INTO note VALUES (1)"
    );
    let town = Town::open(Kind::Sqlite, &sql, &MAP.replace("$ERASE", "delete")).await.unwrap();
    let plan = town.plan().await;
    assert_eq!(blockers(&plan), ["referenced person note.p 1"]);
}
