//! The pages before anybody is signed in, and those that say one thing.

use askama::Template;

use super::Page;

/// One thing to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Said {
    /// 404
    Missing,
    /// 405
    Method,
    /// 403: no role of theirs may.
    Denied,
    /// 403: another site caused it.
    CrossOrigin,
    /// 410: an invitation that is spent or over.
    InviteGone,
    /// 413, 422
    Unreadable,
    /// 429, 503
    Busy,
    /// 500
    Failed,
}

impl Said {
    /// The status of its page.
    pub(in crate::web) const fn status(self) -> u16 {
        match self {
            Self::Missing => 404,
            Self::Method => 405,
            Self::Denied | Self::CrossOrigin => 403,
            Self::InviteGone => 410,
            Self::Unreadable => 422,
            Self::Busy => 503,
            Self::Failed => 500,
        }
    }

    /// Title, and what to do.
    const fn ids(self) -> [&'static str; 2] {
        match self {
            Self::Missing => ["console-missing", "console-missing-text"],
            Self::Method => ["console-method", "console-method-text"],
            Self::Denied => ["console-denied", "console-denied-text"],
            Self::CrossOrigin => ["console-cross", "console-cross-text"],
            Self::InviteGone => ["console-invite-gone", "console-invite-gone-text"],
            Self::Unreadable => ["console-unreadable", "console-unreadable-text"],
            Self::Busy => ["console-busy", "console-busy-text"],
            Self::Failed => ["console-failed", "console-failed-text"],
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "console/message.html")]
pub(in crate::web) struct MessagePage {
    pub(in crate::web) page: Page,
    pub(in crate::web) said: Said,
}

#[derive(Debug, Template)]
#[template(path = "console/sign_in.html")]
pub(in crate::web) struct SignInPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) notice: Option<String>,
    pub(in crate::web) is_good: bool,
    pub(in crate::web) email: String,
    /// Where to go afterwards; empty for the queue.
    pub(in crate::web) to: String,
}

#[derive(Debug, Template)]
#[template(path = "console/enrol.html")]
pub(in crate::web) struct EnrolPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) token: String,
    pub(in crate::web) email: String,
    pub(in crate::web) name: String,
    pub(in crate::web) secret: String,
    /// The dark squares of the QR code, as an SVG path.
    pub(in crate::web) picture: String,
    /// Its width in squares.
    pub(in crate::web) side: usize,
    pub(in crate::web) error: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "console/confirm.html")]
pub(in crate::web) struct ConfirmPage {
    pub(in crate::web) page: Page,
    /// Where the form goes that was interrupted, with its fields.
    pub(in crate::web) action: String,
    pub(in crate::web) fields: Vec<(String, String)>,
    pub(in crate::web) back: String,
    pub(in crate::web) wrong: bool,
}
