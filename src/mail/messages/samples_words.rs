//! Samples of decisions and of answers in words.

use super::tests::{asked, at, link};
use super::*;
use crate::domain::decision::RefusalGround;
use crate::domain::law::Law;
use crate::domain::particulars::Verdict;
use crate::domain::refusal::{Refusal, Ways, remedies};

pub(super) fn ways(laws: &[Law]) -> Ways<'_> {
    Ways {
        laws,
        authority: Some("Data Protection Commission"),
        complaint: "https://rights.shop.example/?right=complaint&about=R-7F3K9Q2M",
        appeal: "https://rights.shop.example/?right=appeal&about=R-7F3K9Q2M",
    }
}

pub(super) fn refused_under(ground: RefusalGround, laws: &[Law]) -> Refused {
    let facts = "You asked the same on 3 and on 10 February.\nWe answered both times.";
    let right = ["access", "export", "human_review"]
        .map(|word| Right::parse(word).unwrap())
        .into_iter()
        .find(|right| ground.basis(*right, laws).is_some());
    let right = right.unwrap_or(Right::Access);
    Refused {
        asked: asked(right),
        received_at: at("2026-03-01T12:00:00Z"),
        refusal: Refusal::build(right, ground, facts, &ways(laws)).unwrap(),
        status_link: link("status"),
    }
}

pub(super) fn lodged() -> Lodged {
    Lodged {
        asked: vec![asked(Right::Complaint)],
        received_at: at("2026-03-01T12:00:00Z"),
        status_link: link("status"),
    }
}

pub(super) fn replied(verdict: Verdict, laws: &[Law]) -> Replied {
    Replied {
        asked: asked(Right::Appeal),
        received_at: at("2026-03-01T12:00:00Z"),
        verdict,
        words: "You had asked once only.\n\nWe have taken the request up again.".to_owned(),
        remedies: remedies(Right::Appeal, &ways(laws)).unwrap(),
        status_link: link("status"),
    }
}

pub(super) fn answer_ready() -> AnswerReady {
    AnswerReady {
        asked: asked(Right::Confirmation),
        available_until: at("2026-03-20T12:00:00Z"),
        size: 8_192,
        status_link: link("status"),
    }
}
