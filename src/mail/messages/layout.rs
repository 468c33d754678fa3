//! How messages look: blocks one below the other, the same in plain text and in HTML.

use askama::Template;

use super::{Composed, SenderFacts};
use crate::domain::language::Language;
use crate::domain::refusal::Remedy;
use crate::mail::{Letter, MailKind, one_line};
use crate::text::Speaker;

/// A piece of a message.
#[derive(Debug, Clone)]
pub(super) enum Block {
    /// A paragraph.
    Words(String),
    /// Labels and values.
    Facts(Vec<(String, String)>),
    /// A list.
    List(Vec<String>),
    /// A code, alone on its line.
    Code(String),
    /// A link, whole on a line of its own in the plain text.
    Link {
        /// What happens there.
        label: String,
        /// Where it leads.
        url: String,
    },
}

/// A message's blocks, put together in the order of reading.
#[derive(Debug, Clone, Default)]
pub(super) struct Body(Vec<Block>);

impl Body {
    /// Starts with the greeting, which names nobody.
    pub(super) fn greeting(speaker: &Speaker) -> Self {
        Self::default().words(speaker.t("mail-greeting"))
    }

    pub(super) fn words(self, words: impl AsRef<str>) -> Self {
        self.block(Block::Words(one_line(words.as_ref())))
    }

    pub(super) fn facts(self, facts: Vec<(String, String)>) -> Self {
        let clean = |(label, value): (String, String)| (one_line(&label), one_line(&value));
        self.block(Block::Facts(facts.into_iter().map(clean).collect()))
    }

    pub(super) fn list<'a>(self, items: impl IntoIterator<Item = &'a String>) -> Self {
        self.block(Block::List(items.into_iter().map(|item| one_line(item)).collect()))
    }

    pub(super) fn code(self, code: String) -> Self {
        self.block(Block::Code(code))
    }

    pub(super) fn link(self, label: impl AsRef<str>, url: &str) -> Self {
        self.block(Block::Link { label: one_line(label.as_ref()), url: one_line(url) })
    }

    /// Where the person can turn against a decision, a paragraph each.
    pub(super) fn remedies(mut self, speaker: &Speaker, remedies: &[Remedy]) -> Self {
        for remedy in remedies {
            self = self.words(speaker.remedy(remedy));
            if let Some(link) = remedy.link() {
                self = self.link(speaker.t("mail-remedy-link"), link);
            }
        }
        self
    }

    fn block(mut self, block: Block) -> Self {
        self.0.push(block);
        self
    }
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Page<'a> {
    lang: &'a str,
    dir: &'a str,
    subject: &'a str,
    blocks: &'a [Block],
    footer: &'a [String],
}

/// The letter with both its parts.
pub(super) fn letter(
    kind: MailKind,
    composed: &Composed,
    speaker: &Speaker,
    facts: &SenderFacts,
) -> Letter {
    let language = speaker.language();
    let subject = one_line(&composed.subject);
    let footer = footer(speaker, facts);
    let page = Page {
        lang: language.as_str(),
        dir: direction(language),
        subject: &subject,
        blocks: &composed.body.0,
        footer: &footer,
    };
    let html = page.render().expect("the template writes into memory and calls nothing that fails");
    Letter { kind, language, text: plain(&composed.body.0, &footer), subject, html }
}

fn plain(blocks: &[Block], footer: &[String]) -> String {
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Words(words) => line(&mut text, words),
            Block::Facts(facts) => {
                for (label, value) in facts {
                    line(&mut text, &format!("{label}: {value}"));
                }
            }
            Block::List(items) => {
                for item in items {
                    line(&mut text, &format!("* {item}"));
                }
            }
            Block::Code(code) => line(&mut text, &format!("    {code}")),
            Block::Link { label, url } => {
                line(&mut text, &format!("{label}:"));
                line(&mut text, url);
            }
        }
        text.push('\n');
    }
    // The blank after the two hyphens is how mail programs know a signature (RFC 3676, 4.3).
    line(&mut text, "-- ");
    for words in footer {
        line(&mut text, words);
    }
    text
}

fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}

fn footer(speaker: &Speaker, facts: &SenderFacts) -> Vec<String> {
    let mut lines = vec![speaker.t2(
        "mail-footer-sender",
        "organisation",
        &facts.organisation,
        "base_url",
        &facts.base_url,
    )];
    if let Some(contact) = &facts.contact {
        lines.push(speaker.t1("mail-footer-contact", "contact", contact));
    }
    if let Some(url) = &facts.privacy_url {
        lines.push(speaker.t1("mail-footer-privacy", "url", url));
    }
    lines.iter().map(|words| one_line(words)).collect()
}

/// A new language has to choose.
const fn direction(language: Language) -> &'static str {
    match language {
        Language::En | Language::De => "ltr",
    }
}
