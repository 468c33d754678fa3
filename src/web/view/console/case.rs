//! One request.

use askama::Template;

use super::{CorrectionView, Due, ErasureView, Page, Picked, RecipientGroup};
use crate::web::view::{Frame, Moment};

#[derive(Debug)]
pub(in crate::web) struct BlockerView {
    pub(in crate::web) word: &'static str,
    pub(in crate::web) title: String,
    pub(in crate::web) text: String,
    pub(in crate::web) can_clear: bool,
    pub(in crate::web) can_retry: bool,
}

/// Words that somebody wrote, and who reads them.
#[derive(Debug)]
pub(in crate::web) struct SaidLine {
    pub(in crate::web) class: &'static str,
    pub(in crate::web) icon: &'static str,
    pub(in crate::web) readers: String,
    pub(in crate::web) text: String,
}

impl SaidLine {
    const fn icon(&self) -> &'static str {
        self.icon
    }
}

#[derive(Debug)]
pub(in crate::web) struct Entry {
    pub(in crate::web) at: Moment,
    pub(in crate::web) by: String,
    pub(in crate::web) words: String,
    pub(in crate::web) said: Option<SaidLine>,
}

#[derive(Debug)]
pub(in crate::web) struct StoreLine {
    pub(in crate::web) name: String,
    pub(in crate::web) label: String,
    pub(in crate::web) class: &'static str,
    pub(in crate::web) icon: &'static str,
    pub(in crate::web) status: String,
    pub(in crate::web) words: String,
    pub(in crate::web) can_retry: bool,
    pub(in crate::web) can_skip: bool,
    /// Keeping its data back, or giving them after all, where that can be decided.
    pub(in crate::web) part: Option<PartAct>,
}

/// What can be decided about a part of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum PartAct {
    Withhold,
    Give,
}

impl StoreLine {
    fn can_withhold(&self) -> bool {
        self.part == Some(PartAct::Withhold)
    }

    fn can_give(&self) -> bool {
        self.part == Some(PartAct::Give)
    }

    const fn icon(&self) -> &'static str {
        self.icon
    }
}

#[derive(Debug)]
pub(in crate::web) struct ContentLine {
    /// What opens it; none where it stays closed.
    pub(in crate::web) part: Option<u32>,
    pub(in crate::web) store: String,
    pub(in crate::web) name: String,
    pub(in crate::web) words: String,
}

/// A paper that came with the request.
#[derive(Debug)]
pub(in crate::web) struct PaperLine {
    /// What opens it; none for those who may not.
    pub(in crate::web) id: Option<String>,
    /// Its name where that is shown, else its number.
    pub(in crate::web) name: String,
    pub(in crate::web) words: String,
}

/// The first rows of a collection, as JSON.
#[derive(Debug)]
pub(in crate::web) struct RowsView {
    pub(in crate::web) title: String,
    pub(in crate::web) words: String,
    pub(in crate::web) text: String,
}

/// A statutory date, and how it was counted.
#[derive(Debug)]
pub(in crate::web) struct DateLine {
    pub(in crate::web) title: String,
    pub(in crate::web) day: String,
    /// Whether it is the one that binds.
    pub(in crate::web) binds: bool,
    pub(in crate::web) rule: String,
    pub(in crate::web) steps: Vec<String>,
}

/// Something that can be done besides the next step.
#[derive(Debug)]
pub(in crate::web) struct Act {
    pub(in crate::web) verb: &'static str,
    pub(in crate::web) title: String,
    pub(in crate::web) text: String,
    pub(in crate::web) grounds: Vec<Picked>,
    pub(in crate::web) asks_date: bool,
    pub(in crate::web) asks_text: Option<String>,
    pub(in crate::web) needs_text: bool,
    pub(in crate::web) is_grave: bool,
}

impl Act {
    fn ground_label(&self, frame: &Frame) -> String {
        frame.t(if self.verb == "regime" { "console-law" } else { "console-ground" })
    }

    fn date_label(&self, frame: &Frame) -> String {
        frame.t(if self.verb == "letter" { "console-letter-on" } else { "console-review-on" })
    }
}

#[derive(Debug, Template)]
#[template(path = "console/case.html")]
pub(in crate::web) struct CasePage {
    pub(in crate::web) page: Page,
    pub(in crate::web) reference: String,
    pub(in crate::web) sentence: String,
    pub(in crate::web) done: Option<String>,
    pub(in crate::web) error: Option<String>,
    pub(in crate::web) banners: Vec<String>,
    pub(in crate::web) identity: Option<Vec<(String, String)>>,
    pub(in crate::web) rows: Option<RowsView>,
    pub(in crate::web) next_words: String,
    pub(in crate::web) can_release: bool,
    pub(in crate::web) can_write: bool,
    pub(in crate::web) language: String,
    pub(in crate::web) blockers: Vec<BlockerView>,
    pub(in crate::web) due: Due,
    pub(in crate::web) facts: Vec<(String, String)>,
    pub(in crate::web) dates: Vec<DateLine>,
    pub(in crate::web) owners: Vec<Picked>,
    pub(in crate::web) timeline: Vec<Entry>,
    pub(in crate::web) stores: Vec<StoreLine>,
    pub(in crate::web) skips: Vec<Picked>,
    pub(in crate::web) correction: Option<CorrectionView>,
    pub(in crate::web) recipients: Vec<RecipientGroup>,
    pub(in crate::web) grounds: Vec<Picked>,
    /// Requests that this one is about, or that are about it.
    pub(in crate::web) linked: Vec<(String, String)>,
    pub(in crate::web) look_hint: bool,
    pub(in crate::web) contents: Vec<ContentLine>,
    pub(in crate::web) papers: Vec<PaperLine>,
    pub(in crate::web) papers_text: &'static str,
    pub(in crate::web) acts: Vec<Act>,
    pub(in crate::web) erasure: Option<ErasureView>,
}
