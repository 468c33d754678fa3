//! The plan of a deletion: what is touched in which store in which order, what stays and why. Its
//! digest is what gets approved.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::erase::{EraseBlocker, ErasePart, ErasePlan, EraseScope, KeptRows, Method};
use super::subject::SubjectKey;

/// What one store would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorePlan {
    /// The store, by its name in the maps.
    pub store: String,
    /// Its own plan.
    pub plan: ErasePlan,
}

/// What a deletion will touch. Holds row names, so it is kept sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// How much of the data.
    pub scope: EraseScope,
    /// The fingerprint of the data maps it was made with.
    pub map: String,
    /// The instant at which times of keeping were compared.
    pub made_at: Timestamp,
    /// The stores in the order in which they are erased.
    pub stores: Vec<StorePlan>,
}

/// The fingerprint of a plan: SHA-256, 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlanDigest(String);

impl PlanDigest {
    /// Reads 64 hex digits, whatever their case.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.trim();
        let whole = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        whole.then(|| Self(hex.to_ascii_lowercase()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight digits: enough for people to compare.
    pub fn short(&self) -> &str {
        &self.0[..8]
    }
}

impl fmt::Display for PlanDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many of what, as people, programs and the receipt see it: no row is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// The stores in their order.
    pub stores: Vec<StoreOutline>,
}

/// One store of an outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreOutline {
    /// Its name in the maps.
    pub store: String,
    /// What goes, in its order.
    pub collections: Vec<CollectionOutline>,
    /// What stays.
    pub kept: Vec<KeptRows>,
}

/// One step of an outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionOutline {
    /// The table or prefix.
    pub name: String,
    /// How.
    pub method: Method,
    /// How many rows or files.
    pub rows: u64,
}

/// What of a plan differs from one that was approved: counts of rows that are new by collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The store.
    pub store: String,
    /// The collection.
    pub collection: String,
    /// Rows that the other plan does not list.
    pub more: u64,
    /// Rows that only the other plan lists.
    pub fewer: u64,
}

impl Plan {
    /// The fingerprint over the person's keys and everything that the plan says but the time it was
    /// made: two plans with the same digest touch the same rows in the same way.
    pub fn digest(&self, keys: &[SubjectKey]) -> PlanDigest {
        let keys: BTreeSet<(&str, &str)> =
            keys.iter().map(|key| (key.kind.as_str(), key.value())).collect();
        let mut hash = Lengthy(Sha256::new_with_prefix(b"rightsdesk-plan/1"));
        hash.list(keys, |hash, (kind, value)| {
            hash.text(kind);
            hash.text(value);
        });
        hash.text(&serde_json::to_string(&self.scope).unwrap_or_default());
        hash.text(&self.map);
        hash.list(&self.stores, |hash, StorePlan { store, plan }| {
            hash.text(store);
            hash.list(&plan.people, |hash, row| hash.text(&row.0));
            hash.list(&plan.steps, |hash, step| {
                hash.text(&step.collection);
                hash.text(step.method.as_str());
                hash.list(&step.fields, |hash, field| hash.text(field));
                hash.list(&step.rows, |hash, row| hash.text(&row.0));
            });
            hash.list(&plan.kept, |hash, kept| {
                hash.text(&kept.collection);
                hash.text(&kept.rows.to_string());
                // Rows of another controller have no ground; which maps were read is hashed above.
                hash.text(kept.controller.as_ref().map_or(&kept.ground, |whose| &whose.id));
            });
        });
        PlanDigest(HEXLOWER.encode(&hash.0.finalize()))
    }

    /// How many of what.
    pub fn outline(&self) -> Outline {
        let stores = self.stores.iter().map(|StorePlan { store, plan }| StoreOutline {
            store: store.clone(),
            collections: plan
                .steps
                .iter()
                .map(|step| CollectionOutline {
                    name: step.collection.clone(),
                    method: step.method,
                    rows: step.rows.len() as u64,
                })
                .collect(),
            kept: plan.kept.clone(),
        });
        Outline { stores: stores.collect() }
    }

    /// What forbids to begin, with the store's name.
    pub fn blockers(&self) -> impl Iterator<Item = (&str, &EraseBlocker)> {
        self.stores.iter().flat_map(|StorePlan { store, plan }| {
            plan.blockers.iter().map(move |blocker| (store.as_str(), blocker))
        })
    }

    /// Every step with its store, in the order in which they are taken.
    pub fn steps(&self) -> impl Iterator<Item = (&StorePlan, &ErasePart)> {
        self.stores.iter().flat_map(|store| store.plan.steps.iter().map(move |step| (store, step)))
    }

    /// The files of a store that rows of the plan name, sorted.
    pub fn files_in(&self, store: &str) -> Vec<String> {
        let named = self.stores.iter().flat_map(|other| &other.plan.files);
        let here: BTreeSet<&String> =
            named.filter(|file| file.store == store).map(|file| &file.key).collect();
        here.into_iter().cloned().collect()
    }

    /// The ids of the other controllers that decide over what stays.
    pub fn controllers(&self) -> BTreeSet<String> {
        let kept = self.stores.iter().flat_map(|store| &store.plan.kept);
        kept.filter_map(|kept| Some(kept.controller.as_ref()?.id.clone())).collect()
    }

    /// Whether nothing is to be done and nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.stores.iter().all(|store| {
            let plan = &store.plan;
            plan.steps.iter().all(|step| step.rows.is_empty()) && plan.kept.is_empty()
        })
    }

    /// What this plan says otherwise than `other`, which was approved.
    pub fn difference(&self, other: &Self) -> Vec<Difference> {
        let (ours, theirs) = (self.rows(), other.rows());
        let places: BTreeSet<_> = ours.keys().chain(theirs.keys()).copied().collect();
        let none = BTreeSet::new();
        let differs = |(store, collection)| {
            let ours = ours.get(&(store, collection)).unwrap_or(&none);
            let theirs = theirs.get(&(store, collection)).unwrap_or(&none);
            let more = ours.difference(theirs).count() as u64;
            let fewer = theirs.difference(ours).count() as u64;
            (more + fewer > 0).then(|| Difference {
                store: String::from(store),
                collection: String::from(collection),
                more,
                fewer,
            })
        };
        places.into_iter().filter_map(differs).collect()
    }

    fn rows(&self) -> BTreeMap<(&str, &str), BTreeSet<(Method, &str)>> {
        let mut rows: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (store, step) in self.steps() {
            let place = (store.store.as_str(), step.collection.as_str());
            let named = step.rows.iter().map(|row| (step.method, row.0.as_str()));
            rows.entry(place).or_default().extend(named);
        }
        rows
    }
}

/// The rows that may go along with `planned` ones without being asked about again: a tenth of them,
/// and a thousand where that is more; none where the operator wants none.
pub const fn growth(planned: u64, allowed: bool) -> u64 {
    match (allowed, planned / 10) {
        (false, _) => 0,
        (true, tenth) if tenth > 1_000 => tenth,
        (true, _) => 1_000,
    }
}

/// In which order stores are erased: what finds the rest goes last. `leads` says for a store which
/// others it has led to, by a key or by the name of a file; those go before it. Where stores lead to
/// each other in a circle, names decide: every key is known by then.
pub fn order(stores: BTreeSet<String>, leads: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut left = stores;
    let mut ordered = Vec::with_capacity(left.len());
    while let Some(first) = left.first().cloned() {
        let is_free = |store: &&String| {
            let led = leads.get(*store);
            led.is_none_or(|led| led.iter().all(|other| other == *store || !left.contains(other)))
        };
        let next = left.iter().find(is_free).cloned().unwrap_or(first);
        left.remove(&next);
        ordered.push(next);
    }
    ordered
}

/// Hashes so that no two different lists of texts look alike.
struct Lengthy(Sha256);

impl Lengthy {
    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    fn list<T, I>(&mut self, items: I, mut each: impl FnMut(&mut Self, T))
    where
        I: IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
    {
        let items = items.into_iter();
        self.0.update((items.len() as u64).to_be_bytes());
        for item in items {
            each(self, item);
        }
    }
}

#[cfg(test)]
mod tests;
