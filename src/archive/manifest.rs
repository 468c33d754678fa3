//! The manifest: what the archive holds, for machines and for [`super::verify`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::segment::Sha256Sum;
use crate::domain::controller::HeldRows;
use crate::domain::record::{Gap, Withheld};

/// The version of the layout.
pub const SCHEMA: &str = "rightsdesk-archive/1";
/// The manifest's own name.
pub const MANIFEST: &str = "manifest.json";
/// The name of its signature.
pub const SIGNATURE: &str = "manifest.json.minisig";

/// The manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`].
    pub schema: String,
    /// The request.
    pub reference: String,
    /// The right exercised.
    pub right: String,
    /// When the archive was made, RFC 3339 in UTC.
    pub made_at: Timestamp,
    /// When the first store was read.
    pub read_from: Timestamp,
    /// When the last store was read.
    pub read_to: Timestamp,
    /// Every store that was to be asked.
    pub stores: Vec<ManifestStore>,
    /// Every entry but the manifest and its signature, in the archive's order.
    pub entries: Vec<ManifestEntry>,
}

/// A store in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestStore {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// `done`, `skipped`, `failed` or `withheld`.
    pub status: String,
    /// Rows found.
    pub rows: u64,
    /// Files found.
    pub files: u64,
    /// What could not be looked at.
    pub gaps: Vec<Gap>,
    /// What is about somebody else.
    pub withheld: Vec<Withheld>,
    /// What is held on behalf of other controllers, who decide over it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<HeldRows>,
}

/// An entry in the manifest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestEntry {
    /// Its name in the archive.
    pub name: String,
    /// Bytes, unpacked.
    pub size: u64,
    /// SHA-256 of the unpacked bytes.
    pub sha256: Sha256Sum,
    /// SHA-256 of the bytes as they stand in the archive, where these differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed_sha256: Option<Sha256Sum>,
    /// The store it is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// The collection whose rows it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// How many rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// In a CSV file: whether a text in it got a leading `'`, so that no spreadsheet runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escaped: Option<bool>,
    /// The name that a file had in its store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_name: Option<String>,
    /// What a file is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

impl std::fmt::Debug for ManifestEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ManifestEntry({} bytes)", self.size)
    }
}

impl Manifest {
    /// The manifest of `answer` with `entries`.
    pub(super) fn of(answer: &Answer, entries: Vec<ManifestEntry>) -> Self {
        let store = |store: &super::answer::StoreAnswer| ManifestStore {
            name: store.facts.name.clone(),
            label: store.facts.label(answer.language).to_owned(),
            status: store.status.as_str().to_owned(),
            rows: store.tally.rows,
            files: store.tally.files,
            gaps: store.tally.gaps.clone(),
            withheld: store.tally.withheld.clone(),
            held: store.tally.held.clone(),
        };
        Self {
            schema: SCHEMA.to_owned(),
            reference: answer.reference.as_str().to_owned(),
            right: answer.right.as_str().to_owned(),
            made_at: answer.made_at,
            read_from: answer.read_from,
            read_to: answer.read_to,
            stores: answer.stores.iter().map(store).collect(),
            entries,
        }
    }

    /// The file: indented JSON with a line end.
    pub(super) fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("written to memory");
        text.push('\n');
        text
    }

    /// The signed comment of the signature.
    pub(super) fn comment(&self) -> String {
        format!("archive {} made at {}", self.reference, self.made_at)
    }
}
