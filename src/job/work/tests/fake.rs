//! A store in memory that says what it is told to say, counts who asks, and stops where it should.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;
use futures::stream::{StreamExt, iter};
use tokio::sync::Semaphore;

use super::*;
use crate::domain::category::Category;
use crate::domain::facts::StoreFacts;
use crate::domain::record::{Column, FileItem, FileRef, Item, Origin, Rows, Shape, Value};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::store::testing::key;
use crate::store::{
    CaseVariant, Cursor, Export, Finding, Located, OpenFile, Page, PersonRow, Store, StoreErrorCode,
};

#[derive(Debug)]
pub(super) struct Fake {
    pub(super) facts: StoreFacts,
    pub(super) asks: Vec<KeyKind>,
    /// A key, whose row it leads to, and the further keys there.
    pub(super) people: Vec<(SubjectKey, PersonRow, Vec<SubjectKey>)>,
    pub(super) variants: Vec<CaseVariant>,
    /// One row a page.
    pub(super) rows: Vec<String>,
    /// Files that its rows name, on the last page, and what lies here.
    pub(super) names: Vec<FileRef>,
    pub(super) files: BTreeMap<String, String>,
    pub(super) asked: Mutex<Vec<SubjectKey>>,
    pub(super) pages: AtomicUsize,
    pub(super) down: Mutex<Option<StoreErrorCode>>,
    pub(super) calls: AtomicUsize,
    /// At this call, from 1, it never answers. Then [`Fake::stuck`] ends.
    pub(super) hangs_at: AtomicUsize,
    pub(super) stuck: Semaphore,
    /// While true, `locate` waits for [`Fake::go`].
    pub(super) waits: AtomicBool,
    pub(super) entered: Semaphore,
    pub(super) go: Semaphore,
}

impl Fake {
    pub(super) fn new(name: &str, asks: &[&str]) -> Self {
        let facts = StoreFacts {
            name: name.into(),
            kind: "fake".into(),
            label: [(Language::En, format!("The {name} store"))].into(),
            controller: "self".into(),
            purposes: vec!["contract".into()],
            basis: "GDPR 6(1)(b)".into(),
            source: "the person".into(),
            recipients: Vec::new(),
            country: "DE".into(),
            retention: "a year".into(),
            backup: "30d".into(),
            safeguard: None,
            automated: "none".into(),
            private_content: false,
            categories: vec!["user.content".into()],
            ..StoreFacts::default()
        };
        Self {
            facts,
            asks: asks.iter().map(|kind| KeyKind::new(*kind)).collect(),
            people: Vec::new(),
            variants: Vec::new(),
            rows: Vec::new(),
            names: Vec::new(),
            files: BTreeMap::new(),
            asked: Mutex::default(),
            pages: AtomicUsize::new(0),
            down: Mutex::new(None),
            calls: AtomicUsize::new(0),
            hangs_at: AtomicUsize::new(0),
            stuck: Semaphore::new(0),
            waits: AtomicBool::new(false),
            entered: Semaphore::new(0),
            go: Semaphore::new(0),
        }
    }

    /// A store that knows Ada by her address, with some rows.
    pub(super) fn of_ada(name: &str, rows: &[&str]) -> Self {
        let rows = rows.iter().map(|row| (*row).to_owned()).collect();
        Self { rows, ..Self::new(name, &["email"]) }.person("email", ADA, "1", &[])
    }

    /// Adds a row that a key leads to, and keys that stand in it.
    pub(super) fn person(
        mut self,
        kind: &str,
        value: &str,
        row: &str,
        more: &[(&str, &str)],
    ) -> Self {
        let keys = more.iter().map(|(kind, value)| key(kind, value)).collect();
        self.people.push((key(kind, value), a_row(row, true), keys));
        self
    }

    /// Ends when the store hangs.
    pub(super) async fn stuck(&self) {
        self.stuck.acquire().await.unwrap().forget();
    }

    /// How often it was asked for this key.
    pub(super) fn asked_for(&self, kind: &str, value: &str) -> usize {
        let wanted = key(kind, value);
        self.asked.lock().unwrap().iter().filter(|asked| **asked == wanted).count()
    }

    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    async fn call(&self) -> Result<(), StoreError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        if call == self.hangs_at.load(Ordering::SeqCst) {
            self.stuck.add_permits(1);
            std::future::pending::<()>().await;
        }
        match *self.down.lock().unwrap() {
            Some(code) => Err(StoreError::new(code)),
            None => Ok(()),
        }
    }
}

pub(super) fn a_row(row: &str, proven: bool) -> PersonRow {
    PersonRow { collection: "customer".into(), row: row.into(), proven }
}

pub(super) fn stores(of: &[&Arc<Fake>]) -> Stores {
    let one = |fake: &&Arc<Fake>| -> (String, Arc<dyn Store>) {
        (fake.facts.name.clone(), Arc::<Fake>::clone(fake))
    };
    of.iter().map(one).collect()
}

#[async_trait]
impl Store for Fake {
    fn facts(&self) -> &StoreFacts {
        &self.facts
    }

    async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        Ok(Vec::new())
    }

    fn export(&self) -> Option<&dyn Export> {
        Some(self)
    }
}

#[async_trait]
impl Export for Fake {
    fn asks_for(&self) -> Vec<KeyKind> {
        self.asks.clone()
    }

    async fn locate(&self, keys: &[SubjectKey]) -> Result<Located, StoreError> {
        self.asked.lock().unwrap().extend_from_slice(keys);
        if self.waits.load(Ordering::SeqCst) {
            self.entered.add_permits(1);
            self.go.acquire().await.unwrap().forget();
        }
        self.call().await?;
        let mut told = Located::default();
        for (_, row, more) in self.people.iter().filter(|(by, ..)| keys.contains(by)) {
            told.people.push(row.clone());
            told.keys.extend_from_slice(more);
        }
        if told.people.is_empty() {
            told.variants.clone_from(&self.variants);
        }
        Ok(told)
    }

    async fn page(&self, keys: &[SubjectKey], from: Option<&Cursor>) -> Result<Page, StoreError> {
        self.pages.fetch_add(1, Ordering::SeqCst);
        self.call().await?;
        let at = from.map_or(0, |cursor| usize::from(cursor.0[0]));
        let mut page = Page::default();
        if !self.people.iter().any(|(by, ..)| keys.contains(by)) {
            return Ok(page);
        }
        let category = Category::parse("user.content").unwrap();
        let column = Column { name: "text".into(), category, origin: Origin::Provided };
        let shape = Arc::new(Shape { collection: "note".into(), columns: vec![column] });
        let row = self.rows.get(at).map(|row| vec![Value::Text(row.clone())]);
        page.items.extend(row.map(|row| Item::Rows(Rows { shape, rows: vec![row] })));
        if at + 1 < self.rows.len() {
            page.next = Some(Cursor(vec![u8::try_from(at + 1).unwrap()]));
        } else {
            page.items.extend(self.names.iter().map(|at| {
                let (at, name) = (at.clone(), at.key.clone());
                let collection = "note".to_owned();
                Item::File(FileItem { collection, at, name, category, origin: Origin::Provided })
            }));
        }
        Ok(page)
    }

    async fn open(&self, key: &str) -> Result<Option<OpenFile>, StoreError> {
        self.call().await?;
        let Some(text) = self.files.get(key).cloned() else { return Ok(None) };
        let size = text.len() as u64;
        Ok(Some(OpenFile { size, bytes: iter([Ok(Bytes::from(text))]).boxed() }))
    }
}
