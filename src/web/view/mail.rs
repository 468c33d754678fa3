//! `GET /demo/mail`: the demo's mailbox, so that it can be tried without a mail server.

use askama::Template;

use super::Frame;
use crate::ids::Code;

/// A mail in the list.
#[derive(Debug, Clone)]
pub struct MailLine {
    /// The page that shows it, a path of this service.
    pub href: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was sent, in words.
    pub date: String,
    /// `X-Rightsdesk-Message`.
    pub kind: String,
}

/// All mails, newest first.
#[derive(Debug, Template)]
#[template(path = "public/mailbox.html")]
pub struct MailboxPage {
    /// What stands around it.
    pub frame: Frame,
    /// The mails.
    pub mails: Vec<MailLine>,
}

/// One mail, its plain-text part.
#[derive(Debug, Template)]
#[template(path = "public/mail.html")]
pub struct MailPage {
    /// What stands around it.
    pub frame: Frame,
    /// From whom.
    pub from: String,
    /// The rest of its head; `href` is not shown.
    pub line: MailLine,
    /// Its text, [`pieces`].
    pub body: Vec<Piece>,
}

/// A part of a mail's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words, line ends included.
    Text(String),
    /// A link into this service, which stood alone on its line.
    Link(String),
    /// A code, which stood alone on its line.
    Code(String),
}

/// Finds the links and codes in a mail's plain text. Only links that begin with `base_url` become
/// such; all else stays text.
pub fn pieces(text: &str, base_url: &str) -> Vec<Piece> {
    let base = format!("{}/", base_url.trim_end_matches('/'));
    let mut out = Vec::new();
    for line in text.lines() {
        let word = line.trim();
        let found = if word.starts_with(&base) && !word.contains(char::is_whitespace) {
            Some(Piece::Link(word.to_owned()))
        } else if word.len() == 9 && word.as_bytes()[4] == b'-' && Code::parse(word).is_some() {
            Some(Piece::Code(word.to_owned()))
        } else {
            None
        };
        match (found, out.last_mut()) {
            (Some(piece), _) => {
                out.push(piece);
                out.push(Piece::Text("\n".to_owned()));
            }
            (None, Some(Piece::Text(before))) => {
                before.push_str(line);
                before.push('\n');
            }
            (None, _) => out.push(Piece::Text(format!("{line}\n"))),
        }
    }
    out
}

#[cfg(test)]
impl MailLine {
    fn sample(subject: &str) -> Self {
        Self {
            href: "/demo/mail/1.eml".to_owned(),
            to: "ada@example.org".to_owned(),
            subject: subject.to_owned(),
            date: "20 November 2026, 10:12 CET".to_owned(),
            kind: "verify".to_owned(),
        }
    }
}

#[cfg(test)]
impl MailboxPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let mails = vec![
            MailLine::sample("Please confirm your request R-7F3K9Q2M"),
            MailLine::sample("<script>alert(1)</script>"),
        ];
        vec![
            ("mailbox", Self { frame: frame.clone(), mails }),
            ("mailbox-empty", Self { frame: frame.clone(), mails: Vec::new() }),
        ]
    }
}

#[cfg(test)]
impl MailPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let text = "Hello,\n\nyour code is\n\nABCD-EFGH\n\nor open\n\n\
                    http://127.0.0.1:8080/verify/tok\n\n<script>alert(1)</script>\n";
        let page = Self {
            frame: frame.clone(),
            from: "privacy@lantern.example".to_owned(),
            line: MailLine::sample("Please confirm your request R-7F3K9Q2M"),
            body: pieces(text, "http://127.0.0.1:8080"),
        };
        vec![("mail", page)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_into_our_own_service_become_links() {
        let base = "http://127.0.0.1:8080";
        let text = "See\n  http://127.0.0.1:8080/status/x\nhttp://127.0.0.1:80801/x\n\
                    http://evil.example/http://127.0.0.1:8080/\nABCD-EFGH\nABCD-EFGH is it\n";
        assert_eq!(
            pieces(text, base),
            [
                Piece::Text("See\n".to_owned()),
                Piece::Link("http://127.0.0.1:8080/status/x".to_owned()),
                Piece::Text(
                    "\nhttp://127.0.0.1:80801/x\nhttp://evil.example/http://127.0.0.1:8080/\n"
                        .to_owned()
                ),
                Piece::Code("ABCD-EFGH".to_owned()),
                Piece::Text("\nABCD-EFGH is it\n".to_owned()),
            ]
        );
        assert_eq!(pieces("äöüß-äöü", base), [Piece::Text("äöüß-äöü\n".to_owned())]);
    }
}
