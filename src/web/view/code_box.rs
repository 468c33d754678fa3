//! The box for a mailed code, which several pages have.

use super::Frame;
use crate::ids::Reference;

/// What happened with the last code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeNotice {
    /// Nothing was typed, or nothing that a code can be.
    NotACode,
    /// Not the code that was sent; so many tries are left, at least one.
    Wrong {
        /// Tries left.
        left: u64,
    },
    /// No try is left; a fresh code is needed.
    TooManyTries,
    /// The reference was typed into the box.
    WasReference,
    /// It was right once; its time is over.
    Expired,
    /// A fresh code was asked for. The same whether or not one was mailed.
    FreshSent,
}

impl CodeNotice {
    /// Whether it tells of something to be put right.
    pub const fn is_error(self) -> bool {
        !matches!(self, Self::FreshSent)
    }

    fn say(self, frame: &Frame) -> String {
        frame.t(match self {
            Self::NotACode => "web-code-not-a-code",
            Self::Wrong { left } => return frame.t1("web-code-wrong", "left", left),
            Self::TooManyTries => "web-code-too-many",
            Self::WasReference => "web-code-was-reference",
            Self::Expired => "web-code-expired",
            Self::FreshSent => "web-code-fresh-sent",
        })
    }
}

/// A box for the code, and a button beside it that mails a fresh one.
#[derive(Debug, Clone)]
pub struct CodeBox {
    /// Where `code` is posted.
    pub(super) action: String,
    /// Where a fresh code is asked for.
    pub(super) fresh: String,
    /// For `request`, where a page is about several.
    pub(super) request: Option<String>,
    /// No code is under way before one asks for it.
    pub(super) asks_first: bool,
    button: &'static str,
    notice: Option<CodeNotice>,
}

impl CodeBox {
    /// On the page that follows the form.
    pub(super) fn for_sent(reference: &Reference) -> Self {
        let at = format!("/requests/{reference}");
        Self::new(format!("{at}/verify"), format!("{at}/code"), "web-code-confirm")
    }

    /// On the page that the mail links to.
    pub(super) fn for_verify(token: &str) -> Self {
        Self::new(format!("/verify/{token}"), format!("/verify/{token}/code"), "web-code-confirm")
    }

    /// On a status page without its cookie.
    pub fn for_unlock(token: &str) -> Self {
        let at = format!("/status/{token}");
        Self {
            asks_first: true,
            ..Self::new(format!("{at}/unlock"), format!("{at}/code"), "web-code-unlock")
        }
    }

    /// For one download.
    pub fn for_download(token: &str, reference: &Reference) -> Self {
        let at = format!("/status/{token}");
        Self {
            asks_first: true,
            request: Some(reference.to_string()),
            ..Self::new(
                format!("{at}/download"),
                format!("{at}/download-code"),
                "web-code-download",
            )
        }
    }

    fn new(action: String, fresh: String, button: &'static str) -> Self {
        Self { action, fresh, request: None, asks_first: false, button, notice: None }
    }

    /// With word of the last code.
    #[must_use]
    pub fn with(mut self, notice: Option<CodeNotice>) -> Self {
        self.notice = notice;
        self
    }

    /// Whether the last code has to be typed again.
    pub(super) fn is_wrong(&self) -> bool {
        self.notice.is_some_and(CodeNotice::is_error)
    }

    /// The id of the box on its page.
    pub(super) fn id(&self) -> String {
        match &self.request {
            Some(request) => format!("code-{request}"),
            None => "code".to_owned(),
        }
    }

    pub(super) fn button(&self, frame: &Frame) -> String {
        frame.t(self.button)
    }

    pub(super) fn notice(&self, frame: &Frame) -> Option<String> {
        self.notice.map(|notice| notice.say(frame))
    }
}
