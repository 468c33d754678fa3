//! What lies outside of the house: mail servers and object storage, by their settings.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, RetryConfig};

use crate::archive::vault::Vault;
use crate::config::{Mail, MailRoute, Place, S3, SmtpTls};
use crate::keys::Keys;
use crate::keys::epoch::{EpochError, EpochKeys};
use crate::keys::signing::SigningKey;
use crate::ledger::Ledger;
use crate::mail::Mailer;
use crate::mail::folder::FolderMailer;
use crate::mail::smtp::{SmtpMailer, SmtpSettings};

/// A key of an archive is waited for so long. A person may be waiting for their download.
const KEY_PATIENCE: Duration = Duration::from_secs(10);

/// What stands between us and the place of epoch keys.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoEpochs {
    /// A setting.
    #[error("{0}")]
    Address(String),
    /// A file.
    #[error(transparent)]
    Keys(#[from] EpochError),
}

/// Opens the place of epoch keys. A folder is made where it is missing; a bucket is not asked.
pub(super) fn epochs(place: &Place, keys: Keys) -> Result<EpochKeys, NoEpochs> {
    let s3 = match place {
        Place::Folder(folder) => {
            return Ok(EpochKeys::in_folder(folder).map_err(EpochError::from)?);
        }
        Place::S3(s3) => s3,
    };
    let patience =
        ClientOptions::new().with_timeout(KEY_PATIENCE).with_connect_timeout(KEY_PATIENCE / 2);
    let retry =
        RetryConfig { max_retries: 2, retry_timeout: KEY_PATIENCE, ..RetryConfig::default() };
    let builder = AmazonS3Builder::new().with_client_options(patience).with_retry(retry);
    let (store, prefix) = opened(builder, s3).map_err(NoEpochs::Address)?;
    Ok(EpochKeys::in_bucket(store, prefix, keys))
}

/// Opens archive storage. A folder is made where it is missing.
pub(super) fn vault(place: &Place) -> Result<Vault, String> {
    match place {
        Place::Folder(folder) => Vault::open_folder(folder).map_err(|error| error.to_string()),
        Place::S3(s3) => bucket(s3).map(|(store, prefix)| Vault::new(store, prefix)),
    }
}

/// Opens the ledger, which signs as `origin`. A folder is made where it is missing.
pub(super) fn ledger(
    place: &Place,
    origin: String,
    signing: Arc<SigningKey>,
) -> Result<Ledger, String> {
    let (store, prefix) = match place {
        Place::Folder(folder) => {
            let store = Ledger::folder(folder).map_err(|error| {
                format!("cannot use the folder {}: {}", folder.display(), error.kind())
            })?;
            (store, Path::default())
        }
        Place::S3(s3) => bucket(s3)?,
    };
    Ok(Ledger::new(store, prefix, origin, signing))
}

fn bucket(s3: &S3) -> Result<(Arc<dyn ObjectStore>, Path), String> {
    opened(AmazonS3Builder::new(), s3)
}

fn opened(builder: AmazonS3Builder, s3: &S3) -> Result<(Arc<dyn ObjectStore>, Path), String> {
    let mut builder = builder.with_bucket_name(&s3.bucket);
    if let Some(region) = &s3.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &s3.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some((key, secret)) = &s3.login {
        builder = builder.with_access_key_id(key.expose()).with_secret_access_key(secret.expose());
    }
    let store = builder
        .build()
        .map_err(|_| "the S3 address is not complete; it needs a bucket and a region".to_owned())?;
    let prefix = Path::parse(&s3.prefix).map_err(|_| "the prefix is no path of S3".to_owned())?;
    Ok((Arc::new(store), prefix))
}

/// Prepares the way that mails leave. Connects to nothing.
pub(super) fn mailer(mail: &Mail) -> Result<Arc<dyn Mailer>, String> {
    let smtp = match &mail.route {
        MailRoute::Folder(folder) => {
            return Ok(Arc::new(FolderMailer::new(PathBuf::from(folder))));
        }
        MailRoute::Smtp(smtp) => smtp,
    };
    let (host, port) = (&smtp.host, smtp.port);
    let url = match smtp.tls {
        SmtpTls::Implicit => format!("smtps://{host}:{port}"),
        SmtpTls::StartTls => format!("smtp://{host}:{port}?tls=required"),
        SmtpTls::None => format!("smtp://{host}:{port}?tls=none"),
    };
    let mut settings = SmtpSettings::parse(&url).map_err(|error| error.to_string())?;
    if let Some((user, password)) = &smtp.login {
        settings = settings
            .login(user.clone(), password.expose().to_owned())
            .map_err(|error| error.to_string())?;
    }
    let mailer = SmtpMailer::new(settings).map_err(|error| error.to_string())?;
    Ok(Arc::new(mailer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::vault::VaultError;
    use crate::config::{S3, Secret};
    use crate::ids::{OsEntropy, SeededEntropy};
    use crate::keys::root::RootKey;
    use crate::keys::stream::ArchiveKey;
    use crate::store::testing::serve_s3;
    use uuid::Uuid;

    fn place(endpoint: &str, secret: &str) -> Place {
        // Set once a process; a second time finds it set.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let login = (Secret::new("ID".to_owned()), Secret::new(secret.to_owned()));
        Place::S3(S3 {
            bucket: "bucket".to_owned(),
            prefix: "archives".to_owned(),
            region: Some("eu-central-1".to_owned()),
            endpoint: Some(endpoint.to_owned()),
            login: Some(login),
        })
    }

    fn bucket(endpoint: &str, secret: &str) -> Vault {
        vault(&place(endpoint, secret)).unwrap()
    }

    fn keys() -> Keys {
        Keys::new(&RootKey::draw(&SeededEntropy::new(1)), &[])
    }

    #[tokio::test]
    async fn the_keys_of_archives_lie_in_a_bucket_as_well_as_in_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        let place = place(&serve_s3(dir.path()).await, "SECRET");
        let nodes = [epochs(&place, keys()).unwrap(), epochs(&place, keys()).unwrap()];
        nodes[0].check(&OsEntropy).await.unwrap();
        let key = ArchiveKey::draw(Uuid::from_u128(1), &SeededEntropy::new(1));
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let wrapped = nodes[0].wrap(now, &OsEntropy, &key).await.unwrap();
        assert!(nodes[1].unwrap(key.archive(), &wrapped).await.is_ok());
        nodes[1].wrap(now, &OsEntropy, &key).await.unwrap();
        let weeks = nodes[1].list().await.unwrap();
        assert_eq!(weeks.len(), 1);
        for node in &nodes {
            node.destroy(weeks[0]).await.unwrap();
            node.forget();
            let gone = node.unwrap(key.archive(), &wrapped).await;
            assert!(matches!(gone, Err(EpochError::Destroyed(_))), "{gone:?}");
        }
    }

    #[tokio::test]
    async fn a_place_of_keys_that_is_down_is_told_from_a_key_that_is_gone() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let down = epochs(&place(&nobody, "SECRET"), keys()).unwrap();
        assert!(down.list().await.is_err_and(|error| error.is_passing()));
        assert!(down.check(&OsEntropy).await.is_err_and(|error| error.is_passing()));
    }

    #[tokio::test]
    async fn archives_lie_in_a_bucket_as_well_as_in_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        let vault = bucket(&serve_s3(dir.path()).await, "SECRET");
        vault.check(&OsEntropy).await.unwrap();
        let key = ArchiveKey::draw(Uuid::from_u128(1), &SeededEntropy::new(1));
        // Several parts of a multipart upload, and one small object.
        let large: Vec<u8> = (0..17_000_000_u32).map(|at| at.to_le_bytes()[1]).collect();
        let stored = vault.put(&key, 1, &OsEntropy, &large).await.unwrap();
        let small = vault.put(&key, 2, &OsEntropy, b"small").await.unwrap();
        let range = vault.read_all(&key, &stored, 8_000_000..9_000_001).await.unwrap();
        assert!(range == large[8_000_000..9_000_001]);
        assert_eq!(vault.read_all(&key, &small, 0..5).await.unwrap(), b"small");
        assert_eq!(vault.delete_archive(key.archive()).await, Ok(2));
        let gone = vault.read_all(&key, &small, 0..5).await;
        assert_eq!(gone, Err(VaultError::Missing));
    }

    #[tokio::test]
    async fn a_bucket_that_refuses_us_is_told_of_before_anything_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let vault = bucket(&serve_s3(dir.path()).await, "WRONG");
        assert_eq!(vault.check(&OsEntropy).await, Err(VaultError::Denied));
    }
}
