//! Deleting and masking one person's rows among others'.

use super::everywhere;
use super::town::{Kind, Town, blockers, changed_rows, steps, stop};
use crate::domain::erase::{EraseScope, Stop, Verdict};
use crate::store::testing::key;

const SQL: &str = "
    CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT $ANYCASE, name TEXT, town TEXT NOT NULL);
    CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer(id),
        placed TEXT, street TEXT, total INTEGER);
    CREATE TABLE line(orders INTEGER REFERENCES orders(id), pos INTEGER, note TEXT,
        PRIMARY KEY(orders, pos));
    CREATE TABLE visit(id INTEGER PRIMARY KEY, mail TEXT $ANYCASE, page TEXT);
    INSERT INTO customer VALUES (1, 'ada@example.org', 'Ada', 'London'),
        (10, 'Ada@example.org', 'Other', 'Rome'), (11, 'grace@example.org', 'Grace', 'Paris');
    INSERT INTO orders VALUES (1, 1, '2026-01-01', 'a', 5), (2, 1, '2010-01-01', 'b', 6),
        (3, 10, '2010-01-01', 'c', 7), (4, 11, '2026-01-01', 'd', 8);
    INSERT INTO line VALUES (1, 1, 'x'), (1, 2, 'y'), (2, 1, 'z'), (3, 1, 'o'), (4, 1, 'g');
    INSERT INTO visit VALUES (1, 'ada@example.org', 'p'), (2, 'ADA@example.org', 'q'), (3, NULL, 'r');";

const TABLES: &[(&str, &[&str])] = &[
    ("customer", &["id", "email", "name", "town"]),
    ("orders", &["id", "customer", "placed", "street", "total"]),
    ("line", &["orders", "pos", "note"]),
    ("visit", &["id", "mail", "page"]),
];

/// Everything goes.
const DELETE: &str = r#"
[store.shop.table.customer]
person = true
who = { email = "email", user = "id" }
field = { name = "user.name", town = "user.contact.address.city" }
erase = "delete"
[store.shop.table.orders]
via = "customer -> customer.id"
field = { placed = "user.payment", street = "user.contact.address", total = "user.payment" }
erase = "delete"
[store.shop.table.line]
via = "orders -> orders.id"
field = { note = "user.content" }
erase = "delete"
[store.shop.table.visit]
who = { email = "mail" }
field = { page = "user.behavior" }
erase = "delete"
"#;

/// Young orders stay without their street, and the customer, because they point to it.
const KEEP: &str = r#"
[store.shop.table.customer]
person = true
who = { email = "email", user = "id" }
field = { name = "user.name", town = { is = "user.contact.address.city", erase = { constant = "erased" } } }
erase = "mask"
[store.shop.table.orders]
via = "customer -> customer.id"
field = { placed = "user.payment", street = { is = "user.contact.address", erase = "null" }, total = "user.payment" }
keep = { for = "10y", from = "placed", ground = "AO 147" }
[store.shop.table.line]
via = "orders -> orders.id"
field = { note = "user.content" }
erase = "delete"
[store.shop.table.visit]
who = { email = "mail" }
field = { page = "user.behavior" }
erase = "mask"
"#;

everywhere!(
    everything_of_one_person_goes_children_first_and_nothing_of_others,
    rows_that_a_law_keeps_stay_with_fewer_fields,
    a_plan_changes_nothing_and_is_the_same_each_time,
    a_key_that_is_no_name_leads_to_nothing,
    new_rows_are_covered_up_to_a_number,
    another_person_under_the_same_keys_stops_every_step,
    a_row_that_moved_to_another_person_is_left_alone,
    a_row_that_comes_back_is_told,
    more_rows_than_may_be_stop_it,
);

async fn everything_of_one_person_goes_children_first_and_nothing_of_others(kind: Kind) {
    let Some(town) = Town::open(kind, SQL, DELETE).await else { return };
    let before = town.dump(TABLES).await;
    let plan = town.plan().await;
    let expected = ["line delete 3", "orders delete 2", "visit delete 1", "customer delete 1"];
    assert_eq!(steps(&plan), expected);
    assert_eq!(plan.people.len(), 1);
    assert!(plan.kept.is_empty() && plan.gaps.is_empty() && plan.files.is_empty());
    assert_eq!(town.carry_out(&plan).await, 7);
    let after = town.dump(TABLES).await;
    let gone = ["customer|1|", "orders|1|", "orders|2|", "line|1|", "line|2|", "visit|1|"];
    let rest: Vec<String> =
        before.into_iter().filter(|row| !gone.iter().any(|gone| row.starts_with(gone))).collect();
    assert_eq!(after, rest);
    assert!(town.plan().await.steps.is_empty(), "nothing is left to plan");
}

async fn rows_that_a_law_keeps_stay_with_fewer_fields(kind: Kind) {
    let Some(town) = Town::open(kind, SQL, KEEP).await else { return };
    let plan = town.plan().await;
    let expected = [
        "line delete 3",
        "orders delete 1",
        "orders mask street 1",
        "visit mask mail+page 1",
        "customer mask email+name+town 1",
    ];
    assert_eq!(steps(&plan), expected);
    let kept = &plan.kept[0];
    assert_eq!(
        (kept.collection.as_str(), kept.rows, kept.ground.as_str()),
        ("orders", 1, "AO 147")
    );
    assert_eq!(kept.until.unwrap().to_string(), "2036-01-01T00:00:00Z");
    let before = town.dump(TABLES).await;
    assert_eq!(town.carry_out(&plan).await, 7);
    let after = town.dump(TABLES).await;
    let changed: Vec<&String> = after.iter().filter(|row| !before.contains(row)).collect();
    let expected = ["customer|1|-|-|erased", "orders|1|1|2026-01-01|-|5", "visit|1|-|-"];
    assert_eq!(changed, expected);
    let user = Town { keys: vec![key("user", "1")], ..town };
    assert!(user.plan().await.steps.is_empty(), "what is masked is nothing to do");
}

async fn a_plan_changes_nothing_and_is_the_same_each_time(kind: Kind) {
    for map in [DELETE, KEEP] {
        let Some(town) = Town::open(kind, SQL, map).await else { return };
        let before = town.dump(TABLES).await;
        assert_eq!(town.plan().await, town.plan().await);
        assert_eq!(town.dump(TABLES).await, before);
    }
}

async fn a_key_that_is_no_name_leads_to_nothing(kind: Kind) {
    let Some(mut town) = Town::open(kind, SQL, DELETE).await else { return };
    town.run(
        "INSERT INTO customer VALUES (20, 'null', 'N', 'n'), (21, '%', 'P', 'p'), (22, ' ', 'S', 's'),
            (23, '*', 'A', 'a')",
    )
    .await;
    for name in
        ["null", "NULL", "%", "*", " ", "undefined", "_", "%@example.org", "ada@example.___"]
    {
        town.keys = vec![key("email", name), key("user", name)];
        let plan = town.plan().await;
        assert!(plan.steps.is_empty() && plan.people.is_empty(), "{name}");
    }
}

async fn new_rows_are_covered_up_to_a_number(kind: Kind) {
    let Some(town) = Town::open(kind, SQL, DELETE).await else { return };
    let plan = town.plan().await;
    town.run("INSERT INTO visit VALUES (7, 'ada@example.org', 'n'), (8, 'ada@example.org', 'm')")
        .await;
    let visit = plan.steps.iter().find(|part| part.collection == "visit").unwrap();
    for new in [0, 1] {
        let done = town.step(visit, &plan.people, new).await.unwrap();
        assert_eq!(stop(&done), Some(Stop::Grew), "{new}");
    }
    assert_eq!(town.verify(visit).await, Verdict::Remains(1), "and nothing was touched");
    let done = town.step(visit, &plan.people, 2).await.unwrap();
    let changed = changed_rows(&done);
    assert_eq!((changed.rows.len(), changed.new), (3, 2));
    assert_eq!(town.dump(&TABLES[3..]).await, ["visit|2|ADA@example.org|q", "visit|3|-|r"]);
}

async fn another_person_under_the_same_keys_stops_every_step(kind: Kind) {
    let Some(town) = Town::open(kind, SQL, DELETE).await else { return };
    let plan = town.plan().await;
    town.run("INSERT INTO customer VALUES (12, 'ada@example.org', 'Twin', 'Oslo')").await;
    let before = town.dump(TABLES).await;
    for part in &plan.steps {
        let done = town.step(part, &plan.people, 1000).await.unwrap();
        assert_eq!(stop(&done), Some(Stop::AnotherPerson));
    }
    assert_eq!(town.dump(TABLES).await, before);
}

async fn a_row_that_moved_to_another_person_is_left_alone(kind: Kind) {
    let Some(town) = Town::open(kind, SQL, DELETE).await else { return };
    let plan = town.plan().await;
    town.run("UPDATE orders SET customer = 11 WHERE id = 2").await;
    for part in &plan.steps {
        let done = town.step(part, &plan.people, 0).await.unwrap();
        let changed = changed_rows(&done);
        let moved = matches!(&*part.collection, "line" | "orders");
        assert_eq!(changed.strayed.len(), usize::from(moved), "{}", part.collection);
        assert_eq!(changed.rows.len() + changed.strayed.len(), part.rows.len());
    }
    let orders = town.dump(&TABLES[1..3]).await;
    let expected = [
        "orders|2|11|2010-01-01|b|6",
        "orders|3|10|2010-01-01|c|7",
        "orders|4|11|2026-01-01|d|8",
        "line|2|1|z",
        "line|3|1|o",
        "line|4|1|g",
    ];
    assert_eq!(orders, expected);
}

async fn a_row_that_comes_back_is_told(kind: Kind) {
    let Some(town) = Town::open(kind, SQL, KEEP).await else { return };
    let plan = town.plan().await;
    town.carry_out(&plan).await;
    town.run(
        "INSERT INTO orders VALUES (2, 1, '2010-01-01', 'b', 6); INSERT INTO line VALUES (2, 1, 'z');
         UPDATE customer SET name = 'Ada' WHERE id = 1; UPDATE visit SET mail = 'x' WHERE id = 1",
    )
    .await;
    for (part, left) in plan.steps.iter().zip([
        Verdict::Remains(1),
        Verdict::Remains(1),
        Verdict::Masked,
        Verdict::Remains(1),
        Verdict::Remains(1),
    ]) {
        assert_eq!(town.verify(part).await, left, "{}", part.collection);
    }
    town.run("DELETE FROM visit").await;
    assert_eq!(town.verify(&plan.steps[3]).await, Verdict::Gone, "a masked row that went since");
}

async fn more_rows_than_may_be_stop_it(kind: Kind) {
    let Some(mut town) = Town::open(kind, SQL, DELETE).await else { return };
    let plan = town.plan().await;
    town.most = 2;
    let stopped = town.plan().await;
    assert_eq!(blockers(&stopped), ["too_many_rows line - 3"]);
    let done = town.step(&plan.steps[0], &plan.people, 0).await.unwrap();
    assert_eq!(stop(&done), Some(Stop::TooManyRows));
    town.scope = EraseScope::Everything;
}
