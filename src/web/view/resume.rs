//! `GET /verify/{token}` when nobody confirmed in time: the address is forgotten, the request is
//! not.

use askama::Template;

use super::{FieldError, Frame, Moment};

/// Asks for the address again; the request keeps its old time.
#[derive(Debug, Template)]
#[template(path = "public/resume.html")]
pub struct ResumePage {
    /// What stands around it.
    pub frame: Frame,
    /// The link's token.
    pub token: String,
    /// When the request came in.
    pub received: Moment,
    /// Field `email`, as typed.
    pub email: String,
    /// What is wrong with it.
    pub error: Option<FieldError>,
}

impl ResumePage {
    fn action(&self) -> String {
        self.frame.link(&format!("/verify/{}/resume", self.token))
    }
}

#[cfg(test)]
impl ResumePage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let make = |email: &str, error| Self {
            frame: frame.clone(),
            token: "tok".to_owned(),
            received: Moment::sample(&frame.speaker, 0),
            email: email.to_owned(),
            error,
        };
        vec![
            ("resume", make("", None)),
            ("resume-wrong", make("\"<script>", Some(FieldError::email_form(frame)))),
        ]
    }
}
