//! From the address in the configuration to storage.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use url::Url;

use super::Vault;

/// Variables of the environment that S3 clients agree on.
const S3_VARIABLES: &[(&str, AmazonS3ConfigKey)] = &[
    ("AWS_ACCESS_KEY_ID", AmazonS3ConfigKey::AccessKeyId),
    ("AWS_SECRET_ACCESS_KEY", AmazonS3ConfigKey::SecretAccessKey),
    ("AWS_SESSION_TOKEN", AmazonS3ConfigKey::Token),
    ("AWS_REGION", AmazonS3ConfigKey::Region),
    ("AWS_DEFAULT_REGION", AmazonS3ConfigKey::DefaultRegion),
    ("AWS_ENDPOINT_URL", AmazonS3ConfigKey::Endpoint),
    ("AWS_ENDPOINT_URL_S3", AmazonS3ConfigKey::S3Endpoint),
    ("AWS_ROLE_ARN", AmazonS3ConfigKey::RoleArn),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", AmazonS3ConfigKey::WebIdentityTokenFile),
];

/// Why an address of archive storage cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum VaultUrlError {
    /// Neither a folder nor a bucket.
    #[error("archive storage is `file:DIR` or `s3://bucket/prefix`")]
    Scheme,
    /// The folder cannot be made or opened.
    #[error("cannot use the archive folder {path}: {kind}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the file system says.
        kind: std::io::ErrorKind,
    },
    /// A word behind the `?` that is none of ours. Credentials come from the environment.
    #[error(
        "unknown option {0:?} of archive storage; region, endpoint, path_style, allow_http are known"
    )]
    Option(String),
    /// The S3 client does not take it.
    #[error("the S3 address of archive storage is not complete; it needs a bucket and a region")]
    S3,
}

impl Vault {
    /// Opens `file:DIR` (relative to `base`) or `s3://bucket/prefix?region=…&endpoint=…`, the
    /// latter with credentials from `env`, which looks up a variable of the environment.
    pub fn open(
        url: &str,
        base: &FilePath,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, VaultUrlError> {
        if let Some(folder) = url.strip_prefix("file:") {
            return Self::open_folder(&base.join(folder.strip_prefix("//").unwrap_or(folder)));
        }
        let url = Url::parse(url).map_err(|_| VaultUrlError::Scheme)?;
        let bucket =
            url.host_str().filter(|_| url.scheme() == "s3").ok_or(VaultUrlError::Scheme)?;
        let mut builder = AmazonS3Builder::new().with_bucket_name(bucket);
        for (name, option) in S3_VARIABLES {
            if let Some(value) = env(name).filter(|value| !value.is_empty()) {
                builder = builder.with_config(*option, value);
            }
        }
        for (name, value) in url.query_pairs() {
            builder = match &*name {
                "region" => builder.with_region(value),
                "endpoint" => builder.with_endpoint(value),
                "path_style" => builder.with_virtual_hosted_style_request(value != "true"),
                "allow_http" => builder.with_allow_http(value == "true"),
                _ => return Err(VaultUrlError::Option(name.into_owned())),
            };
        }
        // The HTTP client takes the process's provider; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = builder.build().map_err(|_| VaultUrlError::S3)?;
        let prefix = Path::from_url_path(url.path()).map_err(|_| VaultUrlError::S3)?;
        Ok(Self::new(Arc::new(store), prefix))
    }

    /// Opens a folder, and makes it (mode 0700) where it is missing. What is written is on the
    /// disk when the write returns.
    pub fn open_folder(folder: &FilePath) -> Result<Self, VaultUrlError> {
        let fail = |kind| VaultUrlError::Folder { path: folder.to_owned(), kind };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|error| fail(error.kind()))?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .map_err(|_| fail(std::io::ErrorKind::Other))?
            .with_fsync(true)
            .with_automatic_cleanup(true);
        Ok(Self::new(Arc::new(store), Path::default()))
    }
}
