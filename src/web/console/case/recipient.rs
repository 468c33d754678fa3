//! The part of a request's page that says who has to be told what was done, and to whom the request
//! has to be forwarded.

use jiff::Timestamp;

use crate::domain::recipient::How;
use crate::domain::state::Status;
use crate::domain::telling::{Progress, Telling, Topic};
use crate::ids::Reference;
use crate::service::read::case::CaseRead;
use crate::service::read::recipient::TellingRead;
use crate::text::Speaker;
use crate::web::console::visit::{Trouble, Visit};
use crate::web::view::console::{RecipientAct, RecipientGroup, RecipientLine, topic};

/// A line for each that has to be told, those to whom the request is forwarded first.
pub(super) async fn lines(visit: &Visit, at: &Reference) -> Result<Vec<RecipientGroup>, Trouble> {
    let desk = visit.console.desk();
    let found = desk.tellings(&visit.signed()?.member, at).await??;
    let (speaker, now) = (&visit.speaker(), desk.now());
    let (forward, tell): (Vec<TellingRead>, Vec<TellingRead>) =
        found.lines.into_iter().partition(|one| one.telling.topic == Topic::Forward);
    let groups = [
        ("forward", "console-forward", "console-forward-text", forward),
        ("recipients", "console-recipients", "console-recipients-text", tell),
    ];
    let groups = groups.into_iter().filter(|(.., those)| !those.is_empty());
    let shown = groups.map(|(id, heading, hint, those)| RecipientGroup {
        id,
        heading: speaker.t(heading),
        hint: speaker.t(hint),
        lines: those.into_iter().map(|one| line(speaker, one, found.can_tell, now)).collect(),
    });
    Ok(shown.collect())
}

/// What is left to do when a request is answered and somebody has to be told; `None` when nobody has.
pub(super) fn next(read: &CaseRead, groups: &[RecipientGroup]) -> Option<&'static str> {
    let untold = |line: &RecipientLine| line.act.as_ref().is_some_and(|act| act.verb == "told");
    let is_open = |group: &&RecipientGroup| group.lines.iter().any(untold);
    let first = groups.iter().find(is_open)?;
    let next =
        if first.id == "forward" { "console-next-forward" } else { "console-next-recipients" };
    (read.request.status == Status::Fulfilled).then_some(next)
}

fn line(speaker: &Speaker, one: TellingRead, can_tell: bool, now: Timestamp) -> RecipientLine {
    let TellingRead { telling, role, country, how } = one;
    let country = country.map(|country| speaker.country(&country));
    let about: Vec<String> = role.into_iter().chain(country).collect();
    let forward = telling.topic == Topic::Forward;
    let act = match telling.progress() {
        Progress::Untold if forward => Some(("told", "console-forward-told")),
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
    let [open, told, silent] = if one.topic == Topic::Forward {
        ["console-forward-is-open", "console-forward-is-told", "console-forward-is-silent"]
    } else {
        ["console-recipient-is-open", "console-recipient-is-told", "console-recipient-is-silent"]
    };
    match (one.acknowledged_at, one.told_at, until) {
        (Some(at), _, _) => {
            speaker.t1("console-recipient-is-acknowledged", "at", speaker.date_time(at))
        }
        (None, Some(at), Some(until)) => {
            let at = speaker.date_time(at);
            speaker.t2(silent, "at", at, "until", until)
        }
        (None, Some(at), None) => speaker.t1(told, "at", speaker.date_time(at)),
        (None, None, until) => speaker.t1(open, "until", until.unwrap_or_default()),
    }
}
