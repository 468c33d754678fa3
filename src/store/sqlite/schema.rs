//! Reads the catalogue.

use sqlx::sqlite::Sqlite;
use sqlx::{Row, Transaction};

use super::value::trouble;
use crate::store::StoreError;
use crate::store::sql::schema::{Action, ForeignKey, Keyset, Schema, Table};

/// All tables and views of the main database.
pub(super) async fn read(tx: &mut Transaction<'static, Sqlite>) -> Result<Schema, StoreError> {
    read_all(tx).await.map_err(|error| trouble(&error))
}

async fn read_all(tx: &mut Transaction<'static, Sqlite>) -> Result<Schema, sqlx::Error> {
    let list = sqlx::query(
        "SELECT name, type, wr FROM pragma_table_list \
         WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    );
    let mut schema = Schema::default();
    for row in list.fetch_all(&mut **tx).await? {
        let name: String = row.try_get(0)?;
        let kind: String = row.try_get(1)?;
        let without_rowid: bool = row.try_get::<i64, _>(2)? != 0;
        let view = kind == "view";
        match table(tx, name, view, without_rowid).await {
            Ok(table) => schema.tables.push(table),
            // A view over a table that is gone is nobody's business here.
            Err(sqlx::Error::Database(_)) if view => {}
            Err(error) => return Err(error),
        }
    }
    settle_references(&mut schema);
    Ok(schema)
}

async fn table(
    tx: &mut Transaction<'static, Sqlite>,
    name: String,
    view: bool,
    without_rowid: bool,
) -> Result<Table, sqlx::Error> {
    // Hidden columns of virtual tables (1) are no data; generated ones (2, 3) are.
    let rows = sqlx::query(
        "SELECT name, pk, type, \"notnull\", hidden FROM pragma_table_xinfo(?1) WHERE hidden <> 1 \
         ORDER BY cid",
    );
    let (mut columns, mut key) = (Vec::new(), Vec::new());
    let (mut required, mut computed) = (Vec::new(), Vec::new());
    for row in rows.bind(&name).fetch_all(&mut **tx).await? {
        let column: String = row.try_get(0)?;
        let place: i64 = row.try_get(1)?;
        let declared: String = row.try_get(2)?;
        if place > 0 {
            key.push((place, column.clone(), declared));
        }
        if row.try_get::<i64, _>(3)? != 0 || place > 0 && without_rowid {
            required.push(column.clone());
        }
        if row.try_get::<i64, _>(4)? != 0 {
            computed.push(column.clone());
        }
        columns.push(column);
    }
    key.sort();
    let primary_key: Vec<String> = key.iter().map(|(_, column, _)| column.clone()).collect();
    let taken = |alias: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(alias));
    let hidden = ["rowid", "_rowid_", "oid"].into_iter().find(|alias| !taken(alias));
    let keyset = match (&key[..], hidden) {
        _ if view => Keyset::Nothing,
        (_, _) if without_rowid => Keyset::Columns(primary_key.clone()),
        (_, Some(alias)) => Keyset::Columns(vec![alias.to_owned()]),
        ([(_, column, declared)], None) if declared.eq_ignore_ascii_case("INTEGER") => {
            Keyset::Columns(vec![column.clone()])
        }
        _ => Keyset::Nothing,
    };
    let foreign_keys = foreign_keys(tx, &name).await?;
    let mut unique = unique(tx, &name).await?;
    unique.extend((!primary_key.is_empty()).then(|| primary_key.clone()));
    let behind = Vec::new();
    let table = Table {
        name,
        columns,
        primary_key,
        foreign_keys,
        keyset,
        view,
        behind,
        required,
        unique,
        computed,
    };
    Ok(table)
}

/// Columns that are unique together, also where that holds for some rows only.
async fn unique(
    tx: &mut Transaction<'static, Sqlite>,
    table: &str,
) -> Result<Vec<Vec<String>>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT l.seq, i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i \
         WHERE l.\"unique\" = 1 ORDER BY l.seq, i.seqno",
    );
    let mut unique: Vec<(i64, Vec<String>)> = Vec::new();
    for row in rows.bind(table).fetch_all(&mut **tx).await? {
        let at: i64 = row.try_get(0)?;
        // An expression has no name.
        let column: Option<String> = row.try_get(1)?;
        match unique.last_mut().filter(|(last, _)| *last == at) {
            Some((_, columns)) => columns.extend(column),
            None => unique.push((at, column.into_iter().collect())),
        }
    }
    Ok(unique.into_iter().map(|(_, columns)| columns).collect())
}

async fn foreign_keys(
    tx: &mut Transaction<'static, Sqlite>,
    table: &str,
) -> Result<Vec<ForeignKey>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, \"table\", \"from\", \"to\", on_delete, on_update \
         FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
    );
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    for row in rows.bind(table).fetch_all(&mut **tx).await? {
        let id: i64 = row.try_get(0)?;
        if keys.last().is_none_or(|(last, _)| *last != id) {
            let (columns, to, table) = (Vec::new(), Vec::new(), row.try_get(1)?);
            let (on_delete, on_update) = (action(row.try_get(4)?), action(row.try_get(5)?));
            keys.push((id, ForeignKey { columns, table, to, on_delete, on_update }));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(row.try_get(2)?);
            key.to.extend(row.try_get::<Option<String>, _>(3)?);
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

fn action(word: &str) -> Action {
    match word {
        "RESTRICT" => Action::StopAtOnce,
        "CASCADE" => Action::Cascade,
        "SET NULL" | "SET DEFAULT" => Action::Loosen,
        _ => Action::Stop,
    }
}

/// A reference may spell its target in another case, and may leave out the columns when it means
/// the primary key.
fn settle_references(schema: &mut Schema) {
    let targets = schema.clone();
    for table in &mut schema.tables {
        let own = table.columns.clone();
        for key in &mut table.foreign_keys {
            respell(&mut key.columns, &own);
            let same = |known: &&Table| known.name.eq_ignore_ascii_case(&key.table);
            let Some(target) = targets.tables.iter().find(same) else { continue };
            key.table.clone_from(&target.name);
            if key.to.is_empty() {
                key.to.clone_from(&target.primary_key);
            }
            respell(&mut key.to, &target.columns);
        }
    }
}

fn respell(names: &mut [String], known: &[String]) {
    for name in names {
        if let Some(real) = known.iter().find(|real| real.eq_ignore_ascii_case(name)) {
            name.clone_from(real);
        }
    }
}
