//! What templates show: texts that are ready, in the person's language.

use jiff::Timestamp;

use super::super::answer::{Answer, StoreAnswer, StoreStatus};
use super::super::layout::{Layout, Listed};
use super::super::segment::Content;
use super::about::{Fact, about};
use super::letters::held;
use crate::domain::record::GapReason;
use crate::domain::right::Right;
use crate::text::{Arg, Speaker};

/// Files of one store, or of one collection, that the start page lists by name.
const MOST_LINKS: usize = 500;

pub(super) struct Page<'a> {
    pub(super) answer: &'a Answer,
    pub(super) stores: Vec<StoreView>,
    pub(super) speaker: Speaker,
    /// The papers that go with the letter.
    pub(super) attachments: Vec<Link>,
}

pub(super) struct StoreView {
    pub(super) label: String,
    pub(super) found: String,
    pub(super) collections: Vec<CollectionView>,
    pub(super) files: Vec<Link>,
    pub(super) more_files: Option<String>,
    pub(super) missing: Vec<String>,
    pub(super) about: Vec<Fact>,
}

pub(super) struct CollectionView {
    pub(super) name: String,
    pub(super) rows: String,
    pub(super) links: Vec<Link>,
    pub(super) more: Option<String>,
}

pub(super) struct Link {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) size: String,
}

impl StoreView {
    pub(super) fn is_partial(&self) -> bool {
        !self.missing.is_empty()
    }
}

impl<'a> Page<'a> {
    pub(super) fn of(answer: &'a Answer, layout: &Layout<'_>) -> Self {
        let speaker = Speaker::new(answer.language, answer.zone.clone());
        let stores =
            answer.stores.iter().map(|store| store_view(&speaker, answer, store, layout)).collect();
        let papers = layout.attachments.iter().zip(&answer.more.attachments);
        let attachments = papers.map(|(name, paper)| {
            let whole = name.as_str();
            let last = whole.rsplit_once('/').map_or(whole, |(_, last)| last).to_owned();
            let size = speaker.size(paper.bytes.len() as u64);
            Link { href: name.href(), name: last, size }
        });
        let attachments = attachments.collect();
        Self { answer, stores, speaker, attachments }
    }

    pub(super) fn t(&self, id: &str) -> String {
        self.speaker.t(id)
    }

    pub(super) fn language(&self) -> &'static str {
        self.answer.language.as_str()
    }

    pub(super) fn machine(&self, at: &Timestamp) -> String {
        self.speaker.machine_time(*at)
    }

    pub(super) fn date_time(&self, at: &Timestamp) -> String {
        self.speaker.date_time(*at)
    }

    pub(super) fn is_export(&self) -> bool {
        self.answer.right == Right::Export
    }

    pub(super) fn gives_data(&self) -> bool {
        self.answer.right.gives_data()
    }

    pub(super) fn tells_about_stores(&self) -> bool {
        self.answer.right.tells_about_stores()
    }

    /// The message that is said in one way for each right.
    pub(super) fn by_right(&self, id: &str) -> String {
        self.speaker.t(&format!("{id}-{}", self.answer.right))
    }

    /// File, message id and whether it is the page `here`.
    pub(super) fn navigation(&self, here: &str) -> Vec<(&'static str, &'static str, bool)> {
        let mut pages =
            vec![(super::INDEX, "archive-nav-index"), (super::LETTER, "archive-nav-letter")];
        if self.tells_about_stores() {
            pages.push((super::ABOUT, "archive-nav-about"));
        }
        pages.push((super::MISSING, "archive-nav-missing"));
        pages.into_iter().map(|(file, id)| (file, id, file == here)).collect()
    }

    pub(super) fn asked(&self) -> String {
        let date = self.speaker.date(self.answer.received_at);
        if self.answer.more.practices {
            return self.speaker.t1("archive-practices-asked", "date", date);
        }
        let id = format!("archive-letter-asked-{}", self.answer.right);
        self.speaker.t1(&id, "date", date)
    }

    pub(super) fn decision(&self) -> String {
        let id = match (self.answer.found() == (0, 0), self.answer.is_partial()) {
            (false, false) => "archive-letter-full",
            (false, true) => "archive-letter-partial",
            (true, _) if self.answer.holds_for_others() => "archive-confirmation-held",
            (true, false) => "archive-letter-nothing",
            (true, true) => "archive-letter-nothing-partial",
        };
        self.t(id)
    }

    pub(super) fn intro(&self) -> String {
        self.speaker.t1("archive-index-intro", "name", &self.answer.organisation.name)
    }

    pub(super) fn read_span(&self) -> String {
        let at = |at| self.speaker.date_time(at);
        let (from, to) = (at(self.answer.read_from), at(self.answer.read_to));
        if from == to { from } else { self.speaker.t2("archive-read-span", "from", from, "to", to) }
    }

    /// All rights but the one that is being exercised.
    pub(super) fn rights(&self) -> Vec<&'static str> {
        let used = match self.answer.right {
            Right::Access => "archive-right-access",
            Right::Export => "archive-right-export",
            Right::Deletion => "archive-right-deletion",
            Right::Correction => "archive-right-correction",
            // No archive is made of a word about the use of data.
            Right::Restriction => "archive-right-restriction",
            Right::ConsentWithdrawal => "archive-right-consent",
            Right::Objection | Right::OptOut | Right::OptIn | Right::Limit => {
                "archive-right-objection"
            }
            _ => "",
        };
        let mut rights = vec![
            "archive-right-access",
            "archive-right-correction",
            "archive-right-deletion",
            "archive-right-restriction",
            "archive-right-export",
            "archive-right-objection",
            "archive-right-human",
            "archive-right-consent",
        ];
        rights.retain(|right| *right != used);
        rights
    }

    pub(super) fn contact_link(&self) -> Option<String> {
        let contact = &self.answer.organisation.contact;
        web_link(contact).or_else(|| contact.contains('@').then(|| format!("mailto:{contact}")))
    }

    pub(super) fn privacy_link(&self) -> Option<String> {
        self.answer.organisation.privacy_url.as_deref().and_then(web_link)
    }
}

fn web_link(text: &str) -> Option<String> {
    let web = text.starts_with("https://") || text.starts_with("http://");
    web.then(|| text.to_owned())
}

fn store_view(
    speaker: &Speaker,
    answer: &Answer,
    store: &StoreAnswer,
    layout: &Layout<'_>,
) -> StoreView {
    let name = &*store.facts.name;
    let collections = layout.collections(name).into_iter().map(|(collection, rows)| {
        let of_it = |listed: &&Listed<'_>| {
            matches!(&listed.entry.content, Content::Rows { collection: of, .. } if of == collection)
        };
        let (links, more) = links(speaker, layout.of_store(name).filter(of_it));
        let rows = counted(speaker, "archive-rows", rows);
        CollectionView { name: collection.to_owned(), rows, links, more }
    });
    let is_file = |listed: &&Listed<'_>| matches!(listed.entry.content, Content::File { .. });
    let (files, more_files) = links(speaker, layout.of_store(name).filter(is_file));
    StoreView {
        label: store.facts.label(answer.language).to_owned(),
        found: if answer.right.gives_data() {
            found(speaker, store)
        } else {
            speaker.t(held(store))
        },
        collections: collections.collect(),
        files,
        more_files,
        missing: missing(speaker, store),
        about: about(speaker, answer, store),
    }
}

fn links<'l, 's: 'l>(
    speaker: &Speaker,
    listed: impl Iterator<Item = &'l Listed<'s>>,
) -> (Vec<Link>, Option<String>) {
    let (mut links, mut more, mut folder) = (Vec::new(), 0, String::new());
    for listed in listed {
        let name = listed.name.as_str();
        let (before, last) = name.rsplit_once('/').unwrap_or(("", name));
        if links.len() == MOST_LINKS {
            more += 1;
            before.clone_into(&mut folder);
            continue;
        }
        let size = speaker.size(listed.entry.size);
        links.push(Link { href: listed.name.href(), name: last.to_owned(), size });
    }
    let more = (more > 0)
        .then(|| speaker.t2("archive-more", "shown", speaker.count(more), "folder", folder));
    (links, more)
}

fn counted(speaker: &Speaker, id: &str, count: u64) -> String {
    speaker.t2(id, "count", count, "shown", speaker.count(count))
}

fn found(speaker: &Speaker, store: &StoreAnswer) -> String {
    let (rows, files) = (store.tally.rows, store.tally.files);
    let rows = (rows > 0).then(|| counted(speaker, "archive-rows", rows));
    let files = (files > 0).then(|| counted(speaker, "archive-files", files));
    match (rows, files, &store.status) {
        (_, _, StoreStatus::Withheld { .. }) => speaker.t("archive-found-withheld"),
        (Some(rows), Some(files), _) => format!("{rows}, {files}"),
        (Some(one), None, _) | (None, Some(one), _) => one,
        (None, None, _) if !store.tally.held.is_empty() => speaker.t("archive-held-only"),
        (None, None, StoreStatus::Done) => speaker.t("archive-found-nothing"),
        (None, None, _) => speaker.t("archive-not-asked"),
    }
}

fn missing(speaker: &Speaker, store: &StoreAnswer) -> Vec<String> {
    let mut lines = Vec::new();
    match &store.status {
        StoreStatus::Done => {}
        StoreStatus::Skipped { reason } => {
            lines.push(speaker.t1("archive-store-skipped", "reason", reason));
        }
        StoreStatus::Failed => lines.push(speaker.t("archive-store-failed")),
        StoreStatus::Withheld { reason } => {
            lines.push(speaker.t1("archive-store-withheld", "reason", reason));
        }
    }
    for gap in &store.tally.gaps {
        let id = match gap.reason {
            GapReason::NoKey => "archive-gap-no_key",
            GapReason::NotSearchable => "archive-gap-not_searchable",
            GapReason::Forbidden => "archive-gap-forbidden",
            GapReason::Missing => "archive-gap-missing",
            GapReason::TooLarge => "archive-gap-too_large",
            GapReason::Skipped => "archive-gap-skipped",
            GapReason::NeverDisclosed => "archive-gap-never_disclosed",
            GapReason::Unproven => "archive-gap-unproven",
        };
        lines.push(speaker.with(
            id,
            [
                ("place", Arg::from(&gap.place)),
                ("count", gap.count.into()),
                ("shown", speaker.count(gap.count).into()),
            ],
        ));
    }
    for withheld in &store.tally.withheld {
        lines.push(speaker.with(
            "archive-withheld",
            [
                ("collection", Arg::from(&withheld.collection)),
                ("what", Arg::from(&withheld.what)),
                ("count", withheld.count.into()),
                ("shown", speaker.count(withheld.count).into()),
            ],
        ));
    }
    for held in &store.tally.held {
        lines.push(speaker.with(
            "archive-held-rows",
            [
                ("collection", Arg::from(&held.collection)),
                ("name", Arg::from(&held.controller.name)),
                ("count", held.rows.into()),
                ("shown", speaker.count(held.rows).into()),
            ],
        ));
    }
    lines
}
