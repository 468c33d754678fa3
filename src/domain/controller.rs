//! Other controllers on whose behalf we hold data (GDPR Art. 4(8), 28; 11 CCR 7050): we neither give
//! nor change those by ourselves, but forward the request and tell the person who decides.

use serde::{Deserialize, Serialize};

use super::duration::Period;
use super::facts::StoreFacts;
use super::recipient::{How, Recipient};

/// What `controller` says where the data are our own.
pub const SELF: &str = "self";

/// Another controller, as people are told of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Controller {
    /// Its id in the data maps.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where the person can reach it: a mail address or a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// `[controller.ID]` of a data map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Who it is.
    pub controller: Controller,
    /// How requests are forwarded to it.
    pub how: How,
    /// Within which time it has to confirm that it has one.
    pub acknowledge: Option<Period>,
}

impl Principal {
    /// It as somebody who has to be told something.
    pub fn to_recipient(&self) -> Recipient {
        Recipient {
            id: self.controller.id.clone(),
            how: Some(self.how.clone()),
            acknowledge: self.acknowledge,
            ..Recipient::named(&self.controller.name)
        }
    }
}

/// A collection all of whose rows or files belong to another controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCollection {
    /// The table, view or prefix, as the map writes it.
    pub collection: String,
    /// Of a prefix: what stands in a file's key before and after the folder of one person.
    pub folders: Option<(String, String)>,
    /// Whose it is.
    pub of: Principal,
}

impl HeldCollection {
    /// Whether the file `key` lies in a folder of it.
    fn has_file(&self, key: &str) -> bool {
        let within = |(before, after): &(String, String)| {
            let rest = key.strip_prefix(before.as_str())?;
            Some(rest.split_once('/')?.1.starts_with(after.trim_start_matches('/')))
        };
        self.folders.as_ref().and_then(within).unwrap_or(false)
    }
}

/// Rows or files of one collection that were found and belong to another controller.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeldRows {
    /// The table, view or prefix.
    pub collection: String,
    /// Whose they are.
    pub controller: Controller,
    /// How many.
    pub rows: u64,
}

impl StoreFacts {
    /// Whose the rows of a collection are, where they are not our own.
    pub fn holder(&self, collection: &str) -> Option<&Principal> {
        let held = self.held.iter().find(|held| held.collection == collection);
        held.map(|held| &held.of)
    }

    /// Whose a file is by where it lies, where it is not our own.
    pub fn holder_of_file(&self, key: &str) -> Option<&Principal> {
        self.held.iter().find(|held| held.has_file(key)).map(|held| &held.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A customer whose data we process.
    fn acme() -> Principal {
        Principal {
            controller: Controller {
                id: "acme".into(),
                name: "Acme GmbH".into(),
                contact: Some("privacy@acme.example".into()),
            },
            how: How::ByHand("the ticket queue of Acme".into()),
            acknowledge: None,
        }
    }

    #[test]
    fn a_file_belongs_to_whoever_owns_the_folder_that_it_lies_in() {
        let folders = |before: &str, after: &str| Some((before.to_owned(), after.to_owned()));
        let held = |folders| StoreFacts {
            held: vec![HeldCollection { collection: "up".into(), folders, of: acme() }],
            ..StoreFacts::default()
        };
        let facts = held(folders("up/", "/in/"));
        assert!(facts.holder_of_file("up/17/in/a.png").is_some());
        for key in ["up/17/out/a.png", "up/17", "other/17/in/a.png", "up/a.png"] {
            assert!(facts.holder_of_file(key).is_none(), "{key}");
        }
        assert!(held(folders("", "/")).holder_of_file("17/a.png").is_some());
        assert!(held(None).holder_of_file("up/17/in/a.png").is_none(), "a table has no folders");
        assert!(facts.holder("up").is_some() && facts.holder("down").is_none());
    }
}
