//! Rows of another controller: listed, and never touched.

use super::everywhere;
use super::town::{Kind, Town, blockers, steps, stop};
use crate::domain::erase::{ErasePart, EraseScope, Method, RowId, Stop};

const SQL: &str = "
    CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT $ANYCASE, name TEXT);
    CREATE TABLE member(id INTEGER PRIMARY KEY, email TEXT $ANYCASE, note TEXT);
    CREATE TABLE badge(id INTEGER PRIMARY KEY, member INTEGER, word TEXT, street TEXT);
    INSERT INTO customer VALUES (1, 'ada@example.org', 'Ada'), (2, 'bob@example.org', 'Bob');
    INSERT INTO member VALUES (1, 'ada@example.org', 'a'), (2, 'bob@example.org', 'b');
    INSERT INTO badge VALUES (1, 1, 'x', 's'), (2, 1, 'y', 's'), (3, 2, 'z', 's');";

const TABLES: &[(&str, &[&str])] = &[
    ("customer", &["id", "email", "name"]),
    ("member", &["id", "email", "note"]),
    ("badge", &["id", "member", "word", "street"]),
];

const MAP: &str = r#"
[store.shop.table.customer]
person = true
who = { email = "email", user = "id" }
field = { name = "user.name" }
erase = "delete"
[store.shop.table.member]
controller = "acme"
person = true
who = { email = "email" }
field = { note = "user.content" }
[store.shop.table.badge]
controller = "acme"
via = "member -> member.id"
field = { word = "user.content", street = "user.contact.address" }
[controller.acme]
name = "Acme GmbH"
how = "mail:privacy@acme.example"
"#;

everywhere!(
    rows_of_another_controller_are_listed_and_stay_byte_by_byte,
    a_step_that_was_approved_for_them_is_not_taken,
    what_refers_to_a_row_that_goes_is_not_emptied_there,
);

fn held(town: &crate::domain::erase::ErasePlan) -> Vec<String> {
    let named = |kept: &crate::domain::erase::KeptRows| {
        let whose = kept.controller.as_ref().map(|of| of.name.as_str());
        format!("{} {} {}", kept.collection, kept.rows, whose.unwrap_or("ours"))
    };
    town.kept.iter().map(named).collect()
}

async fn rows_of_another_controller_are_listed_and_stay_byte_by_byte(kind: Kind) {
    let Some(mut town) = Town::open(kind, SQL, MAP).await else { return };
    let before = town.dump(TABLES).await;
    let plan = town.plan().await;
    assert_eq!(steps(&plan), ["customer delete 1"]);
    assert_eq!(held(&plan), ["badge 2 Acme GmbH", "member 1 Acme GmbH"]);
    assert!(plan.blockers.is_empty() && plan.gaps.is_empty());
    town.most = 1;
    let few = town.plan().await;
    assert!(few.blockers.is_empty(), "however many there are, none of them goes");
    town.most = 100;
    assert_eq!(town.carry_out(&plan).await, 1);
    let after = town.dump(TABLES).await;
    let rest: Vec<String> =
        before.into_iter().filter(|row| !row.starts_with("customer|1|")).collect();
    assert_eq!(after, rest);
    // Of some categories alone, and of single things.
    town.scope = EraseScope::Categories(["user.contact".to_owned()].into());
    assert_eq!(held(&town.plan().await), ["badge 2 Acme GmbH"]);
    town.items(&["shop/badge/2"]);
    let one = town.plan().await;
    assert_eq!((held(&one), steps(&one)), (vec!["badge 1 Acme GmbH".to_owned()], Vec::new()));
}

async fn a_step_that_was_approved_for_them_is_not_taken(kind: Kind) {
    let Some(town) = Town::open(kind, SQL, MAP).await else { return };
    let before = town.dump(TABLES).await;
    let people = town.plan().await.people;
    for (method, fields) in [(Method::Delete, vec![]), (Method::Mask, vec!["note".to_owned()])] {
        let rows = vec![RowId("[1]".to_owned())];
        let part = ErasePart { collection: "member".to_owned(), method, fields, rows };
        let done = town.step(&part, &people, 1000).await.unwrap();
        assert_eq!(stop(&done), Some(Stop::Blocked));
    }
    assert_eq!(town.dump(TABLES).await, before);
}

async fn what_refers_to_a_row_that_goes_is_not_emptied_there(kind: Kind) {
    for action in ["", "ON DELETE SET NULL", "ON DELETE CASCADE"] {
        let sql = format!(
            "{SQL} CREATE TABLE seat(id INTEGER PRIMARY KEY, \
             customer INTEGER REFERENCES customer(id) {action}, place TEXT); \
             INSERT INTO seat VALUES (1, 1, 'row 1'), (2, 2, 'row 2');"
        );
        let map = format!(
            "[store.shop.table.seat]\ncontroller = \"acme\"\nvia = \"customer -> customer.id\"\n\
             field = {{ place = \"user.content\" }}\n{MAP}"
        );
        let Some(town) = Town::open(kind, &sql, &map).await else { return };
        let all = [TABLES, &[("seat", &["id", "customer", "place"])]].concat();
        let before = town.dump(&all).await;
        let plan = town.plan().await;
        let code = if action.is_empty() { "referenced" } else { "cascades" };
        assert_eq!(blockers(&plan), [format!("{code} customer seat.customer 1")], "{action}");
        for part in &plan.steps {
            let done = town.step(part, &plan.people, 1000).await.unwrap();
            assert_eq!(stop(&done), Some(Stop::Blocked), "{action}");
        }
        assert_eq!(town.dump(&all).await, before, "{action}");
    }
}
