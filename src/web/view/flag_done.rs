//! `GET /requests/{reference}/sent` of what holds without a code.

use askama::Template;

use super::Frame;
use crate::ids::Reference;

/// That it holds, for which browser, and how to undo it. For whoever opens it: it names nothing but
/// the reference, and of this browser what this browser has shown.
#[derive(Debug, Template)]
#[template(path = "public/flag_done.html")]
pub struct FlagDonePage {
    frame: Frame,
    reference: Reference,
    /// Whose cookie it is, where this browser has it.
    host: Option<String>,
    signalled: bool,
}

impl FlagDonePage {
    /// For `reference`. `host` is set for a browser with the cookie; `signalled` for one that sends
    /// Global Privacy Control.
    pub fn new(frame: Frame, reference: Reference, host: Option<String>, signalled: bool) -> Self {
        Self { frame, reference, host, signalled }
    }
}

#[cfg(test)]
impl FlagDonePage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let reference = Reference::parse("R-7F3K9Q2M").unwrap();
        let host = Some("rights.example".to_owned());
        vec![
            ("flag-done", Self::new(frame.clone(), reference.clone(), None, false)),
            ("flag-done-browser", Self::new(frame.clone(), reference, host, true)),
        ]
    }
}
