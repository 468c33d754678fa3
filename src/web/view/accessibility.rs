//! `GET /accessibility`: what these pages do so that everybody can use them.

use askama::Template;

use super::Frame;

/// The accessibility statement.
#[derive(Debug, Template)]
#[template(path = "public/accessibility.html")]
pub struct AccessibilityPage {
    frame: Frame,
}

impl AccessibilityPage {
    /// The statement in the frame's language.
    pub fn new(frame: Frame) -> Self {
        Self { frame }
    }
}

#[cfg(test)]
impl AccessibilityPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        vec![("accessibility", Self::new(frame.clone()))]
    }
}
