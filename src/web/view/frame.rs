//! What stands around every page: who answers here, in which language, and where one is.

use std::sync::Arc;

use crate::domain::address::EmailAddress;
use crate::domain::language::Language;
use crate::text::{Arg, Speaker};
use crate::web::asset;

/// Who answers for the data, as the configuration has it.
#[derive(Debug, Clone, Default)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// An e-mail address or a web page where people reach a human.
    pub contact: Option<String>,
    /// The postal address, on one or several lines.
    pub postal: Option<String>,
    /// Its general privacy notice.
    pub privacy_url: Option<String>,
    /// The supervisory authority that hears complaints: a name, or a web page.
    pub authority: Option<String>,
}

/// What every page has.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The words and their language.
    pub speaker: Speaker,
    /// Who answers here.
    pub org: Arc<Organisation>,
    /// The languages to switch between, the current one among them.
    pub languages: Vec<Language>,
    /// Path and query of this page for GET, without `lang`: where the language switch leads. A page
    /// that answers a POST names the page that the form stood on.
    pub here: String,
    /// Whether the language was chosen by `?lang=`; then links and forms keep it.
    pub chosen: bool,
}

impl Frame {
    /// The message `id`.
    pub fn t(&self, id: &str) -> String {
        self.speaker.t(id)
    }

    /// The message `id` with one argument.
    pub fn t1(&self, id: &str, name: &'static str, value: impl Into<Arg>) -> String {
        self.speaker.t1(id, name, value)
    }

    /// The message `id` with the organisation's name as `org`.
    pub fn org(&self, id: &str) -> String {
        self.speaker.t1(id, "org", &self.org.name)
    }

    /// For `<html lang>` and the hidden field `lang`.
    pub fn lang(&self) -> &'static str {
        self.speaker.language().as_str()
    }

    /// For `<html dir>`.
    pub fn dir(&self) -> &'static str {
        match self.speaker.language() {
            Language::En | Language::De => "ltr",
        }
    }

    /// `path` of this service, with the language where it was chosen by hand.
    pub fn link(&self, path: &str) -> String {
        if self.chosen { with_language(path, self.speaker.language()) } else { path.to_owned() }
    }

    /// The same page in another language.
    pub fn in_language(&self, language: &Language) -> String {
        with_language(&self.here, *language)
    }

    /// Whether `language` is the one spoken.
    pub fn speaks(&self, language: &Language) -> bool {
        self.speaker.language() == *language
    }

    /// Where the stylesheet lies.
    pub fn stylesheet(&self) -> &'static str {
        &asset::style().path
    }

    /// Where the console's own stylesheet lies.
    pub fn console_stylesheet(&self) -> &'static str {
        &asset::console_style().path
    }

    /// Where the icon lies.
    pub fn icon(&self) -> &'static str {
        &asset::icon().path
    }

    /// What `text` of the configuration links to: a web page or an e-mail address; `None` for plain
    /// words.
    pub fn target(&self, text: &str) -> Option<String> {
        if text.starts_with("https://") || text.starts_with("http://") {
            return Some(text.to_owned());
        }
        EmailAddress::parse(text).is_ok().then(|| format!("mailto:{}", text.trim()))
    }
}

fn with_language(path: &str, language: Language) -> String {
    let (path, fragment) = match path.split_once('#') {
        Some((path, fragment)) => (path, format!("#{fragment}")),
        None => (path, String::new()),
    };
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}lang={}{fragment}", language.as_str())
}

#[cfg(test)]
impl Frame {
    /// A frame for samples, with an organisation whose name wants to be markup.
    pub(crate) fn sample(language: Language, here: &str) -> Self {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        Self {
            speaker: Speaker::new(language, zone),
            org: Arc::new(Organisation {
                name: "Lantern & <b>Söhne</b> GmbH".to_owned(),
                contact: Some("privacy@lantern.example".to_owned()),
                postal: Some("Lantern GmbH, Lindenstraße 4, 10969 Berlin".to_owned()),
                privacy_url: Some("https://lantern.example/privacy".to_owned()),
                authority: Some("https://www.datenschutz-berlin.de".to_owned()),
            }),
            languages: Language::ALL.to_vec(),
            here: here.to_owned(),
            chosen: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_language_stays_and_an_unchosen_one_is_left_to_the_browser() {
        let mut frame = Frame::sample(Language::De, "/?right=access");
        assert_eq!(frame.link("/privacy"), "/privacy");
        frame.chosen = true;
        assert_eq!(frame.link("/privacy"), "/privacy?lang=de");
        assert_eq!(frame.link("/status/x#messages"), "/status/x?lang=de#messages");
        assert_eq!(frame.in_language(&Language::En), "/?right=access&lang=en");
    }

    #[test]
    fn only_web_pages_and_addresses_become_links() {
        let frame = Frame::sample(Language::En, "/");
        assert_eq!(frame.target("a@example.org").as_deref(), Some("mailto:a@example.org"));
        assert_eq!(frame.target("https://example.org").as_deref(), Some("https://example.org"));
        assert_eq!(frame.target("javascript:alert(1)"), None);
        assert_eq!(frame.target("Call us"), None);
    }
}
