//! What lies outside of the house: mail servers and object storage, by their settings.

use std::path::PathBuf;
use std::sync::Arc;

use object_store::aws::AmazonS3Builder;
use object_store::path::Path;

use crate::archive::vault::Vault;
use crate::config::{Mail, MailRoute, Place, SmtpTls};
use crate::mail::Mailer;
use crate::mail::folder::FolderMailer;
use crate::mail::smtp::{SmtpMailer, SmtpSettings};

/// Opens archive storage. A folder is made where it is missing.
pub(super) fn vault(place: &Place) -> Result<Vault, String> {
    let s3 = match place {
        Place::Folder(folder) => {
            return Vault::open_folder(folder).map_err(|error| error.to_string());
        }
        Place::S3(s3) => s3,
    };
    let mut builder = AmazonS3Builder::new().with_bucket_name(&s3.bucket);
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
    Ok(Vault::new(Arc::new(store), prefix))
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
