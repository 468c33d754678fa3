//! What a draft of a map is made from: the catalogue, and the look of a few values.

use std::path::Path;

use sqlx::sqlite::{Sqlite, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Row, Transaction};

use super::value::trouble;
use super::{PATIENCE, read_only, schema};
use crate::store::draft::{SAMPLE, SAMPLE_LENGTH, Seen, SeenColumn};
use crate::store::sql::schema::Table;
use crate::store::{StoreError, StoreErrorCode};

/// Looks at a database file, in one read transaction.
pub async fn look(path: &Path) -> Result<Seen, StoreError> {
    if tokio::fs::metadata(path).await.is_err() {
        return Err(StoreError::new(StoreErrorCode::Unreachable));
    }
    let options = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
    let pool = options.connect_lazy_with(read_only(path));
    let seen = look_in(&pool).await;
    pool.close().await;
    seen
}

async fn look_in(pool: &sqlx::SqlitePool) -> Result<Seen, StoreError> {
    let mut tx = pool.begin().await.map_err(|error| trouble(&error))?;
    let schema = schema::read(&mut tx).await?;
    let mut seen = Seen { schema, ..Seen::default() };
    for table in &seen.schema.tables {
        let columns = columns(&mut tx, table).await.map_err(|error| trouble(&error))?;
        let named = table.columns.iter().zip(columns);
        seen.columns
            .extend(named.map(|(column, seen)| ((table.name.clone(), column.clone()), seen)));
    }
    tx.rollback().await.map_err(|error| trouble(&error))?;
    Ok(seen)
}

/// What is seen of each column, in the table's order.
async fn columns(
    tx: &mut Transaction<'static, Sqlite>,
    table: &Table,
) -> Result<Vec<SeenColumn>, sqlx::Error> {
    let types =
        sqlx::query("SELECT type FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid");
    let types = types.bind(&table.name).fetch_all(&mut **tx).await?;
    let unique = sqlx::query(
        "SELECT min(i.name) FROM pragma_index_list(?1) l, pragma_index_info(l.name) i \
         WHERE l.\"unique\" = 1 AND l.partial = 0 GROUP BY l.name HAVING count(*) = 1",
    );
    let unique = unique.bind(&table.name).fetch_all(&mut **tx).await?;
    let unique: Vec<Option<String>> =
        unique.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let mut columns = Vec::with_capacity(types.len());
    for (name, kind) in table.columns.iter().zip(&types) {
        let only_key = table.primary_key == [name.as_str()];
        columns.push(SeenColumn {
            declared: kind.try_get(0)?,
            unique: only_key || unique.iter().flatten().any(|column| column == name),
            samples: Vec::new(),
        });
    }
    let rows = match sqlx::query(AssertSqlSafe(select(table))).fetch_all(&mut **tx).await {
        Ok(rows) => rows,
        // A view may fail in what it computes; that is no reason to draft nothing.
        Err(sqlx::Error::Database(_)) => return Ok(columns),
        Err(error) => return Err(error),
    };
    for row in rows {
        for (at, column) in columns.iter_mut().enumerate() {
            // What is no UTF-8 has no look.
            if let Ok(Some(value)) = row.try_get::<Option<String>, _>(at) {
                column.samples.push(value);
            }
        }
    }
    Ok(columns)
}

fn select(table: &Table) -> String {
    let quote = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let value = |name: &String| {
        let name = quote(name);
        format!(
            "CASE typeof({name}) WHEN 'blob' THEN NULL ELSE substr({name}, 1, {SAMPLE_LENGTH}) END"
        )
    };
    let values: Vec<String> = table.columns.iter().map(value).collect();
    let order: Vec<String> = table.primary_key.iter().map(|name| quote(name)).collect();
    let order =
        if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
    format!("SELECT {} FROM {}{order} LIMIT {SAMPLE}", values.join(", "), quote(&table.name))
}
