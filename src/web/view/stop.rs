//! `GET /stop/{token}` of a warning that data are about to be deleted.

use askama::Template;

use super::{Frame, Moment};

/// When it was asked for, and the way to say "stop, and call me".
#[derive(Debug, Template)]
#[template(path = "public/stop.html")]
pub struct StopPage {
    frame: Frame,
    token: String,
    received: Moment,
}

impl StopPage {
    /// For the link `token`.
    pub fn new(frame: Frame, token: &str, received: Moment) -> Self {
        Self { token: token.to_owned(), frame, received }
    }

    fn stop(&self) -> String {
        self.frame.link(&format!("/stop/{}", self.token))
    }
}

#[cfg(test)]
impl StopPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let received = Moment::sample(&frame.speaker, 0);
        vec![("stop", Self::new(frame.clone(), "tok", received))]
    }
}
