//! `restrict = { column = "…" }` and `opt_out.PURPOSE = { column = "…" }` of a table of people.

use super::model::{MarkColumn, Noted};
use super::section::Section;
use crate::domain::flag::Purpose;
use crate::store::restrict::Mark;

pub(super) fn marks(section: &Section<'_, '_>) -> Vec<MarkColumn> {
    let restrict = section.get("restrict").and_then(|entry| entry.section());
    let restrict = restrict.and_then(|below| column(&below, Mark::Restriction));
    let opt_outs = section.sections("opt_out").into_iter().filter_map(opt_out);
    restrict.into_iter().chain(opt_outs).collect()
}

fn opt_out((name, section): (Noted<String>, Section<'_, '_>)) -> Option<MarkColumn> {
    let Some(purpose) = Purpose::parse(&name.value) else {
        let message = format!(
            "{}: a purpose is a word of small letters, digits, _ and -: opt_out.marketing",
            section.path
        );
        section.doc.report(name.line, "purpose", message);
        return None;
    };
    column(&section, Mark::Stop(purpose))
}

fn column(section: &Section<'_, '_>, mark: Mark) -> Option<MarkColumn> {
    let column = section.need("column", "column = \"processing_restricted\"");
    let column = column.and_then(|entry| entry.text());
    section.finish();
    column.map(|column| MarkColumn { mark, column: column.value, line: column.line })
}
