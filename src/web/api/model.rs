//! What programs are told of a request. No address, no name, no record.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::words::{
    ActorWord, AssuranceWord, BlockerWord, ChannelWord, DeadlineWord, OutcomeWord, PromiseWord,
    RegimeWord, RightWord, StatusWord, TaskWord,
};
use crate::domain::deadline::{Kept, Kind, Regime, binding};
use crate::domain::request::Scope;
use crate::service::read::Task;
use crate::service::read::asked::{AskedHistory, AskedRead};

/// How the promise stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Promise)]
pub(super) struct PromiseView {
    /// Until when the answer is promised.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// None before the address is proved.
    state: Option<PromiseWord>,
    /// Hours from receipt to the answer, or to now.
    gross_hours: f64,
    /// The same without the time in which the person was waited for.
    net_hours: f64,
    /// Whether the person is waited for.
    waiting_on_person: bool,
}

/// A statutory date.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deadline)]
pub(super) struct DeadlineView {
    /// What has to be done.
    kind: DeadlineWord,
    /// The last day, where the organisation is.
    #[schema(format = Date)]
    date: String,
    /// The end of that day.
    #[schema(value_type = String, format = DateTime)]
    end_at: Timestamp,
    /// The rule with its version.
    #[schema(examples("eu_gdpr.respond/1"))]
    rule: String,
    /// Where the rule is written.
    #[schema(examples("GDPR Art. 12(3)"))]
    source: &'static str,
    /// Whether the answer has to be there by it. Of several such the earliest counts.
    binds: bool,
}

impl DeadlineView {
    /// Dates that ask something of the company: no other reading of a law, and no longer time that
    /// was not taken.
    fn of(kept: &Kept) -> Option<Self> {
        let reading = matches!(
            kept.kind,
            Kind::RespondSafe | Kind::RespondIfRolled | Kind::ExtensionNotice | Kind::AckLoose
        );
        if reading || (kept.kind == Kind::Extended && !kept.binds) {
            return None;
        }
        Some(Self {
            kind: DeadlineWord(kept.kind),
            date: kept.date?.to_string(),
            end_at: kept.end?,
            rule: kept.rule.clone(),
            source: kept.source(),
            binds: kept.binds,
        })
    }

    /// Whether it is about confirming the receipt only.
    fn is_receipt(&self) -> bool {
        matches!(self.kind.0, Kind::Ack | Kind::AckStrict) && !self.binds
    }
}

/// How many stores are done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskCount)]
pub(super) struct TaskCountView {
    /// Done with it.
    done: u64,
    /// Asked.
    total: u64,
}

/// An archive that lies ready.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Archive)]
pub(super) struct ArchiveView {
    /// In bytes.
    size: u64,
    /// SHA-256 in lower-case hexadecimal digits.
    sha256: String,
    /// Until when it can be fetched.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// One right exercised once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Request)]
pub(super) struct RequestView {
    id: Uuid,
    /// Its public name.
    #[schema(examples("R-7F3K9Q2M"))]
    reference: String,
    right: RightWord,
    /// `everything`, or an object that names `categories` or `items`.
    #[schema(value_type = serde_json::Value)]
    scope: Scope,
    /// The law whose date comes first. Others may hold too: see `deadlines`.
    regime: RegimeWord,
    channel: ChannelWord,
    status: StatusWord,
    /// Whether work on it rests.
    paused: bool,
    /// Whether nothing may be done with the data.
    held: bool,
    /// What keeps it from going on.
    blockers: Vec<BlockerWord>,
    outcome: Option<OutcomeWord>,
    assurance: AssuranceWord,
    /// When it was accepted. Never moves.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    verified_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Timestamp>,
    promise: PromiseView,
    deadlines: Vec<DeadlineView>,
    tasks: TaskCountView,
    /// Only while one lies ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    archive: Option<ArchiveView>,
}

impl RequestView {
    /// As it stands.
    pub(super) fn new(read: &AskedRead) -> Self {
        let request = &read.request;
        let bound = binding(&read.dates);
        let mut deadlines: Vec<_> = read.dates.iter().filter_map(DeadlineView::of).collect();
        // Dates of answers first, each kind in the order of time.
        deadlines.sort_by_key(|one| (one.is_receipt(), one.end_at));
        let archive = read.archive.as_ref().and_then(|archive| {
            Some(ArchiveView {
                size: archive.size,
                sha256: data_encoding::HEXLOWER.encode(&archive.sha256?),
                expires_at: archive.expires_at,
            })
        });
        Self {
            id: request.id.0,
            reference: request.reference.to_string(),
            right: RightWord(request.right),
            scope: request.scope.clone(),
            regime: RegimeWord(bound.map_or(Regime::EuGdpr, |bound| bound.regime)),
            channel: ChannelWord(request.channel),
            status: StatusWord(request.status),
            paused: request.pause.is_some(),
            held: request.hold.is_some(),
            blockers: request.blockers.iter().copied().map(BlockerWord).collect(),
            outcome: request.outcome.map(OutcomeWord),
            assurance: AssuranceWord(request.assurance),
            received_at: request.received_at(),
            verified_at: request.verified_at,
            answered_at: request.answered_at,
            completed_at: request.completed_at,
            promise: PromiseView {
                due_at: read.promise.due_at,
                state: read.promise.state.map(PromiseWord),
                gross_hours: hours(read.promise.gross),
                net_hours: hours(read.promise.net),
                waiting_on_person: read.promise.waiting_on_person,
            },
            deadlines,
            tasks: TaskCountView { done: read.tasks_done, total: read.tasks },
            archive,
        }
    }
}

/// Hours to two places.
pub(super) fn hours(time: SignedDuration) -> f64 {
    (time.as_secs_f64() / 36.0).round() / 100.0
}

/// A page of requests.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestPage)]
pub(super) struct PageView {
    /// The requests, the newest first.
    pub(super) items: Vec<RequestView>,
    /// The `cursor` of the next page; none at the end. A page may be short, even empty, and go on.
    pub(super) next: Option<String>,
}

/// What a store holds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Found)]
pub(super) struct FoundView {
    rows: u64,
    files: u64,
}

/// What went wrong with a store last.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskError)]
pub(super) struct TaskErrorView {
    /// A word of ours.
    code: String,
    /// When it is asked again, where it is.
    #[schema(value_type = Option<String>, format = DateTime)]
    retry_at: Option<Timestamp>,
}

/// One store's share of one request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Task)]
pub(super) struct TaskView {
    /// The store's name in the data map.
    store: String,
    /// The store's name as people read it.
    label: String,
    status: TaskWord,
    found: FoundView,
    /// Tries of the step that is under way.
    attempts: u32,
    last_error: Option<TaskErrorView>,
}

impl TaskView {
    pub(super) fn new((task, label): (Task, String)) -> Self {
        Self {
            store: task.store,
            label,
            status: TaskWord(task.status),
            found: FoundView { rows: task.tally.rows, files: task.tally.files },
            attempts: task.attempts,
            last_error: task.last_error.map(|code| TaskErrorView { code, retry_at: task.retry_at }),
        }
    }
}

/// All tasks of a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tasks)]
pub(super) struct TasksView {
    pub(super) items: Vec<TaskView>,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Actor)]
pub(super) struct ActorView {
    kind: ActorWord,
    /// Of a member of staff or a token.
    name: Option<String>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub(super) struct EventView {
    /// Its place among those of the request, from 1.
    seq: u64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    actor: ActorView,
    /// A stable word.
    #[schema(examples("request.verified"))]
    kind: String,
    /// Counts, words and dates; never an address, a name or a value.
    data: BTreeMap<String, serde_json::Value>,
}

/// All that happened to a request, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Events)]
pub(super) struct EventsView {
    items: Vec<EventView>,
}

impl EventsView {
    pub(super) fn new(history: AskedHistory) -> Self {
        let AskedHistory { events, names } = history;
        let items = (1..).zip(events).map(|(seq, one)| EventView {
            seq,
            at: one.at,
            actor: ActorView {
                kind: ActorWord(one.actor),
                name: one.by.and_then(|id| names.get(&id).cloned()),
            },
            kind: one.kind,
            data: match one.data {
                serde_json::Value::Object(map) => map.into_iter().collect(),
                _ => BTreeMap::new(),
            },
        });
        Self { items: items.collect() }
    }
}
