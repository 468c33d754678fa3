//! What a person finds in the zip.

use std::collections::BTreeMap;
use std::io::Read as _;

use crate::archive::manifest::Manifest;

/// A zip, unpacked.
pub(super) struct Unpacked {
    pub(super) files: BTreeMap<String, Vec<u8>>,
    pub(super) manifest: Manifest,
}

impl Unpacked {
    pub(super) fn of(zip: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
        let mut files = BTreeMap::new();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            assert!(files.insert(name, bytes).is_none(), "each name once");
        }
        let manifest = serde_json::from_slice(&files["manifest.json"]).unwrap();
        Self { files, manifest }
    }

    pub(super) fn text(&self, name: &str) -> &str {
        std::str::from_utf8(self.files.get(name).unwrap_or_else(|| panic!("{name}"))).unwrap()
    }

    /// The entries with data, with their hashes.
    pub(super) fn data(&self) -> Vec<(String, String)> {
        let entries = self.manifest.entries.iter().filter(|entry| entry.store.is_some());
        entries.map(|entry| (entry.name.clone(), entry.sha256.to_string())).collect()
    }

    /// Whether any file holds `word`.
    pub(super) fn holds(&self, word: &str) -> bool {
        let word = word.as_bytes();
        self.files.iter().any(|(name, bytes)| {
            name.as_bytes().windows(word.len()).any(|at| at == word)
                || bytes.windows(word.len()).any(|at| at == word)
        })
    }
}
