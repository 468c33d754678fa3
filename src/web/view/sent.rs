//! `GET /requests/{reference}/sent`, and the answers of its two forms.

use askama::Template;

use super::{CodeBox, CodeNotice, Frame};
use crate::ids::Reference;

/// What happens next, and a box for the code. The same whether or not the address is known, and for
/// whoever opens it: it names nothing but the reference.
#[derive(Debug, Template)]
#[template(path = "public/sent.html")]
pub struct SentPage {
    frame: Frame,
    reference: Reference,
    code: CodeBox,
    promise_hours: u64,
    signalled: bool,
    /// Nothing has to be confirmed: it is taken.
    is_taken: bool,
}

impl SentPage {
    /// For `reference`, after `notice`.
    pub fn new(
        frame: Frame,
        reference: Reference,
        notice: Option<CodeNotice>,
        promise_hours: u64,
    ) -> Self {
        let code = CodeBox::for_sent(&reference).with(notice);
        Self { frame, reference, code, promise_hours, signalled: false, is_taken: false }
    }

    /// For a browser that sends Global Privacy Control: that it is honoured.
    #[must_use]
    pub fn signalled(self, signalled: bool) -> Self {
        Self { signalled, ..self }
    }

    /// The same for what needs no code.
    #[must_use]
    pub fn taken(self, is_taken: bool) -> Self {
        Self { is_taken, ..self }
    }
}

#[cfg(test)]
impl SentPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let reference = Reference::parse("R-7F3K9Q2M").unwrap();
        [
            ("sent", None),
            ("sent-wrong", Some(CodeNotice::Wrong { left: 3 })),
            ("sent-last-try", Some(CodeNotice::Wrong { left: 1 })),
            ("sent-too-many", Some(CodeNotice::TooManyTries)),
            ("sent-reference", Some(CodeNotice::WasReference)),
            ("sent-expired", Some(CodeNotice::Expired)),
            ("sent-no-code", Some(CodeNotice::NotACode)),
            ("sent-fresh", Some(CodeNotice::FreshSent)),
        ]
        .into_iter()
        .map(|(name, notice)| (name, Self::new(frame.clone(), reference.clone(), notice, 72)))
        .chain([("sent-taken", Self::new(frame.clone(), reference.clone(), None, 72).taken(true))])
        .collect()
    }
}
