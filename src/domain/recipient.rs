//! Who receives data of a store, and which of them must be told when data are deleted, corrected or
//! restricted (GDPR Art. 19; 11 CCR 7022(b), (c)).

use std::collections::BTreeSet;

use super::address::EmailAddress;
use super::code::stored_words;
use super::duration::Period;
use super::facts::StoreFacts;

stored_words!(Occasion {
    Deletion = "deletion",
    Correction = "correction",
    Restriction = "restriction",
});

/// What a recipient is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Occasion {
    /// Data were deleted.
    Deletion,
    /// Data were corrected.
    Correction,
    /// The use of data was restricted, or the restriction lifted.
    Restriction,
}

/// How a recipient is told.
#[derive(Clone, PartialEq, Eq)]
pub enum How {
    /// By mail to this address.
    Mail(EmailAddress),
    /// Through a page or an interface of theirs.
    Web(String),
    /// By somebody, as the words say.
    ByHand(String),
}

impl How {
    /// Reads `mail:ADDRESS`, `https://…`, or words; `None` for an address that is none.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(address) = text.strip_prefix("mail:") {
            return EmailAddress::parse(address.trim()).ok().map(Self::Mail);
        }
        let web = text.starts_with("https://");
        Some(if web { Self::Web(text.to_owned()) } else { Self::ByHand(text.to_owned()) })
    }

    /// As [`How::parse`] reads it.
    pub fn to_text(&self) -> String {
        match self {
            Self::Mail(address) => format!("mail:{}", address.as_str()),
            Self::Web(text) | Self::ByHand(text) => text.clone(),
        }
    }
}

impl std::fmt::Debug for How {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mail(_) => "Mail(…)",
            Self::Web(_) => "Web(…)",
            Self::ByHand(_) => "ByHand(…)",
        })
    }
}

/// `[recipient.ID]` of a data map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Its id in the maps; the name where no map has a table for it.
    pub id: String,
    /// Its name, as a person should read it.
    pub name: String,
    /// What it does for the company: "payment provider".
    pub role: Option<String>,
    /// Where it is, as a country code.
    pub country: Option<String>,
    /// How it is told; `None` where no map says so, which somebody has to find out.
    pub how: Option<How>,
    /// What it is told of.
    pub on: BTreeSet<Occasion>,
    /// Within which time it has to acknowledge that.
    pub acknowledge: Option<Period>,
}

impl Recipient {
    /// One of which a map says the name alone. The law wants it told of everything all the same.
    pub fn named(name: &str) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            role: None,
            country: None,
            how: None,
            on: Occasion::ALL.iter().copied().collect(),
            acknowledge: None,
        }
    }

    /// Whether a store that lists `word` means this one.
    pub fn is(&self, word: &str) -> bool {
        self.id == word || self.name == word
    }
}

/// A recipient, and the stores whose data it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Got<'f> {
    /// Who.
    pub recipient: Recipient,
    /// The names of the stores, in the order given.
    pub stores: Vec<&'f str>,
}

/// Everybody who got data of these stores, each once, by name.
pub fn who_got<'f>(stores: impl IntoIterator<Item = &'f StoreFacts>) -> Vec<Got<'f>> {
    let mut all: Vec<Got<'f>> = Vec::new();
    for store in stores {
        for recipient in store.receivers() {
            match all.iter_mut().find(|got| got.recipient.id == recipient.id) {
                Some(got) if got.stores.contains(&&*store.name) => {}
                Some(got) => got.stores.push(&store.name),
                None => all.push(Got { recipient, stores: vec![&store.name] }),
            }
        }
    }
    all.sort_by(|a, b| {
        (&a.recipient.name, &a.recipient.id).cmp(&(&b.recipient.name, &b.recipient.id))
    });
    all
}

/// Which recipients must be told that data in these stores were deleted, corrected or restricted.
/// One that no map describes is among them, with no way to tell it: somebody has to find one.
pub fn to_be_told<'f>(
    stores: impl IntoIterator<Item = &'f StoreFacts>,
    occasion: Occasion,
) -> Vec<Got<'f>> {
    let mut all = who_got(stores);
    all.retain(|got| got.recipient.on.contains(&occasion));
    all
}

impl StoreFacts {
    /// Who receives its data: as a map describes them, or by the name alone.
    pub fn receivers(&self) -> Vec<Recipient> {
        let one = |word: &String| {
            let known = self.described.iter().find(|recipient| recipient.is(word));
            known.cloned().unwrap_or_else(|| Recipient::named(word))
        };
        self.recipients.iter().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay() -> Recipient {
        Recipient {
            id: "pay".into(),
            name: "Example Payments Ltd".into(),
            role: Some("payment provider".into()),
            country: Some("IE".into()),
            how: How::parse("mail:privacy@pay.example"),
            on: [Occasion::Deletion].into(),
            acknowledge: Period::parse("30d").ok(),
        }
    }

    fn store(name: &str, recipients: &[&str]) -> StoreFacts {
        StoreFacts {
            name: name.into(),
            recipients: recipients.iter().map(|word| (*word).to_owned()).collect(),
            described: vec![pay()],
            ..StoreFacts::default()
        }
    }

    #[test]
    fn a_recipient_of_two_stores_is_told_once_whether_named_by_id_or_by_name() {
        let (shop, mail) =
            (store("shop", &["pay"]), store("mail", &["Example Payments Ltd", "Post"]));
        let told = to_be_told([&shop, &mail], Occasion::Deletion);
        let told: Vec<_> = told.iter().map(|got| (&*got.recipient.name, &*got.stores)).collect();
        assert_eq!(told, [("Example Payments Ltd", &["shop", "mail"][..]), ("Post", &["mail"])]);
    }

    #[test]
    fn who_has_no_table_is_told_of_everything_and_others_of_what_they_are_to_be_told() {
        let shop = store("shop", &["pay", "Post"]);
        let told = to_be_told([&shop], Occasion::Correction);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].recipient, Recipient::named("Post"));
        assert_eq!(who_got([&shop]).len(), 2, "both got the data");
    }

    #[test]
    fn how_to_tell_is_read_from_what_the_map_says() {
        assert!(matches!(How::parse("mail:a@b.example"), Some(How::Mail(_))));
        assert!(matches!(How::parse("https://pay.example/gdpr"), Some(How::Web(_))));
        assert!(matches!(How::parse("call Ms Berg"), Some(How::ByHand(_))));
        assert_eq!(How::parse("mail:nobody"), None);
        for text in ["mail:a@b.example", "https://pay.example/gdpr", "call Ms Berg"] {
            assert_eq!(How::parse(text).unwrap().to_text(), text);
        }
        assert!(!format!("{:?}", pay()).contains("privacy@"));
    }
}
