//! How the promise was kept, and what California wants counted.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::model::hours;
use super::problem::Problem;
use super::requests::pairs;
use super::words::{ChannelWord, CountedWord, RightWord};
use super::{Api, ok};
use crate::domain::ccpa::{Days, Line};
use crate::domain::report::{Figures, Month, Spread};

/// Months shown unless others are asked for, and at most.
const MONTHS: i32 = 12;
const MONTHS_MOST: i32 = 60;

/// Which months.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query, which is read pair by pair")]
pub(super) struct Months {
    /// The first month; eleven before the last unless said
    #[param(pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$", value_type = Option<String>)]
    from: Option<String>,
    /// The last month; the present one unless said
    #[param(pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$", value_type = Option<String>)]
    to: Option<String>,
}

/// Half, 95 of 100, and the longest, in hours.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hours)]
pub(super) struct SpreadView {
    p50: f64,
    p95: f64,
    max: f64,
}

impl From<Spread> for SpreadView {
    fn from(spread: Spread) -> Self {
        Self { p50: hours(spread.p50), p95: hours(spread.p95), max: hours(spread.most) }
    }
}

/// Each request is in exactly one of `kept` to `not_counted`; together they are `all`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figures)]
pub(super) struct FiguresView {
    all: u64,
    /// Answered in time.
    kept: u64,
    /// Answered late, but in time without the hours that the person was waited for.
    kept_net: u64,
    /// Answered late, or taken back when the time was over.
    missed: u64,
    /// Not answered yet; there is time left.
    open: u64,
    /// Not answered yet, and late.
    open_past: u64,
    /// Never verified, taken back in time, spam.
    not_counted: u64,
    gross_hours: Option<SpreadView>,
    net_hours: Option<SpreadView>,
}

impl From<Figures> for FiguresView {
    fn from(figures: Figures) -> Self {
        Self {
            all: figures.all,
            kept: figures.kept,
            kept_net: figures.kept_net,
            missed: figures.missed,
            open: figures.open,
            open_past: figures.open_past,
            not_counted: figures.not_counted,
            gross_hours: figures.gross.map(SpreadView::from),
            net_hours: figures.net.map(SpreadView::from),
        }
    }
}

/// A month, a right, a channel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportRow)]
pub(super) struct RowView {
    month: String,
    right: RightWord,
    channel: ChannelWord,
    figures: FiguresView,
}

/// How the promise was kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseReport)]
pub(super) struct ReportView {
    /// The promise, in hours.
    hours: u32,
    /// What is open may still be answered.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    from: String,
    to: String,
    rows: Vec<RowView>,
    total: FiguresView,
}

/// How the promise was kept
///
/// By the month of receipt, on the organisation's calendar; 60 months at most.
#[utoipa::path(
    get, path = "/reports/promise", tag = "reports", params(Months),
    responses((status = 200, description = "The report", body = ReportView)),
)]
pub(super) async fn promise(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let desk = api.desk();
    let (mut from, mut to) = (None, None);
    for (name, value) in pairs(query.as_deref())? {
        let month = Month::parse(&value).filter(|_| value.starts_with("20"));
        let wrong = || Problem::field(&*name, "form", "is a month like 2026-03");
        match &*name {
            "from" => from = Some(month.ok_or_else(wrong)?),
            "to" => to = Some(month.ok_or_else(wrong)?),
            _ => return Err(Problem::field(&*name, "unknown", "is no parameter of this call")),
        }
    }
    let present = Month::of(desk.now(), &desk.settings().organisation.zone);
    let to = to.unwrap_or(present);
    let from = from.unwrap_or_else(|| to.plus(1 - MONTHS)).min(to).max(to.plus(1 - MONTHS_MOST));
    let report = desk.promise_figures(from, to).await?;
    Ok(ok(&ReportView {
        hours: report.hours,
        made_at: report.made_at,
        from: from.to_string(),
        to: to.to_string(),
        rows: report
            .rows
            .into_iter()
            .map(|row| RowView {
                month: row.month.to_string(),
                right: RightWord(row.right),
                channel: ChannelWord(row.channel),
                figures: row.figures.into(),
            })
            .collect(),
        total: report.total.into(),
    }))
}

/// Which year.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query, which is read pair by pair")]
pub(super) struct Year {
    /// The calendar year of receipt; the one before the present unless said
    #[param(pattern = "^20[0-9]{2}$", value_type = Option<String>)]
    year: Option<String>,
}

/// Days from receipt to the answer, with one digit after the point.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Days)]
pub(super) struct DaysView {
    median: f64,
    mean: f64,
}

/// Each request is in exactly one of `whole` to `open`; together they are `received`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CcpaLine)]
pub(super) struct CcpaLineView {
    kind: CountedWord,
    received: u64,
    /// Complied with in whole; also where nothing is held.
    whole: u64,
    /// Complied with in part.
    part: u64,
    denied: u64,
    /// Nobody proved the address, or its owner never asked.
    not_verified: u64,
    /// Taken back by the person.
    taken_back: u64,
    /// Not answered yet.
    open: u64,
    /// Of what was complied with or denied.
    days: Option<DaysView>,
}

impl From<Line> for CcpaLineView {
    fn from(line: Line) -> Self {
        let days = |Days { median, mean }| DaysView { median, mean };
        Self {
            kind: CountedWord(line.kind),
            received: line.received,
            whole: line.whole,
            part: line.part,
            denied: line.denied,
            not_verified: line.not_verified,
            taken_back: line.taken_back,
            open: line.open,
            days: line.days.map(days),
        }
    }
}

/// What California wants counted of a year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CcpaMetrics)]
pub(super) struct CcpaView {
    year: i16,
    /// What is open may still be answered.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// Everybody, not Californians alone: say so where this is published (11 CCR 7102(b)).
    of_everybody: bool,
    lines: Vec<CcpaLineView>,
}

/// What California wants counted
///
/// Requests received in a calendar year, by what was asked for (11 CCR 7102(a)(1)). Spam is not
/// counted.
#[utoipa::path(
    get, path = "/reports/ccpa-metrics", tag = "reports", params(Year),
    responses((status = 200, description = "The figures", body = CcpaView)),
)]
pub(super) async fn ccpa(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let desk = api.desk();
    let mut year = desk.year_to_report();
    for (name, value) in pairs(query.as_deref())? {
        if name != "year" {
            return Err(Problem::field(&*name, "unknown", "is no parameter of this call"));
        }
        let read = value.parse().ok().filter(|_| value.len() == 4 && value.starts_with("20"));
        year = read.ok_or_else(|| Problem::field("year", "form", "is a year like 2026"))?;
    }
    let lines = desk.ccpa_figures(year).await?;
    Ok(ok(&CcpaView {
        year,
        made_at: desk.now(),
        of_everybody: true,
        lines: lines.into_iter().map(CcpaLineView::from).collect(),
    }))
}
