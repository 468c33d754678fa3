//! One request as its person sees it on the status page.

use super::stage::Stage;
use super::{ChangeView, CodeBox, ErasureView, Frame, Moment, RightText};
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::right::Right;
use crate::ids::Reference;

/// How a step of the way is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Done,
    Now,
    Ahead,
}

/// One step of the way, from receipt to answer.
#[derive(Debug, Clone)]
pub struct Step {
    /// What it is called.
    label: String,
    /// When it was done, where that is known.
    at: Option<Moment>,
    mark: Mark,
}

impl Step {
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    pub(super) fn at(&self) -> Option<&Moment> {
        self.at.as_ref()
    }

    pub(super) const fn class(&self) -> &'static str {
        match self.mark {
            Mark::Done => "done",
            Mark::Now => "now",
            Mark::Ahead => "ahead",
        }
    }

    /// The mark in words, for whoever does not see it.
    pub(super) fn mark(&self, frame: &Frame) -> String {
        frame.t(match self.mark {
            Mark::Done => "web-step-done",
            Mark::Now => "web-step-now",
            Mark::Ahead => "web-step-ahead",
        })
    }
}

/// The answer promise as the person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promise {
    /// Not counted: not confirmed, or withdrawn.
    None,
    /// Runs until then.
    AnswerBy(Moment),
    /// Ran out then, without an answer.
    Late(Moment),
    /// Answered then.
    Answered(Moment),
}

/// Trouble, in words that name no store and no other person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A question that a person here must look at.
    Question,
    /// A part of the data could not be read so far.
    Store,
    /// A mail to the person came back or could not be sent.
    Mail,
    /// The person has to type a fresh code.
    Proof,
}

impl From<Blocker> for Trouble {
    fn from(blocker: Blocker) -> Self {
        match blocker {
            Blocker::TwoPeople
            | Blocker::UnprovenMatch
            | Blocker::TooManyKeys
            | Blocker::TooFewApprovers
            | Blocker::Protected => Self::Question,
            Blocker::StoreFailed | Blocker::JobDead | Blocker::PlanBlocked | Blocker::Remains => {
                Self::Store
            }
            Blocker::MailFailed => Self::Mail,
            Blocker::ProofStale => Self::Proof,
        }
    }
}

impl Trouble {
    /// In words.
    pub(super) fn say(self, frame: &Frame) -> String {
        frame.t(match self {
            Self::Question => "web-trouble-question",
            Self::Store => "web-trouble-store",
            Self::Mail => "web-trouble-mail",
            Self::Proof => "web-trouble-proof",
        })
    }
}

/// How far one store is.
#[derive(Debug, Clone)]
pub struct StoreView {
    /// Its label in the page's language.
    pub label: String,
    /// How far it is.
    pub status: TaskStatus,
    /// Rows and files found, only on an unlocked page.
    pub found: Option<(u64, u64)>,
}

impl StoreView {
    pub(super) fn status(&self, frame: &Frame) -> String {
        frame.t(match self.status {
            TaskStatus::Waiting => "web-store-waiting",
            TaskStatus::Running => "web-store-running",
            TaskStatus::Done => "web-store-done",
            TaskStatus::Failed => "web-store-failed",
            TaskStatus::Skipped => "web-store-skipped",
        })
    }

    pub(super) const fn icon(&self) -> &'static str {
        match self.status {
            TaskStatus::Waiting => "dot",
            TaskStatus::Running => "clock",
            TaskStatus::Done => "check",
            TaskStatus::Failed => "alert",
            TaskStatus::Skipped => "cross",
        }
    }

    pub(super) fn found(&self, frame: &Frame) -> Option<String> {
        let (rows, files) = self.found?;
        let say = |id, count: u64| {
            frame.speaker.t2(id, "count", count, "shown", frame.speaker.count(count))
        };
        // "No entries" beside files would read as if nothing were there.
        let entries = (rows > 0 || files == 0).then(|| say("web-store-rows", rows));
        let files = (files > 0).then(|| say("web-store-files", files));
        Some(entries.into_iter().chain(files).collect::<Vec<_>>().join(", "))
    }
}

/// An archive that can be downloaded.
#[derive(Debug, Clone)]
pub struct Archive {
    /// Its size in words.
    pub size: String,
    /// Lower-case hex.
    pub sha256: String,
    /// Until when.
    pub expires: Moment,
    /// Complete downloads so far.
    pub downloads: u64,
    /// The code that starts a download, [`CodeBox::for_download`].
    pub code: CodeBox,
}

/// What there is to fetch.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// An archive, on an unlocked page only.
    Ready(Archive),
    /// Its time is over; it can be made again until then.
    Expired {
        /// Until when "make it again" works.
        renew_until: Moment,
    },
}

/// One request of the status page.
#[derive(Debug, Clone)]
pub struct RequestView {
    /// Its public name.
    pub reference: Reference,
    /// What was asked for.
    pub right: RightText,
    /// Where it stands.
    pub stage: Stage,
    /// When it came in.
    pub received: Moment,
    /// When it was confirmed.
    pub verified: Option<Moment>,
    /// When the stores were done.
    pub gathered: Option<Moment>,
    /// When it was answered.
    pub answered: Option<Moment>,
    /// The answer promise.
    pub promise: Promise,
    /// The latest date that the law allows, while there is no answer.
    pub legal: Option<Moment>,
    /// When staff looked at who asks.
    pub looked_at: Vec<Moment>,
    /// What holds it up.
    pub trouble: Vec<Trouble>,
    /// What it has set about the use of data, in words.
    pub set: Vec<String>,
    /// The stores, in the order of the maps.
    pub stores: Vec<StoreView>,
    /// What shall be put right, on an unlocked page only.
    pub changes: Vec<ChangeView>,
    /// What there is to fetch, on an unlocked page only.
    pub delivery: Option<Delivery>,
    /// Of a deletion: what goes and what stays, on an unlocked page only.
    pub erasure: Option<ErasureView>,
    /// Whether it can be withdrawn; shown on an unlocked page only.
    pub can_withdraw: bool,
    /// Until when a withdrawal can be undone; shown on an unlocked page only.
    pub undo_until: Option<Moment>,
}

impl RequestView {
    pub(super) fn icon(&self) -> &'static str {
        self.stage.icon()
    }

    pub(super) fn title(&self, frame: &Frame) -> String {
        frame.t(self.stage.ids()[0])
    }

    pub(super) fn text(&self, frame: &Frame) -> String {
        let right = self.right.right;
        frame.t(match self.stage {
            Stage::InReview if right.is_answered_in_words() => "web-stage-words-text",
            Stage::Ready if !right.gives_data() => "web-stage-letter-text",
            stage => stage.ids()[1],
        })
    }

    /// The way from receipt to answer. One that ended early shows what was done and how it ended.
    pub(super) fn steps(&self, frame: &Frame) -> Vec<Step> {
        let at = |moment: &Option<Moment>| moment.clone();
        let right = self.right.right;
        let changes = matches!(right, Right::Deletion | Right::Correction);
        let (gathered, checked) = match right {
            _ if changes => ("web-step-looked-up", "web-step-decided"),
            right if right.sets_flags() => ("", "web-step-set"),
            right if right.is_answered_in_words() => ("", "web-step-decided"),
            _ => ("web-step-gathered", "web-step-checked"),
        };
        // A decision to change something is mailed before that is done.
        let comes_to_it = changes && !matches!(self.stage, Stage::Refused | Stage::NothingFound);
        let [checked, answered] = if comes_to_it {
            [(checked, at(&self.answered)), ("web-step-carried-out", None)]
        } else {
            [(checked, None), ("web-step-answered", at(&self.answered))]
        };
        let way = [
            ("web-step-received", Some(self.received.clone())),
            ("web-step-confirmed", at(&self.verified)),
            (gathered, at(&self.gathered)),
            checked,
            answered,
        ];
        // What needs no code was never confirmed; where no store is asked, nothing is gathered.
        let unproved = right.is_lodged() || right.sets_flags() && self.verified.is_none();
        let is_step = |id: &str| match id {
            "web-step-confirmed" => !unproved,
            id => !id.is_empty(),
        };
        let Some(done) = self.stage.steps_done() else {
            let mut steps: Vec<Step> = way
                .into_iter()
                .filter(|(id, _)| is_step(id))
                .filter(|(_, at)| at.is_some())
                .map(|(id, at)| Step { label: frame.t(id), at, mark: Mark::Done })
                .collect();
            steps.push(Step { label: self.title(frame), at: None, mark: Mark::Done });
            return steps;
        };
        let mark = |place: usize| match place.cmp(&done) {
            std::cmp::Ordering::Less => Mark::Done,
            std::cmp::Ordering::Equal => Mark::Now,
            std::cmp::Ordering::Greater => Mark::Ahead,
        };
        let steps = way.into_iter().enumerate().filter(|(_, (id, _))| is_step(id));
        steps.map(|(n, (id, at))| Step { label: frame.t(id), at, mark: mark(n) }).collect()
    }

    /// How many stores are done, and of how many, where that is worth a line.
    pub(super) fn progress(&self, frame: &Frame) -> String {
        let done = self.stores.iter().filter(|store| store.status == TaskStatus::Done).count();
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        frame.speaker.t2(
            "web-status-progress",
            "done",
            count(done),
            "total",
            count(self.stores.len()),
        )
    }
}
