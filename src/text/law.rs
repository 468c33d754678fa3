//! Grounds, citations and remedies in words.

use jiff::Timestamp;

use super::Speaker;
use crate::domain::controller::Controller;
use crate::domain::decision::RefusalGround;
use crate::domain::language::Language;
use crate::domain::law::Law;
use crate::domain::refusal::Remedy;

impl Speaker {
    /// A ground as half a sentence, without its source.
    pub fn ground(&self, ground: RefusalGround) -> String {
        self.t(&format!("law-ground-{ground}"))
    }

    /// A ground as half a sentence, with where it stands.
    pub fn ground_with_source(
        &self,
        ground: RefusalGround,
        (law, place): (Law, &'static str),
    ) -> String {
        match self.citation(law, place) {
            Some(source) => format!("{} ({source})", self.ground(ground)),
            None => self.ground(ground),
        }
    }

    /// Why something stays over which another controller decides, as half a sentence.
    pub fn held(&self, of: &Controller) -> String {
        match &of.contact {
            Some(contact) => self.t2("law-held-contact", "name", &of.name, "contact", contact),
            None => self.t1("law-held", "name", &of.name),
        }
    }

    /// That a request is forwarded to another controller, or was then, and how to reach it.
    pub fn forwarded(&self, to: &Controller, at: Option<Timestamp>) -> String {
        let told = match at {
            Some(at) => self.t2("law-forwarded", "name", &to.name, "date", self.date(at)),
            None => self.t1("law-forward", "name", &to.name),
        };
        match &to.contact {
            Some(contact) => {
                let reach = self.t2("law-forward-reach", "name", &to.name, "contact", contact);
                format!("{told} {reach}")
            }
            None => told,
        }
    }

    /// `GDPR Article 12(5)`, `Artikel 12 Absatz 5 DSGVO`; `None` where there is no one place.
    pub fn citation(&self, law: Law, place: &str) -> Option<String> {
        if place.is_empty() {
            return (law == Law::UsState).then(|| self.t("law-source-us_state"));
        }
        let is_article = place.starts_with(|first: char| first.is_ascii_digit());
        match law {
            Law::Gdpr => Some(self.t1("law-source-eu_gdpr", "place", self.places(place))),
            Law::UkGdpr if is_article && !place.contains("CCR") => {
                Some(self.t1("law-source-uk_gdpr", "place", self.places(place)))
            }
            _ => Some(place.to_owned()),
        }
    }

    /// A way to have a decision checked, as a sentence.
    pub fn remedy(&self, remedy: &Remedy) -> String {
        match remedy {
            Remedy::Authority(name) => self.t1("law-remedy-authority", "name", name),
            Remedy::Commissioner => self.t("law-remedy-commissioner"),
            Remedy::California => self.t("law-remedy-california"),
            Remedy::AttorneyGeneral => self.t("law-remedy-attorney"),
            Remedy::Court => self.t("law-remedy-court"),
            Remedy::Complaint(_) => self.t("law-remedy-complaint"),
            Remedy::Appeal(_) => self.t("law-remedy-appeal"),
        }
    }

    /// The same with the address that leads there, where there is one.
    pub fn remedy_with_link(&self, remedy: &Remedy) -> String {
        let words = self.remedy(remedy);
        remedy.link().map_or(words.clone(), |link| format!("{words} {link}"))
    }

    /// `15(4), 20(4)` as the language writes articles.
    fn places(&self, places: &str) -> String {
        let all: Vec<String> = places
            .split(", ")
            .map(|place| match self.language() {
                Language::En => place.to_owned(),
                Language::De => german(place),
            })
            .collect();
        match all.as_slice() {
            [before @ .., last] if !before.is_empty() => {
                self.t2("law-source-several", "before", before.join(", "), "last", last)
            }
            _ => all.concat(),
        }
    }
}

/// `17(3)(e)` as `Artikel 17 Absatz 3 Buchstabe e`.
fn german(place: &str) -> String {
    let parts = place.split('(').map(|part| part.trim_end_matches(')')).enumerate();
    let named = parts.map(|(depth, part)| {
        let name = match (depth, part.parse::<u32>().is_ok()) {
            (0, _) => "Artikel",
            (_, true) => " Absatz",
            (_, false) => " Buchstabe",
        };
        format!("{name} {part}")
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn articles_are_named_as_each_language_does() {
        let [en, de] =
            [Language::En, Language::De].map(|language| Speaker::new(language, TimeZone::UTC));
        let said = |speaker: &Speaker, law, place| speaker.citation(law, place).unwrap();
        assert_eq!(said(&en, Law::Gdpr, "17(3)(e)"), "GDPR Article 17(3)(e)");
        assert_eq!(said(&de, Law::Gdpr, "17(3)(e)"), "Artikel 17 Absatz 3 Buchstabe e DSGVO");
        let two = said(&de, Law::Gdpr, "15(4), 20(4)");
        assert_eq!(two, "Artikel 15 Absatz 4 und Artikel 20 Absatz 4 DSGVO");
        assert_eq!(said(&en, Law::UkGdpr, "12(5)"), "UK GDPR Article 12(5)");
        let act = said(&en, Law::UkGdpr, "DPA 2018, Schedule 3");
        assert_eq!(act, "DPA 2018, Schedule 3");
        assert_eq!(said(&de, Law::Ccpa, "11 CCR § 7060"), "11 CCR § 7060");
        assert_eq!(en.citation(Law::Other, ""), None);
    }

    #[test]
    fn every_ground_has_words() {
        for language in Language::ALL {
            let speaker = Speaker::new(*language, TimeZone::UTC);
            for ground in RefusalGround::ALL {
                assert!(!speaker.ground(*ground).starts_with('['), "{ground}");
            }
        }
    }
}
