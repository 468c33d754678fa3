//! The rules of erasing. An adapter brings an [`EraseBench`] that seeds a store and can change what
//! is in it, as the store's own program would.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::rules::patient;
use super::{Fault, Faulty};
use crate::domain::erase::{
    Changed, Done, ErasePart, ErasePlan, EraseScope, RowId, Seen, Stop, Verdict,
};
use crate::domain::subject::SubjectKey;
use crate::store::erase::{Look, Reach, Step};
use crate::store::testing::key;
use crate::store::{Store, StoreError, StoreErrorCode};

/// Seeds stores of one kind from which something can be taken away.
#[async_trait]
pub(crate) trait EraseBench: Sync {
    /// A store with things of Ada's and of her neighbours, whose keys look much like hers; nothing
    /// where what it needs is not there.
    async fn seeded(&self) -> Option<Erasable>;
}

/// A seeded store.
pub(crate) struct Erasable {
    pub(crate) store: Arc<dyn Store>,
    /// Keys that lead to Ada.
    pub(crate) ada: Vec<SubjectKey>,
    pub(crate) hands: Box<dyn Hands>,
}

/// What the store's own program does.
#[async_trait]
pub(crate) trait Hands: Send + Sync {
    /// Everything that is there, a line each; what is Ada's begins with `ada`.
    async fn dump(&self) -> Vec<String>;

    /// Adds two things of Ada's to the first collection of a plan.
    async fn add_two(&self);

    /// Makes everything of Ada's again that was there in the beginning.
    async fn restore(&self);

    /// Makes a second person under Ada's keys; false where a store knows no people.
    async fn twin(&self) -> bool;

    /// Gives the first thing of a plan to somebody else; false where that cannot be.
    async fn stray(&self) -> bool;
}

impl Erasable {
    async fn plan(&self) -> ErasePlan {
        self.plan_by(&self.ada).await
    }

    async fn plan_by(&self, keys: &[SubjectKey]) -> ErasePlan {
        let reach = reach(keys);
        self.store.erase().unwrap().plan(&reach).await.unwrap()
    }

    async fn step(&self, part: &ErasePart, people: &[RowId], new: u64) -> Result<Done, StoreError> {
        step(&*self.store, &self.ada, part, people, new).await
    }

    async fn verify(&self, part: &ErasePart) -> Verdict {
        let ErasePart { collection, method, fields, rows } = part;
        let look = Look { collection, method: *method, fields, rows };
        self.store.erase().unwrap().verify(&reach(&self.ada), &look).await.unwrap()
    }
}

fn reach(keys: &[SubjectKey]) -> Reach<'_> {
    let now: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
    Reach { keys, scope: &EraseScope::Everything, files: &[], now, most: 10_000 }
}

async fn step(
    store: &dyn Store,
    keys: &[SubjectKey],
    part: &ErasePart,
    people: &[RowId],
    new: u64,
) -> Result<Done, StoreError> {
    let step = Step { part, people, new };
    store.erase().unwrap().execute(&reach(keys), &step).await
}

fn count(done: &Done) -> usize {
    match done {
        Done::Changed(changed) => changed.rows.len(),
        Done::Stopped(stop) => panic!("stopped: {stop}"),
    }
}

pub(crate) async fn a_plan_to_erase_changes_nothing(seeded: Erasable) {
    let before = seeded.hands.dump().await;
    let plan = seeded.plan().await;
    assert!(!plan.steps.is_empty() && plan.blockers.is_empty(), "{:?}", plan.blockers);
    assert_eq!(seeded.plan().await, plan, "the same data give the same plan");
    assert_eq!(seeded.hands.dump().await, before);
    for part in &plan.steps {
        assert!(part.rows.is_sorted() && part.fields.is_sorted());
        assert_eq!(seeded.verify(part).await, Verdict::Remains(part.rows.len() as u64));
    }
}

pub(crate) async fn a_step_taken_twice_changes_nothing_more(seeded: Erasable) {
    let plan = seeded.plan().await;
    for part in &plan.steps {
        let done = seeded.step(part, &plan.people, 0).await.unwrap();
        assert_eq!(count(&done), part.rows.len());
        let between = seeded.hands.dump().await;
        let again = seeded.step(part, &plan.people, 0).await.unwrap();
        assert_eq!(again, Done::Changed(Changed::default()));
        assert_eq!(seeded.hands.dump().await, between);
    }
    assert!(seeded.plan().await.steps.is_empty());
}

pub(crate) async fn what_goes_is_the_persons_and_a_neighbour_stays_byte_for_byte(seeded: Erasable) {
    let mut expected = seeded.hands.dump().await;
    expected.retain(|line| !line.starts_with("ada"));
    let plan = seeded.plan().await;
    for part in &plan.steps {
        seeded.step(part, &plan.people, 0).await.unwrap();
    }
    for part in &plan.steps {
        assert_eq!(seeded.verify(part).await, Verdict::Gone, "{}", part.collection);
    }
    assert_eq!(seeded.hands.dump().await, expected);
}

pub(crate) async fn a_key_that_names_nobody_leads_to_nothing(seeded: Erasable) {
    let kinds: Vec<_> = seeded.ada.iter().map(|key| key.kind.clone()).collect();
    let mut keys = Vec::new();
    for kind in kinds {
        for value in ["null", "NULL", " ", "%", "*", "_", "%@%", "ADA@EXAMPLE.ORG", "1%", "?"] {
            keys.push(key(kind.as_str(), value));
        }
    }
    for keys in [&keys[..], &[]] {
        let plan = seeded.plan_by(keys).await;
        assert!(plan.steps.is_empty() && plan.people.is_empty(), "{plan:?}");
    }
    let plan = seeded.plan().await;
    let before = seeded.hands.dump().await;
    for part in &plan.steps {
        let done = step(&*seeded.store, &keys, part, &plan.people, 1000).await.unwrap();
        assert_eq!(count(&done), 0, "the keys lead, not the plan");
    }
    assert_eq!(seeded.hands.dump().await, before);
}

pub(crate) async fn items_beyond_what_may_be_new_stop_a_step(seeded: Erasable) {
    let plan = seeded.plan().await;
    seeded.hands.add_two().await;
    let before = seeded.hands.dump().await;
    for new in [0, 1] {
        let done = seeded.step(&plan.steps[0], &plan.people, new).await.unwrap();
        assert_eq!(done, Done::Stopped(Stop::Grew));
    }
    assert_eq!(seeded.hands.dump().await, before);
    let done = seeded.step(&plan.steps[0], &plan.people, 2).await.unwrap();
    let Done::Changed(changed) = done else { panic!("{done:?}") };
    assert_eq!((changed.new, changed.rows.len()), (2, plan.steps[0].rows.len() + 2));
}

pub(crate) async fn a_second_person_stops_every_step(seeded: Erasable) {
    let plan = seeded.plan().await;
    if !seeded.hands.twin().await {
        assert!(plan.people.is_empty());
        return;
    }
    let before = seeded.hands.dump().await;
    for part in &plan.steps {
        let done = seeded.step(part, &plan.people, 1000).await.unwrap();
        assert_eq!(done, Done::Stopped(Stop::AnotherPerson));
    }
    assert_eq!(seeded.hands.dump().await, before);
}

pub(crate) async fn an_item_that_strayed_is_left_alone(seeded: Erasable) {
    let plan = seeded.plan().await;
    if !seeded.hands.stray().await {
        return;
    }
    let done = seeded.step(&plan.steps[0], &plan.people, 0).await.unwrap();
    let Done::Changed(changed) = done else { panic!("{done:?}") };
    assert_eq!(changed.strayed, plan.steps[0].rows[..1]);
    assert_eq!(changed.rows, plan.steps[0].rows[1..]);
    assert_eq!(seeded.verify(&plan.steps[0]).await, Verdict::Remains(1));
}

pub(crate) async fn what_comes_back_is_told_by_a_fresh_look(seeded: Erasable) {
    let plan = seeded.plan().await;
    for part in &plan.steps {
        seeded.step(part, &plan.people, 0).await.unwrap();
        assert_eq!(seeded.verify(part).await, Verdict::Gone);
    }
    seeded.hands.restore().await;
    for part in &plan.steps {
        assert_eq!(seeded.verify(part).await, Verdict::Remains(part.rows.len() as u64));
    }
}

pub(crate) async fn a_step_whose_answer_was_lost_is_taken_again(seeded: Erasable) {
    let plan = seeded.plan().await;
    for part in &plan.steps {
        let faulty = Arc::new(Faulty::new(Arc::clone(&seeded.store), Fault::Dies, 0));
        let store = patient(Arc::clone(&faulty) as Arc<dyn Store>);
        let done = step(&store, &seeded.ada, part, &plan.people, 0).await.unwrap();
        assert_eq!(count(&done), 0, "the first try has done it");
        assert_eq!(faulty.calls(), 2);
        assert_eq!(seeded.verify(part).await, Verdict::Gone);
    }
}

pub(crate) async fn a_store_that_only_says_that_it_did_is_found_out(seeded: Erasable) {
    let plan = seeded.plan().await;
    for part in &plan.steps {
        let liar = Faulty::new(Arc::clone(&seeded.store), Fault::Lies, 0);
        let done = step(&liar, &seeded.ada, part, &plan.people, 0).await.unwrap();
        assert_eq!(count(&done), part.rows.len());
        assert_eq!(seeded.verify(part).await, Verdict::Remains(part.rows.len() as u64));
    }
}

pub(crate) async fn trouble_before_a_step_leaves_everything(seeded: Erasable) {
    let plan = seeded.plan().await;
    let before = seeded.hands.dump().await;
    for code in [StoreErrorCode::Denied, StoreErrorCode::Schema] {
        let faulty = Faulty::new(Arc::clone(&seeded.store), Fault::Refuses(code), 0);
        let store = patient(Arc::new(faulty));
        let error = step(&store, &seeded.ada, &plan.steps[0], &plan.people, 0).await;
        assert_eq!(error.unwrap_err().code, code);
    }
    assert_eq!(seeded.hands.dump().await, before);
}

/// Everything that a collection has a name for.
async fn names(store: &dyn Store, collection: &str) -> Vec<RowId> {
    let mut names: Vec<RowId> = Vec::new();
    loop {
        let some = store.erase().unwrap().names(collection, names.last()).await.unwrap();
        if some.is_empty() {
            return names;
        }
        names.extend(some);
    }
}

pub(crate) async fn everything_has_a_name_and_a_mark_of_its_own(seeded: Erasable) {
    let store = &*seeded.store;
    let plan = seeded.plan().await;
    let mut before = Vec::new();
    for part in &plan.steps {
        let names = names(store, &part.collection).await;
        let each: BTreeSet<&RowId> = names.iter().collect();
        assert_eq!(each.len(), names.len(), "{}: no name twice", part.collection);
        assert!(part.rows.iter().all(|row| each.contains(row)), "{}", part.collection);
        assert!(names.len() > part.rows.len(), "others have names too");
        let seen = sight(store, part).await;
        let rows: Vec<&RowId> = seen.iter().map(|seen| &seen.row).collect();
        assert_eq!(rows, part.rows.iter().collect::<Vec<_>>());
        assert!(seen.iter().all(|seen| !seen.done));
        before.push(seen);
    }
    for part in &plan.steps {
        seeded.step(part, &plan.people, 0).await.unwrap();
        assert_eq!(sight(store, part).await, []);
    }
    seeded.hands.restore().await;
    for (part, before) in plan.steps.iter().zip(before) {
        assert_eq!(sight(store, part).await, before, "the same again has the same mark");
    }
    assert!(store.erase().unwrap().names("no such collection", None).await.is_err());
}

async fn sight(store: &dyn Store, part: &ErasePart) -> Vec<Seen> {
    let ErasePart { collection, method, fields, rows } = part;
    let look = Look { collection, method: *method, fields, rows };
    store.erase().unwrap().sight(&EraseScope::Everything, &look).await.unwrap()
}

pub(crate) async fn by_rows_goes_what_is_named_and_nothing_else(seeded: Erasable) {
    let plan = seeded.plan().await;
    let whole = plan.steps.iter().find(|part| part.rows.len() > 1).unwrap();
    let (collection, named) = (whole.collection.clone(), whole.rows[..1].to_vec());
    let rows = [(collection, named.iter().cloned().collect())].into();
    let scope = EraseScope::Rows { rows, categories: None };
    let reach = Reach { scope: &scope, ..reach(&seeded.ada) };
    let erase = seeded.store.erase().unwrap();
    let narrow = erase.plan(&reach).await.unwrap();
    assert_eq!((narrow.steps.len(), &narrow.steps[0].rows), (1, &named));
    let before = seeded.hands.dump().await;
    let step = Step { part: &narrow.steps[0], people: &narrow.people, new: 0 };
    assert_eq!(count(&erase.execute(&reach, &step).await.unwrap()), 1);
    let after = seeded.hands.dump().await;
    assert_eq!(before.len(), after.len() + 1);
    assert!(after.iter().all(|line| before.contains(line)));
}
