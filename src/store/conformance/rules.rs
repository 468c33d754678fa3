//! The rules.

use std::sync::Arc;

use futures::TryStreamExt;

use super::{Bench, CANARY, Fault, Faulty, Seeded};
use crate::domain::record::{Item, Value};
use crate::domain::subject::SubjectKey;
use crate::ids::SeededEntropy;
use crate::meter::Meter;
use crate::store::testing::{lines, pages};
use crate::store::throttle::{Limits, Throttled};
use crate::store::{Cursor, Export, Located, Page, Store, StoreErrorCode};

fn part(store: &Arc<dyn Store>) -> &dyn Export {
    store.export().expect("the suite tests stores that export")
}

async fn all(seeded: &Seeded, keys: &[SubjectKey]) -> Vec<String> {
    lines(&pages(&*seeded.store, keys).await)
}

pub(crate) async fn an_unknown_subject_is_empty_not_an_error(bench: &dyn Bench) {
    let seeded = bench.seeded(3, None).await;
    for keys in [&seeded.nobody[..], &[]] {
        assert_eq!(part(&seeded.store).locate(keys).await, Ok(Located::default()));
        assert_eq!(part(&seeded.store).page(keys, None).await, Ok(Page::default()));
    }
}

pub(crate) async fn pages_at_their_edges_hold_everything(bench: &dyn Bench) {
    for count in [0, 1, 2, 3, 4, 6, 7] {
        let seeded = bench.seeded(count, Some(3)).await;
        let found = all(&seeded, &seeded.ada).await;
        assert_eq!(found.len(), count);
        let mut once = found.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), count, "each once: {found:?}");
    }
}

pub(crate) async fn every_cursor_leads_to_the_same_rest_in_another_process(bench: &dyn Bench) {
    let seeded = bench.seeded(11, Some(2)).await;
    let whole = pages(&*seeded.store, &seeded.ada).await;
    assert!(whole.len() >= 6, "the walk has stops to try");
    for (at, page) in whole.iter().enumerate() {
        let mut next = page.next.as_ref().map(|cursor| Cursor(cursor.0.clone()));
        let mut rest = Vec::new();
        while let Some(cursor) = next {
            let page = part(&seeded.again).page(&seeded.ada, Some(&cursor)).await.unwrap();
            next = page.next.clone();
            rest.push(page);
        }
        assert_eq!(rest, whole[at + 1..], "from stop {at}");
    }
}

pub(crate) async fn a_neighbour_never_appears(bench: &dyn Bench) {
    let seeded = bench.seeded(5, Some(2)).await;
    let found = pages(&*seeded.store, &seeded.ada).await;
    assert_eq!(lines(&found).len(), 5);
    assert!(!format!("{found:?}").contains(CANARY));
    let located = part(&seeded.store).locate(&seeded.ada).await.unwrap();
    assert!(located.keys.iter().all(|key| !key.value().contains(CANARY)));
}

pub(crate) async fn a_gap_is_not_emptiness(bench: &dyn Bench) {
    let seeded = bench.seeded(2, Some(1)).await;
    let found = pages(&*seeded.store, &seeded.hidden).await;
    let gaps: u64 = found.iter().flat_map(|page| &page.gaps).map(|gap| gap.count).sum();
    assert_eq!(gaps, 1, "told once: {found:?}");
}

pub(crate) async fn an_error_quotes_nothing_of_what_the_store_said(bench: &dyn Bench) {
    let seeded = bench.broken().await;
    let page = part(&seeded.store).page(&seeded.ada, None).await.unwrap_err();
    let check = seeded.store.check().await.unwrap_err();
    for error in [page, check] {
        let shown = format!("{error} {error:?} {:?}", seeded.store.export().map(Export::asks_for));
        assert!(!shown.contains(CANARY), "{shown}");
        for key in seeded.ada.iter().filter(|key| key.value().len() > 3) {
            assert!(!shown.contains(key.value()), "{shown}");
        }
    }
}

pub(crate) async fn two_keys_give_each_item_once(bench: &dyn Bench) {
    let seeded = bench.seeded(7, Some(3)).await;
    let together = all(&seeded, &seeded.ada).await;
    let mut twice = seeded.ada.clone();
    twice.reverse();
    twice.extend(seeded.ada.clone());
    assert_eq!(all(&seeded, &twice).await, together);
    assert_eq!(together.len(), 7);
}

pub(crate) async fn a_page_is_bounded_however_much_there_is(bench: &dyn Bench) {
    let count = bench.many();
    let seeded = bench.seeded(count, None).await;
    let mut next: Option<Cursor> = None;
    let mut seen = 0;
    loop {
        let page = part(&seeded.store).page(&seeded.ada, next.as_ref()).await.unwrap();
        let (items, bytes) =
            page.items.iter().map(size).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        assert!(items <= 2000, "{items} items on a page");
        assert!(bytes <= 2 * 1024 * 1024 + 4096, "{bytes} bytes on a page");
        seen += items;
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(seen, count);
}

/// Items and bytes of values.
fn size(item: &Item) -> (usize, usize) {
    let bytes = |value: &Value| match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => 8,
    };
    match item {
        Item::Rows(rows) => (rows.rows.len(), rows.rows.iter().flatten().map(bytes).sum()),
        Item::File(file) => (1, file.at.key.len() + file.name.len()),
    }
}

pub(crate) async fn a_cursor_of_somebody_else_is_refused(bench: &dyn Bench) {
    let seeded = bench.seeded(1, None).await;
    for bytes in [&b""[..], b"x", b"\x01", b"\xff\xff", b"{}", b"\x63[\"t\",[]]"] {
        let cursor = Cursor(bytes.to_vec());
        let error = part(&seeded.store).page(&seeded.ada, Some(&cursor)).await.unwrap_err();
        assert_eq!(error.code, StoreErrorCode::BadData);
    }
}

pub(crate) async fn a_file_opens_whole_and_one_that_is_away_is_none(bench: &dyn Bench) {
    let seeded = bench.seeded(2, None).await;
    let own = &seeded.store.facts().name;
    for page in pages(&*seeded.store, &seeded.ada).await {
        for item in page.items {
            let Item::File(file) = item else { continue };
            if file.at.store != *own {
                continue;
            }
            let open = part(&seeded.store).open(&file.at.key).await.unwrap().unwrap();
            let size = open.size;
            let bytes: Vec<u8> =
                open.bytes.map_ok(|piece| piece.to_vec()).try_concat().await.unwrap();
            assert_eq!(bytes.len() as u64, size);
            assert!(!bytes.is_empty());
            let liar = Faulty::new(Arc::clone(&seeded.store), Fault::Shortens, 0);
            let open = patient(Arc::new(liar)).open(&file.at.key).await.unwrap().unwrap();
            let cut: Result<Vec<_>, _> = open.bytes.try_collect().await;
            assert!(cut.is_err(), "a file that is cut off is no whole file");
        }
    }
    for key in ["no/such/file", "../shop.toml", "", "/", "a//b", "..", "a\0b"] {
        assert!(part(&seeded.store).open(key).await.unwrap().is_none(), "{key:?}");
    }
}

/// As the engine calls a store: limits and retries around it, and here no pauses to wait for.
pub(super) fn patient(inner: Arc<dyn Store>) -> Throttled {
    let limits = Limits { pause: std::time::Duration::ZERO, ..Limits::default() };
    Throttled::new(inner, limits, Arc::new(SeededEntropy::new(7)), &Meter::default())
}

pub(crate) async fn passing_trouble_at_any_call_changes_nothing(bench: &dyn Bench) {
    let seeded = bench.seeded(5, Some(2)).await;
    let expected = pages(&*seeded.store, &seeded.ada).await;
    for fault in
        [Fault::Dies, Fault::Refuses(StoreErrorCode::Busy), Fault::Refuses(StoreErrorCode::Timeout)]
    {
        for at in 0..expected.len() {
            let faulty = Arc::new(Faulty::new(Arc::clone(&seeded.store), fault, at));
            let found = pages(&patient(Arc::clone(&faulty) as Arc<dyn Store>), &seeded.ada).await;
            assert_eq!(found, expected, "{fault:?} at call {at}");
            assert_eq!(faulty.calls(), expected.len() + 1, "one call more");
        }
    }
}

pub(crate) async fn lasting_trouble_at_any_call_is_told(bench: &dyn Bench) {
    let seeded = bench.seeded(5, Some(2)).await;
    let expected = pages(&*seeded.store, &seeded.ada).await;
    for (fault, code) in [
        (Fault::Refuses(StoreErrorCode::Denied), StoreErrorCode::Denied),
        (Fault::Refuses(StoreErrorCode::Schema), StoreErrorCode::Schema),
        (Fault::StandsStill, StoreErrorCode::BadData),
    ] {
        for (at, from) in expected.iter().map(|page| page.next.as_ref()).enumerate() {
            let Some(from) = from else { continue };
            let faulty = Arc::new(Faulty::new(Arc::clone(&seeded.store), fault, 0));
            let store = patient(Arc::clone(&faulty) as Arc<dyn Store>);
            let error = store.page(&seeded.ada, Some(from)).await.unwrap_err();
            assert_eq!(error.code, code, "{fault:?} at call {at}");
            assert_eq!(faulty.calls(), 1, "asked once and not again");
        }
    }
}
