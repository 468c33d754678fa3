//! What else can be done with a request, each with its own small form.

use jiff::Timestamp;

use crate::domain::decision::PauseGround;
use crate::domain::particulars::Verdict;
use crate::domain::policy::Action;
use crate::service::read::case::CaseRead;
use crate::text::Speaker;
use crate::web::view::console::{Act, Picked, pause_ground, refusal_ground};

/// The forms of what is possible now, the gentle ones first. `lifts_at` is when a restriction would
/// end that is announced to end now.
pub(super) fn acts(speaker: &Speaker, read: &CaseRead, lifts_at: Option<Timestamp>) -> Vec<Act> {
    let can = |action| read.can.contains(&action);
    let mut acts = Vec::new();
    if can(Action::Reply) {
        let ids = ["console-reply", "console-reply-text", "console-reply-words"];
        let verdicts = Verdict::ALL
            .iter()
            .map(|one| option(one.as_str(), speaker.t(&format!("console-verdict-{one}"))))
            .collect();
        acts.push(Act { grounds: verdicts, is_grave: true, ..with_text(speaker, "reply", ids) });
    }
    if can(Action::Answer) {
        let letter = plain(speaker, "letter", ["console-letter", "console-letter-text"]);
        acts.push(Act { asks_date: true, is_grave: true, ..letter });
    }
    if can(Action::Reveal) && read.is_known {
        let ids = ["console-reveal", "console-reveal-text", "console-reason"];
        acts.push(with_text(speaker, "reveal", ids));
    }
    if can(Action::Pause) {
        if read.request.pause.is_some() {
            acts.push(plain(speaker, "go-on", ["console-go-on", "console-go-on-text"]));
        } else {
            let mut pause = with_text(
                speaker,
                "pause",
                ["console-pause", "console-pause-text", "console-note-for-colleagues"],
            );
            pause.needs_text = false;
            pause.grounds = PauseGround::ALL
                .iter()
                .map(|ground| option(ground.as_str(), pause_ground(speaker, *ground)))
                .collect();
            acts.push(pause);
        }
    }
    if read.also.proof {
        let ids = ["console-proof", "console-proof-text", "console-proof-words"];
        acts.push(with_text(speaker, "proof", ids));
    }
    if can(Action::Extend) {
        let ids = ["console-extend", "console-extend-text", "console-extend-reason"];
        acts.push(with_text(speaker, "extend", ids));
    }
    if can(Action::SetRegime) {
        acts.push(super::law::act(speaker, read));
    }
    if can(Action::Hold) {
        if read.request.hold.is_some() {
            let ids = ["console-lift", "console-lift-text", "console-reason"];
            acts.push(with_text(speaker, "lift", ids));
        } else {
            let ids = ["console-hold", "console-hold-text", "console-reason"];
            acts.push(Act { asks_date: true, ..with_text(speaker, "hold", ids) });
        }
    }
    if can(Action::Restrict) {
        let ids = ["flag-console-restrict", "flag-console-restrict-text", "console-reason"];
        acts.push(with_text(speaker, "restrict", ids));
    }
    if can(Action::ChildData) {
        let ids = ["console-child-act", "console-child-act-text", "console-child-reason"];
        acts.push(Act { is_grave: true, ..with_text(speaker, "child", ids) });
    }
    if let Some(ends) = lifts_at.filter(|_| read.can_lift) {
        let ids = ["flag-console-lift", "console-reason", "flag-console-lift-reason"];
        let text = speaker.t1("flag-console-lift-text", "date", speaker.date_time(ends));
        acts.push(Act { text, ..with_text(speaker, "thaw", ids) });
    }
    if can(Action::Refuse) {
        let ids = ["console-refuse", "console-refuse-text", "console-refuse-facts"];
        let grounds = read
            .grounds
            .iter()
            .map(|ground| option(ground.as_str(), refusal_ground(speaker, *ground)))
            .collect();
        acts.push(Act { grounds, is_grave: true, ..with_text(speaker, "refuse", ids) });
    }
    if can(Action::Revoke) {
        let revoke = plain(speaker, "revoke", ["console-revoke", "console-revoke-text"]);
        acts.push(Act { is_grave: true, ..revoke });
    }
    if can(Action::MarkSpam) {
        let spam = plain(speaker, "spam", ["console-spam", "console-spam-text"]);
        acts.push(Act { is_grave: true, ..spam });
    }
    acts
}

fn option(value: &str, label: String) -> Picked {
    Picked { value: value.to_owned(), label, is_chosen: false }
}

fn plain(speaker: &Speaker, verb: &'static str, [title, text]: [&str; 2]) -> Act {
    Act {
        verb,
        title: speaker.t(title),
        text: speaker.t(text),
        grounds: Vec::new(),
        asks_date: false,
        asks_text: None,
        needs_text: false,
        is_grave: false,
    }
}

pub(super) fn with_text(
    speaker: &Speaker,
    verb: &'static str,
    [title, text, label]: [&str; 3],
) -> Act {
    Act {
        asks_text: Some(speaker.t(label)),
        needs_text: true,
        ..plain(speaker, verb, [title, text])
    }
}
