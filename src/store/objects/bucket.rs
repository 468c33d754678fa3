//! A bucket that speaks S3.

use std::time::Duration;

use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ClientOptions, Error, ObjectStore, ObjectStoreExt, RetryConfig};

use super::Listing;
use crate::store::exact::exactly;
use crate::store::map::ObjectOptions;
use crate::store::{OpenFile, StoreError, StoreErrorCode};

#[derive(Debug)]
pub(super) struct Bucket {
    pub(super) store: AmazonS3,
    /// Empty, or ending in `/`.
    pub(super) prefix: String,
}

impl Bucket {
    /// `rest` is `bucket/prefix`.
    pub(super) fn new(rest: &str, options: &ObjectOptions) -> Result<Self, &'static str> {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_matches('/');
        if bucket.is_empty() || Path::parse(prefix).is_err() {
            return Err("write url = \"s3://bucket/prefix\"");
        }
        let client = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(10))
            // The whole answer may take long, silence in it may not.
            .with_timeout_disabled()
            .with_read_timeout(Duration::from_secs(30));
        // Retries are the engine's, with one limit for all stores.
        let retry = RetryConfig { max_retries: 0, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_client_options(client)
            .with_retry(retry);
        if let Some(region) = &options.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &options.endpoint {
            builder =
                builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http:"));
        }
        builder = match (&options.access_key, &options.secret_key) {
            (Some(id), Some(secret)) => {
                builder.with_access_key_id(id.reveal()).with_secret_access_key(secret.reveal())
            }
            (None, None) => builder,
            _ => return Err("access_key and secret_key belong together"),
        };
        let help = "this is no bucket that can be spoken to; look at url, endpoint and region";
        let store = builder.build().map_err(|_| help)?;
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        Ok(Self { store, prefix })
    }

    pub(super) async fn check(&self) -> Result<(), StoreError> {
        let root = Path::parse(&self.prefix).map_err(|_| bad())?;
        self.store.list(Some(&root)).try_next().await.map(drop).map_err(|error| trouble(&error))
    }

    /// The first `limit` keys of `folder` behind `after`. S3 gives keys in the order of their bytes.
    pub(super) async fn list(
        &self,
        folder: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Listing, StoreError> {
        let whole = |key: &str| Path::parse(format!("{}{key}", self.prefix)).map_err(|_| bad());
        let place = whole(folder)?;
        let mut found = match after {
            Some(after) => self.store.list_with_offset(Some(&place), &whole(after)?),
            None => self.store.list(Some(&place)),
        };
        let mut keys: Vec<String> = Vec::new();
        while let Some(meta) = found.try_next().await.map_err(|error| trouble(&error))? {
            let key = meta.location.as_ref().strip_prefix(&self.prefix);
            // The folder's own marker comes without its slash, as if it stood beside the folder.
            let Some(key) = key.filter(|key| key.starts_with(folder)) else { continue };
            if keys.last().is_some_and(|last| last.as_str() >= key) {
                return Err(bad());
            }
            if keys.len() == limit {
                return Ok(Listing { keys, more: true, gaps: Vec::new() });
            }
            keys.push(key.to_owned());
        }
        Ok(Listing { keys, more: false, gaps: Vec::new() })
    }

    pub(super) async fn open(&self, key: &str) -> Result<Option<OpenFile>, StoreError> {
        let path = Path::parse(format!("{}{key}", self.prefix)).map_err(|_| bad())?;
        let found = match self.store.get(&path).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(trouble(&error)),
        };
        let size = found.meta.size;
        let bytes = exactly(size, found.into_stream().map_err(|error| trouble(&error)));
        Ok(Some(OpenFile { size, bytes }))
    }
}

impl Bucket {
    /// When the object was last written; `None` where there is none.
    pub(super) async fn about(&self, key: &str) -> Result<Option<Timestamp>, StoreError> {
        match self.store.head(&self.path(key)?).await {
            Ok(meta) => {
                let written = Timestamp::from_second(meta.last_modified.timestamp());
                written.map(Some).map_err(|_| bad())
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    }

    /// A key with the bucket's prefix.
    pub(super) fn path(&self, key: &str) -> Result<Path, StoreError> {
        Path::parse(format!("{}{key}", self.prefix)).map_err(|_| bad())
    }
}

pub(super) fn bad() -> StoreError {
    StoreError::new(StoreErrorCode::BadData)
}

pub(super) fn trouble(error: &Error) -> StoreError {
    if let Some(status) = status(error) {
        return refused(status);
    }
    StoreError::new(match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => StoreErrorCode::Denied,
        Error::NotSupported { .. } | Error::NotImplemented { .. } => StoreErrorCode::Unsupported,
        Error::InvalidPath { .. } => StoreErrorCode::BadData,
        _ => StoreErrorCode::Unreachable,
    })
}

/// Our word for a status that says no.
pub(super) fn refused(status: u16) -> StoreError {
    let code = match status {
        401 | 403 => StoreErrorCode::Denied,
        408 | 504 => StoreErrorCode::Timeout,
        429 | 503 => StoreErrorCode::Busy,
        // A bucket that is away, or a server in trouble.
        404 | 500.. => StoreErrorCode::Unreachable,
        _ => StoreErrorCode::BadData,
    };
    StoreError::new(code).detail(&status.to_string())
}

/// The HTTP status that an error rests on. The library keeps its type to itself, so the number is
/// read from its text, of which nothing else is used; were the text to change, `None`.
fn status(error: &Error) -> Option<u16> {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let text = inner.to_string();
        if let Some(rest) = text.strip_prefix("Server returned non-2xx status code: ") {
            return rest.get(..3)?.parse().ok();
        }
        cause = inner.source();
    }
    None
}
