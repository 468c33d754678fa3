//! What people say about the use of their data, from the posted form to the columns of a store that
//! others obey.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::restrictions::reason;
use super::*;
use crate::db::testing::db_test;
use crate::domain::flag::{Because, Purpose};
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::promise::{Promise, PromiseState};
use crate::domain::request::{Assurance, Outcome};
use crate::domain::state::Status;
use crate::domain::subject::SubjectKey;
use crate::domain::token::Grant;
use crate::ids::ApiTokenId;
use crate::service::case::Deed;
use crate::service::flag::signal::browser_key;
use crate::store::testing::{FACTS, key, seed};

const EVERYBODY: &str = "SELECT group_concat(id || ':' || coalesce(frozen, '') || ':' || no_ads \
    || ':' || coalesce(no_training, '') || ':' || name, ' ') FROM customer";

/// A shop that can hold what people say, and one that cannot and knows Ada by her number.
pub(super) async fn stores(dir: &Path) -> Stores {
    seed(
        &dir.join("shop.db"),
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT, name TEXT, frozen TEXT,
             no_ads INTEGER NOT NULL DEFAULT 0, no_training BOOLEAN);
         INSERT INTO customer(id, email, name) VALUES (1, 'ada@example.org', 'Ada'),
             (10, 'Ada@example.org', 'NEIGHBOUR'), (11, 'grace@example.org', 'NEIGHBOUR');",
    )
    .await;
    seed(
        &dir.join("club.db"),
        "CREATE TABLE member(id INTEGER PRIMARY KEY, customer TEXT, card TEXT);
         INSERT INTO member VALUES (1, '1', 'K-1'), (2, '11', 'K-2');",
    )
    .await;
    let gives = |to: &str| FACTS.replace("recipients = []", &format!("recipients = [\"{to}\"]"));
    let (shop, club) = (gives("Parcel service"), gives("Card printer"));
    opened(
        dir,
        &format!(
            "[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{shop}\
             [store.shop.table.customer]\nperson = true\n\
             who = {{ email = \"email\", user = \"id\" }}\n\
             field = {{ email = \"user.contact.email\", name = \"user.name\" }}\n\
             restrict = {{ column = \"frozen\" }}\n\
             opt_out.marketing = {{ column = \"no_ads\" }}\n\
             opt_out.training = {{ column = \"no_training\" }}\n\
             [store.club]\nkind = \"sqlite\"\nurl = \"sqlite:club.db\"\n{club}\
             [store.club.table.member]\nperson = true\n\
             who = {{ user = \"customer\", card = \"card\" }}\n\
             field = {{ card = \"user.unique_id\" }}\n"
        ),
    )
}

pub(super) async fn everybody(dir: &Path) -> String {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.join("shop.db"));
    let mut to = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query_scalar(EVERYBODY).fetch_one(&mut to).await.unwrap()
}

impl House {
    pub(super) async fn says(&self, right: Right, purposes: &[&str], email: &str) -> Reference {
        self.a_second_passes();
        let new = NewIntake {
            wishes: crate::service::lodge::Wishes::default(),
            changes: Vec::new(),
            rights: vec![right],
            scope: crate::domain::request::Scope::Everything,
            contact: Contact { email: EmailAddress::parse(email).ok(), ..Contact::default() },
            country: None,
            on_behalf: false,
            language: Language::En,
            purposes: purposes.iter().map(|word| (*word).to_owned()).collect(),
        };
        self.desk().open_intake(new).await.unwrap()
    }

    /// Posts a form, types the code and lets everything follow.
    pub(super) async fn says_and_proves(
        &self,
        right: Right,
        purposes: &[&str],
        email: &str,
    ) -> Reference {
        let reference = self.says(right, purposes, email).await;
        self.run_lane(MAIL_LANE).await;
        self.types_code(&reference).await;
        assert_eq!(self.run_until_idle().await, []);
        reference
    }

    pub(super) async fn answer(&self, keys: &[SubjectKey], purpose: &str) -> (bool, Because) {
        let answer = self.desk().look_up(keys, purpose).await.unwrap().unwrap();
        (answer.allowed, answer.because)
    }

    async fn promise(&self, reference: &Reference) -> Option<PromiseState> {
        let facts = self.request(reference).await.promise_facts();
        Promise::at(&facts, 72, self.clock.now()).state
    }
}

pub(super) fn ada() -> [SubjectKey; 1] {
    [key("email", ADA)]
}

db_test!(an_opt_out_holds_at_once_and_is_answered_without_a_code, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, stores(dir.path()).await).await;
    assert_eq!(house.answer(&ada(), "marketing").await, (true, Because::NothingSet));
    let reference = house.says(Right::OptOut, &["marketing"], ADA).await;
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.assurance), (Status::Executing, Assurance::None));
    assert_eq!(house.promise(&reference).await, Some(PromiseState::OnTime), "it counts");
    // Before any store was told.
    assert_eq!(house.answer(&ada(), "marketing").await, (false, Because::OptOut));
    assert_eq!(house.answer(&ada(), "analytics").await, (true, Because::NothingSet));
    let before = everybody(dir.path()).await;
    assert_eq!(before, "1::0::Ada 10::0::NEIGHBOUR 11::0::NEIGHBOUR");
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::Full)));
    assert_eq!(house.promise(&reference).await, Some(PromiseState::Kept));
    assert_eq!(everybody(dir.path()).await, "1::1::Ada 10::0::NEIGHBOUR 11::0::NEIGHBOUR");
    assert_eq!(house.sent(MailKind::Verify), 0);
    let mail = house.newest(MailKind::OptedOut);
    assert!(mail.text.contains("advertising by mail") && mail.text.contains("/?right=opt_in"));
    // What the stores know her by, however far it leads.
    for known in [key("user", "1"), key("card", "K-1")] {
        let keys = [known];
        assert_eq!(house.answer(&keys, "marketing").await, (false, Because::OptOut), "{keys:?}");
    }
    for other in [key("user", "10"), key("card", "K-2"), key("email", "grace@example.org")] {
        let keys = [other];
        assert_eq!(house.answer(&keys, "marketing").await, (true, Because::NothingSet));
    }
});

db_test!(nothing_named_is_everything_that_can_be_stopped, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, stores(dir.path()).await).await;
    house.says(Right::OptOut, &[], ADA).await;
    assert_eq!(house.run_until_idle().await, []);
    for word in Purpose::OPTIONAL {
        assert_eq!(house.answer(&ada(), word).await, (false, Because::OptOut), "{word}");
    }
    assert_eq!(everybody(dir.path()).await, "1::1:1:Ada 10::0::NEIGHBOUR 11::0::NEIGHBOUR");
});

db_test!(opting_in_takes_a_step_more_and_undoes_in_stores_too, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, stores(dir.path()).await).await;
    house.says(Right::OptOut, &["marketing", "training"], ADA).await;
    assert_eq!(house.run_until_idle().await, []);
    let back = house.says(Right::OptIn, &["marketing", "training"], ADA).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&back).await.status, Status::AwaitingVerification);
    assert_eq!(house.answer(&ada(), "marketing").await, (false, Because::OptOut), "one step");
    house.types_code(&back).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.answer(&ada(), "marketing").await, (true, Because::OptIn));
    assert_eq!(house.answer(&ada(), "training").await, (false, Because::NoConsent));
    assert_eq!(everybody(dir.path()).await, "1::0:1:Ada 10::0::NEIGHBOUR 11::0::NEIGHBOUR");
    assert!(house.newest(MailKind::Applied).text.contains("consent of its own"));
});

db_test!(an_objection_to_advertising_is_at_once_and_another_is_weighed, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, stores(dir.path()).await).await;
    let reference = house.says(Right::Objection, &["marketing", "contract"], ADA).await;
    assert_eq!(house.answer(&ada(), "marketing").await, (false, Because::Objection));
    assert_eq!(house.answer(&ada(), "contract").await, (true, Because::NothingSet));
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!(request.purposes, ["contract"], "the page waits for the code");
    assert_eq!(request.status, Status::AwaitingVerification);
    house.types_code(&reference).await;
    assert_eq!(house.run_until_idle().await, []);
    // `[review] objection = "auto"`
    assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
    assert_eq!(house.answer(&ada(), "contract").await, (false, Because::Objection));
});

db_test!(a_store_that_is_away_holds_the_answer_up_and_nothing_else, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, stores(dir.path()).await).await;
    let by = house.officer();
    let (shop, away) = (dir.path().join("shop.db"), dir.path().join("away"));
    std::fs::rename(&shop, &away).unwrap();
    let reference = house.says(Right::OptOut, &["marketing"], ADA).await;
    house.run_until_idle().await;
    assert_eq!(house.answer(&ada(), "marketing").await, (false, Because::OptOut));
    let tasks = house.tasks(&reference).await;
    assert_eq!(tasks["shop"].status, TaskStatus::Failed);
    let request = house.request(&reference).await;
    assert!(request.blockers.contains(&Blocker::StoreFailed) && request.answered_at.is_none());
    std::fs::rename(&away, &shop).unwrap();
    assert_eq!(house.desk().retry(&by, &reference, Some("shop")).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::Fulfilled);
    assert!(everybody(dir.path()).await.starts_with("1::1:"));
});

db_test!(a_browser_alone_can_opt_out, |db| async move {
    let house = House::new(&db, Stores::new()).await;
    let browser = browser_key(&house.desk().new_browser()).unwrap();
    let new = NewIntake {
        wishes: crate::service::lodge::Wishes::default(),
        changes: Vec::new(),
        rights: vec![Right::OptOut],
        scope: crate::domain::request::Scope::Everything,
        contact: Contact { identifiers: vec![browser.clone()], ..Contact::default() },
        country: None,
        on_behalf: false,
        language: Language::De,
        purposes: vec!["analytics".to_owned()],
    };
    let reference = house.desk().open_intake(new).await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!(request.status, Status::Fulfilled);
    assert!(request.answered_at.is_some(), "the page has said it");
    let keys = [browser];
    assert_eq!(house.answer(&keys, "analytics").await, (false, Because::OptOut));
    assert_eq!(house.mails.sent.lock().unwrap().len(), 0);
});

db_test!(a_signal_is_written_down_once, |db| async move {
    let house = House::new(&db, Stores::new()).await;
    let browser = browser_key(&house.desk().new_browser()).unwrap();
    let keys = [browser, key("email", ADA)];
    for _ in 0..3 {
        house.desk().honour_signal(&keys).await.unwrap();
        house.a_second_passes();
    }
    let tx = db.begin_read().await.unwrap();
    let with = tx.flag_key().await.unwrap().unwrap();
    assert_eq!(tx.flags_under(&with, &keys).await.unwrap().len(), 4, "two purposes, two keys");
    drop(tx);
    assert_eq!(house.answer(&keys, "sale_share").await, (false, Because::OptOut));
    assert_eq!(house.answer(&keys, "marketing").await, (true, Because::NothingSet));
    house.says_and_proves(Right::OptIn, &["sale_share"], ADA).await;
    house.a_second_passes();
    house.desk().honour_signal(&ada()).await.unwrap();
    assert_eq!(house.answer(&ada(), "sale_share").await, (true, Because::OptIn));
});

db_test!(flags_outlive_what_is_known_of_who_asked, |db| async move {
    let house = House::new(&db, Stores::new()).await;
    let by = house.officer();
    let gone = house.says(Right::OptOut, &["marketing"], ADA).await;
    let grace = "grace@example.org";
    let frozen = house.says_and_proves(Right::Restriction, &[], grace).await;
    house.desk().release(&by, &frozen).await.unwrap();
    assert_eq!(house.run_until_idle().await, []);
    house.later(24 * 200);
    house.desk().tick().await.unwrap();
    let intake = house.request(&gone).await.intake;
    let tx = db.begin_read().await.unwrap();
    assert!(tx.intake(intake).await.unwrap().unwrap().contact.is_none(), "180 days");
    drop(tx);
    assert_eq!(house.answer(&ada(), "marketing").await, (false, Because::OptOut));
    // Who has to be told before the end is not forgotten.
    let lift = house.desk().announce_lift(&house.officer(), &frozen, &reason()).await.unwrap();
    assert_eq!(lift, Deed::Done);
});

db_test!(consent_makes_training_possible_until_it_is_withdrawn, |db| async move {
    let house = House::new(&db, Stores::new()).await;
    let by = house.program();
    let training = Purpose::parse("training").unwrap();
    assert_eq!(house.answer(&ada(), "training").await, (false, Because::NoConsent));
    let given: Timestamp = house.clock.now();
    let desk = house.desk();
    assert!(desk.record_consent(&by, &ada(), &training, given).await.unwrap());
    assert!(!desk.record_consent(&by, &ada(), &training, given).await.unwrap(), "the same");
    assert_eq!(house.answer(&ada(), "training").await, (true, Because::Consent));
    house.says(Right::ConsentWithdrawal, &["training"], ADA).await;
    assert_eq!(house.answer(&ada(), "training").await, (false, Because::ConsentWithdrawn));
    assert!(!desk.record_consent(&by, &ada(), &training, given).await.unwrap(), "said before");
    assert_eq!(house.answer(&ada(), "training").await, (false, Because::ConsentWithdrawn));
});

impl House {
    fn program(&self) -> Grant {
        Grant {
            id: ApiTokenId(self.worker.entropy.uuid(self.clock.now())),
            scopes: BTreeSet::new(),
            all_requests: false,
            requests_a_day: 1,
        }
    }
}
