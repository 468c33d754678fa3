//! One request: its page, and a handler for each decision.

mod acts;
pub(super) mod correction;
pub(super) mod erasure;
mod identity;
pub(super) mod item;
mod law;
mod page;
pub(super) mod paper;
mod recipient;
mod timeline;

pub(super) use page::label;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::visit::{Referred, Trouble, Visit, answer, go};
use crate::domain::deadline::Regime;
use crate::domain::decision::{PauseGround, RefusalGround};
use crate::domain::gather::{Blocker, SkipReason};
use crate::domain::particulars::Verdict;
use crate::domain::plan::PlanDigest;
use crate::domain::refusal::Lacking;
use crate::domain::staff::Member;
use crate::domain::text::TypedText;
use crate::ids::{Reference, StaffId, TellingId};
use crate::service::ServiceError;
use crate::service::case::{Deed, TEXT_LENGTH};
use crate::web::edge::form::FormFields;
use crate::web::view::console::Said;

/// `GET /console/requests/{reference}`
pub(super) async fn show(visit: Visit, Referred(at): Referred) -> Response {
    let shown = page::page(&visit, &at, StatusCode::OK, page::With::default()).await;
    answer(&visit, shown)
}

/// Why a decision was not even tried: the form says something else than what it asks for.
struct Unclear;

/// What is said of a deed that was not done; what to do after one that was is for the caller.
pub(super) fn objection(deed: Deed) -> Result<(StatusCode, &'static str), Trouble> {
    Ok(match deed {
        Deed::NoSuchRequest => return Err(Said::Missing.into()),
        Deed::Denied(denied) => return Err(denied.into()),
        Deed::Done | Deed::NotNow => (StatusCode::CONFLICT, "console-not-now"),
        Deed::ProofFirst => (StatusCode::CONFLICT, "console-proof-first"),
        Deed::OtherOfficer => (StatusCode::CONFLICT, "console-other-officer"),
        Deed::Lacking(lacking) => {
            let words = match lacking {
                Lacking::Ground => "console-lacking-ground",
                Lacking::Facts => "console-lacking-facts",
                Lacking::Authority => "console-lacking-authority",
            };
            (StatusCode::CONFLICT, words)
        }
        Deed::AuditFirst => (StatusCode::CONFLICT, "console-audit-first"),
    })
}

/// The page of a request again, with words about what was not done.
pub(super) async fn again(
    visit: &Visit,
    at: &Reference,
    status: StatusCode,
    words: &str,
) -> Result<Response, Trouble> {
    let with = page::With { error: Some(visit.speaker().t(words)), ..page::With::default() };
    page::page(visit, at, status, with).await
}

/// Reads a form, decides, and shows the page again: afresh when done, with words when not.
async fn decide<F>(visit: &Visit, at: &Reference, done: &'static str, deed: F) -> Response
where
    F: Future<Output = Result<Result<Deed, Unclear>, ServiceError>>,
{
    let result = async {
        let (status, words) = match deed.await? {
            Ok(Deed::Done) => return Ok(go(&format!("/console/requests/{at}?done={done}"))),
            Ok(deed) => objection(deed)?,
            Err(Unclear) => (StatusCode::UNPROCESSABLE_ENTITY, "console-unclear"),
        };
        again(visit, at, status, words).await
    };
    answer(visit, result.await)
}

/// What a form needs to be decided on.
struct Form<'f>(&'f FormFields);

impl Form<'_> {
    fn field(&self, name: &'static str) -> Result<&str, Unclear> {
        self.0.one(name).map(Option::unwrap_or_default).map_err(|_| Unclear)
    }

    fn text(&self) -> Result<TypedText, Unclear> {
        self.maybe_text()?.ok_or(Unclear)
    }

    fn maybe_text(&self) -> Result<Option<TypedText>, Unclear> {
        TypedText::block(self.field("text")?, TEXT_LENGTH).map_err(|_| Unclear)
    }
}

fn member(visit: &Visit) -> Option<&Member> {
    visit.signed.as_ref().map(|signed| &signed.member)
}

/// A handler of a decision: its form is read by `$read`, which gives the verb's result.
macro_rules! decision {
    ($(#[$doc:meta])* $name:ident, $done:literal, |$desk:ident, $by:ident, $at:ident, $form:ident| $body:expr) => {
        $(#[$doc])*
        pub(super) async fn $name(
            visit: Visit,
            Referred(reference): Referred,
            fields: FormFields,
        ) -> Response {
            let Some($by) = member(&visit) else { return visit.say(Said::Denied) };
            let ($desk, $at, $form) = (visit.console.desk(), &reference, Form(&fields));
            let _ = &$form;
            let deed = async {
                let tried: Result<Result<Deed, ServiceError>, Unclear> = async { Ok($body) }.await;
                match tried {
                    Ok(Ok(deed)) => Ok(Ok(deed)),
                    Ok(Err(error)) => Err(error),
                    Err(unclear) => Ok(Err(unclear)),
                }
            };
            decide(&visit, $at, $done, deed).await
        }
    };
}

decision!(
    /// `POST …/release`
    release, "released", |desk, by, at, _form| desk.release(by, at).await
);
decision!(
    /// `POST …/approve`
    approve, "approved", |desk, by, at, form| {
        let digest = PlanDigest::parse(form.field("digest")?).ok_or(Unclear)?;
        desk.approve_deletion(by, at, &digest).await
    }
);
decision!(
    /// `POST …/plan`
    renew_plan, "planned", |desk, by, at, _form| desk.renew_plan(by, at).await
);
decision!(
    /// `POST …/refuse`
    refuse, "refused", |desk, by, at, form| {
        let ground = RefusalGround::parse(form.field("ground")?).ok_or(Unclear)?;
        desk.refuse(by, at, ground, &form.text()?).await
    }
);
decision!(
    /// `POST …/reply`
    reply, "replied", |desk, by, at, form| {
        let verdict = Verdict::parse(form.field("ground")?).ok_or(Unclear)?;
        desk.reply(by, at, verdict, &form.text()?).await
    }
);
decision!(
    /// `POST …/proof`
    proof, "asked", |desk, by, at, form| desk.ask_proof(by, at, &form.text()?).await
);
decision!(
    /// `POST …/withhold`
    withhold, "withheld", |desk, by, at, form| {
        let ground = RefusalGround::parse(form.field("ground")?).ok_or(Unclear)?;
        desk.withhold(by, at, form.field("store")?, ground, &form.text()?).await
    }
);
decision!(
    /// `POST …/give`
    give, "given", |desk, by, at, form| desk.give(by, at, form.field("store")?).await
);
decision!(
    /// `POST …/pause`
    pause, "paused", |desk, by, at, form| {
        let ground = PauseGround::parse(form.field("ground")?).ok_or(Unclear)?;
        desk.pause(by, at, ground, form.maybe_text()?.as_ref()).await
    }
);
decision!(
    /// `POST …/go-on`
    go_on, "resumed", |desk, by, at, _form| desk.go_on(by, at).await
);
decision!(
    /// `POST …/hold`
    hold, "held", |desk, by, at, form| {
        let day: Date = form.field("date")?.parse().map_err(|_| Unclear)?;
        let zone = desk.settings().organisation.zone.clone();
        let review = day.to_zoned(zone).map_err(|_| Unclear)?.timestamp();
        desk.hold(by, at, review, &form.text()?).await
    }
);
decision!(
    /// `POST …/lift`
    lift, "lifted", |desk, by, at, form| desk.lift_hold(by, at, &form.text()?).await
);
decision!(
    /// `POST …/restrict`
    restrict, "restricted", |desk, by, at, form| desk.restrict(by, at, &form.text()?).await
);
decision!(
    /// `POST …/thaw`
    thaw, "thawing", |desk, by, at, form| desk.announce_lift(by, at, &form.text()?).await
);
decision!(
    /// `POST …/extend`
    extend, "extended", |desk, by, at, form| desk.extend(by, at, &form.text()?).await
);
decision!(
    /// `POST …/regime`
    regime, "regime", |desk, by, at, form| {
        let law = match form.field("ground")? {
            "" => None,
            word => Some(Regime::parse(word).ok_or(Unclear)?),
        };
        desk.choose_regime(by, at, law, &form.text()?).await
    }
);
decision!(
    /// `POST …/assign`
    assign, "assigned", |desk, by, at, form| {
        let to = match form.field("to")? {
            "" => None,
            id => Some(StaffId(id.parse().map_err(|_| Unclear)?)),
        };
        desk.assign(by, at, to).await
    }
);
decision!(
    /// `POST …/message`
    message, "written", |desk, by, at, form| desk.write_to_person(by, at, &form.text()?).await
);
decision!(
    /// `POST …/note`
    note, "noted", |desk, by, at, form| desk.note(by, at, &form.text()?).await
);
decision!(
    /// `POST …/told`
    told, "told", |desk, by, at, form| {
        let id = TellingId(form.field("recipient")?.parse().map_err(|_| Unclear)?);
        desk.recipient_told(by, at, id).await
    }
);
decision!(
    /// `POST …/acknowledged`
    acknowledged, "told", |desk, by, at, form| {
        let id = TellingId(form.field("recipient")?.parse().map_err(|_| Unclear)?);
        desk.recipient_acknowledged(by, at, id).await
    }
);
decision!(
    /// `POST …/retry`
    retry, "retried", |desk, by, at, form| {
        let store = Some(form.field("store")?).filter(|store| !store.is_empty());
        desk.retry(by, at, store).await
    }
);
decision!(
    /// `POST …/skip`
    skip, "skipped", |desk, by, at, form| {
        let reason = SkipReason::parse(form.field("reason")?).ok_or(Unclear)?;
        desk.skip(by, at, form.field("store")?, reason, form.maybe_text()?.as_ref()).await
    }
);
decision!(
    /// `POST …/clear`
    clear, "cleared", |desk, by, at, form| {
        let blocker = Blocker::parse(form.field("blocker")?).ok_or(Unclear)?;
        desk.clear(by, at, blocker, &form.text()?).await
    }
);
decision!(
    /// `POST …/spam`
    spam, "spam", |desk, by, at, _form| desk.mark_spam(by, at).await
);

decision!(
    /// `POST …/revoke`
    revoke, "revoked", |desk, by, at, _form| desk.revoke(by, at).await
);

decision!(
    /// `POST …/letter`
    letter, "answered", |desk, by, at, form| {
        let day: Date = form.field("date")?.parse().map_err(|_| Unclear)?;
        desk.answered_by_letter(by, at, day).await
    }
);

/// `POST …/reveal`: the answer shows who asks, and no address does.
pub(super) async fn reveal(visit: Visit, Referred(at): Referred, fields: FormFields) -> Response {
    let Some(by) = member(&visit) else { return visit.say(Said::Denied) };
    let Ok(reason) = Form(&fields).text() else {
        return decide(&visit, &at, "", async { Ok(Err(Unclear)) }).await;
    };
    match visit.console.desk().reveal(by, &at, &reason).await {
        Ok(Ok(identity)) => {
            let with = page::With { identity: Some(identity), ..page::With::default() };
            let shown: Result<Response, Trouble> =
                page::page(&visit, &at, StatusCode::OK, with).await;
            answer(&visit, shown)
        }
        Ok(Err(deed)) => decide(&visit, &at, "", async { Ok(Ok(deed)) }).await,
        Err(error) => answer(&visit, Err(error.into())),
    }
}
