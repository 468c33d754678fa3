//! Access, deletion, restriction and a hold of one person, in every order in which their steps can come: a model
//! that knows what may happen beside the service that does it.
//!
//! Orders share most of their ways: what has happened in two of them is often the same, and what can
//! happen then is too. So each step is taken once from each [`Place`], where a place is all that can
//! be told of a person; and that a step leads from one place to one other is checked wherever it is
//! taken again.

mod model;

use std::collections::BTreeSet;

use self::model::{ACCESS, DELETION, HOLD, Model, On, RESTRICTION, Step};
use super::erase::{BOB, shelves};
use super::shelf::Shelf;
use super::*;
use crate::db::testing::on_sqlite;
use crate::domain::duration::Period;
use crate::domain::erase::Method;
use crate::domain::settings::Review;

/// All that can be told of a person: how far each list is, and how things stand.
type Place = (Vec<usize>, String);

/// Which places were seen, and where each list leads from there.
#[derive(Debug)]
struct Map {
    lists: &'static [&'static [Step]],
    ways: BTreeMap<Place, BTreeMap<usize, Place>>,
    /// From where nothing new can be reached.
    spent: BTreeSet<Place>,
}

/// The lists that have steps left.
fn open(lists: &[&[Step]], at: &[usize]) -> Vec<usize> {
    (0..lists.len()).filter(|list| at[*list] < lists[*list].len()).collect()
}

impl Map {
    /// The list to take from a place on the way to a step that was not taken yet.
    fn next(&mut self, place: &Place) -> Option<usize> {
        if self.spent.contains(place) {
            return None;
        }
        let known = self.ways.get(place).cloned().unwrap_or_default();
        let open = open(self.lists, &place.0);
        let fresh = open.into_iter().find(|list| !known.contains_key(list));
        let next = fresh.or_else(|| {
            known.iter().find(|(_, to)| self.next(to).is_some()).map(|(list, _)| *list)
        });
        if next.is_none() {
            self.spent.insert(place.clone());
        }
        next
    }

    /// Keeps where a step has led.
    fn lead(&mut self, from: Place, list: usize, to: &Place) {
        let known = self.ways.entry(from).or_default();
        let led = known.entry(list).or_insert_with(|| to.clone());
        assert_eq!(led, to, "one place leads to one other");
    }

    /// In how many orders all steps can be taken from a place.
    fn orders(&self, place: &Place) -> u64 {
        match self.ways.get(place) {
            Some(known) => known.values().map(|to| self.orders(to)).sum(),
            _ => 1,
        }
    }
}

async fn every_order(on: On, lists: &'static [&'static [Step]], orders: u64) {
    on_sqlite(async |db| {
        let shop = Shelf::new(
            "shop",
            &[("visit", Method::Delete), ("invoice", Method::Mask), ("account", Method::Delete)],
        );
        let shelves_of =
            [Arc::new(shop), Arc::new(Shelf::new("crm", &[("ticket", Method::Delete)]))];
        for shelf in &shelves_of {
            for (collection, _) in &shelf.methods {
                shelf.add(collection, "bob", BOB);
            }
        }
        let mut house = House::new(&db, shelves(&[&shelves_of[0], &shelves_of[1]])).await;
        let mut settings = settings();
        settings.review.access = Review::Staff;
        settings.lift_notice = Period::parse("1h").unwrap();
        house.worker.desk = Desk::new(
            house.worker.db.clone(),
            Arc::<FixedClock>::clone(&house.clock),
            Arc::clone(&house.worker.entropy),
            Arc::new(EpochKeys::open(&house.folder.path().join("keys")).unwrap()),
            Arc::new(house.desk().stores().clone()),
            Arc::new(settings),
        );
        let by = house.two().await;
        let (ways, spent) = (BTreeMap::new(), BTreeSet::new());
        let (mut map, mut start) = (Map { lists, ways, spent }, None);
        for number in 0.. {
            let mut model = Model::new(&house, &shelves_of, &by, number, (on, lists.len()));
            let mut place = model.place().await;
            let from = start.get_or_insert_with(|| place.clone()).clone();
            if map.next(&from).is_none() {
                break;
            }
            // To the end in any case: what is left undone would be in the way of others.
            while let Some(list) =
                map.next(&place).or_else(|| open(lists, &model.at).first().copied())
            {
                model.take(lists[list][model.at[list]]).await;
                model.at[list] += 1;
                let to = model.place().await;
                map.lead(place, list, &to);
                place = to;
            }
            model.ends().await;
        }
        assert_eq!(map.orders(&start.expect("somebody came")), orders, "{on:?}");
    })
    .await;
}

/// Of eight steps, of which two, two and four keep their order.
const OF_THREE: u64 = 420;
/// Of ten steps, of which two, two, two and four keep their order.
const OF_FOUR: u64 = 18_900;

#[tokio::test]
async fn every_order_of_access_deletion_and_a_hold_on_the_copy_ends_well() {
    every_order(On::Access, &[ACCESS, HOLD, DELETION], OF_THREE).await;
}

#[tokio::test]
async fn every_order_of_access_deletion_and_a_hold_on_the_deletion_ends_well() {
    every_order(On::Deletion, &[ACCESS, HOLD, DELETION], OF_THREE).await;
}

#[tokio::test]
async fn every_order_of_access_deletion_and_restriction_ends_well() {
    every_order(On::Deletion, &[ACCESS, RESTRICTION, DELETION], OF_THREE).await;
}

#[tokio::test]
async fn every_order_of_deletion_restriction_and_a_hold_ends_well() {
    every_order(On::Deletion, &[HOLD, RESTRICTION, DELETION], OF_THREE).await;
}

/// Ten minutes and more: only where `RIGHTSDESK_TEST_ORDERS` is `all`.
async fn every_order_of_four(on: On) {
    #[expect(clippy::disallowed_methods, reason = "tells how much is to be tried")]
    let orders = std::env::var("RIGHTSDESK_TEST_ORDERS");
    if orders.is_ok_and(|orders| orders == "all") {
        every_order(on, &[ACCESS, HOLD, DELETION, RESTRICTION], OF_FOUR).await;
    } else {
        println!("not run: RIGHTSDESK_TEST_ORDERS is not \"all\"");
    }
}

#[tokio::test]
async fn every_order_of_all_four_with_a_hold_on_the_copy_ends_well() {
    every_order_of_four(On::Access).await;
}

#[tokio::test]
async fn every_order_of_all_four_with_a_hold_on_the_deletion_ends_well() {
    every_order_of_four(On::Deletion).await;
}
