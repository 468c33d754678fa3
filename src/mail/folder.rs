//! Mails into a folder, one `.eml` each: for trying things out and for servers that pick files up.
//!
//! The files hold addresses and codes in the clear, which is why they are readable by their owner
//! only and why nothing but `folder:` in the configuration makes them.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tokio::fs;
use tokio::io::AsyncWriteExt;

use super::{MailError, Mailer, Outgoing, mime};

/// Writes mails into a folder.
#[derive(Debug, Clone)]
pub struct FolderMailer {
    dir: PathBuf,
}

impl FolderMailer {
    /// Writes into `dir`, which is made when the first mail comes.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

#[async_trait]
impl Mailer for FolderMailer {
    /// The file gets its final name only when it is complete and on the disk. The same mail with
    /// the same date takes the place of its earlier copy.
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError> {
        let bytes = mime::write(mail)?;
        let name = file_name(mail);
        let (part, whole) = (self.dir.join(format!("{name}.part")), self.dir.join(name));
        let written = async {
            make_dir(&self.dir).await?;
            write_whole(&part, &bytes).await?;
            fs::rename(&part, &whole).await?;
            // Without this the new name may be lost with the power.
            fs::File::open(&self.dir).await?.sync_all().await
        };
        match written.await {
            Ok(()) => Ok(()),
            Err(error) => {
                // Nothing more can be done about a part that cannot be removed; the next try
                // overwrites it.
                let _ = fs::remove_file(&part).await;
                Err(trouble(&error))
            }
        }
    }

    async fn check(&self) -> Result<(), MailError> {
        let probe = self.dir.join(".probe.part");
        let tried = async {
            make_dir(&self.dir).await?;
            write_whole(&probe, b"\r\n").await?;
            fs::remove_file(&probe).await
        };
        tried.await.map_err(|error| trouble(&error))
    }
}

/// `20260301T120000.000Z-0199….eml`: in the order of time, with nothing personal in it.
fn file_name(mail: &Outgoing) -> String {
    format!("{}-{}.eml", mail.date.strftime("%Y%m%dT%H%M%S.%3fZ"), mail.message_id.left())
}

async fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    builder.mode(0o700);
    builder.recursive(true).create(dir).await
}

async fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path).await?;
    file.write_all(bytes).await?;
    // tokio tells of a failed write only here; sync_all would pass over it.
    file.flush().await?;
    file.sync_all().await
}

fn trouble(error: &io::Error) -> MailError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => MailError::DiskFull,
        _ => MailError::Folder,
    }
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
