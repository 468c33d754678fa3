//! The rules of putting values right.

use std::sync::Arc;

use async_trait::async_trait;

use super::CANARY;
use crate::domain::change::{Applied, Current, Edit, Field, Standing, Unfit};
use crate::domain::subject::SubjectKey;
use crate::store::correct::Correct;
use crate::store::testing::key;
use crate::store::{Store, StoreErrorCode};

/// What every bench seeds. Ada is 1; her neighbours have names that are much like hers.
pub(crate) const CORRECT_SQL: &str = "
    CREATE TABLE person(id INTEGER PRIMARY KEY, mail VARCHAR(40) UNIQUE, name TEXT,
        points INTEGER, secret TEXT, note TEXT NOT NULL, hidden TEXT);
    CREATE TABLE place(k INTEGER PRIMARY KEY, owner INTEGER REFERENCES person(id), street TEXT);
    INSERT INTO person VALUES (1, 'ada@example.org', 'Ada', 7, 'grace-canary', 'of ada', 'h'),
        (10, 'ADA@example.org', 'grace-canary', 7, 'grace-canary', 'grace-canary', 'h'),
        (11, 'grace-canary@example.org', NULL, NULL, '', '', NULL);
    INSERT INTO place VALUES (1, 1, 'Old Road 1'), (2, 10, 'grace-canary'), (3, 1, NULL);";

/// The map of it.
pub(crate) const CORRECT_MAP: &str = "[store.shop.table.person]\nperson = true\n\
    who = { email = \"mail\", user = \"id\" }\ncorrect = [\"mail\", \"name\", \"points\", \"note\"]\n\
    field = { mail = \"user.contact.email\", name = \"user.name\", points = \"user.account\", \
    secret = \"user.authorization\", note = \"user.content\", hidden = \"user.content\" }\n\
    [store.shop.table.place]\nvia = \"owner -> person.id\"\ncorrect = [\"street\"]\n\
    field = { street = \"user.contact.address.street\" }\n";

/// Everything that is not Ada's, and Ada's secret.
const OTHERS: &str =
    "SELECT id || '|' || coalesce(mail, '~') || '|' || coalesce(name, '~') || '|' ||
        coalesce(points || '', '~') || '|' || secret || '|' || note || '|' || coalesce(hidden, '~')
    FROM person WHERE id <> 1
    UNION ALL SELECT k || '|' || coalesce(street, '~') FROM place WHERE owner <> 1
    UNION ALL SELECT 'secret ' || secret || hidden FROM person WHERE id = 1 ORDER BY 1";

/// Seeds stores of one kind.
#[async_trait]
pub(crate) trait CorrectBench: Sync {
    /// Whether what it needs is there; it says so where it is not.
    fn is_ready(&self) -> bool {
        true
    }

    /// A store that [`CORRECT_SQL`] has made, behind [`CORRECT_MAP`].
    async fn seeded(&self) -> CorrectSeeded;
}

/// A seeded store, and a way round it.
pub(crate) struct CorrectSeeded {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) database: Box<dyn Database>,
}

/// The database behind a store.
#[async_trait]
pub(crate) trait Database: Send + Sync {
    /// Runs statements.
    async fn run(&self, sql: &str);
    /// The texts that a query gives.
    async fn lines(&self, sql: &str) -> Vec<String>;
}

/// One named test for each rule.
macro_rules! correct_conformance {
    ($bench:expr) => {
        correct_conformance! { @ $bench;
            only_what_the_map_opens_of_the_persons_own_rows_is_offered,
            a_value_is_put_right_and_nothing_else_is_touched,
            the_same_again_changes_nothing_more_also_where_a_key_was_changed,
            a_value_that_changed_meanwhile_stops_all_of_it,
            a_row_that_is_not_the_persons_is_gone_to_them,
            what_a_column_does_not_hold_is_told_and_nothing_is_cut,
            what_another_row_has_or_a_rule_forbids_is_told,
            no_value_and_an_empty_text_are_told_apart,
            every_letter_comes_back_as_it_was_written,
            how_values_stand_is_looked_up_afresh,
            what_the_map_does_not_open_is_refused,
        }
    };
    (@ $bench:expr; $($rule:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $rule() {
                if $crate::store::conformance::CorrectBench::is_ready(&$bench) {
                    $crate::store::conformance::$rule(&$bench).await;
                }
            }
        )+
    };
}

fn part(seeded: &CorrectSeeded) -> &dyn Correct {
    seeded.store.correct().expect("the map opens columns")
}

fn ada() -> Vec<SubjectKey> {
    vec![key("email", "ada@example.org")]
}

#[expect(clippy::unnecessary_wraps, reason = "as values stand everywhere here")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

async fn fields(seeded: &CorrectSeeded) -> Vec<Field> {
    let Current { fields, gaps } = part(seeded).current(&ada()).await.unwrap();
    assert_eq!(gaps, []);
    fields
}

/// An edit of Ada's first value in that column.
async fn edit(seeded: &CorrectSeeded, column: &str, new: Option<&str>) -> Edit {
    let fields = fields(seeded).await;
    let field = fields.into_iter().find(|field| field.spot.column == column).unwrap();
    Edit { spot: field.spot, expected: field.value, new: new.map(str::to_owned) }
}

async fn apply(seeded: &CorrectSeeded, edits: &[Edit]) -> Applied {
    part(seeded).apply(&ada(), edits).await.unwrap()
}

async fn others(seeded: &CorrectSeeded) -> Vec<String> {
    seeded.database.lines(OTHERS).await
}

pub(crate) async fn only_what_the_map_opens_of_the_persons_own_rows_is_offered(
    bench: &dyn CorrectBench,
) {
    let seeded = bench.seeded().await;
    assert_eq!(seeded.store.check().await, Ok(Vec::new()));
    let seen: Vec<(String, Option<String>, bool)> = (fields(&seeded).await.into_iter())
        .map(|field| {
            (
                format!("{}.{}", field.spot.collection, field.spot.column),
                field.value,
                field.identity,
            )
        })
        .collect();
    let one = |name: &str, value: Option<&str>, identity| {
        (name.to_owned(), value.map(str::to_owned), identity)
    };
    assert_eq!(
        seen,
        [
            one("person.mail", Some("ada@example.org"), true),
            one("person.name", Some("Ada"), false),
            one("person.points", Some("7"), false),
            one("person.note", Some("of ada"), false),
            one("place.street", Some("Old Road 1"), false),
            one("place.street", None, false),
        ]
    );
    for nobody in [&[][..], &[key("email", "ada@example.or")], &[key("user", "' OR ''='")]] {
        assert_eq!(part(&seeded).current(nobody).await, Ok(Current::default()));
    }
}

pub(crate) async fn a_value_is_put_right_and_nothing_else_is_touched(bench: &dyn CorrectBench) {
    let seeded = bench.seeded().await;
    let before = others(&seeded).await;
    let edits = [
        edit(&seeded, "name", Some("Ada L.")).await,
        edit(&seeded, "points", Some("8")).await,
        edit(&seeded, "street", Some("New Road 2")).await,
    ];
    assert_eq!(apply(&seeded, &edits).await, Applied::Done);
    let row = "SELECT mail || name || points || secret || note || hidden FROM person WHERE id = 1";
    assert_eq!(seeded.database.lines(row).await, ["ada@example.orgAda L.8grace-canaryof adah"]);
    let streets = "SELECT coalesce(street, '~') FROM place WHERE owner = 1 ORDER BY k";
    assert_eq!(seeded.database.lines(streets).await, ["New Road 2", "~"]);
    assert_eq!(others(&seeded).await, before);
    let back = part(&seeded).read_back(&ada(), &edits).await.unwrap();
    assert_eq!(back, [Standing::Done, Standing::Done, Standing::Done]);
}

pub(crate) async fn the_same_again_changes_nothing_more_also_where_a_key_was_changed(
    bench: &dyn CorrectBench,
) {
    let seeded = bench.seeded().await;
    let before = others(&seeded).await;
    let edits = [
        edit(&seeded, "mail", Some("lovelace@example.org")).await,
        edit(&seeded, "name", Some("Ada L.")).await,
    ];
    for _ in 0..2 {
        // From the second time on, the keys no longer lead there.
        assert_eq!(apply(&seeded, &edits).await, Applied::Done);
        let back = part(&seeded).read_back(&ada(), &edits).await.unwrap();
        assert_eq!(back, [Standing::Done, Standing::Done]);
    }
    seeded.database.run("UPDATE person SET name = 'another' WHERE id = 1").await;
    let gone = vec![Standing::Gone, Standing::Gone];
    assert_eq!(apply(&seeded, &edits).await, Applied::Conflict(gone));
    let name = seeded.database.lines("SELECT name FROM person WHERE id = 1").await;
    assert_eq!(name, ["another"], "what came after is nobody's to undo");
    assert_eq!(others(&seeded).await, before);
}

pub(crate) async fn a_value_that_changed_meanwhile_stops_all_of_it(bench: &dyn CorrectBench) {
    let seeded = bench.seeded().await;
    let edits = [
        edit(&seeded, "name", Some("Ada L.")).await,
        edit(&seeded, "street", Some("New Road 2")).await,
    ];
    seeded.database.run("UPDATE place SET street = 'Third Road 3' WHERE k = 1").await;
    let standing = vec![Standing::Pending, Standing::Other(text("Third Road 3"))];
    assert_eq!(apply(&seeded, &edits).await, Applied::Conflict(standing));
    let name = seeded.database.lines("SELECT name FROM person WHERE id = 1").await;
    assert_eq!(name, ["Ada"], "all or nothing");
    let moved = Edit { expected: text("Third Road 3"), ..edits[1].clone() };
    assert_eq!(apply(&seeded, &[edits[0].clone(), moved]).await, Applied::Done);
}

pub(crate) async fn a_row_that_is_not_the_persons_is_gone_to_them(bench: &dyn CorrectBench) {
    let seeded = bench.seeded().await;
    let before = others(&seeded).await;
    let own = edit(&seeded, "name", Some("mine")).await;
    let mut theirs = own.clone();
    let all = part(&seeded).current(&[key("user", "10")]).await.unwrap().fields;
    theirs.spot.row = all[0].spot.row.clone();
    theirs.expected = text(CANARY);
    let standing = vec![Standing::Gone];
    assert_eq!(apply(&seeded, &[theirs.clone()]).await, Applied::Conflict(standing));
    let mail = Edit {
        spot: crate::domain::change::Spot { column: "mail".into(), ..theirs.spot.clone() },
        expected: text("ada@example.org"),
        new: text("ADA@example.org"),
    };
    // What is theirs already is not given to anybody by wishing for it.
    let applied = apply(&seeded, &[mail, own.clone()]).await;
    assert!(!format!("{applied:?}").contains(CANARY));
    let name = seeded.database.lines("SELECT name FROM person WHERE id = 1").await;
    assert_eq!(others(&seeded).await, before);
    assert!(name == ["Ada"] || applied == Applied::Done, "{applied:?}");
    seeded.database.run("UPDATE place SET owner = 10 WHERE k = 1").await;
    let before = others(&seeded).await;
    let mut moved = own;
    let street = |field: &Field| field.spot.collection == "place";
    let place = part(&seeded).current(&[key("user", "10")]).await.unwrap().fields;
    moved.spot = place.into_iter().find(street).unwrap().spot;
    let standing = vec![Standing::Gone];
    assert_eq!(apply(&seeded, &[moved]).await, Applied::Conflict(standing));
    assert_eq!(others(&seeded).await, before);
}

pub(crate) async fn what_a_column_does_not_hold_is_told_and_nothing_is_cut(
    bench: &dyn CorrectBench,
) {
    let seeded = bench.seeded().await;
    let name = edit(&seeded, "name", Some("Ada L.")).await;
    let points = edit(&seeded, "points", Some("many")).await;
    let Applied::Unfit(Unfit::Type, places) = apply(&seeded, &[name.clone(), points]).await else {
        panic!("a word is no number");
    };
    assert!(places.contains(&1));
    assert_eq!(seeded.database.lines("SELECT name FROM person WHERE id = 1").await, ["Ada"]);
    assert_eq!(apply(&seeded, &[name]).await, Applied::Done);
}

pub(crate) async fn what_another_row_has_or_a_rule_forbids_is_told(bench: &dyn CorrectBench) {
    let seeded = bench.seeded().await;
    let before = others(&seeded).await;
    let mail = edit(&seeded, "mail", Some("grace-canary@example.org")).await;
    assert_eq!(apply(&seeded, &[mail]).await, Applied::Unfit(Unfit::Taken, vec![0]));
    let note = edit(&seeded, "note", None).await;
    assert_eq!(apply(&seeded, &[note]).await, Applied::Unfit(Unfit::Rule, vec![0]));
    assert_eq!(others(&seeded).await, before);
}

pub(crate) async fn no_value_and_an_empty_text_are_told_apart(bench: &dyn CorrectBench) {
    let seeded = bench.seeded().await;
    let full = edit(&seeded, "name", Some("")).await;
    assert_eq!(apply(&seeded, &[full]).await, Applied::Done);
    let stale = Edit { expected: None, ..edit(&seeded, "name", Some("x")).await };
    let standing = vec![Standing::Other(text(""))];
    assert_eq!(apply(&seeded, &[stale]).await, Applied::Conflict(standing));
    let none = edit(&seeded, "name", None).await;
    assert_eq!(apply(&seeded, &[none]).await, Applied::Done);
    let seen = fields(&seeded).await;
    assert_eq!(seen.iter().find(|field| field.spot.column == "name").unwrap().value, None);
    let again = edit(&seeded, "name", Some("Ada")).await;
    assert_eq!(apply(&seeded, &[again]).await, Applied::Done);
}

pub(crate) async fn every_letter_comes_back_as_it_was_written(bench: &dyn CorrectBench) {
    let seeded = bench.seeded().await;
    for word in
        ["Ægir Þórsson", "Zoë \"Z\" O'Neill; --", "佐藤 花子", "Zoe\u{308} 👩‍🚀", "a\nb", "?1 $1 :x"]
    {
        let name = edit(&seeded, "name", Some(word)).await;
        assert_eq!(apply(&seeded, std::slice::from_ref(&name)).await, Applied::Done, "{word}");
        assert_eq!(seeded.database.lines("SELECT name FROM person WHERE id = 1").await, [word]);
        assert_eq!(part(&seeded).read_back(&ada(), &[name]).await, Ok(vec![Standing::Done]));
    }
}

pub(crate) async fn how_values_stand_is_looked_up_afresh(bench: &dyn CorrectBench) {
    let seeded = bench.seeded().await;
    let name = [edit(&seeded, "name", Some("Ada L.")).await];
    let back = async || part(&seeded).read_back(&ada(), &name).await.unwrap();
    assert_eq!(back().await, [Standing::Pending]);
    assert_eq!(apply(&seeded, &name).await, Applied::Done);
    seeded.database.run("UPDATE person SET name = 'undone' WHERE id = 1").await;
    assert_eq!(back().await, [Standing::Other(text("undone"))]);
    seeded.database.run("DELETE FROM place; DELETE FROM person WHERE id = 1").await;
    assert_eq!(back().await, [Standing::Gone]);
}

pub(crate) async fn what_the_map_does_not_open_is_refused(bench: &dyn CorrectBench) {
    let seeded = bench.seeded().await;
    let before = others(&seeded).await;
    let name = edit(&seeded, "name", Some("x")).await;
    let at = |column: &str, collection: &str, row: &str| {
        let mut edit = name.clone();
        edit.spot.column = column.to_owned();
        edit.spot.collection = collection.to_owned();
        if !row.is_empty() {
            edit.spot.row = row.to_owned();
        }
        edit
    };
    for (edits, code) in [
        (vec![at("hidden", "person", "")], StoreErrorCode::Unsupported),
        (vec![at("secret", "person", "")], StoreErrorCode::Unsupported),
        (vec![at("id", "person", "")], StoreErrorCode::Unsupported),
        (vec![at("name", "elsewhere", "")], StoreErrorCode::Unsupported),
        (vec![name.clone(), name.clone()], StoreErrorCode::Unsupported),
        (vec![at("name", "person", "1")], StoreErrorCode::BadData),
        (vec![at("name", "person", "[]")], StoreErrorCode::BadData),
    ] {
        let error = part(&seeded).apply(&ada(), &edits).await.unwrap_err();
        assert_eq!(error.code, code, "{edits:?}");
        let error = part(&seeded).read_back(&ada(), &edits).await.unwrap_err();
        assert_eq!(error.code, code, "{edits:?}");
    }
    assert_eq!(others(&seeded).await, before);
}
