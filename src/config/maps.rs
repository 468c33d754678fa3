//! The data maps that the configuration names.

use std::path::PathBuf;

use glob::Pattern;

use super::document::Section;
use super::error::Refusal;

/// The files that `maps` names, sorted, each once. A pattern may name none; a plain name must be
/// there.
pub(super) fn read(section: &Section<'_>) -> Vec<PathBuf> {
    let entry = section.entry("maps");
    let written = match &entry {
        Some(entry) => entry.texts().unwrap_or_default(),
        None => vec![(0, "maps/*.toml")],
    };
    let mut files = Vec::new();
    for (at, pattern) in written {
        match matches(section, pattern) {
            Ok(found) => files.extend(found),
            Err(refusal) => section.doc.refuse(at, "maps".into(), refusal),
        }
    }
    files.sort();
    files.dedup();
    files
}

fn matches(section: &Section<'_>, pattern: &str) -> Result<Vec<PathBuf>, Refusal> {
    let folder = Pattern::escape(&section.doc.folder.to_string_lossy());
    let whole = format!("{folder}/{pattern}");
    let whole = if pattern.starts_with('/') { pattern } else { &whole };
    let found = glob::glob(whole)
        .map_err(|_| Refusal::value("write a pattern of files, such as \"maps/*.toml\""))?;
    let files: Vec<PathBuf> = found.collect::<Result<_, _>>().map_err(|error| {
        Refusal::value(format!(
            "cannot look into {}; let the service read it",
            error.path().display()
        ))
    })?;
    if files.is_empty() && !pattern.contains(['*', '?', '[']) {
        return Err(Refusal::value("there is no such file; write the path of a data map"));
    }
    Ok(files)
}
