//! Which entry gets which name, and what each store gave.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Answer;
use super::names::{EntryName, Names};
use super::segment::{Content, Entry, Format, Segment};

/// An entry with its name.
pub(super) struct Listed<'a> {
    pub(super) name: EntryName,
    pub(super) segment: &'a Segment,
    pub(super) entry: &'a Entry,
}

/// All entries that come from segments, in the order of stores and parts.
pub(super) struct Layout<'a> {
    pub(super) entries: Vec<Listed<'a>>,
    /// The names of the papers that go with the letter, in their order.
    pub(super) attachments: Vec<EntryName>,
}

impl<'a> Layout<'a> {
    /// Names everything. Depends on the stores' names and the numbers of the segments alone, not on
    /// the order in which they are given. `None` when the segments cannot be this answer's.
    pub(super) fn of(answer: &Answer, segments: &'a [Segment]) -> Option<Self> {
        let known: BTreeSet<&str> = answer.stores.iter().map(|s| &*s.facts.name).collect();
        let mut order: BTreeMap<(&str, u32), &'a Segment> = BTreeMap::new();
        let mut parts = BTreeSet::new();
        for segment in segments {
            if !known.contains(&*segment.store) || !parts.insert(segment.object.part) {
                return None;
            }
            order.insert((&segment.store, segment.object.part), segment);
        }
        let mut names = Names::default();
        let mut collections = BTreeMap::new();
        let mut entries = Vec::new();
        for segment in order.into_values() {
            let mut numbered = BTreeMap::new();
            for entry in &segment.entries {
                let name = match &entry.content {
                    Content::File { original, .. } => names.file(&segment.store, original),
                    Content::Rows { rows: 0, .. } => continue,
                    Content::Rows { collection, format, .. } => {
                        let place = (&*segment.store, &**collection);
                        let (data, parts) = collections.entry(place).or_insert_with(|| {
                            (names.collection(&segment.store, collection), 0_usize)
                        });
                        // Both formats of one segment bear one number.
                        let part = *numbered.entry(collection).or_insert_with(|| {
                            *parts += 1;
                            *parts
                        });
                        data.part(part, format.ending())
                    }
                };
                entries.push(Listed { name, segment, entry });
            }
        }
        let papers = answer.more.attachments.iter();
        let attachments = papers.map(|paper| names.attachment(&paper.name)).collect();
        Some(Self { entries, attachments })
    }

    /// The collections of `store` with their rows, by name.
    pub(super) fn collections(&self, store: &str) -> Vec<(&'a str, u64)> {
        let mut counted: BTreeMap<&'a str, u64> = BTreeMap::new();
        for listed in self.of_store(store) {
            if let Content::Rows { collection, format: Format::Ndjson, rows, .. } =
                &listed.entry.content
            {
                *counted.entry(collection).or_default() += rows;
            }
        }
        counted.into_iter().collect()
    }

    pub(super) fn of_store(&self, store: &str) -> impl Iterator<Item = &Listed<'a>> {
        self.entries.iter().filter(move |listed| listed.segment.store == store)
    }
}
