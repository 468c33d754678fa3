//! The filter: what everybody has said, as a file that a program can read while we are away.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use crate::db::flag::TaggedFlag;
use crate::domain::flag::{Flag, Purpose, may};
use crate::keys::flags::{ENTRY, entry};
use crate::service::{Desk, ServiceError};

/// The first line.
const FORMAT: &str = "rightsdesk-filter/1";
/// A filter is good for so long; then nothing may be done on its word.
const VALID: SignedDuration = SignedDuration::from_hours(24);
/// People read in one go.
const BATCH: u64 = 2_000;

/// A filter and what opens it.
#[derive(Debug)]
pub struct Filter {
    /// The file.
    pub text: String,
    /// What its entries are made with.
    pub key: Zeroizing<String>,
    /// From when on it is outdated.
    pub valid_until: Timestamp,
}

impl Desk {
    /// Makes the filter of this moment. For each purpose it lists whoever is not treated as somebody
    /// who never said anything: those who said no, and for a purpose that needs consent those who
    /// said yes.
    pub async fn make_filter(&self) -> Result<Filter, ServiceError> {
        let tx = self.db.begin().await?;
        let key = tx.make_flag_key().await?;
        tx.commit().await?;
        let now = self.now();
        let made_at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let purposes: Vec<Purpose> = self.purposes().iter().cloned().collect();
        let mut lists: BTreeMap<&Purpose, Vec<[u8; ENTRY]>> =
            purposes.iter().map(|purpose| (purpose, Vec::new())).collect();
        let tx = self.db.begin_read().await?;
        let mut after = None;
        loop {
            let some = tx.flags_by_tag(after, BATCH).await?;
            let Some(last) = some.last() else { break };
            after = Some(last.tag);
            for of_one in some.chunk_by(|a, b| a.tag == b.tag) {
                let flags: Vec<Flag> = of_one.iter().map(|one| one.flag.clone()).collect();
                for (purpose, list) in &mut lists {
                    if may(purpose, &flags, now).allowed != may(purpose, &[], now).allowed {
                        list.push(entry(&tag(of_one), purpose.as_str(), &made_at));
                    }
                }
            }
        }
        drop(tx);
        let valid_until = now + VALID;
        let mut text = format!(
            "{FORMAT}\nmade_at {made_at}\nvalid_until {}\n",
            valid_until.strftime("%Y-%m-%dT%H:%M:%SZ")
        );
        for (purpose, mut list) in lists {
            let rule = if may(purpose, &[], now).allowed { "unless_listed" } else { "if_listed" };
            list.sort_unstable();
            text.push_str(&heading(purpose, rule, list.len()));
            for entry in list {
                text.push_str(&HEXLOWER.encode(&entry));
                text.push('\n');
            }
        }
        text.push_str("end\n");
        Ok(Filter { text, key: key.to_text(), valid_until })
    }
}

fn heading(purpose: &Purpose, rule: &str, count: usize) -> String {
    format!("purpose {purpose} {rule} {count}\n")
}

fn tag(of_one: &[TaggedFlag]) -> [u8; 32] {
    of_one[0].tag
}
