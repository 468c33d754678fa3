//! A correction on its page: what is shown to whom, and what the forms decide.

use tempfile::tempdir;

use super::*;
use crate::domain::correction::Asked;
use crate::domain::intake::Contact;
use crate::domain::request::{Channel, Scope};
use crate::domain::right::Right;
use crate::domain::staff::{AccountState, Member};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::Reference;
use crate::service::enter::{Entered, Entry};
use crate::store::testing::shop;
use crate::store::{Located, Store};

const SQL: &str = "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT, name TEXT, pin TEXT);
    INSERT INTO customer VALUES (1, 'ada@example.org', 'Adda <b>', 'canary');";
const MAP: &str = "[store.shop.table.customer]\nperson = true\n\
    who = { email = \"email\", user = \"id\" }\ncorrect = [\"email\", \"name\"]\n\
    field = { email = \"user.contact.email\", name = \"user.name\", pin = \"user.authorization\" }\n";

/// A correction that staff entered, read and waiting for them.
async fn entered(office: &Office, by: &Colleague) -> Reference {
    let asked = |field: &str, value: &str| Asked::read(field, value).unwrap().unwrap();
    let contact = Contact {
        identifiers: vec![SubjectKey::new(KeyKind::new("user"), "1").unwrap()],
        details: TypedText::block("Main Road 1", 100).unwrap(),
        ..Contact::default()
    };
    let member = Member {
        id: by.id,
        roles: [Role::Officer].into(),
        state: AccountState::Active,
        stepped_up_at: office.desk.now(),
    };
    let entry = Entry {
        wishes: crate::service::lodge::Wishes::default(),
        purposes: Vec::new(),
        channel: Channel::Letter,
        received_at: office.desk.now(),
        reason: None,
        rights: vec![Right::Correction],
        scope: Scope::Everything,
        contact,
        language: Language::De,
        country: None,
        on_behalf: false,
        papers: Vec::new(),
        vouched: true,
        changes: vec![asked("name", "Ada <script>"), asked("my nickname", "Countess")],
    };
    let Entered::Done(reference) = office.desk.enter(&member, entry).await.unwrap() else {
        panic!("it is taken");
    };
    let tx = office.db.begin_read().await.unwrap();
    let request = tx.request_by_reference(&reference).await.unwrap().unwrap().value.id;
    let task = tx.tasks_of(request).await.unwrap().remove(0).id;
    drop(tx);
    let work = office.desk.locate_work(task).await.unwrap().unwrap();
    let tx = office.db.begin().await.unwrap();
    office.desk.located(&tx, task, &work, Located::default()).await.unwrap();
    tx.commit().await.unwrap();
    let work = office.desk.fields_work(task).await.unwrap().unwrap();
    let part = office.desk.stores()["shop"].correct().unwrap();
    let current = part.current(&work.keys).await.unwrap();
    let tx = office.db.begin().await.unwrap();
    office.desk.fields_read(&tx, &work, Some(current)).await.unwrap();
    tx.commit().await.unwrap();
    reference
}

/// The ids of the changes, in their order.
fn ids(page: &str) -> Vec<String> {
    let from = page.split("name=\"change\" value=\"").skip(1);
    let mut ids: Vec<String> = from.map(|rest| rest[..36].to_owned()).collect();
    ids.dedup();
    ids
}

#[tokio::test]
async fn asked_and_current_stand_side_by_side_for_whoever_has_looked_at_who_asks() {
    let dir = tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(shop(dir.path(), SQL, MAP).await);
    let office = Office::over(|_| {}, [("shop".to_owned(), store)].into()).await;
    let ada = office.hire("officer@example.org", &[Role::Officer]).await;
    let at = entered(&office, &ada).await;
    let browser = office.signed_in(&ada).await;
    let path = format!("/console/requests/{at}");
    let hidden = browser.get(&path).await;
    hidden.says(200, "Values are shown for an hour");
    for value in ["Adda", "Countess", "nickname", "script&gt;", "canary"] {
        assert!(!hidden.body.contains(value), "{value}");
    }
    assert!(!hidden.body.contains(&format!("{path}/release")), "nothing is decided");
    let reveal = [("text", "to decide")];
    browser.post(&format!("{path}/reveal"), &reveal).await.says(200, "Main Road 1");
    let shown = browser.get(&path).await;
    shown.says(200, "Adda &#60;b&#62;");
    shown.says(200, "Ada &#60;script&#62;");
    assert!(!shown.body.contains("canary") && !shown.body.contains("pin"), "secrets never");
    let ids = ids(&shown.body);
    assert_eq!(ids.len(), 2);
    let change = format!("{path}/change");
    let of = |id: &str, verdict: &'static str| {
        vec![("change".to_owned(), id.to_owned()), ("verdict".to_owned(), verdict.to_owned())]
    };
    let post = async |mut fields: Vec<(String, String)>, more: &[(&str, &str)]| {
        fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post(&change, &fields).await
    };
    post(of(&ids[0], "apply"), &[]).await.says(422, "Choose at least one value");
    post(of(&ids[0], "decline"), &[("ground", "accurate")]).await.says(422, "");
    let two = [("target", "shop/1"), ("new:shop/1", ""), ("new:shop/0", "")];
    let done = post(of(&ids[0], "apply"), &two).await;
    assert_eq!(done.location(), format!("{path}?done=change"));
    let two = [("ground", "not_held"), ("text", "We keep none.")];
    assert_eq!(post(of(&ids[1], "decline"), &two).await.location(), format!("{path}?done=change"));
    let ready = browser.get(&path).await;
    ready.says(200, "We keep none.");
    ready.says(200, &format!("{path}/release"));
    let released = browser.post(&format!("{path}/release"), &[]).await;
    assert_eq!(released.location(), format!("{path}?done=released"));
    browser.get(&path).await.says(200, "is being written");
    // An agent sees that there is something, and neither what nor how to decide.
    let agent = office.hire("agent@example.org", &[Role::Agent]).await;
    let seen = office.signed_in(&agent).await.get(&path).await;
    assert!(seen.status == 200 && !seen.body.contains("Adda") && !seen.body.contains("Countess"));
}
