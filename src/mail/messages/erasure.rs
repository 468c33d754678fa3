//! What a person is told of a deletion: what it would touch, the decision, and that it is done.

use jiff::Timestamp;

use super::refused::complaint;
use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::domain::controller::Controller;
use crate::domain::refusal::Remedy;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// Something that goes, or that stays without what points to the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedLine {
    /// The store, as people call it.
    pub store: String,
    /// The table or prefix.
    pub collection: String,
    /// How many rows or files.
    pub rows: u64,
    /// Whether the rows stay, pseudonymised.
    pub masked: bool,
}

/// Something that stays, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptLine {
    /// The store, as people call it.
    pub store: String,
    /// The table or prefix.
    pub collection: String,
    /// How many rows or files.
    pub rows: u64,
    /// The rule that wants it.
    pub ground: String,
    /// Until when.
    pub until: Option<Timestamp>,
    /// Who decides over it, where that is not us.
    pub controller: Option<Controller>,
}

/// The plan is ready. No answer.
#[derive(Debug, Clone)]
pub struct ErasurePlanned {
    /// The request.
    pub asked: Asked,
    /// Whether nobody asked: the company found that it holds data of a child.
    pub of_child: bool,
    /// When it was received.
    pub received_at: Timestamp,
    /// Nothing is deleted before.
    pub not_before: Timestamp,
    /// What would go.
    pub goes: Vec<ErasedLine>,
    /// What would stay.
    pub stays: Vec<KeptLine>,
    /// The status page, on which it can be taken back.
    pub status_link: String,
}

/// The decision with all its parts: an answer.
#[derive(Debug, Clone)]
pub struct ErasureDecided {
    /// The request.
    pub asked: Asked,
    /// Whether nobody asked: the company found that it holds data of a child.
    pub of_child: bool,
    /// When it was received.
    pub received_at: Timestamp,
    /// When it begins.
    pub begins: Timestamp,
    /// What goes.
    pub goes: Vec<ErasedLine>,
    /// What stays.
    pub stays: Vec<KeptLine>,
    /// Where the person can turn, since what stays is refused; none where no authority is known.
    pub remedies: Vec<Remedy>,
    /// The status page, on which it can be taken back.
    pub status_link: String,
}

/// It is done.
#[derive(Debug, Clone)]
pub struct Erased {
    /// The request.
    pub asked: Asked,
    /// When.
    pub done_at: Timestamp,
    /// Whether a fresh look has found that all of it is gone.
    pub complete: bool,
    /// When the last of what could not be looked at yet is looked at.
    pub pending_until: Option<Timestamp>,
    /// What went.
    pub goes: Vec<ErasedLine>,
    /// What stays.
    pub stays: Vec<KeptLine>,
    /// How long copies live on in backups: stores and their maps' words.
    pub backups: Vec<(String, String)>,
    /// The authority for complaints.
    pub authority: Option<String>,
    /// The status page, where the receipt is.
    pub status_link: String,
}

impl Message for ErasurePlanned {
    fn kind(&self) -> MailKind {
        MailKind::ErasurePlanned
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        let why = if self.of_child {
            known.push((speaker.t("mail-erasure-found-at"), speaker.date_time(self.received_at)));
            speaker.t1("mail-erasure-planned-child", "organisation", &facts.organisation)
        } else {
            known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
            known.push((speaker.t("mail-erasure-not-before"), speaker.date_time(self.not_before)));
            speaker.t("mail-erasure-planned")
        };
        let body = Body::greeting(speaker).words(why).facts(known);
        let body = scope(body, speaker, "mail-erasure-would-go", &self.goes, &self.stays)
            .words(speaker.t("mail-erasure-final"))
            .words(speaker.t(stop(self.of_child)))
            .link(speaker.t("mail-status-link"), &self.status_link);
        Composed {
            subject: speaker.t1("mail-erasure-planned-subject", "reference", reference),
            body,
        }
    }
}

impl Message for ErasureDecided {
    fn kind(&self) -> MailKind {
        MailKind::ErasureDecided
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        let (received, why) = if self.of_child {
            ("mail-erasure-found-at", "mail-erasure-decided-child")
        } else {
            ("mail-received", "mail-erasure-decided")
        };
        known.push((speaker.t(received), speaker.date_time(self.received_at)));
        known.push((speaker.t("mail-erasure-begins"), speaker.date_time(self.begins)));
        let body = Body::greeting(speaker)
            .words(speaker.t1(why, "organisation", &facts.organisation))
            .facts(known);
        let body = scope(body, speaker, "mail-erasure-goes", &self.goes, &self.stays)
            .words(speaker.t(stop(self.of_child)));
        let body = match self.remedies.as_slice() {
            [] => body.words(complaint(speaker, None)),
            remedies => body.remedies(speaker, remedies),
        }
        .link(speaker.t("mail-status-link"), &self.status_link);
        Composed {
            subject: speaker.t1("mail-erasure-decided-subject", "reference", reference),
            body,
        }
    }
}

impl Message for Erased {
    fn kind(&self) -> MailKind {
        MailKind::Erased
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-erasure-done-at"), speaker.date_time(self.done_at)));
        let mut body = Body::greeting(speaker)
            .words(speaker.t1("mail-erasure-done", "organisation", &facts.organisation))
            .facts(known);
        body = scope(body, speaker, "mail-erasure-went", &self.goes, &self.stays);
        body = match self.pending_until {
            Some(until) => {
                body.words(speaker.t1("mail-erasure-pending", "date", speaker.date(until)))
            }
            None if self.complete => body.words(speaker.t("mail-erasure-looked")),
            None => body.words(speaker.t("mail-erasure-unsure")),
        };
        if !self.backups.is_empty() {
            let lines: Vec<String> = self
                .backups
                .iter()
                .map(|(store, time)| {
                    let time = speaker.duration(time);
                    speaker.t2("mail-erasure-backup", "store", store, "time", time)
                })
                .collect();
            body = body.words(speaker.t("mail-erasure-backups")).list(&lines);
        }
        let body = body
            .words(speaker.t("mail-erasure-receipt"))
            .words(complaint(speaker, self.authority.as_ref()))
            .link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: speaker.t1("mail-erasure-done-subject", "reference", reference), body }
    }
}

/// How it can be stopped.
const fn stop(of_child: bool) -> &'static str {
    if of_child { "mail-erasure-stop-child" } else { "mail-erasure-stop" }
}

/// What goes and what stays, in lists.
fn scope(
    body: Body,
    speaker: &Speaker,
    heading: &str,
    goes: &[ErasedLine],
    stays: &[KeptLine],
) -> Body {
    let mut body = body;
    if goes.is_empty() {
        body = body.words(speaker.t("mail-erasure-nothing-goes"));
    } else {
        let lines: Vec<String> = goes.iter().map(|line| gone(speaker, line)).collect();
        body = body.words(speaker.t(heading)).list(&lines);
        if goes.iter().any(|line| line.masked) {
            body = body.words(speaker.t("mail-erasure-pseudonymised"));
        }
    }
    if !stays.is_empty() {
        let lines: Vec<String> = stays.iter().map(|line| kept(speaker, line)).collect();
        body = body.words(speaker.t("mail-erasure-stays")).list(&lines);
    }
    body
}

fn gone(speaker: &Speaker, line: &ErasedLine) -> String {
    let id = if line.masked { "mail-erasure-line-masked" } else { "mail-erasure-line" };
    line_of(speaker, id, &line.store, &line.collection, line.rows)
}

fn kept(speaker: &Speaker, line: &KeptLine) -> String {
    let what = line_of(speaker, "mail-erasure-line", &line.store, &line.collection, line.rows);
    let ground = match (&line.controller, line.ground.as_str()) {
        (Some(controller), _) => speaker.held(controller),
        (None, "") => speaker.t("mail-erasure-kept-rule"),
        (None, ground) => ground.to_owned(),
    };
    match line.until {
        Some(until) => speaker.with(
            "mail-erasure-kept-until",
            [
                ("what", what.into()),
                ("ground", ground.into()),
                ("date", speaker.date(until).into()),
            ],
        ),
        None => speaker.t2("mail-erasure-kept", "what", &what, "ground", &ground),
    }
}

fn line_of(speaker: &Speaker, id: &str, store: &str, collection: &str, rows: u64) -> String {
    let args = [("store", store.into()), ("collection", collection.into()), ("count", rows.into())];
    speaker.with(id, args)
}
