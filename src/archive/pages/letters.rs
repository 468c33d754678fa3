//! What only the letters that give no data say: whether there are any, and who received them.

use std::collections::BTreeSet;

use super::super::answer::{StoreAnswer, StoreStatus};
use super::view::Page;
use crate::domain::controller::Controller;
use crate::domain::recipient::{Recipient, who_got};
use crate::text::Speaker;

/// Somebody who received data, as the letter names them.
pub(super) struct ReceiverView {
    pub(super) name: String,
    pub(super) stores: Vec<String>,
}

impl Page<'_> {
    /// The answer to "do you process data about me?", in one sentence.
    pub(super) fn confirmed(&self) -> String {
        let partial = self.answer.is_partial();
        self.t(match (self.answer.stores.iter().any(StoreAnswer::holds_something), partial) {
            (true, _) => "archive-confirmation-yes",
            _ if self.answer.holds_for_others() => "archive-confirmation-held",
            (false, false) => "archive-confirmation-no",
            (false, true) => "archive-confirmation-no-partial",
        })
    }

    /// What a letter about practices begins with.
    pub(super) fn intro_practices(&self) -> String {
        self.speaker.t1("archive-practices-intro", "name", &self.answer.organisation.name)
    }

    /// By what the person was searched for, in words where we have some.
    pub(super) fn keys(&self) -> Vec<String> {
        let say = |kind: &String| match kind.as_str() {
            "email" => self.t("archive-key-email"),
            "phone" => self.t("archive-key-phone"),
            "user" => self.t("archive-key-user"),
            other => self.speaker.t1("archive-key-other", "name", other),
        };
        self.answer.more.keys.iter().map(say).collect()
    }

    /// The other controllers on whose behalf we hold data of this person, a sentence or two each.
    pub(super) fn held(&self) -> Vec<String> {
        let all = self.answer.stores.iter().flat_map(|store| &store.tally.held);
        let each: BTreeSet<&Controller> = all.map(|held| &held.controller).collect();
        let at = |of: &Controller| self.answer.more.forwarded.get(&of.id).copied();
        each.into_iter().map(|of| self.speaker.forwarded(of, at(of))).collect()
    }

    /// Who received data of this person: of the stores in which something was found.
    pub(super) fn receivers(&self) -> Vec<ReceiverView> {
        let found = self.answer.stores.iter().filter(|store| store.holds_something());
        let label = |name: &&str| {
            let store = self.answer.stores.iter().find(|store| store.facts.name == **name);
            store.map_or_else(
                || (*name).to_owned(),
                |store| store.facts.label(self.answer.language).to_owned(),
            )
        };
        who_got(found.map(|store| &store.facts))
            .iter()
            .map(|got| ReceiverView {
                name: receiver(&self.speaker, &got.recipient),
                stores: got.stores.iter().map(label).collect(),
            })
            .collect()
    }
}

/// A recipient by name, with what it does and where it is as far as the map says so.
pub(super) fn receiver(speaker: &Speaker, one: &Recipient) -> String {
    let country = one.country.as_deref().map(|code| speaker.country(code));
    match (&one.role, country) {
        (Some(role), Some(country)) => format!("{} ({role}, {country})", one.name),
        (Some(word), None) => format!("{} ({word})", one.name),
        (None, Some(country)) => format!("{} ({country})", one.name),
        (None, None) => one.name.clone(),
    }
}

/// Whether a store holds anything, for a letter that gives none of it.
pub(super) fn held(store: &StoreAnswer) -> &'static str {
    match (store.holds_something(), &store.status) {
        (true, _) => "archive-held",
        _ if !store.tally.held.is_empty() => "archive-held-only",
        (false, StoreStatus::Done) => "archive-found-nothing",
        (false, _) => "archive-not-asked",
    }
}
