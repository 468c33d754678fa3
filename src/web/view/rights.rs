//! The rights in plain words.

use super::Frame;
use crate::domain::right::Right;

/// One right as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightText {
    /// Which one.
    pub right: Right,
    /// The word of the outside contract.
    pub word: &'static str,
    /// What one does with it, "Get a copy of your data and how it is used".
    pub title: String,
    /// What it is good for.
    pub about: String,
    /// What one gets.
    pub gets: String,
    /// What is in scope.
    pub scope: String,
}

impl RightText {
    /// `right` in the frame's language.
    pub fn of(frame: &Frame, right: Right) -> Self {
        let say = |what: &str| {
            if right.sets_flags() {
                frame.t(&format!("flag-right-{right}-{what}"))
            } else {
                frame.t(&format!("web-right-{right}-{what}"))
            }
        };
        let [title, about, gets, scope] = ["title", "about", "gets", "scope"].map(say);
        Self { right, word: right.as_str(), title, about, gets, scope }
    }

    /// Where its form is.
    pub(super) fn form(&self, frame: &Frame) -> String {
        frame.link(&format!("/?right={}", self.word))
    }

    /// The name of its picture.
    pub(super) const fn icon(&self) -> &'static str {
        match self.right {
            Right::Access => "copy",
            Right::Export => "away",
            Right::Correction | Right::OptIn | Right::Confirmation => "check",
            Right::Recipients | Right::HumanReview => "person",
            Right::Objection | Right::Complaint | Right::Appeal => "letter",
            Right::Restriction => "clock",
            Right::Deletion | Right::OptOut | Right::Limit | Right::ConsentWithdrawal => "cross",
        }
    }

    /// Whether it holds as soon as the form is sent.
    pub(super) fn is_at_once(&self) -> bool {
        self.right.starts_at_once(&[])
    }

    /// Several, in their order.
    pub fn all(frame: &Frame, rights: &[Right]) -> Vec<Self> {
        rights.iter().map(|right| Self::of(frame, *right)).collect()
    }
}
