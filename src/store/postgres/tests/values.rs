//! Values, as exact as the server has them.

use super::Fresh;
use crate::domain::record::{Gap, GapReason, Item, Value};
use crate::store::sql::Bounds;
use crate::store::testing::{key, lines, pages};

const TYPES: &str = "
    CREATE TYPE mood AS ENUM ('fine', 'so \"so\"');
    CREATE DOMAIN cents AS numeric(12,2) CHECK (VALUE > -100);
    CREATE DOMAIN moods AS mood[];
    CREATE TYPE inner_part AS (raw bytea, at timestamptz);
    CREATE TYPE place AS (street text, \"no \"\"1\"\"\" int, part inner_part, tags text[]);";

fn number(digits: &str) -> Value {
    Value::Number(digits.into())
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn json(json: &str) -> Value {
    Value::Json(json.into())
}

/// Types, a value in SQL, and what leaves.
fn table() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("bool", "true", Value::Bool(true)),
        ("int2", "-32768", Value::Int(-32768)),
        ("int8", "9223372036854775807", Value::Int(i64::MAX)),
        (
            "numeric",
            "123456789012345678901234567890.100",
            number("123456789012345678901234567890.100"),
        ),
        ("numeric", "'NaN'", text("NaN")),
        ("numeric", "'-Infinity'", text("-Infinity")),
        ("cents", "1.5", number("1.50")),
        ("float4", "0.1", Value::Real(0.1)),
        ("float8", "0.1::float8 + 0.2::float8", Value::Real(0.1 + 0.2)),
        ("float8", "'-Infinity'", Value::Real(f64::NEG_INFINITY)),
        ("text", "''", text("")),
        ("text", "NULL", Value::Null),
        ("varchar(9)", "E'ß\\n\"'", text("ß\n\"")),
        ("char(4)", "'ab'", text("ab")),
        ("bytea", "'\\x00ff'", Value::Bytes(vec![0, 255])),
        ("bytea", "''", Value::Bytes(vec![])),
        ("mood", "'so \"so\"'", text("so \"so\"")),
        (
            "uuid",
            "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
            text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ),
        ("inet", "'10.1.2.3/8'", text("10.1.2.3/8")),
        ("date", "'2024-02-29'", text("2024-02-29")),
        ("date", "'infinity'", text("infinity")),
        ("date", "'0044-03-15 BC'", text("0044-03-15 BC")),
        ("time", "'23:59:59.000001'", text("23:59:59.000001")),
        ("timestamp", "'2024-02-29 12:00'", text("2024-02-29T12:00:00")),
        ("timestamptz", "'2024-02-29 12:00:00.5+05:30'", text("2024-02-29T06:30:00.5Z")),
        ("timestamptz", "'-infinity'", text("-infinity")),
        ("interval", "'1 year 2 months 3 days 04:05:06.7'", text("P1Y2M3DT4H5M6.7S")),
        ("int4range", "'[1,5)'", text("[1,5)")),
        ("tstzrange", "'[2024-01-01 00:00+01,)'", text("[\"2023-12-31 23:00:00+00\",)")),
        (
            "json",
            "'{\"b\": 1.00, \"a\": 1e2, \"a\":2}'",
            json("{\"b\": 1.00, \"a\": 1e2, \"a\":2}"),
        ),
        (
            "jsonb",
            "'{\"b\":1.00,\"a\":[12345678901234567890.5]}'",
            json("{\"a\": [12345678901234567890.5], \"b\": 1.00}"),
        ),
        ("jsonb", "'null'", json("null")),
        ("int8[]", "'{9007199254740993,NULL}'", json("[9007199254740993,null]")),
        ("numeric[]", "'{1.10,NaN}'", json("[1.10,\"NaN\"]")),
        (
            "text[]",
            "ARRAY['a,b','NULL','',NULL,'\"']",
            json("[\"a,b\",\"NULL\",\"\",null,\"\\\"\"]"),
        ),
        ("int4[][]", "'{{1,2},{3,4}}'", json("[[1,2],[3,4]]")),
        ("int4[]", "'[0:1]={7,8}'", json("[7,8]")),
        ("bytea[]", "ARRAY['\\x00ff'::bytea]", json("[\"AP8=\"]")),
        ("bool[]", "'{t,f}'", json("[true,false]")),
        ("moods", "'{fine}'", json("[\"fine\"]")),
        ("timestamptz[]", "'{2024-01-01 00:00+00}'", json("[\"2024-01-01T00:00:00Z\"]")),
        ("jsonb[]", "ARRAY['{\"a\": 1.0}'::jsonb]", json("[{\"a\": 1.0}]")),
        (
            "place",
            "ROW('a \"b\", \\c', NULL, ROW('\\x01', '2024-01-01 00:00+00'), '{x,\"y z\"}')",
            json(
                "{\"street\":\"a \\\"b\\\", \\\\c\",\"no \\\"1\\\"\":null,\"part\":{\"raw\":\"AQ==\",\
                 \"at\":\"2024-01-01T00:00:00Z\"},\"tags\":[\"x\",\"y z\"]}",
            ),
        ),
        (
            "inner_part[]",
            "ARRAY[ROW(NULL, NULL)::inner_part]",
            json("[{\"raw\":null,\"at\":null}]"),
        ),
    ]
}

#[tokio::test]
async fn every_type_leaves_exactly_as_the_server_has_it() {
    let values = table();
    let columns: Vec<String> =
        values.iter().enumerate().map(|(at, (of, _, _))| format!("v{at} {of}")).collect();
    let given: Vec<&str> = values.iter().map(|(_, value, _)| *value).collect();
    let sql = format!(
        "{TYPES} CREATE TABLE t(k int PRIMARY KEY, mail text, {});
         INSERT INTO t VALUES (1, 'a@b.c', {});
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Kolkata''',
             current_database()); EXECUTE format('ALTER DATABASE %I SET bytea_output = escape',
             current_database()); END $$",
        columns.join(", "),
        given.join(", ")
    );
    let Some(fresh) = Fresh::new(&sql).await else { return };
    let fields: Vec<String> =
        (0..values.len()).map(|at| format!("v{at} = \"user.content\"")).collect();
    let map = format!(
        "[store.shop.table.t]\nwho = {{ email = \"mail\" }}\nfield = {{ {} }}\n",
        fields.join(", ")
    );
    let pages = pages(&fresh.store(&map), &[key("email", "a@b.c")]).await;
    let Item::Rows(rows) = &pages[0].items[0] else { panic!("rows") };
    for ((of, sql, expected), value) in values.iter().zip(&rows.rows[0]) {
        assert_eq!(value, expected, "{of} {sql}");
    }
}

#[tokio::test]
async fn a_value_too_large_for_an_archive_is_a_gap_and_the_row_stays() {
    let sql = "CREATE TABLE t(k int PRIMARY KEY, mail text, v text, w bytea);
        INSERT INTO t VALUES (1, 'a@b.c', repeat('x', 16777217), '\\x01'), (2, 'a@b.c', 'y',
            decode(repeat('00', 16777217), 'hex'));";
    let Some(fresh) = Fresh::new(sql).await else { return };
    let map = "[store.shop.table.t]\nwho = { email = \"mail\" }\n\
        field = { v = \"user.content\", w = \"user.content\" }\n";
    let pages = pages(&fresh.store(map), &[key("email", "a@b.c")]).await;
    assert_eq!(lines(&pages), ["t [Null, Bytes([1])]", "t [Text(\"y\"), Null]"]);
    let gap = |place: &str| Gap { place: place.into(), reason: GapReason::TooLarge, count: 1 };
    let gaps: Vec<Gap> = pages.iter().flat_map(|page| page.gaps.clone()).collect();
    assert_eq!(gaps, [gap("t.v"), gap("t.w")]);
}

#[tokio::test]
async fn stored_sizes_that_differ_from_printed_ones_lose_no_row() {
    let sql = "CREATE TABLE t(k int PRIMARY KEY, mail text, v int8[], w text);
        INSERT INTO t SELECT i, 'a@b.c', array_fill(0::int8, ARRAY[i]), repeat('x', i * 7)
            FROM generate_series(1, 60) AS i;";
    let Some(fresh) = Fresh::new(sql).await else { return };
    for field in ["v", "w"] {
        let map = format!(
            "[store.shop.table.t]\nwho = {{ email = \"mail\" }}\n\
             field = {{ k = \"user.content\", {field} = \"user.content\" }}\n\
             ignore = [\"{}\"]\n",
            if field == "v" { "w" } else { "v" }
        );
        let store = fresh.store(&map).bounded(Bounds { rows: 25, bytes: 900 });
        let found = pages(&store, &[key("email", "a@b.c")]).await;
        assert!(found.len() > 10, "{} pages", found.len());
        let numbers: Vec<Value> = (found.iter().flat_map(|page| &page.items))
            .flat_map(|item| match item {
                Item::Rows(rows) => rows.rows.iter().map(|row| row[0].clone()).collect(),
                Item::File(_) => vec![],
            })
            .collect();
        assert_eq!(numbers, (1..=60).map(Value::Int).collect::<Vec<_>>());
    }
}
