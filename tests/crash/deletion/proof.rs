//! What must hold of deletions at every moment, and between the stores, the ledger and the database
//! while nobody works: no effect without an intent that was written before it and names a plan that
//! two people had approved; nothing said to be done that is not; no receipt without all its effects.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use jiff::Timestamp;
use serde_json::Value;

use super::stores::{Fate, Held, PLACES, fate, gone, look};
use crate::check::audit::ledger;
use crate::check::bounds::files;
use crate::house::House;

/// What was there before anybody asked, and who has asked by which reference.
pub(super) struct Proof {
    pub(super) before: Held,
    pub(super) asked: BTreeMap<u32, String>,
}

/// A line of the ledger.
#[derive(Debug)]
struct Note {
    reference: String,
    place: String,
    done: bool,
    plan: String,
    at: Timestamp,
    rows: usize,
}

/// One step as the database has it.
#[derive(Debug)]
struct Step {
    reference: String,
    place: String,
    state: String,
    planned: usize,
    changed: usize,
}

/// What has been seen of one person's rows in one place.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Seen {
    there: usize,
    gone: usize,
}

/// Everything as it stands.
pub(super) struct Scene {
    seen: BTreeMap<(u32, &'static str), Seen>,
    notes: Vec<Note>,
    steps: Vec<Step>,
    /// Who has approved which plan, and when, by reference.
    approvals: BTreeMap<(String, String), BTreeMap<String, Timestamp>>,
    /// Bodies and their signatures.
    receipts: BTreeMap<String, (String, String)>,
    wrong: Vec<String>,
}

impl Proof {
    /// Looks at everything, and fails where something does not hold.
    pub(super) async fn holds(&self, house: &House, when: &str) -> Scene {
        let mut scene = self.look(house).await;
        for (&(owner, place), seen) in &scene.seen {
            let Some(reference) = self.asked.get(&owner) else {
                if seen.gone > 0 {
                    scene.wrong.push(format!("{seen:?} of {owner} in {place}, who never asked"));
                }
                continue;
            };
            let own = |note: &&Note| note.reference == *reference && note.place == place;
            let steps: Vec<&Step> = scene.steps.iter().collect();
            let step = steps.iter().find(|s| s.reference == *reference && s.place == place);
            let state = step.map_or("none", |step| &*step.state);
            let intended = scene.notes.iter().filter(own).any(|note| !note.done);
            let done = scene.notes.iter().filter(own).any(|note| note.done);
            let at = format!("{reference} of {owner} in {place}, {state}: {seen:?}");
            if seen.gone > 0 && !intended {
                scene.wrong.push(format!("{at} and no intent of it in the ledger"));
            }
            if done && seen.there > 0 {
                scene.wrong.push(format!("{at} and the ledger says that it is done"));
            }
            let well = match state {
                "none" | "waiting" => !intended && seen.gone == 0,
                "begun" => true,
                "done" | "settled" => done && seen.there == 0,
                _ => false,
            };
            let counts = step.is_none_or(|step| {
                let all = seen.there + seen.gone;
                step.planned == all && [0, all].contains(&step.changed)
            });
            if !well || !counts {
                scene.wrong.push(format!("{at}, intended {intended}, done {done}, {step:?}"));
            }
        }
        for note in &scene.notes {
            let by = scene.approvals.get(&(note.reference.clone(), note.plan.clone()));
            let before = by.map_or(0, |by| by.values().filter(|at| **at <= note.at).count());
            if before < 2 {
                scene.wrong.push(format!("{note:?} was approved by {before} before"));
            }
            let owner = self.asked.iter().find(|(_, at)| **at == note.reference);
            let seen = owner.and_then(|(owner, _)| {
                PLACES.iter().find_map(|place| {
                    scene.seen.get(&(*owner, *place)).filter(|_| *place == note.place)
                })
            });
            if seen.is_none_or(|seen| seen.there + seen.gone != note.rows) {
                scene.wrong.push(format!("{note:?} is about other rows than {seen:?}"));
            }
        }
        for (owner, reference) in &self.asked {
            let Some((body, signature)) = scene.receipts.get(reference) else { continue };
            let left: Vec<_> =
                scene.seen.iter().filter(|((of, _), seen)| of == owner && seen.there > 0).collect();
            if !left.is_empty() {
                scene.wrong.push(format!("{reference} has a receipt, and there are {left:?}"));
            }
            let complaint = self.receipt(house, *owner, reference, body, signature);
            scene.wrong.extend(complaint);
        }
        assert!(scene.wrong.is_empty(), "{when}:\n{}\n{}", scene.wrong.join("\n"), house.logs());
        scene
    }

    async fn look(&self, house: &House) -> Scene {
        let mut wrong = Vec::new();
        let now = look(house).await;
        let mut seen: BTreeMap<(u32, &'static str), Seen> = BTreeMap::new();
        let lines = gone(house).await;
        let mut once = BTreeSet::new();
        for line in lines {
            if !once.insert(line.clone()) {
                wrong.push(format!("{line:?} went twice"));
            }
        }
        for ((place, owner, id), value) in &self.before {
            let place = *PLACES.iter().find(|known| *known == place).unwrap();
            let counted = seen.entry((*owner, place)).or_default();
            let fate = fate(place, value, now.get(&(place.to_owned(), *owner, id.clone())));
            match fate {
                Fate::There => counted.there += 1,
                Fate::Gone => counted.gone += 1,
                Fate::Spoilt => wrong.push(format!("{place} {id} of {owner} is spoilt")),
            }
            let logged = once.contains(&(place.to_owned(), id.clone()));
            if logged != (fate == Fate::Gone) && !place.starts_with("pictures") {
                wrong.push(format!("{place} {id} of {owner} is {fate:?}, and logged {logged}"));
            }
        }
        for key in now.keys().filter(|key| !self.before.contains_key(*key)) {
            wrong.push(format!("{key:?} was never there"));
        }
        let rows = house
            .database
            .rows(
                "SELECT r.reference, s.store || '/' || s.collection, s.state,
                    CAST(s.planned AS TEXT), CAST(s.changed AS TEXT)
                 FROM erase_step s JOIN request r ON r.id = s.request_id",
            )
            .await;
        let steps = rows.into_iter().map(|row| {
            let [reference, place, state, planned, changed] = row.try_into().unwrap();
            let (planned, changed) = (planned.parse().unwrap(), changed.parse().unwrap());
            Step { reference, place, state, planned, changed }
        });
        let steps = steps.collect();
        let rows = house
            .database
            .rows(
                "SELECT r.reference, COALESCE(e.actor_name, '?'), e.data, CAST(e.at AS TEXT)
                 FROM event e JOIN request r ON r.id = e.request_id
                 WHERE e.kind = 'deletion.approved'",
            )
            .await;
        let mut approvals: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for row in rows {
            let [reference, who, data, at] = row.try_into().unwrap();
            let data: Value = serde_json::from_str(&data).unwrap();
            let plan = data["plan"].as_str().unwrap().to_owned();
            let at = Timestamp::from_millisecond(at.parse().unwrap()).unwrap();
            approvals.entry((reference, plan)).or_default().entry(who).or_insert(at);
        }
        let rows = house
            .database
            .rows(
                "SELECT r.reference, c.body, c.signature FROM receipt c
                 JOIN request r ON r.id = c.id",
            )
            .await;
        let receipts = rows.into_iter().map(|row| {
            let [reference, body, signature] = row.try_into().unwrap();
            (reference, (body, signature))
        });
        let (receipts, notes) = (receipts.collect(), notes(house));
        Scene { seen, notes, steps, approvals, receipts, wrong }
    }

    /// What is wrong with a receipt.
    fn receipt(
        &self,
        house: &House,
        owner: u32,
        reference: &str,
        body: &str,
        signature: &str,
    ) -> Option<String> {
        let key = fs::read_to_string(house.dir.join("keys/signing.pub")).unwrap();
        let key = rightsdesk::keys::signing::VerifyingKey::parse(&key).unwrap();
        if key.verify(body.as_bytes(), signature).is_err() {
            return Some(format!("the receipt of {reference} is not signed"));
        }
        let receipt: Value = serde_json::from_str(body).unwrap();
        let mut said = BTreeMap::new();
        for store in receipt["stores"].as_array().unwrap() {
            for step in store["erased"].as_array().unwrap() {
                let place = [&store["store"], &step["collection"]].map(|it| it.as_str().unwrap());
                let (rows, verdict) = (step["rows"].as_u64().unwrap(), step["verdict"].clone());
                said.insert(place.join("/"), (rows, verdict));
            }
        }
        let mut meant = BTreeMap::new();
        for place in PLACES {
            let own = |key: &&(String, u32, String)| key.0 == place && key.1 == owner;
            let rows = self.before.keys().filter(own).count() as u64;
            let verdict = if place == "crm/contact" { "masked" } else { "gone" };
            meant.insert(place.to_owned(), (rows, Value::from(verdict)));
        }
        let plan = &receipt["plan"];
        let whole = receipt["outcome"] == "full" && plan["approvals"] == 2 && said == meant;
        (!whole).then(|| format!("the receipt of {reference} says {receipt}"))
    }
}

impl Scene {
    /// What was under way when the program died, where its point tells: the step that stands as
    /// begun, whether its rows are gone, and whether the ledger has its intent and that it is done.
    pub(super) fn fits(&self, proof: &Proof, point: &str) {
        let expected = match point {
            "erase begun" => (false, false, false),
            "erase intended" | "erase half" => (false, true, false),
            "erase done" => (true, true, false),
            "erase noted" => (true, true, true),
            _ => return,
        };
        let begun: Vec<&Step> = self.steps.iter().filter(|step| step.state == "begun").collect();
        let [step] = *begun else { panic!("{point}: {begun:?}") };
        let owner = proof.asked.iter().find(|(_, at)| **at == step.reference).unwrap().0;
        let place = PLACES.iter().find(|place| **place == step.place).unwrap();
        let seen = self.seen[&(*owner, *place)];
        let own = |note: &&Note| note.reference == step.reference && note.place == step.place;
        let noted = |done| self.notes.iter().filter(own).any(|note| note.done == done);
        let gone = seen.there == 0;
        println!("  {point} at {}", step.place);
        // Files have no transaction.
        if point == "erase half" && place.starts_with("pictures") {
            assert!(seen.gone > 0 && noted(false) && !noted(true), "{point}: {step:?} {seen:?}");
            return;
        }
        assert_eq!((gone, noted(false), noted(true)), expected, "{point}: {step:?} {seen:?}");
    }

    /// Whether somebody's deletion has its receipt.
    pub(super) fn has_receipt(&self, reference: &str) -> bool {
        self.receipts.contains_key(reference)
    }
}

/// What the ledger has of deletions.
fn notes(house: &House) -> Vec<Note> {
    let mut notes = Vec::new();
    for file in files(&ledger(house, "deletion")) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let kept = ["-intended", "-done"].iter().any(|end| name.ends_with(end));
        if name.starts_with('.') || !kept {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let line = text.lines().find(|line| line.starts_with('{')).unwrap();
        let line: Value = serde_json::from_str(line).unwrap();
        let word = |name: &str| line[name].as_str().unwrap().to_owned();
        notes.push(Note {
            reference: word("reference"),
            place: format!("{}/{}", word("store"), word("collection")),
            done: word("kind") == "done",
            plan: word("plan"),
            at: word("at").parse().unwrap(),
            rows: line["rows"].as_array().unwrap().len(),
        });
    }
    notes
}
