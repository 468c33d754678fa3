//! One person, what can happen to their requests, and what must hold of it.

use super::super::erase::{BOB, why};
use super::super::shelf::Shelf;
use super::super::*;
use super::Place;
use crate::domain::plan::PlanDigest;
use crate::domain::request::Outcome;
use crate::domain::staff::Member;
use crate::domain::state::Status;
use crate::service::case::Deed;

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
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
    /// Time goes by, and the workers go on.
    GoOn,
    /// They ask for the restriction of their data, prove who they are, and an officer agrees.
    Restrict,
    /// The end of the restriction is announced, and comes.
    Unrestrict,
}

use Step::{
    Approve, AskAccess, AskDeletion, Cool, GoOn, Hold, Lift, Release, Restrict, Unrestrict,
};

/// What comes one after the other; of different lists everything comes in any order. Another right
/// of the person is one more list, an arm in [`Model::take`] for each of its steps, what it forbids
/// in [`Model::held_true`], and how it ends in [`Model::ends`].
pub(super) const ACCESS: &[Step] = &[AskAccess, Release];
pub(super) const HOLD: &[Step] = &[Hold, Lift];
pub(super) const DELETION: &[Step] = &[AskDeletion, Approve, Cool, GoOn];
pub(super) const RESTRICTION: &[Step] = &[Restrict, Unrestrict];

/// Which of the open requests a hold is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    Access,
    Deletion,
}

/// One person, and what the model knows of them.
pub(super) struct Model<'h> {
    house: &'h House,
    shelves: &'h [Arc<Shelf>; 2],
    by: &'h [Member; 2],
    address: String,
    on: On,
    access: Option<Reference>,
    deletion: Option<Reference>,
    held: Option<On>,
    restriction: Option<Reference>,
    /// Whether their data are restricted.
    restricted: bool,
    /// The plan that two have approved, as long as that counts.
    approved: Option<PlanDigest>,
    /// Rows that were there when they asked for a copy.
    to_copy: usize,
    /// How far each list is.
    pub(super) at: Vec<usize>,
    taken: Vec<Step>,
}

/// Rows of everybody at the beginning.
const ROWS: usize = 5;

impl<'h> Model<'h> {
    pub(super) fn new(
        house: &'h House,
        shelves: &'h [Arc<Shelf>; 2],
        by: &'h [Member; 2],
        number: usize,
        (on, lists): (On, usize),
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
        let (restriction, restricted) = (None, false);
        let (to_copy, at, taken) = (0, vec![0; lists], Vec::new());
        Self {
            house,
            shelves,
            by,
            address,
            on,
            access,
            deletion,
            held,
            restriction,
            restricted,
            approved,
            to_copy,
            at,
            taken,
        }
    }

    pub(super) async fn place(&self) -> Place {
        let mut said = Vec::new();
        for reference in [&self.access, &self.deletion, &self.restriction] {
            let Some(reference) = reference else { continue };
            let request = self.house.request(reference).await;
            let steps = self.house.states(reference).await;
            let (status, answered) = (request.status, request.answered_at.is_some());
            let (blockers, outcome) = (request.blockers, request.outcome);
            said.push(format!("{status} {answered} {blockers:?} {outcome:?} {steps:?}"));
        }
        let approved = self.approved.is_some();
        let (held, restricted) = (self.held, self.restricted);
        said.push(format!("{held:?} {restricted} {approved} {} {}", self.left(), self.to_copy));
        (self.at.clone(), said.join("; "))
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
    pub(super) async fn take(&mut self, step: Step) {
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
            GoOn => {
                desk.tick().await.unwrap();
                steps = usize::MAX;
            }
            Restrict => self.restrict(&officer).await,
            Unrestrict => self.unrestrict(&officer).await,
        }
        self.house.settle(steps).await;
        self.held_true(left, copy, held, waits).await;
        let rests = self.held.is_some() || self.restricted || self.waits_for_copy().await;
        let free = self.approved.is_some() && !rests;
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
            let rests = self.held.is_some() || self.restricted;
            assert_eq!(deed, if rests { Deed::NotNow } else { Deed::Done }, "{self}");
        }
        if self.held.is_none() && !self.restricted {
            self.approved = Some(digest);
        }
    }

    /// Not while they are being deleted: it would come too late for some of the data.
    async fn restrict(&mut self, officer: &Member) {
        let reference = match self.restriction.clone() {
            Some(asked) => asked,
            None => self.asks(Right::Restriction).await,
        };
        let status = self.status(On::Deletion).await;
        let deed = self.house.desk().release(officer, &reference).await.unwrap();
        let may = status != Some(Status::Executing);
        assert_eq!(deed, if may { Deed::Done } else { Deed::NotNow }, "{self}");
        (self.restriction, self.restricted) = (Some(reference), may);
    }

    async fn unrestrict(&mut self, officer: &Member) {
        let Some(reference) = self.restriction.clone().filter(|_| self.restricted) else { return };
        self.house.settle(0).await;
        let desk = self.house.desk();
        let deed = desk.announce_lift(officer, &reference, &why()).await.unwrap();
        assert_eq!(deed, Deed::Done, "{self}");
        self.house.settle(0).await;
        self.house.later(2);
        let id = self.house.request(&reference).await.id;
        let tx = self.house.worker.db.begin().await.unwrap();
        desk.lift_due(&tx, id).await.unwrap();
        tx.commit().await.unwrap();
        self.restricted = false;
    }

    /// What must hold of every step: what was there before it, how the copy stood, what was held,
    /// and whether they waited for a copy.
    async fn held_true(&self, left: usize, copy: Option<Status>, held: Option<On>, waits: bool) {
        let erased = self.left() < left;
        assert!(!erased || held.is_none(), "{self}: erased while held");
        assert!(!erased || self.held.is_none(), "{self}: erased while held");
        assert!(!erased || !self.restricted, "{self}: erased while restricted");
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
    pub(super) async fn ends(&mut self) {
        let officer = Member { stepped_up_at: self.house.desk().now(), ..self.by[0].clone() };
        self.lift(&officer).await;
        self.unrestrict(&officer).await;
        self.house.settle(usize::MAX).await;
        if self.status(On::Access).await == Some(Status::InReview) {
            self.take(Release).await;
        }
        if self.status(On::Deletion).await == Some(Status::InReview) {
            self.take(Approve).await;
        }
        self.take(Cool).await;
        self.take(GoOn).await;
        let deletion = self.deletion.clone().unwrap();
        let request = self.house.request(&deletion).await;
        assert_eq!(
            (request.status, request.outcome),
            (Status::Fulfilled, Some(Outcome::Full)),
            "{self}"
        );
        assert_eq!(self.house.receipt(&deletion).await["outcome"], "full", "{self}");
        assert_eq!(self.left(), 0, "{self}");
        let Some(access) = self.access.clone() else { return };
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
