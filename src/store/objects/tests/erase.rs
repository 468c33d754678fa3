//! Taking files away from a folder and from a bucket.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tempfile::{TempDir, tempdir};

use super::put;
use crate::domain::erase::{
    Done, EraseBlockerCode, ErasePart, ErasePlan, EraseScope, ItemName, Method, RowId, Stop,
    Verdict,
};
use crate::domain::record::GapReason;
use crate::store::Store;
use crate::store::conformance::{CANARY, Erasable, EraseBench, Hands};
use crate::store::erase::{Erase, Look, Reach, Step};
use crate::store::map::parse;
use crate::store::objects::ObjectsStore;
use crate::store::testing::{FACTS, key, serve_s3};

const UPLOADS: &str = "[store.images.prefix.uploads]\nkey = \"uploads/{user}/\"\n\
    is = \"user.content\"\n";

/// A store whose map stands in `dir`; `more` is said of the prefix.
pub(super) fn images(dir: &Path, url: &str, more: &str) -> ObjectsStore {
    let text = format!(
        "format = \"rightsdesk-map/1\"\n[store.images]\nkind = \"objects\"\n{url}\n{FACTS}\n\
         {UPLOADS}{more}\n"
    );
    let map = parse(&dir.join("images.toml"), &text, &|name| Some(name.to_owned())).unwrap();
    ObjectsStore::new(&map.stores[0]).unwrap()
}

fn files(root: &Path) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let key = path.strip_prefix(root).unwrap().display().to_string();
                all.push(format!("{} {key}", fs::read_to_string(&path).unwrap()));
            }
        }
    }
    all.sort();
    all
}

fn seed(root: &Path) {
    for key in ["uploads/1/a.png", "uploads/1/2026/b.png", "uploads/1/c d#1.png"] {
        put(root, key, "ada");
    }
}

/// The files as the store's own program sees them.
struct Files {
    root: PathBuf,
    _dir: TempDir,
}

#[async_trait]
impl Hands for Files {
    async fn dump(&self) -> Vec<String> {
        files(&self.root)
    }

    async fn add_two(&self) {
        put(&self.root, "uploads/1/d.png", "ada");
        put(&self.root, "uploads/1/e.png", "ada");
    }

    async fn restore(&self) {
        seed(&self.root);
    }

    async fn twin(&self) -> bool {
        false
    }

    async fn stray(&self) -> bool {
        false
    }
}

async fn erasable(bucket: bool) -> Erasable {
    let dir = tempdir().unwrap();
    let root = dir.path().join(if bucket { "s3/bucket/in/here" } else { "images" });
    seed(&root);
    for key in ["uploads/10/a", "uploads/1.png", "uploads/null/a", "uploads/%/a", "uploads/11/a"] {
        put(&root, key, CANARY);
    }
    let url = if bucket {
        // Set once a process; a second time finds it set.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let endpoint = serve_s3(dir.path()).await;
        format!(
            "url = \"s3://bucket/in/here\"\nendpoint = \"{endpoint}\"\nregion = \"eu-central-1\"\n\
             access_key = {{ env = \"ID\" }}\nsecret_key = {{ env = \"SECRET\" }}"
        )
    } else {
        "url = \"file:images\"".to_owned()
    };
    let store = images(dir.path(), &url, "erase = \"delete\"").limited(2);
    let hands = Box::new(Files { root, _dir: dir });
    Erasable { store: Arc::new(store), ada: vec![key("user", "1")], hands }
}

struct FilesBench(bool);

#[async_trait]
impl EraseBench for FilesBench {
    async fn seeded(&self) -> Option<Erasable> {
        Some(erasable(self.0).await)
    }
}

mod folder {
    use super::*;

    erase_conformance!(FilesBench(false));
}

mod bucket {
    use super::*;

    erase_conformance!(FilesBench(true));
}

struct Scene {
    dir: TempDir,
    store: ObjectsStore,
    scope: EraseScope,
    files: Vec<String>,
}

impl Scene {
    fn new(more: &str) -> Self {
        let dir = tempdir().unwrap();
        seed(&dir.path().join("images"));
        let store = images(dir.path(), "url = \"file:images\"", more);
        Self { dir, store, scope: EraseScope::Everything, files: Vec::new() }
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("images")
    }

    async fn plan(&self, now: &str) -> ErasePlan {
        let keys = [key("user", "1")];
        let now = now.parse().unwrap();
        let reach = Reach { keys: &keys, scope: &self.scope, files: &self.files, now, most: 10 };
        self.store.plan(&reach).await.unwrap()
    }

    async fn carry_out(&self, plan: &ErasePlan) -> Vec<Done> {
        let keys = [key("user", "1")];
        let now: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
        let reach = Reach { keys: &keys, scope: &self.scope, files: &self.files, now, most: 10 };
        let mut done = Vec::new();
        for part in &plan.steps {
            let step = Step { part, people: &[], new: 0 };
            done.push(self.store.execute(&reach, &step).await.unwrap());
        }
        done
    }
}

const NOW: &str = "2026-11-21T00:00:00Z";

#[tokio::test]
async fn files_stay_as_long_as_the_map_says() {
    let scene = Scene::new("keep = { for = \"99y\", ground = \"AO 147\" }");
    let plan = scene.plan(NOW).await;
    assert!(plan.steps.is_empty());
    assert_eq!((plan.kept[0].rows, &*plan.kept[0].ground), (3, "AO 147"));
    assert!(plan.kept[0].until.is_some());
    let late = scene.plan("2999-01-01T00:00:00Z").await;
    assert_eq!(late.steps[0].rows.len(), 3);
    assert_eq!(scene.carry_out(&late).await, [Done::Stopped(Stop::Blocked)], "it is not late");
    assert_eq!(files(&scene.root()).len(), 3);
}

#[tokio::test]
async fn files_of_another_controller_are_listed_and_stay_whatever_rows_name() {
    let acme =
        "controller = \"acme\"\n[controller.acme]\nname = \"Acme GmbH\"\nhow = \"call them\"";
    let mut scene = Scene::new(acme);
    let before = files(&scene.root());
    scene.files = ["uploads/1/a.png", "uploads/10/theirs.png"].map(str::to_owned).to_vec();
    let plan = scene.plan(NOW).await;
    assert!(plan.steps.is_empty() && plan.blockers.is_empty());
    let [kept] = &plan.kept[..] else { panic!("{:?}", plan.kept) };
    let whose = kept.controller.as_ref().map(|of| of.name.as_str());
    assert_eq!((&*kept.collection, kept.rows, whose), ("uploads", 3, Some("Acme GmbH")));
    let gaps: Vec<GapReason> = plan.gaps.iter().map(|gap| gap.reason).collect();
    assert_eq!(gaps, [GapReason::Forbidden], "in the folder of somebody else");
    for collection in ["uploads", crate::store::erase::NAMED_FILES] {
        let part = ErasePart {
            collection: collection.to_owned(),
            method: Method::Delete,
            fields: Vec::new(),
            rows: vec![RowId("uploads/1/a.png".to_owned())],
        };
        scene.carry_out(&ErasePlan { steps: vec![part], ..ErasePlan::default() }).await;
    }
    assert_eq!(files(&scene.root()), before);
}

#[tokio::test]
async fn files_that_rows_name_go_unless_they_lie_with_somebody_else() {
    let mut scene = Scene::new("erase = \"delete\"");
    for key in ["art/x.png", "art/y.png", "uploads/10/theirs.png"] {
        put(&scene.root(), key, "x");
    }
    scene.files =
        ["art/x.png", "uploads/1/a.png", "uploads/10/theirs.png", "../images.toml", "gone"]
            .map(str::to_owned)
            .to_vec();
    let plan = scene.plan(NOW).await;
    let steps: Vec<(&str, usize)> =
        plan.steps.iter().map(|part| (part.collection.as_str(), part.rows.len())).collect();
    assert_eq!(steps, [("uploads", 3), ("files", 1)]);
    let gaps: Vec<GapReason> = plan.gaps.iter().map(|gap| gap.reason).collect();
    assert_eq!(gaps, [GapReason::NotSearchable, GapReason::Forbidden]);
    scene.carry_out(&plan).await;
    assert_eq!(files(&scene.root()), ["x art/y.png", "x uploads/10/theirs.png"]);
    assert!(scene.dir.path().join("images").exists());
}

#[tokio::test]
async fn a_scope_names_files_and_kinds_of_them() {
    let mut scene = Scene::new("erase = \"delete\"");
    let item = |text| ItemName::parse(text).unwrap();
    scene.scope = EraseScope::Items(BTreeSet::from([
        item("images/uploads/uploads/1/a.png"),
        item("images/uploads/uploads/10/a.png"),
    ]));
    let plan = scene.plan(NOW).await;
    assert_eq!(plan.steps[0].rows, [RowId("uploads/1/a.png".into())]);
    scene.files = vec!["uploads/1/2026/b.png".into()];
    let collections: Vec<String> =
        scene.plan(NOW).await.steps.into_iter().map(|part| part.collection).collect();
    assert_eq!(collections, ["uploads", "files"], "named by a row of the scope");
    scene.files.clear();
    scene.scope = EraseScope::Categories(BTreeSet::from(["user.financial".into()]));
    assert!(scene.plan(NOW).await.steps.is_empty());
    scene.scope = EraseScope::Categories(BTreeSet::from(["user".into()]));
    assert_eq!(scene.plan(NOW).await.steps[0].rows.len(), 3);
}

#[tokio::test]
async fn a_prefix_without_a_word_on_erasing_stands_in_the_way() {
    for (more, code) in [("", None), ("erase = \"mask\"", Some("prefix_erase"))] {
        let scene = Scene::new(more);
        let plan = scene.plan(NOW).await;
        assert!(plan.steps.is_empty());
        assert_eq!(plan.blockers[0].code, EraseBlockerCode::NoMethod);
        let findings = scene.store.check().await.unwrap();
        assert_eq!(findings.first().map(|finding| finding.code), code);
        assert!(findings.iter().all(|finding| finding.line > 0));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_leads_no_deletion_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let mut scene = Scene::new("erase = \"delete\"");
    put(scene.dir.path(), "outside/secret.txt", CANARY);
    let outside = scene.dir.path().join("outside");
    symlink(&outside, scene.root().join("uploads/1/out")).unwrap();
    symlink(outside.join("secret.txt"), scene.root().join("uploads/1/s.txt")).unwrap();
    symlink(&outside, scene.root().join("art")).unwrap();
    scene.files = vec!["art/secret.txt".into(), "uploads/1/s.txt".into()];
    let plan = scene.plan(NOW).await;
    assert_eq!(plan.steps.iter().map(|part| part.rows.len()).sum::<usize>(), 3);
    scene.carry_out(&plan).await;
    assert!(outside.join("secret.txt").exists());
    let rows = [RowId("uploads/1/out/secret.txt".into()), RowId("../outside/secret.txt".into())];
    let look = Look { collection: "uploads", method: Method::Delete, fields: &[], rows: &rows };
    let reach =
        Reach { keys: &[], scope: &scene.scope, files: &[], now: NOW.parse().unwrap(), most: 10 };
    assert_eq!(scene.store.verify(&reach, &look).await.unwrap(), Verdict::Gone);
}
