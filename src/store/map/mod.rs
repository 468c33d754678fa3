//! Data maps: the files that say what in a store is whose, for what, for how long, and how it is
//! erased. Format `rightsdesk-map/1`.
//!
//! [`read`] gives either maps that hold together or every fault in them, each with file, line and
//! what to write instead. Whether a map fits the real store is the business of [`super::check`].

mod controller;
mod correct;
mod link;
mod marks;
mod model;
mod period;
mod recipient;
mod section;
mod store;
mod table;
#[cfg(test)]
mod tests;
mod together;

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use toml::de::DeTable;

use super::Finding;
pub use controller::PrincipalMap;
pub use model::{
    Aggregate, Blob, Coarse, DataMap, Field, FieldErase, Keep, Link, Lookup, MarkColumn, Noted,
    ObjectOptions, Prefix, RecipientMap, Secret, StoreMap, TableErase, TableMap, ThirdParty, Who,
};
pub use period::{Period, Unit};
use section::{Doc, Section};

/// What stands in the first line of a map.
pub const FORMAT: &str = "rightsdesk-map/1";

/// Looks a setting up in the environment, for `{ env = "NAME" }`.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads maps from files. All faults of all files come together.
pub fn read(files: &[PathBuf], env: Env<'_>) -> Result<Vec<DataMap>, Vec<Finding>> {
    let mut maps = Vec::new();
    let mut findings = Vec::new();
    for file in files {
        match fs::read_to_string(file) {
            Ok(text) => match parse(file, &text, env) {
                Ok(map) => maps.push(map),
                Err(more) => findings.extend(more),
            },
            Err(error) => findings.push(Finding {
                file: file.display().to_string(),
                line: 1,
                code: "unreadable",
                message: format!("this data map cannot be read: {}", error.kind()),
            }),
        }
    }
    if findings.is_empty() {
        findings = together::check(&maps);
        findings.extend(recipient::check(&maps));
        recipient::resolve(&mut maps);
        controller::resolve(&mut maps);
    }
    if findings.is_empty() { Ok(maps) } else { Err(findings) }
}

/// Reads one map from `text`; `file` names it and is what relative paths are relative to.
/// References to other maps are not looked at; [`read`] does that.
pub fn parse(file: &Path, text: &str, env: Env<'_>) -> Result<DataMap, Vec<Finding>> {
    let doc = Doc::new(file, text, env);
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        doc.report(doc.line(at), "syntax", format!("not TOML here: {}", error.message()));
    }
    if !errors.is_empty() {
        return Err(doc.into_findings());
    }
    let root = Section::new(&doc, String::new(), 1, root.get_ref());
    if let Some(format) = root.need_text("format", &format!("format = \"{FORMAT}\""))
        && format.value != FORMAT
    {
        doc.report(format.line, "format", format!("write: format = \"{FORMAT}\""));
    }
    let mut stores = Vec::new();
    for (name, section) in root.sections("store") {
        if !is_store_name(&name.value) {
            doc.report(
                name.line,
                "store_name",
                format!("{}: a store's name is a-z first, then a-z, 0-9, _ and -", name.value),
            );
        }
        stores.extend(store::store(&name, &section));
    }
    let recipients: Vec<RecipientMap> = root
        .sections("recipient")
        .iter()
        .filter_map(|(id, section)| recipient::recipient(id, section))
        .collect();
    let controllers: Vec<PrincipalMap> = root
        .sections("controller")
        .iter()
        .filter_map(|(id, section)| controller::controller(id, section))
        .collect();
    let other = !recipients.is_empty() || !controllers.is_empty();
    if stores.is_empty() && !other && doc.is_clean() {
        doc.report(1, "no_store", "a data map describes a store: write [store.NAME]".to_owned());
    }
    root.finish();
    let file = doc.file.clone();
    let digest = Sha256::digest(text).into();
    let mut map = DataMap { file, digest, stores, recipients, controllers };
    controller::resolve(std::slice::from_mut(&mut map));
    doc.into_findings_or(map)
}

fn is_store_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

/// The fingerprint of what data maps say: 32 hex digits, the same for the same files.
pub fn fingerprint(maps: &[DataMap]) -> String {
    let mut hash = Sha256::new();
    for map in maps {
        hash.update(map.digest);
    }
    HEXLOWER.encode(&hash.finalize()[..16])
}
