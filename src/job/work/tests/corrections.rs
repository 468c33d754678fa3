//! Corrections, from the form to the changed row and the answer. Real stores, real jobs.

mod safety;

use uuid::Uuid;

use super::*;
use crate::db::testing::db_test;
use crate::domain::correction::{Asked, Change, DeclineGround, EditState, Fate, Verdict};
use crate::domain::request::Outcome;
use crate::domain::staff::{AccountState, Member, Role};
use crate::domain::state::Status;
use crate::domain::telling::Topic;
use crate::domain::text::TypedText;
use crate::ids::StaffId;
use crate::service::case::Deed;
use crate::service::correction::{ChangeFault, Decision, Target, Weighed};
use crate::store::testing::{FACTS, seed};

/// Two stores: the shop finds people by their address, the fleet by the shop's number.
async fn two_stores(dir: &Path) -> Stores {
    seed(
        &dir.join("shop.db"),
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, street TEXT, city TEXT, pin TEXT);
         INSERT INTO customer VALUES (1, 'ada@example.org', 'Adda', 'Old Road 1', 'Old Town', 'canary'),
             (2, 'grace@example.org', 'NEIGHBOUR', 'NEIGHBOUR', 'NEIGHBOUR', 'canary');",
    )
    .await;
    seed(
        &dir.join("fleet.db"),
        "CREATE TABLE driver(id INTEGER PRIMARY KEY, customer INTEGER, name TEXT);
         INSERT INTO driver VALUES (7, 1, 'Adda'), (8, 2, 'NEIGHBOUR');",
    )
    .await;
    let facts = FACTS.replace("recipients = []", "recipients = [\"Parcel service\"]");
    opened(
        dir,
        &format!(
            "[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{facts}\
             [store.shop.table.customer]\nperson = true\n\
             who = {{ email = \"email\", user = \"id\" }}\n\
             correct = [\"email\", \"name\", \"street\", \"city\"]\n\
             field = {{ email = \"user.contact.email\", name = \"user.name\", \
             street = \"user.contact.address.street\", city = \"user.contact.address.city\", \
             pin = \"user.authorization\" }}\n\
             [store.fleet]\nkind = \"sqlite\"\nurl = \"sqlite:fleet.db\"\n{FACTS}\
             [store.fleet.table.driver]\nwho = {{ user = \"customer\" }}\n\
             correct = [\"name\"]\nfield = {{ name = \"user.name\" }}\n"
        ),
    )
}

/// One text of a store.
pub(super) async fn say(dir: &Path, file: &str, sql: &str) -> String {
    use sqlx::{AssertSqlSafe, ConnectOptions, Connection, sqlite::SqliteConnectOptions};
    let mut to = SqliteConnectOptions::new().filename(dir.join(file)).connect().await.unwrap();
    let text = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(&mut to).await.unwrap();
    to.close().await.unwrap();
    text
}

const SHOP: &str = "SELECT group_concat(email || ' ' || name || ' ' || street || ' ' || city || ' ' || pin, ';') FROM customer";
const FLEET: &str = "SELECT group_concat(name, ';') FROM driver";

impl House {
    fn approver(&self) -> Member {
        Member {
            id: StaffId(Uuid::from_u128(7)),
            roles: [Role::Officer].into(),
            state: AccountState::Active,
            stepped_up_at: self.desk().now(),
        }
    }

    /// A verified correction, read and waiting for whoever has to look.
    pub(super) async fn wants(&self, changes: &[(&str, &str)]) -> (Reference, Opened) {
        let asked = |(field, value): &(&str, &str)| Asked::read(field, value).unwrap().unwrap();
        let new = NewIntake {
            wishes: crate::service::lodge::Wishes::default(),
            purposes: Vec::new(),
            rights: vec![Right::Correction],
            scope: crate::domain::request::Scope::Everything,
            contact: Contact { email: EmailAddress::parse(ADA).ok(), ..Contact::default() },
            country: None,
            on_behalf: false,
            language: Language::En,
            changes: changes.iter().map(asked).collect(),
        };
        let reference = self.desk().open_intake(new).await.unwrap();
        self.run_lane(MAIL_LANE).await;
        let opened = self.types_code(&reference).await;
        assert_eq!(self.run_until_idle().await, []);
        (reference, opened)
    }

    async fn changes(&self, reference: &Reference) -> Vec<Change> {
        let id = self.request(reference).await.id;
        self.worker.db.begin_read().await.unwrap().changes_of(id).await.unwrap()
    }

    /// The place of a column among what a store has told.
    async fn target(&self, reference: &Reference, store: &str, column: &str, new: &str) -> Target {
        let id = self.request(reference).await.id;
        let fields = self.worker.db.begin_read().await.unwrap().fields_of(id).await.unwrap();
        let (_, fields) = fields.into_iter().find(|(name, _)| name == store).unwrap();
        let place = fields.iter().position(|field| field.spot.column == column).unwrap();
        Target { store: store.to_owned(), place, new: Some(new.to_owned()) }
    }

    pub(super) async fn decide(
        &self,
        reference: &Reference,
        at: usize,
        decision: Decision,
    ) -> Weighed {
        let id = self.changes(reference).await[at].id;
        self.desk().decide_change(&self.approver(), reference, id, decision).await.unwrap()
    }

    /// Approves one change for these values and lets the correction go.
    async fn approve(&self, reference: &Reference, targets: Vec<Target>) {
        let weighed = self.decide(reference, 0, Decision::Apply(targets)).await;
        assert_eq!(weighed, Weighed::Deed(Deed::Done));
        let released = self.desk().release(&self.approver(), reference).await.unwrap();
        assert_eq!(released, Deed::Done);
    }

    /// Every value of every event so far, as one text.
    async fn said(&self, reference: &Reference) -> String {
        let id = self.request(reference).await.id;
        let tx = self.worker.db.begin_read().await.unwrap();
        let history = tx.history_of(id).await.unwrap();
        let said: Vec<String> =
            history.iter().map(|one| format!("{} {}", one.kind, one.data)).collect();
        said.join("\n")
    }

    /// Makes jobs that wait for later due now, and does them.
    async fn time_comes(&self, db: &TestDb) -> Vec<JobError> {
        db.run("UPDATE job SET run_at = 0 WHERE kind = 'correct'").await;
        self.run_until_idle().await
    }
}

pub(super) fn words(text: &str) -> TypedText {
    TypedText::block(text, 200).unwrap().unwrap()
}

db_test!(a_plain_change_is_made_by_itself_where_nobody_has_to_look, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, two_stores(dir.path()).await).await;
    let (reference, opened) = house.wants(&[("name", "Ada Lovelace")]).await;
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::Full)));
    assert!(request.answered_at.is_some());
    assert_eq!(
        say(dir.path(), "shop.db", SHOP).await,
        "ada@example.org Ada Lovelace Old Road 1 Old Town canary;\
         grace@example.org NEIGHBOUR NEIGHBOUR NEIGHBOUR canary"
    );
    assert_eq!(say(dir.path(), "fleet.db", FLEET).await, "Ada Lovelace;NEIGHBOUR");
    let mail = house.newest(MailKind::Corrected);
    assert!(
        mail.text.contains("Parcel service") && !mail.text.contains("Lovelace"),
        "{}",
        mail.text
    );
    let said = house.said(&reference).await;
    assert!(!said.contains("Ada") && !said.contains("Adda"), "{said}");
    let page =
        house.desk().status_page(&opened.token, Some(&opened.cookie)).await.unwrap().unwrap();
    assert_eq!(page.requests[0].changes[0].fate(), Fate::Made);
    let locked = house.desk().status_page(&opened.token, None).await.unwrap().unwrap();
    assert!(locked.requests[0].changes.is_empty());
    assert_eq!(
        db.number("SELECT count(*) FROM current_field").await,
        0,
        "forgotten with the answer"
    );
    assert_eq!(db.number("SELECT count(*) FROM subject_key").await, 0);
    let by = house.approver();
    let told = house.desk().tellings(&by, &reference).await.unwrap().unwrap().lines;
    let [parcels] = &told[..] else { panic!("{told:?}") };
    assert_eq!(
        (&*parcels.telling.name, parcels.telling.topic),
        ("Parcel service", Topic::Correction)
    );
    let id = parcels.telling.id;
    assert_eq!(house.desk().recipient_told(&by, &reference, id).await.unwrap(), Deed::Done);
});

db_test!(staff_decide_about_each_change_and_the_answer_says_all_of_it, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, two_stores(dir.path()).await).await;
    let wishes =
        [("address", "New Road 2, New Town"), ("my nickname", "Countess"), ("phone", "555 0100")];
    let (reference, _) = house.wants(&wishes).await;
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    let by = house.approver();
    let street = house.target(&reference, "shop", "street", "New Road 2").await;
    let city = house.target(&reference, "shop", "city", "New Town").await;
    for (targets, fault) in [
        (vec![], ChangeFault::NoTarget),
        (vec![street.clone(), street.clone()], ChangeFault::Twice),
        (vec![Target { place: 99, ..street.clone() }], ChangeFault::Unknown),
        (vec![Target { store: "elsewhere".into(), ..street.clone() }], ChangeFault::Unknown),
        (vec![street.clone(); 21], ChangeFault::TooMany),
    ] {
        let weighed = house.decide(&reference, 0, Decision::Apply(targets)).await;
        assert_eq!(weighed, Weighed::Fault(fault));
    }
    let apply = Decision::Apply(vec![street.clone(), city]);
    assert_eq!(house.decide(&reference, 0, apply).await, Weighed::Deed(Deed::Done));
    let also = Decision::Apply(vec![street]);
    assert_eq!(house.decide(&reference, 1, also).await, Weighed::Fault(ChangeFault::Twice));
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::NotNow, "two are open");
    let decline = Decision::Decline(DeclineGround::NotHeld, words("We keep no nicknames."));
    house.decide(&reference, 1, decline).await;
    house.decide(&reference, 2, Decision::ByHand(words("in the telephone list"))).await;
    let agent = Member { roles: [Role::Agent].into(), ..house.approver() };
    let denied = house.desk().release(&agent, &reference).await.unwrap();
    assert!(matches!(denied, Deed::Denied(_)));
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Fulfilled, Some(Outcome::Partial)));
    let rows = say(dir.path(), "shop.db", SHOP).await;
    assert!(rows.starts_with("ada@example.org Adda New Road 2 New Town canary;"), "{rows}");
    let mail = house.newest(MailKind::Corrected).text;
    for said in ["We keep no nicknames.", "in the telephone list", "Postal address", "complain"] {
        assert!(mail.contains(said), "{said}: {mail}");
    }
    for typed in ["nickname\n", "Countess", "New Road", "555"] {
        assert!(!mail.contains(typed), "{typed}: {mail}");
    }
});

db_test!(a_request_in_which_all_is_declined_is_refused_with_every_part, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, two_stores(dir.path()).await).await;
    let (reference, _) = house.wants(&[("other", "I never bought anything")]).await;
    let by = house.approver();
    let decline = Decision::Decline(DeclineGround::Record, words("Two invoices of 2025."));
    house.decide(&reference, 0, decline).await;
    assert_eq!(house.desk().release(&by, &reference).await.unwrap(), Deed::Done);
    assert_eq!(house.run_until_idle().await, []);
    let request = house.request(&reference).await;
    assert_eq!((request.status, request.outcome), (Status::Refused, Some(Outcome::Refused)));
    assert!(request.answered_at.is_some());
    let mail = house.newest(MailKind::Corrected).text;
    assert!(mail.contains("Two invoices of 2025.") && mail.contains("court"), "{mail}");
});

db_test!(a_value_that_changed_meanwhile_comes_back_with_what_it_says_now, |db| async move {
    let dir = tempfile::tempdir().unwrap();
    let house = House::new(&db, two_stores(dir.path()).await).await;
    let (reference, _) = house.wants(&[("address", "New Road 2")]).await;
    let street = house.target(&reference, "shop", "street", "New Road 2").await;
    let driver = house.target(&reference, "fleet", "name", "Ada").await;
    house.approve(&reference, vec![street.clone(), driver]).await;
    let file = dir.path().join("shop.db");
    seed(&file, "UPDATE customer SET street = 'Third Road 3' WHERE id = 1").await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.status, Status::InReview);
    let change = &house.changes(&reference).await[0];
    assert_eq!((change.fate(), change.is_settled()), (Fate::Part, false));
    let states: Vec<EditState> = change.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [EditState::Changed, EditState::Done]);
    let id = house.request(&reference).await.id;
    let fields = db.begin_read().await.unwrap().fields_of(id).await.unwrap();
    let now = &fields.iter().find(|(store, _)| store == "shop").unwrap().1[street.place].value;
    assert_eq!(now.as_deref(), Some("Third Road 3"));
    let refuse = crate::domain::decision::RefusalGround::Unfounded;
    let refused = house.desk().refuse(&house.approver(), &reference, refuse, &words("x")).await;
    assert_eq!(refused.unwrap(), Deed::NotNow, "a part is made");
    house.approve(&reference, vec![street]).await;
    assert_eq!(house.run_until_idle().await, []);
    assert_eq!(house.request(&reference).await.outcome, Some(Outcome::Full));
    assert!(say(dir.path(), "shop.db", SHOP).await.contains("Adda New Road 2 Old Town"));
});
