//! What is read of each table, and over which ways its rows belong to a person.

use std::sync::Arc;

use super::schema::{Keyset, Schema, Table};
use crate::domain::category::Category;
use crate::domain::record::{Column, Origin, Shape};
use crate::domain::subject::KeyKind;
use crate::store::map::{Blob, Link, StoreMap, TableMap};
use crate::store::{StoreError, StoreErrorCode};

/// A map tied to the schema of the moment. All names in it are the catalogue's.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The tables that lead to a person, in the map's order.
    pub tables: Vec<TablePlan>,
}

/// One table.
#[derive(Debug, Clone)]
pub struct TablePlan {
    /// Its name.
    pub name: String,
    /// Whether one row is one person.
    pub person: bool,
    /// Whether a second look ignores ASCII case.
    pub case_insensitive: bool,
    /// The column that says that the address was confirmed.
    pub proven_by: Option<String>,
    /// The column that says when a row came to be.
    pub created: Option<String>,
    /// The map's `who`: kinds and the columns that hold them.
    pub who: Vec<(KeyKind, String)>,
    /// `who`, and references into other stores, whose values come as keys of a kind of their own.
    pub keyed: Vec<(KeyKind, String)>,
    /// References to rows of this store.
    pub parents: Vec<Parent>,
    /// What the rows look like outside.
    pub shape: Arc<Shape>,
    /// Where each value comes from, in the order of the shape.
    pub outputs: Vec<Output>,
    /// Outputs whose values name files.
    pub blobs: Vec<(usize, Blob)>,
    /// References to others: the map's word, and the columns here.
    pub third_party: Vec<(String, Vec<String>)>,
    /// By what rows are walked.
    pub keyset: Vec<String>,
    /// Whether the map alone says that the keyset is one, so that each read has to look.
    pub claimed: bool,
    /// The primary key, by which rows are named; empty where there is none.
    pub primary_key: Vec<String>,
}

/// A reference to another table of the plan.
#[derive(Debug, Clone)]
pub struct Parent {
    /// Its place in the plan.
    pub table: usize,
    /// The columns here.
    pub from: Vec<String>,
    /// The columns there.
    pub to: Vec<String>,
}

/// Where a value comes from.
#[derive(Debug, Clone)]
pub enum Output {
    /// A column of the row.
    Own(String),
    /// A column of the row that this one refers to.
    Lookup {
        /// The other table.
        table: String,
        /// The column there.
        column: String,
        /// The reference: columns here.
        from: Vec<String>,
        /// The reference: columns there.
        to: Vec<String>,
    },
}

impl Plan {
    /// Ties `store` to `schema`. What the map names and the schema has not is a `schema` error; the
    /// adapter's `check` says more about it.
    pub fn new(store: &StoreMap, schema: &Schema) -> Result<Self, StoreError> {
        let known: Vec<&TableMap> = store.tables.iter().filter(|table| !table.ignored).collect();
        let at = |name: &str| known.iter().position(|table| table.name == name);
        let mut tables = Vec::with_capacity(known.len());
        for table in &known {
            let real = find(schema, &table.name)?;
            let mut plan = own(store, table, real, schema)?;
            for via in &table.via {
                let elsewhere = via.store.as_ref().filter(|other| **other != store.name);
                columns(real, &via.from)?;
                if let Some(other) = elsewhere {
                    let kind = Link::kind(other, &via.table, &via.to[0]);
                    plan.keyed.push((kind, via.from[0].clone()));
                } else {
                    columns(find(schema, &via.table)?, &via.to)?;
                    let table = at(&via.table).ok_or_else(misfit)?;
                    plan.parents.push(Parent { table, from: via.from.clone(), to: via.to.clone() });
                }
            }
            tables.push(plan);
        }
        Ok(Self { tables })
    }

    /// The place of a table in the walk.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.tables.iter().position(|table| table.name == name)
    }
}

fn misfit() -> StoreError {
    StoreError::new(StoreErrorCode::Schema)
}

fn find<'s>(schema: &'s Schema, name: &str) -> Result<&'s Table, StoreError> {
    schema.table(name).ok_or_else(misfit)
}

fn columns(real: &Table, names: &[String]) -> Result<(), StoreError> {
    if names.iter().all(|name| real.has(name)) { Ok(()) } else { Err(misfit()) }
}

/// Everything about a table but its parents.
fn own(
    store: &StoreMap,
    table: &TableMap,
    real: &Table,
    schema: &Schema,
) -> Result<TablePlan, StoreError> {
    let mut shape = Shape { collection: table.name.clone(), columns: Vec::new() };
    let mut outputs = Vec::new();
    let mut blobs = Vec::new();
    let given = table.fields.iter().filter(|field| !field.category.is_secret());
    for field in given {
        columns(real, std::slice::from_ref(&field.column))?;
        blobs.extend(field.blob.clone().map(|blob| (outputs.len(), blob)));
        let (name, category, origin) = (field.column.clone(), field.category, field.origin);
        shape.columns.push(Column { name, category, origin });
        outputs.push(Output::Own(field.column.clone()));
    }
    for lookup in &table.lookups {
        columns(real, &lookup.on.from)?;
        let there = find(schema, &lookup.on.table)?;
        columns(there, &lookup.on.to)?;
        columns(there, &lookup.columns)?;
        for column in &lookup.columns {
            let field = store.table(&lookup.on.table).and_then(|table| table.field(column));
            let category = field.map_or_else(plain_fact, |field| field.category);
            if category.is_secret() {
                return Err(misfit());
            }
            let name = format!("{}.{column}", lookup.name);
            shape.columns.push(Column { name, category, origin: Origin::Observed });
            outputs.push(Output::Lookup {
                table: there.name.clone(),
                column: column.clone(),
                from: lookup.on.from.clone(),
                to: lookup.on.to.clone(),
            });
        }
    }
    let who: Vec<(KeyKind, String)> =
        table.who.iter().map(|who| (who.kind.clone(), who.column.clone())).collect();
    for (_, column) in &who {
        columns(real, std::slice::from_ref(column))?;
    }
    let proven_by = table.proven_by.as_ref().map(|column| column.value.clone());
    columns(real, proven_by.as_slice())?;
    let created = table.created.as_ref().map(|column| column.value.clone());
    columns(real, created.as_slice())?;
    let mut third_party = Vec::new();
    for third in &table.third_party {
        columns(real, &third.on.from)?;
        third_party.push((third.name.clone(), third.on.from.clone()));
    }
    let (keyset, claimed) = match (&real.keyset, &table.key) {
        (Keyset::Columns(keyset), _) => (keyset.clone(), false),
        (Keyset::Nothing, Some(key)) if schema.takes_keys => (key.value.clone(), true),
        (Keyset::Nothing, _) => return Err(misfit()),
    };
    columns(real, if claimed { &keyset } else { &[] })?;
    Ok(TablePlan {
        name: real.name.clone(),
        person: table.person,
        case_insensitive: table.case_insensitive,
        proven_by,
        created,
        keyed: who.clone(),
        who,
        parents: Vec::new(),
        shape: Arc::new(shape),
        outputs,
        blobs,
        third_party,
        keyset,
        claimed,
        primary_key: real.primary_key.clone(),
    })
}

/// What a looked-up column is when the map says nothing about its table.
fn plain_fact() -> Category {
    Category::parse("system.operations").expect("it stands in the list")
}
