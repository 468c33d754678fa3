//! `GET /verify/{token}` of a notice that something is about to change by which a person is found.

use askama::Template;

use super::{Frame, Moment};

/// When it was asked for, and the way to say that it was somebody else.
#[derive(Debug, Template)]
#[template(path = "public/changing.html")]
pub struct ChangingPage {
    frame: Frame,
    token: String,
    received: Moment,
}

impl ChangingPage {
    /// For the link `token`.
    pub fn new(frame: Frame, token: &str, received: Moment) -> Self {
        Self { token: token.to_owned(), frame, received }
    }

    fn not_me(&self) -> String {
        self.frame.link(&format!("/verify/{}/not-me", self.token))
    }
}

#[cfg(test)]
impl ChangingPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let received = Moment::sample(&frame.speaker, 0);
        vec![("changing", Self::new(frame.clone(), "tok", received))]
    }
}
