//! `GET /privacy`: what this service itself keeps about whoever asks.

use askama::Template;

use super::{Frame, Retention, Term};

/// The service's own privacy notice.
#[derive(Debug, Template)]
#[template(path = "public/privacy.html")]
pub struct PrivacyPage {
    frame: Frame,
    retention: Retention,
}

impl PrivacyPage {
    /// With the configured times.
    pub fn new(frame: Frame, retention: Retention) -> Self {
        Self { frame, retention }
    }

    fn after(&self, id: &str, term: &Term) -> String {
        self.frame.t1(id, "term", term.say(&self.frame.speaker))
    }
}

#[cfg(test)]
impl PrivacyPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        vec![("privacy", Self::new(frame.clone(), Retention::sample()))]
    }
}
