//! Stores that are down, workers that die, storage without room.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path as Place;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult,
};
use tokio::sync::Semaphore;

use super::fake::{Fake, stores};
use super::*;
use crate::db::testing::db_test;
use crate::domain::gather::TaskStatus;
use crate::domain::record::FileRef;
use crate::domain::request::Outcome;
use crate::domain::state::Status;
use crate::store::StoreErrorCode;

db_test!(a_store_that_is_down_is_tried_again_and_then_given_up, |db| async move {
    let [shop, far] = ["shop", "far"].map(|name| Arc::new(Fake::of_ada(name, &["x"])));
    let house = House::new(&db, stores(&[&shop, &far])).await;
    *far.down.lock().unwrap() = Some(StoreErrorCode::Unreachable);
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    let claimed = house.one("store:far").await;
    let again = JobError::Retry { code: "unreachable", after: None };
    assert_eq!(house.attend(&claimed).await, Some(again.clone()));
    let task = house.tasks(&reference).await.remove("far").unwrap();
    assert_eq!((task.attempts, task.last_error.as_deref()), (1, Some("unreachable")));
    let tries = u32::from(claimed.max_attempts);
    let more = usize::from(claimed.max_attempts) - 1;
    assert_eq!(house.run_until_idle().await, vec![again; more]);
    let tasks = house.tasks(&reference).await;
    assert_eq!((tasks["far"].status, tasks["far"].attempts), (TaskStatus::Failed, tries));
    assert_eq!((tasks["shop"].keys_asked, tasks["shop"].attempts), (1, 0), "others are unharmed");
    let request = house.request(&reference).await;
    assert_eq!(request.status, Status::Gathering);
    assert_eq!(request.blockers, [Blocker::StoreFailed].into());

    // It is mended, and somebody says so.
    *far.down.lock().unwrap() = None;
    let tx = db.begin().await.unwrap();
    assert_eq!(job::revive(&tx, request.id.0).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.blockers, [].into());
    assert!(house.downloads(&reference, &opened).await.files.len() > 4);
});

db_test!(a_store_that_fails_while_it_is_read_can_be_revived_too, |db| async move {
    let shop = Arc::new(Fake::of_ada("shop", &["x"]));
    let house = House::new(&db, stores(&[&shop])).await;
    let (reference, _) = house.verified(&[Right::Access], ADA).await;
    let claimed = house.one("store:shop").await;
    assert_eq!(house.attend(&claimed).await, None);
    *shop.down.lock().unwrap() = Some(StoreErrorCode::Denied);
    assert_eq!(house.run_until_idle().await, [JobError::Fail { code: "denied" }]);
    let request = house.request(&reference).await;
    assert_eq!(request.blockers, [Blocker::StoreFailed].into());
    *shop.down.lock().unwrap() = None;
    let tx = db.begin().await.unwrap();
    job::revive(&tx, request.id.0).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
});

db_test!(one_request_in_trouble_holds_up_no_other, |db| async move {
    let shop = Fake::of_ada("shop", &["x"]).person("email", "b@example.org", "2", &[]);
    let shop = Arc::new(shop);
    let house = House::new(&db, stores(&[&shop])).await;
    *shop.down.lock().unwrap() = Some(StoreErrorCode::Denied);
    let (stuck, _) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.run_until_idle().await.len(), 1);
    *shop.down.lock().unwrap() = None;
    let (well, _) = house.answered(&[Right::Access], "b@example.org").await;
    assert_eq!(house.request(&well).await.status, Status::Fulfilled);
    assert_eq!(house.request(&stuck).await.status, Status::Gathering);
});

/// More than a segment's worth, so that each page is recorded with its cursor.
fn large() -> Fake {
    let row = "x".repeat(crate::archive::segment::full() / 2 + 1);
    let mut shop = Fake::of_ada("shop", &[&row, "middle", &row, "end"]);
    for name in ["a", "b"] {
        shop.names.push(FileRef { store: "shop".into(), key: name.into() });
        shop.files.insert(name.into(), format!("file {name}"));
    }
    shop
}

db_test!(a_worker_that_dies_at_any_call_leaves_nothing_twice, |db| async move {
    let (whole, torn) = (Arc::new(large()), Arc::new(large()));
    let house = House::new(&db, stores(&[&whole])).await;
    let (reference, opened) = house.answered(&[Right::Export], ADA).await;
    let wanted = house.downloads(&reference, &opened).await;
    let house = House::new(&db, stores(&[&torn])).await;
    let (reference, opened) = house.verified(&[Right::Export], ADA).await;
    let mut deaths = 0;
    // A lease without length: whoever dies is replaced at once.
    while let Some(claimed) = house.claim(&["store:shop".into()], Duration::ZERO).await {
        torn.hangs_at.store(torn.calls() + 2 - deaths % 2, Ordering::SeqCst);
        tokio::select! {
            done = house.worker.run(&claimed) => assert!(done.is_ok(), "{done:?}"),
            () = torn.stuck() => deaths += 1,
        }
        if deaths > 6 {
            torn.hangs_at.store(0, Ordering::SeqCst);
            assert!(house.worker.run(&claimed).await.is_ok());
            break;
        }
    }
    assert!(deaths > 2, "{deaths}");
    assert_eq!(house.run_until_idle().await, []);
    let unpacked = house.downloads(&reference, &opened).await;
    assert_eq!(unpacked.data(), wanted.data());
    assert_eq!(unpacked.manifest.stores, wanted.manifest.stores);
});

db_test!(a_worker_that_lost_its_lease_records_nothing_more, |db| async move {
    let shop = Arc::new(large());
    let house = House::new(&db, stores(&[&shop])).await;
    let (reference, opened) = house.verified(&[Right::Export], ADA).await;
    let lane = ["store:shop".to_owned()];
    let claimed = house.one(&lane[0]).await;
    assert_eq!(house.attend(&claimed).await, None);
    let first = house.claim(&lane, Duration::ZERO).await.unwrap();
    let second = house.claim(&lane, HOUR).await.expect("it was left behind");
    let pages = shop.pages.load(Ordering::SeqCst);
    assert_eq!(house.worker.run(&first).await.unwrap_err(), JobError::LeaseLost);
    assert_eq!(shop.pages.load(Ordering::SeqCst) - pages, 1, "found out at the first segment");
    assert_eq!(house.tasks(&reference).await["shop"].tally.rows, 0);
    assert!(house.worker.run(&second).await.is_ok());
    assert_eq!(house.run_until_idle().await, []);
    let unpacked = house.downloads(&reference, &opened).await;
    let (rows, files) = (&unpacked.manifest.stores[0].rows, &unpacked.manifest.stores[0].files);
    assert_eq!((*rows, *files), (4, 2));
});

/// Storage that can be full, or never answer.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    inner: Arc<InMemory>,
    pub(super) full: Arc<AtomicBool>,
    hangs: Arc<AtomicBool>,
    stuck: Arc<Semaphore>,
}

impl Disk {
    pub(super) fn new() -> Self {
        Self {
            inner: Arc::default(),
            full: Arc::default(),
            hangs: Arc::default(),
            stuck: Arc::new(Semaphore::new(0)),
        }
    }

    async fn gate(&self) -> object_store::Result<()> {
        if self.hangs.load(Ordering::SeqCst) {
            self.stuck.add_permits(1);
            std::future::pending::<()>().await;
        }
        if self.full.load(Ordering::SeqCst) {
            let source = std::io::Error::from(std::io::ErrorKind::StorageFull).into();
            return Err(object_store::Error::Generic { store: "disk", source });
        }
        Ok(())
    }

    async fn objects(&self) -> usize {
        let listed = self.inner.list(None);
        futures::StreamExt::count(listed).await
    }
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Disk")
    }
}

#[async_trait]
impl ObjectStore for Disk {
    async fn put_opts(
        &self,
        at: &Place,
        payload: PutPayload,
        options: PutOptions,
    ) -> object_store::Result<PutResult> {
        self.gate().await?;
        self.inner.put_opts(at, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Place,
        options: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        self.gate().await?;
        self.inner.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, at: &Place, options: GetOptions) -> object_store::Result<GetResult> {
        self.inner.get_opts(at, options).await
    }

    fn delete_stream(
        &self,
        at: BoxStream<'static, object_store::Result<Place>>,
    ) -> BoxStream<'static, object_store::Result<Place>> {
        self.inner.delete_stream(at)
    }

    fn list(&self, at: Option<&Place>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.inner.list(at)
    }

    async fn list_with_delimiter(&self, at: Option<&Place>) -> object_store::Result<ListResult> {
        self.inner.list_with_delimiter(at).await
    }

    async fn copy_opts(
        &self,
        from: &Place,
        to: &Place,
        options: CopyOptions,
    ) -> object_store::Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

async fn on_disk(db: &TestDb, disk: &Disk, shop: Fake) -> House {
    let vault = Vault::new(Arc::new(disk.clone()), Place::default());
    let stores = stores(&[&Arc::new(shop)]);
    House::with_vault(db, stores, tempfile::tempdir().unwrap(), vault).await
}

db_test!(a_full_disk_is_waited_out, |db| async move {
    let disk = Disk::new();
    let house = on_disk(&db, &disk, Fake::of_ada("shop", &["x"])).await;
    let full = JobError::Retry { code: "archive_storage_full", after: None };
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.attend(&house.one("store:shop").await).await, None);
    for lane in ["store:shop", ARCHIVE_LANE] {
        disk.full.store(true, Ordering::SeqCst);
        let before = disk.objects().await;
        assert_eq!(house.attend(&house.one(lane).await).await, Some(full.clone()));
        assert_eq!(disk.objects().await, before, "no half an object");
        disk.full.store(false, Ordering::SeqCst);
        assert_eq!(house.attend(&house.one(lane).await).await, None);
    }
    assert_eq!(house.run_until_idle().await, []);
    house.downloads(&reference, &opened).await;
    assert_eq!(disk.objects().await, 1);
});

db_test!(a_worker_that_dies_before_its_commit_leaves_nothing_twice, |db| async move {
    let disk = Disk::new();
    let house = on_disk(&db, &disk, Fake::of_ada("shop", &["one", "two"])).await;
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.attend(&house.one("store:shop").await).await, None);
    for lane in ["store:shop", ARCHIVE_LANE] {
        disk.hangs.store(true, Ordering::SeqCst);
        let claimed = house.claim(&[lane.to_owned()], Duration::ZERO).await.unwrap();
        tokio::select! {
            done = house.worker.run(&claimed) => panic!("{done:?}"),
            stuck = disk.stuck.acquire() => stuck.unwrap().forget(),
        }
        disk.hangs.store(false, Ordering::SeqCst);
        assert_eq!(house.attend(&house.one(lane).await).await, None);
    }
    assert_eq!(house.run_until_idle().await, []);
    let unpacked = house.downloads(&reference, &opened).await;
    assert_eq!(unpacked.text("data/shop/note.ndjson").lines().count(), 2);
    assert_eq!(house.sent(MailKind::ArchiveReady), 1);
});

db_test!(a_file_that_a_row_names_and_that_is_gone_is_a_gap, |db| async move {
    let mut shop = Fake::of_ada("shop", &["x"]);
    shop.names.push(FileRef { store: "shop".into(), key: "gone.png".into() });
    let house = House::new(&db, stores(&[&Arc::new(shop)])).await;
    let (reference, opened) = house.answered(&[Right::Access], ADA).await;
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Partial));
    let unpacked = house.downloads(&reference, &opened).await;
    assert_eq!(unpacked.manifest.stores[0].gaps[0].count, 1);
    assert!(unpacked.text("missing.html").contains("The shop store"));
});
