//! Access, deletion and a hold of one person, in every order in which their steps can come: a model
//! that knows what may happen beside the service that does it.
//!
//! Orders share most of their ways: what has happened in two of them is often the same, and what can
//! happen then is too. So each step is taken once from each [`Place`], where a place is all that can
//! be told of a person; and that a step leads from one place to one other is checked wherever it is
//! taken again.

use std::collections::BTreeSet;

use super::erase::{BOB, shelves, why};
use super::shelf::Shelf;
use super::*;
use crate::db::testing::on_sqlite;
use crate::domain::erase::Method;
use crate::domain::plan::PlanDigest;
use crate::domain::request::Outcome;
use crate::domain::settings::Review;
use crate::domain::staff::Member;
use crate::domain::state::Status;
use crate::service::case::Deed;

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// They ask for a copy, and prove who they are.
    AskAccess,
    /// An officer lets it out.
    Release,
    /// An officer holds one of their requests.
    Hold,
    /// The hold ends.
    Lift,
    /// They ask for the deletion of everything, and prove who they are.
    AskDeletion,
    /// Two officers approve what is planned.
    Approve,
    /// Cooling-off goes by, and a worker takes one step.
    Cool,
    /// The workers go on.
    GoOn,
}

use Step::{Approve, AskAccess, AskDeletion, Cool, GoOn, Hold, Lift, Release};

/// What comes one after the other; of different lists everything comes in any order. Another right
/// of the person is one more list here, an arm in [`Model::take`] for each of its steps, what it
/// forbids in [`Model::held_true`], and how it ends in [`Model::ends`].
const LISTS: [&[Step]; 3] =
    [&[AskAccess, Release], &[Hold, Lift], &[AskDeletion, Approve, Cool, GoOn]];

/// Which of the open requests a hold is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    Access,
    Deletion,
}

/// One person, and what the model knows of them.
struct Model<'h> {
    house: &'h House,
    shelves: &'h [Arc<Shelf>; 2],
    by: &'h [Member; 2],
    address: String,
    on: On,
    access: Option<Reference>,
    deletion: Option<Reference>,
    held: Option<On>,
    /// The plan that two have approved, as long as that counts.
    approved: Option<PlanDigest>,
    /// Rows that were there when they asked for a copy.
    to_copy: usize,
    /// How far each list is.
    at: [usize; LISTS.len()],
    taken: Vec<Step>,
}

/// All that can be told of a person: how far each list is, and how things stand.
type Place = ([usize; LISTS.len()], String);

/// Which places were seen, and where each list leads from there.
#[derive(Debug, Default)]
struct Map {
    ways: BTreeMap<Place, BTreeMap<usize, Place>>,
    /// From where nothing new can be reached.
    spent: BTreeSet<Place>,
}

/// The lists that have steps left.
fn open(at: &[usize; LISTS.len()]) -> impl Iterator<Item = usize> {
    (0..LISTS.len()).filter(move |list| at[*list] < LISTS[*list].len())
}

impl Map {
    /// The list to take from a place on the way to a step that was not taken yet.
    fn next(&mut self, place: &Place) -> Option<usize> {
        if self.spent.contains(place) {
            return None;
        }
        let known = self.ways.get(place).cloned().unwrap_or_default();
        let fresh = open(&place.0).find(|list| !known.contains_key(list));
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

/// Rows of everybody at the beginning.
const ROWS: usize = 5;

impl<'h> Model<'h> {
    fn new(
        house: &'h House,
        shelves: &'h [Arc<Shelf>; 2],
        by: &'h [Member; 2],
        number: usize,
        on: On,
    ) -> Self {
        let address = format!("person{number}@example.org");
        let [shop, crm] = shelves;
        for (collection, row) in
            [("visit", "a"), ("visit", "b"), ("invoice", "i"), ("account", "p")]
        {
            shop.add(collection, &format!("{row}{number}"), &address);
        }
        crm.add("ticket", &format!("t{number}"), &address);
        let (access, deletion, held, approved) = (None, None, None, None);
        let (to_copy, at, taken) = (0, [0; LISTS.len()], Vec::new());
        Self {
            house,
            shelves,
            by,
            address,
            on,
            access,
            deletion,
            held,
            approved,
            to_copy,
            at,
            taken,
        }
    }

    async fn place(&self) -> Place {
        let mut said = Vec::new();
        for reference in [&self.access, &self.deletion] {
            let Some(reference) = reference else { continue };
            let request = self.house.request(reference).await;
            let steps = self.house.states(reference).await;
            let (status, answered) = (request.status, request.answered_at.is_some());
            let (blockers, outcome) = (request.blockers, request.outcome);
            said.push(format!("{status} {answered} {blockers:?} {outcome:?} {steps:?}"));
        }
        let approved = self.approved.is_some();
        said.push(format!("{:?} {approved} {} {}", self.held, self.left(), self.to_copy));
        (self.at, said.join("; "))
    }

    fn left(&self) -> usize {
        self.shelves.iter().map(|shelf| shelf.left(&self.address).len()).sum()
    }

    async fn status(&self, of: On) -> Option<Status> {
        let reference = if of == On::Access { &self.access } else { &self.deletion };
        let Some(reference) = reference else { return None };
        Some(self.house.request(reference).await.status)
    }

    /// Whether they wait for a copy of what would be gone.
    async fn waits_for_copy(&self) -> bool {
        self.status(On::Access).await.is_some_and(|status| !status.is_closed())
    }

    async fn asks(&self, right: Right) -> Reference {
        let reference = self.house.asks(&[right], &self.address).await;
        self.house.settle(0).await;
        self.house.types_code(&reference).await;
        self.house.settle(0).await;
        reference
    }

    /// Takes a step, and looks whether what must hold has held.
    async fn take(&mut self, step: Step) {
        self.taken.push(step);
        let (left, copy) = (self.left(), self.status(On::Access).await);
        let (held, waits) = (self.held, self.waits_for_copy().await);
        let desk = self.house.desk();
        let officer = Member { stepped_up_at: desk.now(), ..self.by[0].clone() };
        let mut steps = 0;
        match step {
            AskAccess => {
                self.to_copy = left;
                self.access = Some(self.asks(Right::Access).await);
                assert_eq!(self.status(On::Access).await, Some(Status::InReview), "{self}");
            }
            Release => {
                let reference = self.access.clone().expect("it comes after");
                let deed = desk.release(&officer, &reference).await.unwrap();
                let may = if held == Some(On::Access) { Deed::NotNow } else { Deed::Done };
                assert_eq!(deed, may, "{self}");
            }
            Hold => {
                let reference = match self.on {
                    On::Access => self.access.clone(),
                    On::Deletion => self.deletion.clone(),
                };
                if let Some(reference) = reference {
                    let closed = self.status(self.on).await.is_some_and(Status::is_closed);
                    let review = desk.now() + SignedDuration::from_hours(999);
                    let deed = desk.hold(&officer, &reference, review, &why()).await.unwrap();
                    assert_eq!(deed, if closed { Deed::NotNow } else { Deed::Done }, "{self}");
                    self.held = (!closed).then_some(self.on);
                }
            }
            Lift => self.lift(&officer).await,
            AskDeletion => {
                self.deletion = Some(self.asks(Right::Deletion).await);
                assert_eq!(self.status(On::Deletion).await, Some(Status::InReview), "{self}");
            }
            Approve => self.approve().await,
            Cool => {
                self.house.later(25);
                desk.tick().await.unwrap();
                steps = 1;
            }
            GoOn => steps = usize::MAX,
        }
        self.house.settle(steps).await;
        self.held_true(left, copy, held, waits).await;
        let free = self.approved.is_some() && self.held.is_none() && !self.waits_for_copy().await;
        let mean = match step {
            GoOn if free => Some(0),
            // Files of the store that comes first: one row.
            Cool if free && left == ROWS => Some(ROWS - 1),
            _ => None,
        };
        assert!(mean.is_none_or(|mean| mean == self.left()), "{self}: {} are left", self.left());
    }

    async fn lift(&mut self, officer: &Member) {
        let Some(held) = self.held.take() else { return };
        let reference = if held == On::Access { &self.access } else { &self.deletion };
        let reference = reference.clone().expect("it was held");
        let deed = self.house.desk().lift_hold(officer, &reference, &why()).await.unwrap();
        assert_eq!(deed, Deed::Done, "{self}");
        if held == On::Deletion {
            // The stores are asked anew, and people after them.
            self.approved = None;
        }
    }

    async fn approve(&mut self) {
        let reference = self.deletion.clone().expect("it comes after");
        let digest = self.house.plan(&reference).await.digest;
        for member in self.by {
            let deed = self.house.agrees(member, &reference, &digest).await;
            let may = if self.held.is_some() { Deed::NotNow } else { Deed::Done };
            assert_eq!(deed, may, "{self}");
        }
        if self.held.is_none() {
            self.approved = Some(digest);
        }
    }

    /// What must hold of every step: what was there before it, how the copy stood, what was held,
    /// and whether they waited for a copy.
    async fn held_true(&self, left: usize, copy: Option<Status>, held: Option<On>, waits: bool) {
        let erased = self.left() < left;
        assert!(!erased || held.is_none(), "{self}: erased while held");
        assert!(!erased || self.held.is_none(), "{self}: erased while held");
        assert!(!erased || !waits, "{self}: erased before the copy was made");
        if erased {
            let reference = self.deletion.as_ref().expect("somebody asked");
            let plan = self.house.plan(reference).await.digest;
            assert_eq!(self.approved, Some(plan), "{self}: erased what nobody approved");
        }
        let now = self.status(On::Access).await;
        if now != copy && now == Some(Status::Fulfilled) {
            assert_ne!(held, Some(On::Access), "{self}: let out while held");
        }
        for shelf in self.shelves {
            assert_eq!(shelf.left(BOB).len(), shelf.methods.len(), "{self}: not theirs");
        }
    }

    /// What is left to be done is done, and both are answered.
    async fn ends(&mut self) {
        let officer = Member { stepped_up_at: self.house.desk().now(), ..self.by[0].clone() };
        self.lift(&officer).await;
        self.house.settle(usize::MAX).await;
        if self.status(On::Access).await == Some(Status::InReview) {
            self.take(Release).await;
        }
        if self.status(On::Deletion).await == Some(Status::InReview) {
            self.take(Approve).await;
        }
        self.take(Cool).await;
        self.take(GoOn).await;
        let [access, deletion] = [&self.access, &self.deletion].map(|it| it.clone().unwrap());
        let request = self.house.request(&deletion).await;
        assert_eq!(
            (request.status, request.outcome),
            (Status::Fulfilled, Some(Outcome::Full)),
            "{self}"
        );
        assert_eq!(self.house.receipt(&deletion).await["outcome"], "full", "{self}");
        assert_eq!(self.left(), 0, "{self}");
        let request = self.house.request(&access).await;
        assert!(request.status == Status::Fulfilled && request.answered_at.is_some(), "{self}");
        let copied: u64 =
            self.house.tasks(&access).await.values().map(|task| task.tally.rows).sum();
        assert_eq!(usize::try_from(copied).unwrap(), self.to_copy, "{self}: rows of the copy");
    }
}

impl std::fmt::Display for Model<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} by {:?} with a hold on {:?}", self.address, self.taken, self.on)
    }
}

async fn every_order(on: On) {
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
        house.worker.desk = Desk::new(
            house.worker.db.clone(),
            Arc::<FixedClock>::clone(&house.clock),
            Arc::clone(&house.worker.entropy),
            Arc::new(EpochKeys::open(&house.folder.path().join("keys")).unwrap()),
            Arc::new(house.desk().stores().clone()),
            Arc::new(settings),
        );
        let by = house.two().await;
        let (mut map, mut start) = (Map::default(), None);
        for number in 0.. {
            let mut model = Model::new(&house, &shelves_of, &by, number, on);
            let mut place = model.place().await;
            let from = start.get_or_insert_with(|| place.clone()).clone();
            if map.next(&from).is_none() {
                break;
            }
            // To the end in any case: what is left undone would be in the way of others.
            while let Some(list) = map.next(&place).or_else(|| open(&model.at).next()) {
                model.take(LISTS[list][model.at[list]]).await;
                model.at[list] += 1;
                let to = model.place().await;
                map.lead(place, list, &to);
                place = to;
            }
            model.ends().await;
        }
        // Eight steps, of which two, two and four keep their order.
        assert_eq!(map.orders(&start.expect("somebody came")), 420, "{on:?}");
    })
    .await;
}

#[tokio::test]
async fn every_order_of_access_deletion_and_a_hold_on_the_copy_ends_well() {
    every_order(On::Access).await;
}

#[tokio::test]
async fn every_order_of_access_deletion_and_a_hold_on_the_deletion_ends_well() {
    every_order(On::Deletion).await;
}
