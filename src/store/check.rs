//! Data maps beside the stores they describe.

use super::map::DataMap;
use super::{Finding, Stores};

/// Looks at every store whether it is what its map says. An empty list is a clean bill. A store
/// that cannot be looked at is a finding too: silence is no proof.
pub async fn check(maps: &[DataMap], stores: &Stores) -> Vec<Finding> {
    let mut findings = Vec::new();
    for map in maps.iter().flat_map(|map| &map.stores) {
        let finding =
            |code, message| Finding { file: map.file.clone(), line: map.line, code, message };
        match stores.get(&map.name) {
            None => {
                let message = format!("store {} was not opened", map.name);
                findings.push(finding("not_opened", message));
            }
            Some(store) => match store.check().await {
                Ok(more) => findings.extend(more),
                Err(error) => {
                    let message = format!(
                        "store {} could not be looked at: {error}; see that its url is right and \
                         that it answers",
                        map.name
                    );
                    findings.push(finding("store_trouble", message));
                }
            },
        }
    }
    findings.sort_by(|a, b| (&a.file, a.line, a.code).cmp(&(&b.file, b.line, b.code)));
    findings.dedup();
    findings
}
