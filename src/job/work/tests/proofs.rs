//! What happens to sensitive data when the proof of who asks has grown old: real stores, real jobs.

use super::*;
use crate::db::testing::db_test;
use crate::domain::correction::Asked;
use crate::domain::gather::Blocker;
use crate::domain::state::Status;
use crate::service::case::Deed;
use crate::service::lodge::Wishes;
use crate::store::testing::{FACTS, seed};

const BORN: &str = "1815-12-10";
/// A day more than a proof is good for.
const LATE: i64 = 24 * 91;

async fn shop(dir: &Path) -> Stores {
    seed(
        &dir.join("shop.db"),
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT, name TEXT, born TEXT);
         INSERT INTO customer VALUES (1, 'ada@example.org', 'Ada', '1815-12-10');",
    )
    .await;
    opened(
        dir,
        &format!(
            "[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{FACTS}\
             [store.shop.table.customer]\nperson = true\nwho = {{ email = \"email\" }}\n\
             erase = \"delete\"\ncorrect = [\"name\", \"born\"]\n\
             field = {{ email = \"user.contact.email\", name = \"user.name\", \
             born = \"user.demographic.date_of_birth\" }}\n"
        ),
    )
}

async fn born(dir: &Path) -> Option<String> {
    use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
    let file = SqliteConnectOptions::new().filename(dir.join("shop.db"));
    let mut to = file.connect().await.unwrap();
    let text = sqlx::query_scalar("SELECT born FROM customer").fetch_optional(&mut to).await;
    to.close().await.unwrap();
    text.unwrap()
}

impl House {
    /// Asks from a country and types the code. Nothing is gathered yet.
    async fn proved(
        &self,
        right: Right,
        country: &str,
        wants: &[(&str, &str)],
    ) -> (Reference, Opened) {
        let asked = |(field, value): &(&str, &str)| Asked::read(field, value).unwrap().unwrap();
        let new = NewIntake {
            changes: wants.iter().map(asked).collect(),
            purposes: Vec::new(),
            scope: crate::domain::request::Scope::Everything,
            rights: vec![right],
            contact: Contact { email: EmailAddress::parse(ADA).ok(), ..Contact::default() },
            country: Some(country.into()),
            on_behalf: false,
            wishes: Wishes::default(),
            language: Language::En,
        };
        let reference = self.desk().open_intake(new).await.unwrap();
        self.run_lane(MAIL_LANE).await;
        let opened = self.types_code(&reference).await;
        self.run_lane(MAIL_LANE).await;
        (reference, opened)
    }

    /// It waits for a fresh proof, and the person was asked for it once.
    async fn waits(&self, reference: &Reference, status: Status) {
        let request = self.request(reference).await;
        assert_eq!((request.status, request.blockers), (status, [Blocker::ProofStale].into()));
        assert_eq!(self.sent(MailKind::ProofNeeded), 1);
    }

    /// The same house, moved to another country.
    fn moved(&mut self, country: &str) {
        let mut settings = settings();
        settings.organisation.country = Some(country.into());
        let epochs = EpochKeys::open(&self.folder.path().join("keys")).unwrap();
        self.worker.desk = Desk::new(
            Db::clone(&self.worker.db),
            Arc::<FixedClock>::clone(&self.clock),
            Arc::clone(&self.worker.entropy),
            Arc::new(epochs),
            Arc::new(self.desk().stores().clone()),
            Arc::new(settings),
        );
    }
}

db_test!(an_archive_of_sensitive_data_waits_for_a_fresh_code_and_then_goes, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    for right in [Right::Access, Right::Export] {
        house.mails.sent.lock().unwrap().clear();
        let (reference, opened) = house.proved(right, "DE", &[]).await;
        house.later(LATE);
        assert_eq!(house.run_until_idle().await, []);
        house.waits(&reference, Status::InReview).await;
        assert_eq!(house.sent(MailKind::ArchiveReady), 0, "although nobody has to look");
        house.desk().tick().await.unwrap();
        assert_eq!(house.run_until_idle().await, []);
        house.waits(&reference, Status::InReview).await;

        house.unlock(&opened.token).await;
        assert_eq!(house.run_until_idle().await, []);
        assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
        let unpacked = house.downloads(&reference, &opened).await;
        assert!(unpacked.holds(BORN), "{right}");
    }
});

db_test!(under_californian_law_alone_the_kind_is_named_and_the_rest_given, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let mut house = House::new(&db, shop(dir.path()).await).await;
    house.moved("US");
    for (hours, given) in [(1, true), (LATE, false)] {
        let (reference, opened) = house.proved(Right::Access, "US", &[]).await;
        house.later(hours);
        assert_eq!(house.run_until_idle().await, []);
        assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
        assert_eq!(house.sent(MailKind::ProofNeeded), 0);
        let unpacked = house.downloads(&reference, &opened).await;
        assert_eq!(unpacked.holds(BORN), given);
        assert!(unpacked.holds("Ada"));
        let named = "customer: user.demographic.date_of_birth: we hold data of this kind";
        assert_eq!(unpacked.text("missing.html").contains(named), !given);
    }
});

db_test!(a_correction_is_not_written_on_an_old_proof, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let wants = [("date_of_birth", "1816-12-10")];
    let (reference, opened) = house.proved(Right::Correction, "DE", &wants).await;
    house.later(LATE);
    assert_eq!(house.run_until_idle().await, []);
    house.waits(&reference, Status::InReview).await;
    assert_eq!(born(dir.path()).await.as_deref(), Some(BORN));

    house.unlock(&opened.token).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
    assert_eq!(born(dir.path()).await.as_deref(), Some("1816-12-10"));
});

db_test!(a_correction_that_was_approved_in_time_is_not_written_too_late, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let wants = [("date_of_birth", "1816-12-10")];
    let (reference, opened) = house.proved(Right::Correction, "DE", &wants).await;
    while house.request(&reference).await.status != Status::Executing {
        let claimed = house.one("store:shop").await;
        assert_eq!(house.attend(&claimed).await, None);
    }
    house.later(LATE);
    assert_eq!(house.run_until_idle().await, []);
    house.waits(&reference, Status::InReview).await;
    assert_eq!(born(dir.path()).await.as_deref(), Some(BORN));
    house.unlock(&opened.token).await;
    let [by, _] = house.two().await;
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(born(dir.path()).await.as_deref(), Some("1816-12-10"));
});

db_test!(a_deletion_is_not_approved_on_an_old_proof, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let by = house.two().await;
    let (reference, opened) = house.proved(Right::Deletion, "DE", &[]).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.blockers, [].into(), "as ever");
    let digest = house.plan(&reference).await.digest;
    assert_eq!(house.agrees(&by[0], &reference, &digest).await, Deed::Done);
    house.later(LATE);
    assert_eq!(house.agrees(&by[1], &reference, &digest).await, Deed::ProofFirst);
    house.run_lane(MAIL_LANE).await;
    house.waits(&reference, Status::InReview).await;
    assert_eq!(house.agrees(&by[1], &reference, &digest).await, Deed::NotNow);

    house.unlock(&opened.token).await;
    assert_eq!(house.agrees(&by[1], &reference, &digest).await, Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
    assert_eq!(born(dir.path()).await, None);
});

db_test!(a_deletion_that_was_approved_in_time_is_not_begun_too_late, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, shop(dir.path()).await).await;
    let by = house.two().await;
    let (reference, _) = house.proved(Right::Deletion, "DE", &[]).await;
    assert_eq!(house.run_until_idle().await, []);
    house.agreed(&by, &reference).await;
    house.later(LATE);
    house.desk().tick().await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    house.waits(&reference, Status::CoolingOff).await;
    assert_eq!(born(dir.path()).await.as_deref(), Some(BORN));
});
