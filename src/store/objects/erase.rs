//! Taking files away: those that lie in a person's folders, and those that rows elsewhere name.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use futures::stream::{StreamExt, TryStreamExt, iter};
use jiff::Timestamp;

use super::sight::owner;
use super::versions::Left;
use super::{ObjectsStore, Place, is_key};
use crate::crash;
use crate::domain::controller::Controller;
use crate::domain::erase::{
    Changed, Done, EraseBlocker, EraseBlockerCode, ErasePart, ErasePlan, EraseScope, KeptRows,
    Method, RowId, Seen, Stop, Verdict,
};
use crate::domain::record::{Gap, GapReason};
use crate::domain::subject::SubjectKey;
use crate::store::erase::{Erase, Look, NAMED_FILES as NAMED, Reach, Step};
use crate::store::map::{Prefix, StoreMap, TableErase};
use crate::store::nobody::is_somebody;
use crate::store::sql::erase::until;
use crate::store::{Finding, StoreError};

/// Files taken away at the same time.
const AT_ONCE: usize = 8;

/// What a map cannot say about erasing files.
pub(super) fn findings(map: &StoreMap) -> Vec<Finding> {
    let mut findings = Vec::new();
    for prefix in &map.prefixes {
        let mut tell = |line, code, message: &str| {
            let (file, message) = (map.file.clone(), format!("prefix {}: {message}", prefix.name));
            findings.push(Finding { file, line, code, message });
        };
        match &prefix.erase {
            Some(erase) if matches!(erase.value, TableErase::Mask | TableErase::Shred) => tell(
                erase.line,
                "prefix_erase",
                "a file goes whole or stays; write erase = \"delete\" or erase = \"keep\"",
            ),
            _ => {}
        }
        if prefix.name == NAMED {
            let message = "this name is taken by files that rows name; write another";
            tell(prefix.line, "prefix_name", message);
        }
    }
    findings
}

/// The files of one collection.
#[derive(Default)]
struct Found {
    /// Those that go.
    going: BTreeSet<String>,
    /// Those that stay, and until when.
    staying: BTreeMap<String, Option<Timestamp>>,
    gaps: Vec<Gap>,
    /// More than may be.
    more: bool,
}

impl ObjectsStore {
    async fn about(&self, key: &str) -> Result<Option<Timestamp>, StoreError> {
        match &self.place {
            Place::Folder(place) => place.about(key).await,
            Place::Bucket(place) => place.about(key).await,
        }
    }

    /// Takes files away, some at the same time.
    async fn delete_all(&self, keys: &BTreeSet<String>) -> Result<(), StoreError> {
        let versioned = match &self.place {
            Place::Folder(_) => Some(false),
            Place::Bucket(place) => place.is_versioned().await?,
        };
        let each = iter(keys.iter().cloned()).map(|key| async move {
            let gone = match &self.place {
                Place::Folder(place) => place.delete(&key).await,
                Place::Bucket(place) => place.delete(&key, versioned).await,
            };
            crash::point("erase half");
            gone
        });
        each.buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Files in a folder that a listing leaves out, since only older versions of them are left.
    async fn hidden(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        match &self.place {
            Place::Folder(_) => Ok(Vec::new()),
            Place::Bucket(place) => place.hidden(folder).await,
        }
    }

    async fn left(&self, key: &str) -> Result<Left, StoreError> {
        match &self.place {
            Place::Folder(place) => {
                let there = place.about(key).await?.is_some();
                Ok(if there { Left::Something } else { Left::Nothing })
            }
            Place::Bucket(place) => place.left(key).await,
        }
    }

    /// Whose the files of a prefix are, where they are not our own.
    fn holder(&self, prefix: &Prefix) -> Option<&Controller> {
        self.map.facts.holder(&prefix.name).map(|of| &of.controller)
    }

    /// Whether a file has to stay, and until when.
    async fn stays(
        &self,
        prefix: &Prefix,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<Option<Timestamp>>, StoreError> {
        if self.holder(prefix).is_some() {
            return Ok(Some(None));
        }
        let Some(keep) = &prefix.keep else { return Ok(None) };
        let Some(written) = self.about(key).await? else { return Ok(None) };
        let end = until(written, keep.period);
        Ok(if end.is_some_and(|end| end <= now) { None } else { Some(end) })
    }

    /// The files in the person's folders under one prefix, as the scope names them.
    async fn lying(&self, at: usize, reach: &Reach<'_>) -> Result<Found, StoreError> {
        let prefix = &self.map.prefixes[at];
        let mut found = Found::default();
        let within = |of: &BTreeSet<String>| of.iter().any(|one| prefix.category.within(one));
        if !reach.scope.categories().is_none_or(within) {
            return Ok(found);
        }
        let named: Option<BTreeSet<&str>> = match reach.scope {
            EraseScope::Everything | EraseScope::Categories(_) => None,
            EraseScope::Items(items) => {
                let here = items
                    .iter()
                    .filter(|item| item.store == self.map.name && item.collection == prefix.name);
                Some(here.map(|item| item.name.as_str()).collect())
            }
            EraseScope::Rows { rows, .. } => {
                let here = rows.get(&prefix.name).into_iter().flatten();
                Some(here.map(|row| row.0.as_str()).collect())
            }
        };
        let (folders, gaps) = self.folders(&somebody(reach.keys));
        found.gaps.extend(gaps.into_iter().filter(|gap| gap.place == prefix.name));
        for (folder, _) in folders.iter().filter(|(_, of)| **of == at) {
            let mut after: Option<String> = None;
            loop {
                let page = self.list(folder, after.as_deref(), self.limit).await?;
                if after.is_none() {
                    found.gaps.extend(page.gaps.iter().map(|reason| super::gap(prefix, *reason)));
                }
                after = page.keys.last().cloned();
                for key in page.keys {
                    if named.as_ref().is_some_and(|named| !named.contains(key.as_str())) {
                        continue;
                    }
                    match self.stays(prefix, &key, reach.now).await? {
                        Some(end) => drop(found.staying.insert(key, end)),
                        None => drop(found.going.insert(key)),
                    }
                }
                found.more = is_more(found.going.len(), reach);
                if !page.more || found.more {
                    break;
                }
            }
            if self.holder(prefix).is_some() {
                continue;
            }
            let hidden = self.hidden(folder).await?.into_iter().filter(|key| {
                !found.staying.contains_key(key)
                    && named.as_ref().is_none_or(|named| named.contains(key.as_str()))
            });
            let hidden: Vec<String> = hidden.collect();
            found.going.extend(hidden);
            found.more = is_more(found.going.len(), reach);
        }
        Ok(found)
    }

    /// The files of a prefix that are spoken of there, whatever rows elsewhere name.
    fn spoken_of(&self, prefix: &Prefix, found: &Found) -> BTreeSet<String> {
        let staying = found.staying.keys().filter(|_| self.holder(prefix).is_some());
        found.going.iter().chain(staying).cloned().collect()
    }

    /// The files that rows elsewhere name, but those that a prefix takes anyhow. One that lies in
    /// the folder of somebody else, or of another controller, is not touched, whatever a row says.
    async fn named(
        &self,
        reach: &Reach<'_>,
        taken: &BTreeSet<String>,
    ) -> Result<Found, StoreError> {
        let mut found = Found::default();
        let (folders, _) = self.folders(&somebody(reach.keys));
        for key in reach.files.iter().collect::<BTreeSet<_>>() {
            if taken.contains(key) {
                continue;
            }
            let own = folders.iter().find(|(folder, _)| key.starts_with(folder.as_str()));
            let others = match own {
                Some((_, at)) => self.holder(&self.map.prefixes[*at]).is_some(),
                None => self.map.prefixes.iter().any(|one| owner(one, key).is_some()),
            };
            if !is_key(key) || others {
                let reason = if others { GapReason::Forbidden } else { GapReason::NotSearchable };
                found.gaps.push(Gap { place: NAMED.to_owned(), reason, count: 1 });
                continue;
            }
            if self.about(key).await?.is_none() {
                continue;
            }
            if let Some((_, at)) = own
                && let Some(end) = self.stays(&self.map.prefixes[*at], key, reach.now).await?
            {
                found.staying.insert(key.clone(), end);
                continue;
            }
            found.going.insert(key.clone());
            found.more = is_more(found.going.len(), reach);
            if found.more {
                break;
            }
        }
        Ok(found)
    }

    /// The files of a collection that go now; `None` for one that the map does not have.
    async fn found(&self, name: &str, reach: &Reach<'_>) -> Result<Option<Found>, StoreError> {
        if let Some(at) = self.map.prefixes.iter().position(|prefix| prefix.name == name) {
            return self.lying(at, reach).await.map(Some);
        }
        if name != NAMED {
            return Ok(None);
        }
        let mut taken = BTreeSet::new();
        for at in 0..self.map.prefixes.len() {
            let found = self.lying(at, reach).await?;
            taken.extend(self.spoken_of(&self.map.prefixes[at], &found));
        }
        self.named(reach, &taken).await.map(Some)
    }
}

fn somebody(keys: &[SubjectKey]) -> Vec<SubjectKey> {
    keys.iter().filter(|key| is_somebody(key)).cloned().collect()
}

fn is_more(count: usize, reach: &Reach<'_>) -> bool {
    u64::try_from(count).unwrap_or(u64::MAX) > reach.most
}

/// Adds what was found of one collection to a plan.
fn add(
    plan: &mut ErasePlan,
    collection: &str,
    ground: &str,
    controller: Option<&Controller>,
    found: Found,
) {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    plan.gaps.extend(found.gaps);
    if !found.staying.is_empty() {
        let open = found.staying.values().any(Option::is_none);
        let until = found.staying.values().flatten().max().copied().filter(|_| !open);
        let (rows, ground) = (count(found.staying.len()), ground.to_owned());
        let (collection, controller) = (collection.to_owned(), controller.cloned());
        plan.kept.push(KeptRows { collection, rows, ground, until, controller });
    }
    if found.more {
        let (code, rows) = (EraseBlockerCode::TooManyRows, count(found.going.len()));
        let collection = collection.to_owned();
        plan.blockers.push(EraseBlocker { code, collection, by: None, rows });
    } else if !found.going.is_empty() {
        let rows = found.going.into_iter().map(RowId).collect();
        let (collection, fields) = (collection.to_owned(), Vec::new());
        plan.steps.push(ErasePart { collection, method: Method::Delete, fields, rows });
    }
}

fn is_said(prefix: &Prefix) -> bool {
    let said = prefix.erase.as_ref().map(|erase| erase.value);
    matches!(said, Some(TableErase::Delete)) || prefix.keep.is_some()
}

#[async_trait]
impl Erase for ObjectsStore {
    async fn plan(&self, reach: &Reach<'_>) -> Result<ErasePlan, StoreError> {
        let mut plan = ErasePlan::default();
        let mut taken = BTreeSet::new();
        for (at, prefix) in self.map.prefixes.iter().enumerate() {
            let mut found = self.lying(at, reach).await?;
            taken.extend(self.spoken_of(prefix, &found));
            if !is_said(prefix) && !found.going.is_empty() {
                let rows = u64::try_from(found.going.len()).unwrap_or(u64::MAX);
                let (code, collection) = (EraseBlockerCode::NoMethod, prefix.name.clone());
                plan.blockers.push(EraseBlocker { code, collection, by: None, rows });
                found.going.clear();
            }
            let ground = prefix.keep.as_ref().and_then(|keep| keep.ground.clone());
            let holder = self.holder(prefix);
            add(&mut plan, &prefix.name, &ground.unwrap_or_default(), holder, found);
        }
        let named = self.named(reach, &taken).await?;
        add(&mut plan, NAMED, "", None, named);
        plan.gaps.sort();
        plan.gaps.dedup();
        Ok(plan)
    }

    /// Files have no transactions: a step that breaks off has taken some, and goes on when it is
    /// taken again.
    async fn execute(&self, reach: &Reach<'_>, step: &Step<'_>) -> Result<Done, StoreError> {
        let prefix = self.map.prefixes.iter().find(|one| one.name == step.part.collection);
        if step.part.method != Method::Delete || prefix.is_some_and(|prefix| !is_said(prefix)) {
            return Ok(Done::Stopped(Stop::Blocked));
        }
        let Some(found) = self.found(&step.part.collection, reach).await? else {
            return Ok(Done::Stopped(Stop::Blocked));
        };
        if found.more {
            return Ok(Done::Stopped(Stop::TooManyRows));
        }
        let planned: BTreeSet<&str> = step.part.rows.iter().map(|row| row.0.as_str()).collect();
        if found.staying.keys().any(|key| planned.contains(key.as_str())) {
            return Ok(Done::Stopped(Stop::Blocked));
        }
        let new = found.going.iter().filter(|key| !planned.contains(key.as_str())).count();
        let new = u64::try_from(new).unwrap_or(u64::MAX);
        if new > step.new {
            return Ok(Done::Stopped(Stop::Grew));
        }
        let mut strayed = Vec::new();
        for key in planned.into_iter().filter(|key| !found.going.contains(*key)) {
            if is_key(key) && self.about(key).await?.is_some() {
                strayed.push(RowId(key.to_owned()));
            }
        }
        self.delete_all(&found.going).await?;
        let rows = found.going.into_iter().map(RowId).collect();
        Ok(Done::Changed(Changed { rows, new, strayed }))
    }

    async fn verify(&self, _reach: &Reach<'_>, look: &Look<'_>) -> Result<Verdict, StoreError> {
        let (mut remains, mut unknown) = (0, false);
        for row in look.rows.iter().filter(|row| is_key(&row.0)) {
            match self.left(&row.0).await? {
                Left::Nothing => {}
                Left::Something => remains += 1,
                Left::CannotTell => unknown = true,
            }
        }
        Ok(match (remains, unknown) {
            (0, false) => Verdict::Gone,
            (0, true) => Verdict::CannotTell,
            (remains, _) => Verdict::Remains(remains),
        })
    }

    async fn names(
        &self,
        collection: &str,
        after: Option<&RowId>,
    ) -> Result<Vec<RowId>, StoreError> {
        self.all_names(collection, after).await
    }

    async fn sight(&self, _scope: &EraseScope, look: &Look<'_>) -> Result<Vec<Seen>, StoreError> {
        let each = look.rows.iter().cloned().map(|row| async move { self.seen(&row).await });
        let seen: Vec<Option<Seen>> = iter(each).buffered(AT_ONCE).try_collect().await?;
        Ok(seen.into_iter().flatten().collect())
    }
}
