//! The page of one request, from what the service knows of it.

use axum::http::StatusCode;
use axum::response::Response;

use super::acts::acts;
use super::identity::facts_of;
use super::timeline::{People, timeline};
use super::{correction, erasure, law, paper, recipient};
use crate::domain::gather::{Blocker, SkipReason, TaskStatus};
use crate::domain::policy::Action;
use crate::domain::promise::PromiseState;
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::{Reference, StaffId};
use crate::service::case::Identity;
use crate::service::read::Task;
use crate::service::read::case::CaseRead;
use crate::service::staff::Colleague;
use crate::text::Speaker;
use crate::web::console::queue::nobody;
use crate::web::console::visit::{Trouble, Visit, html, parameter};
use crate::web::view::console::{
    BlockerView, CasePage, ContentLine, Due, PartAct, Picked, RowsView, Said, StoreLine, blocker,
    channel, owner_none, pause_ground, refusal_ground, right, skip_reason, status,
};

/// What the page shows besides the request itself.
#[derive(Default)]
pub(super) struct With {
    pub(super) error: Option<String>,
    pub(super) identity: Option<Identity>,
    pub(super) rows: Option<Rows>,
}

/// The first rows of a collection.
pub(super) struct Rows {
    pub(super) store: String,
    pub(super) collection: String,
    pub(super) all: u64,
    pub(super) lines: Vec<String>,
}

pub(super) async fn page(
    visit: &Visit,
    at: &Reference,
    code: StatusCode,
    with: With,
) -> Result<Response, Trouble> {
    let desk = visit.console.desk();
    let signed = visit.signed()?;
    let read = desk.case(&signed.member, at).await??.ok_or(Said::Missing)?;
    let colleagues = desk.colleagues().await?;
    let programs = desk.programs().await?;
    let speaker = visit.speaker();
    let recipients = recipient::lines(visit, at).await?;
    let can = |action| read.can.contains(&action);
    let page = CasePage {
        page: visit.page(format!("/console/requests/{at}")),
        reference: at.as_str().to_owned(),
        sentence: right(&speaker, read.request.right),
        done: parameter(&visit.uri, "done").and_then(|word| done(&speaker, &word)),
        error: with.error,
        banners: banners(&speaker, &read),
        identity: with.identity.map(|identity| facts_of(&speaker, &identity)),
        rows: with.rows.map(|rows| RowsView {
            title: format!("{} · {}", label(visit, &speaker, &rows.store), rows.collection),
            words: speaker.t2(
                "console-rows-shown",
                "shown",
                rows.lines.len() as u64,
                "all",
                rows.all,
            ),
            text: rows.lines.join("\n"),
        }),
        next_words: speaker.t(recipient::next(&read, &recipients).unwrap_or_else(|| next(&read))),
        recipients,
        can_release: can(Action::Release) && correction::is_ready(visit, at, &read).await?,
        can_write: can(Action::Write) && read.who.is_some(),
        language: read.language.own_name().to_owned(),
        blockers: read.request.blockers.iter().map(|known| stop(&speaker, &read, *known)).collect(),
        due: Due::of(&speaker, &read.request, &read.promise, desk.now()),
        facts: facts(&speaker, &read),
        dates: law::lines(&speaker, &read),
        owners: owners(&speaker, &read, signed.member.id, &colleagues),
        timeline: timeline(
            &speaker,
            &read,
            &People { colleagues: &colleagues, programs: &programs },
        ),
        stores: read.tasks.iter().map(|task| store(visit, &speaker, &read, task)).collect(),
        skips: SkipReason::ALL
            .iter()
            .map(|reason| Picked {
                value: reason.to_string(),
                label: skip_reason(&speaker, *reason),
                is_chosen: false,
            })
            .collect(),
        grounds: read
            .grounds
            .iter()
            .map(|ground| Picked {
                value: ground.to_string(),
                label: refusal_ground(&speaker, *ground),
                is_chosen: false,
            })
            .collect(),
        linked: linked(&speaker, &read),
        correction: correction::view(visit, at, &read).await?,
        look_hint: read.can.contains(&Action::Reveal) && !read.can_look,
        contents: contents(visit, &speaker, &read),
        papers: paper::lines(visit, at, can(Action::Reveal), &colleagues).await?,
        papers_text: if can(Action::Reveal) {
            "console-papers-text"
        } else {
            "console-papers-closed"
        },
        acts: acts(&speaker, &read, Some(desk.lift_from_now())),
        erasure: read.erasure.as_ref().map(|of| erasure::view(visit, &speaker, &read, of)),
    };
    Ok(html(code, &page))
}

/// What was just done, by the word in the address.
fn done(speaker: &Speaker, word: &str) -> Option<String> {
    const DONE: [&str; 29] = [
        "answered",
        "approved",
        "asked",
        "assigned",
        "change",
        "checked",
        "child",
        "cleared",
        "extended",
        "given",
        "held",
        "lifted",
        "noted",
        "paused",
        "planned",
        "refused",
        "regime",
        "released",
        "replied",
        "restricted",
        "resumed",
        "retried",
        "revoked",
        "skipped",
        "spam",
        "thawing",
        "told",
        "withheld",
        "written",
    ];
    DONE.contains(&word).then(|| speaker.t(&format!("console-done-{word}")))
}

/// The one thing to do next, in words.
fn next(read: &CaseRead) -> &'static str {
    let request = &read.request;
    if request.hold.is_some() {
        return "console-next-held";
    }
    if request.pause.is_some() {
        return "console-next-paused";
    }
    if !request.blockers.is_empty() {
        return "console-next-blocked";
    }
    match request.status {
        Status::AwaitingVerification => "console-next-unverified",
        Status::Gathering => "console-next-gathering",
        Status::InReview if read.can.contains(&Action::Reply) => "console-next-reply",
        Status::InReview if read.can.contains(&Action::Approve) && read.particulars.child_data => {
            "console-next-approve-child"
        }
        Status::InReview if read.can.contains(&Action::Approve) => "console-next-approve",
        Status::InReview if request.right == Right::Deletion => "console-next-approvers",
        Status::InReview if request.right == Right::Correction => "console-next-correction",
        Status::CoolingOff => "console-next-cooling",
        Status::Executing if request.right == Right::Deletion => "console-next-erasing",
        Status::Executing if request.right == Right::Correction => "console-next-correcting",
        Status::InReview if read.can.contains(&Action::Release) => "console-next-release",
        Status::InReview => "console-next-officer",
        Status::Executing => "console-next-executing",
        _ if read.can.contains(&Action::Answer) => "console-next-letter",
        Status::Fulfilled if read.can.contains(&Action::Release) => "console-next-release-again",
        Status::Fulfilled | Status::Refused => "console-next-answered",
        Status::Withdrawn | Status::Lapsed => "console-next-closed",
    }
}

fn banners(speaker: &Speaker, read: &CaseRead) -> Vec<String> {
    let mut banners = Vec::new();
    if let Some(hold) = &read.request.hold {
        banners.push(speaker.t1("console-is-held", "date", speaker.date(hold.review_at)));
        for who in &read.called {
            banners.push(speaker.t1("console-is-called", "who", who.as_str()));
        }
    }
    if let Some((_, ground)) = &read.request.pause {
        let ground = pause_ground(speaker, *ground);
        banners.push(speaker.t1("console-is-paused", "ground", ground));
    }
    if read.promise.state == Some(PromiseState::Overdue) {
        banners.push(speaker.t("console-is-late"));
    }
    banners.extend(law::urgent(speaker, read));
    banners
}

fn stop(speaker: &Speaker, read: &CaseRead, known: Blocker) -> BlockerView {
    BlockerView {
        word: known.as_str(),
        title: blocker(speaker, known),
        text: speaker.t(&format!("console-blocked-{known}")),
        can_clear: known.is_about_identity() && read.can.contains(&Action::Clear),
        can_retry: matches!(known, Blocker::JobDead | Blocker::MailFailed | Blocker::Remains)
            && read.can.contains(&Action::Retry),
    }
}

fn facts(speaker: &Speaker, read: &CaseRead) -> Vec<(String, String)> {
    let request = &read.request;
    let fact = |id: &str, value: String| (speaker.t(id), value);
    let mut facts = vec![
        fact("console-status", status(speaker, request.status)),
        fact("console-from-whom", read.who.clone().unwrap_or_else(|| nobody(speaker, request))),
        fact("console-channel", channel(speaker, request.channel)),
        fact("console-received", speaker.date_time(request.received_at())),
        fact("console-due-at", speaker.date_time(read.promise.due_at)),
        fact(
            "console-statutory",
            speaker.date(read.statutory_until - jiff::SignedDuration::from_secs(1)),
        ),
        fact("console-language", read.language.own_name().to_owned()),
    ];
    facts.extend(law::facts(speaker, read));
    if let Some(country) = &read.country {
        facts.push(fact("console-country", speaker.country(country)));
    }
    if request.on_behalf {
        let words = read.particulars.acting.map_or_else(
            || speaker.t("console-yes"),
            |acting| speaker.t(&format!("console-acting-{acting}")),
        );
        facts.push(fact("console-on-behalf", words));
    }
    if request.right == Right::Confirmation {
        let of = read.particulars.of;
        facts.push(fact("console-of", speaker.t(&format!("console-of-{of}"))));
    }
    if let Some(verdict) = read.particulars.verdict {
        facts.push(fact("console-verdict", speaker.t(&format!("console-verdict-{verdict}"))));
    }
    if !request.purposes.is_empty() {
        let said: Vec<String> = request.purposes.iter().map(|word| speaker.purpose(word)).collect();
        facts.push(fact("flag-console-purposes", said.join(", ")));
    }
    facts.extend(read.flags.iter().map(|flag| fact("flag-console-set", speaker.flag(flag))));
    if let Some(answered) = request.answered_at {
        facts.push(fact("console-answered", speaker.date_time(answered)));
    }
    if !read.siblings.is_empty() {
        let all: Vec<&str> = read.siblings.iter().map(Reference::as_str).collect();
        facts.push(fact("console-siblings", all.join(", ")));
    }
    facts
}

/// What the request is about, and what is about it: words and reference.
fn linked(speaker: &Speaker, read: &CaseRead) -> Vec<(String, String)> {
    let about = read.about.iter().map(|one| (speaker.t("console-about"), one.to_string()));
    let about_it = read.about_it.iter().map(|one| (speaker.t("console-about-it"), one.to_string()));
    let same = read.duplicates.iter().map(|one| (speaker.t("console-same"), one.to_string()));
    about.chain(about_it).chain(same).collect()
}

/// Nobody, oneself, and colleagues, whoever has it chosen.
fn owners(
    speaker: &Speaker,
    read: &CaseRead,
    me: StaffId,
    colleagues: &[Colleague],
) -> Vec<Picked> {
    let has = read.request.assignee;
    let nobody =
        Picked { value: String::new(), label: owner_none(speaker), is_chosen: has.is_none() };
    let mut all: Vec<&Colleague> =
        colleagues.iter().filter(|known| known.takes_requests || has == Some(known.id)).collect();
    all.sort_by_key(|known| known.id != me);
    let others = all.into_iter().map(|known| Picked {
        value: known.id.to_string(),
        label: if known.id == me {
            speaker.t1("console-owner-me", "name", &known.name)
        } else {
            known.name.clone()
        },
        is_chosen: has == Some(known.id),
    });
    std::iter::once(nobody).chain(others).collect()
}

fn store(visit: &Visit, speaker: &Speaker, read: &CaseRead, task: &Task) -> StoreLine {
    let failed = task.status == TaskStatus::Failed;
    let (class, icon, id) = match task.status {
        TaskStatus::Waiting => ("none", "clock", "console-store-waiting"),
        TaskStatus::Running => ("none", "clock", "console-store-running"),
        TaskStatus::Done => ("on_time", "check", "console-store-done"),
        TaskStatus::Failed => ("overdue", "alert", "console-store-failed"),
        TaskStatus::Skipped => ("at_risk", "cross", "console-store-skipped"),
    };
    let mut words =
        vec![speaker.t2("console-counts", "rows", task.tally.rows, "files", task.tally.files)];
    let gaps: u64 = task.tally.gaps.iter().map(|gap| gap.count).sum();
    if gaps > 0 {
        words.push(speaker.t1("console-gaps", "count", gaps));
    }
    let withheld: u64 = task.tally.withheld.iter().map(|one| one.count).sum();
    if withheld > 0 {
        words.push(speaker.t1("console-withheld", "count", withheld));
    }
    if task.attempts > 0 {
        words.push(speaker.t1("console-attempts", "count", u64::from(task.attempts)));
    }
    if let Some(code) = &task.last_error {
        words.push(speaker.t1("console-last-error", "code", code));
    }
    if let Some(at) = task.retry_at.filter(|_| !failed) {
        words.push(speaker.t1("console-retry-at", "time", speaker.date_time(at)));
    }
    if let Some(reason) = task.skip_reason {
        words.push(skip_reason(speaker, reason));
    }
    let withheld = read.withheld.iter().find(|kept| kept.store == task.store);
    if let Some(kept) = withheld {
        let ground = refusal_ground(speaker, kept.ground);
        words.push(speaker.t1("console-store-withheld", "ground", ground));
    }
    let holds = task.status == TaskStatus::Done && !task.tally.is_empty();
    StoreLine {
        part: match (read.also.withhold, withheld) {
            (true, Some(_)) => Some(PartAct::Give),
            (true, None) if holds => Some(PartAct::Withhold),
            _ => None,
        },
        label: label(visit, speaker, &task.store),
        name: task.store.clone(),
        class,
        icon,
        status: speaker.t(id),
        words: words.join(" · "),
        can_retry: failed && read.can.contains(&Action::Retry),
        // One that merely takes its time needs no button.
        can_skip: (failed || task.attempts > 0) && read.can.contains(&Action::Skip),
    }
}

pub(in crate::web::console) fn label(visit: &Visit, speaker: &Speaker, name: &str) -> String {
    visit.console.desk().store_label(name, speaker.language())
}

fn contents(visit: &Visit, speaker: &Speaker, read: &CaseRead) -> Vec<ContentLine> {
    read.contents
        .iter()
        .map(|content| ContentLine {
            part: content.part.filter(|_| read.can_look),
            store: label(visit, speaker, &content.store),
            name: content.name.clone(),
            words: if content.is_file {
                speaker.size(content.size)
            } else {
                speaker.t2(
                    "console-rows-of",
                    "rows",
                    content.rows,
                    "size",
                    speaker.size(content.size),
                )
            },
        })
        .collect()
}
