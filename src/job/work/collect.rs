//! Collects rows of several collections until there is enough for segments.

use std::collections::{BTreeMap, BTreeSet};

use super::Worker;
use crate::archive::segment::{Segment, SegmentBuilder, full, takes};
use crate::archive::vault::VaultError;
use crate::domain::assurance::Sieve;
use crate::domain::category::Category;
use crate::domain::controller::{HeldRows, Principal};
use crate::domain::facts::StoreFacts;
use crate::domain::gather::Tally;
use crate::domain::record::{Gap, Origin, Rows};
use crate::domain::right::Right;
use crate::ids::ArchiveId;
use crate::job::runner::JobError;
use crate::keys::stream::ArchiveKey;
use crate::service::gather::Read;
use crate::store::Page;

/// Plain bytes from which on there is no next page: one more would overflow a segment, and its last
/// few rows would become a segment of their own.
fn enough() -> usize {
    full() / 4 * 3
}

/// Rows on their way into segments, never more than a segment's worth and a page; compressed.
#[derive(Debug)]
pub(super) struct Collector {
    right: Right,
    store: String,
    facts: StoreFacts,
    builders: Vec<SegmentBuilder>,
    tally: Tally,
    seen: BTreeMap<String, u64>,
    /// What of the data is not given.
    sieve: Sieve,
    /// What is not and was named already.
    named: BTreeSet<String>,
}

impl Collector {
    pub(super) fn new(right: Right, facts: &StoreFacts, sieve: Sieve) -> Self {
        let (store, facts) = (facts.name.clone(), facts.clone());
        let (tally, seen) = (Tally::default(), BTreeMap::new());
        let (builders, named) = (Vec::new(), BTreeSet::new());
        Self { right, store, facts, builders, tally, seen, sieve, named }
    }

    /// Takes what a page tells beside its items. Whom rows of another controller name, and which of
    /// their values are too large to be given, is for the other controller to say.
    pub(super) fn note(&mut self, page: &mut Page) {
        let ours = |collection: &str| self.facts.holder(collection).is_none();
        page.withheld.retain(|one| ours(&one.collection));
        page.gaps.retain(|gap| gap.place.rsplit_once('.').is_none_or(|(place, _)| ours(place)));
        self.tally.add_gaps(std::mem::take(&mut page.gaps));
        self.tally.add_withheld(std::mem::take(&mut page.withheld));
    }

    /// Takes what a file could not give.
    pub(super) fn gap(&mut self, gap: Gap) {
        self.tally.add_gaps([gap]);
    }

    /// Notes of which kind something is that goes into the answer.
    pub(super) fn kind(&mut self, category: Category, origin: Origin) {
        if takes(self.right, origin) && !category.is_secret() {
            self.tally.kinds.insert(category.as_str().to_owned());
        }
    }

    /// Counts a file of `store` that is not fetched.
    pub(super) fn saw_file(&mut self, store: &str) {
        *self.seen.entry(store.to_owned()).or_default() += 1;
    }

    /// Counts rows or a file that belong to another controller, and are not ours to give.
    pub(super) fn hold(&mut self, collection: &str, of: &Principal, rows: usize) {
        let (collection, controller) = (collection.to_owned(), of.controller.clone());
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        self.tally.add_held([HeldRows { collection, controller, rows }]);
    }

    /// Takes rows, on a blocking thread, for they are compressed at once. Those of another controller
    /// are counted alone, and those of a collection none of whose columns belongs into the answer
    /// are passed over.
    pub(super) async fn add(mut self, rows: Rows) -> Result<Self, JobError> {
        let collection = &rows.shape.collection;
        if let Some(of) = self.facts.holder(collection).cloned() {
            self.hold(collection, &of, rows.rows.len());
            return Ok(self);
        }
        let taken = tokio::task::spawn_blocking(move || {
            let rows = self.keep_back(rows);
            for column in &rows.shape.columns {
                self.kind(column.category, column.origin);
            }
            self.take(&rows);
            self
        });
        taken.await.map_err(|_| JobError::Retry { code: "rows_not_taken", after: None })
    }

    /// Keeps back what is not given, and names each place of it once.
    fn keep_back(&mut self, rows: Rows) -> Rows {
        let (rows, out) = self.sieve.sift(rows);
        for (place, reason) in out {
            if self.named.insert(place.clone()) {
                self.gap(Gap { place, reason, count: 1 });
            }
        }
        rows
    }

    fn take(&mut self, rows: &Rows) {
        let mut rest = &rows.rows[..];
        while !rest.is_empty() {
            let open = self
                .builders
                .last_mut()
                .filter(|builder| builder.is_for(&rows.shape) && !builder.is_full());
            let builder = match open {
                Some(builder) => builder,
                None => match SegmentBuilder::new(self.right, &self.store, &rows.shape) {
                    None => {
                        // Only whether there is something is asked for.
                        if !self.right.gives_data() {
                            self.tally.rows += rest.len() as u64;
                        }
                        return;
                    }
                    Some(builder) => {
                        self.builders.push(builder);
                        self.builders.last_mut().expect("just pushed")
                    }
                },
            };
            let taken = builder.push(rest);
            self.tally.rows += taken as u64;
            rest = &rest[taken..];
        }
    }

    /// Whether it is time to write.
    pub(super) fn is_full(&self) -> bool {
        self.builders.iter().map(SegmentBuilder::size).sum::<usize>() >= enough()
    }

    /// Writes everything collected as segments, and starts afresh.
    pub(super) async fn write(
        &mut self,
        worker: &Worker,
        archive: ArchiveId,
        key: &ArchiveKey,
    ) -> Result<Read, JobError> {
        let mut segments: Vec<Segment> = Vec::with_capacity(self.builders.len());
        for builder in self.builders.drain(..) {
            let part = worker.desk.take_part(archive).await?;
            let written: Result<Segment, VaultError> =
                builder.write(&worker.vault, key, part, &*worker.entropy).await;
            segments.push(written?);
        }
        Ok(Read {
            segments,
            tally: std::mem::take(&mut self.tally),
            seen: std::mem::take(&mut self.seen),
        })
    }
}
