//! Webhooks: what programs of the company are told of requests, and for how long it is tried.
//!
//! Words, times and references only: who asks, and what was found, is never told.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::code::stored_words;
use super::promise::{Promise, PromiseState};
use super::request::{Channel, Outcome, Request};
use super::right::Right;
use super::state::{Move, Status};
use crate::ids::RequestId;

stored_words!(WebhookKind {
    RequestReceived = "request.received",
    RequestVerified = "request.verified",
    ArchiveReady = "archive.ready",
    RequestFulfilled = "request.fulfilled",
    RequestRefused = "request.refused",
    DeadlineAtRisk = "deadline.at_risk",
});

/// What an endpoint can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WebhookKind {
    /// Some channel accepted a request.
    RequestReceived,
    /// The person proved the address, or staff vouched for them.
    RequestVerified,
    /// An archive can be fetched; also one that was made again.
    ArchiveReady,
    /// Everything is done, also where nothing was found.
    RequestFulfilled,
    /// Refused, or taken for spam.
    RequestRefused,
    /// Three quarters of the promise are gone without an answer; and once more when all of it is.
    DeadlineAtRisk,
}

/// The type of the message that only tries an endpoint out.
pub const TEST_TYPE: &str = "webhook.test";

/// The shares of the promise, in percent, at which its state changes.
const NEWS_AT: [u32; 2] = [75, 100];

/// An endpoint as use cases see it: where it is, and its secret, only the sender knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its name in the configuration.
    pub name: String,
    /// What it is told of.
    pub kinds: Vec<WebhookKind>,
}

stored_words!(DeliveryState {
    Waiting = "waiting",
    Delivered = "delivered",
    Dead = "dead",
    Skipped = "skipped",
});

/// Where a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryState {
    /// To be tried, for the first time or again.
    Waiting,
    /// The endpoint took it.
    Delivered,
    /// Given up, or the endpoint wants no more.
    Dead,
    /// Its endpoint is no longer configured.
    Skipped,
}

stored_words!(DeliveryTrouble {
    NoAddress = "no_address",
    AddressRefused = "address_refused",
    Unreachable = "unreachable",
    Tls = "tls",
    Timeout = "timeout",
    Broken = "broken",
});

/// Why an endpoint gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryTrouble {
    /// Its name has no address.
    NoAddress,
    /// One of its addresses is none that we call.
    AddressRefused,
    /// Nobody listens there.
    Unreachable,
    /// Its certificate does not hold, or it speaks no TLS.
    Tls,
    /// It took too long.
    Timeout,
    /// The connection broke, or what came is not HTTP.
    Broken,
}

/// What an endpoint said to a delivery. Of an answer only the status counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// An HTTP status.
    Status(u16),
    /// None.
    Trouble(DeliveryTrouble),
}

/// What follows from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is delivered.
    Taken,
    /// It is tried again.
    Again,
    /// The endpoint wants no more: 410 Gone.
    Gone,
}

impl Answer {
    /// A redirect is followed by nobody and counts as a failure.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Status(200..=299) => Verdict::Taken,
            Self::Status(410) => Verdict::Gone,
            _ => Verdict::Again,
        }
    }

    /// A stable word for the queue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Status(_) => "webhook_status",
            Self::Trouble(trouble) => trouble.as_str(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Trouble(trouble) => f.write_str(trouble.as_str()),
        }
    }
}

/// The waits after the first, second, … failed try, in seconds: those that Standard Webhooks
/// recommends, three days and some hours in all.
const WAITS: [u64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// How long to wait after so many failed tries, up to a tenth longer by `random`, any number; `None`
/// when that was the last one.
pub fn wait_after(tries: u16, random: u64) -> Option<Duration> {
    let seconds = WAITS.get(usize::from(tries).checked_sub(1)?)?;
    let jitter = random % (seconds * 100 + 1);
    Some(Duration::from_millis(seconds * 1_000 + jitter))
}

/// Whether an endpoint counts as dead: since a delivery was given up none has arrived.
pub fn is_dead(given_up: Option<Timestamp>, delivered: Option<Timestamp>) -> bool {
    given_up > delivered
}

/// What a step that led to `status` is to those outside.
pub const fn news_of(step: Move, status: Status) -> &'static [WebhookKind] {
    use WebhookKind as K;
    match (step, status) {
        (Move::Verified | Move::Vouched | Move::Asserted, _) => &[K::RequestVerified],
        (Move::ArchiveReady, _) => &[K::ArchiveReady, K::RequestFulfilled],
        (_, Status::Fulfilled) => &[K::RequestFulfilled],
        (_, Status::Refused) => &[K::RequestRefused],
        _ => &[],
    }
}

/// Whether the state of a promise changes between two shares of it, in percent.
pub fn is_deadline_news(before: u32, now: u32) -> bool {
    NEWS_AT.iter().any(|at| before < *at && now >= *at)
}

/// A message as it is sent.
#[derive(Serialize)]
struct Payload<D> {
    r#type: &'static str,
    timestamp: Timestamp,
    data: D,
}

/// What is told of a request.
#[derive(Serialize)]
struct Data<'r> {
    id: RequestId,
    reference: &'r str,
    right: Right,
    channel: Channel,
    status: Status,
    outcome: Option<Outcome>,
    received_at: Timestamp,
    #[serde(flatten)]
    deadline: Option<Deadline>,
}

#[derive(Serialize)]
struct Deadline {
    due_at: Timestamp,
    state: Option<PromiseState>,
}

/// The body of a message about a request as it is at `now`, with a promise of `hours`.
///
/// # Panics
/// Never: words, times and ids are JSON.
pub fn payload(kind: WebhookKind, request: &Request, hours: u32, now: Timestamp) -> String {
    let deadline = (kind == WebhookKind::DeadlineAtRisk).then(|| {
        let promise = Promise::at(&request.promise_facts(), hours, now);
        Deadline { due_at: promise.due_at, state: promise.state }
    });
    let data = Data {
        id: request.id,
        reference: request.reference.as_str(),
        right: request.right,
        channel: request.channel,
        status: request.status,
        outcome: request.outcome,
        received_at: request.received_at(),
        deadline,
    };
    let payload = Payload { r#type: kind.as_str(), timestamp: now, data };
    serde_json::to_string(&payload).expect("words, times and ids are JSON")
}

/// The body of a message that tries an endpoint out.
///
/// # Panics
/// Never: a time is JSON.
pub fn test_payload(now: Timestamp) -> String {
    let data = serde_json::Map::new();
    let payload = Payload { r#type: TEST_TYPE, timestamp: now, data };
    serde_json::to_string(&payload).expect("a time is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{IntakeId, Reference};
    use jiff::SignedDuration;
    use uuid::Uuid;

    fn request() -> Request {
        Request::open(super::super::request::NewRequest {
            id: RequestId(Uuid::nil()),
            intake: IntakeId(Uuid::nil()),
            reference: Reference::parse("R-7F3K9Q2M").unwrap(),
            right: Right::Access,
            on_behalf: false,
            channel: Channel::Form,
            received_at: "2026-11-21T10:00:00Z".parse().unwrap(),
        })
    }

    #[test]
    fn it_is_tried_ten_times_within_three_days_and_a_bit() {
        let waits = |random| -> Vec<Duration> {
            (1..).map_while(|tries| wait_after(tries, random)).collect()
        };
        let plain: Vec<u64> = waits(0).iter().map(Duration::as_secs).collect();
        assert_eq!(plain, WAITS);
        let all: Duration = waits(0).iter().sum();
        assert!((Duration::from_hours(72)..Duration::from_hours(80)).contains(&all), "{all:?}");
        assert_eq!(wait_after(10, 0), None, "the tenth try is the last");
        assert_eq!(wait_after(0, 0), None, "nothing has failed yet");
        for random in (0..10_000).map(|n| n * 7_919) {
            for (wait, least) in waits(random).iter().zip(WAITS) {
                let least = Duration::from_secs(least);
                assert!((least..=least * 11 / 10).contains(wait), "{wait:?}");
            }
        }
    }

    #[test]
    fn only_a_plain_success_is_one() {
        for status in [200, 201, 204, 299] {
            assert_eq!(Answer::Status(status).verdict(), Verdict::Taken, "{status}");
        }
        for status in [100, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503] {
            assert_eq!(Answer::Status(status).verdict(), Verdict::Again, "{status}");
        }
        assert_eq!(Answer::Status(410).verdict(), Verdict::Gone);
        for trouble in DeliveryTrouble::ALL {
            assert_eq!(Answer::Trouble(*trouble).verdict(), Verdict::Again);
        }
    }

    #[test]
    fn an_endpoint_is_dead_until_something_arrives() {
        let at = |hour| Some(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour));
        assert!(!is_dead(None, None));
        assert!(is_dead(at(1), None));
        assert!(is_dead(at(2), at(1)));
        assert!(!is_dead(at(1), at(2)));
        assert!(!is_dead(None, at(1)));
    }

    #[test]
    fn a_promise_is_news_when_its_state_changes() {
        for (before, now, news) in [
            (0, 50, false),
            (50, 75, true),
            (0, 90, true),
            (75, 90, false),
            (90, 100, true),
            (0, 100, true),
            (100, 100, false),
        ] {
            assert_eq!(is_deadline_news(before, now), news, "{before} {now}");
        }
    }

    #[test]
    fn a_body_has_these_fields_and_no_other() {
        let now = "2026-11-24T04:00:00Z".parse().unwrap();
        let body = payload(WebhookKind::RequestReceived, &request(), 72, now);
        assert_eq!(
            body,
            r#"{"type":"request.received","timestamp":"2026-11-24T04:00:00Z","data":{"id":"00000000-0000-0000-0000-000000000000","reference":"R-7F3K9Q2M","right":"access","channel":"form","status":"awaiting_verification","outcome":null,"received_at":"2026-11-21T10:00:00Z"}}"#
        );
        let mut verified = request();
        verified.step(Move::Verified, verified.received_at()).unwrap();
        let body = payload(WebhookKind::DeadlineAtRisk, &verified, 72, now);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["data"]["due_at"], "2026-11-24T10:00:00Z");
        assert_eq!(body["data"]["state"], "at_risk");
        assert_eq!(
            test_payload(now),
            r#"{"type":"webhook.test","timestamp":"2026-11-24T04:00:00Z","data":{}}"#
        );
    }

    #[test]
    fn a_move_tells_what_it_led_to() {
        use super::super::state::{Approval, Found};
        use WebhookKind as K;
        let nothing = Move::Gathered(Approval::NotNeeded, Found::Nothing);
        for (from, step, news) in [
            (Status::AwaitingVerification, Move::Verified, &[K::RequestVerified][..]),
            (Status::AwaitingVerification, Move::Vouched, &[K::RequestVerified]),
            (Status::AwaitingVerification, Move::Lapsed, &[]),
            (Status::Executing, Move::ArchiveReady, &[K::ArchiveReady, K::RequestFulfilled]),
            (Status::Gathering, nothing, &[K::RequestFulfilled]),
            (Status::InReview, Move::Released(Found::Something), &[]),
            (Status::InReview, Move::Released(Found::Nothing), &[K::RequestFulfilled]),
            (Status::InReview, Move::Refused, &[K::RequestRefused]),
            (Status::Gathering, Move::TakenForSpam, &[K::RequestRefused]),
            (Status::Gathering, Move::Withdrawn, &[]),
        ] {
            let (to, _) = from.on(step).unwrap();
            assert_eq!(news_of(step, to), news, "{step:?}");
        }
    }
}
