//! The suite over S3, spoken by a server in this process.

use std::path::Path;

use async_trait::async_trait;
use tempfile::tempdir;
use tokio::net::TcpListener;

use super::{CANARY, images, seed, seeded};
use crate::store::StoreErrorCode;
use crate::store::conformance::{Bench, Seeded};
use crate::store::objects::ObjectsStore;
use crate::store::testing::{key, serve_s3};
use crate::store::{Export, Store};

/// `{ env = … }` gives its own name here.
fn bucket(dir: &Path, endpoint: &str, secret: &str) -> ObjectsStore {
    // Set once a process; a second time finds it set.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let more = format!(
        "endpoint = \"{endpoint}\"\nregion = \"eu-central-1\"\naccess_key = {{ env = \"ID\" }}\n\
         secret_key = {{ env = \"{secret}\" }}"
    );
    images(dir, "s3://bucket/in/here", &more).unwrap()
}

struct BucketBench;

#[async_trait]
impl Bench for BucketBench {
    async fn seeded(&self, count: usize, page: Option<usize>) -> Seeded {
        let dir = tempdir().unwrap();
        seed(&dir.path().join("s3/bucket/in/here"), count);
        seed(&dir.path().join("s3/bucket/in"), 1);
        let endpoint = serve_s3(dir.path()).await;
        seeded(dir, page, |dir| bucket(dir, &endpoint, "SECRET"))
    }

    /// Its XML quotes the key that was signed with.
    async fn broken(&self) -> Seeded {
        let dir = tempdir().unwrap();
        let endpoint = serve_s3(dir.path()).await;
        seeded(dir, None, |dir| bucket(dir, &endpoint, CANARY))
    }

    fn many(&self) -> usize {
        2_500
    }
}

store_conformance!(BucketBench);

#[tokio::test]
async fn a_wrong_secret_is_denied_and_a_server_that_is_away_is_unreachable() {
    let dir = tempdir().unwrap();
    let endpoint = serve_s3(dir.path()).await;
    let error = bucket(dir.path(), &endpoint, "WRONG").page(&[key("user", "1")], None).await;
    assert_eq!(error.unwrap_err().code, StoreErrorCode::Denied);
    let away = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let store = bucket(dir.path(), &format!("http://{away}"), "SECRET");
    assert_eq!(store.check().await.unwrap_err().code, StoreErrorCode::Unreachable);
}
