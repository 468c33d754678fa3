//! The database as its catalogue describes it.
//!
//! Tables of the schema `public` are called by their names alone, others `schema.table`. Partitions
//! and other children are no tables of their own: they are read through their parent.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::postgres::{PgRow, Postgres};
use sqlx::{Row, Transaction};

use super::kind::Kind;
use super::types::Print;
use super::value::trouble;
use crate::store::StoreError;
use crate::store::map::StoreMap;
use crate::store::sql::schema::{Action, ForeignKey, Keyset, Schema, Table};

/// The schema, and what only PostgreSQL has.
#[derive(Debug, Clone, Default)]
pub(super) struct Catalogue {
    pub(super) schema: Schema,
    /// By the names in the schema.
    pub(super) relations: BTreeMap<String, Relation>,
}

/// What a table is to us beside its columns' names.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) oid: i64,
    /// The schema it stands in, and its name there.
    pub(super) place: (String, String),
    /// Whether row security would hide rows from us.
    pub(super) guarded: bool,
    /// Whether its rows stand elsewhere: in other tables, or on another server.
    pub(super) borrowed: bool,
    pub(super) kinds: BTreeMap<String, Kind>,
    /// Columns that we may not read.
    pub(super) closed: BTreeSet<String>,
    /// Columns that we may change.
    pub(super) open: BTreeSet<String>,
    /// Whether we may take rows away.
    pub(super) deletes: bool,
}

type Tx = Transaction<'static, Postgres>;

/// Reads it; the map says which of its tables it calls `public.…`.
pub(super) async fn read(tx: &mut Tx, map: &StoreMap) -> Result<Catalogue, StoreError> {
    read_all(tx, &spelled(map)).await.map_err(|error| trouble(&error))
}

/// Reads it for a draft: no map says yet what it calls a table.
pub(super) async fn read_unmapped(tx: &mut Tx) -> Result<Catalogue, StoreError> {
    read_all(tx, &BTreeSet::new()).await.map_err(|error| trouble(&error))
}

/// Changes whenever something changes of these tables that a plan rests on.
pub(super) async fn fingerprint(tx: &mut Tx, oids: &[i64]) -> Result<String, StoreError> {
    let row = sqlx::query(
        "SELECT coalesce((SELECT string_agg(concat_ws(':', attrelid, attname, atttypid, attcollation),
             ',' ORDER BY attrelid, attnum) FROM pg_attribute WHERE attrelid = ANY ($1::int8[]::oid[]) AND attnum > 0
             AND NOT attisdropped), '')
         || '|' || coalesce((SELECT string_agg(indexrelid::text, ',' ORDER BY indexrelid) FROM pg_index
             WHERE indrelid = ANY ($1::int8[]::oid[]) AND indisunique), '')
         || '|' || coalesce((SELECT string_agg(concat_ws(':', oid, relnamespace, relname), ',' ORDER BY oid)
             FROM pg_class WHERE oid = ANY ($1::int8[]::oid[])), '')",
    );
    let row = row.bind(oids).persistent(false).fetch_one(&mut **tx).await;
    row.and_then(|row| row.try_get(0)).map_err(|error| trouble(&error))
}

/// The names that the map uses.
fn spelled(map: &StoreMap) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for table in &map.tables {
        let lookups = table.lookups.iter().map(|lookup| &lookup.on);
        let others = table.third_party.iter().map(|third| &third.on);
        names.insert(table.name.as_str());
        names.extend(table.via.iter().chain(lookups).chain(others).map(|link| link.table.as_str()));
    }
    names
}

fn name(schema: &str, table: &str, spelled: &BTreeSet<&str>) -> String {
    let whole = format!("{schema}.{table}");
    let short = schema == "public" && !table.contains('.') && !spelled.contains(whole.as_str());
    if short { table.to_owned() } else { whole }
}

async fn read_all(tx: &mut Tx, spelled: &BTreeSet<&str>) -> Result<Catalogue, sqlx::Error> {
    let columns = columns(tx).await?;
    let types = Types { types: types(tx).await?, columns: &columns };
    let keys = keys(tx).await?;
    let unique = unique(tx).await?;
    let mut names: BTreeMap<i64, String> = BTreeMap::new();
    let mut catalogue = Catalogue::default();
    catalogue.schema.takes_keys = true;
    for row in rows(tx, RELATIONS).await? {
        let (oid, parent): (i64, bool) = (row.try_get(0)?, row.try_get(3)?);
        let place: (String, String) = (row.try_get(1)?, row.try_get(2)?);
        let (guarded, open): (bool, bool) = (row.try_get(4)?, row.try_get(5)?);
        let (view, foreign): (bool, bool) = (row.try_get(6)?, row.try_get(7)?);
        let name = name(&place.0, &place.1, spelled);
        let own = columns.get(&oid).map_or(&[][..], Vec::as_slice);
        let own_keys = keys.get(&oid).map_or(&[][..], Vec::as_slice);
        let mut keyset = own_keys.first().map(|key| key.columns.clone());
        if let Some(keyset) = keyset.as_mut().filter(|_| parent) {
            // A key of the parent says nothing about rows of its children.
            keyset.push("tableoid".to_owned());
        }
        let primary = own_keys.iter().find(|key| key.primary);
        let kinds =
            own.iter().map(|column| (column.name.clone(), types.kind(column.of, column.collation)));
        let closed = own.iter().filter(|column| !(open && column.open.0));
        catalogue.relations.insert(
            name.clone(),
            Relation {
                oid,
                place,
                guarded,
                borrowed: view || foreign,
                kinds: kinds.collect(),
                closed: closed.map(|column| column.name.clone()).collect(),
                open: named(own, |column| column.open.1).into_iter().collect(),
                deletes: row.try_get(8)?,
            },
        );
        catalogue.schema.tables.push(Table {
            name: name.clone(),
            columns: own.iter().map(|column| column.name.clone()).collect(),
            primary_key: primary.map(|key| key.columns.clone()).unwrap_or_default(),
            foreign_keys: Vec::new(),
            keyset: keyset.map_or(Keyset::Nothing, Keyset::Columns),
            view,
            behind: Vec::new(),
            required: named(own, |column| column.required),
            unique: unique.get(&oid).cloned().unwrap_or_default(),
            computed: named(own, |column| column.computed),
        });
        names.insert(oid, name);
    }
    for row in rows(tx, FOREIGN_KEYS).await? {
        let (from, to): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let (Some(from), Some(to)) = (names.get(&from), names.get(&to)) else { continue };
        let (on_delete, on_update) = (action(row.try_get(4)?), action(row.try_get(5)?));
        let (columns, table, to) = (row.try_get(2)?, to.clone(), row.try_get(3)?);
        let key = ForeignKey { columns, table, to, on_delete, on_update };
        let tables = &mut catalogue.schema.tables;
        if let Some(table) = tables.iter_mut().find(|table| table.name == *from) {
            table.foreign_keys.push(key);
        }
    }
    for row in rows(tx, BEHIND).await? {
        let (view, of): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let (Some(view), Some(of)) = (names.get(&view), names.get(&of)) else { continue };
        let tables = &mut catalogue.schema.tables;
        if let Some(table) = tables.iter_mut().find(|table| table.name == *view) {
            table.behind.push(of.clone());
        }
    }
    Ok(catalogue)
}

async fn rows(tx: &mut Tx, sql: &'static str) -> Result<Vec<PgRow>, sqlx::Error> {
    sqlx::query(sql).persistent(false).fetch_all(&mut **tx).await
}

const RELATIONS: &str = "
    SELECT c.oid::int8, n.nspname::text, c.relname::text,
        c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid),
        row_security_active(c.oid), has_schema_privilege(n.oid, 'USAGE'),
        c.relkind IN ('v', 'm'), c.relkind = 'f', has_table_privilege(c.oid, 'DELETE')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp\\_%'
        AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
    ORDER BY n.nspname <> 'public', 2, 3";

const FOREIGN_KEYS: &str = "
    SELECT k.conrelid::int8, k.confrelid::int8,
        (SELECT array_agg(a.attname::text ORDER BY u.at)
            FROM unnest(k.conkey) WITH ORDINALITY AS u(number, at)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
        (SELECT array_agg(a.attname::text ORDER BY u.at)
            FROM unnest(k.confkey) WITH ORDINALITY AS u(number, at)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number),
        k.confdeltype::text, k.confupdtype::text
    FROM pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0
    ORDER BY k.conrelid, k.conname";

fn action(letter: &str) -> Action {
    match letter {
        "r" => Action::StopAtOnce,
        "c" => Action::Cascade,
        "n" | "d" => Action::Loosen,
        _ => Action::Stop,
    }
}

/// Views, and what their queries read; a partition is its whole table.
const BEHIND: &str = "
    SELECT DISTINCT r.ev_class::int8,
        coalesce(pg_partition_root(d.refobjid::regclass)::oid, d.refobjid)::int8
    FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    WHERE r.ev_type = '1' AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
    ORDER BY 1, 2";

struct Column {
    name: String,
    of: i64,
    collation: i64,
    /// Whether we may read it, and change it.
    open: (bool, bool),
    required: bool,
    computed: bool,
}

fn named(columns: &[Column], of: impl Fn(&Column) -> bool) -> Vec<String> {
    columns.iter().filter(|column| of(column)).map(|column| column.name.clone()).collect()
}

/// The columns of all tables and composite types, by the OID of the relation.
async fn columns(tx: &mut Tx) -> Result<BTreeMap<i64, Vec<Column>>, sqlx::Error> {
    const SQL: &str = "
        SELECT a.attrelid::int8, a.attname::text, a.atttypid::int8, a.attcollation::int8,
            has_column_privilege(a.attrelid, a.attnum, 'SELECT'), a.attnotnull,
            a.attgenerated <> '', has_column_privilege(a.attrelid, a.attnum, 'UPDATE')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped
            AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        ORDER BY a.attrelid, a.attnum";
    let mut columns: BTreeMap<i64, Vec<Column>> = BTreeMap::new();
    for row in rows(tx, SQL).await? {
        let (name, of) = (row.try_get(1)?, row.try_get(2)?);
        let (collation, open) = (row.try_get(3)?, (row.try_get(4)?, row.try_get(7)?));
        let (required, computed) = (row.try_get(5)?, row.try_get(6)?);
        let column = Column { name, of, collation, open, required, computed };
        columns.entry(row.try_get(0)?).or_default().push(column);
    }
    Ok(columns)
}

struct Key {
    primary: bool,
    columns: Vec<String>,
}

/// The keys of each table that give every row a place of its own, the primary one first.
async fn keys(tx: &mut Tx) -> Result<BTreeMap<i64, Vec<Key>>, sqlx::Error> {
    const SQL: &str = "
        SELECT i.indrelid::int8, i.indisprimary, array_agg(a.attname::text ORDER BY u.at)
        FROM pg_index i
            CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS u(number, at)
            LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number
        WHERE i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
            AND u.at <= i.indnkeyatts
        GROUP BY i.indexrelid, i.indrelid, i.indisprimary
        HAVING bool_and(coalesce(a.attnotnull AND u.number > 0, false))
        ORDER BY i.indrelid, NOT i.indisprimary, count(*), i.indexrelid";
    let mut keys: BTreeMap<i64, Vec<Key>> = BTreeMap::new();
    for row in rows(tx, SQL).await? {
        let key = Key { primary: row.try_get(1)?, columns: row.try_get(2)? };
        keys.entry(row.try_get(0)?).or_default().push(key);
    }
    Ok(keys)
}

/// Columns of each table that are unique together, also where that holds for some rows only.
async fn unique(tx: &mut Tx) -> Result<BTreeMap<i64, Vec<Vec<String>>>, sqlx::Error> {
    const SQL: &str = "
        SELECT i.indrelid::int8, array_agg(a.attname::text ORDER BY u.at)
        FROM pg_index i
            CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS u(number, at)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number
        WHERE i.indisunique AND u.at <= i.indnkeyatts
        GROUP BY i.indexrelid, i.indrelid ORDER BY i.indexrelid";
    let mut unique: BTreeMap<i64, Vec<Vec<String>>> = BTreeMap::new();
    for row in rows(tx, SQL).await? {
        unique.entry(row.try_get(0)?).or_default().push(row.try_get(1)?);
    }
    Ok(unique)
}

struct Type {
    name: String,
    schema: String,
    /// `typtype` and `typcategory`.
    sort: String,
    /// Of a domain.
    base: i64,
    /// Of an array.
    item: i64,
    /// Of a composite type.
    relation: i64,
    cast: String,
}

async fn types(tx: &mut Tx) -> Result<BTreeMap<i64, Type>, sqlx::Error> {
    const SQL: &str = "
        SELECT t.oid::int8, t.typname::text, n.nspname::text,
            t.typtype::text || t.typcategory::text, t.typbasetype::int8,
            CASE WHEN t.typoutput = 'pg_catalog.array_out'::regproc AND t.typdelim = ','
                THEN t.typelem::int8 ELSE 0 END,
            t.typrelid::int8, format_type(t.oid, -1)
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace";
    let mut types = BTreeMap::new();
    for row in rows(tx, SQL).await? {
        let (name, schema, sort) = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        let (base, item, relation) = (row.try_get(4)?, row.try_get(5)?, row.try_get(6)?);
        let cast = row.try_get(7)?;
        types.insert(row.try_get(0)?, Type { name, schema, sort, base, item, relation, cast });
    }
    Ok(types)
}

struct Types<'c> {
    types: BTreeMap<i64, Type>,
    columns: &'c BTreeMap<i64, Vec<Column>>,
}

impl Types<'_> {
    fn kind(&self, oid: i64, collation: i64) -> Kind {
        let oid = self.base(oid);
        let print = self.print(oid, 0);
        let Some(of) = self.types.get(&oid) else {
            return Kind::unknown(oid);
        };
        Kind::new(oid, print, &of.sort, (&of.schema, &of.name), &of.cast, collation)
    }

    /// What a domain stands on.
    fn base(&self, mut oid: i64) -> i64 {
        while let Some(of) = self.types.get(&oid).filter(|of| of.base != 0) {
            oid = of.base;
        }
        oid
    }

    fn print(&self, oid: i64, depth: u32) -> Print {
        let oid = self.base(oid);
        let Some(of) = self.types.get(&oid).filter(|_| depth < 16) else { return Print::Text };
        if of.item != 0 {
            return Print::Array(Box::new(self.print(of.item, depth + 1)));
        }
        let Some(fields) = self.columns.get(&of.relation).filter(|_| of.relation != 0) else {
            return Print::built_in(oid);
        };
        let field = |field: &Column| (field.name.clone(), self.print(field.of, depth + 1));
        Print::Record(fields.iter().map(field).collect())
    }
}
