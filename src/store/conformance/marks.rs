//! The rules of stores that hold what people say about the use of their data. An adapter brings a
//! [`MarkBench`]; `restrict_conformance!(its_bench);` makes one named test a rule.

use std::any::Any;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::domain::flag::Purpose;
use crate::domain::subject::SubjectKey;
use crate::ids::SeededEntropy;
use crate::meter::Meter;
use crate::store::restrict::{Mark, Marked, Restrict};
use crate::store::testing::key;
use crate::store::throttle::{Limits, Throttled};
use crate::store::{Store, StoreErrorCode};

/// Seeds stores with people: Ada (user 1), a neighbour whose address differs in case (user 10),
/// another (user 11), and sixty rows of one address, `shared@example.org`. Nothing is set, in three
/// columns: `frozen` holds moments, `no_ads` a truth that is never empty, `no_profiles` may be empty.
#[async_trait]
pub(crate) trait MarkBench: Sync {
    fn is_ready(&self) -> bool {
        true
    }

    async fn people(&self) -> People;

    /// Every row in the order of its number: `number|frozen|no_ads|no_profiles|rest`.
    async fn rows(&self, of: &People) -> Vec<String>;

    /// Takes `no_ads` of Ada away behind the adapter's back.
    async fn meddle(&self, of: &People);
}

pub(crate) struct People {
    pub(crate) store: Arc<dyn Store>,
    /// Another instance over the same data, as another process would have.
    pub(crate) again: Arc<dyn Store>,
    pub(crate) data: Box<dyn Any + Send + Sync>,
}

fn part(store: &Arc<dyn Store>) -> &dyn Restrict {
    store.restrict().expect("the suite tests stores that hold marks")
}

fn ada() -> [SubjectKey; 2] {
    [key("email", "ada@example.org"), key("user", "1")]
}

fn stop(word: &str) -> Mark {
    Mark::Stop(Purpose::parse(word).unwrap())
}

fn all() -> [Mark; 3] {
    [Mark::Restriction, stop("marketing"), stop("profiling")]
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + hour * 3_600).unwrap()
}

pub(crate) async fn only_the_persons_row_and_the_marks_column_change(bench: &dyn MarkBench) {
    let people = bench.people().await;
    assert_eq!(part(&people.store).marks(), all());
    let before = bench.rows(&people).await;
    for (place, mark) in (1..).zip(all()) {
        assert_eq!(part(&people.store).set(&ada(), &mark, true, at(0)).await, Ok(1));
        let after = bench.rows(&people).await;
        assert_eq!(after[1..], before[1..], "neighbours are as they were");
        let cells: Vec<(&str, &str)> = before[0].split('|').zip(after[0].split('|')).collect();
        let changed = |cell: usize| cells[cell].0 != cells[cell].1;
        assert!(changed(place), "{mark}: {after:?}");
        assert!(!changed(0) && !changed(4), "{after:?}");
        assert_eq!(part(&people.store).set(&ada(), &mark, false, at(1)).await, Ok(1));
    }
    for mark in all() {
        let read = part(&people.store).is_set(&ada(), &mark).await.unwrap();
        assert_eq!(read, Marked { people: 1, set: 0 }, "{mark}");
    }
}

pub(crate) async fn setting_twice_is_setting_once(bench: &dyn MarkBench) {
    let people = bench.people().await;
    for mark in all() {
        part(&people.store).set(&ada(), &mark, true, at(0)).await.unwrap();
        let once = bench.rows(&people).await;
        assert_eq!(part(&people.again).set(&ada(), &mark, true, at(5)).await, Ok(0));
        assert_eq!(bench.rows(&people).await, once, "the moment stays");
        part(&people.store).set(&ada(), &mark, false, at(6)).await.unwrap();
        assert_eq!(part(&people.store).set(&ada(), &mark, false, at(7)).await, Ok(0));
    }
}

pub(crate) async fn somebody_unknown_is_no_row_and_no_error(bench: &dyn MarkBench) {
    let people = bench.people().await;
    let before = bench.rows(&people).await;
    let strangers = [
        vec![],
        vec![key("email", "Ada@example.or")],
        vec![key("email", "%"), key("user", "*")],
        vec![key("user", "1 OR 1=1"), key("card", "1")],
    ];
    for keys in strangers {
        for mark in all() {
            assert_eq!(part(&people.store).set(&keys, &mark, true, at(0)).await, Ok(0));
            assert_eq!(
                part(&people.store).is_set(&keys, &mark).await,
                Ok(Marked::default()),
                "{mark}"
            );
        }
    }
    assert_eq!(part(&people.store).set(&ada(), &stop("made_up"), true, at(0)).await, Ok(0));
    assert_eq!(bench.rows(&people).await, before);
}

pub(crate) async fn reading_looks_afresh(bench: &dyn MarkBench) {
    let people = bench.people().await;
    let mark = stop("marketing");
    let read = async |store: &Arc<dyn Store>| part(store).is_set(&ada(), &mark).await.unwrap();
    assert_eq!(read(&people.store).await, Marked { people: 1, set: 0 });
    part(&people.store).set(&ada(), &mark, true, at(0)).await.unwrap();
    for store in [&people.store, &people.again] {
        assert_eq!(read(store).await, Marked { people: 1, set: 1 });
    }
    bench.meddle(&people).await;
    assert_eq!(read(&people.store).await, Marked { people: 1, set: 0 });
}

pub(crate) async fn a_key_of_too_many_changes_nothing(bench: &dyn MarkBench) {
    let people = bench.people().await;
    let before = bench.rows(&people).await;
    let keys = [key("email", "shared@example.org")];
    for mark in all() {
        let error = part(&people.store).set(&keys, &mark, true, at(0)).await.unwrap_err();
        assert_eq!(error.code, StoreErrorCode::BadData);
    }
    assert_eq!(bench.rows(&people).await, before);
}

pub(crate) async fn limits_and_retries_stand_around_it_too(bench: &dyn MarkBench) {
    let people = bench.people().await;
    let inner = Arc::clone(&people.store);
    let entropy = Arc::new(SeededEntropy::new(7));
    let store = Throttled::new(inner, Limits::default(), entropy, &Meter::default());
    let part = Store::restrict(&store).unwrap();
    assert_eq!(part.marks(), all());
    assert_eq!(part.set(&ada(), &Mark::Restriction, true, at(0)).await, Ok(1));
    let read = part.is_set(&ada(), &Mark::Restriction).await.unwrap();
    assert_eq!(read, Marked { people: 1, set: 1 });
}

/// One named test for each rule.
macro_rules! restrict_conformance {
    ($bench:expr) => {
        restrict_conformance! { @ $bench;
            only_the_persons_row_and_the_marks_column_change,
            setting_twice_is_setting_once,
            somebody_unknown_is_no_row_and_no_error,
            reading_looks_afresh,
            a_key_of_too_many_changes_nothing,
            limits_and_retries_stand_around_it_too,
        }
    };
    (@ $bench:expr; $($rule:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $rule() {
                if $crate::store::conformance::marks::MarkBench::is_ready(&$bench) {
                    $crate::store::conformance::marks::$rule(&$bench).await;
                }
            }
        )+
    };
}
