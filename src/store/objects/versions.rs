//! Taking objects of a bucket away with all their versions.
//!
//! In a bucket that keeps versions a deletion only hides the object: each version and each marker
//! has to be taken away by its id. The library behind [`Bucket`] knows nothing of versions, so
//! these few calls are signed by it and sent from here.

use std::time::Duration;

use object_store::path::Path;
use object_store::signer::{SignedUrlOptions, Signer};
use reqwest::{Client, Method, redirect};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::bucket::{Bucket, bad, refused, trouble};
use crate::store::{StoreError, StoreErrorCode};

/// How long a signed call is good for.
const GOOD_FOR: Duration = Duration::from_mins(1);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is there of one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    Something,
    /// The bucket may keep versions, and does not let us look at them.
    CannotTell,
}

#[derive(Deserialize)]
struct Versioning {
    #[serde(rename = "Status")]
    status: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Listed {
    is_truncated: bool,
    next_key_marker: Option<String>,
    next_version_id_marker: Option<String>,
    version: Vec<Version>,
    delete_marker: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Version {
    key: String,
    version_id: String,
}

impl Bucket {
    /// Takes an object away, and every version of it where there are such; `versioned` is what
    /// [`Bucket::is_versioned`] has said.
    pub(super) async fn delete(
        &self,
        key: &str,
        versioned: Option<bool>,
    ) -> Result<(), StoreError> {
        let path = self.path(key)?;
        if versioned != Some(false)
            && let Some(versions) = self.versions(path.as_ref()).await?
        {
            let own = versions.iter().filter(|version| version.key == path.as_ref());
            for version in own {
                self.remove(&path, &[("versionId", &version.version_id)]).await?;
            }
            return Ok(());
        }
        self.remove(&path, &[]).await
    }

    /// The keys in a folder that have versions, those among them that a marker hides.
    pub(super) async fn hidden(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        if self.is_versioned().await? == Some(false) {
            return Ok(Vec::new());
        }
        let versions = self.versions(&format!("{}{folder}", self.prefix)).await?;
        let keys = versions.unwrap_or_default().into_iter().filter_map(|version| {
            version.key.strip_prefix(self.prefix.as_str()).map(str::to_owned)
        });
        Ok(keys.filter(|key| !key.ends_with('/')).collect())
    }

    /// What is left of an object.
    pub(super) async fn left(&self, key: &str) -> Result<Left, StoreError> {
        if self.about(key).await?.is_some() {
            return Ok(Left::Something);
        }
        if self.is_versioned().await? == Some(false) {
            return Ok(Left::Nothing);
        }
        let path = self.path(key)?;
        let own = |version: &Version| version.key == path.as_ref();
        Ok(match self.versions(path.as_ref()).await? {
            Some(versions) if versions.iter().any(own) => Left::Something,
            Some(_) => Left::Nothing,
            None => Left::CannotTell,
        })
    }

    /// Whether the bucket keeps versions, or has kept some; `None` where it does not say. A server
    /// that does not know the question has none.
    pub(super) async fn is_versioned(&self) -> Result<Option<bool>, StoreError> {
        match self.ask::<Versioning>(&[("versioning", "")]).await {
            Ok(found) => Ok(Some(found.status.is_some())),
            Err(error) => match error.detail.as_deref() {
                Some("400" | "405" | "501") => Ok(Some(false)),
                Some("403") => Ok(None),
                _ => Err(error),
            },
        }
    }

    /// All versions and markers whose keys begin so; `None` where they cannot be listed.
    async fn versions(&self, prefix: &str) -> Result<Option<Vec<Version>>, StoreError> {
        let mut found = Vec::new();
        let (mut key, mut id) = (String::new(), String::new());
        loop {
            let mut query = vec![("versions", ""), ("prefix", prefix)];
            if !key.is_empty() {
                query.extend([("key-marker", &*key), ("version-id-marker", &*id)]);
            }
            let page: Listed = match self.ask(&query).await {
                Ok(page) => page,
                Err(error) => match error.detail.as_deref() {
                    Some("400" | "403" | "405" | "501") => return Ok(None),
                    _ => return Err(error),
                },
            };
            found.extend(page.version.into_iter().chain(page.delete_marker));
            if !page.is_truncated {
                return Ok(Some(found));
            }
            let next = page.next_key_marker.unwrap_or_default();
            let next = (next, page.next_version_id_marker.unwrap_or_default());
            if next == (key.clone(), id.clone()) || next.0.is_empty() {
                return Err(bad());
            }
            (key, id) = next;
        }
    }

    async fn remove(&self, path: &Path, query: &[(&str, &str)]) -> Result<(), StoreError> {
        match self.call(Method::DELETE, path, query).await {
            Ok(_) => Ok(()),
            Err(error) if error.detail.as_deref() == Some("404") => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn ask<T: DeserializeOwned>(&self, query: &[(&str, &str)]) -> Result<T, StoreError> {
        let text = self.call(Method::GET, &Path::default(), query).await?;
        quick_xml::de::from_str(&text).map_err(|_| bad())
    }

    /// The text of an answer that says yes; what else the server says is not kept.
    async fn call(
        &self,
        method: Method,
        path: &Path,
        query: &[(&str, &str)],
    ) -> Result<String, StoreError> {
        let options = SignedUrlOptions::new().with_query(query.iter().copied());
        let url = self.store.signed_url_opts(method.clone(), path, GOOD_FOR, &options).await;
        let url = url.map_err(|error| trouble(&error))?;
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .timeout(PATIENCE)
            .build()
            .map_err(|error| away(&error))?;
        let answer = client.request(method, url).send().await.map_err(|error| away(&error))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(refused(status.as_u16()));
        }
        answer.text().await.map_err(|error| away(&error))
    }
}

fn away(error: &reqwest::Error) -> StoreError {
    let late = error.is_timeout();
    StoreError::new(if late { StoreErrorCode::Timeout } else { StoreErrorCode::Unreachable })
}
