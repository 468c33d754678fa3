//! A deletion as its person sees it: what goes, what stays and why, and the receipt.

use super::{Frame, Moment};
use crate::domain::erase::{KeptRows, Method};
use crate::domain::plan::CollectionOutline;

/// Shown on an unlocked page only.
#[derive(Debug, Clone)]
pub struct ErasureView {
    /// What goes, a line a store and collection.
    pub goes: Vec<String>,
    /// What stays, with the reason.
    pub stays: Vec<String>,
    /// Before which nothing is deleted, while that lies ahead.
    pub not_before: Option<Moment>,
    /// Whether there is a receipt.
    pub has_receipt: bool,
}

impl ErasureView {
    /// A collection that goes, or stays without what points to the person.
    pub fn goes(frame: &Frame, store: &str, one: &CollectionOutline) -> String {
        let masked = one.method == Method::Mask;
        let id = if masked { "web-erasure-line-masked" } else { "web-erasure-line" };
        line(frame, id, store, &one.name, one.rows)
    }

    /// A collection that stays, and why.
    pub fn stays(frame: &Frame, store: &str, kept: &KeptRows) -> String {
        let speaker = &frame.speaker;
        let what = line(frame, "web-erasure-line", store, &kept.collection, kept.rows);
        let ground = match (&kept.controller, kept.ground.as_str()) {
            (Some(controller), _) => speaker.held(controller),
            (None, "") => speaker.t("web-erasure-kept-rule"),
            (None, ground) => ground.to_owned(),
        };
        match kept.until {
            Some(until) => {
                let date = speaker.date(until);
                let args =
                    [("what", what.into()), ("ground", ground.into()), ("date", date.into())];
                speaker.with("web-erasure-kept-until", args)
            }
            None => speaker.t2("web-erasure-kept", "what", what, "ground", ground),
        }
    }
}

fn line(frame: &Frame, id: &str, store: &str, collection: &str, rows: u64) -> String {
    let speaker = &frame.speaker;
    let shown = speaker.t2("web-store-rows", "count", rows, "shown", speaker.count(rows));
    let args =
        [("store", store.into()), ("collection", collection.into()), ("shown", shown.into())];
    speaker.with(id, args)
}
