//! Looks what of the deletions in the ledger is there again, and plans to erase it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::past::{Past, pasts};
use crate::domain::erase::{ErasePart, EraseScope, RowId, Seen};
use crate::domain::event::Event;
use crate::domain::gather::MAX_ROUNDS;
use crate::domain::replay::{
    LeftWhy, Replay, ReplayLeft, ReplayLine, ReplayState, ReplayStep, StepFate, digest,
};
use crate::domain::subject::SubjectKey;
use crate::ids::{ReplayId, StepId};
use crate::ledger::Ledger;
use crate::service::deletion::note::{marks_of, rows_of};
use crate::service::{Desk, ServiceError};
use crate::store::StoreError;
use crate::store::erase::{Look, NAMED_FILES, Reach};

/// What a look has found.
#[derive(Debug)]
pub struct ReplayFound {
    /// How many deletions the ledger knows of since then.
    pub deletions: usize,
    /// The plan. It is kept, and waits for an officer, where it has steps.
    pub replay: Replay,
}

/// What of one place is there again: rows that hold what they held.
struct Back {
    past: Past,
    rows: Vec<Seen>,
}

/// What the look has come upon so far.
#[derive(Default)]
struct Found {
    back: Vec<Back>,
    left: Vec<ReplayLeft>,
    /// Deletions of which somebody else stands under the person's own row.
    anew: BTreeSet<String>,
}

impl Found {
    fn leave(&mut self, past: &Past, why: LeftWhy, rows: usize) {
        if rows > 0 {
            self.left.push(ReplayLeft {
                reference: past.place.reference.clone(),
                store: past.place.store.clone(),
                collection: past.place.collection.clone(),
                why,
                rows: rows as u64,
            });
        }
    }
}

impl Desk {
    /// Looks in the stores (in those of `only`, where it names some) for what was deleted since
    /// `since`. A plan of it waits for an officer's approval, in place of the one before. Nothing
    /// is changed in a store.
    pub async fn plan_replay(
        &self,
        ledger: &Ledger,
        since: Timestamp,
        only: &BTreeSet<String>,
    ) -> Result<ReplayFound, ServiceError> {
        let all = pasts(&ledger.deletions().await?, since);
        let deletions = all.iter().map(|past| &past.place.reference).collect::<BTreeSet<_>>().len();
        let wanted = |past: &Past| only.is_empty() || only.contains(&past.place.store);
        let mut found = Found::default();
        let (known, keyless): (Vec<Past>, Vec<Past>) =
            all.into_iter().filter(wanted).partition(|past| self.db.can_meet(&past.place.root));
        for past in keyless {
            found.leave(&past, LeftWhy::Keyless, past.rows.len());
        }
        self.look_for(known, &mut found).await;
        let steps = self.steps_again(&mut found).await?;
        found.left.sort();
        let now = self.now();
        let line = |step: &ReplayStep| ReplayLine {
            reference: step.reference.clone(),
            store: step.store.clone(),
            collection: step.part.collection.clone(),
            method: step.part.method,
            rows: step.part.rows.len() as u64,
            fate: StepFate::Waiting,
        };
        let replay = Replay {
            id: ReplayId(self.entropy.uuid(now)),
            since,
            made_at: now,
            digest: digest(&steps),
            state: ReplayState::Waiting,
            lines: steps.iter().map(line).collect(),
            left: found.left,
            approved_by: None,
            approved_at: None,
            done_at: None,
        };
        let tx = self.db.begin().await?;
        let left: u64 = replay.left.iter().map(|left| left.rows).sum();
        let event = Event::by_system("replay.planned")
            .with("since", since)
            .with("deletions", replay.deletions())
            .with("rows", replay.rows())
            .with("left", left);
        let event = if steps.is_empty() {
            event
        } else {
            tx.insert_replay(&replay, &steps).await?;
            event.with("replay", replay.id).with("plan", replay.digest.as_str())
        };
        tx.insert_house_event(now, &event).await?;
        tx.commit().await?;
        Ok(ReplayFound { deletions, replay })
    }

    /// Goes through every collection that the ledger names, and looks at what it knows there.
    async fn look_for(&self, pasts: Vec<Past>, found: &mut Found) {
        let mut places: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (at, past) in pasts.iter().enumerate() {
            let place = (past.place.store.clone(), past.place.collection.clone());
            places.entry(place).or_default().push(at);
        }
        for ((store, collection), here) in places {
            // Of two deletions that name a row the later one counts.
            let mut named: HashMap<&str, usize> = HashMap::new();
            for at in &here {
                named.extend(pasts[*at].rows.keys().map(|row| (row.as_str(), *at)));
            }
            match self.names_again(&store, &collection, &named).await {
                Ok(rows) => {
                    for (at, rows) in rows {
                        self.sight_again(&pasts[at], rows, found).await;
                    }
                }
                Err(_) => {
                    for at in here {
                        found.leave(&pasts[at], LeftWhy::Unseen, pasts[at].rows.len());
                    }
                }
            }
        }
        found.back.sort_by(|a, b| (a.past.at, &a.past.place).cmp(&(b.past.at, &b.past.place)));
    }

    /// The rows of a collection that are named there, by who names them.
    async fn names_again(
        &self,
        store: &str,
        collection: &str,
        by_tag: &HashMap<&str, usize>,
    ) -> Result<BTreeMap<usize, Vec<RowId>>, StoreError> {
        let erase = self.eraser(store)?;
        let place = rows_of(store, collection);
        let mut rows: BTreeMap<usize, Vec<RowId>> = BTreeMap::new();
        let mut after: Option<RowId> = None;
        loop {
            let names = erase.names(collection, after.as_ref()).await?;
            let Some(last) = names.last().cloned() else { break };
            after = Some(last);
            for row in names {
                let tags = self.db.ledger_tags(&place, &row.0);
                if let Some(at) = tags.iter().find_map(|tag| by_tag.get(tag.as_str())) {
                    rows.entry(*at).or_default().push(row);
                }
            }
        }
        Ok(rows)
    }

    /// Tells rows that are the ones of then from others that have their names.
    async fn sight_again(&self, past: &Past, mut rows: Vec<RowId>, found: &mut Found) {
        let place = &past.place;
        rows.sort();
        let scope = EraseScope::Rows {
            rows: [(place.collection.clone(), rows.iter().cloned().collect())].into(),
            categories: place.categories.clone(),
        };
        let look = Look {
            collection: &place.collection,
            method: place.method(),
            fields: &place.fields,
            rows: &rows,
        };
        let seen = match self.eraser(&place.store) {
            Ok(erase) => erase.sight(&scope, &look).await,
            Err(error) => Err(error),
        };
        let Ok(seen) = seen else { return found.leave(past, LeftWhy::Unseen, rows.len()) };
        let (row_place, mark_place) =
            (rows_of(&place.store, &place.collection), marks_of(&place.store, &place.collection));
        let is_same = |seen: &Seen| {
            let rows = self.db.ledger_tags(&row_place, &seen.row.0);
            let held = rows.iter().find_map(|row| past.rows.get(row));
            let marks = self.db.ledger_tags(&mark_place, &seen.mark);
            held.is_some_and(|held| marks.iter().any(|mark| held.contains(mark)))
        };
        let (same, others): (Vec<Seen>, Vec<Seen>) =
            seen.into_iter().filter(|seen| !seen.done).partition(is_same);
        if others.iter().any(|seen| seen.person) {
            found.anew.insert(place.reference.clone());
        }
        found.leave(past, LeftWhy::Other, others.len());
        if !same.is_empty() {
            found.back.push(Back { past: past.clone(), rows: same });
        }
    }

    /// The steps by which all that goes again, a deletion after the other.
    async fn steps_again(&self, found: &mut Found) -> Result<Vec<ReplayStep>, ServiceError> {
        let mut deletions: Vec<(String, Vec<Back>)> = Vec::new();
        for back in std::mem::take(&mut found.back) {
            let reference = &back.past.place.reference;
            match deletions.iter_mut().find(|(known, _)| known == reference) {
                Some((_, all)) => all.push(back),
                None => deletions.push((reference.clone(), vec![back])),
            }
        }
        let mut steps = Vec::new();
        for (reference, back) in deletions {
            let keys = self.keys_again(&back).await;
            let tx = self.db.begin_read().await?;
            let held = self.is_deletion_held(&tx, &reference).await?;
            drop(tx);
            let reasons = [
                (LeftWhy::Anew, found.anew.contains(&reference)),
                (LeftWhy::Protected, self.is_protected(&keys)),
                (LeftWhy::Held, held),
            ];
            let stop = reasons.into_iter().find_map(|(why, holds)| holds.then_some(why));
            let planned = match stop {
                Some(why) => Err(why),
                None => self.plan_again(&back, &keys).await,
            };
            match planned {
                Err(why) => {
                    for back in &back {
                        found.leave(&back.past, why, back.rows.len());
                    }
                }
                Ok(planned) => {
                    for back in &back {
                        let goes = |row: &RowId| {
                            planned.iter().any(|step| {
                                step.store == back.past.place.store
                                    && step.part.collection == back.past.place.collection
                                    && step.part.rows.binary_search(row).is_ok()
                            })
                        };
                        let rest = back.rows.iter().filter(|seen| !goes(&seen.row)).count();
                        found.leave(&back.past, LeftWhy::Unreached, rest);
                    }
                    steps.extend(planned);
                }
            }
        }
        Ok(steps)
    }

    /// The person's keys, as far as they stand in the stores again: those of then and no others.
    async fn keys_again(&self, back: &[Back]) -> Vec<SubjectKey> {
        let of_then: BTreeSet<&String> = back.iter().flat_map(|back| &back.past.keys).collect();
        let known = |key: &SubjectKey| {
            let tags = self.db.ledger_tags(key.kind.as_str(), key.value());
            tags.iter().any(|tag| of_then.contains(tag))
        };
        let mut keys: BTreeSet<SubjectKey> = back
            .iter()
            .flat_map(|back| &back.rows)
            .flat_map(|seen| &seen.keys)
            .filter(|key| known(key))
            .cloned()
            .collect();
        for _ in 0..MAX_ROUNDS {
            let before = keys.len();
            for store in self.stores.values() {
                let Some(export) = store.export() else { continue };
                let kinds = export.asks_for();
                let asked: Vec<SubjectKey> =
                    keys.iter().filter(|key| kinds.contains(&key.kind)).cloned().collect();
                // What a store that is away would have led to is left, and said so.
                if let (false, Ok(told)) = (asked.is_empty(), export.locate(&asked).await) {
                    keys.extend(told.keys.into_iter().filter(|key| known(key)));
                }
            }
            if keys.len() == before {
                break;
            }
        }
        keys.into_iter().collect()
    }

    /// Asks the stores for the order, and whether anything stands in the way. Only rows that are
    /// back, and only by the method of then.
    async fn plan_again(
        &self,
        back: &[Back],
        keys: &[SubjectKey],
    ) -> Result<Vec<ReplayStep>, LeftWhy> {
        let mut stores: Vec<&str> = Vec::new();
        for back in back {
            let store = back.past.place.store.as_str();
            if !stores.contains(&store) {
                stores.push(store);
            }
        }
        let mut steps = Vec::new();
        for store in stores {
            let here: Vec<&Back> =
                back.iter().filter(|back| back.past.place.store == store).collect();
            let mut rows: BTreeMap<String, BTreeSet<RowId>> = BTreeMap::new();
            for back in &here {
                let names = back.rows.iter().map(|seen| seen.row.clone());
                rows.entry(back.past.place.collection.clone()).or_default().extend(names);
            }
            let files = rows.get(NAMED_FILES).into_iter().flatten();
            let files: Vec<String> = files.map(|row| row.0.clone()).collect();
            let (at, categories) = (here[0].past.at, here[0].past.place.categories.clone());
            let scope = EraseScope::Rows { rows, categories: categories.clone() };
            let most = self.settings.deletion.rows;
            let reach = Reach { keys, scope: &scope, files: &files, now: at, most };
            let erase = self.eraser(store).map_err(|_| LeftWhy::Unseen)?;
            let plan = erase.plan(&reach).await.map_err(|_| LeftWhy::Unseen)?;
            if !plan.blockers.is_empty() {
                return Err(LeftWhy::Blocked);
            }
            for part in plan.steps {
                let of_then = here.iter().find(|back| {
                    let place = &back.past.place;
                    (&place.collection, place.method(), &place.fields)
                        == (&part.collection, part.method, &part.fields)
                });
                let Some(of_then) = of_then else { continue };
                let mut seen: Vec<&Seen> = of_then
                    .rows
                    .iter()
                    .filter(|seen| part.rows.binary_search(&seen.row).is_ok())
                    .collect();
                seen.sort_by(|a, b| a.row.cmp(&b.row));
                if seen.is_empty() {
                    continue;
                }
                steps.push(ReplayStep {
                    id: StepId(self.entropy.uuid(self.now())),
                    reference: of_then.past.place.reference.clone(),
                    at,
                    categories: categories.clone(),
                    store: store.to_owned(),
                    marks: seen.iter().map(|seen| seen.mark.clone()).collect(),
                    part: ErasePart {
                        rows: seen.iter().map(|seen| seen.row.clone()).collect(),
                        ..part
                    },
                    people: plan.people.clone(),
                    files: files.clone(),
                    keys: keys
                        .iter()
                        .map(|key| (key.kind.to_string(), key.value().to_owned()))
                        .collect(),
                });
            }
        }
        Ok(steps)
    }

    fn eraser(&self, store: &str) -> Result<&dyn crate::store::erase::Erase, StoreError> {
        let erase = self.stores.get(store).and_then(|store| store.erase());
        erase.ok_or(StoreError::new(crate::store::StoreErrorCode::Unsupported))
    }
}
