//! `GET /verify/{token}` of a notice that an app has asked in somebody's name.

use askama::Template;

use super::{Frame, Moment, RightText};
use crate::domain::right::Right;

/// What was asked for and when, and the way to say that it was somebody else.
#[derive(Debug, Template)]
#[template(path = "public/asserted.html")]
pub struct AssertedPage {
    frame: Frame,
    token: String,
    rights: Vec<RightText>,
    received: Moment,
}

impl AssertedPage {
    /// For the link `token`.
    pub fn new(frame: Frame, token: &str, rights: &[Right], received: Moment) -> Self {
        Self { rights: RightText::all(&frame, rights), token: token.to_owned(), frame, received }
    }

    fn not_me(&self) -> String {
        self.frame.link(&format!("/verify/{}/not-me", self.token))
    }
}

#[cfg(test)]
impl AssertedPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let received = Moment::sample(&frame.speaker, 0);
        vec![("asserted", Self::new(frame.clone(), "tok", &[Right::Export], received))]
    }
}
