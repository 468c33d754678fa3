//! What happened to a request and what was written about it, in the order of time.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::correction::DeclineGround;
use crate::domain::decision::{PauseGround, RefusalGround};
use crate::domain::event::ActorKind;
use crate::domain::gather::{Blocker, SkipReason};
use crate::domain::telling::Topic;
use crate::ids::StaffId;
use crate::service::read::case::{CaseRead, Happened};
use crate::service::read::{Author, Message};
use crate::service::staff::Colleague;
use crate::text::Speaker;
use crate::web::console::queue::owner;
use crate::web::view::Moment;
use crate::web::view::console::{
    Entry, SaidLine, blocker, decline_ground, event, pause_ground, refusal_ground, skip_reason,
    topic,
};

/// What those who act are called.
pub(super) struct People<'p> {
    pub(super) colleagues: &'p [Colleague],
    pub(super) programs: &'p BTreeMap<Uuid, String>,
}

/// What happened and what was written, in the order of time.
pub(super) fn timeline(speaker: &Speaker, read: &CaseRead, people: &People<'_>) -> Vec<Entry> {
    let happened = read.history.iter().map(|one| (one.at, entry(speaker, one, people)));
    let written = read.thread.iter().map(|one| (one.at, said(speaker, one, people)));
    let mut all: Vec<_> = happened.chain(written).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, entry)| entry).collect()
}

fn who(speaker: &Speaker, actor: ActorKind, by: Option<Uuid>, people: &People<'_>) -> String {
    match (actor, by) {
        (ActorKind::Staff, Some(id)) => owner(speaker, Some(StaffId(id)), people.colleagues),
        (ActorKind::Staff, None) => speaker.t("console-by-staff"),
        (ActorKind::Person, _) => speaker.t("console-by-person"),
        (ActorKind::Token, id) => match id.and_then(|id| people.programs.get(&id)) {
            Some(name) => speaker.t1("console-by-token-named", "name", name.as_str()),
            None => speaker.t("console-by-token"),
        },
        (ActorKind::System, _) => speaker.t("console-by-system"),
    }
}

fn entry(speaker: &Speaker, one: &Happened, people: &People<'_>) -> Entry {
    let mut words = match (one.kind.as_str(), one.actor) {
        ("request.received", ActorKind::Staff) => speaker.t("console-event-request-entered"),
        (kind, _) => event(speaker, kind),
    };
    let counts = |name: &str| one.data.get(name).and_then(serde_json::Value::as_u64);
    if let (Some(rows), Some(files)) = (counts("rows"), counts("files")) {
        words = format!("{words}: {}", speaker.t2("console-counts", "rows", rows, "files", files));
    }
    for name in [
        "store",
        "collection",
        "code",
        "ground",
        "reason",
        "blocker",
        "kind",
        "kinds",
        "recipient",
        "topic",
    ] {
        if let Some(value) = one.data.get(name).and_then(serde_json::Value::as_str) {
            words = format!("{words} · {}", in_words(speaker, name, value));
        }
    }
    Entry {
        at: Moment::at(speaker, one.at),
        by: who(speaker, one.actor, one.by, people),
        words,
        said: None,
    }
}

/// A word of an event as staff read it.
fn in_words(speaker: &Speaker, name: &str, value: &str) -> String {
    let known = match name {
        "blocker" => Blocker::parse(value).map(|word| blocker(speaker, word)),
        "topic" => Topic::parse(value).map(|word| topic(speaker, word)),
        "reason" => SkipReason::parse(value).map(|word| skip_reason(speaker, word)),
        "ground" => PauseGround::parse(value)
            .map(|word| pause_ground(speaker, word))
            .or_else(|| RefusalGround::parse(value).map(|word| refusal_ground(speaker, word)))
            .or_else(|| DeclineGround::parse(value).map(|word| decline_ground(speaker, word))),
        _ => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}

fn said(speaker: &Speaker, one: &Message, people: &People<'_>) -> Entry {
    let (actor, class, icon, readers, words) = match one.author {
        Author::Person => {
            (ActorKind::Person, "person", "person", "console-read-by-us", "console-wrote")
        }
        Author::Staff => {
            (ActorKind::Staff, "staff", "letter", "console-read-by-person", "console-wrote-person")
        }
        Author::Note => {
            (ActorKind::Staff, "note", "copy", "console-read-by-colleagues", "console-wrote-note")
        }
    };
    Entry {
        at: Moment::at(speaker, one.at),
        by: who(speaker, actor, one.by.map(|by| by.0), people),
        words: speaker.t(words),
        said: Some(SaidLine { class, icon, readers: speaker.t(readers), text: one.body.clone() }),
    }
}
