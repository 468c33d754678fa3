//! How the promise was kept, and what California wants counted.

use askama::Template;

use super::Page;

#[derive(Debug)]
pub(in crate::web) struct ReportLine {
    pub(in crate::web) month: String,
    pub(in crate::web) right: String,
    pub(in crate::web) channel: String,
    /// Heading and figure.
    pub(in crate::web) cells: Vec<(String, String)>,
}

#[derive(Debug, Template)]
#[template(path = "console/report.html")]
pub(in crate::web) struct ReportPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) total: String,
    pub(in crate::web) from: String,
    pub(in crate::web) to: String,
    pub(in crate::web) heads: Vec<String>,
    pub(in crate::web) rows: Vec<ReportLine>,
}

#[derive(Debug, Template)]
#[template(path = "console/ccpa.html")]
pub(in crate::web) struct CcpaPage {
    pub(in crate::web) page: Page,
    pub(in crate::web) year: i16,
    /// What was asked for, and headings and figures.
    pub(in crate::web) rows: Vec<(String, Vec<(String, String)>)>,
}
