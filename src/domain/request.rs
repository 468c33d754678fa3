//! The request: one right exercised once.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::code::stored_words;
use super::decision::{Hold, PauseGround, RefusalGround};
use super::gather::{Blocker, FollowUp};
use super::promise::PromiseFacts;
use super::queue::{QueueStage, Turn};
use super::right::Right;
use super::state::{Effect, Move, Status, WrongStatus};
use crate::ids::{ApiTokenId, IntakeId, Reference, RequestId, StaffId};

stored_words!(Channel {
    Form = "form",
    Phone = "phone",
    Letter = "letter",
    InPerson = "in_person",
    Email = "email",
    CommandLine = "command_line",
    Api = "api",
    Staff = "staff",
});

/// How a request reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The public form.
    Form,
    /// A call, entered by staff.
    Phone,
    /// A letter, entered by staff.
    Letter,
    /// At the counter, entered by staff.
    InPerson,
    /// A mail to the company, entered by staff.
    Email,
    /// `rightsdesk export`, by the operator. The answer is a file.
    CommandLine,
    /// A program, through the API.
    Api,
    /// Nobody asked: the company opened it itself.
    Staff,
}

stored_words!(Assurance {
    None = "none",
    Mailbox = "mailbox",
    Asserted = "asserted",
    StaffChecked = "staff_checked",
});

/// How sure we are who asks, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Assurance {
    /// Not at all.
    None,
    /// They read mail sent to the address.
    Mailbox,
    /// The company's own app vouches for them.
    Asserted,
    /// Staff has checked.
    StaffChecked,
}

stored_words!(Outcome {
    Full = "full",
    Partial = "partial",
    Pending = "pending",
    KeptInPart = "kept_in_part",
    NothingFound = "nothing_found",
    Refused = "refused",
    Withdrawn = "withdrawn",
    NotIdentified = "not_identified",
});

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Everything was given.
    Full,
    /// Something could not be looked at; the archive says what.
    Partial,
    /// Done, but for something that goes at a later day.
    Pending,
    /// Done, but for something that a rule wants kept.
    KeptInPart,
    /// Every store was asked and none holds anything.
    NothingFound,
    /// Refused, with ground and facts.
    Refused,
    /// The person took it back.
    Withdrawn,
    /// Nobody proved the address, or its owner never asked.
    NotIdentified,
}

/// How an answer reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerWay {
    /// By mail.
    Mail,
    /// By letter, since there is no mailbox.
    Letter,
    /// Through the app that vouches for the person: no mailbox is proved.
    App,
}

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All there is.
    Everything,
    /// Some categories.
    Categories(Vec<String>),
    /// Some single things.
    Items(Vec<String>),
}

/// One right exercised once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The form it came with.
    pub intake: IntakeId,
    /// Its public name.
    pub reference: Reference,
    /// What is asked for.
    pub right: Right,
    /// About what.
    pub scope: Scope,
    /// How it came.
    pub channel: Channel,
    /// Whether somebody asks for somebody else.
    pub on_behalf: bool,
    /// How sure we are who asks.
    pub assurance: Assurance,
    /// The purposes it is about; none for access and export.
    pub purposes: Vec<String>,
    /// Where it is.
    pub status: Status,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What keeps it from going on.
    pub blockers: BTreeSet<Blocker>,
    /// What is still owed after the answer.
    pub follow_ups: Vec<FollowUp>,
    /// When any channel accepted it. Never moves.
    received_at: Timestamp,
    /// When the address was first proved; of what needs no proof, when it was taken.
    pub verified_at: Option<Timestamp>,
    /// When the answer was sent.
    pub answered_at: Option<Timestamp>,
    /// When it was closed.
    pub completed_at: Option<Timestamp>,
    /// Since when the person is being waited for.
    pub waiting_since: Option<Timestamp>,
    /// How long the person was waited for before.
    pub waited: SignedDuration,
    /// Whose it is.
    pub assignee: Option<StaffId>,
    /// Blockers that staff has looked at: they do not stop it again.
    pub cleared: BTreeSet<Blocker>,
    /// Whether staff took it for spam.
    pub spam: bool,
    /// Nothing may be done with the data.
    pub hold: Option<Hold>,
    /// Work rests, since when and why.
    pub pause: Option<(Timestamp, PauseGround)>,
    /// Why it was refused.
    pub refusal: Option<RefusalGround>,
    /// The statutory end after an extension.
    pub extended_to: Option<Timestamp>,
    /// The last share of the promise, in percent, that staff was told of.
    pub alerted: u32,
    /// When the person was told that the answer is late.
    pub late_told_at: Option<Timestamp>,
    /// How the answer reaches the person.
    pub answers_by: AnswerWay,
    /// The token of the program that asked.
    pub created_by: Option<ApiTokenId>,
}

/// What a new request is made of.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Its id.
    pub id: RequestId,
    /// The form it comes with.
    pub intake: IntakeId,
    /// Its public name.
    pub reference: Reference,
    /// What is asked for.
    pub right: Right,
    /// Whether somebody asks for somebody else.
    pub on_behalf: bool,
    /// How it came.
    pub channel: Channel,
    /// When it was accepted.
    pub received_at: Timestamp,
}

impl Request {
    /// A request that has just been accepted and waits for its code.
    pub fn open(new: NewRequest) -> Self {
        Self {
            id: new.id,
            intake: new.intake,
            reference: new.reference,
            right: new.right,
            scope: Scope::Everything,
            channel: new.channel,
            on_behalf: new.on_behalf,
            assurance: Assurance::None,
            purposes: Vec::new(),
            status: Status::AwaitingVerification,
            outcome: None,
            blockers: BTreeSet::new(),
            follow_ups: Vec::new(),
            received_at: new.received_at,
            verified_at: None,
            answered_at: None,
            completed_at: None,
            waiting_since: Some(new.received_at),
            waited: SignedDuration::ZERO,
            assignee: None,
            cleared: BTreeSet::new(),
            spam: false,
            hold: None,
            pause: None,
            refusal: None,
            extended_to: None,
            alerted: 0,
            late_told_at: None,
            answers_by: AnswerWay::Mail,
            created_by: None,
        }
    }

    /// The person is waited for from `now` on, and not from a receipt that staff entered later.
    pub fn wait_from(&mut self, now: Timestamp) {
        if self.waiting_since.is_some() {
            self.waiting_since = Some(now.max(self.received_at));
        }
    }

    /// When any channel accepted it. There is no way to change it.
    pub fn received_at(&self) -> Timestamp {
        self.received_at
    }

    /// Takes one step of the table at `now` and keeps the times that go with it. The effects are
    /// the caller's to write in the same transaction.
    pub fn step(&mut self, step: Move, now: Timestamp) -> Result<&'static [Effect], WrongStatus> {
        if !self.right.allows(step) {
            return Err(WrongStatus { from: self.status, tried: step });
        }
        let (next, effects) = self.status.on(step)?;
        if let Some(since) = self.waiting_since.take() {
            self.waited += now.duration_since(since.min(now));
        }
        if !next.is_closed() && self.pause.is_some_and(|(_, ground)| ground.waits_for_person()) {
            self.waiting_since = Some(now);
        }
        if next == Status::AwaitingVerification {
            self.waiting_since = Some(now);
            self.completed_at = None;
            self.outcome = None;
        }
        if next.is_closed() {
            self.completed_at = Some(now);
            self.blockers.clear();
            self.pause = None;
        }
        match step {
            Move::Verified => {
                self.verified_at.get_or_insert(now);
                self.assurance = self.assurance.max(Assurance::Mailbox);
            }
            Move::Lodged | Move::Started => {
                self.verified_at.get_or_insert(now);
            }
            Move::Vouched => {
                self.verified_at.get_or_insert(now);
                self.assurance = self.assurance.max(Assurance::StaffChecked);
            }
            Move::Asserted => {
                self.verified_at.get_or_insert(now);
                self.assurance = self.assurance.max(Assurance::Asserted);
            }
            Move::Applied => self.outcome = Some(Outcome::Full),
            Move::Refused | Move::ChangesDeclined => self.outcome = Some(Outcome::Refused),
            Move::TakenForSpam => {
                self.outcome = Some(Outcome::Refused);
                self.spam = true;
            }
            Move::Withdrawn => self.outcome = Some(Outcome::Withdrawn),
            // The next release makes the archive anew.
            Move::Held => {
                self.blockers.remove(&Blocker::JobDead);
            }
            Move::Lapsed | Move::Disowned => self.outcome = Some(Outcome::NotIdentified),
            Move::AddressDiffers => self.assurance = Assurance::None,
            _ => {}
        }
        self.status = next;
        Ok(effects)
    }

    /// Whether it starts without a code.
    pub fn starts_at_once(&self) -> bool {
        self.right.starts_at_once(&self.purposes)
    }

    /// Whether the answer goes out by mail; else by letter, through an app, or into a file.
    pub fn is_answered_by_mail(&self) -> bool {
        self.answers_by == AnswerWay::Mail && self.channel != Channel::CommandLine
    }

    /// Lets work rest from `now` on. A ground that waits for the person is measured as such.
    pub fn pause_at(&mut self, now: Timestamp, ground: PauseGround) {
        self.pause = Some((now, ground));
        if ground.waits_for_person() {
            self.waiting_since.get_or_insert(now);
        }
    }

    /// Takes work up again. False when it did not rest.
    pub fn go_on_at(&mut self, now: Timestamp) -> bool {
        let Some((_, ground)) = self.pause.take() else { return false };
        if ground.waits_for_person()
            && let Some(since) = self.waiting_since.take()
        {
            self.waited += now.duration_since(since.min(now));
        }
        true
    }

    /// Whether nothing may go out or be done by itself just now.
    pub fn is_at_rest(&self) -> bool {
        self.hold.is_some() || self.pause.is_some()
    }

    /// Who has to act next.
    pub fn turn(&self) -> Turn {
        let staff_pause = self.pause.is_some_and(|(_, ground)| !ground.waits_for_person());
        if self.status.is_closed() {
            // A letter has to be written and posted by somebody.
            let by_hand = self.answers_by == AnswerWay::Letter && self.is_to_be_answered();
            if self.blockers.is_empty() && !by_hand { Turn::Machine } else { Turn::Staff }
        } else if self.waiting_since.is_some() {
            Turn::Person
        } else if !self.blockers.is_empty() || staff_pause || self.status == Status::InReview {
            Turn::Staff
        } else {
            Turn::Machine
        }
    }

    /// Whether work is done, and the answer has not reached the person: it stays in the queue.
    fn is_to_be_answered(&self) -> bool {
        matches!(self.status, Status::Fulfilled | Status::Refused)
            && self.answered_at.is_none()
            && !self.spam
            && self.channel != Channel::CommandLine
    }

    /// Where it stands for the queue.
    pub fn queue_stage(&self) -> QueueStage {
        match self.status {
            _ if self.is_to_be_answered() => QueueStage::Open,
            Status::AwaitingVerification => QueueStage::Unverified,
            Status::Gathering | Status::InReview | Status::CoolingOff | Status::Executing => {
                QueueStage::Open
            }
            Status::Fulfilled | Status::Refused | Status::Withdrawn | Status::Lapsed => {
                QueueStage::Closed
            }
        }
    }

    /// What its promise is computed from.
    pub fn promise_facts(&self) -> PromiseFacts {
        PromiseFacts {
            received_at: self.received_at,
            verified_at: self.verified_at,
            answered_at: self.answered_at,
            waited: self.waited,
            waiting_since: self.waiting_since,
        }
    }
}

#[cfg(test)]
mod tests;
