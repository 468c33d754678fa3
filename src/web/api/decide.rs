//! What a program decides about a request.

use axum::extract::State;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::Json;
use super::guard::Caller;
use super::model::RequestView;
use super::problem::{Kind, Problem};
use super::requests::{Named, not_found};
use super::typed::Words;
use super::words::{PauseWord, RefusalWord};
use super::{Api, ok};
use crate::domain::decision::PauseGround;
use crate::domain::plan::PlanDigest;
use crate::domain::policy::Action;
use crate::domain::refusal::Lacking;
use crate::ids::{Reference, StaffId};
use crate::service::case::Deed;
use crate::service::read::asked::{AskedRead, RequestName};

/// A hold is looked at again after so long unless another time is named.
const REVIEW_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Plain {}

/// What is approved.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approval {
    /// The digest of a plan of deletion; people approve those, and no program does
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    digest: Option<String>,
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    /// In words; the person reads it where they are told
    reason: Words,
}

/// Why work rests.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pause {
    /// In words, for colleagues
    reason: Words,
    /// What for; `internal` unless said
    ground: Option<PauseWord>,
}

/// Why nothing may be done with the data.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HoldBody {
    /// In words, for colleagues
    reason: Words,
    /// When somebody looks at it again; in 30 days unless said
    #[schema(value_type = Option<String>, format = DateTime)]
    review_at: Option<Timestamp>,
}

/// Why it is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusal {
    /// The ground
    ground: RefusalWord,
    /// The facts, in words that the person reads
    facts: Words,
}

/// Whose it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assignment {
    /// The id of a member of staff; null for nobody
    #[serde(deserialize_with = "there")]
    #[schema(required = true)]
    to: Option<Uuid>,
}

/// A field that has to be there, be it null.
fn there<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Uuid>, D::Error> {
    Option::deserialize(from)
}

/// What is to be tried again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Retry {
    /// A store; without it the archive or the mail that was given up
    store: Option<String>,
}

/// Who reads a message.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reader {
    /// The person, on the status page
    Person,
    /// Staff alone
    Staff,
}

/// Something to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    /// The words
    text: Words,
    /// Who reads them
    to: Reader,
}

/// The request to decide on, which there has to be.
async fn opened(api: &Api, name: &RequestName) -> Result<AskedRead, Problem> {
    api.desk().asked(name).await?.ok_or_else(not_found)
}

/// The request after the decision, or why there was none.
async fn decided(
    api: &Api,
    caller: &Caller,
    name: &RequestName,
    deed: Deed,
) -> Result<Response, Problem> {
    if deed == Deed::Done {
        return Ok(ok(&RequestView::new(&opened(api, name).await?)));
    }
    Err(refused(api, caller, name, deed).await?)
}

/// Why a decision was not carried out.
pub(super) async fn refused(
    api: &Api,
    caller: &Caller,
    name: &RequestName,
    deed: Deed,
) -> Result<Problem, Problem> {
    Ok(match deed {
        Deed::NoSuchRequest => not_found(),
        Deed::Denied(_) => Problem::new(Kind::NotYours, "decide about what this token handed in"),
        Deed::AuditFirst => Problem::shut(),
        Deed::Lacking(lacking) => {
            let field = match lacking {
                Lacking::Ground => "ground",
                Lacking::Facts => "facts",
                Lacking::Authority => "",
            };
            Problem::field(field, "missing_part", lacking.to_string())
        }
        Deed::Done | Deed::NotNow | Deed::OtherOfficer | Deed::ProofFirst => {
            let read = opened(api, name).await?;
            let can = api.desk().asked_can(caller.grant(), name).await?;
            let detail = "look at the request again; `allowed` is what can be done now";
            Problem::new(Kind::WrongStatus, detail).allowing(allowed(&can, &read))
        }
    })
}

/// What can be done, as the last part of the path that does it.
fn allowed(can: &[Action], read: &AskedRead) -> Vec<&'static str> {
    let request = &read.request;
    let verb = |action: &Action| {
        Some(match action {
            Action::Release => "approve",
            Action::Refuse => "refuse",
            Action::Extend => "extend",
            Action::Pause if request.pause.is_some() => "resume",
            Action::Pause => "pause",
            Action::Hold if request.hold.is_some() => "release",
            Action::Hold => "hold",
            Action::Assign => "assign",
            Action::Retry => "retry",
            Action::Note | Action::Write => "messages",
            Action::Revoke => "revoke",
            _ => return None,
        })
    };
    let mut allowed: Vec<&'static str> = can.iter().filter_map(verb).collect();
    allowed.sort_unstable();
    allowed.dedup();
    allowed
}

/// A decision: what its path is, what it does, and how.
macro_rules! decision {
    (
        $(#[doc = $doc:literal])+
        $name:ident, $path:literal, $body:ty,
        |$desk:ident, $by:ident, $at:ident, $said:pat_param| $deed:expr
    ) => {
        $(#[doc = $doc])+
        #[utoipa::path(
            post, path = $path, tag = "decisions", request_body = $body,
            params(("id" = String, Path, description = "Id or reference")),
            responses(
                (status = 200, description = "The request as it is now", body = RequestView),
                (status = 409, description = "Not in this status", body = Problem,
                    content_type = "application/problem+json"),
            ),
        )]
        pub(super) async fn $name(
            State(api): State<Api>,
            caller: Caller,
            Named(name): Named,
            body: Json<$body>,
        ) -> Result<Response, Problem> {
            let $at: &Reference = &opened(&api, &name).await?.request.reference;
            let ($desk, $by, $said) = (api.desk(), caller.grant(), body.value);
            let deed = $deed;
            decided(&api, &caller, &name, deed).await
        }
    };
}

decision!(
    /// Let out what was gathered
    ///
    /// The archive is finished and the person is told, or told that nothing was found. Not while it is
    /// held, rests, or has blockers; those are for staff to clear. A deletion is approved by people in
    /// the console alone, each for themselves.
    approve, "/requests/{id}/approve", Approval,
    |desk, by, at, said| {
        if said.digest.is_some_and(|digest| PlanDigest::parse(&digest).is_none()) {
            return Err(Problem::field("digest", "form", "is no digest of a plan"));
        }
        if desk.is_deletion(at).await? {
            return Err(Problem::new(Kind::NotYours, "let people approve it in the console"));
        }
        desk.release(by, at).await?
    }
);
decision!(
    /// Refuse
    ///
    /// The person is mailed the decision with its ground, the facts, and their ways to have it checked.
    refuse, "/requests/{id}/refuse", Refusal,
    |desk, by, at, said| desk.refuse(by, at, said.ground.0, &said.facts.read("facts")?).await?
);
decision!(
    /// Take the longer statutory time, once
    ///
    /// The person is mailed the reason. It moves nothing about the promise.
    extend, "/requests/{id}/extend", Reason,
    |desk, by, at, said| desk.extend(by, at, &said.reason.read("reason")?).await?
);
decision!(
    /// Let work rest
    pause, "/requests/{id}/pause", Pause,
    |desk, by, at, said| {
        let ground = said.ground.map_or(PauseGround::Internal, |word| word.0);
        desk.pause(by, at, ground, Some(&said.reason.read("reason")?)).await?
    }
);
decision!(
    /// Take work up again
    resume, "/requests/{id}/resume", Plain,
    |desk, by, at, Plain {}| desk.go_on(by, at).await?
);
decision!(
    /// Hold: nothing may be done with the data
    hold, "/requests/{id}/hold", HoldBody,
    |desk, by, at, said| {
        let reason = said.reason.read("reason")?;
        let review_at = said.review_at.unwrap_or(desk.now() + REVIEW_AFTER);
        if review_at <= desk.now() {
            return Err(Problem::field("review_at", "past", "lies in the past"));
        }
        desk.hold(by, at, review_at, &reason).await?
    }
);
decision!(
    /// End a hold
    release, "/requests/{id}/release", Reason,
    |desk, by, at, said| desk.lift_hold(by, at, &said.reason.read("reason")?).await?
);
decision!(
    /// Withdraw in the name of the person
    ///
    /// Only what this token handed in. What was gathered is destroyed.
    withdraw, "/requests/{id}/withdraw", Plain,
    |desk, by, at, Plain {}| desk.withdraw_asked(by, at).await?
);
decision!(
    /// Say whose it is
    assign, "/requests/{id}/assign", Assignment,
    |desk, by, at, said| desk.assign(by, at, said.to.map(StaffId)).await?
);
decision!(
    /// Try again what was given up
    retry, "/requests/{id}/retry", Retry,
    |desk, by, at, said| desk.retry(by, at, said.store.as_deref()).await?
);
decision!(
    /// Write to the person, or leave a note
    ///
    /// The person is mailed that there is a message; its words stay on the status page.
    messages, "/requests/{id}/messages", Message,
    |desk, by, at, said| {
        let words = said.text.read("text")?;
        match said.to {
            Reader::Person => desk.write_to_person(by, at, &words).await?,
            Reader::Staff => desk.note(by, at, &words).await?,
        }
    }
);
decision!(
    /// Destroy the archive before its time is over
    revoke, "/requests/{id}/revoke", Plain,
    |desk, by, at, Plain {}| desk.revoke(by, at).await?
);
