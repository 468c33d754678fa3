//! The archive, opened into a file of its own.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use futures::TryStreamExt;

use super::Stop;
use crate::archive::vault::SealedObject;
use crate::ids::Reference;
use crate::run::House;

/// Writes the archive where only its owner can read it; a broken one leaves nothing behind.
pub(super) async fn write_out(house: &House, at: &Reference, out: &Path) -> Result<u64, Stop> {
    let broken = |message: &str| Stop::no("archive", at.as_str(), message);
    let key = house.desk.export_key(at).await;
    let Ok(Some((archive, key))) = key else {
        return Err(broken("its archive is gone; make it again"));
    };
    let object: Option<SealedObject> =
        archive.object.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let Some(object) = object else { return Err(broken("its archive is gone; make it again")) };
    let unwritable = |error: &io::Error| {
        let why = match error.kind() {
            io::ErrorKind::AlreadyExists => "is there already and is not overwritten",
            io::ErrorKind::NotFound => "is in a folder that is not there",
            io::ErrorKind::PermissionDenied => "is in a folder that you may not write to",
            io::ErrorKind::StorageFull => "does not fit on its disk",
            _ => "cannot be written",
        };
        Stop::wrong("out", &out.display().to_string(), &format!("{why}; name another with --out"))
    };
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(out);
    let mut to = opened.map_err(|error| unwritable(&error))?;
    let written = async {
        let sealed = |_| broken("its sealed copy could not be read from archive storage");
        let mut bytes = house.vault.read(&key, &object, 0..object.size).await.map_err(sealed)?;
        while let Some(more) = bytes.try_next().await.map_err(sealed)? {
            to.write_all(&more).map_err(|error| unwritable(&error))?;
        }
        to.sync_all().map_err(|error| unwritable(&error))
    };
    if let Err(stop) = written.await {
        let _ = std::fs::remove_file(out);
        return Err(stop);
    }
    Ok(object.size)
}
