//! The part of a request's page that says who has to be told what was done.

use jiff::Timestamp;

use crate::domain::recipient::How;
use crate::domain::state::Status;
use crate::domain::telling::{Progress, Telling};
use crate::ids::Reference;
use crate::service::read::case::CaseRead;
use crate::service::read::recipient::TellingRead;
use crate::text::Speaker;
use crate::web::console::visit::{Trouble, Visit};
use crate::web::view::console::{RecipientAct, RecipientLine, topic};

/// A line for each recipient that has to be told.
pub(super) async fn lines(visit: &Visit, at: &Reference) -> Result<Vec<RecipientLine>, Trouble> {
    let desk = visit.console.desk();
    let found = desk.tellings(&visit.signed()?.member, at).await??;
    let (speaker, now) = (&visit.speaker(), desk.now());
    Ok(found.lines.into_iter().map(|one| line(speaker, one, found.can_tell, now)).collect())
}

/// What is left to do when a request is answered and somebody has to be told; `None` when nobody has.
pub(super) fn next(read: &CaseRead, lines: &[RecipientLine]) -> Option<&'static str> {
    let untold = |line: &RecipientLine| line.act.as_ref().is_some_and(|act| act.verb == "told");
    let is_done = read.request.status == Status::Fulfilled;
    (is_done && lines.iter().any(untold)).then_some("console-next-recipients")
}

fn line(speaker: &Speaker, one: TellingRead, can_tell: bool, now: Timestamp) -> RecipientLine {
    let TellingRead { telling, role, country, how } = one;
    let country = country.map(|country| speaker.country(&country));
    let about: Vec<String> = role.into_iter().chain(country).collect();
    let act = match telling.progress() {
        Progress::Untold => Some(("told", "console-recipient-told")),
        Progress::Told => Some(("acknowledged", "console-recipient-acknowledged")),
        Progress::Acknowledged => None,
    };
    let late = telling.due_at.is_some_and(|due| due <= now);
    let (class, icon) = match telling.progress() {
        _ if late => ("overdue", "alert"),
        Progress::Untold => ("at_risk", "clock"),
        Progress::Told => ("none", "clock"),
        Progress::Acknowledged => ("on_time", "check"),
    };
    RecipientLine {
        id: telling.id.to_string(),
        topic: topic(speaker, telling.topic),
        about: (!about.is_empty()).then(|| about.join(" · ")),
        how: way(speaker, how.as_ref()),
        class,
        icon,
        state: state(speaker, &telling),
        act: act
            .filter(|_| can_tell)
            .map(|(verb, label)| RecipientAct { verb, label: speaker.t(label) }),
        name: telling.name,
    }
}

/// How it is told. Nothing here is a link: who follows one takes the request along.
fn way(speaker: &Speaker, how: Option<&How>) -> String {
    match how {
        Some(How::Mail(address)) => {
            speaker.t1("console-recipient-mail", "address", address.as_str())
        }
        Some(How::Web(page)) => speaker.t1("console-recipient-web", "page", page.as_str()),
        Some(How::ByHand(words)) => words.clone(),
        None => speaker.t("console-recipient-unknown"),
    }
}

fn state(speaker: &Speaker, one: &Telling) -> String {
    let until = one.due_at.map(|due| speaker.date_time(due));
    match (one.acknowledged_at, one.told_at, until) {
        (Some(at), _, _) => {
            speaker.t1("console-recipient-is-acknowledged", "at", speaker.date_time(at))
        }
        (None, Some(at), Some(until)) => {
            let at = speaker.date_time(at);
            speaker.t2("console-recipient-is-silent", "at", at, "until", until)
        }
        (None, Some(at), None) => {
            speaker.t1("console-recipient-is-told", "at", speaker.date_time(at))
        }
        (None, None, until) => {
            speaker.t1("console-recipient-is-open", "until", until.unwrap_or_default())
        }
    }
}
