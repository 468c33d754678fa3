//! A service's own records after years of work: many requests, nearly all of them closed.

use jiff::{SignedDuration, Timestamp};
use rightsdesk::db::Db;
use rightsdesk::db::staff::Account;
use rightsdesk::domain::address::EmailAddress;
use rightsdesk::domain::gather::Blocker;
use rightsdesk::domain::intake::{Contact, Intake};
use rightsdesk::domain::language::Language;
use rightsdesk::domain::request::{Channel, NewRequest, Request};
use rightsdesk::domain::right::Right;
use rightsdesk::domain::staff::{AccountState, Role};
use rightsdesk::domain::state::{Approval, Found, Move};
use rightsdesk::ids::{Entropy, IntakeId, OsEntropy, Reference, RequestId, StaffId};
use rightsdesk::keys::password::Password;
use uuid::Uuid;

/// The password of every officer.
pub(crate) const PASSWORD: &str = "a queue of a million requests";
/// The secret of every officer's second factor.
pub(crate) const FACTOR: [u8; 20] = [7; 20];
const OFFICERS: u32 = 12;
/// Years back to the first request.
const YEARS: i64 = 3;
/// Requests written in one transaction; two of them share a form.
const BATCH: u32 = 10_000;
/// Addresses of closed requests are kept so long.
const ADDRESS_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What the bench looks for by name.
pub(crate) struct Known {
    /// The reference of a request from the middle.
    pub(crate) reference: Reference,
    /// The address of a person whose request is open.
    pub(crate) address: EmailAddress,
}

/// An officer, the first of whom signs in.
pub(crate) fn officer(number: u32) -> StaffId {
    StaffId(Uuid::from_u128(u128::from(number) + 1))
}

pub(crate) fn address(name: &str, number: u32) -> EmailAddress {
    EmailAddress::parse(&format!("{name}{number}@example.org")).expect("it is one")
}

/// Fills an empty database.
pub(crate) async fn make(db: &Db, many: u32, now: Timestamp) -> Known {
    let tx = db.begin().await.expect("the database is there");
    let password = Password::typed(PASSWORD).hash(&[7; 16]);
    for number in 0..OFFICERS {
        let (email, roles) = (address("officer", number), [Role::Officer].into());
        let account = Account {
            name: format!("Officer {number}"),
            state: AccountState::Active,
            password: Some(password.clone()),
            totp: Some(FACTOR.to_vec().into()),
            ..Account::invited(officer(number), email, roles, Language::En, now)
        };
        tx.insert_account(&account).await.expect("it is new");
    }
    tx.commit().await.expect("it is written");
    let mut known = None;
    for first in (0..many).step_by(usize::try_from(BATCH).expect("it is small")) {
        let tx = db.begin().await.expect("the database is there");
        let mut intake = None;
        for number in first..many.min(first + BATCH) {
            let kind = Kind::of(number);
            let received_at = kind.received_at(number, many, now);
            if number % 2 == 0 || intake.is_none() {
                let email = address("person", number / 2);
                let keeps = !matches!(kind, Kind::Closed) || received_at + ADDRESS_KEPT > now;
                let contact = Contact { email: Some(email), ..Contact::default() };
                let made = Intake {
                    id: IntakeId((&OsEntropy as &dyn Entropy).uuid(received_at)),
                    received_at,
                    language: Language::En,
                    country: None,
                    contact: keeps.then_some(contact),
                    reminded_at: None,
                };
                tx.insert_intake(&made).await.expect("it is new");
                intake = Some(made.id);
            }
            let reference = tx.new_reference(&OsEntropy).await.expect("there are many left");
            let intake = intake.expect("it was made");
            let request = kind.request(number, intake, reference, received_at);
            if number == many / 2 {
                let address = address("person", open_one(many) / 2);
                known = Some(Known { reference: request.reference.clone(), address });
            }
            tx.insert_request(&request).await.expect("it is new");
        }
        tx.commit().await.expect("it is written");
    }
    known.expect("there is a middle")
}

/// The number of a request in the middle that is open.
fn open_one(many: u32) -> u32 {
    (many / 2..many).find(|number| matches!(Kind::of(*number), Kind::Open)).expect("some are open")
}

/// Where a request stands: 2 in 100 are open, 1 waits for its code, 2 were spam.
#[derive(Clone, Copy)]
enum Kind {
    Open,
    Unverified,
    Spam,
    Closed,
}

impl Kind {
    fn of(number: u32) -> Self {
        match number / 2 % 100 {
            0 | 1 => Self::Open,
            2 => Self::Unverified,
            3 | 4 => Self::Spam,
            _ => Self::Closed,
        }
    }

    /// Evenly over its time: years, or what the service lets a request of its kind wait.
    fn received_at(self, number: u32, many: u32, now: Timestamp) -> Timestamp {
        let hours = match self {
            // One in twenty is late.
            Self::Open if number % 20 == 1 => 240,
            Self::Open => 71,
            Self::Unverified => 47,
            Self::Spam | Self::Closed => YEARS * 365 * 24,
        };
        let whole = SignedDuration::from_hours(hours);
        let left = i32::try_from(many - number).expect("it is a few millions at most");
        now - whole / i32::try_from(many).expect("as before") * left
    }

    fn request(
        self,
        number: u32,
        intake: IntakeId,
        reference: Reference,
        received_at: Timestamp,
    ) -> Request {
        let pick = |many: u32| number / 7 % many;
        let channel = match pick(25) {
            at @ 1..=4 => Channel::ALL[usize::try_from(at).expect("it is small")],
            _ => Channel::Form,
        };
        let mut request = Request::open(NewRequest {
            id: RequestId((&OsEntropy as &dyn Entropy).uuid(received_at)),
            intake,
            reference,
            right: if pick(3) == 0 { Right::Export } else { Right::Access },
            on_behalf: false,
            channel,
            received_at,
        });
        request.assignee = (pick(10) < 6).then(|| officer(number / 3 % OFFICERS));
        // Told already, so that the service which is measured has nothing else to do.
        request.alerted = 100;
        request.late_told_at = Some(received_at);
        let soon = received_at + SignedDuration::from_mins(9);
        let steps: &[Move] = match self {
            Self::Unverified => &[],
            Self::Spam => &[Move::Verified, Move::TakenForSpam],
            Self::Open if pick(4) == 0 => &[Move::Verified],
            Self::Open => &[Move::Verified, Move::Gathered(Approval::Needed, Found::Something)],
            Self::Closed => match pick(20) {
                0 => &[Move::Lapsed],
                1 => &[Move::Verified, Move::Withdrawn],
                2 => &[Move::Verified, Move::Refused],
                _ => &[
                    Move::Verified,
                    Move::Gathered(Approval::NotNeeded, Found::Something),
                    Move::ArchiveReady,
                ],
            },
        };
        for step in steps {
            request.step(*step, soon).expect("the table has it");
        }
        if matches!(self, Self::Open) && pick(30) == 0 {
            request.blockers.insert(Blocker::TwoPeople);
        }
        if matches!(self, Self::Closed) && request.verified_at.is_some() {
            request.answered_at = request.completed_at;
        }
        request
    }
}
