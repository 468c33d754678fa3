//! What a draft is made from, seen in a PostgreSQL database.
//!
//! A table of the schema `public` is called by its name alone, others `schema.table`. A partitioned
//! table is one table; its partitions are not listed. Tables of extensions are not listed.

use std::collections::BTreeMap;
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use super::{SAMPLE, SAMPLE_LENGTH, Seen, SeenColumn};
use crate::store::map::Secret;
use crate::store::sql::schema::{ForeignKey, Keyset, Schema, Table};
use crate::store::{StoreError, StoreErrorCode};

const TABLES: &str = "\
    SELECT c.oid::int8, n.nspname::text, c.relname::text, \
           c.relkind IN ('r', 'p') AND has_table_privilege(c.oid, 'SELECT') \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') \
      AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) \
      AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' \
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid \
                      AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')";
const COLUMNS: &str = "\
    SELECT a.attname::text, format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, NULL) \
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
    WHERE a.attrelid = $1::int8::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
/// Keys with their columns, the primary one first; an expression has none.
const KEYS: &str = "\
    SELECT i.indisprimary, bool_and(coalesce(a.attnotnull, false)) AND i.indimmediate, \
           array_agg(a.attname::text ORDER BY k.at), pg_get_indexdef(i.indexrelid, 1, true) \
    FROM pg_index i CROSS JOIN generate_series(1, i.indnkeyatts) AS k(at) \
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.at - 1] \
                                  AND a.attnum > 0 \
    WHERE i.indrelid = $1::int8::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL \
    GROUP BY i.indexrelid, i.indisprimary, i.indimmediate \
    ORDER BY NOT i.indisprimary, count(*), i.indexrelid";
const REFERENCES: &str = "\
    SELECT c.oid::int8, c.confrelid::int8, a.attname::text, b.attname::text \
    FROM pg_constraint c, unnest(c.conkey, c.confkey) WITH ORDINALITY AS k(here, there, at), \
         pg_attribute a, pg_attribute b \
    WHERE c.conrelid = $1::int8::oid AND c.contype = 'f' AND c.conparentid = 0 \
      AND a.attrelid = c.conrelid AND a.attnum = k.here \
      AND b.attrelid = c.confrelid AND b.attnum = k.there \
    ORDER BY c.conkey, c.conname, k.at";

/// Looks at the database behind `url`. Reads only.
pub async fn look(url: &Secret) -> Result<Seen, StoreError> {
    let options = PgConnectOptions::from_str(url.reveal())
        .map_err(|_| StoreError::new(StoreErrorCode::Unsupported))?
        .application_name("rightsdesk map draft")
        .disable_statement_logging();
    let mut open = options.connect().await.map_err(|error| trouble(&error))?;
    let seen = look_in(&mut open).await.map_err(|error| trouble(&error));
    // What was seen is seen; how the connection ends does not matter.
    let _ = open.close().await;
    seen
}

async fn look_in(open: &mut PgConnection) -> Result<Seen, sqlx::Error> {
    let quiet = "SET default_transaction_read_only = on; SET statement_timeout = '10s'";
    sqlx::raw_sql(quiet).execute(&mut *open).await?;
    let mut listed: Vec<Listed> = Vec::new();
    for row in sqlx::query(TABLES).fetch_all(&mut *open).await? {
        listed.push(Listed::read(&row)?);
    }
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    let names: BTreeMap<i64, String> =
        listed.iter().map(|table| (table.oid, table.name.clone())).collect();
    let mut seen = Seen { schema: Schema::default(), columns: BTreeMap::new() };
    for of in &listed {
        let (table, columns) = table(open, of, &names).await?;
        for (name, column) in table.columns.iter().zip(columns) {
            seen.columns.insert((table.name.clone(), name.clone()), column);
        }
        seen.schema.tables.push(table);
    }
    Ok(seen)
}

/// A line of the list of tables.
struct Listed {
    oid: i64,
    /// As SQL names it.
    quoted: String,
    /// As maps name it.
    name: String,
    /// Its rows may be looked at.
    open: bool,
}

impl Listed {
    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        let (schema, table): (String, String) = (row.try_get(1)?, row.try_get(2)?);
        let quoted = format!("{}.{}", quote(&schema), quote(&table));
        let short = schema == "public" && !table.contains('.');
        let name = if short { table } else { format!("{schema}.{table}") };
        Ok(Self { oid: row.try_get(0)?, quoted, name, open: row.try_get(3)? })
    }
}

async fn table(
    open: &mut PgConnection,
    of: &Listed,
    names: &BTreeMap<i64, String>,
) -> Result<(Table, Vec<SeenColumn>), sqlx::Error> {
    let (mut columns, mut seen) = (Vec::new(), Vec::new());
    for row in sqlx::query(COLUMNS).bind(of.oid).fetch_all(&mut *open).await? {
        let column: String = row.try_get(0)?;
        columns.push(column);
        seen.push(SeenColumn { declared: row.try_get(1)?, ..SeenColumn::default() });
    }
    let (mut primary_key, mut keyset): (Vec<String>, _) = (Vec::new(), Keyset::Nothing);
    for row in sqlx::query(KEYS).bind(of.oid).fetch_all(&mut *open).await? {
        let (primary, walks): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
        let parts: Vec<Option<String>> = row.try_get(2)?;
        if let [only] = &parts[..] {
            let written: String = row.try_get(3)?;
            let column = only.clone().or_else(|| lowered(&written).map(str::to_owned));
            let at = columns.iter().position(|known| Some(known) == column.as_ref());
            if let Some(at) = at {
                seen[at].unique = true;
            }
        }
        let key: Vec<String> = parts.into_iter().flatten().collect();
        if walks && keyset == Keyset::Nothing {
            keyset = Keyset::Columns(key.clone());
        }
        if primary {
            primary_key = key;
        }
    }
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    for row in sqlx::query(REFERENCES).bind(of.oid).fetch_all(&mut *open).await? {
        let (key, target): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let Some(table) = names.get(&target) else { continue };
        if keys.last().is_none_or(|(last, _)| *last != key) {
            let (columns, to) = (Vec::new(), Vec::new());
            keys.push((key, ForeignKey { columns, table: table.clone(), to }));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(row.try_get(2)?);
            key.to.push(row.try_get(3)?);
        }
    }
    let foreign_keys = keys.into_iter().map(|(_, key)| key).collect();
    let table = Table { name: of.name.clone(), columns, primary_key, foreign_keys, keyset };
    if of.open && !table.columns.is_empty() {
        samples(open, of, &table, &mut seen).await?;
    }
    Ok((table, seen))
}

async fn samples(
    open: &mut PgConnection,
    of: &Listed,
    table: &Table,
    seen: &mut [SeenColumn],
) -> Result<(), sqlx::Error> {
    let values: Vec<String> = table
        .columns
        .iter()
        .zip(seen.iter())
        .map(|(name, column)| match column.declared.as_str() {
            "bytea" => "NULL::text".to_owned(),
            _ => format!("left({}::text, {SAMPLE_LENGTH})", quote(name)),
        })
        .collect();
    let order: Vec<String> = table.primary_key.iter().map(|name| quote(name)).collect();
    let order =
        if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
    let sql = format!("SELECT {} FROM {}{order} LIMIT {SAMPLE}", values.join(", "), of.quoted);
    let rows = match sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *open).await {
        Ok(rows) => rows,
        // A table that does not show its rows has columns all the same.
        Err(sqlx::Error::Database(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    for row in rows {
        for (at, column) in seen.iter_mut().enumerate() {
            column.samples.extend(row.try_get::<Option<String>, _>(at)?);
        }
    }
    Ok(())
}

/// The column in `lower(email)`, as PostgreSQL writes it back.
fn lowered(written: &str) -> Option<&str> {
    let inner = written.strip_prefix("lower(")?.strip_suffix(')')?;
    let inner = inner.strip_suffix("::text").unwrap_or(inner);
    let bare = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let column = inner.trim_matches(|c| matches!(c, '(' | ')' | '"'));
    bare(column).then_some(column)
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Our word for what went wrong, and the SQLSTATE. The server's text may quote data.
fn trouble(error: &sqlx::Error) -> StoreError {
    use StoreErrorCode as Code;
    let sqlx::Error::Database(inner) = error else {
        return StoreError::new(match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Code::BadData,
            _ => Code::Unreachable,
        });
    };
    let state = inner.code().unwrap_or_default();
    let code = match state.get(..2).unwrap_or_default() {
        "28" => Code::Denied,
        "42" if state == "42501" => Code::Denied,
        "53" | "55" => Code::Busy,
        "57" if state == "57014" => Code::Timeout,
        "3D" | "08" | "57" => Code::Unreachable,
        _ => Code::Schema,
    };
    StoreError::new(code).detail(&state)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::ids::{Entropy, OsEntropy};
    use crate::store::draft::{Draft, Heading, Place, draft};
    use crate::store::map::parse;
    use crate::store::testing::FACTS;

    const SQL: &str = "
        CREATE SCHEMA billing; CREATE SCHEMA \"Odd One\";
        CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE DOMAIN address_of_mail AS text;
        CREATE TABLE users(id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email address_of_mail,
            feels mood, other_emails text[], portrait bytea, session_data jsonb);
        CREATE UNIQUE INDEX ON users(lower(email::text));
        CREATE TABLE billing.invoices(number int PRIMARY KEY, user_id uuid REFERENCES users, total numeric);
        CREATE TABLE events(user_id uuid REFERENCES users, at timestamptz, what text,
            PRIMARY KEY(user_id, at)) PARTITION BY RANGE(at);
        CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        CREATE TABLE keyless(user_id uuid REFERENCES users, note text);
        CREATE TABLE \"Odd One\".\"Other Things\"(id int PRIMARY KEY, x text);
        CREATE VIEW everybody AS SELECT * FROM users;
        INSERT INTO users(email, session_data) VALUES ('ada@example.org', '\"$argon2id$x\"');
        INSERT INTO users(email) VALUES ('ada@example.com');";

    async fn administer(url: &str, sql: String) {
        let mut open = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut open).await.unwrap();
        open.close().await.unwrap();
    }

    #[expect(clippy::disallowed_methods, reason = "no Config in a test; it asks for the server")]
    async fn drafted() -> Option<Draft> {
        let Ok(admin) = std::env::var("RIGHTSDESK_TEST_POSTGRES") else {
            let must = std::env::var("RIGHTSDESK_TEST_TOOLS").is_ok_and(|value| value == "1");
            assert!(!must, "RIGHTSDESK_TEST_POSTGRES must name a PostgreSQL server");
            println!("not run: RIGHTSDESK_TEST_POSTGRES names no server");
            return None;
        };
        let source: &dyn Entropy = &OsEntropy;
        let name = format!("rightsdesk_draft_{:016x}", u64::from_be_bytes(source.bytes()));
        administer(&admin, format!("CREATE DATABASE {name}")).await;
        let mut url: url::Url = admin.parse().unwrap();
        url.set_path(&name);
        administer(url.as_str(), SQL.to_owned()).await;
        let seen = look(&Secret::new(url.to_string())).await;
        administer(&admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        let place = Place::Env("SHOP_URL".to_owned());
        let heading = Heading { name: "shop".to_owned(), kind: "postgres", place };
        Some(draft(&heading, &seen.unwrap()))
    }

    #[tokio::test]
    async fn what_only_postgresql_has_is_drafted_too() {
        let Some(draft) = drafted().await else { return };
        assert_eq!(draft.people, ["users"]);
        assert_eq!(draft.owned, ["billing.invoices", "events"]);
        assert_eq!(draft.aside, ["keyless"]);
        assert_eq!(draft.unreached, ["Odd One.Other Things", "everybody"]);
        let text =
            draft.text.replace("kind = \"postgres\"\n", &format!("kind = \"postgres\"\n{FACTS}"));
        let env = |name: &str| (name == "SHOP_URL").then(String::new);
        let map = parse(Path::new("shop.toml"), &text, &env).unwrap();
        let users = map.stores[0].table("users").unwrap();
        assert!(users.field("session_data").unwrap().category.is_secret(), "by its value");
        for (column, category) in
            [("portrait", "user.content.self_image"), ("feels", "user.account")]
        {
            let given = users.field(column).unwrap().category.as_str();
            assert!(category.starts_with(given), "{column}: {given}");
        }
        let invoices = map.stores[0].table("billing.invoices").unwrap();
        assert_eq!(
            (invoices.via[0].table.as_str(), invoices.via[0].to[0].as_str()),
            ("users", "id")
        );
        for value in ["ada@", "argon2", "glad"] {
            assert!(!text.contains(value), "{value}");
        }
    }

    #[tokio::test]
    async fn a_server_that_is_away_is_told_without_its_words() {
        let error =
            look(&Secret::new("postgres://me:hidden@127.0.0.1:1/x".into())).await.unwrap_err();
        assert_eq!(error.to_string(), "unreachable");
    }
}
