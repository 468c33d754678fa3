//! `GET /verify/{token}`: the mail's link, before anything is confirmed.

use askama::Template;

use super::{CodeBox, CodeNotice, Frame, Moment, RightText};
use crate::domain::right::Right;

/// What was asked for, when, and from which country; confirm it, or say that it was somebody else.
/// Never a name or words from the form: whoever reads this need not be who typed them.
#[derive(Debug, Template)]
#[template(path = "public/verify.html")]
pub struct VerifyPage {
    frame: Frame,
    token: String,
    rights: Vec<RightText>,
    received: Moment,
    country: Option<String>,
    code: CodeBox,
}

impl VerifyPage {
    /// For the link `token`; `country` by name, as chosen on the form.
    pub fn new(
        frame: Frame,
        token: &str,
        rights: &[Right],
        received: Moment,
        country: Option<String>,
        notice: Option<CodeNotice>,
    ) -> Self {
        Self {
            rights: RightText::all(&frame, rights),
            code: CodeBox::for_verify(token).with(notice),
            token: token.to_owned(),
            frame,
            received,
            country,
        }
    }

    fn not_me(&self) -> String {
        self.frame.link(&format!("/verify/{}/not-me", self.token))
    }
}

#[cfg(test)]
impl VerifyPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let make = |rights: &[Right], country: Option<&str>, notice| {
            let received = Moment::sample(&frame.speaker, 0);
            let country = country.map(ToOwned::to_owned);
            Self::new(frame.clone(), "tok", rights, received, country, notice)
        };
        let wrong = Some(CodeNotice::Wrong { left: 4 });
        vec![
            ("verify", make(&[Right::Access], None, None)),
            ("verify-group-wrong", make(Right::ALL, Some("Österreich <script>"), wrong)),
        ]
    }
}
