//! What a draft of a map is made from: the catalogue, and the look of a few values.

use std::collections::BTreeMap;

use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use super::catalogue::{self, Relation};
use super::url::way;
use super::value::trouble;
use super::{PATIENCE, STATEMENT, Tx, begin, end};
use crate::store::draft::{SAMPLE, SAMPLE_LENGTH, Seen, SeenColumn};
use crate::store::map::Secret;
use crate::store::sql::schema::{Keyset, Table};
use crate::store::{StoreError, StoreErrorCode};

/// Columns with their types; a domain is what it stands on.
const TYPES: &str = "
    SELECT a.attrelid::int8, a.attname::text,
        format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, NULL)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attnum > 0 AND NOT a.attisdropped";
/// Keys of one column, or of one expression.
const UNIQUE: &str = "
    SELECT i.indrelid::int8, a.attname::text, pg_get_indexdef(i.indexrelid, 1, true)
    FROM pg_index i LEFT JOIN pg_attribute a
        ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attnum > 0
    WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indnkeyatts = 1";

/// Looks at the database behind `url`, in one read transaction.
pub async fn look(url: &Secret) -> Result<Seen, StoreError> {
    let way = way(url.reveal()).map_err(|_| StoreError::new(StoreErrorCode::Unsupported))?;
    let options = way.options;
    // A pool would go on knocking where nobody is; who drafts has mistyped the address.
    let open = options.connect().await.map_err(|error| trouble(&error))?;
    open.close().await.map_err(|error| trouble(&error))?;
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
    let pool = pool.connect_lazy_with(options);
    let begun = pool.begin_with(AssertSqlSafe(begin(STATEMENT))).await;
    let seen = match begun {
        Ok(mut tx) => {
            let seen = look_in(&mut tx).await;
            end(tx, seen).await
        }
        Err(error) => Err(trouble(&error)),
    };
    pool.close().await;
    seen
}

async fn look_in(tx: &mut Tx) -> Result<Seen, StoreError> {
    let catalogue = catalogue::read_unmapped(tx).await?;
    let mut seen = Seen { schema: catalogue.schema, columns: BTreeMap::new() };
    let names: BTreeMap<i64, &String> =
        catalogue.relations.iter().map(|(name, relation)| (relation.oid, name)).collect();
    details(tx, &names, &mut seen.columns).await.map_err(|error| trouble(&error))?;
    for table in seen.schema.tables.iter().filter(|table| table.keyset != Keyset::Nothing) {
        let Some(relation) = catalogue.relations.get(&table.name) else { continue };
        samples(tx, table, relation, &mut seen.columns).await.map_err(|error| trouble(&error))?;
    }
    // Names in one order, whatever schema they stand in.
    seen.schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(seen)
}

type Columns = BTreeMap<(String, String), SeenColumn>;

/// Types, and which columns are unique.
async fn details(
    tx: &mut Tx,
    names: &BTreeMap<i64, &String>,
    columns: &mut Columns,
) -> Result<(), sqlx::Error> {
    for row in sqlx::query(TYPES).persistent(false).fetch_all(&mut **tx).await? {
        let (oid, column): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
        if let Some(table) = names.get(&oid) {
            let seen = columns.entry(((*table).clone(), column)).or_default();
            seen.declared = row.try_get(2)?;
        }
    }
    for row in sqlx::query(UNIQUE).persistent(false).fetch_all(&mut **tx).await? {
        let (oid, column): (i64, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
        let written: String = row.try_get(2)?;
        let column = column.or_else(|| lowered(&written).map(str::to_owned));
        if let (Some(table), Some(column)) = (names.get(&oid), column)
            && let Some(seen) = columns.get_mut(&((*table).clone(), column))
        {
            seen.unique = true;
        }
    }
    Ok(())
}

async fn samples(
    tx: &mut Tx,
    table: &Table,
    relation: &Relation,
    columns: &mut Columns,
) -> Result<(), sqlx::Error> {
    let at = |column: &String| (table.name.clone(), column.clone());
    let text = |column: &&String| {
        let bytes = columns.get(&at(column)).is_some_and(|seen| seen.declared == "bytea");
        !bytes && !relation.closed.contains(*column)
    };
    let open: Vec<&String> = table.columns.iter().filter(text).collect();
    if open.is_empty() {
        return Ok(());
    }
    let values: Vec<String> = open
        .iter()
        .map(|column| format!("left({}::text, {SAMPLE_LENGTH})", quote(column)))
        .collect();
    let order: Vec<String> = table.primary_key.iter().map(|name| quote(name)).collect();
    let order =
        if order.is_empty() { String::new() } else { format!(" ORDER BY {}", order.join(", ")) };
    let (schema, name) = &relation.place;
    let from = format!("{}.{}", quote(schema), quote(name));
    let sql = format!("SELECT {} FROM {from}{order} LIMIT {SAMPLE}", values.join(", "));
    // A table that does not show its rows has columns all the same, and must not end the look.
    let mut apart = (**tx).begin().await?;
    let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(&mut *apart).await;
    apart.rollback().await?;
    let rows = match rows {
        Ok(rows) => rows,
        Err(sqlx::Error::Database(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    for row in rows {
        for (place, column) in open.iter().enumerate() {
            let value: Option<String> = row.try_get(place)?;
            columns.entry(at(column)).or_default().samples.extend(value);
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use sqlx::PgConnection;

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
