//! `GET /status/{token}`: what became of it. Without its cookie the page shows where things stand;
//! with it, also what is personal: counts, messages, downloads.

use askama::Template;

use super::{CodeBox, Delivery, Frame, Moment, Promise, RequestView};

/// What was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusNotice {
    /// The code was right.
    Unlocked,
    /// The page has to be unlocked again before that can be done.
    LockedAgain,
    /// A message was sent.
    MessageSent,
    /// A message without text.
    MessageEmpty,
    /// A message that is too long or has characters that cannot be shown.
    MessageUnreadable,
    /// A request was withdrawn.
    Withdrawn,
    /// A withdrawal was undone.
    Restored,
    /// An archive is being made again.
    MakingAgain,
    /// What was asked for does not fit where the request stands now.
    NotNow,
}

impl StatusNotice {
    /// Whether it tells of something that did not work.
    pub const fn is_error(self) -> bool {
        use StatusNotice::{LockedAgain, MessageEmpty, MessageUnreadable, NotNow};
        matches!(self, LockedAgain | MessageEmpty | MessageUnreadable | NotNow)
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Unlocked => "web-notice-unlocked",
            Self::LockedAgain => "web-notice-locked",
            Self::MessageSent => "web-notice-message",
            Self::MessageEmpty => "web-notice-message-empty",
            Self::MessageUnreadable => "web-notice-message-unreadable",
            Self::Withdrawn => "web-notice-withdrawn",
            Self::Restored => "web-notice-restored",
            Self::MakingAgain => "web-notice-again",
            Self::NotNow => "web-notice-not-now",
        }
    }
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The person.
    Person,
    /// Staff; named by the organisation.
    Staff,
}

/// One message of the thread.
#[derive(Debug, Clone)]
pub struct ThreadMessage {
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub at: Moment,
    /// What, on one or several lines.
    pub text: String,
}

impl ThreadMessage {
    fn is_mine(&self) -> bool {
        self.author == Author::Person
    }
}

/// One page for one token, which covers one request or a group.
#[derive(Debug, Template)]
#[template(path = "public/status.html")]
pub struct StatusPage {
    /// What stands around it.
    pub frame: Frame,
    /// The link's token.
    pub token: String,
    /// The requests, at least one.
    pub requests: Vec<RequestView>,
    /// The box that unlocks the page, [`CodeBox::for_unlock`]; `None` on an unlocked page.
    pub code: Option<CodeBox>,
    /// What was just done.
    pub notice: Option<StatusNotice>,
    /// The thread, oldest first; only on an unlocked page.
    pub messages: Vec<ThreadMessage>,
    /// A message as typed that could not be taken.
    pub draft: String,
}

impl StatusPage {
    fn is_unlocked(&self) -> bool {
        self.code.is_none()
    }

    fn notice(&self) -> Option<String> {
        self.notice.map(|notice| self.frame.t(notice.id()))
    }

    fn is_error(&self) -> bool {
        self.notice.is_some_and(StatusNotice::is_error)
    }

    fn message_is_wrong(&self) -> bool {
        let wrong = [Some(StatusNotice::MessageEmpty), Some(StatusNotice::MessageUnreadable)];
        wrong.contains(&self.notice)
    }

    fn post(&self, act: &str) -> String {
        self.frame.link(&format!("/status/{}/{act}", self.token))
    }
}

#[cfg(test)]
mod samples;
