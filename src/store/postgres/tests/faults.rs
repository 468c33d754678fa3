//! What a server or the way to it may do to us.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::{Connection, PgConnection};
use url::Url;

use super::wire::{Manner, Wire};
use super::{Fresh, map, run, store};
use crate::store::sql::Bounds;
use crate::store::testing::{key, lines, pages};
use crate::store::{Export, Store, StoreErrorCode, Stores, check};

const SQL: &str = "
    CREATE TABLE customer(id int PRIMARY KEY, email text);
    CREATE TABLE note(id int PRIMARY KEY, customer int REFERENCES customer, body text);
    INSERT INTO customer VALUES (1, 'ada@example.org');
    INSERT INTO note SELECT i, 1, 'n' || i FROM generate_series(1, 6) AS i;";
const MAP: &str = "[store.shop.table.customer]
person = true
who = { email = \"email\" }
[store.shop.table.note]
via = \"customer -> customer.id\"
field = { body = \"user.content\" }
";

fn ada() -> Vec<crate::domain::subject::SubjectKey> {
    vec![key("email", "ada@example.org")]
}

/// All that the check of the whole house would print.
async fn printed(url: &Url) -> String {
    let maps = [map(url, MAP)];
    let stores: Stores = BTreeMap::from([("shop".to_owned(), Arc::new(store(url, MAP)) as _)]);
    format!("{:?} {stores:?}", check::check(&maps, &stores).await)
}

/// Nobody's server: what never gets as far needs none.
fn away() -> Url {
    "postgres://role-canary:pass-canary@127.0.0.1:1/data-canary".parse().unwrap()
}

#[tokio::test]
async fn a_wrong_password_is_denied_once_and_stands_in_no_message() {
    let wire = Wire::before(&away(), Manner::Ask("another"), None).await;
    let url = wire.url(&away(), "127.0.0.1");
    let store = store(&url, MAP);
    for _ in 0..2 {
        let error = store.page(&ada(), None).await.unwrap_err();
        assert_eq!(error.to_string(), "denied (28P01)");
        assert!(!error.code.is_passing(), "nobody knocks again until a human has looked");
    }
    assert_eq!(wire.connections(), 2, "once a call");
    let printed = printed(&url).await;
    assert!(printed.contains("denied (28P01)") && !printed.contains("canary"), "{printed}");
}

#[tokio::test]
async fn a_right_password_opens_the_way() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let wire = Wire::before(&fresh.url, Manner::Ask("r:ght/ pass@word%"), None).await;
    let mut url = wire.url(&fresh.url, "127.0.0.1");
    url.set_password(Some("r:ght/ pass@word%")).unwrap();
    assert_eq!(lines(&pages(&store(&url, MAP), &ada()).await).len(), 6);
}

/// `tests/run` starts a server that asks members of the role `rightsdesk_asked` for their passwords.
#[tokio::test]
async fn a_server_that_asks_for_passwords_itself_is_answered_with_scram() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let mut session = PgConnection::connect(fresh.url.as_str()).await.unwrap();
    let asks = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rightsdesk_asked')";
    let asks: bool = sqlx::query_scalar(asks).fetch_one(&mut session).await.unwrap();
    session.close().await.unwrap();
    if !asks {
        println!("not run: the server has no role rightsdesk_asked");
        return;
    }
    let grants = "GRANT rightsdesk_asked TO $ROLE; GRANT SELECT ON customer, note TO $ROLE";
    let mut url = fresh.role(grants).await;
    assert_eq!(store(&url, MAP).check().await.unwrap(), []);
    assert_eq!(lines(&pages(&store(&url, MAP), &ada()).await).len(), 6);
    url.set_password(Some("pass-canary")).unwrap();
    assert_eq!(store(&url, MAP).check().await.unwrap_err().to_string(), "denied (28P01)");
    let printed = printed(&url).await;
    assert!(!printed.contains("canary") && !printed.contains(&fresh.name), "{printed}");
    url.set_password(None).unwrap();
    assert!(!store(&url, MAP).check().await.unwrap_err().code.is_passing());
}

#[tokio::test]
async fn a_refusal_says_whether_knocking_again_makes_sense() {
    for (state, code) in [
        ("28000", StoreErrorCode::Denied),
        ("3D000", StoreErrorCode::Schema),
        ("42501", StoreErrorCode::Denied),
        ("57P01", StoreErrorCode::Unreachable),
        ("08P01", StoreErrorCode::Unreachable),
    ] {
        let wire = Wire::before(&away(), Manner::Refuse(state), None).await;
        let url = wire.url(&away(), "127.0.0.1");
        let error = store(&url, MAP).check().await.unwrap_err();
        assert_eq!((error.code, error.detail.as_deref()), (code, Some(state)));
        let printed = printed(&url).await;
        assert!(printed.contains(state) && !printed.contains("canary"), "{printed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_given_up() {
    let wire = Wire::before(&away(), Manner::Hang, None).await;
    let error = store(&wire.url(&away(), "127.0.0.1"), MAP).check().await.unwrap_err();
    assert_eq!(error.to_string(), "unreachable");
    assert!(error.code.is_passing());
}

#[tokio::test]
async fn a_connection_that_broke_is_made_anew_and_the_walk_goes_on() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let wire = Wire::before(&fresh.url, Manner::Pass, None).await;
    let few = Bounds { rows: 2, ..Bounds::default() };
    let store = store(&wire.url(&fresh.url, "127.0.0.1"), MAP).bounded(few);
    let first = store.page(&ada(), None).await.unwrap();
    wire.cut();
    let second = store.page(&ada(), first.next.as_ref()).await.unwrap();
    let third = store.page(&ada(), second.next.as_ref()).await.unwrap();
    let whole = lines(&pages(&fresh.store(MAP), &ada()).await);
    assert_eq!(lines(&[first, second, third]), whole);
    assert!(wire.connections() > 1);
}

#[tokio::test]
async fn one_table_without_select_is_named_and_stops_the_walk_rather_than_its_rows() {
    let Some(fresh) = Fresh::new(SQL).await else { return };
    let url = fresh.role("GRANT SELECT ON customer TO $ROLE").await;
    let reader = store(&url, MAP);
    let found = reader.check().await.unwrap();
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert_eq!(one.code, "no_select");
    assert!(one.message.contains("note") && one.message.contains("body"), "{one:?}");
    assert_eq!(reader.page(&ada(), None).await.unwrap_err().to_string(), "denied (42501)");
    run(&fresh.url, &format!("GRANT SELECT ON note TO {}", fresh.name)).await;
    assert_eq!(lines(&pages(&reader, &ada()).await).len(), 6);
}
