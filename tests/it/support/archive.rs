//! A downloaded archive, looked at with other people's tools.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::process::{Answer, rightsdesk};
use super::{not_run, setting};

/// An archive in a folder of its own.
pub(crate) struct Downloaded {
    folder: TempDir,
    /// Every entry, by name.
    pub(crate) entries: BTreeMap<String, Vec<u8>>,
}

impl Downloaded {
    /// Keeps `bytes` and reads every entry.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("archive.zip"), bytes).unwrap();
        let mut zip = zip::ZipArchive::new(File::open(folder.path().join("archive.zip")).unwrap());
        let mut entries = BTreeMap::new();
        let zip = zip.as_mut().unwrap();
        for at in 0..zip.len() {
            let mut entry = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            assert!(entries.insert(entry.name().unwrap().into_owned(), bytes).is_none());
        }
        Self { folder, entries }
    }

    /// Where it lies.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("archive.zip")
    }

    /// A page or other text in it.
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> &str {
        let entry = self.entries.get(name).unwrap_or_else(|| panic!("no {name} in the archive"));
        std::str::from_utf8(entry).unwrap()
    }

    /// Everything readable in it, one after the other.
    pub(crate) fn all_text(&self) -> String {
        let endings = ["ndjson", "csv", "html", "json"];
        let readable = |name: &str| endings.iter().any(|ending| name.ends_with(ending));
        let texts = self.entries.keys().filter(|name| readable(name)).map(|name| self.text(name));
        texts.collect::<Vec<_>>().join("\n")
    }

    /// The rows of a collection, in order.
    pub(crate) fn rows(&self, store: &str, collection: &str) -> Vec<Value> {
        let start = format!("data/{store}/{collection}.");
        let part = |name: &&String| name.starts_with(&start) && name.ends_with(".ndjson");
        let names = self.entries.keys().filter(part);
        let lines = names.flat_map(|name| self.text(name).lines());
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// How many rows each collection of a store has.
    pub(crate) fn counts(&self, store: &str) -> BTreeMap<String, usize> {
        let start = format!("data/{store}/");
        let name = |name: &String| {
            let rest = name.strip_prefix(&start)?.strip_suffix(".ndjson")?;
            Some(rest.split('.').next().unwrap().to_owned())
        };
        let names: std::collections::BTreeSet<_> = self.entries.keys().filter_map(name).collect();
        names.into_iter().map(|name| (name.clone(), self.rows(store, &name).len())).collect()
    }

    /// Unpacks it as a person would, and gives the folder.
    pub(crate) fn unpack(&self) -> PathBuf {
        let out = self.folder.path().join("out");
        for (name, bytes) in &self.entries {
            let file = out.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
        out
    }

    /// What unzip, 7-Zip, Python and minisign say to it.
    pub(crate) fn ask_others(&self, key: &str) {
        let folder = self.folder.path();
        tool(folder, "unzip", &["-tq", "archive.zip"]);
        if let Some(said) = tool(folder, "7z", &["t", "archive.zip"]) {
            assert!(said.contains("Everything is Ok") && !said.contains("Warning"), "{said}");
        }
        let python = setting("RIGHTSDESK_TEST_PYTHON").unwrap_or_else(|| "python3".to_owned());
        let test = "import sys, zipfile; sys.exit(zipfile.ZipFile('archive.zip').testzip())";
        tool(folder, &python, &["-c", test]);
        fs::write(folder.join("published.pub"), key).unwrap();
        self.unpack();
        let args = ["-Vm", "out/manifest.json", "-p", "published.pub"];
        if let Some(said) = tool(folder, "minisign", &args) {
            assert!(said.contains("Signature and comment signature verified"), "{said}");
        }
    }

    /// `rightsdesk archive verify` in `dir`.
    pub(crate) fn verify(&self, dir: &Path) -> Answer {
        verify(dir, &self.file())
    }

    /// The same after one bit of the byte at `at` was turned.
    pub(crate) fn verify_turned(&self, dir: &Path, at: usize) -> Answer {
        let mut bytes = fs::read(self.file()).unwrap();
        bytes[at] ^= 1;
        let turned = self.folder.path().join("turned.zip");
        fs::write(&turned, bytes).unwrap();
        verify(dir, &turned)
    }
}

fn verify(dir: &Path, file: &Path) -> Answer {
    let mut command = rightsdesk();
    command.current_dir(dir).args(["archive", "verify"]).arg(file);
    command.output().unwrap().into()
}

/// Runs a tool that must be content; `None` when it is not here.
fn tool(folder: &Path, program: &str, args: &[&str]) -> Option<String> {
    let Ok(output) = Command::new(program).current_dir(folder).args(args).output() else {
        not_run(program);
        return None;
    };
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{program} {args:?}: {said}");
    Some(said)
}
