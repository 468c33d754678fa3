//! What the tests of all stores share: maps in a folder, and databases seeded by the test itself.

use std::fs;
use std::path::Path;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tokio::net::TcpListener;

use super::map::{DataMap, parse};
use super::sqlite::SqliteStore;
use super::{Page, Store};
use crate::domain::record::{Item, Value};
use crate::domain::subject::{KeyKind, SubjectKey};

/// The facts that every store needs.
pub(crate) const FACTS: &str = "label = { en = \"A\", de = \"B\" }\ncontroller = \"self\"\n\
    purposes = [\"contract\"]\nbasis = \"GDPR 6(1)(b)\"\nsource = \"the person\"\nrecipients = []\n\
    country = \"DE\"\nretention = \"a year\"\nbackup = \"30d\"\n";

/// A map with one SQLite store, `shop`, on `shop.db` in `dir`.
pub(crate) fn shop_map(dir: &Path, tables: &str) -> DataMap {
    let text = format!(
        "format = \"rightsdesk-map/1\"\n[store.shop]\nkind = \"sqlite\"\n\
         url = \"sqlite:shop.db\"\n{FACTS}{tables}"
    );
    parse(&dir.join("shop.toml"), &text, &|_| None).unwrap()
}

/// Runs statements on a database file, which is made when it is not there.
pub(crate) async fn seed(file: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut to = options.foreign_keys(false).connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut to).await.unwrap();
    to.close().await.unwrap();
}

/// The store `shop` over a freshly seeded file.
pub(crate) async fn shop(dir: &Path, sql: &str, tables: &str) -> SqliteStore {
    seed(&dir.join("shop.db"), sql).await;
    SqliteStore::new(&shop_map(dir, tables).stores[0], Vec::new()).unwrap()
}

/// A key.
pub(crate) fn key(kind: &str, value: &str) -> SubjectKey {
    SubjectKey::new(KeyKind::new(kind), value).unwrap()
}

/// All pages of a store.
pub(crate) async fn pages(store: &dyn Store, keys: &[SubjectKey]) -> Vec<Page> {
    let export = store.export().unwrap();
    let mut pages = vec![export.page(keys, None).await.unwrap()];
    while let Some(next) = pages.last().and_then(|page| page.next.clone()) {
        pages.push(export.page(keys, Some(&next)).await.unwrap());
        assert!(pages.len() < 10_000, "a walk ends");
    }
    pages
}

/// Everything on them, a line a row or a file, in order.
pub(crate) fn lines(pages: &[Page]) -> Vec<String> {
    let mut lines = Vec::new();
    for item in pages.iter().flat_map(|page| &page.items) {
        match item {
            Item::Rows(rows) => {
                let line = |row: &Vec<Value>| format!("{} {row:?}", rows.shape.collection);
                lines.extend(rows.rows.iter().map(line));
            }
            Item::File(file) => lines.push(format!("file {}:{}", file.at.store, file.at.key)),
        }
    }
    lines
}

/// An S3 service in this process over the folder `dir/s3`, whose folders are buckets (`bucket` is
/// there), for the key `ID` with the secret `SECRET`. Gives its address.
pub(crate) async fn serve_s3(dir: &Path) -> String {
    let root = dir.join("s3");
    fs::create_dir_all(root.join("bucket")).unwrap();
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(&root).unwrap());
    service.set_auth(SimpleAuth::from_single("ID", "SECRET"));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let accept = async move {
        while let Ok((socket, _)) = listener.accept().await {
            let served =
                http1::Builder::new().serve_connection(TokioIo::new(socket), service.clone());
            #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
            tokio::spawn(served);
        }
    };
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    tokio::spawn(accept);
    format!("http://{address}")
}
