use std::collections::BTreeSet;

use super::super::testing::{TestDb, db_test, sqlite_url};
use super::*;
use crate::db::frozen::Frozen;
use crate::domain::correction::Asked;
use crate::domain::subject::SubjectKey;
use crate::ids::IntakeId;

/// Blobs that the root key does not seal, and why none of them has to be sealed anew.
const NOT_SEALED: &[(&str, &str)] = &[
    ("intake", "contact_tag"), // a keyed hash, made anew with its value; else used 30 days
    ("staff", "email_tag"),    // as above
    ("subject_key", "tag"),    // as above
    ("found_person", "row_tag"), // a keyed hash, used while a request is gathered
    ("segment", "item_tag"),   // as above
    ("challenge", "mac"),      // a keyed hash that is good for ten minutes
    ("outbox", "budget_tag"),  // a keyed hash that counts for a day
    ("mail_budget", "tag"),    // as above
    ("mail_block", "tag"),     // a keyed hash that is good for 30 days
    ("outbox", "content_hash"), // a plain hash
    ("audit", "hash"),         // a plain hash of a line without personal data
    ("archive", "sha256"),     // a plain hash
    ("archive", "wrapped_key"), // under an epoch key, which the root key does not make
    ("link_token", "hash"),    // a hash of 256 random bits
    ("status_session", "hash"), // as above
    ("download", "cookie_hash"), // as above
    ("staff_invite", "hash"),  // as above
    ("staff_session", "hash"), // as above
    ("api_token", "hash"),     // as above
    ("flag", "tag"),           // a keyed hash under a key of its own, which is sealed in flag_key
    ("api_call", "body_hash"), // a keyed hash that is kept for a week
];

/// Every sealed value, opened: its place and its words.
pub(crate) async fn values(db: &Db) -> BTreeSet<(String, Vec<u8>)> {
    let mut values = BTreeSet::new();
    for of in SEALED {
        let all = Query::select()
            .expr(Expr::cust("*"))
            .from(of.table)
            .and_where(Expr::col(of.column).is_not_null())
            .to_owned();
        for row in db.pool().query_all(&all).await.unwrap() {
            let place = of.row.place(of, &row).unwrap();
            let sealed: Vec<u8> = row.try_get("", of.column).unwrap();
            let plain = db.sealer.open_bytes(&place, &sealed).unwrap();
            values.insert((place, plain.to_vec()));
        }
    }
    values
}

/// A file that somebody brought, and a cursor: what a plain request does not leave behind.
pub(crate) async fn add_rare_values(db: &Db, intake: IntakeId) {
    let tx = db.begin().await.unwrap();
    let id = Uuid::from_u128(7);
    let seal = |column: &str| {
        tx.sealer().seal_bytes(&format!("evidence.{column}/{id}"), column.as_bytes())
    };
    let evidence = Query::insert()
        .into_table("evidence")
        .columns(["id", "intake_id", "staff_id", "name", "body", "size", "at"])
        .values_panic([
            id.into(),
            intake.0.into(),
            id.into(),
            seal("name").into(),
            seal("body").into(),
            4.into(),
            0_i64.into(),
        ])
        .to_owned();
    tx.conn().execute(&evidence).await.unwrap();
    let request = tx.requests_of(intake).await.unwrap()[0].value.id;
    let asked = Asked { field: "name".into(), value: "Ada".into() };
    tx.insert_changes(request, &[asked], jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    tx.set_fields(request, "shop", &[], jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    let frozen = Frozen {
        store: "shop".into(),
        keys: vec![SubjectKey::new(KeyKind::email(), "ada@example.org").unwrap()],
        ends: false,
        at: jiff::Timestamp::UNIX_EPOCH,
    };
    tx.freeze(request, &frozen).await.unwrap();
    let tasks = Query::select().column("id").from("task").to_owned();
    for row in tx.conn().query_all(&tasks).await.unwrap() {
        let task: Uuid = row.try_get("", "id").unwrap();
        let cursor = tx.sealer().seal_bytes(&format!("task.cursor/{task}"), b"page 2");
        let set = Query::update()
            .table("task")
            .value("cursor", cursor)
            .and_where(Expr::col("id").eq(task))
            .to_owned();
        tx.conn().execute(&set).await.unwrap();
    }
    let archives = Query::select().column("id").from("archive").to_owned();
    for row in tx.conn().query_all(&archives).await.unwrap() {
        let archive: Uuid = row.try_get("", "id").unwrap();
        let detail = tx.sealer().seal_bytes(&format!("segment.detail/{archive}/9"), b"names");
        let segment = Query::insert()
            .into_table("segment")
            .columns(["id", "archive_id", "part", "task_id", "detail"])
            .values_panic([archive.into(), archive.into(), 9.into(), id.into(), detail.into()])
            .to_owned();
        tx.conn().execute(&segment).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn every_blob_of_the_schema_is_known_to_be_sealed_or_not() {
    let (_folder, url) = sqlite_url();
    let db = TestDb::connect(url).await;
    db.migrate().await.unwrap();
    let blobs = "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c \
        WHERE t.type = 'table' AND lower(c.type) LIKE '%blob%'";
    let pool = db.pool().get_sqlite_connection_pool();
    let found: Vec<(String, String)> = sqlx::query_as(blobs).fetch_all(pool).await.unwrap();
    let found: BTreeSet<_> = found.into_iter().collect();
    let sealed = SEALED.iter().map(|of| (of.table, of.column));
    let known: BTreeSet<(String, String)> = sealed
        .chain(NOT_SEALED.iter().copied())
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .collect();
    assert_eq!(found, known, "put a new blob into SEALED, or into NOT_SEALED with the reason");
}

db_test!(who_has_the_database_open_is_seen, |db| async move {
    assert_eq!(Db::in_use(db.url()).await, Ok(true));
    let url = db.url().to_owned();
    db.close().await;
    assert_eq!(Db::in_use(&url).await, Ok(false));
});
