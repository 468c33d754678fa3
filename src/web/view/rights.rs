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
        let [title, about, gets, scope] = match right {
            Right::Access => [
                "web-right-access-title",
                "web-right-access-about",
                "web-right-access-gets",
                "web-right-access-scope",
            ],
            Right::Export => [
                "web-right-export-title",
                "web-right-export-about",
                "web-right-export-gets",
                "web-right-export-scope",
            ],
            Right::Deletion => [
                "web-right-deletion-title",
                "web-right-deletion-about",
                "web-right-deletion-gets",
                "web-right-deletion-scope",
            ],
            Right::Correction => [
                "web-right-correction-title",
                "web-right-correction-about",
                "web-right-correction-gets",
                "web-right-correction-scope",
            ],
            Right::Restriction => [
                "flag-right-restriction-title",
                "flag-right-restriction-about",
                "flag-right-restriction-gets",
                "flag-right-restriction-scope",
            ],
            Right::Objection => [
                "flag-right-objection-title",
                "flag-right-objection-about",
                "flag-right-objection-gets",
                "flag-right-objection-scope",
            ],
            Right::OptOut => [
                "flag-right-opt_out-title",
                "flag-right-opt_out-about",
                "flag-right-opt_out-gets",
                "flag-right-opt_out-scope",
            ],
            Right::OptIn => [
                "flag-right-opt_in-title",
                "flag-right-opt_in-about",
                "flag-right-opt_in-gets",
                "flag-right-opt_in-scope",
            ],
            Right::Limit => [
                "flag-right-limit-title",
                "flag-right-limit-about",
                "flag-right-limit-gets",
                "flag-right-limit-scope",
            ],
            Right::ConsentWithdrawal => [
                "flag-right-consent_withdrawal-title",
                "flag-right-consent_withdrawal-about",
                "flag-right-consent_withdrawal-gets",
                "flag-right-consent_withdrawal-scope",
            ],
        }
        .map(|id| frame.t(id));
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
            Right::Deletion | Right::OptOut | Right::Limit | Right::ConsentWithdrawal => "cross",
            Right::Correction | Right::OptIn => "check",
            Right::Objection => "letter",
            Right::Restriction => "clock",
        }
    }

    /// Several, in their order.
    pub fn all(frame: &Frame, rights: &[Right]) -> Vec<Self> {
        rights.iter().map(|right| Self::of(frame, *right)).collect()
    }
}
