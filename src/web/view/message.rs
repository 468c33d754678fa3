//! Pages that say one thing: errors, links that are used up, and what was done.

use askama::Template;

use super::{Frame, Term};

/// What to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// 404
    NotFound,
    /// 405
    MethodNotAllowed,
    /// 410: a link whose purpose is served or whose time is over.
    LinkSpent,
    /// 410: a link that was never one of ours, or is forgotten.
    LinkUnknown,
    /// 410: an archive whose time is over.
    ArchiveGone,
    /// 403 on a download: no cookie, or not its cookie, or its time is over.
    DownloadEnded,
    /// 413
    TooLarge,
    /// 422 where no form can be shown again.
    Unreadable,
    /// 429, with the wait.
    TooMany(Term),
    /// 403: another page sent the form.
    CrossOrigin,
    /// 500
    Failed,
    /// 503
    Unavailable,
    /// The person said that it was not them; the request is cancelled.
    NotMe,
    /// Somebody who was warned of a deletion said "stop, and call me".
    Stopped,
}

impl Message {
    /// The status code of a page that says this.
    pub const fn status(self) -> u16 {
        match self {
            Self::NotMe | Self::Stopped => 200,
            Self::CrossOrigin | Self::DownloadEnded => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::LinkSpent | Self::LinkUnknown | Self::ArchiveGone => 410,
            Self::TooLarge => 413,
            Self::Unreadable => 422,
            Self::TooMany(_) => 429,
            Self::Failed => 500,
            Self::Unavailable => 503,
        }
    }

    /// Title, what it means, what to do next.
    const fn ids(self) -> [&'static str; 3] {
        match self {
            Self::NotFound => ["web-not-found-title", "web-not-found-text", "web-not-found-next"],
            Self::MethodNotAllowed => ["web-method-title", "web-method-text", "web-method-next"],
            Self::LinkSpent => ["web-spent-title", "web-spent-text", "web-spent-next"],
            Self::LinkUnknown => ["web-unknown-title", "web-unknown-text", "web-unknown-next"],
            Self::ArchiveGone => ["web-gone-title", "web-gone-text", "web-gone-next"],
            Self::DownloadEnded => ["web-ended-title", "web-ended-text", "web-ended-next"],
            Self::TooLarge => ["web-large-title", "web-large-text", "web-large-next"],
            Self::Unreadable => {
                ["web-unreadable-title", "web-unreadable-text", "web-unreadable-next"]
            }
            Self::TooMany(_) => ["web-many-title", "web-many-text", "web-many-next"],
            Self::CrossOrigin => ["web-cross-title", "web-cross-text", "web-cross-next"],
            Self::Failed => ["web-failed-title", "web-failed-text", "web-failed-next"],
            Self::Unavailable => {
                ["web-unavailable-title", "web-unavailable-text", "web-unavailable-next"]
            }
            Self::NotMe => ["web-not-me-title", "web-not-me-text", "web-not-me-next"],
            Self::Stopped => ["web-stopped-title", "web-stopped-text", "web-stopped-next"],
        }
    }
}

/// One message with a way on.
#[derive(Debug, Template)]
#[template(path = "public/message.html")]
pub struct MessagePage {
    frame: Frame,
    message: Message,
    back: Option<String>,
}

impl MessagePage {
    /// Says `message`; `back` is the page that the person came from, where that is known. Its status
    /// code is [`Message::status`].
    pub fn new(frame: Frame, message: Message, back: Option<String>) -> Self {
        Self { frame, message, back }
    }

    fn title(&self) -> String {
        self.frame.t(self.message.ids()[0])
    }

    fn text(&self) -> String {
        self.frame.t(self.message.ids()[1])
    }

    fn next(&self) -> String {
        let id = self.message.ids()[2];
        match self.message {
            Message::TooMany(wait) => self.frame.t1(id, "wait", wait.say(&self.frame.speaker)),
            _ => self.frame.t(id),
        }
    }

    fn is_good(&self) -> bool {
        matches!(self.message, Message::NotMe | Message::Stopped)
    }
}

#[cfg(test)]
impl MessagePage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let back = || Some("/status/tok".to_owned());
        [
            ("message-404", Message::NotFound, None),
            ("message-405", Message::MethodNotAllowed, None),
            ("message-spent", Message::LinkSpent, None),
            ("message-unknown", Message::LinkUnknown, None),
            ("message-archive-gone", Message::ArchiveGone, back()),
            ("message-download-ended", Message::DownloadEnded, back()),
            ("message-413", Message::TooLarge, back()),
            ("message-422", Message::Unreadable, None),
            ("message-429", Message::TooMany(Term::Minutes(1)), None),
            ("message-cross", Message::CrossOrigin, None),
            ("message-500", Message::Failed, None),
            ("message-503", Message::Unavailable, None),
            ("message-not-me", Message::NotMe, None),
            ("message-stopped", Message::Stopped, None),
        ]
        .map(|(name, message, back)| (name, Self::new(frame.clone(), message, back)))
        .into()
    }
}
