//! A new root key in place of the present one, which stays beside it to open what it has sealed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::root::{KeyFileError, RootKey, RootKeyId};
use crate::ids::Entropy;

/// The present root key's file in the folder of keys. Older ones are `root.<id>.key`.
pub const ROOT_KEY: &str = "root.key";

/// The file of a root key that is not the present one.
pub fn older_file(folder: &Path, id: RootKeyId) -> PathBuf {
    folder.join(format!("root.{id}.key"))
}

/// The older root keys in `folder`, in the order of their names.
///
/// # Errors
/// When the folder or one of them cannot be read, or a file does not hold the key of its name.
pub fn older(folder: &Path) -> Result<Vec<RootKey>, KeyFileError> {
    let fail = |error: io::Error| KeyFileError::io(folder, &error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let name = entry.map_err(fail)?.file_name();
        let id = name.to_str().and_then(|name| name.strip_prefix("root.")?.strip_suffix(".key"));
        names.extend(id.map(str::to_owned));
    }
    names.sort_unstable();
    let read = |id: &String| {
        let path = folder.join(format!("root.{id}.key"));
        let key = RootKey::read(&path)?;
        if key.id().to_string() == *id { Ok(key) } else { Err(KeyFileError::Malformed(path)) }
    };
    names.iter().map(read).collect()
}

/// Makes a new root key; the present one becomes an older one. Broken off anywhere, the present
/// key is still whole under its name, and doing it again completes it.
pub fn replace(folder: &Path, entropy: &dyn Entropy) -> Result<RootKeyId, KeyFileError> {
    let present = folder.join(ROOT_KEY);
    let old = RootKey::read(&present)?;
    let kept = older_file(folder, old.id());
    match fs::hard_link(&present, &kept) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(KeyFileError::io(&kept, &error));
        }
        _ => {}
    }
    if RootKey::read(&kept)?.id() != old.id() {
        return Err(KeyFileError::Malformed(kept));
    }
    let new = RootKey::draw(entropy);
    // Durable under a name that older() finds before it takes the present one's.
    let draft = older_file(folder, new.id());
    new.write(&draft)?;
    fs::rename(&draft, &present)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|error| KeyFileError::io(&present, &error))?;
    Ok(new.id())
}

/// Removes the file of an older root key that nothing needs. One that is gone already is fine.
pub fn remove_older(folder: &Path, id: RootKeyId) -> Result<(), KeyFileError> {
    let path = older_file(folder, id);
    match fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|error| KeyFileError::io(&path, &error))?,
    }
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| KeyFileError::io(&path, &error))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::ids::OsEntropy;

    #[test]
    fn the_key_that_was_replaced_stays_readable() {
        let folder = tempfile::tempdir().unwrap();
        let first = RootKey::draw(&OsEntropy);
        first.write(&folder.path().join(ROOT_KEY)).unwrap();
        assert!(older(folder.path()).unwrap().is_empty());
        let second = replace(folder.path(), &OsEntropy).unwrap();
        let present = folder.path().join(ROOT_KEY);
        assert_eq!(RootKey::read(&present).unwrap().id(), second);
        assert_eq!(fs::metadata(present).unwrap().permissions().mode() & 0o777, 0o600);
        let kept: Vec<_> = older(folder.path()).unwrap().iter().map(RootKey::id).collect();
        assert_eq!(kept, [first.id()]);
        remove_older(folder.path(), first.id()).unwrap();
        remove_older(folder.path(), first.id()).unwrap();
        assert!(older(folder.path()).unwrap().is_empty());
    }

    #[test]
    fn replacing_goes_on_where_it_was_broken_off() {
        let folder = tempfile::tempdir().unwrap();
        let first = RootKey::draw(&OsEntropy);
        first.write(&folder.path().join(ROOT_KEY)).unwrap();
        // Killed after the old key got its second name: both are the same key.
        fs::hard_link(folder.path().join(ROOT_KEY), older_file(folder.path(), first.id())).unwrap();
        replace(folder.path(), &OsEntropy).unwrap();
        assert_eq!(older(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn an_older_key_under_a_wrong_name_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        RootKey::draw(&OsEntropy).write(&folder.path().join("root.00000000.key")).unwrap();
        assert!(matches!(older(folder.path()), Err(KeyFileError::Malformed(_))));
    }
}
