//! Requests of people for whom a program vouches, on both databases.

use super::*;
use crate::db::testing::db_test;
use crate::domain::request::{AnswerWay, Assurance, Channel};
use crate::domain::state::Status;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::domain::token::{Grant, TokenScope};
use crate::ids::ApiTokenId;
use crate::service::ask::{Asked, NewAsk, Proof};
use crate::service::assertion::Assertion;
use crate::service::fetch::Fetched;
use crate::service::read::asked::RequestName;

fn app() -> Grant {
    Grant {
        id: ApiTokenId(uuid::Uuid::from_u128(1)),
        scopes: TokenScope::ALL.iter().copied().collect(),
        all_requests: false,
        requests_a_day: 100,
    }
}

fn ask(keys: &[(&str, &str)], proof: Proof) -> NewAsk {
    let key = |(kind, value): &(&str, &str)| SubjectKey::new(KeyKind::new(*kind), *value).unwrap();
    let identifiers = keys.iter().map(key).collect();
    NewAsk {
        purposes: Vec::new(),
        scope: crate::domain::request::Scope::Everything,
        right: Right::Export,
        contact: Contact { identifiers, ..Contact::default() },
        country: None,
        regime: None,
        on_behalf: false,
        wishes: crate::service::lodge::Wishes::default(),
        language: Language::En,
        channel: Channel::Api,
        proof,
        changes: Vec::new(),
    }
}

impl Office {
    /// A request that an app vouches for: its reference.
    async fn assert(&self, keys: &[(&str, &str)]) -> Reference {
        let new = ask(keys, Proof::Asserted(None));
        let answer =
            |read: &crate::service::read::asked::AskedRead| read.request.reference.to_string();
        match self.desk.ask(&app(), new, None, answer).await.unwrap() {
            Asked::Done(reference) => Reference::parse(&reference).unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

db_test!(an_app_gets_the_archive_and_the_person_a_notice, |db| async move {
    let office = Office::over(db);
    let reference = office.assert(&[("email", "ada@example.org")]).await;
    let request = office.request(&reference).await;
    assert_eq!((request.status, request.assurance), (Status::Gathering, Assurance::Asserted));
    assert_eq!(request.answers_by, AnswerWay::App);
    assert!(office.send().await.is_empty(), "nobody is told before it is known who they are");

    office.gather(request.id).await;
    let notices = office.send().await;
    assert_eq!(kinds(&notices), [MailKind::Asserted], "and no mail with the answer");
    assert_eq!(notices[0].to, "ada@example.org");
    office.finish(request.id).await;
    assert!(office.send().await.is_empty());
    let request = office.request(&reference).await;
    assert_eq!(request.status, Status::Fulfilled);
    assert_eq!(request.answered_at, Some(office.desk.now()), "the app can fetch it from now on");

    let name = RequestName::Reference(reference);
    assert!(matches!(office.desk.fetch(&app(), &name).await.unwrap(), Fetched::Open(..)));
    let other = Grant { id: ApiTokenId(uuid::Uuid::from_u128(2)), ..app() };
    assert!(matches!(office.desk.fetch(&other, &name).await.unwrap(), Fetched::NotYours));
});

db_test!(an_address_that_no_store_knows_is_told_nothing, |db| async move {
    let office = Office::over(db);
    let reference = office.assert(&[("email", "nobody@example.org")]).await;
    let request = office.request(&reference).await;
    office.gather(request.id).await;
    assert!(office.send().await.is_empty());
    let request = office.request(&reference).await;
    assert_eq!(request.outcome, Some(crate::domain::request::Outcome::NothingFound));
    assert!(request.answered_at.is_some());
});

db_test!(whoever_was_not_asked_for_stops_it_and_destroys_the_archive, |db| async move {
    let office = Office::over(db);
    for finished in [false, true] {
        let reference = office.assert(&[("email", "ada@example.org")]).await;
        let id = office.request(&reference).await.id;
        office.gather(id).await;
        if finished {
            office.finish(id).await;
        }
        let notice = office.send().await.pop().unwrap();
        let link = notice.link("/verify/");
        assert!(matches!(
            office.desk.verify_page(&link).await.unwrap(),
            crate::service::verify::VerifyPage::Asserted { .. }
        ));
        assert!(office.desk.disown(&link).await.unwrap());
        let archive = office.archive(id).await;
        assert_eq!(archive.wrapped_key, None, "nothing opens it any more");
        assert!(office.events(id).await.contains(&"request.disowned".to_owned()));
        let name = RequestName::Id(id);
        assert!(matches!(office.desk.fetch(&app(), &name).await.unwrap(), Fetched::Gone));
        assert!(!office.desk.disown(&link).await.unwrap(), "the link has served");
        let status = office.request(&reference).await.status;
        assert_eq!(status, if finished { Status::Fulfilled } else { Status::Withdrawn });
    }
});

db_test!(an_assertion_is_good_once, |db| async move {
    let office = Office::over(db);
    let assertion = Assertion { id: "one".to_owned(), expires_at: office.desk.now() + minutes(5) };
    let again = || ask(&[("user", "1")], Proof::Asserted(Some(assertion.clone())));
    let tried = async |new| office.desk.ask(&app(), new, None, |_| String::new()).await.unwrap();
    assert_eq!(tried(again()).await, Asked::Done(String::new()));
    assert_eq!(tried(again()).await, Asked::AssertionUsed);
    assert_eq!(office.count("request", "created_by IS NOT NULL").await, 1, "and nothing is kept");
    office.pass(minutes(6));
    office.tick().await;
    assert_eq!(office.count("assertion", "1 = 1").await, 0);
});
