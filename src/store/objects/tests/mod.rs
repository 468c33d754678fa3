//! The suite over a folder and over a bucket, and what is a folder's own.

mod erase;
mod s3;
mod versions;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tempfile::{TempDir, tempdir};

use super::*;
use crate::store::conformance::{Bench, CANARY, Seeded};
use crate::store::map::parse;
use crate::store::testing::{FACTS, key, lines, pages};

/// A store `images` whose map stands in `dir`.
fn images(dir: &Path, url: &str, more: &str) -> Result<ObjectsStore, Finding> {
    let text = format!(
        "format = \"rightsdesk-map/1\"\n[store.images]\nkind = \"objects\"\nurl = \"{url}\"\n\
         {more}\n{FACTS}\n[store.images.prefix.uploads]\nkey = \"uploads/{{user}}/\"\n\
         is = \"user.content\"\n[store.images.prefix.faces]\nkey = \"{{face}}/in/\"\n\
         is = \"user.content.self_image\"\n"
    );
    let map = parse(&dir.join("images.toml"), &text, &|name| Some(name.to_owned())).unwrap();
    ObjectsStore::new(&map.stores[0])
}

fn put(root: &Path, key: &str, text: &str) {
    let path = root.join(key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Ada's files lie in two places, her neighbours' in folders with names much like hers.
fn seed(root: &Path, count: usize) {
    for at in 0..count {
        match at % 3 {
            0 => put(root, &format!("uploads/1/{at}.png"), "ada"),
            1 => put(root, &format!("uploads/1/2026/{at}.png"), "ada"),
            _ => put(root, &format!("f1/in/{at}.png"), "ada"),
        }
    }
    for key in
        ["uploads/10/a", "uploads/11/a", "uploads/1.png", "uploads/1-a/b", "f10/in/a", "f1/a"]
    {
        put(root, &format!("{key}-{CANARY}"), CANARY);
    }
}

fn seeded(dir: TempDir, page: Option<usize>, open: impl Fn(&Path) -> ObjectsStore) -> Seeded {
    let store = || open(dir.path()).limited(page.unwrap_or(FILES));
    Seeded {
        store: Arc::new(store()),
        again: Arc::new(store()),
        ada: vec![key("user", "1"), key("face", "f1")],
        nobody: vec![key("user", "1."), key("user", "2"), key("email", "ada@example.org")],
        hidden: vec![key("user", "../f1")],
        _data: Box::new(dir),
    }
}

struct FolderBench;

#[async_trait]
impl Bench for FolderBench {
    async fn seeded(&self, count: usize, page: Option<usize>) -> Seeded {
        let dir = tempdir().unwrap();
        seed(&dir.path().join("images"), count);
        seeded(dir, page, |dir| images(dir, "file:images", "").unwrap())
    }

    async fn broken(&self) -> Seeded {
        let url = format!("file:{CANARY}/away");
        seeded(tempdir().unwrap(), None, |dir| images(dir, &url, "").unwrap())
    }

    fn many(&self) -> usize {
        5_000
    }
}

mod folder_suite {
    store_conformance!(super::FolderBench);
}

#[tokio::test]
async fn names_that_a_folder_may_have_and_a_person_must_not() {
    let dir = tempdir().unwrap();
    seed(&dir.path().join("images"), 3);
    let store = images(dir.path(), "file:images", "").unwrap();
    for value in ["..", ".", "1/2026", "1\\2026", "1/../10", "1\0", "1\n"] {
        let page = store.page(&[key("user", value)], None).await.unwrap();
        assert!(page.items.is_empty(), "{value:?}");
        let gap = Gap { place: "uploads".into(), reason: GapReason::NotSearchable, count: 1 };
        assert_eq!(page.gaps, [gap], "{value:?}");
    }
}

#[tokio::test]
async fn odd_names_are_files_like_others() {
    let dir = tempdir().unwrap();
    let root = dir.path().join("images");
    let names = ["a b.png", "a#1", "a%20b", "ü.png", "a+b&c=d?.png", "~x", "a:b"];
    for name in names {
        put(&root, &format!("uploads/1/{name}"), name);
    }
    let store = images(dir.path(), "file:images", "").unwrap();
    let found = pages(&store, &[key("user", "1")]).await;
    assert_eq!(lines(&found).len(), names.len());
    for item in &found[0].items {
        let Item::File(file) = item else { panic!("a file") };
        assert!(names.contains(&file.name.as_str()));
        assert_eq!(store.open(&file.at.key).await.unwrap().unwrap().size, file.name.len() as u64);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed_and_are_told_as_gaps() {
    use std::os::unix::fs::symlink;
    let dir = tempdir().unwrap();
    let root = dir.path().join("images");
    seed(&root, 1);
    put(dir.path(), "outside/secret.txt", CANARY);
    symlink(dir.path().join("outside"), root.join("uploads/1/out")).unwrap();
    symlink(dir.path().join("outside/secret.txt"), root.join("uploads/1/s.txt")).unwrap();
    symlink(root.join("uploads/10"), root.join("uploads/1/neighbour")).unwrap();
    symlink(dir.path().join("outside"), root.join("uploads/3")).unwrap();
    let store = images(dir.path(), "file:images", "").unwrap();
    let page = store.page(&[key("user", "1")], None).await.unwrap();
    assert_eq!(lines(std::slice::from_ref(&page)), ["file images:uploads/1/0.png"]);
    let gap = Gap { place: "uploads".into(), reason: GapReason::Forbidden, count: 1 };
    assert_eq!(page.gaps, vec![gap.clone(); 3]);
    let page = store.page(&[key("user", "3")], None).await.unwrap();
    assert_eq!((page.items.len(), page.gaps), (0, vec![gap]), "the person's folder is a link");
    for key in ["uploads/1/s.txt", "uploads/1/out/secret.txt", "uploads/3/secret.txt", "uploads"] {
        assert!(store.open(key).await.unwrap().is_none(), "{key}");
    }
}

#[tokio::test]
async fn a_folder_that_is_away_is_unreachable_and_not_empty() {
    let dir = tempdir().unwrap();
    let store = images(dir.path(), "file:images", "").unwrap();
    let error = store.page(&[key("user", "1")], None).await.unwrap_err();
    assert_eq!(error.code, StoreErrorCode::Unreachable);
    assert_eq!(store.check().await.unwrap_err().code, StoreErrorCode::Unreachable);
    assert_eq!(store.open("uploads/1/a").await.unwrap_err().code, StoreErrorCode::Unreachable);
}

#[test]
fn a_url_of_another_kind_is_refused_with_an_example() {
    for url in ["images", "file:", "s3://", "http://host/x", "s3:///a"] {
        let finding = images(Path::new("."), url, "").unwrap_err();
        assert!(finding.message.contains("s3://bucket/prefix"), "{url}: {}", finding.message);
    }
    let half = "access_key = { env = \"A\" }";
    let finding = images(Path::new("."), "s3://bucket", half).unwrap_err();
    assert!(finding.message.contains("secret_key"));
}
