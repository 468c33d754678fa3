//! A store in memory: it knows everybody but those whose address begins with `nobody`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::domain::category::Category;
use crate::domain::facts::StoreFacts;
use crate::domain::language::Language;
use crate::domain::record::{Column, Item, Origin, Rows, Shape, Value};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::store::{
    CaseVariant, Cursor, Export, Finding, Located, OpenFile, Page, PersonRow, Store, StoreError,
};

#[derive(Debug)]
pub(super) struct Shop {
    facts: StoreFacts,
    asked: AtomicUsize,
}

impl Shop {
    pub(super) fn new() -> Self {
        let facts = StoreFacts {
            name: "shop".into(),
            kind: "memory".into(),
            label: BTreeMap::from([(Language::En, "Shop".into()), (Language::De, "Laden".into())]),
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
            categories: vec!["user.contact.email".into()],
            ..StoreFacts::default()
        };
        Self { facts, asked: AtomicUsize::new(0) }
    }

    /// How often anything was asked of it.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Whom it knows under an address: the stored spelling.
fn known(key: &SubjectKey) -> Option<String> {
    let address = key.value();
    // One customer typed their address in capitals once.
    if address.eq_ignore_ascii_case("grace@example.org") {
        return Some("GRACE@example.org".into());
    }
    (!address.starts_with("nobody")).then(|| address.to_owned())
}

#[async_trait]
impl Store for Shop {
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
impl Export for Shop {
    fn asks_for(&self) -> Vec<KeyKind> {
        vec![KeyKind::email()]
    }

    async fn locate(&self, keys: &[SubjectKey]) -> Result<Located, StoreError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let person = |row: String| PersonRow { collection: "customer".into(), row, proven: true };
        let exact = keys.iter().filter(|key| known(key).as_deref() == Some(key.value()));
        let exact: Vec<SubjectKey> = exact.cloned().collect();
        let variants = keys.iter().filter(|_| exact.is_empty()).filter_map(|key| {
            let stored = known(key)?;
            Some(CaseVariant { person: person(stored.clone()), stored })
        });
        Ok(Located {
            people: exact.first().map(|key| person(key.value().into())).into_iter().collect(),
            variants: variants.collect(),
            keys: exact,
            gaps: Vec::new(),
        })
    }

    async fn page(&self, keys: &[SubjectKey], _: Option<&Cursor>) -> Result<Page, StoreError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let rows: Vec<Vec<Value>> = keys
            .iter()
            .filter(|key| known(key).as_deref() == Some(key.value()))
            .map(|key| vec![Value::Text(key.value().into())])
            .collect();
        let column = Column {
            name: "email".into(),
            category: Category::parse("user.contact.email").unwrap(),
            origin: Origin::Provided,
        };
        let shape = Arc::new(Shape { collection: "customer".into(), columns: vec![column] });
        let items =
            if rows.is_empty() { Vec::new() } else { vec![Item::Rows(Rows { shape, rows })] };
        Ok(Page { items, ..Page::default() })
    }

    async fn open(&self, _: &str) -> Result<Option<OpenFile>, StoreError> {
        Ok(None)
    }
}
