//! A bucket that keeps versions, as far as a deletion sees it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Method as Verb, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tempfile::{TempDir, tempdir};
use tokio::net::TcpListener;

use super::erase::images;
use crate::domain::erase::{ErasePlan, EraseScope, Method, RowId, Verdict};
use crate::store::erase::{Erase, Look, Reach, Step};
use crate::store::objects::ObjectsStore;
use crate::store::testing::key;

/// What the bucket says when it is asked about versions.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Says {
    Enabled,
    /// It keeps versions and lets nobody list them.
    EnabledOnly,
    /// It answers neither question.
    Nothing,
}

/// Key, version, and whether it is a marker; the last of a key is what is shown.
type Versions = Vec<(String, String, bool)>;

#[derive(Clone)]
struct Bucket {
    says: Says,
    versions: Arc<Mutex<Versions>>,
}

impl Bucket {
    fn shown(&self) -> Vec<String> {
        let all = self.versions.lock().unwrap();
        let last = |key: &str| all.iter().rev().find(|(of, ..)| of == key).is_some_and(|v| !v.2);
        let mut keys: Vec<String> =
            all.iter().map(|(key, ..)| key.clone()).filter(|key| last(key)).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

async fn answer(
    State(bucket): State<Bucket>,
    verb: Verb,
    uri: Uri,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let key = uri.path().trim_start_matches("/bucket").trim_start_matches('/').to_owned();
    let prefix = query.get("prefix").cloned().unwrap_or_default();
    if verb == Verb::DELETE {
        let mut all = bucket.versions.lock().unwrap();
        if let Some(id) = query.get("versionId") {
            all.retain(|version| (&version.0, &version.1) != (&key, id));
        } else {
            let id = format!("m{}", all.len());
            all.push((key, id, true));
        }
        return StatusCode::NO_CONTENT.into_response();
    }
    if query.contains_key("versioning") {
        return match bucket.says {
            Says::Nothing => StatusCode::FORBIDDEN.into_response(),
            _ => "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
                .into_response(),
        };
    }
    if query.contains_key("versions") {
        if bucket.says != Says::Enabled {
            return StatusCode::FORBIDDEN.into_response();
        }
        let all = bucket.versions.lock().unwrap();
        let mut xml = "<ListVersionsResult><IsTruncated>false</IsTruncated>".to_owned();
        for (key, id, marker) in all.iter().filter(|(key, ..)| key.starts_with(&prefix)) {
            let name = if *marker { "DeleteMarker" } else { "Version" };
            write!(xml, "<{name}><Key>{key}</Key><VersionId>{id}</VersionId></{name}>").unwrap();
        }
        return format!("{xml}</ListVersionsResult>").into_response();
    }
    if verb == Verb::HEAD {
        if !bucket.shown().contains(&key) {
            return StatusCode::NOT_FOUND.into_response();
        }
        let mut headers = HeaderMap::new();
        headers.insert("content-length", HeaderValue::from_static("3"));
        headers.insert("last-modified", HeaderValue::from_static("Sat, 21 Nov 2026 10:00:00 GMT"));
        headers.insert("etag", HeaderValue::from_static("\"x\""));
        return headers.into_response();
    }
    let mut xml =
        "<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>".to_owned();
    for key in bucket.shown().iter().filter(|key| key.starts_with(&prefix)) {
        write!(
            xml,
            "<Contents><Key>{key}</Key><LastModified>2026-11-21T10:00:00.000Z</LastModified>\
             <ETag>\"x\"</ETag><Size>3</Size><StorageClass>STANDARD</StorageClass></Contents>"
        )
        .unwrap();
    }
    format!("{xml}</ListBucketResult>").into_response()
}

/// Ada has a file in two versions, and one that is hidden already; her neighbour has one.
async fn bucket(says: Says) -> (TempDir, Bucket, ObjectsStore) {
    // Set once a process; a second time finds it set.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let version = |key: &str, id: &str, marker| (key.to_owned(), id.to_owned(), marker);
    let versions = vec![
        version("uploads/1/a.png", "1", false),
        version("uploads/1/a.png", "2", false),
        version("uploads/1/old.png", "3", false),
        version("uploads/1/old.png", "4", true),
        version("uploads/10/a.png", "5", false),
    ];
    let bucket = Bucket { says, versions: Arc::new(Mutex::new(versions)) };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(answer).with_state(bucket.clone());
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    tokio::spawn(async move { axum::serve(listener, router).await });
    let url = format!(
        "url = \"s3://bucket\"\nendpoint = \"http://{address}\"\nregion = \"eu-central-1\"\n\
         access_key = {{ env = \"ID\" }}\nsecret_key = {{ env = \"SECRET\" }}"
    );
    let dir = tempdir().unwrap();
    let store = images(dir.path(), &url, "erase = \"delete\"");
    (dir, bucket, store)
}

async fn carried_out(store: &ObjectsStore) -> (ErasePlan, Verdict) {
    let keys = [key("user", "1")];
    let now = "2026-11-21T00:00:00Z".parse().unwrap();
    let reach = Reach { keys: &keys, scope: &EraseScope::Everything, files: &[], now, most: 10 };
    let plan = store.plan(&reach).await.unwrap();
    let part = &plan.steps[0];
    let step = Step { part, people: &[], new: 0 };
    store.execute(&reach, &step).await.unwrap();
    let (collection, method) = (part.collection.as_str(), Method::Delete);
    let look = Look { collection, method, fields: &[], rows: &part.rows };
    let verdict = store.verify(&reach, &look).await.unwrap();
    (plan, verdict)
}

#[tokio::test]
async fn every_version_goes_also_of_what_is_hidden_already() {
    let (_dir, bucket, store) = bucket(Says::Enabled).await;
    let (plan, verdict) = carried_out(&store).await;
    let names = ["uploads/1/a.png", "uploads/1/old.png"].map(|key| RowId(key.into()));
    assert_eq!(plan.steps[0].rows, names);
    assert_eq!(verdict, Verdict::Gone);
    let left = bucket.versions.lock().unwrap().clone();
    assert_eq!(left, [("uploads/10/a.png".to_owned(), "5".to_owned(), false)]);
}

#[tokio::test]
async fn what_cannot_be_listed_cannot_be_told_to_be_gone() {
    for says in [Says::EnabledOnly, Says::Nothing] {
        let (_dir, bucket, store) = bucket(says).await;
        let (plan, verdict) = carried_out(&store).await;
        assert_eq!(plan.steps[0].rows.len(), 1);
        assert_eq!(verdict, Verdict::CannotTell, "{says:?}");
        assert_eq!(bucket.shown(), ["uploads/10/a.png"], "it is hidden at least");
    }
}
