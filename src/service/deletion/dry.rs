//! What a deletion would touch, asked of the stores there and then: nothing is written to them, and
//! of ours only that somebody looked.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::erase::{ErasePlan, EraseScope};
use crate::domain::event::Event;
use crate::domain::gather::{MAX_KEYS, MAX_ROUNDS};
use crate::domain::plan::{Plan, StorePlan, order};
use crate::domain::subject::SubjectKey;
use crate::service::{Desk, ServiceError};
use crate::store::erase::Reach;
use crate::store::{Export, StoreError};

/// What a look has found.
#[derive(Debug)]
pub struct DryPlan {
    /// The plan that would have to be approved.
    pub plan: Plan,
    /// The keys under which the person is known.
    pub keys: Vec<SubjectKey>,
    /// Stores with more than one row that is a person.
    pub several: Vec<String>,
    /// Stores that could not be asked, and why.
    pub failed: Vec<(String, StoreError)>,
    /// Stores from which nothing can be taken away.
    pub cannot: Vec<String>,
}

impl Desk {
    /// Looks what a deletion of everything under `keys` would touch.
    pub async fn dry_plan(&self, keys: Vec<SubjectKey>) -> Result<DryPlan, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        tx.insert_house_event(now, &Event::by_system("deletion.looked")).await?;
        tx.commit().await?;
        let mut found = Found { keys, ..Found::default() };
        for _ in 0..MAX_ROUNDS {
            if !self.round(&mut found).await || found.keys.len() > MAX_KEYS {
                break;
            }
        }
        let Found { keys, mut leads, mut failed, .. } = found;
        let scope = EraseScope::Everything;
        let mut plans: BTreeMap<String, ErasePlan> = BTreeMap::new();
        let mut cannot = Vec::new();
        // Twice: what rows of one store name in another is known only after the first.
        for _ in 0..2 {
            for (name, store) in &*self.stores {
                if failed.iter().any(|(failed, _)| failed == name) {
                    continue;
                }
                let Some(erase) = store.erase() else {
                    if !cannot.contains(name) {
                        cannot.push(name.clone());
                    }
                    continue;
                };
                let named = plans.values().flat_map(|plan| &plan.files);
                let files: BTreeSet<String> =
                    named.filter(|file| file.store == *name).map(|file| file.key.clone()).collect();
                let files: Vec<String> = files.into_iter().collect();
                let most = self.settings.deletion.rows;
                let reach = Reach { keys: &keys, scope: &scope, files: &files, now, most };
                match erase.plan(&reach).await {
                    Ok(plan) => {
                        let others = plan.files.iter().map(|file| file.store.clone());
                        leads.entry(name.clone()).or_default().extend(others);
                        plans.insert(name.clone(), plan);
                    }
                    Err(error) => failed.push((name.clone(), error)),
                }
            }
        }
        let ordered = order(plans.keys().cloned().collect(), &leads);
        let several = plans.iter().filter(|(_, plan)| plan.people.len() > 1);
        let several = several.map(|(name, _)| name.clone()).collect();
        let of = |store: String| {
            let plan = plans.remove(&store).unwrap_or_default();
            StorePlan { store, plan }
        };
        let stores = ordered.into_iter().map(of).collect();
        let map = self.settings.map_version.clone();
        let plan = Plan { scope, map, made_at: now, stores };
        Ok(DryPlan { plan, keys, several, failed, cannot })
    }

    /// Asks every store for the keys that it has not been asked for. True when one knew another key.
    async fn round(&self, found: &mut Found) -> bool {
        let known = found.keys.clone();
        for (name, store) in &*self.stores {
            let Some(export) = store.export() else { continue };
            let asked = found.asked.entry(name.clone()).or_default();
            let fresh: Vec<SubjectKey> = of_kinds(export, &known[*asked..]);
            *asked = known.len();
            if fresh.is_empty() {
                continue;
            }
            match export.locate(&fresh).await {
                Ok(answer) => {
                    for key in answer.keys {
                        if !found.keys.contains(&key) {
                            let led = self.stores.iter().filter(|(_, other)| {
                                other.export().is_some_and(|it| it.asks_for().contains(&key.kind))
                            });
                            let led = led.map(|(other, _)| other.clone());
                            found.leads.entry(name.clone()).or_default().extend(led);
                            found.keys.push(key);
                        }
                    }
                }
                Err(error) => found.failed.push((name.clone(), error)),
            }
        }
        found.keys.len() > known.len()
    }
}

/// What is known on the way.
#[derive(Debug, Default)]
struct Found {
    keys: Vec<SubjectKey>,
    asked: BTreeMap<String, usize>,
    leads: BTreeMap<String, BTreeSet<String>>,
    failed: Vec<(String, StoreError)>,
}

fn of_kinds(export: &dyn Export, keys: &[SubjectKey]) -> Vec<SubjectKey> {
    let kinds = export.asks_for();
    keys.iter().filter(|key| kinds.contains(&key.kind)).cloned().collect()
}
