//! A store in memory from which things can be taken away, and which can be told to misbehave.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::fake::Fake;
use super::*;
use crate::domain::category::Category;
use crate::domain::erase::{
    Changed, Done, EraseBlocker, ErasePart, ErasePlan, KeptRows, Method, RowId, Stop, Verdict,
};
use crate::domain::facts::StoreFacts;
use crate::domain::record::{self, Column, FileRef, Item, Origin, Shape, Value};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::store::erase::{Erase, Look, Reach, Step};
use crate::store::{Cursor, Export, Finding, Located, OpenFile, Page, PersonRow, Store};

/// Rows by collection: whose each is, and whether it is masked.
type Rows = BTreeMap<String, BTreeMap<String, (String, bool)>>;

#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) facts: StoreFacts,
    /// In the order in which they are erased; `account` rows are people.
    pub(super) methods: Vec<(String, Method)>,
    pub(super) rows: Mutex<Rows>,
    pub(super) kept: Vec<KeptRows>,
    pub(super) blockers: Mutex<Vec<EraseBlocker>>,
    pub(super) names: Vec<FileRef>,
    /// What verify says instead of looking, once.
    pub(super) says: Mutex<Vec<Verdict>>,
    /// So many calls of `execute` do their work and end without a word.
    pub(super) cut: AtomicUsize,
    /// Rows come back after they were deleted, so many times.
    pub(super) comes_back: AtomicUsize,
    pub(super) executed: Mutex<Vec<String>>,
    /// Another address by which the shop knows each person.
    pub(super) also: Option<String>,
}

impl Shelf {
    pub(super) fn new(name: &str, methods: &[(&str, Method)]) -> Self {
        Self {
            facts: Fake::new(name, &["email"]).facts,
            methods: methods.iter().map(|(name, how)| ((*name).to_owned(), *how)).collect(),
            rows: Mutex::default(),
            kept: Vec::new(),
            blockers: Mutex::default(),
            names: Vec::new(),
            says: Mutex::default(),
            cut: AtomicUsize::new(0),
            comes_back: AtomicUsize::new(0),
            executed: Mutex::default(),
            also: None,
        }
    }

    pub(super) fn add(&self, collection: &str, row: &str, owner: &str) {
        let mut rows = self.rows.lock().unwrap();
        let collection = rows.entry(collection.to_owned()).or_default();
        collection.insert(row.to_owned(), (owner.to_owned(), false));
    }

    /// Rows of an owner that are as they were, by collection.
    pub(super) fn left(&self, owner: &str) -> Vec<String> {
        let rows = self.rows.lock().unwrap();
        let of = |(name, rows): (&String, &BTreeMap<String, (String, bool)>)| {
            let left = rows.iter().filter(|(_, (whose, masked))| whose == owner && !masked);
            left.map(|(row, _)| format!("{name}/{row}")).collect::<Vec<_>>()
        };
        rows.iter().flat_map(of).collect()
    }

    fn of(&self, collection: &str, keys: &[SubjectKey]) -> Vec<RowId> {
        let rows = self.rows.lock().unwrap();
        let known = |owner: &str| keys.iter().any(|key| key.value() == owner);
        let all = rows.get(collection).into_iter().flatten();
        let found = all.filter(|(_, (owner, masked))| known(owner) && !masked);
        found.map(|(row, _)| RowId(row.clone())).collect()
    }
}

#[async_trait]
impl Store for Shelf {
    fn facts(&self) -> &StoreFacts {
        &self.facts
    }

    async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        Ok(Vec::new())
    }

    fn export(&self) -> Option<&dyn Export> {
        Some(self)
    }

    fn erase(&self) -> Option<&dyn Erase> {
        Some(self)
    }
}

#[async_trait]
impl Export for Shelf {
    fn asks_for(&self) -> Vec<KeyKind> {
        vec![KeyKind::email()]
    }

    async fn locate(&self, keys: &[SubjectKey]) -> Result<Located, StoreError> {
        let people = self.of("account", keys).into_iter().map(|row| PersonRow {
            collection: "account".into(),
            row: row.0,
            proven: true,
        });
        let people: Vec<PersonRow> = people.collect();
        let also = self.also.iter().filter(|_| !people.is_empty());
        let keys = also.filter_map(|text| SubjectKey::new(KeyKind::email(), text)).collect();
        Ok(Located { people, keys, ..Located::default() })
    }

    async fn page(&self, keys: &[SubjectKey], _: Option<&Cursor>) -> Result<Page, StoreError> {
        let category = Category::parse("user.content").unwrap();
        let mut page = Page::default();
        for (collection, _) in &self.methods {
            let column = Column { name: "text".into(), category, origin: Origin::Provided };
            let shape = Shape { collection: collection.clone(), columns: vec![column] };
            let rows = self.of(collection, keys).into_iter();
            let rows: Vec<_> = rows.map(|row| vec![Value::Text(row.0)]).collect();
            if !rows.is_empty() {
                page.items.push(Item::Rows(record::Rows { shape: Arc::new(shape), rows }));
            }
        }
        Ok(page)
    }

    async fn open(&self, _: &str) -> Result<Option<OpenFile>, StoreError> {
        Ok(None)
    }
}

#[async_trait]
impl Erase for Shelf {
    async fn plan(&self, reach: &Reach<'_>) -> Result<ErasePlan, StoreError> {
        let files: BTreeSet<RowId> = reach.files.iter().cloned().map(RowId).collect();
        let mut steps: Vec<ErasePart> = Vec::new();
        for (collection, method) in &self.methods {
            let rows = self.of(collection, reach.keys);
            if !rows.is_empty() {
                let (collection, method) = (collection.clone(), *method);
                steps.push(ErasePart { collection, method, fields: Vec::new(), rows });
            }
        }
        if !files.is_empty() {
            let rows = files.into_iter().collect();
            let collection = "files".to_owned();
            steps.push(ErasePart { collection, method: Method::Delete, fields: Vec::new(), rows });
        }
        Ok(ErasePlan {
            kept: if steps.is_empty() { Vec::new() } else { self.kept.clone() },
            blockers: self.blockers.lock().unwrap().clone(),
            files: if steps.is_empty() { Vec::new() } else { self.names.clone() },
            people: self.of("account", reach.keys),
            gaps: Vec::new(),
            steps,
        })
    }

    async fn execute(&self, reach: &Reach<'_>, step: &Step<'_>) -> Result<Done, StoreError> {
        let part = step.part;
        self.executed.lock().unwrap().push(format!("{}/{}", self.facts.name, part.collection));
        if part.collection == "files" {
            let rows = part.rows.clone();
            return Ok(Done::Changed(Changed { rows, ..Changed::default() }));
        }
        let people = self.of("account", reach.keys);
        if people.iter().any(|row| !step.people.contains(row)) {
            return Ok(Done::Stopped(Stop::AnotherPerson));
        }
        let now = self.of(&part.collection, reach.keys);
        let new = now.iter().filter(|row| !part.rows.contains(row)).count() as u64;
        if new > step.new {
            return Ok(Done::Stopped(Stop::Grew));
        }
        let mut rows = self.rows.lock().unwrap();
        let collection = rows.entry(part.collection.clone()).or_default();
        for row in &now {
            if part.method == Method::Mask {
                collection.get_mut(&row.0).unwrap().1 = true;
            } else {
                collection.remove(&row.0);
            }
        }
        if self.comes_back.load(Ordering::SeqCst) > 0 {
            self.comes_back.fetch_sub(1, Ordering::SeqCst);
            let owner = reach.keys[0].value().to_owned();
            collection.extend(now.iter().map(|row| (row.0.clone(), (owner.clone(), false))));
        }
        drop(rows);
        if self.cut.load(Ordering::SeqCst) > 0 {
            self.cut.fetch_sub(1, Ordering::SeqCst);
            return Err(StoreError::new(crate::store::StoreErrorCode::Unreachable));
        }
        Ok(Done::Changed(Changed { rows: now, new, strayed: Vec::new() }))
    }

    async fn verify(&self, _: &Reach<'_>, look: &Look<'_>) -> Result<Verdict, StoreError> {
        if let Some(said) = self.says.lock().unwrap().pop() {
            return Ok(said);
        }
        let rows = self.rows.lock().unwrap();
        let there = |row: &&RowId| {
            let row = rows.get(look.collection).and_then(|rows| rows.get(&row.0));
            row.is_some_and(|(_, masked)| !masked)
        };
        Ok(match look.rows.iter().filter(there).count() as u64 {
            0 if look.method == Method::Mask => Verdict::Masked,
            0 => Verdict::Gone,
            left => Verdict::Remains(left),
        })
    }
}
