//! Stored words as staff read them.

use jiff::{SignedDuration, Timestamp};

use crate::domain::correction::{AskedField, DeclineGround, EditState};
use crate::domain::decision::{PauseGround, RefusalGround};
use crate::domain::gather::{Blocker, SkipReason};
use crate::domain::promise::{Promise, PromiseState};
use crate::domain::queue::{QueueStage, View};
use crate::domain::request::{Channel, Request};
use crate::domain::right::Right;
use crate::domain::staff::{AccountState, Role};
use crate::domain::state::Status;
use crate::domain::telling::Topic;
use crate::domain::webhook::{DeliveryState, DeliveryTrouble};
use crate::text::Speaker;

/// A choice of a list.
#[derive(Debug, Clone)]
pub(in crate::web) struct Picked {
    pub(in crate::web) value: String,
    pub(in crate::web) label: String,
    pub(in crate::web) is_chosen: bool,
}

pub(in crate::web) fn status(speaker: &Speaker, status: Status) -> String {
    speaker.t(&format!("console-status-{status}"))
}

pub(in crate::web) fn right(speaker: &Speaker, right: Right) -> String {
    speaker.t(&format!("console-right-{right}"))
}

pub(in crate::web) fn channel(speaker: &Speaker, channel: Channel) -> String {
    speaker.t(&format!("console-channel-{channel}"))
}

pub(in crate::web) fn blocker(speaker: &Speaker, blocker: Blocker) -> String {
    speaker.t(&format!("console-blocker-{blocker}"))
}

pub(in crate::web) fn role(speaker: &Speaker, role: Role) -> String {
    speaker.t(&format!("console-role-{role}"))
}

pub(in crate::web) fn state(speaker: &Speaker, state: AccountState) -> String {
    speaker.t(&format!("console-account-{state}"))
}

pub(in crate::web) fn view(speaker: &Speaker, view: View) -> String {
    speaker.t(&format!("console-view-{view}"))
}

pub(in crate::web) fn pause_ground(speaker: &Speaker, ground: PauseGround) -> String {
    speaker.t(&format!("console-pause-{ground}"))
}

pub(in crate::web) fn refusal_ground(speaker: &Speaker, ground: RefusalGround) -> String {
    speaker.ground(ground)
}

pub(in crate::web) fn decline_ground(speaker: &Speaker, ground: DeclineGround) -> String {
    speaker.t(&format!("console-declined-{ground}"))
}

pub(in crate::web) fn edit_state(speaker: &Speaker, state: EditState) -> String {
    speaker.t(&format!("console-edit-{state}"))
}

pub(in crate::web) fn asked_field(speaker: &Speaker, field: AskedField) -> String {
    speaker.t(&format!("console-field-{field}"))
}

pub(in crate::web) fn skip_reason(speaker: &Speaker, reason: SkipReason) -> String {
    speaker.t(&format!("console-skipped-{reason}"))
}

pub(in crate::web) fn topic(speaker: &Speaker, topic: Topic) -> String {
    speaker.t(&format!("console-topic-{topic}"))
}

pub(in crate::web) fn owner_none(speaker: &Speaker) -> String {
    speaker.t("console-owner-nobody")
}

pub(in crate::web) fn delivery_state(speaker: &Speaker, state: DeliveryState) -> String {
    speaker.t(&format!("console-delivery-{state}"))
}

/// What an endpoint said: a status as it is, our own words in words, and the word of a job that died
/// as itself.
pub(in crate::web) fn answer(speaker: &Speaker, said: &str) -> String {
    match DeliveryTrouble::parse(said) {
        Some(trouble) => speaker.t(&format!("console-trouble-{trouble}")),
        None => said.to_owned(),
    }
}

/// What happened, in words; a kind that has none yet shows itself.
pub(in crate::web) fn event(speaker: &Speaker, kind: &str) -> String {
    if !EVENTS.contains(&kind) {
        return kind.to_owned();
    }
    let word = kind.replace(['.', '_'], "-");
    speaker.t(&format!("console-event-{word}"))
}

/// The kinds of events that have words.
const EVENTS: [&str; 92] = [
    "flags.applied",
    "flags.read_back",
    "flags.set",
    "request.started",
    "restriction.lift_announced",
    "restriction.lift_put_off",
    "restriction.lifted",
    "archive.destroyed",
    "archive.exported",
    "archive.ready",
    "archive.renewed",
    "archive.revoked",
    "blocker.cleared",
    "change.approved",
    "change.by_hand",
    "change.declined",
    "child_data.found",
    "correction.stuck",
    "deletion.approved",
    "deletion.called",
    "deletion.cooled_off",
    "deletion.nothing_found",
    "deletion.plan_changed",
    "deletion.plan_renewed",
    "deletion.planned",
    "deletion.receipt",
    "deletion.step_begun",
    "deletion.step_done",
    "deletion.step_verified",
    "download.completed",
    "download.opened",
    "evidence.opened",
    "export.break_glass",
    "identity.checked",
    "identity.revealed",
    "item.revealed",
    "job.died",
    "letter.sent",
    "mail.failed",
    "mail.sent",
    "message.received",
    "message.sent",
    "note.written",
    "notice.failed",
    "person.notified",
    "proof.asked",
    "proof.renewal_asked",
    "proof.renewed",
    "recipient.acknowledged",
    "recipient.told",
    "recipients.listed",
    "recipients.overdue",
    "request.address_differs",
    "request.alerted",
    "request.asserted",
    "request.assigned",
    "request.blocked",
    "request.deadline_near",
    "request.corrected",
    "request.disowned",
    "request.extended",
    "request.extension_late",
    "request.extension_lost",
    "request.forecast_miss",
    "request.gathered",
    "request.gathered_again",
    "request.held",
    "request.hold_lifted",
    "request.lapsed",
    "request.lodged",
    "request.paused",
    "request.received",
    "request.refused",
    "request.regime_chosen",
    "request.released",
    "request.replied",
    "request.resumed",
    "request.resumed_work",
    "request.retried",
    "request.spam",
    "request.verified",
    "request.vouched",
    "request.withdrawal_undone",
    "request.withdrawn",
    "store.corrected",
    "store.failed",
    "store.gathered",
    "store.given",
    "store.planned",
    "store.skipped",
    "store.withheld",
    "webhook.replayed",
];

/// The promise as time left in words, with a colour and an icon.
#[derive(Debug, Clone)]
pub(in crate::web) struct Due {
    pub(in crate::web) class: &'static str,
    pub(in crate::web) icon: &'static str,
    pub(in crate::web) words: String,
}

impl Due {
    pub(super) const fn icon(&self) -> &'static str {
        self.icon
    }

    pub(in crate::web) fn of(
        speaker: &Speaker,
        request: &Request,
        promise: &Promise,
        now: Timestamp,
    ) -> Self {
        let none = |icon, id| Self { class: "none", icon, words: speaker.t(id) };
        if request.queue_stage() == QueueStage::Closed && request.answered_at.is_none() {
            return none("check", "console-due-none");
        }
        let Some(state) = promise.state else { return none("clock", "console-due-not-yet") };
        let icon = match state {
            PromiseState::OnTime => "clock",
            PromiseState::AtRisk | PromiseState::Overdue | PromiseState::Missed => "alert",
            PromiseState::Kept | PromiseState::KeptNet => "check",
        };
        let left = promise.due_at.duration_since(now);
        let words = match state {
            PromiseState::OnTime | PromiseState::AtRisk => {
                span(speaker, left, ["console-due-in-minutes", "console-due-in-hours"])
            }
            PromiseState::Overdue => {
                span(speaker, -left, ["console-late-minutes", "console-late-hours"])
            }
            PromiseState::Kept => speaker.t("console-due-kept"),
            PromiseState::KeptNet => speaker.t("console-due-kept-net"),
            PromiseState::Missed => speaker.t("console-due-missed"),
        };
        Self { class: state.as_str(), icon, words }
    }
}

/// A time in minutes below two hours, else in hours, cut.
fn span(speaker: &Speaker, time: SignedDuration, [minutes, hours]: [&'static str; 2]) -> String {
    let all = u64::try_from(time.as_mins()).unwrap_or(0);
    if all < 120 { speaker.t1(minutes, "count", all) } else { speaker.t1(hours, "count", all / 60) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    fn speakers() -> [Speaker; 2] {
        Language::ALL
            .iter()
            .map(|language| Speaker::new(*language, jiff::tz::TimeZone::UTC))
            .collect::<Vec<_>>()
            .try_into()
            .unwrap()
    }

    #[test]
    fn every_word_is_said_in_both_languages() {
        for speaker in speakers() {
            let mut said: Vec<String> = EVENTS.iter().map(|kind| event(&speaker, kind)).collect();
            said.extend(Status::ALL.iter().map(|word| status(&speaker, *word)));
            said.extend(Right::ALL.iter().map(|word| right(&speaker, *word)));
            said.extend(Channel::ALL.iter().map(|word| channel(&speaker, *word)));
            said.extend(Blocker::ALL.iter().map(|word| blocker(&speaker, *word)));
            said.extend(Role::ALL.iter().map(|word| role(&speaker, *word)));
            said.extend(AccountState::ALL.iter().map(|word| state(&speaker, *word)));
            said.extend(View::ALL.iter().map(|word| view(&speaker, *word)));
            said.extend(PauseGround::ALL.iter().map(|word| pause_ground(&speaker, *word)));
            said.extend(RefusalGround::ALL.iter().map(|word| refusal_ground(&speaker, *word)));
            said.extend(DeclineGround::ALL.iter().map(|word| decline_ground(&speaker, *word)));
            said.extend(EditState::ALL.iter().map(|word| edit_state(&speaker, *word)));
            said.extend(AskedField::ALL.iter().map(|word| asked_field(&speaker, *word)));
            said.extend(Topic::ALL.iter().map(|word| topic(&speaker, *word)));
            said.extend(SkipReason::ALL.iter().map(|word| skip_reason(&speaker, *word)));
            said.extend(DeliveryState::ALL.iter().map(|word| delivery_state(&speaker, *word)));
            said.extend(DeliveryTrouble::ALL.iter().map(|word| answer(&speaker, word.as_str())));
            assert_eq!(answer(&speaker, "503"), "503");
            for words in said {
                assert!(!words.starts_with('['), "{words}");
            }
        }
    }
}
