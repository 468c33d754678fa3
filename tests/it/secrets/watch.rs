//! Sees every file that is made in a folder, however short it is there.

use std::mem::MaybeUninit;
use std::path::Path;

use rustix::fd::OwnedFd;
use rustix::fs::inotify::{CreateFlags, Reader, WatchFlags, add_watch, init};
use rustix::io::Errno;

pub(crate) struct Watch(OwnedFd);

impl Watch {
    pub(crate) fn over(folder: &Path) -> Self {
        let watch = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).unwrap();
        add_watch(&watch, folder, WatchFlags::CREATE | WatchFlags::MOVED_TO).unwrap();
        Self(watch)
    }

    /// The names of all files that were made since it was asked last.
    pub(crate) fn made(&self) -> Vec<String> {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(&self.0, &mut buffer);
        let mut made = Vec::new();
        loop {
            match reader.next() {
                Ok(event) => made.extend(event.file_name().map(|name| format!("{name:?}"))),
                Err(Errno::AGAIN) => return made,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn a_file_that_is_gone_at_once_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let watch = Watch::over(folder.path());
    assert_eq!(watch.made(), [""; 0]);
    drop(tempfile::tempfile_in(folder.path()).unwrap());
    let file = folder.path().join("short");
    std::fs::write(&file, "x").unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(watch.made().contains(&"\"short\"".to_owned()));
}
